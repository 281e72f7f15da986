"""An archive of the kind that Linux unpacks as its first file system (newc; Linux, Documentation/driver-api/early-userspace/buffer-format).

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import dataclass

FOLDER, FILE, DEVICE = 0o040755, 0o100644, 0o020600
EXECUTABLE = 0o111
END = "TRAILER!!!"


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    mode: int
    data: bytes = b""
    device: tuple[int, int] = (0, 0)


def cpio(entries: list[Entry]) -> bytes:
    """In their order, so folders come before what is in them. No times, no owners but root."""
    parts = [_entry(number, entry) for number, entry in enumerate([*entries, Entry(END, 0)])]
    return b"".join(parts)


def _entry(number: int, entry: Entry) -> bytes:
    name = entry.name.encode() + b"\0"
    fields = (number, entry.mode, 0, 0, 1, 0, len(entry.data), 0, 0, *entry.device, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return _padded(head) + _padded(entry.data)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
