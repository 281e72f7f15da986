"""tools/minixdisk.py reads what is on a disk, and says so when there is nothing that it can read."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from builder.project import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import minixdisk  # noqa: E402

BLOCKS = 700
DATA = 5    # first data zone of a disk with 16 inodes: boot block, superblock, two maps, one block of inodes


def inode(mode: int, size: int, zones: list[int]) -> bytes:
    return struct.pack("<HHHHIIII10I", mode, 1, 0, 0, size, 0, 0, 0, *zones, *[0] * (10 - len(zones)))


def entries(*names: tuple[int, str]) -> bytes:
    return b"".join(struct.pack("<I60s", number, name.encode()) for number, name in names)


def disk(inodes: dict[int, bytes], blocks: dict[int, bytes]) -> bytes:
    image = bytearray(BLOCKS * 1024)
    image[1024:1024 + minixdisk.SUPER.size] = minixdisk.SUPER.pack(16, 0, 1, 1, DATA, 0, 0, 1 << 30, BLOCKS, 0x4D5A, 0, 1024)
    for number, data in inodes.items():
        image[4096 + 64 * (number - 1):4096 + 64 * number] = data
    for number, data in blocks.items():
        image[number * 1024:number * 1024 + len(data)] = data
    return bytes(image)


def sound() -> bytes:
    """/d/f has a block, a hole, and one behind an indirect zone; /e is empty."""
    return disk({1: inode(0o040755, 256, [5]), 2: inode(0o040755, 192, [6]), 3: inode(0o100644, 8 * 1024 + 10, [7, 0, 0, 0, 0, 0, 0, 8]),
                 4: inode(0o100644, 0, [])},
                {5: entries((1, "."), (1, ".."), (2, "d"), (4, "e")), 6: entries((2, "."), (1, ".."), (3, "f")), 7: b"a" * 1024,
                 8: struct.pack("<II", 0, 9), 9: b"z" * 1024})


CONTENTS = b"a" * 1024 + bytes(7 * 1024) + b"z" * 10


def test_files_are_read_through_directories_holes_and_levels(tmp_path: Path) -> None:
    image = tmp_path / "disk.img"
    image.write_bytes(sound())

    assert minixdisk.read_files(image) == {"/d/f": CONTENTS, "/e": b""}


def test_the_command_lists_them(tmp_path: Path) -> None:
    image = tmp_path / "disk.img"
    image.write_bytes(sound())
    done = subprocess.run([ROOT / "tools" / "minixdisk.py", image], capture_output=True, text=True)

    assert done.returncode == 0
    assert done.stdout.splitlines() == [f"{hashlib.sha256(CONTENTS).hexdigest()}        8202  /d/f",
                                        f"{hashlib.sha256(b'').hexdigest()}           0  /e"]


@pytest.mark.parametrize("image, why", [
    (b"", "too small"),
    (bytes(1 << 20), "no MINIX version 3 superblock"),
    (disk({1: inode(0o040755, 64, [BLOCKS])}, {}), f"block {BLOCKS} is outside the disk"),
    (disk({1: inode(0o040755, 64, [5])}, {5: entries((17, "x"))}), "inode 17 is outside the table"),
    (disk({1: inode(0o040755, 64, [5])}, {5: entries((1, "again"))}), "is too deep"),
], ids=["empty", "zeroes", "zone", "inode", "cycle"])
def test_a_disk_that_lies_is_refused(tmp_path: Path, image: bytes, why: str) -> None:
    (tmp_path / "disk.img").write_bytes(image)
    done = subprocess.run([ROOT / "tools" / "minixdisk.py", tmp_path / "disk.img"], capture_output=True, text=True)

    assert done.returncode == 2
    assert why in done.stderr
