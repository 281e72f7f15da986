"""Interface files: from their text to the model, and the rules of the interface language."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from collections.abc import Iterable

from . import grammar
from .c_names import check_names
from .diagnostic import Diagnostics, Span, did_you_mean, whole_file
from .model import CAPABILITIES, Event, Field, Interface, Method, Stream, Type
from .shape import BROKEN, Key, Named, Record, words
from .source import Node

METHODS_MAX = 1000      # labels are 16 bits; a thousand methods are several interfaces
ERRORS_MAX = 64
EVENTS_MAX = 32         # a thread has 64 notification bits in all
FIELDS_MAX = 64
BYTES_MAX = 1 << 30     # LEND_BYTES_MAX of the kernel ABI
ARRAY_MAX = 65536
FIXED_BYTES_MAX = 4096  # a stub keeps such a value on the stack
ENUM_MAX = 256

INTEGER = re.compile(r"([ui])(8|16|32|64)\Z")
SIZED = re.compile(r"(string|bytes|buffer)\s*(?:<\s*([0-9]+)\s*>)?\Z")
CAPABILITY = re.compile(r"capability\s*(?:<\s*([a-z]*)\s*>)?\Z")
ARRAY = re.compile(r"(.+)\[\s*([0-9]*)\s*\]\Z")
PRIMITIVES = ("bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "string", "bytes", "buffer", "capability")


def file_stem(name: str) -> str:
    """`DataStore` is in data_store.yaml."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def read_interface(tree: Node, name: str, file: str, problems: Diagnostics) -> Interface | None:
    """The interface, or None when something in it was wrong."""
    before = len(problems)
    value = grammar.INTERFACE.read(tree, problems, Key(name, whole_file(file)))
    if value is None:
        return None
    record: Record = value.value
    if "interface" in record and record["interface"] != name:
        problems.add("E0501", record.at("interface"), f"`{file}` declares another interface than its name says",
                     found=f"`{record['interface']}`", expected=f"`{name}`", suggestion=f"interface: {name}")
    reader = _Reader(record, problems)
    types = reader.named_types()
    interface = Interface(name, record["version"], record["doc"], types, reader.methods(types), reader.events(),
                          reader.streams(types), record.at("interface"))
    if len(problems) == before:
        _check_something(interface, record, problems)
        _check_clashes(interface, problems)
    return interface if len(problems) == before else None


