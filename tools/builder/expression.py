"""Expressions: `${settings.disk and settings.buffers * 4KiB <= 1MiB}`.

Safe by construction: a small grammar over whole numbers, true/false and text; no calls, no attributes but the
names of the scope. Arithmetic stays within 64 bits.

    or := and ("or" and)*          and := not ("and" not)*       not := "not" not | compare
    compare := sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum)?
    sum := term (("+" | "-") term)*   term := unary (("*" | "/" | "%") unary)*   unary := "-" unary | value
    value := number | size | duration | 'text' | true | false | name.name | "(" or ")"
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from . import units
from .diagnostic import Diagnostics, did_you_mean
from .source import Entry, Node

Scope = Mapping[str, Mapping[str, object]]  # "settings" -> name -> value

TOKEN = re.compile(r"\s*(?:(?P<number>(?:0x[0-9a-fA-F]+|[0-9]+)[A-Za-z]*)|(?P<name>[A-Za-z_][\w.]*)"
                   r"|'(?P<text>[^']*)'|(?P<operator>==|!=|<=|>=|[-+*/%<>()]))")
HOLE = re.compile(r"\$\{([^}]*)\}")
WORDS = {"true": True, "false": False}
RESERVED = {"and", "or", "not"}
LIMIT = 1 << 64
DEPTH_MAX = 50


class ExpressionError(Exception):
    """What is wrong with an expression: a phrase, and perhaps what to write instead."""

    def __init__(self, text: str, suggestion: str = "", unknown: bool = False) -> None:
        super().__init__(text)
        self.suggestion = suggestion
        self.unknown = unknown


def evaluate(text: str, scope: Scope) -> bool | int | str:
    parser = _Parser(_tokens(text), scope)
    value = parser.either()
    if parser.rest:
        raise ExpressionError(f"`{parser.rest[0][1]}` is not expected here")
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"`{text[position:].strip()[0]}` is not part of an expression")
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


class _Parser:
    """Parses and evaluates at once; `rest` are the tokens to come."""

    def __init__(self, tokens: list[tuple[str, str]], scope: Scope) -> None:
        self.rest = tokens
        self.scope = scope
        self.depth = 0

    def take(self, *words: str) -> str | None:
        if self.rest and self.rest[0][0] in ("operator", "name") and self.rest[0][1] in words:
            return self.rest.pop(0)[1]
        return None

    def either(self) -> bool | int | str:
        value = self.both()
        while self.take("or"):
            other = self.both()
            value = _bool(value, "or") or _bool(other, "or")
        return value

    def both(self) -> bool | int | str:
        value = self.negation()
        while self.take("and"):
            other = self.negation()
            value = _bool(value, "and") and _bool(other, "and")
        return value

    def negation(self) -> bool | int | str:
        turns = 0
        while self.take("not"):
            turns += 1
        value = self.comparison()
        if turns:
            value = _bool(value, "not") ^ bool(turns % 2)
        return value

    def comparison(self) -> bool | int | str:
        left = self.sum()
        operator = self.take("==", "!=", "<=", ">=", "<", ">")
        return _compare(operator, left, self.sum()) if operator else left

    def sum(self) -> bool | int | str:
        value = self.term()
        while operator := self.take("+", "-"):
            value = _arithmetic(operator, value, self.term())
        return value

    def term(self) -> bool | int | str:
        value = self.unary()
        while operator := self.take("*", "/", "%"):
            value = _arithmetic(operator, value, self.unary())
        return value

    def unary(self) -> bool | int | str:
        turns = 0
        while self.take("-"):
            turns += 1
        value = self.value()
        if turns:
            value = -_int(value, "-") if turns % 2 else _int(value, "-")
        return value

    def value(self) -> bool | int | str:
        if not self.rest:
            raise ExpressionError("it ends too early")
        kind, text = self.rest.pop(0)
        if kind == "number":
            return _number(text)
        if kind == "text":
            return text
        if kind == "name" and text not in RESERVED:
            return WORDS[text] if text in WORDS else self.lookup(text)
        if text == "(":
            return self.parenthesis()
        raise ExpressionError(f"`{text}` is not expected here")

    def parenthesis(self) -> bool | int | str:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise ExpressionError("it is nested too deeply")
        value = self.either()
        if not self.take(")"):
            raise ExpressionError("a `)` is missing")
        self.depth -= 1
        return value

    def lookup(self, text: str) -> bool | int | str:
        group, _, name = text.partition(".")
        if group in self.scope and name in self.scope[group]:
            return self.scope[group][name]
        names = [f"{g}.{n}" for g, values in self.scope.items() for n in values]
        by_name = [full for full in names if full.partition(".")[2] == text]
        raise ExpressionError(f"`{text}` is not known here", by_name[0] if by_name else did_you_mean(text, names), True)


def _number(text: str) -> int:
    if text.startswith("0x"):
        if not re.fullmatch(r"0x[0-9a-fA-F]{1,16}", text):
            raise ExpressionError(f"`{text}` is not a number")
        return int(text, 16)
    for parse in (units.parse_size, units.parse_duration):
        value = parse(text)
        if value is not None:
            return value
    raise ExpressionError(f"`{text}` is neither a number nor a size nor a time")


def _bool(value: object, operator: str) -> bool:
    if not isinstance(value, bool):
        raise ExpressionError(f"`{operator}` wants true or false, not `{shown(value)}`")
    return value


def _int(value: object, operator: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ExpressionError(f"`{operator}` wants numbers, not `{shown(value)}`")
    return value


def _compare(operator: str, left: object, right: object) -> bool:
    if type(left) is not type(right):
        raise ExpressionError(f"`{operator}` compares `{shown(left)}` with `{shown(right)}`, which differ in type")
    if operator in ("==", "!="):
        return (left == right) == (operator == "==")
    a, b = _int(left, operator), _int(right, operator)
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def _arithmetic(operator: str, left: object, right: object) -> int:
    a, b = _int(left, operator), _int(right, operator)
    if operator in "/%" and b == 0:
        raise ExpressionError("it divides by zero")
    value = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a // b, "%": lambda: a % b}[operator]()
    if abs(value) >= LIMIT:
        raise ExpressionError("the number is too large")
    return value


def shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def substitute(node: Node, scope: Scope, problems: Diagnostics) -> Node:
    """The tree with every `${...}` worked out. A scalar that is one expression takes its type."""
    if node.kind == "map":
        entries = {key: Entry(key, entry.span, substitute(entry.value, scope, problems))
                   for key, entry in node.value.items()}
        return replace(node, value=entries) if _changed(entries, node.value) else node
    if node.kind == "list":
        items = tuple(substitute(item, scope, problems) for item in node.value)
        return replace(node, value=items) if any(a is not b for a, b in zip(items, node.value)) else node
    if not isinstance(node.value, str) or "${" not in node.value:
        return node
    return _substitute_scalar(node, scope, problems)


def _changed(new: Mapping[str, Entry], old: Mapping[str, Entry]) -> bool:
    return any(new[key].value is not old[key].value for key in new)


def _substitute_scalar(node: Node, scope: Scope, problems: Diagnostics) -> Node:
    try:
        if node.value.count("${") != len(HOLE.findall(node.value)):
            raise ExpressionError("the `}` of `${` is missing", node.text.rstrip() + "}")
        whole = HOLE.fullmatch(node.value.strip())
        if whole:
            value = evaluate(whole[1], scope)
            return replace(node, value=value, text=shown(value), computed=True)
        text = HOLE.sub(lambda match: shown(evaluate(match[1], scope)), node.value)
        return replace(node, value=text, text=text)
    except ExpressionError as problem:
        problems.add("E0204" if problem.unknown else "E0203", node.span, f"an expression is wrong: {problem}",
                     found=f"`{node.text}`", suggestion=problem.suggestion)
        return replace(node, value=None, text="", broken=True)
