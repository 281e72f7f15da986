"""apps/terminal on QEMU: what is typed while the driver, the line discipline and the client are ended. See apps/terminal/README.md."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re

import pytest

from builder.starts import Start, one_core

TARGETS = ("tty", "uart", "reader")
KILLS = 10          # of each
HALF = KILLS // 2
WORDS = ("one ", "twp\x7fo ", "three", "\b\b\b\b\bfour ", "fi  \x17five ", "\x15", "six ", "seven wrong\x17", "e\x7feight ", "x\x15y ")
RAW = ("a\x7f", "\x15b", "\x03", "\r", "c\x04", "d ", "\x17", "e", "\n", "f")


def edited(typed: str) -> str:
    """The line that typed text comes to."""
    line = ""
    for character in typed:
        if character in "\b\x7f":
            line = line[:-1]
        elif character == "\x15":
            line = ""
        elif character == "\x17":
            line = re.sub(r"[^ ]* *$", "", line)
        else:
            line += character
    return line


def pieces(console: str, kind: str) -> dict[int, str]:
    """What the reader said, by number: a piece that it was not done with when it ended is said again."""
    return {int(number): text for number, text in re.findall(rf"^{kind} (\d+): `(.*)`$", console, re.MULTILINE)}


def unescaped(text: str) -> str:
    return re.sub(r"\\x(..)", lambda found: chr(int(found[1], 16)), text)


def type_at_kills(running, words: tuple[str, ...], kills: range) -> str:
    """One word right after each end of each target; all that was typed."""
    typed = []
    for number in kills:
        for target in TARGETS:
            running.expect(rf"chaos: kill {number} of {target},", timeout=60)
            typed.append(words[len(typed) % len(words)])
            running.send(typed[-1])
    return "".join(typed)


@one_core("what a terminal gives does not depend on cores")
def test_a_line_is_edited_and_ends(machine, board: Start) -> None:
    running = machine("terminal", board)
    running.expect("chaos: done", timeout=60)

    running.send("hellp\x7fo wrld\x17world\r")
    running.expect("hellp\b \bo wrld(\b \b){4}world", timeout=30)
    running.expect("^line 1: `hello world`$")
    running.send("dropped\x03")
    running.expect(r"dropped\^C\n\ninterrupt 2: ``$")
    running.send("part\x04")
    running.expect("^bytes 3: `part`$")
    running.send("\x04")
    running.expect("^end of file 4: ``$")
    running.send("y" * 300 + "\r")
    running.expect("^line 5: `y{256}`$")


@one_core("the race ends components on several cores")
@pytest.mark.timeout(300)
def test_the_line_and_the_modes_outlive_who_keeps_them(machine, board: Start) -> None:
    running = machine("terminal", board, settings=(f"terminal_kills={KILLS}", "terminal_every=150ms"))
    typed = type_at_kills(running, WORDS, range(1, HALF + 1))
    running.send("\r")
    running.expect("^line 1: `.*`$", timeout=60)
    running.send("raw\r")
    running.expect("^raw$", timeout=60)
    raw = type_at_kills(running, RAW, range(HALF + 1, KILLS + 1))
    running.expect("chaos: done", timeout=60)
    running.send("q")
    running.expect("^canonical$", timeout=60)
    running.send("works\x17still works\r")
    running.expect("^line .*: `still works`$", timeout=60)
    console = running.text

    assert pieces(console, "line")[1] == edited(typed)
    assert "".join(unescaped(text) for _, text in sorted(pieces(console, "bytes").items())) == raw + "q"
    assert not re.findall(r"^.*(?:panic|error|warning).*$", console, re.MULTILINE)
