"""What a guest is started with: its kernel, its first file system, its device tree, and where they lie in its memory.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import guest_package, model
from .abi import PAGE, constant
from .cpio import DEVICE, EXECUTABLE, FILE, FOLDER, Entry, cpio
from .guest_tree import SEED, guest_tree
from .project import ROOT, UserError

BUSYBOX = "busybox-static-arm64"
HEADER = "<8x3Q24x4s"      # text_offset, image_size, flags, magic (Linux, Documentation/arch/arm64/booting.rst)
MAGIC = b"ARM\x64"


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes, and where the guest finds them."""

    name: str
    data: bytes
    address: int


@dataclass(frozen=True, slots=True)
class GuestImage:
    parts: tuple[Part, ...]
    seed_offset: int        # in the device tree
    needs: int              # bytes of memory, at least

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)


def guest_images(system: model.System) -> dict[str, GuestImage]:
    """Of the guests that have a kernel, by name. Fetches packages."""
    return {guest.name: _image(guest) for guest in system.guests.values() if guest.kernel}


def _image(guest: model.Guest) -> GuestImage:
    memory = constant("GUEST_RAM")
    kernel, kernel_bytes = _kernel(guest.kernel)
    initrd = _initrd(ROOT / guest.initrd) if guest.initrd else b""
    # Both at the end of its memory, whole pages each; the kernel is at the beginning.
    start = memory + guest.memory - _pages(len(initrd))
    tree = guest_tree(memory, guest.memory, guest.vcpus, guest.cmdline, (start, start + len(initrd)))
    parts = [Part("kernel", kernel, memory), Part("tree", tree, start - _pages(len(tree)))]
    if initrd:
        parts.append(Part("initrd", initrd, start))
    return GuestImage(tuple(parts), tree.index(SEED), kernel_bytes + _pages(len(tree)) + _pages(len(initrd)))


def _pages(size: int) -> int:
    return -(-size // PAGE) * PAGE


def _kernel(name: str) -> tuple[bytes, int]:
    """The file, and the memory that it takes."""
    folder = guest_package.ensure(name)
    files = sorted(folder.glob("boot/vmlinuz-*"))
    if not files:
        raise UserError(f"the package {name} has no kernel in boot/")
    data = files[0].read_bytes()
    offset, size, _, magic = struct.unpack_from(HEADER, data) if len(data) >= struct.calcsize(HEADER) else (0, 0, 0, b"")
    if magic != MAGIC or offset:
        raise UserError(f"{files[0].name} of the package {name} is no arm64 image that begins at a block")
    return data, max(size, len(data))


def _initrd(folder: Path) -> bytes:
    """Busybox, the nodes that a kernel opens before there is anything else, and the folder."""
    busybox = (guest_package.ensure(BUSYBOX) / "bin" / "busybox").read_bytes()
    return cpio([*(Entry(name, FOLDER) for name in ("bin", "dev", "proc", "sys", "tmp")),
                 Entry("dev/console", DEVICE, device=(5, 1)), Entry("dev/null", DEVICE, device=(1, 3)),
                 Entry("bin/busybox", FILE | EXECUTABLE, busybox), *_files(folder)])


def _files(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            yield Entry(name, FOLDER)
        else:
            yield Entry(name, FILE | EXECUTABLE if path.stat().st_mode & 0o100 else FILE, path.read_bytes())
