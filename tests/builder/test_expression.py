"""Expressions are worked out exactly, and what is wrong with one is said. tools/builder/expression.py."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import pytest
from builder.diagnostic import Diagnostics
from builder.expression import ExpressionError, evaluate, substitute
from builder.source import read_text
from hypothesis import given
from hypothesis import strategies as some

SCOPE = {"settings": {"disk": True, "count": 4, "level": "info", "size": 4096}, "config": {"base": 10}}


@pytest.mark.parametrize("text, value", [
    ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-2 - -3", 1), ("7 / 2", 3), ("-7 / 2", -4), ("7 % 4", 3), ("64KiB", 65536),
    ("10ms", 10_000_000), ("0x10 + 1B", 17), ("2 < 3", True), ("3 <= 2", False), ("1 == 1", True), ("1 != 1", False),
    ("true and not false", True), ("false or true and false", False), ("not not true", True), ("settings.disk", True),
    ("settings.count * 2 >= 8", True), ("settings.level == 'info'", True), ("config.base + 10", 20),
    ("settings.size / 1KiB", 4), ("'a' != 'b'", True), (" 1 ", 1), ("8 - 4 - 2", 2), ("100 / 10 / 5", 2),
])
def test_expressions_have_values(text: str, value: object) -> None:
    result = evaluate(text, SCOPE)

    assert result == value and type(result) is type(value)


@pytest.mark.parametrize("text, words", [
    ("", "too early"), ("1 +", "too early"), ("(1", "`)` is missing"), ("1 2", "not expected"), ("1 / 0", "divides by zero"),
    ("1 % (2 - 2)", "divides by zero"), ("1 + true", "wants numbers"), ("1 and true", "wants true or false"),
    ("not 3", "wants true or false"), ("1 == 'a'", "differ in type"), ("true == 1", "differ in type"),
    ("'a' < 'b'", "wants numbers"), ("settings.dsk", "not known"), ("disk", "not known"), ("a.b.c", "not known"),
    ("12parsecs", "neither a number"), ("__import__('os')", "not known"), ("1 $ 2", "not part"), ("'open", "not part"),
    ("99999999999999999999", "neither a number"), ("1GiB * 1GiB * 1GiB", "too large"), ("(" * 200 + "1", "nested"),
    ("and", "not expected"), ("1 < 2 < 3", "not expected"), ("-true", "wants numbers"), ("0xg", "not a number"),
])
def test_a_wrong_expression_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words.replace("(", r"\(").replace(")", r"\)").replace("$", r"\$")):
        evaluate(text, SCOPE)


@pytest.mark.parametrize("text, suggestion", [("settings.dsik", "settings.disk"), ("disk", "settings.disk")])
def test_a_near_name_is_suggested(text: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, SCOPE)
    assert caught.value.suggestion == suggestion and caught.value.unknown


def test_a_tree_is_substituted_with_types_and_places() -> None:
    tree = read_text("a: ${settings.count + 1}\nb: disk-${settings.count}\nc: [x, '${settings.disk}']\nd: {e: 1}\n", "a.yaml",
                     Diagnostics())
    problems = Diagnostics()
    found = substitute(tree, SCOPE, problems)

    assert not problems
    assert (found.get("a").value, found.get("b").value, found.get("c").items[1].value) == (5, "disk-4", True)
    assert str(found.get("a").span) == "a.yaml:1:4"
    assert found.get("d") is tree.get("d")      # what has no expression stays as it is


@pytest.mark.parametrize("text, code", [("${settings.x}", "E0204"), ("${1 +}", "E0203"), ("${1", "E0203"), ("a ${1 / 0}", "E0203")])
def test_a_wrong_expression_in_a_tree_has_a_place(text: str, code: str) -> None:
    problems = Diagnostics()
    tree = read_text(f"k: '{text}'", "a.yaml", problems)
    found = substitute(tree, SCOPE, problems)

    assert [(p.code, str(p.span)) for p in problems] == [(code, "a.yaml:1:4")]
    assert found.get("k").broken


@given(some.recursive(
    some.integers(0, 1000).map(str),
    lambda inner: some.tuples(inner, some.sampled_from("+-*"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"), max_leaves=12))
def test_arithmetic_agrees_with_python(text: str) -> None:
    expected = eval(text)   # of our own making: numbers, three operators, parentheses
    if abs(expected) < 1 << 62:
        try:
            assert evaluate(text, {}) == expected
        except ExpressionError as problem:
            assert "too large" in str(problem)


@given(some.text("0123456789abcsettings.()+-*/%<>=!' ${}", max_size=40))
def test_any_text_has_a_value_or_a_reason(text: str) -> None:
    try:
        assert isinstance(evaluate(text, SCOPE), (bool, int, str))
    except ExpressionError as problem:
        assert str(problem)
