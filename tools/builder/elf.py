"""What the builder needs of a 64-bit little-endian ELF file: segments and symbols. Reads, never trusts.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
SECTION = struct.Struct("<IIQQQQIIQQ")
SYMBOL = struct.Struct("<IBBHQQ")
LOAD, SYMBOL_TABLE = 1, 2
EXECUTE, WRITE, READ = 1, 2, 4


class ElfError(Exception):
    """The file is not the ELF file that it should be; the text says why."""


@dataclass(frozen=True, slots=True)
class Segment:
    address: int
    data: bytes      # what the file holds of it
    bytes: int       # in memory; the rest is zero
    flags: int

    @property
    def name(self) -> str:
        """Its part in a component: one of each."""
        return {EXECUTE | READ: "text", READ: "rodata", WRITE | READ: "data"}.get(self.flags, f"flags{self.flags}")


@dataclass(frozen=True, slots=True)
class Symbol:
    name: str
    address: int
    bytes: int
    function: bool


@dataclass(frozen=True, slots=True)
class Elf:
    entry: int
    segments: tuple[Segment, ...]     # loaded ones that are not empty
    symbols: tuple[Symbol, ...]       # named ones


def read(path: Path) -> Elf:
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise ElfError(f"cannot be read: {problem.strerror}") from None
    try:
        return _parse(data)
    except (struct.error, ValueError, IndexError):
        raise ElfError("is cut short or damaged") from None


def _parse(data: bytes) -> Elf:
    (ident, _, _, _, entry, segments_at, sections_at, _, _, segment_bytes, segments, section_bytes, sections,
     _) = HEADER.unpack_from(data)
    if ident[:6] != b"\x7fELF\x02\x01":
        raise ElfError("is not a 64-bit little-endian ELF file")
    headers = [SEGMENT.unpack_from(data, segments_at + n * segment_bytes) for n in range(segments)]
    tables = [SECTION.unpack_from(data, sections_at + n * section_bytes) for n in range(sections)]
    loaded = tuple(Segment(address, data[offset:offset + in_file], in_memory, flags & 7)
                   for kind, flags, offset, address, _, in_file, in_memory, _ in headers
                   if kind == LOAD and in_memory)
    if any(len(s.data) > s.bytes for s in loaded):
        raise ElfError("has a segment that is larger in the file than in memory")
    return Elf(entry, loaded, tuple(s for table in tables if table[1] == SYMBOL_TABLE
                                    for s in _symbols(data, table, tables[table[6]])))


def _symbols(data: bytes, table: tuple[int, ...], strings: tuple[int, ...]) -> list[Symbol]:
    names = data[strings[4]:strings[4] + strings[5]]
    rows = SYMBOL.iter_unpack(data[table[4]:table[4] + table[5]])
    return [Symbol(names[name:names.index(0, name)].decode(), address, size, info & 15 == 2)
            for name, info, _, section, address, size in rows if name and section]
