"""The image of a disk with a MINIX version 3 file system, as `mkfs.minix -3` makes it, that has the files of a folder.

Blocks of 1 KiB; an inode for each three blocks. Nothing of this machine goes in, neither times nor owners: the same files are
the same image.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .project import UserError

BLOCK = 1024
MAGIC, LARGEST = 0x4D5A, 0x7FFFFFFF
SUPER = struct.Struct("<IHHHHHHIIHHHB")     # inodes, -, blocks of both maps, first data zone, log zone size, -, largest file, zones, magic, -, block size, -
INODE = struct.Struct("<HHHHIIII10I")       # mode, links, user, group, size, three times, zones
ENTRY = struct.Struct("<I60s")
ROOT = 1
DIRECT, POINTERS = 7, BLOCK // 4
FILE, DIRECTORY = 0o100644, 0o040755

Tree = Mapping[str, "bytes | Tree"]


def read_tree(folder: Path) -> Tree:
    return {path.name: read_tree(path) if path.is_dir() else path.read_bytes() for path in sorted(folder.iterdir())}


def with_file(tree: Tree, path: str, content: bytes) -> Tree:
    """The tree with one file more, or another one at that path."""
    name, _, rest = path.partition("/")
    if not rest:
        return {**tree, name: content}
    below = tree.get(name, {})
    if isinstance(below, bytes):
        raise UserError(f"`{name}` is a file of the disk, and a program needs a folder of that name")
    return {**tree, name: with_file(below, rest, content)}


def minix_image(tree: Tree, size: int) -> bytes:
    image = _Image(size // BLOCK)
    image.add_directory(tree, ROOT, ROOT)
    return image.finished(size)


def _blocks(count: int, each: int) -> int:
    return -(-count // each)


@dataclass
class _Image:
    """Inodes and data zones are given out in order, so that both maps are ones and then zeroes."""

    zones: int
    inodes: list[bytes] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inode_count = _blocks(self.zones // 3, BLOCK // INODE.size) * (BLOCK // INODE.size)
        self.inode_maps = _blocks(self.inode_count + 1, 8 * BLOCK)
        self.zone_maps = _blocks(self.zones, 8 * BLOCK)
        self.table = 2 + self.inode_maps + self.zone_maps
        self.first_zone = self.table + self.inode_count * INODE.size // BLOCK

    def new_inode(self) -> int:
        if len(self.inodes) == self.inode_count:
            raise UserError("the disk has no inode left")
        self.inodes.append(b"")
        return len(self.inodes)

    def new_zone(self, content: bytes) -> int:
        if self.first_zone + len(self.data) == self.zones:
            raise UserError("the disk is full")
        self.data.append(content.ljust(BLOCK, b"\0"))
        return self.first_zone + len(self.data) - 1

    def put(self, number: int, mode: int, links: int, content: bytes) -> None:
        zones = [self.new_zone(content[at:at + BLOCK]) for at in range(0, len(content), BLOCK)]
        slots = zones[:DIRECT]
        rest = zones[DIRECT:]
        for level in (1, 2, 3):
            slots += [0] * (DIRECT + level - 1 - len(slots))
            reach = POINTERS ** level
            if rest:
                slots.append(self.tree_of(rest[:reach], level))
            rest = rest[reach:]
        slots += [0] * (10 - len(slots))
        self.inodes[number - 1] = INODE.pack(mode, links, 0, 0, len(content), 0, 0, 0, *slots)

    def tree_of(self, zones: list[int], level: int) -> int:
        if level == 0:
            return zones[0]
        reach = POINTERS ** (level - 1)
        below = [self.tree_of(zones[at:at + reach], level - 1) for at in range(0, len(zones), reach)]
        return self.new_zone(struct.pack(f"<{len(below)}I", *below))

    def add_directory(self, tree: Tree, number: int, above: int) -> None:
        if number == ROOT:
            self.new_inode()
        entries = [(number, "."), (above, "..")]
        for name, content in sorted(tree.items()):
            if not 0 < len(name.encode()) <= 60 or "/" in name:
                raise UserError(f"`{name}` is no name for a file on a disk")
            inode = self.new_inode()
            entries.append((inode, name))
            if isinstance(content, bytes):
                self.put(inode, FILE, 1, content)
            else:
                self.add_directory(content, inode, number)
        links = 2 + sum(not isinstance(content, bytes) for content in tree.values())
        self.put(number, DIRECTORY, links, b"".join(ENTRY.pack(inode, name.encode()) for inode, name in entries))

    def finished(self, size: int) -> bytes:
        head = SUPER.pack(self.inode_count, 0, self.inode_maps, self.zone_maps, self.first_zone, 0, 0, LARGEST, self.zones, MAGIC, 0, BLOCK, 0)
        parts = [bytes(BLOCK), head.ljust(BLOCK, b"\0"),
                 _map(1 + len(self.inodes), 1 + self.inode_count, self.inode_maps),
                 _map(1 + len(self.data), 1 + self.zones - self.first_zone, self.zone_maps),
                 b"".join(self.inodes).ljust((self.first_zone - self.table) * BLOCK, b"\0"), *self.data]
        return b"".join(parts).ljust(size, b"\0")


def _map(used: int, there: int, blocks: int) -> bytes:
    """Ones for what is used and for what is not there."""
    bits = 8 * BLOCK * blocks
    ones = (1 << bits) - (1 << there) | (1 << used) - 1
    return ones.to_bytes(bits // 8, "little")
