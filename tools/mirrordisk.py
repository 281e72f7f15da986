#!/usr/bin/python3
"""Makes, checks and reads the two disks of the component mirror.

    tools/mirrordisk.py make CONTENT LEFT RIGHT      two disks that hold the image CONTENT
    tools/mirrordisk.py check LEFT RIGHT             what is damaged or old on each; ends with 1 when something is
    tools/mirrordisk.py content LEFT RIGHT IMAGE     what a client of the mirror sees

Reads the format that components/servers/mirror/README.md describes, on its own: it shares nothing with the component.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import secrets
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK, GROUP, STRIDE, START = 512, 63, 64, 1
MAGIC, FORMAT = b"tnmirror", 1
HEADER = struct.Struct("<8sII16sQ468xI")    # magic, format, side, pair, blocks, checksum
ENTRY = struct.Struct("<II")                # checksum, version
SUM = struct.Struct("<I")
NAMES = ("left", "right")


class Damaged(Exception):
    """A file is no such disk, or a block is on neither of the two."""


def _rows() -> Iterator[int]:
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


ROWS = tuple(_rows())


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ ROWS[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


# --- Making --------------------------------------------------------------------------------------

def made(content: bytes, pair: bytes, side: int) -> bytes:
    """One disk. Blocks of zeroes count as never written."""
    blocks = -(-len(content) // BLOCK)
    content = content.ljust(blocks * BLOCK, b"\0")
    header = HEADER.pack(MAGIC, FORMAT, side, pair, blocks, 0)
    parts = [header[:-SUM.size] + SUM.pack(crc32c(header[:-SUM.size]))]
    for group in range(-(-blocks // GROUP)):
        data = content[group * GROUP * BLOCK:(group + 1) * GROUP * BLOCK].ljust(GROUP * BLOCK, b"\0")
        entries = b"".join(ENTRY.pack(crc32c(block), 1) if any(block) else bytes(ENTRY.size)
                           for block in (data[at:at + BLOCK] for at in range(0, len(data), BLOCK)))
        table = entries + bytes(4)
        parts += [table + SUM.pack(crc32c(struct.pack("<Q", group) + table)) if any(table) else bytes(BLOCK), data]
    return b"".join(parts)


def make(content: Path, left: Path, right: Path) -> None:
    pair = secrets.token_bytes(16)
    for side, path in enumerate((left, right)):
        path.write_bytes(made(content.read_bytes(), pair, side))


# --- Reading -------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Side:
    name: str
    image: bytes
    pair: bytes
    blocks: int

    def place(self, group: int) -> int:
        return (START + group * STRIDE) * BLOCK

    def table(self, group: int) -> list[tuple[int, int]] | None:
        """Checksum and version of each block; None when it is damaged."""
        raw = self.image[self.place(group):self.place(group) + BLOCK]
        if any(raw) and SUM.unpack(raw[-SUM.size:])[0] != crc32c(struct.pack("<Q", group) + raw[:-SUM.size]):
            return None
        return list(ENTRY.iter_unpack(raw[:GROUP * ENTRY.size]))

    def block(self, number: int) -> bytes:
        at = self.place(number // GROUP) + (1 + number % GROUP) * BLOCK
        return self.image[at:at + BLOCK]


def opened(path: Path, side: int) -> Side:
    image = path.read_bytes()
    if len(image) < BLOCK:
        raise Damaged(f"{path}: too small for a header")
    magic, version, told, pair, blocks, total = HEADER.unpack_from(image)
    if magic != MAGIC or version != FORMAT or total != crc32c(image[:BLOCK - SUM.size]):
        raise Damaged(f"{path}: block 0 is no header of a mirror")
    if told != side:
        raise Damaged(f"{path}: is the {NAMES[told % 2]} disk, not the {NAMES[side]} one")
    if (START + -(-blocks // GROUP) * STRIDE) * BLOCK > len(image):
        raise Damaged(f"{path}: {len(image)} bytes are too few for {blocks} blocks")
    return Side(NAMES[side], image, pair, blocks)


def both(left: Path, right: Path) -> tuple[Side, Side]:
    sides = opened(left, 0), opened(right, 1)
    if sides[0].pair != sides[1].pair or sides[0].blocks != sides[1].blocks:
        raise Damaged("the two disks are not a pair")
    return sides


def blocks_of(sides: tuple[Side, Side]) -> Iterator[tuple[int, bytes | None, list[str]]]:
    """Number, content (None: lost) and what is wrong with each block."""
    for group in range(-(-sides[0].blocks // GROUP)):
        tables = [side.table(group) for side in sides]
        for index in range(min(GROUP, sides[0].blocks - group * GROUP)):
            yield _block(sides, tables, group * GROUP + index)


def _block(sides: tuple[Side, Side], tables: list[list[tuple[int, int]] | None], number: int) -> tuple[int, bytes | None, list[str]]:
    entries = [table and table[number % GROUP] for table in tables]
    versions = [entry[1] for entry in entries if entry]
    newest = max(versions, default=None, key=lambda version: ((version - versions[0] + (1 << 31)) % (1 << 32)))
    content, wrong = None, []
    for side, entry in zip(sides, entries):
        block = side.block(number)
        if entry is None:
            wrong.append(f"{side.name}: block {number}: its table is damaged")
        elif entry[1] != newest:
            wrong.append(f"{side.name}: block {number}: version {entry[1]}, not {newest}")
        elif newest == 0:
            content = content or bytes(BLOCK)
        elif entry[0] != crc32c(block):
            wrong.append(f"{side.name}: block {number}: damaged")
        else:
            content = content or block
    return number, content, wrong


def problems(left: Path, right: Path) -> list[str]:
    found = []
    for number, content, wrong in blocks_of(both(left, right)):
        found += wrong
        if content is None:
            found.append(f"block {number} is lost")
    return found


def content(left: Path, right: Path) -> bytes:
    parts = []
    for number, block, _ in blocks_of(both(left, right)):
        if block is None:
            raise Damaged(f"block {number} is lost")
        parts.append(block)
    return b"".join(parts)


def main(words: list[str]) -> int:
    command, *names = words or ["--help"]
    paths = [Path(name) for name in names]
    try:
        match command, len(paths):
            case "make", 3:
                make(*paths)
                return 0
            case "check", 2:
                found = problems(*paths)
                print("\n".join(found) or "both sides are whole and equal")
                return int(bool(found))
            case "content", 3:
                paths[2].write_bytes(content(paths[0], paths[1]))
                return 0
    except (Damaged, OSError) as error:
        print(f"mirrordisk: {error}", file=sys.stderr)
        return 1
    print(__doc__.strip(), file=sys.stdout if command in ("-h", "--help") else sys.stderr)
    return 0 if command in ("-h", "--help") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
