#!/usr/bin/python3
"""Lists the files of a MINIX version 3 disk, each with its size and SHA-256: `tools/minixdisk.py IMAGE`.

Reads the format on its own: it shares nothing with the component mfs. `fsck.minix -f IMAGE` checks the rest of the disk.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import hashlib
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

BLOCK = 1024
SUPER = struct.Struct("<IHHHHHHIIHHH")      # inodes, -, blocks of both maps, first data zone, log zone size, -, largest file, zones, magic, -, block size
INODE = struct.Struct("<HHHHIIII10I")       # mode, links, user, group, size, three times, zones
ENTRY = struct.Struct("<I60s")
MAGIC, ROOT, DIRECT = 0x4D5A, 1, 7
TYPE, FILE, DIRECTORY = 0o170000, 0o100000, 0o040000


class Damaged(Exception):
    """The disk is no such file system, or a number on it leads nowhere."""


class MinixDisk:
    def __init__(self, image: bytes) -> None:
        self.image = image
        if len(image) < 2 * BLOCK:
            raise Damaged("too small for a superblock")
        (self.inodes, _, inode_maps, zone_maps, _, log_zone, _, _, self.zones, magic, _,
         block) = SUPER.unpack_from(image, BLOCK)
        if (magic, block, log_zone) != (MAGIC, BLOCK, 0):
            raise Damaged("no MINIX version 3 superblock of blocks of 1 KiB")
        self.table = 2 + inode_maps + zone_maps

    def block(self, number: int) -> bytes:
        if number >= self.zones or (number + 1) * BLOCK > len(self.image):
            raise Damaged(f"block {number} is outside the disk")
        return self.image[number * BLOCK:(number + 1) * BLOCK] if number else bytes(BLOCK)

    def inode(self, number: int) -> tuple[int, int, tuple[int, ...]]:
        """Mode, size and zones."""
        if not 1 <= number <= self.inodes:
            raise Damaged(f"inode {number} is outside the table")
        index = (number - 1) * INODE.size
        values = INODE.unpack_from(self.block(self.table + index // BLOCK), index % BLOCK)
        return values[0], values[4], values[8:]

    def data_blocks(self, zone: int, level: int) -> Iterator[int]:
        """Those that a zone number leads to, through so many levels; 0 for each in a hole."""
        if level == 0:
            yield zone
        elif zone == 0:
            for _ in range((BLOCK // 4) ** level):
                yield 0
        else:
            for below in struct.unpack(f"<{BLOCK // 4}I", self.block(zone)):
                yield from self.data_blocks(below, level - 1)

    def contents(self, number: int) -> bytes:
        _, size, zones = self.inode(number)
        blocks = (block for index, zone in enumerate(zones) for block in self.data_blocks(zone, max(0, index - DIRECT + 1)))
        return b"".join(self.block(next(blocks, 0)) for _ in range(-(-size // BLOCK)))[:size]

    def names(self, number: int) -> Iterator[tuple[str, int]]:
        data = self.contents(number)
        for at in range(0, len(data), ENTRY.size):
            inode, name = ENTRY.unpack_from(data, at)
            text = name.rstrip(b"\0").decode(errors="backslashreplace")
            if inode and text not in (".", ".."):
                yield text, inode

    def files(self, number: int = ROOT, above: str = "", depth: int = 64) -> Iterator[tuple[str, int]]:
        """Every file below a directory, with its path and inode."""
        if depth == 0:
            raise Damaged(f"{above} is too deep")
        for name, inode in self.names(number):
            kind = self.inode(inode)[0] & TYPE
            if kind == DIRECTORY:
                yield from self.files(inode, f"{above}/{name}", depth - 1)
            elif kind == FILE:
                yield f"{above}/{name}", inode


def read_files(image: Path) -> dict[str, bytes]:
    disk = MinixDisk(image.read_bytes())
    return {path: disk.contents(inode) for path, inode in disk.files()}


def main(words: list[str]) -> int:
    if len(words) != 1 or words[0] in ("-h", "--help"):
        print(f"usage: {Path(sys.argv[0]).name} IMAGE\n\n{__doc__}")
        return 0 if words else 2
    try:
        files = read_files(Path(words[0]))
    except (OSError, Damaged) as error:
        print(f"minixdisk: {words[0]}: {error}", file=sys.stderr)
        return 2
    for path, data in sorted(files.items()):
        print(f"{hashlib.sha256(data).hexdigest()}  {len(data):10}  {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
