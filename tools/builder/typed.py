"""Values whose type a user declared: those of settings and of component attributes."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from dataclasses import dataclass

from .diagnostic import Diagnostics
from .shape import Bool, Choice, Duration, Integer, Key, Record, Shape, Size, Text, words

INTEGERS = {f"u{bits}": (0, (1 << bits) - 1) for bits in (8, 16, 32, 64)} | {
    f"i{bits}": (-(1 << bits - 1), (1 << bits - 1) - 1) for bits in (8, 16, 32, 64)} | {
    "integer": (-(1 << 63), (1 << 63) - 1)}
STRING_MAX = 256
SIZE_LIMITS = (0, 1 << 40)
DURATION_LIMITS = (0, 86_400 * 1_000_000_000)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration with `type`, `default`, `min`, `max` and `choices` comes to."""

    type: str
    default: bool | int | str | None
    minimum: int | None
    maximum: int | None
    choices: tuple[str, ...]

    @property
    def shape(self) -> Shape:
        return shape_of(self.type, self.minimum, self.maximum, self.choices)


def shape_of(type_name: str, minimum: int | None, maximum: int | None, choices: tuple[str, ...]) -> Shape:
    """What a value of this type must look like."""
    if type_name == "bool":
        return Bool()
    if type_name in ("enum", "choice"):
        return Choice(choices)
    if type_name in ("string", "text"):
        longest = STRING_MAX if maximum is None else maximum
        return Text(rf"[\x20-\x7e]{{0,{longest}}}", f"printable ASCII text of at most {longest} characters")
    low, high = _limits(type_name)
    low, high = low if minimum is None else minimum, high if maximum is None else maximum
    if type_name == "size":
        return Size(low, high)
    return Duration(low, high) if type_name == "duration" else Integer(low, high)


def _limits(type_name: str) -> tuple[int, int]:
    return {"size": SIZE_LIMITS, "duration": DURATION_LIMITS}.get(type_name) or INTEGERS[type_name]


def declared(record: Record, problems: Diagnostics) -> Declared | None:
    """The declaration in a record, checked for making sense; None when something in it was wrong."""
    if record.broken:
        return None
    type_name = record["type"]
    choices = words(record["choices"])
    before = len(problems)
    _check_fits(record, type_name, choices, problems)
    if len(problems) > before:
        return None
    minimum, maximum = (_bound(record, name, type_name, problems) for name in ("min", "max"))
    if minimum is not None and maximum is not None and minimum > maximum:
        problems.add("E0205", record.at("max"), f"`max` of `{record.key.name}` is below its `min`")
    if len(problems) > before:
        return None
    default = None
    if "default" in record:
        shape = shape_of(type_name, minimum, maximum, choices)
        value = shape.read(record["default"], problems, Key("default", record.at("default")))
        if value is None:
            return None
        default = value.value
    return Declared(type_name, default, minimum, maximum, choices)


def _check_fits(record: Record, type_name: str, choices: tuple[str, ...], problems: Diagnostics) -> None:
    """`choices` belongs to choices, `min` and `max` to numbers."""
    chosen = type_name in ("enum", "choice")
    if chosen and not choices:
        problems.add("E0205", record.key.span, f"`{record.key.name}` is a choice of nothing",
                     suggestion="choices: [first, second]")
    if not chosen and "choices" in record:
        problems.add("E0205", record.at("choices"), f"`{record.key.name}` has `choices`, but is a {type_name}",
                     suggestion="type: enum")
    for name in ("min", "max"):
        numeric = type_name in INTEGERS or type_name in ("size", "duration") or (type_name, name) == ("string", "max")
        if name in record and not numeric:
            problems.add("E0205", record.at(name), f"`{record.key.name}` has `{name}`, but is a {type_name}")


def _bound(record: Record, name: str, type_name: str, problems: Diagnostics) -> int | None:
    if name not in record:
        return None
    shape = Integer(0, STRING_MAX) if type_name == "string" else shape_of(type_name, None, None, ())
    value = shape.read(record[name], problems, Key(name, record.at(name)))
    return value.value if value else None