class _Reader:
    """Builds the parts of one interface; what is wrong is reported and left out."""

    def __init__(self, record: Record, problems: Diagnostics) -> None:
        self.record = record
        self.problems = problems

    def named_types(self) -> dict[str, Type]:
        """Structs see the types above them only, so that no type contains itself."""
        types: dict[str, Type] = {}
        self.all_types = set(self.record["types"] or {})
        for named in (self.record["types"] or {}).values():
            if named.value is BROKEN:
                types[named.name] = UNKNOWN
                continue
            types[named.name] = self._named_type(named, types)
        return types

    def _named_type(self, named: Named, types: dict[str, Type]) -> Type:
        record: Record = named.value
        given = [kind for kind in ("enum", "flags", "struct") if kind in record.spans]
        if len(given) != 1:
            if not record.broken:
                self.problems.add("E0502", named.span, f"the type `{named.name}` must be exactly one thing",
                                  found=" and ".join(given) or "nothing", expected="enum, flags or struct")
            return UNKNOWN
        if record.broken:
            return UNKNOWN
        kind = given[0]
        if kind == "struct":
            fields = self._fields(record["struct"], types, f"the struct `{named.name}`", named.span)
            fixed = [field for field in fields if not field.type.fixed and field.type is not UNKNOWN]
            for field in fixed:
                self.problems.add("E0503", field.span, f"the field `{field.name}` of a struct has no fixed size",
                                  found=f"`{field.type}`", expected="integers, bool, enums, flags, structs or arrays")
            return UNKNOWN if fixed else Type("struct", named.name, fields=fields)
        return self._members(named, kind, words(record[kind]))

    def _members(self, named: Named, kind: str, members: tuple[str, ...]) -> Type:
        most = 64 if kind == "flags" else ENUM_MAX
        if not 1 <= len(members) <= most:
            self.problems.add("E0504", named.value.at(kind), f"`{named.name}` has {len(members)} values",
                              expected=f"1 to {most}")
            return UNKNOWN
        return Type(kind, named.name, members=members, bits=64 if kind == "flags" else 8)

    def _fields(self, named: dict[str, Named] | None, types: dict[str, Type], owner: str, span: Span) -> tuple[Field, ...]:
        if named is not None and len(named) > FIELDS_MAX:
            self.problems.add("E0504", span, f"{owner} has too many fields", found=str(len(named)),
                              expected=f"at most {FIELDS_MAX}")
            return ()
        fields = []
        for item in (named or {}).values():
            if item.value is not BROKEN:
                fields.append(Field(item.name, self._type(item.value, item.place, types, item.name), item.span))
        return tuple(fields)

    def methods(self, types: dict[str, Type]) -> tuple[Method, ...]:
        declared = list((self.record["methods"] or {}).values())
        if len(declared) > METHODS_MAX:
            self.problems.add("E0504", self.record.at("methods"), "there are too many methods",
                              found=str(len(declared)), expected=f"at most {METHODS_MAX}")
            return ()
        return tuple(self._method(item, label, types) for label, item in enumerate(declared, 1)
                     if item.value is not BROKEN)

    def _method(self, named: Named, label: int, types: dict[str, Type]) -> Method:
        record: Record = named.value
        owner = f"the method `{named.name}`"
        inputs = self._fields(record["in"], types, owner, named.span)
        outputs = self._fields(record["out"], types, owner, named.span)
        errors = words(record["errors"])
        if len(errors) > ERRORS_MAX:
            self.problems.add("E0504", record.at("errors"), f"{owner} has too many errors", found=str(len(errors)),
                              expected=f"at most {ERRORS_MAX}")
        self._check_twice(inputs, outputs)
        self._check_capabilities(named, inputs, outputs)
        return Method(named.name, label, inputs, outputs, errors, record["restart"], record["doc"], named.span)

    def _check_twice(self, inputs: tuple[Field, ...], outputs: tuple[Field, ...]) -> None:
        names = {field.name for field in inputs}
        for field in outputs:
            if field.name in names:
                self.problems.add("E0505", field.span, f"`{field.name}` is both sent and answered",
                                  expected="different names in `in` and `out`", suggestion=f"{field.name}_out")

    def _check_capabilities(self, named: Named, inputs: tuple[Field, ...], outputs: tuple[Field, ...]) -> None:
        """A message carries one capability."""
        for fields, verb in ((inputs, "sends"), (outputs, "answers")):
            several = [field for field in fields if field.type.kind == "capability"]
            if len(several) > 1:
                self.problems.add("E0506", several[1].span, f"`{named.name}` {verb} more than one capability",
                                  found=", ".join(f"`{field.name}`" for field in several),
                                  expected="one in each direction")

    def events(self) -> tuple[Event, ...]:
        values = self.record["events"] or ()
        if len(values) > EVENTS_MAX:
            self.problems.add("E0504", self.record.at("events"), "there are too many events", found=str(len(values)),
                              expected=f"at most {EVENTS_MAX}")
        return tuple(Event(value.value, index, value.span) for index, value in enumerate(values))

    def streams(self, types: dict[str, Type]) -> tuple[Stream, ...]:
        streams = []
        for named in (self.record["streams"] or {}).values():
            if named.value is not BROKEN and not named.value.broken:
                streams.append(self._stream(named, types))
        return tuple(streams)

    def _stream(self, named: Named, types: dict[str, Type]) -> Stream:
        record: Record = named.value
        item = self._type(record["item"], record.at("item"), types, "item")
        if item is not UNKNOWN and not item.fixed:
            self.problems.add("E0503", record.at("item"), f"the items of `{named.name}` have no fixed size",
                              found=f"`{item}`", expected="integers, bool, enums, flags, structs or arrays")
        depth = record["depth"]
        if depth & (depth - 1):
            self.problems.add("E0507", record.at("depth"), f"the depth of `{named.name}` is not a power of two",
                              found=str(depth), suggestion=str(1 << depth.bit_length()))
        return Stream(named.name, item, depth, record["direction"], named.span)

    # --- Types ---

    def _type(self, text: str, span: Span, types: dict[str, Type], name: str) -> Type:
        kind = self._parse(text.strip(), span, types)
        if kind.fixed and fixed_bytes(kind) > FIXED_BYTES_MAX:
            self.problems.add("E0504", span, f"`{name}` is too large for a value of fixed size",
                              found=f"{fixed_bytes(kind)} bytes", expected=f"at most {FIXED_BYTES_MAX}; use bytes<N>")
            return UNKNOWN
        return kind

    def _parse(self, text: str, span: Span, types: dict[str, Type], depth: int = 0) -> Type:
        if text == "bool":
            return Type("bool")
        if match := INTEGER.match(text):
            return Type("integer", bits=int(match[2]), signed=match[1] == "i")
        if match := SIZED.match(text):
            return self._sized(match[1], match[2], span)
        if match := CAPABILITY.match(text):
            return self._capability(match[1], span)
        if (match := ARRAY.match(text)) and depth < 4:
            return self._array(match, span, types, depth)
        if text in types:
            return types[text]
        self._unknown(text, span, types)
        return UNKNOWN

    def _unknown(self, text: str, span: Span, types: dict[str, Type]) -> None:
        if text in self.all_types:
            self.problems.add("E0508", span, f"the type `{text}` is used above its declaration",
                              expected=f"`{text}` declared first; a type cannot contain itself")
            return
        self.problems.add("E0508", span, f"there is no type `{text}`", suggestion=did_you_mean(text, [*PRIMITIVES, *types]),
                          expected="a basic type, or one declared under `types`")

    def _sized(self, kind: str, count: str | None, span: Span) -> Type:
        if not count:
            self.problems.add("E0509", span, f"`{kind}` has no bound", expected="a largest size, because every message "
                              "is bounded", suggestion=f"{kind}<256>")
            return UNKNOWN
        most = BYTES_MAX
        if len(count) > 12 or not 1 <= int(count) <= most:
            self.problems.add("E0504", span, f"the size of `{kind}<{count[:20]}>` is out of range",
                              expected=f"1 to {most}")
            return UNKNOWN
        return Type(kind, count=int(count))

    def _capability(self, name: str | None, span: Span) -> Type:
        if name not in CAPABILITIES:
            self.problems.add("E0508", span, "a capability names the object it is for",
                              found=f"`capability<{name}>`" if name else "`capability`",
                              expected="one of " + ", ".join(CAPABILITIES),
                              suggestion=f"capability<{did_you_mean(name or '', CAPABILITIES) or CAPABILITIES[0]}>")
            return UNKNOWN
        return Type("capability", name)

    def _array(self, match: re.Match, span: Span, types: dict[str, Type], depth: int) -> Type:
        item = self._parse(match[1].strip(), span, types, depth + 1)
        if item is UNKNOWN:
            return UNKNOWN
        if not match[2]:
            self.problems.add("E0509", span, "an array has no bound", suggestion=f"{item}[16]")
            return UNKNOWN
        if not item.fixed:
            self.problems.add("E0503", span, "the items of an array have no fixed size", found=f"`{item}`",
                              expected="integers, bool, enums, flags, structs or arrays")
            return UNKNOWN
        if len(match[2]) > 8 or not 1 <= int(match[2]) <= ARRAY_MAX:
            self.problems.add("E0504", span, "the length of an array is out of range", expected=f"1 to {ARRAY_MAX}")
            return UNKNOWN
        return Type("array", item=item, count=int(match[2]))


