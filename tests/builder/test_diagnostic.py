"""What a message looks like. tools/builder/diagnostic.py."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import json
from pathlib import Path

from builder.diagnostic import (LINE_SHOWN, Diagnostic, Diagnostics, Note, Span, did_you_mean, option, ordered, render,
                                render_json)


def at(line: int, column: int, end: int, file: str = "a.yaml") -> Span:
    return Span(file, line, column, line, end)


def test_a_message_shows_place_excerpt_and_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: 1\n\ttwo: 22\n")
    problem = Diagnostic("E0104", at(2, 7, 9), "`two` is out of range", "`22`", "a number from 1 to 9", "9",
                         (Note("because of this", at(1, 1, 4)), Note("advice")))

    assert render([problem], tmp_path) == (
        "error[E0104]: `two` is out of range\n"
        " --> a.yaml:2:7\n"
        "  |\n"
        "2 |  two: 22\n"
        "  |       ^^\n"
        "  = found: `22`\n"
        "  = expected: a number from 1 to 9\n"
        "  = write: 9\n"
        "  = note: because of this (a.yaml:1:1)\n"
        "  = note: advice\n"
        "\n"
        "1 error; `tenon explain E0104` tells more\n")


def test_colour_changes_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: 1\n")
    problem = Diagnostic("E0104", at(1, 1, 4), "wrong")
    painted = render([problem], tmp_path, color=True)

    assert "\033[1;31m" in painted
    for sequence in ("\033[1;31m", "\033[1;34m", "\033[1m", "\033[0m"):
        painted = painted.replace(sequence, "")
    assert painted == render([problem], tmp_path)


def test_a_long_line_is_shown_around_its_mark(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x" * 500 + "HERE" + "y" * 500)
    lines = render([Diagnostic("E0104", at(1, 501, 505), "wrong")], tmp_path).split("\n")
    mark = lines[4].index("^")

    assert lines[3][mark:mark + 4] == "HERE" and lines[4][mark:] == "^^^^"
    assert len(lines[3]) < LINE_SHOWN + 20


def test_places_without_a_line_have_no_excerpt(tmp_path: Path) -> None:
    for span in (option("--set x"), at(99, 1, 2), Span("missing.yaml", 1, 1, 1, 1)):
        assert " | " not in render([Diagnostic("E0001", span, "wrong")], tmp_path)


def test_nothing_wrong_is_nothing_shown(tmp_path: Path) -> None:
    assert render([], tmp_path) == "" and render_json([]) == ""


def test_messages_come_in_reading_order_and_once() -> None:
    first, second, third = (Diagnostic("E0101", at(line, 1, 2, file), "x") for file, line in (("a", 2), ("a", 10), ("b", 1)))

    assert ordered([third, second, first, second]) == [first, second, third]


def test_json_has_a_line_for_each() -> None:
    problems = Diagnostics()
    problems.add("E0101", at(3, 4, 9), "unknown", suggestion="known", notes=[Note("here", at(1, 2, 3)), Note("advice")])

    line, = render_json(problems).splitlines()
    found = json.loads(line)

    assert (found["code"], found["file"], found["line"], found["column"], found["end_column"]) == ("E0101", "a.yaml", 3, 4, 9)
    assert (found["severity"], found["suggestion"]) == ("error", "known")
    assert found["notes"] == [{"text": "here", "file": "a.yaml", "line": 1, "column": 2, "end_line": 1, "end_column": 3},
                              {"text": "advice"}]


def test_near_words_are_suggested() -> None:
    assert did_you_mean("prioritty", ["period", "priority"]) == "priority"
    assert did_you_mean("tyni", ["tiny"]) == "tiny"     # two letters changed places
    assert did_you_mean("zebra", ["priority"]) == ""
    assert did_you_mean("x", []) == ""
