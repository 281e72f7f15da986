"""What is wrong, where, and what to write instead: the one type all passes report with, and its two renderings.

A pass returns its diagnostics; it prints nothing and never exits. A `Span` names its file relative to
the project, so that messages are the same on every machine.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a file; lines and columns count from 1, the end is exclusive. Line 0: the whole file, or
    what stands on the command line."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def whole_file(file: str) -> Span:
    """For what is wrong with a file and has no line in it."""
    return Span(file, 1, 1, 1, 1)


def option(text: str) -> Span:
    """For what was typed as an option: `--set key=value`."""
    return Span(text, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that explains the first, or advice without a place."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake. `found` and `expected` are phrases, `suggestion` is what to type instead; "" means none."""

    code: str
    span: Span
    message: str
    found: str = ""
    expected: str = ""
    suggestion: str = ""
    notes: tuple[Note, ...] = ()


class Diagnostics(list[Diagnostic]):
    """Collects what one pass finds."""

    def add(self, code: str, span: Span, message: str, *, found: str = "", expected: str = "",
            suggestion: str = "", notes: Iterable[Note] = ()) -> None:
        self.append(Diagnostic(code, span, message, found, expected, suggestion, tuple(notes)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word, or "": the text for `suggestion`."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, 1, 0.6)
    swapped = [name for name in names if sorted(name) == sorted(word) and name != word]
    return near[0] if near else swapped[0] if swapped else ""


def sort_key(problem: Diagnostic) -> tuple:
    return problem.span, problem.code, problem.message


def ordered(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """In reading order, each only once: shared files would otherwise repeat themselves."""
    return sorted(dict.fromkeys(problems), key=sort_key)


def render(problems: Iterable[Diagnostic], root: Path, color: bool = False) -> str:
    """As a compiler shows them, with the excerpt and a caret, ending with the count."""
    found = ordered(problems)
    if not found:
        return ""
    texts = [_render_one(problem, root, color) for problem in found]
    errors = "1 error" if len(found) == 1 else f"{len(found)} errors"
    codes = sorted({problem.code for problem in found})
    more = f"`tenon explain {codes[0]}` tells more" if len(codes) == 1 else "`tenon explain CODE` tells more"
    return "\n".join(texts) + f"\n{errors}; {more}\n"


def render_json(problems: Iterable[Diagnostic]) -> str:
    """One JSON object per line: stable keys, for editors and CI."""
    return "".join(json.dumps(_as_dict(problem), sort_keys=True) + "\n" for problem in ordered(problems))


def _as_dict(problem: Diagnostic) -> dict:
    return {
        "code": problem.code, "severity": "error", **_place(problem.span), "message": problem.message,
        "found": problem.found, "expected": problem.expected, "suggestion": problem.suggestion,
        "notes": [{"text": note.text, **(_place(note.span) if note.span else {})} for note in problem.notes],
    }


def _place(span: Span) -> dict:
    return {"file": span.file, "line": span.line, "column": span.column,
            "end_line": span.end_line, "end_column": span.end_column}


def _render_one(problem: Diagnostic, root: Path, color: bool) -> str:
    red, blue, bold, off = ("\033[1;31m", "\033[1;34m", "\033[1m", "\033[0m") if color else ("", "", "", "")
    lines = [f"{red}error[{problem.code}]{off}{bold}: {problem.message}{off}"]
    lines += _excerpt(problem.span, root, red, blue, off)
    margin = " " * _margin(problem.span)
    for word in ("found", "expected"):
        if getattr(problem, word):
            lines.append(f"{margin} {blue}={off} {word}: {getattr(problem, word)}")
    if problem.suggestion:
        lines.append(f"{margin} {blue}={off} write: {problem.suggestion}")
    for note in problem.notes:
        where = f" ({note.span})" if note.span else ""
        lines.append(f"{margin} {blue}={off} note: {note.text}{where}")
    return "\n".join(lines) + "\n"


def _margin(span: Span) -> int:
    return len(str(span.line))


def _excerpt(span: Span, root: Path, red: str, blue: str, off: str) -> list[str]:
    margin = " " * _margin(span)
    lines = [f"{margin}{blue}-->{off} {span}"]
    source = _source_lines(root / span.file)
    if not 1 <= span.line <= len(source):
        return lines
    text, start, width = _window(source[span.line - 1], span)
    return lines + [f"{margin} {blue}|{off}", f"{blue}{span.line} |{off} {text}",
                    f"{margin} {blue}|{off} {' ' * start}{red}{'^' * width}{off}"]


LINE_SHOWN = 140    # characters of a long line that are shown
BEFORE_CARET = 50   # of them, at most so many before the place


def _window(text: str, span: Span) -> tuple[str, int, int]:
    """The part of a line to show, where its mark begins, and how wide the mark is."""
    end = span.end_column if span.end_line == span.line else len(text) + 1
    start, width = span.column - 1, max(1, min(end, len(text) + 1) - span.column)
    if len(text) > LINE_SHOWN:
        first = min(max(0, start - BEFORE_CARET), len(text) - LINE_SHOWN)
        shown = text[first:first + LINE_SHOWN]
        text = ("..." if first else "") + shown + ("..." if first + LINE_SHOWN < len(text) else "")
        start = start - first + (3 if first else 0)
        width = max(1, min(width, LINE_SHOWN + (3 if first else 0) - start))
    return text, start, width


@cache
def _source_lines(path: Path) -> list[str]:
    """The file as the reader sees it; a place that is no file (an option, a folder) has no lines."""
    try:
        return path.read_text(errors="replace").expandtabs(1).split("\n")
    except OSError:
        return []
