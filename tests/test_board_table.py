"""The table that ends `tenon test`: results, reasons, and holes that count as failures."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import xml.etree.ElementTree as xml

from builder.board_table import BoardTable, properties, why_absent
from builder.starts import STARTS, Start, boards, columns, one_core, only_on

FIRST, LAST = list(columns().values())[0], list(columns().values())[-1]


def case(start: Start | None, only=None, one=None, function: str = "test_it_works") -> xml.Element:
    """A test case as the results' file has it."""
    element = xml.Element("testcase")
    for name, value in properties("test_thing", function, start, only and only.mark, one and one.mark):
        xml.SubElement(element, "property", name=name, value=value)
    return element


def test_passed_and_failed_tests_are_counted_in_their_column() -> None:
    table = BoardTable()
    for passed in (True, True, False):
        table.add(case(FIRST), passed)
    table.add(case(LAST), True)

    row = next(line for line in table.lines(True) if line.startswith("thing: it works"))
    assert "1 FAILED" in row and row.endswith(" 1")


def test_a_column_without_a_result_is_a_hole() -> None:
    table = BoardTable()
    table.add(case(FIRST), True)

    assert table.missing() == [f"thing: it works: nothing on {column}" for column in columns() if column != FIRST.column]
    assert "missing" in "".join(table.lines(True)) and "missing" not in "".join(table.lines(False))


def test_a_reason_fills_a_hole_and_is_told() -> None:
    table = BoardTable()
    table.add(case(FIRST, only_on([FIRST.board], "the others are round"), one_core("one is enough")), True)

    assert table.missing() == []
    assert table.lines(True)[-2:] == ["(1) one is enough", "(2) the others are round"]


def test_a_test_for_one_core_needs_no_result_with_several() -> None:
    several = Start(FIRST.board, FIRST.arch, FIRST.cpu, cores=4)

    assert several.column == f"{FIRST.board} x4"
    assert ("row", "thing: it works") in properties("test_thing", "test_it_works", several, None, None)
    assert why_absent(several, None, one_core("one is enough").mark) == "one is enough"
    assert why_absent(several, None, one_core("one is enough", FIRST.board).mark) == "one is enough"
    assert why_absent(several, None, one_core("one is enough", "another").mark) == ""
    assert why_absent(FIRST, None, one_core("one is enough").mark) == ""


def test_every_board_has_a_start() -> None:
    assert set(boards()) == {start.board for start in STARTS}


def test_starts_have_names_of_their_own() -> None:
    names = [str(start) for start in STARTS]

    assert sorted(set(names)) == sorted(names)
