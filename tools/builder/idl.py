"""Message layouts: which way each value of a method goes, and where in the message it stands.

Values of fixed size travel in the message's words when they fit: each scalar in a word of its own if there are
enough words, otherwise several to a word at their natural alignment. What does not fit, the largest first, is
lent: the server copies it from or to the caller's memory. `string<N>` and `bytes<N>` are values of N bytes in
this choice. A `buffer` lies in memory that both sides map; only its used length travels.

A capability takes word 5; lends take words 6 to 9 of the request. Words are little endian.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from .abi import PAGE, constant
from .diagnostic import Diagnostics
from .interface import fixed_bytes
from .model import Field, Interface, Method, Stream, Type

WORD_BYTES = 8
COPIED_BYTES_MAX = 256      # a lent string or bytes up to this is copied by the stub; a larger one by the handler
LENGTH = Type("integer", bits=32)
SCALARS = ("bool", "integer", "enum", "flags")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar in a message: `path` leads to it inside its value ("" or ".mode.kind")."""

    path: str
    type: Type
    word: int = 0
    shift: int = 0      # bits
    alone: bool = True  # nothing else is in its word


@dataclass(frozen=True, slots=True)
class Place:
    """How one value travels.

    way     words       its leaves, or its bytes from `word` on (`chunk` of them), are in the message
            lend        the caller lends its memory: `index` says which of the two lends
            capability  the message's capability
            buffer      in memory shared by both; its length is the leaf
    length  where the used length travels, for bytes and buffers; a lent input's is in its descriptor
    """

    field: Field
    way: str
    leaves: tuple[Leaf, ...] = ()
    word: int = 0
    chunk: int = 0
    index: int = 0
    length: Leaf | None = None

    @property
    def copied(self) -> bool:
        """Whether the stub moves a lent value; otherwise the handler does, a part at a time."""
        return self.field.type.fixed or self.field.type.count <= COPIED_BYTES_MAX


@dataclass(frozen=True, slots=True)
class MethodLayout:
    """A method on the wire. The report shows `way` of each place."""

    method: Method
    inputs: tuple[Place, ...]
    outputs: tuple[Place, ...]
    request_words: int
    reply_words: int
    lends: int
    sends_capability: bool
    answers_capability: bool

    @property
    def in_registers(self) -> bool:
        """Whether every value is made of leaves: then nothing passes through memory."""
        return all(p.way == "capability" or p.way == "buffer" or (p.way == "words" and not p.chunk)
                   for p in (*self.inputs, *self.outputs))


def scalar_bits(kind: Type) -> int:
    return 8 if kind.kind == "bool" else kind.bits


def method_layout(method: Method, problems: Diagnostics) -> MethodLayout:
    """The layout; when the values cannot travel, a diagnostic and a layout that must not be used."""
    reply_lent = _lent(method.outputs, 0, problems, method, "answers")
    request_lent = _lent(method.inputs, len(reply_lent), problems, method, "sends")
    lent = [field.name for field in (*method.inputs, *method.outputs) if field in request_lent + reply_lent]
    if len(lent) > constant("LENDS_MAX"):
        problems.add("E0521", method.span, f"`{method.name}` lends more than a call can",
                     found=", ".join(f"`{name}`" for name in lent), expected=f"at most {constant('LENDS_MAX')} values "
                     "that do not fit in the message's words", suggestion="two methods, or one struct for several values")
    inputs, request_words = _placed(method.inputs, lent, _budget(method.inputs, len(lent)), False)
    outputs, reply_words = _placed(method.outputs, lent, _budget(method.outputs, 0), True, len(request_lent))
    return MethodLayout(method, inputs, outputs, request_words, reply_words, len(lent),
                        _has_capability(method.inputs), _has_capability(method.outputs))


def check_layouts(interfaces: Iterable[Interface]) -> Diagnostics:
    """The pass: every method of these interfaces can travel, and its values keep apart in C."""
    problems = Diagnostics()
    for interface in interfaces:
        for method in interface.methods:
            method_layout(method, problems)
            _check_derived_names(method, problems)
    return problems


@cache
def interface_layouts(interface: Interface) -> tuple[MethodLayout, ...]:
    """The layouts of an interface that check_layouts found to be good."""
    return tuple(method_layout(method, Diagnostics()) for method in interface.methods)


@cache
def error_codes(interface: Interface) -> dict[str, int]:
    """Result codes by name, in the order in which the file first names them: one name, one code."""
    names = dict.fromkeys(error for method in interface.methods for error in method.errors)
    return {name: constant("RESULT_FIRST") + index for index, name in enumerate(names)}


def _check_derived_names(method: Method, problems: Diagnostics) -> None:
    """A parameter `data` of bytes is also `data_bytes` and `data_room` in C."""
    fields = {field.name: field for field in (*method.inputs, *method.outputs)}
    for field in fields.values():
        for ending in ("bytes", "room"):
            other = fields.get(f"{field.name}_{ending}")
            if other and field.type.kind in ("string", "bytes", "buffer"):
                problems.add("E0522", other.span, f"`{other.name}` is what the stub calls the length of `{field.name}`",
                             suggestion=f"{other.name}_wanted")


# --- Choosing what is lent ---------------------------------------------------------------------------

