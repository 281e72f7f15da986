#!/usr/bin/python3
"""Prints and checks a disk of the component log_store: `tools/logdisk.py IMAGE`.

Reads the format that components/servers/log_store/README.md describes, on its own: it shares nothing with the component.
Ends with 1 when a record is damaged, missing, doubled or out of order.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 512
SUPER = struct.Struct("<8sIIQ")             # magic, version, checksum, capacity
RECORD = struct.Struct("<4sIQQQII256s")     # magic, checksum, sequence, id, seconds, client, length, text
CHECKED_FROM_SUPER, CHECKED_FROM_RECORD = 16, 8


@dataclass(frozen=True)
class Record:
    sequence: int
    id: int
    seconds: int
    client: int
    text: str


@dataclass(frozen=True)
class LogDisk:
    capacity: int
    records: tuple[Record, ...]     # by sequence
    problems: tuple[str, ...]


def crc32c(data: bytes) -> int:
    """Bit by bit: slow, and surely the definition."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def read_log(image: Path) -> LogDisk:
    """Everything on the disk, and everything that is wrong with it."""
    data = image.read_bytes()
    if len(data) < 2 * BLOCK:
        return LogDisk(0, (), (f"{image.name} holds {len(data)} bytes: no disk of a log store",))
    magic, version, checksum, capacity = SUPER.unpack_from(data)
    if magic != b"TENONLOG" or version != 1 or checksum != crc32c(data[CHECKED_FROM_SUPER:BLOCK]):
        return LogDisk(0, (), ("block 0 is not that of a log store",))
    problems: list[str] = []
    if not 0 < capacity <= len(data) // BLOCK - 1:
        return LogDisk(capacity, (), (f"block 0 tells of {capacity} records, which the disk has no room for",))
    records = sorted(_records(data, capacity, problems), key=lambda record: record.sequence)
    _check_order(records, capacity, problems)
    return LogDisk(capacity, tuple(records), tuple(problems))


def _records(data: bytes, capacity: int, problems: list[str]) -> Iterator[Record]:
    blank = bytes(BLOCK)
    for position in range(capacity):
        block = data[BLOCK * (1 + position):BLOCK * (2 + position)]
        if block == blank:
            continue
        magic, checksum, sequence, number, seconds, client, length, text = RECORD.unpack_from(block)
        if magic != b"TREC" or checksum != crc32c(block[CHECKED_FROM_RECORD:]) or length > len(text):
            problems.append(f"block {1 + position} is damaged")
        elif sequence % capacity != position:
            problems.append(f"block {1 + position} holds record {sequence}, which belongs elsewhere")
        else:
            yield Record(sequence, number, seconds, client, text[:length].decode("ascii", "replace"))


def _check_order(records: list[Record], capacity: int, problems: list[str]) -> None:
    """Sequence numbers without gaps up to the last; each client's ids in the same order, each once."""
    if not records:
        return
    last_ids: dict[int, int] = {}
    expected = max(0, records[-1].sequence + 1 - capacity)
    for record in records:
        if record.sequence != expected:
            problems.append(f"record {record.sequence} follows where {expected} should be")
        expected = record.sequence + 1
        before = last_ids.get(record.client)
        if before is not None and record.id <= before:
            problems.append(f"record {record.sequence} has id {record.id} after id {before} of the same client")
        last_ids[record.client] = record.id


def main(words: list[str]) -> int:
    if len(words) != 1 or words[0] in ("-h", "--help"):
        print(f"usage: {Path(sys.argv[0]).name} IMAGE\n\n{__doc__}")
        return 0 if words else 2
    try:
        log = read_log(Path(words[0]))
    except OSError as error:
        print(f"logdisk: {words[0]}: {error.strerror}", file=sys.stderr)
        return 2
    for record in log.records:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(record.seconds))
        print(f"{record.sequence:8}  {when}  client {record.client:08x}  id {record.id:6}  {record.text}")
    for problem in log.problems:
        print(f"logdisk: {problem}", file=sys.stderr)
    print(f"{len(log.records)} records, {len(log.problems)} problems")
    return 1 if log.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
