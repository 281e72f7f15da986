"""A small language to declare what a file may contain: it reads a node, explains what is wrong, and makes the schema.

grammar.py declares each file kind with these classes. One declaration serves the loader, the JSON Schema
of the editors and the reference manual, so the three cannot differ.

A shape's `read` returns the value with its place, or None when it was wrong and a diagnostic says so.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from . import units
from .diagnostic import Diagnostics, Note, Span, did_you_mean
from .source import Node

EXPRESSION = {"type": "string", "pattern": r"\$\{.*\}"}


class Value(NamedTuple):
    value: object
    span: Span


class Key(NamedTuple):
    """What a value is called, for messages: the key it stands under, and the place of that key.
    `chosen`: the key is a name that the user gave."""

    name: str
    span: Span
    chosen: bool = False


class Record:
    """The fields of a map that were given, with places; what was not given reads as its default.

    `broken` holds the keys that were given but wrong: who needs them should keep quiet about them.
    """

    __slots__ = ("span", "key", "given", "spans", "broken", "shape")

    def __init__(self, shape: Map, span: Span, key: Key) -> None:
        self.shape = shape
        self.span = span
        self.key = key
        self.given: dict[str, object] = {}
        self.spans: dict[str, Span] = {}
        self.broken: set[str] = set()

    def __getitem__(self, name: str):
        return self.given[name] if name in self.given else self.shape.fields[name].default

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def at(self, name: str) -> Span:
        """Where a value stands; the record's key when it was not given."""
        return self.spans.get(name, self.key.span)


def describe(node: Node) -> str:
    """What a message says was found."""
    if node.kind != "scalar":
        return f"a {node.kind}"
    if node.value is None:
        return "nothing"
    shown = node.text if len(node.text) <= 60 else node.text[:57] + "..."
    return f"`{shown}`"


class Shape:
    """Base: `expected` is a phrase, `read` and `schema` are each shape's own."""

    expected = "a value"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        raise NotImplementedError

    def schema(self) -> dict:
        raise NotImplementedError

    def wrong(self, node: Node, problems: Diagnostics, key: Key, code: str = "E0103", suggestion: str = "") -> None:
        if node.broken:
            return
        problems.add(code, node.span if node.value is not None else key.span,
                     f"`{key.name}` {WRONG[code]}", found=describe(node), expected=self.expected,
                     suggestion=suggestion)


WRONG = {"E0103": "has a value of the wrong kind", "E0104": "is out of range", "E0105": "has an unknown value",
         "E0106": "is not a proper name"}


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """Any text; with a pattern, text of that form."""

    pattern: str = ""
    expected: str = "text"
    code: str = "E0103"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if isinstance(node.value, str) and (not self.pattern or re.fullmatch(self.pattern, node.value)):
            return Value(node.value, node.span)
        code = self.code if isinstance(node.value, str) else "E0103"
        self.wrong(node, problems, key, code, near_name(node.text) if code == "E0106" else "")
        return None

    def schema(self) -> dict:
        return {"type": "string", "pattern": f"^({self.pattern})$|{EXPRESSION['pattern']}"} if self.pattern else {
            "type": "string"}


NAME_PATTERN = r"[a-z][a-z0-9_]{0,39}"


NAME_EXPECTED = "a name of small letters, digits and `_`, a letter first, at most 40"


def name(pattern: str = NAME_PATTERN, expected: str = NAME_EXPECTED) -> Text:
    return Text(pattern, expected, "E0106")


def near_name(text: str) -> str:
    """The name somebody probably meant by `My-Name`."""
    words = re.sub(r"[^a-z0-9_]+", "_", re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text).lower()).strip("_")
    return words if re.fullmatch(NAME_PATTERN, words) else ""


@dataclass(frozen=True, slots=True)
class Bool(Shape):
    expected: str = "true or false"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if isinstance(node.value, bool):
            return Value(node.value, node.span)
        meant = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
        self.wrong(node, problems, key, suggestion=meant.get(node.text.lower(), ""))
        return None

    def schema(self) -> dict:
        return {"anyOf": [{"type": "boolean"}, EXPRESSION]}


