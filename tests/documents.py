"""Documents that are run: their commands and the output they show, in order.

In a Markdown file

    ```console            commands after `$ `, each followed by what it prints: both outputs, exit code 0
    $ ./tenon check hello
    ...
    ```

    ```c apps/a/a.c       a language and the name of a file: the file has this text from here on

A line `...` stands for any lines, `...` within a line for any text. A command that fails is shown with its exit
code: `false; echo "exit code $?"`.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(.*)$")
GAP = "..."


@dataclass(frozen=True, slots=True)
class Block:
    line: int    # of the opening fence
    words: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    line: int
    text: str
    output: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    line: int
    name: str
    text: str


def blocks(text: str) -> Iterator[Block]:
    opened: tuple[int, str] | None = None
    inside: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fence and opened is None:
            opened, inside = (number, fence[1]), []
        elif fence:
            yield Block(opened[0], tuple(opened[1].split()), tuple(inside))
            opened = None
        elif opened is not None:
            inside.append(line)
    if opened is not None:
        raise ValueError(f"line {opened[0]}: this block is not closed")


def steps(text: str) -> list[Command | File]:
    """What a reader who follows the document does, in order."""
    found: list[Command | File] = []
    for block in blocks(text):
        if block.words[:1] == ("console",):
            found += _commands(block)
        elif len(block.words) == 2:
            found.append(File(block.line, block.words[1], "\n".join(block.lines) + "\n"))
    return found


def _commands(block: Block) -> Iterator[Command]:
    starts = [i for i, line in enumerate(block.lines) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        raise ValueError(f"line {block.line}: a console block begins with a command, `$ ...`")
    for start, end in zip(starts, [*starts[1:], len(block.lines)]):
        yield Command(block.line + 1 + start, block.lines[start][2:], block.lines[start + 1:end])


def matches(expected: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """Whether the output is the documented one, gaps filled in."""
    if not expected:
        return not found
    if expected[0] == GAP:
        return any(matches(expected[1:], found[skipped:]) for skipped in range(len(found) + 1))
    return bool(found) and _line_matches(expected[0], found[0]) and matches(expected[1:], found[1:])


def _line_matches(expected: str, found: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.rstrip().split(GAP))
    return re.fullmatch(pattern, found.rstrip()) is not None


def environment() -> dict[str, str]:
    """As in a terminal, but without colour; the copy's commands must not see this run of pytest."""
    left_out = ("FORCE_COLOR", "PYTHONPATH", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER")
    return {key: value for key, value in os.environ.items() if key not in left_out} | {"NO_COLOR": "1"}


def run(command: Command, root: Path) -> str:
    """Empty, or how the command did not do what the document says."""
    done = subprocess.run(["bash", "-c", command.text], cwd=root, env=environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240)
    if done.returncode == 0 and matches(command.output, tuple(done.stdout.splitlines())):
        return ""
    return (f"line {command.line}: $ {command.text}\n--- documented\n" + "\n".join(command.output)
            + f"\n--- printed (exit code {done.returncode})\n{done.stdout}")
