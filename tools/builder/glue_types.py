"""The C types of an interface: how each type of the interface language is declared, checked and cleaned in C."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from dataclasses import dataclass

from . import idl
from .interface import _size_and_alignment as size_and_alignment
from .interface import file_stem, fixed_bytes
from .model import Field, Interface, Type
from .plan import macro
from .text import place


@dataclass(frozen=True, slots=True)
class Member:
    """A constant: of an enum, a flag or an error."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SmallType:
    """An enum or flags. `bad` is true of a stored `*item` that is no value of it; "" when each is one."""

    name: str           # "enum block_mode"
    function: str       # "block_mode": prefix of its helper function
    stored: str         # its type inside structs and arrays
    members: tuple[Member, ...]
    bad: str


@dataclass(frozen=True, slots=True)
class StructType:
    """`fields` are declarations, padding included; `checks` are true of every good value of *value; `padding` names
    statements that zero what no field covers."""

    name: str           # "struct block_entry"
    function: str       # "block_entry": prefix of its helper functions
    bytes: int
    fields: tuple[str, ...]
    checks: tuple[str, ...]
    padding: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class InterfaceTypes:
    name: str
    source: str
    enums: tuple[SmallType, ...]
    flags: tuple[SmallType, ...]
    structs: tuple[StructType, ...]
    errors: tuple[Member, ...]


class Types:
    """Names and texts for the types of one interface."""

    def __init__(self, interface: Interface) -> None:
        self.interface = interface
        self.prefix = file_stem(interface.name)

    def all(self) -> InterfaceTypes:
        source = place(self.interface.span)
        named = self.interface.types.values()
        return InterfaceTypes(
            self.interface.name, source,
            tuple(self._small(t, "{}", f"*item >= {len(t.members)}") for t in named if t.kind == "enum"),
            tuple(self._small(t, "(1ull << {})", f"(*item & ~{flags_mask(t)}) != 0") for t in named if t.kind == "flags"),
            tuple(self._struct(t) for t in named if t.kind == "struct"),
            tuple(Member(macro(self.prefix, "error", name), f"((enum status){code})")
                  for name, code in idl.error_codes(self.interface).items()))

    def _small(self, kind: Type, value: str, bad: str) -> SmallType:
        members = tuple(Member(macro(self.prefix, kind.name, member), value.format(index))
                        for index, member in enumerate(kind.members))
        return SmallType(self.of(kind), f"{self.prefix}_{kind.name}", self.stored(kind), members,
                         bad if self.has_checks(kind) else "")

    def of(self, kind: Type) -> str:
        """The C type of a value of its own."""
        match kind.kind:
            case "bool":
                return "bool"
            case "integer":
                return f"{'' if kind.signed else 'u'}int{kind.bits}_t"
            case "enum":
                return f"enum {self.prefix}_{kind.name}"
            case "flags":
                return f"uint{kind.bits}_t"
            case "struct":
                return f"struct {self.prefix}_{kind.name}"
            case "capability":
                return "slot_t"
        raise ValueError(kind)

    def stored(self, kind: Type) -> str:
        """The C type inside a struct or an array: an enum takes its size on the wire."""
        return f"uint{kind.bits}_t" if kind.kind == "enum" else self.of(kind)

    def declaration(self, kind: Type, name: str) -> str:
        """`uint8_t name[4][2]`: memory for a value of fixed size."""
        dimensions = ""
        while kind.kind == "array":
            dimensions += f"[{kind.count}]"
            kind = kind.item
        return f"{self.stored(kind) if dimensions else self.of(kind)} {name}{dimensions}"

    # --- Structs ---

    def _struct(self, kind: Type) -> StructType:
        fields, padding, offset, largest = [], [], 0, 1
        for field in kind.fields:
            size, alignment = size_and_alignment(field.type)
            offset = self._pad(fields, padding, offset, alignment)
            fields.append(self._field(field))
            padding += self.cleaning(field.type, f"value->{field.name}")
            offset, largest = offset + size, max(largest, alignment)
        self._pad(fields, padding, offset, largest)
        checks = [check for field in kind.fields for check in self.checks(field.type, f"value->{field.name}")]
        return StructType(self.of(kind), f"{self.prefix}_{kind.name}", fixed_bytes(kind), tuple(fields),
                          tuple(checks), tuple(padding))

    def _field(self, field: Field) -> str:
        declared = self.declaration(field.type, field.name)
        if field.type.kind == "enum":
            return f"{self.stored(field.type)} {field.name};  // {self.of(field.type)}"
        return f"{declared};"

    def _pad(self, fields: list[str], padding: list[str], offset: int, alignment: int) -> int:
        """Padding has a name, so that it can be zeroed: nothing of the sender's memory leaves with a value."""
        missing = -offset % alignment
        if missing:
            name = f"padding_at_{offset}"
            fields.append(f"uint8_t {name}[{missing}];")
            padding.append(f"memset(value->{name}, 0, sizeof value->{name});")
        return offset + missing

    # --- Statements and conditions about a value in memory ---

    def checks(self, kind: Type, value: str) -> list[str]:
        """Conditions that a value from outside must meet; empty when every bit pattern is good."""
        match kind.kind:
            case "bool":
                return [f"*(const uint8_t *)&{value} <= 1"]
            case "enum" if len(kind.members) < 1 << kind.bits:
                return [f"{value} < {len(kind.members)}"]
            case "flags" if len(kind.members) < kind.bits:
                return [f"({value} & ~{flags_mask(kind)}) == 0"]
            case "struct" if self.has_checks(kind):
                return [f"{self.prefix}_{kind.name}_is_valid(&{value})"]
            case "array" if self.has_checks(kind):
                return [f"{self.array_check(kind)}(&{value}{'[0]' * dimensions(kind)}, {flat_count(kind)})"]
        return []

    def has_checks(self, kind: Type) -> bool:
        match kind.kind:
            case "array":
                return self.has_checks(kind.item)
            case "struct":
                return any(self.has_checks(field.type) for field in kind.fields)
        return bool(self.checks(kind, "value"))

    def array_check(self, kind: Type) -> str:
        """The helper that checks the items of an array, all dimensions in a row."""
        item = flat_item(kind)
        if item.kind == "bool":
            return "bools_are_valid"
        return f"{self.prefix}_{item.name}_items_are_valid"

    def cleaning(self, kind: Type, value: str) -> list[str]:
        """Statements that zero the padding inside a value."""
        if not self.has_padding(kind):
            return []
        if kind.kind == "array":
            item = flat_item(kind)
            return [f"{self.prefix}_{item.name}_items_clear_padding(&{value}{'[0]' * dimensions(kind)}, "
                    f"{flat_count(kind)});"]
        return [f"{self.prefix}_{kind.name}_clear_padding(&{value});"]

    def has_padding(self, kind: Type) -> bool:
        match kind.kind:
            case "array":
                return self.has_padding(kind.item)
            case "struct":
                return fixed_bytes(kind) != sum(fixed_bytes(f.type) for f in kind.fields) or any(
                    self.has_padding(f.type) for f in kind.fields)
        return False


def flags_mask(kind: Type) -> str:
    return f"{(1 << len(kind.members)) - 1:#x}ull"


def flat_item(kind: Type) -> Type:
    while kind.kind == "array":
        kind = kind.item
    return kind


def flat_count(kind: Type) -> int:
    return kind.count * flat_count(kind.item) if kind.kind == "array" else 1


def dimensions(kind: Type) -> int:
    return 1 + dimensions(kind.item) if kind.kind == "array" else 0

