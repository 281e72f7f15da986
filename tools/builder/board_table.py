"""The table of tests and boards that ends `tenon test`: a result, or the reason why there is none, in every cell.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

from .starts import Start, boards, columns

MISSING, NOT_RUN = "missing", "-"


def properties(file: str, function: str, start: Start | None, only_on, one_core) -> list[tuple[str, str]]:
    """What the results' file says of a test that is about boards. The last two are the marks of that name, or None."""
    known = [("row", f"{file.removeprefix('test_')}: {function.removeprefix('test_').replace('_', ' ')}")]
    if start:
        known.append(("column", start.column))
    elif only_on:
        known += [("column", name) for name in only_on.args[0]]
    for column, first in columns().items():
        reason = why_absent(first, only_on, one_core)
        if reason:
            known.append(("absent", f"{column}: {reason}"))
    return known


def why_absent(start: Start, only_on, one_core) -> str:
    """Why the marks of a test keep it from this start; empty if they do not."""
    if only_on and start.board not in only_on.args[0]:
        return only_on.args[1]
    if one_core and start.cores > 1 and (len(one_core.args) == 1 or start.board in one_core.args[1:]):
        return one_core.args[0]
    return ""


@dataclass(slots=True)
class Cell:
    passed: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"{self.failed} FAILED" if self.failed else str(self.passed)


@dataclass(slots=True)
class BoardTable:
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)  # by row and column
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)

    def add(self, case: xml.Element, passed: bool) -> None:
        found: dict[str, list[str]] = {}
        for entry in case.iter("property"):
            found.setdefault(entry.get("name", ""), []).append(entry.get("value", ""))
        for row in found.get("row", ()):
            self.rows.add(row)
            for column in found.get("column", ()):
                cell = self.cells.setdefault((row, column), Cell())
                cell.passed += passed
                cell.failed += not passed
            for text in found.get("absent", ()):
                column, _, reason = text.partition(": ")
                self.reasons[row, column] = reason

    def missing(self) -> list[str]:
        """Cells with neither result nor reason, and boards that no column is about."""
        known = columns()
        return [*(f"{row}: nothing on {column}" for row in sorted(self.rows) for column in known
                  if (row, column) not in self.cells and (row, column) not in self.reasons),
                *(f"starts.py does not say how {board} starts" for board in boards() if board not in known)]

    def lines(self, whole: bool) -> list[str]:
        """`whole`: all tests ran, so that what is not there is missing."""
        if not self.rows:
            return []
        names, notes = list(columns()), sorted(set(self.reasons.values()))
        wide = max(map(len, self.rows))
        lines = [" ".join([" " * wide, *names])]
        for row in sorted(self.rows):
            texts = [self._text(row, column, notes, MISSING if whole else NOT_RUN).rjust(len(column)) for column in names]
            lines.append(" ".join([row.ljust(wide), *texts]))
        return lines + [f"({number}) {note}" for number, note in enumerate(notes, 1)]

    def _text(self, row: str, column: str, notes: list[str], otherwise: str) -> str:
        if (row, column) in self.cells:
            return str(self.cells[row, column])
        reason = self.reasons.get((row, column))
        return f"({notes.index(reason) + 1})" if reason else otherwise
