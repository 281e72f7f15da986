"""A disk that U-Boot boots by itself: one FAT partition with the image and extlinux/extlinux.conf.

U-Boot's "distro boot" looks for that file on every disk it knows and does what it says (its manual, "Generic Distro
Configuration Concept"): here it loads the image and starts it by `booti` with the firmware's device tree.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import struct
from pathlib import Path

from .media import run

SECTOR = 512
FIRST = 2048             # sector where the partition begins: 1 MiB
LEAST = 64 << 20         # bytes of the partition: FAT32 has at least 65525 clusters
TRACK, HEADS = 32, 64    # 1 MiB a cylinder
FAT32_BY_SECTOR = 0x0C   # partition type
BOOTABLE = 0x80
NO_CYLINDER = b"\xfe\xff\xff"
DISK_ID, VOLUME_ID = 0x544E4F4E, "544e4f4e"
MENU = "default tenon\nlabel tenon\n  kernel /tenon.img\n"


def make(image: Path, folder: Path) -> Path:
    """Makes the disk in that folder, from the raw image."""
    disk, menu = folder / "disk", folder / "extlinux.conf"
    sectors = (LEAST + (image.stat().st_size + (1 << 20) - 1 & -(1 << 20))) // SECTOR
    menu.write_text(MENU)
    with open(disk, "wb") as file:
        file.write(_partition_table(sectors))
        file.truncate((FIRST + sectors) * SECTOR)
    volume = f"{disk}@@{FIRST * SECTOR}"
    run("mformat", "-i", volume, "-F", "-T", sectors, "-h", HEADS, "-s", TRACK, "-H", FIRST, "-N", VOLUME_ID,
        "-v", "TENON", "::")
    run("mmd", "-i", volume, "::/extlinux")
    run("mcopy", "-i", volume, menu, "::/extlinux/extlinux.conf")
    run("mcopy", "-i", volume, image, "::/tenon.img")
    return disk


def _partition_table(sectors: int) -> bytes:
    """A master boot record without boot code: that is the firmware's."""
    entry = struct.pack("<B3sB3sII", BOOTABLE, NO_CYLINDER, FAT32_BY_SECTOR, NO_CYLINDER, FIRST, sectors)
    return bytes(440) + struct.pack("<IH", DISK_ID, 0) + entry + bytes(48) + b"\x55\xaa"