# Stands for a type that was wrong; never part of an interface that is returned.
UNKNOWN = Type("unknown")


def fixed_bytes(kind: Type) -> int:
    """Size of a fixed value in memory, each part at its natural alignment."""
    return _size_and_alignment(kind)[0]


def _size_and_alignment(kind: Type) -> tuple[int, int]:
    match kind.kind:
        case "bool":
            return 1, 1
        case "integer" | "enum" | "flags":
            return kind.bits // 8, kind.bits // 8
        case "array":
            size, alignment = _size_and_alignment(kind.item)
            return size * kind.count, alignment
        case "struct":
            return _struct_size(kind)
    return 0, 1


def _struct_size(kind: Type) -> tuple[int, int]:
    offset, largest = 0, 1
    for field in kind.fields:
        size, alignment = _size_and_alignment(field.type)
        offset = -(-offset // alignment) * alignment + size
        largest = max(largest, alignment)
    return -(-offset // largest) * largest, largest


# --- Rules about the whole file ----------------------------------------------------------------------

def _check_something(interface: Interface, record: Record, problems: Diagnostics) -> None:
    if not (interface.methods or interface.events or interface.streams):
        problems.add("E0510", record.at("interface"), f"the interface `{interface.name}` has nothing in it",
                     expected="methods, events or streams")


def _check_clashes(interface: Interface, problems: Diagnostics) -> None:
    """Names that become C identifiers side by side must differ, and must not be words of C."""
    operations: Iterable = [*interface.methods, *interface.events, *interface.streams]
    check_names([(item.name, item.span) for item in operations], problems)
    for method in interface.methods:
        check_names([(f.name, f.span) for f in (*method.inputs, *method.outputs)], problems, "a parameter")
    for kind in interface.types.values():
        check_names([(f.name, f.span) for f in kind.fields], problems, "a field")
