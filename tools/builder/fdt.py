"""Flattened device trees (Devicetree Specification 0.4, chapter 5): from bytes to nodes.

We read them ourselves: the bindings of libfdt 1.6.1 drop references to Python's None, which ends a process
that loads many trees.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MAGIC = 0xD00DFEED
BEGIN_NODE, END_NODE, PROPERTY, NOP, END = 1, 2, 3, 4, 9
DEPTH_MAX = 64      # as deep as the standard tools go


class FdtError(Exception):
    """The bytes are not a device tree."""


@dataclass(slots=True)
class Node:
    name: str
    properties: dict[str, bytes] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def child(self, name: str) -> Node | None:
        return next((child for child in self.children if child.name == name), None)

    def all(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.all()

    def cells(self, name: str) -> tuple[int, ...]:
        value = self.properties.get(name, b"")
        return struct.unpack(f">{len(value) // 4}I", value[:len(value) // 4 * 4])

    def cell(self, name: str, default: int | None = None) -> int | None:
        cells = self.cells(name)
        return cells[0] if cells else default

    def strings(self, name: str) -> tuple[str, ...]:
        return tuple(part.decode("ascii", "replace") for part in self.properties.get(name, b"").split(b"\0") if part)


def parse(blob: bytes) -> Node:
    """The root node."""
    try:
        return _parse(blob)
    except (struct.error, IndexError, ValueError) as problem:
        raise FdtError(f"it is cut off or damaged: {problem}") from problem


def _parse(blob: bytes) -> Node:
    magic, _, structure, strings = struct.unpack_from(">4I", blob)
    if magic != MAGIC:
        raise FdtError("it does not begin as a device tree")
    above: list[Node] = []
    at = structure
    while True:
        token, = struct.unpack_from(">I", blob, at)
        at += 4
        if token == BEGIN_NODE:
            name, at = _text(blob, at)
            node = Node(name)
            if above:
                above[-1].children.append(node)
            above.append(node)
            if len(above) > DEPTH_MAX:
                raise FdtError("its nodes are nested too deeply")
        elif token == PROPERTY:
            size, offset = struct.unpack_from(">2I", blob, at)
            above[-1].properties[_text(blob, strings + offset)[0]] = blob[at + 8:at + 8 + size]
            at = _aligned(at + 8 + size)
        elif token == END_NODE:
            node = above.pop()
            if not above:
                return node
        elif token != NOP:
            raise FdtError(f"token {token} is not known")


def _text(blob: bytes, at: int) -> tuple[str, int]:
    end = blob.index(b"\0", at)
    return blob[at:end].decode("ascii", "replace"), _aligned(end + 1)


def _aligned(at: int) -> int:
    return -(-at // 4) * 4


# --- And back ----------------------------------------------------------------------------------------

VERSION, COMPATIBLE, HEADER_BYTES, RESERVATIONS = 17, 16, 40, bytes(16)


def flatten(root: Node) -> bytes:
    """The bytes of a tree, without reservations."""
    names: dict[str, int] = {}
    strings = bytearray()
    for node in root.all():
        for name in node.properties:
            if name not in names:
                names[name] = len(strings)
                strings += name.encode() + b"\0"
    structure = _flat(root, names) + struct.pack(">I", END)
    at = HEADER_BYTES + len(RESERVATIONS)
    header = struct.pack(">10I", MAGIC, at + len(structure) + len(strings), at, at + len(structure), HEADER_BYTES, VERSION, COMPATIBLE, 0,
                         len(strings), len(structure))
    return header + RESERVATIONS + structure + bytes(strings)


def _flat(node: Node, names: dict[str, int]) -> bytes:
    parts = [struct.pack(">I", BEGIN_NODE), _padded(node.name.encode() + b"\0")]
    parts += [struct.pack(">3I", PROPERTY, len(value), names[name]) + _padded(value) for name, value in node.properties.items()]
    parts += [_flat(child, names) for child in node.children]
    return b"".join(parts) + struct.pack(">I", END_NODE)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