def _has_capability(fields: tuple[Field, ...]) -> bool:
    return any(field.type.kind == "capability" for field in fields)


def _budget(fields: tuple[Field, ...], lends: int) -> int:
    """Words that values may use."""
    if _has_capability(fields):
        return constant("CAP_WORD")
    return constant("LEND_FIRST_WORD") if lends else constant("MESSAGE_WORDS")


def _weight(field: Field) -> int:
    return fixed_bytes(field.type) if field.type.fixed else field.type.count


def _lendable(field: Field) -> bool:
    return field.type.kind in ("struct", "array", "string", "bytes")


def _lent(fields: tuple[Field, ...], others: int, problems: Diagnostics, method: Method, verb: str) -> list[Field]:
    """Lends the largest values until the rest fits. Answers tell the length of what they put into lent memory."""
    lent: list[Field] = []
    while True:
        lends = 0 if verb == "answers" else others + len(lent)
        names = [field.name for field in lent]
        if _placed(fields, names, _budget(fields, lends), verb == "answers")[1] <= _budget(fields, lends):
            return lent
        rest = [field for field in fields if _lendable(field) and field not in lent]
        if not rest:
            problems.add("E0520", method.span, f"`{method.name}` {verb} more than a message holds",
                         found=f"{len(fields)} values", expected=f"at most {_budget(fields, lends)} words of "
                         f"{WORD_BYTES} bytes", suggestion="a struct of the values, which can be lent")
            return lent
        lent.append(max(rest, key=_weight))


# --- Placing -----------------------------------------------------------------------------------------

def leaves_of(kind: Type, path: str = "") -> Iterator[Leaf] | None:
    """The scalars of a value, or None when it holds an array: then it travels as its bytes."""
    if kind.kind in SCALARS:
        return iter((Leaf(path, kind),))
    if kind.kind != "struct":
        return None
    found: list[Leaf] = []
    for field in kind.fields:
        inner = leaves_of(field.type, f"{path}.{field.name}")
        if inner is None:
            return None
        found.extend(inner)
    return iter(found)


class _Cursor:
    """Where the next value goes. Spread: each scalar begins a word."""

    def __init__(self, spread: bool) -> None:
        self.spread = spread
        self.bit = 0

    def scalar(self, leaf: Leaf) -> Leaf:
        bits = 64 if self.spread else scalar_bits(leaf.type)
        self.bit = -(-self.bit // bits) * bits
        placed = Leaf(leaf.path, leaf.type, self.bit // 64, self.bit % 64, self.spread)
        self.bit += bits
        return placed

    def chunk(self, size: int) -> int:
        word = self.words
        self.bit = (word + -(-size // WORD_BYTES)) * 64
        return word

    @property
    def words(self) -> int:
        return -(-self.bit // 64)


def _placed(fields: tuple[Field, ...], lent: list[str], budget: int, lent_length: bool,
            first_lend: int = 0) -> tuple[tuple[Place, ...], int]:
    """The places and the words they need, spread out when that fits."""
    for spread in (True, False):
        cursor = _Cursor(spread)
        index = first_lend
        places = []
        for field in fields:
            places.append(_place(field, field.name in lent, index, cursor, lent_length))
            index += field.name in lent
        if cursor.words <= budget:
            break
    return tuple(places), cursor.words


def _place(field: Field, lent: bool, index: int, cursor: _Cursor, lent_length: bool) -> Place:
    kind = field.type
    if kind.kind == "capability":
        return Place(field, "capability")
    if kind.kind == "buffer":
        return Place(field, "buffer", length=cursor.scalar(Leaf("", LENGTH)))
    if lent:
        length = cursor.scalar(Leaf("", LENGTH)) if lent_length and not kind.fixed else None
        return Place(field, "lend", index=index, length=length)
    leaves = leaves_of(kind)
    if leaves is not None:
        return Place(field, "words", tuple(cursor.scalar(leaf) for leaf in leaves))
    length = cursor.scalar(Leaf("", LENGTH)) if kind.kind == "bytes" else None
    size = fixed_bytes(kind) if kind.fixed else kind.count
    return Place(field, "words", word=cursor.chunk(size), chunk=size, length=length)


# --- Memory shared by the two ends of a connection ---------------------------------------------------

QUEUE_HEADER_BYTES = 128    # struct queue of components/runtime/include/tenon/queue.h


@dataclass(frozen=True, slots=True)
class Shared:
    """Memory that both ends of one connection map, zeroed at boot and kept across restarts.

    `name` is the stream's, or METHOD_PARAMETER of a buffer; `to_server` says who is the consumer of a stream."""

    kind: str           # stream | buffer
    name: str
    bytes: int
    to_server: bool


def stream_bytes(stream: Stream) -> int:
    return -(-(QUEUE_HEADER_BYTES + stream.depth * fixed_bytes(stream.item)) // PAGE) * PAGE


def shared_memory(interface: Interface) -> tuple[Shared, ...]:
    """In the order of the file."""
    streams = [Shared("stream", s.name, stream_bytes(s), s.direction == "to_server") for s in interface.streams]
    buffers = [Shared("buffer", f"{method.name}_{field.name}", -(-field.type.count // PAGE) * PAGE, False)
               for method in interface.methods for field in (*method.inputs, *method.outputs)
               if field.type.kind == "buffer"]
    return (*streams, *buffers)
