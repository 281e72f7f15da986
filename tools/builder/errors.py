"""The table of error codes: what each means, why it is an error, and a wrong and a right example.

`tenon explain CODE` prints an entry. Codes are never reused. The hundreds say which pass:
E00 reading text, E01 shape of a file, E02 settings and expressions, E03 board and devices, E04 names and
composition, E05 interfaces, E06 components, E07 rules about the whole system, E08 layout, E09 linked images.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCode:
    code: str
    title: str
    why: str
    wrong: str
    right: str


def _table(*entries: ErrorCode) -> dict[str, ErrorCode]:
    table = {entry.code: entry for entry in entries}
    assert len(table) == len(entries), "an error code is used twice"
    return table


ERRORS = _table(
    ErrorCode("E0001", "a file cannot be read",
              "Every file that a description names must be there and be of a sensible size.",
              "include: [comon.yaml]", "include: [common.yaml]"),
    ErrorCode("E0002", "a file is not YAML",
              "The text is not one YAML document in UTF-8. The place is where the parser gave up; the cause is "
              "often the line above it.",
              "devices: {dev: uart", "devices: {dev: uart}"),
    ErrorCode("E0003", "a key is given twice",
              "YAML parsers silently keep one of the two; which value you meant only you can say.",
              "priority: 10\npriority: 20", "priority: 20"),
    ErrorCode("E0004", "a YAML feature that descriptions do not use",
              "Anchors, aliases, tags and keys that are not words hide where a value comes from. Shared parts "
              "belong in a file under `include`, or in a compound component.",
              "a: &shared {priority: 10}\nb: *shared", "a: {priority: 10}\nb: {priority: 10}"),
)
