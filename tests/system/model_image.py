"""An image that carries out a recorded random run (tests/model/machine) on a board: its kernel is that of the product
hello, object by object, with the layout of the host tests in place of the product's own.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from builder import fixtures, product, qemu
from builder.project import ROOT
from builder.starts import Start

MODEL = ROOT / "tests" / "model" / "machine"
BOARD = re.compile(r"const struct layout_board layout_board = (\{.*?\});", re.DOTALL)
# For the layout's driver: a page of device registers and the first of two interrupt lines, which nobody uses.
DEVICES = {"qemu-aarch64": (0xA002000, 40), "qemu-riscv64": (0x10001000, 40), "qemu-x86_64": (0xB0100000, 20)}


@dataclass(frozen=True, slots=True)
class Kernel:
    """How the kernel of hello was compiled and linked."""

    folder: Path
    arch: str
    commands: tuple[dict, ...]

    @property
    def layout(self) -> dict:
        return next(entry for entry in self.commands if entry["file"].endswith("/gen/layout.c"))

    def objects(self) -> list[str]:
        """Without those of the product: its layout and its components."""
        return [str(self.folder / _output(entry)) for entry in self.commands
                if "/gen/" not in entry["file"] and "/kernel.dir/" in _output(entry)]

    def compile(self, source: Path, like: dict, out: Path, *flags: str) -> Path:
        words = shlex.split(like["command"])
        command = [*words[:words.index("-o")], *flags, "-o", str(out), "-c", str(source)]
        subprocess.run(command, cwd=like["directory"], check=True)
        return out

    def link(self, objects: list[str], out: Path, *flags: str) -> Path:
        elf = out.with_suffix(".elf")
        subprocess.run([f"{self.arch}-linux-gnu-gcc", "-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none",
                        "-Wl,--gc-sections", "-Wl,-z,noexecstack", "-Wl,-z,max-page-size=4096", *flags,
                        "-T", str(ROOT / "kernel" / "arch" / self.arch / "kernel.ld"), *objects, "-o", str(elf)], check=True)
        subprocess.run([f"{self.arch}-linux-gnu-objcopy", "-O", "binary", str(elf), str(out)], check=True)
        return out


def _output(entry: dict) -> str:
    words = shlex.split(entry["command"])
    return words[words.index("-o") + 1]


@cache
def kernel_of(board: str, arch: str) -> Kernel:
    folder = fixtures.built(product.Product("hello", board))
    return Kernel(folder, arch, tuple(json.loads((folder / "compile_commands.json").read_text())))


def system_objects(kernel: Kernel, board: str, script: Path, work: Path) -> list[str]:
    """The layout, the program and the script."""
    text = BOARD.search((kernel.folder / "gen" / "layout.c").read_text())
    base, line = DEVICES[board]
    (work / "board_values.h").write_text(f"#define BOARD {' '.join(text[1].split())}\n"
                                         f"#define DEVICE_BASE {base:#x}\n#define FIRST_LINE {line}\n")
    (work / "script.bin").write_bytes(script.read_bytes())
    include = [f"-I{folder}" for folder in (work, MODEL, MODEL / "real", ROOT / "tests" / "kernel")]
    assembly = next(entry for entry in kernel.commands if entry["file"].endswith("/entry.S"))
    return [str(kernel.compile(ROOT / "tests" / "kernel" / "layout.c", kernel.layout, work / "layout.o", *include)),
            str(kernel.compile(MODEL / "arch" / kernel.arch / "program.S", assembly, work / "program.o", *include)),
            str(kernel.compile(MODEL / "script.S", assembly, work / "script.o", *include))]


def without_fast_paths(kernel: Kernel, objects: list[str]) -> tuple[list[str], list[str]]:
    """Objects and linker options with which every system call takes the way through C."""
    fast = next(name for name in objects if "/fastpath.S" in name)
    symbols = subprocess.run([f"{kernel.arch}-linux-gnu-nm", fast], check=True, capture_output=True, text=True).stdout
    names = [line.split()[2] for line in symbols.splitlines() if line.split()[1:2] == ["T"]]
    assert names
    return [name for name in objects if name != fast], [f"-Wl,--defsym={name}=slow" for name in names]


def mutated(kernel: Kernel, objects: list[str], old: str, new: str, work: Path) -> list[str]:
    """The objects, with that replaced in the fast paths."""
    good = ROOT / "kernel" / "arch" / kernel.arch / "fastpath.S"
    text = good.read_text()
    assert text.count(old) == 1, f"`old` is {text.count(old)} times in {good.name}, expected once; adapt the mutant"
    source = work / good.name
    source.write_text(text.replace(old, new))
    like = next(entry for entry in kernel.commands if entry["file"] == str(good))
    made = kernel.compile(source, like, work / "fastpath.o", f"-I{good.parent}")
    return [str(made) if "/fastpath.S" in name else name for name in objects]


def link_image(start: Start, script: Path, work: Path, fast: bool = True, change: tuple[str, str] | None = None) -> Path:
    """The folder with the image. fast: with the fast paths; change: this text of theirs becomes that."""
    kernel = kernel_of(start.board, start.arch)
    objects, flags = kernel.objects(), []
    if not fast:
        objects, flags = without_fast_paths(kernel, objects)
    if change:
        objects = mutated(kernel, objects, *change, work)
    kernel.link([*objects, *system_objects(kernel, start.board, script, work)], work / qemu.IMAGE, *flags)
    return work
