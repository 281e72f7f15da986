"""YAML as version 1.2, with places, and without what hides a value. tools/builder/source.py."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from pathlib import Path

import pytest
from builder.diagnostic import Diagnostics
from builder.source import BYTES_MAX, Node, read_bytes, read_file, read_text


def read(text: str) -> Node:
    problems = Diagnostics()
    node = read_text(text, "a.yaml", problems)
    assert node is not None and not problems
    return node


def codes(text: str | bytes) -> list[str]:
    problems = Diagnostics()
    read_bytes(text if isinstance(text, bytes) else text.encode(), "a.yaml", problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize("text, value", [
    ("on", "on"), ("no", "no"), ("1:30", "1:30"), ("010", 10), ("0o10", 8), ("0x1F", 31), ("-3", -3), ("true", True),
    ("False", False), ("null", None), ("~", None), ("1.5", 1.5), ("1e3", 1000.0), ("'1'", "1"), ('"true"', "true"),
    ("2001-01-01", "2001-01-01"), ("1_000", "1_000"), ("64KiB", "64KiB"), (".", "."), ("-", "-"), ("9" * 80, "9" * 80),
])
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    if text == "-":
        text = "'-'"
    node = read(f"key: {text}").get("key")

    assert node is not None and node.value == value and type(node.value) is type(value)


def test_nodes_know_their_places() -> None:
    node = read("a: 1\nb:\n  c: [x, yy]\n")
    item = node.get("b").get("c").items[1]

    assert str(item.span) == "a.yaml:3:10" and item.span.end_column == 12
    assert str(node.get("b").entries["c"].span) == "a.yaml:3:3"


@pytest.mark.parametrize("text", ["a: 1\na: 2", "{a: 1, a: 2}", "x: {b: 1, 'b': 2}"])
def test_a_key_given_twice_is_found(text: str) -> None:
    assert codes(text) == ["E0003"]


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x", "a: &x [*x]", "a: !!int 3", "a: !thing {}", "? [a]\n: b"])
def test_features_that_hide_values_are_refused(text: str) -> None:
    assert codes(text) == ["E0004"]


@pytest.mark.parametrize("text", ["", "# only a comment", "a: [", "a: b: c", "\t- x", "a: 'x", "%YAML 9", "---\na\n---\nb",
                                  "a: \x07", b"\xff\xfe", b"a: \xc3\x28", "[" * 100_000, "- " * 1000, "@", "a: `b`",
                                  "{" * 50 + "}" * 50])
def test_what_is_not_yaml_is_said_once(text: str | bytes) -> None:
    assert codes(text) == ["E0002"]


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    assert codes(b"#" * (BYTES_MAX + 1)) == ["E0001"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    problems = Diagnostics()

    assert read_file(tmp_path, ".", problems) is None
    assert [problem.code for problem in problems] == ["E0001"]


def test_wrong_values_do_not_hide_the_rest() -> None:
    problems = Diagnostics()
    node = read_text("a: &x 1\nb: *x\nc: 3\nc: 4\n", "a.yaml", problems)

    assert node.get("a").value == 1 and node.get("c").value == 3
    assert [problem.code for problem in problems] == ["E0004", "E0003"]
