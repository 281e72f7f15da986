"""The forms that a built product can be put into, and which firmware boots which.

    elf     the linked image with its symbols: for debuggers, and for loaders that read ELF
    image   the raw image: for every loader that starts Linux on aarch64 or riscv64
    disk    a disk with the image on it, which U-Boot boots by itself
    iso     a CD or USB stick for x86_64: GRUB and the image

A disk or an ISO takes a moment, so it is made anew each time; what comes out is the same byte for byte.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from . import boot_disk, boot_iso
from .project import UserError

FORMATS = {"aarch64": ("elf", "image", "disk"), "riscv64": ("elf", "image", "disk"), "x86_64": ("elf", "iso")}
LOADED = {"aarch64": "image", "riscv64": "image", "x86_64": "elf"}  # by QEMU itself
MEDIUM = {"uboot": "disk", "uefi": "iso", "bios": "iso"}    # what a firmware boots from
PACKAGES = {"disk": {"uboot"}, "iso": {"uefi"}}             # groups of tools/packages.txt
FILES = {"elf": "tenon.elf", "image": "tenon.img", "disk": "tenon.disk", "iso": "tenon.iso"}
MAKERS = {"disk": ("image", boot_disk.make), "iso": ("elf", boot_iso.make)}


def check(board: dict, name: str) -> None:
    """UserError when the board's images have no such form."""
    known = FORMATS[board["arch"]]
    if name not in known:
        raise UserError(f"board {board['board']} has no format `{name}`", f"there are: {', '.join(known)}")


def made(folder: Path, name: str) -> Path:
    """The product of this build folder in that form. A machine that runs from an older one keeps it."""
    target = folder / FILES[name]
    if name in MAKERS:
        source, make = MAKERS[name]
        with tempfile.TemporaryDirectory(dir=folder) as place:
            os.replace(make(folder / FILES[source], Path(place)), target)
    return target
