"""Every command in a document is run, and must print what the document shows.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.cli import commands
from builder.project import ROOT
from documents import Command, File, environment, matches, run, steps
from project_copy import project_copy

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "apps").glob("*/README.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")
MENTIONED = re.compile(r"\./tenon ([a-z]+)")
PATH = re.compile(r"`((?:kernel|tools|components|tests|docs|cmake|templates|apps)/[A-Za-z0-9_./-]*)`")


def follow(step: Command | File, root: Path) -> str:
    if isinstance(step, Command):
        return run(step, root)
    (root / step.name).parent.mkdir(parents=True, exist_ok=True)
    (root / step.name).write_text(step.text)
    return ""


@pytest.mark.timeout(900)  # it may have to wait for others that use the copy
@pytest.mark.parametrize("name", [name for name in NAMES if steps((ROOT / name).read_text())])
def test_a_reader_who_follows_the_document_sees_what_it_shows(name: str) -> None:
    with project_copy() as root:
        problems = [follow(step, root) for step in steps((ROOT / name).read_text())]

    assert not any(problems), "\n" + "\n".join(f"{name}: {problem}" for problem in problems if problem)


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    lost = [target for target, _ in LINK.findall((ROOT / name).read_text()) if not (folder / target).exists()]

    assert not lost


@pytest.mark.parametrize("name", NAMES)
def test_commands_that_are_mentioned_exist(name: str) -> None:
    unknown = set(MENTIONED.findall((ROOT / name).read_text())) - set(commands())

    assert not unknown



@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_mentioned_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    made = {step.name for step in steps(text) if isinstance(step, File)}
    lost = {path for path in PATH.findall(text)
            if not (ROOT / path).exists() and not any(file.startswith(path) for file in made)}

    assert not lost


# --- The rules of documents themselves -----------------------------------------------------------------

def test_a_gap_stands_for_any_lines_and_for_any_text_within_one() -> None:
    assert matches(("a", "...", "z"), ("a", "b", "c", "z"))
    assert matches(("a", "...", "z"), ("a", "z"))
    assert matches(("took ... s",), ("took 3 s",))
    assert not matches(("a", "...", "z"), ("a", "b"))
    assert not matches(("a",), ("a", "b"))
    assert not matches((), ("b",))


def test_a_command_that_fails_or_prints_something_else_is_reported(tmp_path: Path) -> None:
    assert run(Command(1, "echo one", ("one",)), tmp_path) == ""
    assert "printed (exit code 0)\none" in run(Command(1, "echo one", ("two",)), tmp_path)
    assert "exit code 3" in run(Command(1, "exit 3", ()), tmp_path)
    assert run(Command(1, 'false; echo "exit code $?"', ("exit code 1",)), tmp_path) == ""


def test_a_document_is_read_as_commands_and_files() -> None:
    text = "```c a/b.c\nint x;\n```\ntext\n```console\n$ one\nout\n$ two\n```\n```mermaid\nx\n```\n"

    assert steps(text) == [File(1, "a/b.c", "int x;\n"), Command(6, "one", ("out",)), Command(8, "two", ())]
    with pytest.raises(ValueError, match="line 1"):
        steps("```console\nno command\n```\n")
    with pytest.raises(ValueError, match="line 2"):
        steps("text\n```c\n")