@dataclass(frozen=True, slots=True)
class Integer(Shape):
    minimum: int
    maximum: int

    @property
    def expected(self) -> str:
        return f"a number from {self.minimum} to {self.maximum}"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if not isinstance(node.value, int) or isinstance(node.value, bool):
            return self.wrong(node, problems, key)
        if not self.minimum <= node.value <= self.maximum:
            return self.wrong(node, problems, key, "E0104")
        return Value(node.value, node.span)

    def schema(self) -> dict:
        return {"anyOf": [{"type": "integer", "minimum": self.minimum, "maximum": self.maximum}, EXPRESSION]}


@dataclass(frozen=True, slots=True)
class Size(Shape):
    """Bytes: a number, or a number with a unit."""

    minimum: int = 0
    maximum: int = 1 << 40
    multiple: int = 1

    @property
    def expected(self) -> str:
        rest = f", a multiple of {units.format_size(self.multiple)}" if self.multiple > 1 else ""
        return f"a size from {units.format_size(self.minimum)} to {units.format_size(self.maximum)}{rest}"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        value = _size_of(node)
        if value is None:
            return self.wrong(node, problems, key, suggestion=_unit_suggestion(node, units.SIZES))
        if not self.minimum <= value <= self.maximum:
            return self.wrong(node, problems, key, "E0104")
        if value % self.multiple:
            up = units.format_size((value // self.multiple + 1) * self.multiple)
            return self.wrong(node, problems, key, "E0104", up)
        return Value(value, node.span)

    def schema(self) -> dict:
        return {"anyOf": [{"type": "integer", "minimum": self.minimum, "maximum": self.maximum},
                          {"type": "string", "pattern": f"^{units.SIZE_PATTERN}$"}, EXPRESSION]}


def _size_of(node: Node) -> int | None:
    if isinstance(node.value, bool):
        return None
    if isinstance(node.value, int):
        return node.value
    return units.parse_size(node.value) if isinstance(node.value, str) else None


def _unit_suggestion(node: Node, known: dict[str, int]) -> str:
    """`64kb` and `10 ms` are near enough to guess at."""
    match = re.fullmatch(r"\s*([0-9]+)\s*([A-Za-z]*)\s*", node.text)
    if not match:
        return ""
    small = {unit.lower(): unit for unit in known} | {"k": "KiB", "kb": "KiB", "m": "MiB", "mb": "MiB", "g": "GiB",
                                                      "gb": "GiB", "sec": "s", "msec": "ms", "usec": "us"}
    unit = small.get(match[2].lower())
    return f"{match[1]}{unit}" if unit in known else ""


@dataclass(frozen=True, slots=True)
class Duration(Shape):
    """Nanoseconds. With `none` the word none is a value too, and reads as None inside a Value."""

    minimum: int = 1_000
    maximum: int = 86_400 * 1_000_000_000
    none: bool = False

    @property
    def expected(self) -> str:
        shortest, longest = units.format_duration(self.minimum), units.format_duration(self.maximum)
        return f"a time from {shortest} to {longest}, such as 10ms{', or none' if self.none else ''}"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if self.none and node.value == "none":
            return Value(None, node.span)
        value = _duration_of(node)
        if value is None:
            return self.wrong(node, problems, key, suggestion=_unit_suggestion(node, units.DURATIONS))
        if not self.minimum <= value <= self.maximum:
            return self.wrong(node, problems, key, "E0104")
        return Value(value, node.span)

    def schema(self) -> dict:
        pattern = f"^({units.DURATION_PATTERN}{'|none' if self.none else ''})$"
        return {"anyOf": [{"type": "string", "pattern": pattern}, EXPRESSION]}


def _duration_of(node: Node) -> int | None:
    if isinstance(node.value, str):
        return units.parse_duration(node.value)
    computed = node.computed and isinstance(node.value, int) and not isinstance(node.value, bool)
    return node.value if computed else None


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    choices: tuple[str, ...]

    @property
    def expected(self) -> str:
        return "one of " + ", ".join(self.choices)

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if node.kind != "scalar" or node.value is None:
            return self.wrong(node, problems, key)
        text = node.value if isinstance(node.value, str) else node.text
        if text not in self.choices:
            return self.wrong(node, problems, key, "E0105", did_you_mean(text, self.choices))
        return Value(text, node.span)

    def schema(self) -> dict:
        return {"anyOf": [{"enum": list(self.choices)}, EXPRESSION]}


@dataclass(frozen=True, slots=True)
class Scalar(Shape):
    """Any scalar, to be judged later against a type that is declared elsewhere. The value is its Node."""

    expected: str = "a word or a number"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if node.kind != "scalar" or node.value is None:
            return self.wrong(node, problems, key)
        return Value(node, node.span)

    def schema(self) -> dict:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """A map that was dealt with before the shapes are read."""

    expected: str = "a map"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        return Value(node, node.span) if node.kind == "map" else self.wrong(node, problems, key)

    def schema(self) -> dict:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list; the value is a tuple of Value. `unique`: no value twice."""

    item: Shape
    unique: bool = True     # no value twice
    maximum: int = 100_000
    partial: bool = False   # wrong items are BROKEN, and the others are kept

    @property
    def expected(self) -> str:
        return f"a list, each item {self.item.expected}"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if node.kind != "list":
            return self.wrong(node, problems, key, suggestion=f"[{node.text}]" if node.text else "")
        if len(node.items) > self.maximum:
            problems.add("E0104", key.span, f"`{key.name}` has too many items", found=f"{len(node.items)}",
                         expected=f"at most {self.maximum}")
            return None
        values = [self.item.read(item, problems, Key(key.name, item.span)) for item in node.items]
        if self.partial:
            values = [value or Value(BROKEN, item.span) for value, item in zip(values, node.items)]
        if None in values:
            return None
        return Value(tuple(values), node.span) if not self.unique or _unique(values, problems, key) else None

    def schema(self) -> dict:
        return {"type": "array", "items": self.item.schema(), "uniqueItems": self.unique}


def _unique(values: list[Value], problems: Diagnostics, key: Key) -> bool:
    first: dict[object, Span] = {}
    before = len(problems)
    for value in values:
        if isinstance(value.value, (str, int)) and value.value in first:
            problems.add("E0107", value.span, f"`{value.value}` is listed twice in `{key.name}`",
                         notes=[Note("first listed here", first[value.value])])
        elif isinstance(value.value, (str, int)):
            first[value.value] = value.span
    return len(problems) == before


class Named(NamedTuple):
    """An entry of a MapOf: its key, the key's place, what was read, and that value's place."""

    name: str
    span: Span
    value: object
    place: Span


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """A map whose keys the user chooses; the value is a dict of Named. `what` says what a key names."""

    key: Text
    item: Shape
    what: str

    @property
    def expected(self) -> str:
        return f"a map from {self.what} to {self.item.expected}"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if node.kind != "map":
            return self.wrong(node, problems, key)
        found: dict[str, Named] = {}
        for entry in node.entries.values():
            label = Key(entry.key, entry.span, True)
            if not re.fullmatch(self.key.pattern, entry.key):
                problems.add("E0106", entry.span, f"`{entry.key}` is not a proper name for {self.what}",
                             expected=self.key.expected, suggestion=near_name(entry.key))
                continue
            value = self.item.read(entry.value, problems, label)
            found[entry.key] = Named(entry.key, entry.span, value.value if value else BROKEN, entry.value.span)
        return Value(found, node.span)

    def schema(self) -> dict:
        return {"type": "object", "additionalProperties": False,
                "patternProperties": {f"^({self.key.pattern})$": self.item.schema()}}


class _Broken:
    """Stands for the value of a map's entry that was wrong: the name exists, what it means is unknown."""

    def __repr__(self) -> str:
        return "BROKEN"


BROKEN = _Broken()


@dataclass(frozen=True, slots=True)
class Either(Shape):
    """A short and a long way to write the same; which one it is shows by the kind of the node."""

    scalar: Shape | None = None
    list: Shape | None = None
    map: Shape | None = None

    @property
    def expected(self) -> str:
        return ", or ".join(shape.expected for shape in self._shapes())

    def _shapes(self) -> list[Shape]:
        return [shape for shape in (self.scalar, self.list, self.map) if shape is not None]

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        shape = {"scalar": self.scalar, "list": self.list, "map": self.map}[node.kind]
        if shape is None or (node.kind == "scalar" and node.value is None):
            return self.wrong(node, problems, key)
        return shape.read(node, problems, key)

    def schema(self) -> dict:
        return {"anyOf": [shape.schema() for shape in self._shapes()]}


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a map. `doc` is the sentence of the reference and of the editor's hover text."""

    name: str
    shape: Shape
    doc: str
    required: bool = False
    default: object = None
    example: str = ""


class Map(Shape):
    """A map with known keys; the value is a Record."""

    def __init__(self, title: str, doc: str, *fields: Field) -> None:
        self.title = title
        self.doc = doc
        self.fields = {field.name: field for field in fields}
        self.expected = f"a map that describes {title}"

    def read(self, node: Node, problems: Diagnostics, key: Key) -> Value | None:
        if node.kind != "map":
            return self.wrong(node, problems, key)
        record = Record(self, node.span, key)
        unknown = []
        for entry in node.entries.values():
            if entry.key in self.fields:
                self._read_field(entry, record, problems)
            else:
                unknown.append(entry)
        for entry in unknown:
            self._report_unknown(entry, record, problems)
        self._report_missing(record, problems)
        return Value(record, node.span)

    def _read_field(self, entry, record: Record, problems: Diagnostics) -> None:
        value = self.fields[entry.key].shape.read(entry.value, problems, Key(entry.key, entry.span))
        record.spans[entry.key] = entry.value.span
        if value is None:
            record.broken.add(entry.key)
        else:
            record.given[entry.key] = value.value

    def _report_unknown(self, entry, record: Record, problems: Diagnostics) -> None:
        near = did_you_mean(entry.key, [name for name in self.fields if name not in record.spans])
        # Text with a comma, unquoted within braces, is read as text and one more key.
        cut = " " in entry.key and entry.value.value is None
        problems.add("E0101", entry.span, f"unknown key `{entry.key}` in {self._called(record.key)}",
                     expected="" if near else "one of " + ", ".join(self.fields), suggestion=near,
                     notes=[Note("inside braces, text with a comma needs quotes")] if cut else ())
        if near:
            record.broken.add(near)

    def _report_missing(self, record: Record, problems: Diagnostics) -> None:
        for field in self.fields.values():
            if field.required and field.name not in record.given and field.name not in record.broken:
                problems.add("E0102", record.key.span, f"`{field.name}` is missing in {self._called(record.key)}",
                             expected=field.shape.expected, suggestion=field.example)
                record.broken.add(field.name)

    def _called(self, key: Key) -> str:
        """`the instance disk`, where an instance has a name; otherwise what it is."""
        return f"{re.sub('^an? ', 'the ', self.title)} `{key.name}`" if key.chosen else self.title

    def schema(self) -> dict:
        properties = {field.name: _field_schema(field) for field in self.fields.values()}
        required = [field.name for field in self.fields.values() if field.required]
        return {"type": "object", "description": self.doc, "additionalProperties": False, "properties": properties,
                **({"required": required} if required else {})}


def _field_schema(field: Field) -> dict:
    schema = {"description": field.doc, **field.shape.schema()}
    if isinstance(field.shape, Map):
        schema["description"] = field.doc
    if isinstance(field.default, (bool, int, str)):
        schema["default"] = field.default
    return schema


def words(values: Iterable[Value] | None) -> tuple[str, ...]:
    """The plain values of a list that was read."""
    return tuple(value.value for value in values or ())
