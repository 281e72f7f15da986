"""C texts for scalars in message words, shared by the client's and the server's side of the stubs."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .glue_types import Types, flags_mask
from .idl import Leaf, Place, scalar_bits
from .interface import fixed_bytes
from .model import Type


def member(at: str, path: str) -> str:
    """The member `path` (".a.b", or "" for the value itself) of the struct that `at` points to."""
    return f"{at}->{path[1:]}" if path else at


def to_word(leaf: Leaf, value: str) -> str:
    """A scalar as its bits in its word."""
    bits = scalar_bits(leaf.type)
    if bits == 64:
        return f"(uint64_t){value}" if leaf.type.signed else value
    value = f"(uint{bits}_t){value}"
    return f"(uint64_t){value} << {leaf.shift}" if leaf.shift else value


def from_word(leaf: Leaf, types: Types, message: str) -> str:
    """The scalar as an expression of its C type. `message` is "message." or "message->"."""
    bits = scalar_bits(leaf.type)
    word = _word(leaf, message)
    if leaf.type.kind == "bool":
        return f"(uint8_t){word} != 0"
    if leaf.type.kind == "enum":
        return f"({types.of(leaf.type)})(uint{bits}_t){word}"
    return word if bits == 64 and not leaf.type.signed else f"({types.of(leaf.type)}){word}"


def _word(leaf: Leaf, message: str) -> str:
    word = f"{message}words[{leaf.word}]"
    return f"({word} >> {leaf.shift})" if leaf.shift else word


def word_is_bad(leaf: Leaf, message: str, strict: bool) -> list[str]:
    """When the bits are no value of the type; strict: also when a lone scalar is too large for its type."""
    bits = scalar_bits(leaf.type)
    word = f"{message}words[{leaf.word}]"
    part = word if leaf.alone else f"(uint{bits}_t){_word(leaf, message)}"
    kind = leaf.type
    if kind.kind == "bool":
        return [f"{part} > 1"]
    if kind.kind == "enum" and (leaf.alone or len(kind.members) < 1 << bits):
        return [f"{part} > {len(kind.members) - 1}"]
    if kind.kind == "flags" and len(kind.members) < bits:
        return [f"({word} & ~{flags_mask(kind)}) != 0"]
    if kind.kind == "integer" and bits < 64 and leaf.alone and strict:
        return [f"{word} >> {bits} != 0"]
    return []


class Words:
    """The words of one message as C expressions; what shares a word is or-ed."""

    def __init__(self) -> None:
        self.parts: dict[int, list[str]] = {}

    def add(self, leaf: Leaf, value: str) -> None:
        self.parts.setdefault(leaf.word, []).append(to_word(leaf, value))

    def add_chunk(self, place: Place, memory: str) -> None:
        """A value of fixed size in words of its own."""
        for word, offset, size in chunk_words(place):
            self.parts[word] = [f"word_of({memory}, {offset}, {size})"]

    @property
    def initialisers(self) -> str:
        """Of `.words`: in order, or designated when words between them stay empty."""
        texts = [(word, " | ".join(parts)) for word, parts in sorted(self.parts.items())]
        if [word for word, _ in texts] == list(range(len(texts))):
            return ", ".join(text for _, text in texts) or "0"
        return ", ".join(f"[{word}] = {text}" for word, text in texts)

    def assignments(self, message: str) -> list[str]:
        return [f"{message}words[{word}] = {' | '.join(parts)};" for word, parts in sorted(self.parts.items())]


def chunk_words(place: Place) -> list[tuple[int, int, int]]:
    """Of a value that lies in words of its own: each word, where its bytes are in the value, how many they are."""
    return [(place.word + offset // 8, offset, min(8, place.chunk - offset)) for offset in range(0, place.chunk, 8)]


def take_chunk(place: Place, memory: str, message: str) -> list[str]:
    return [f"word_to({memory}, {offset}, {message}words[{word}], {size});" for word, offset, size in chunk_words(place)]


def leaves(place: Place) -> tuple[Leaf, ...]:
    return (*place.leaves, *([place.length] if place.length else []))


def value_bytes(kind: Type) -> int:
    """Most bytes of a value in memory."""
    return fixed_bytes(kind) if kind.fixed else kind.count
