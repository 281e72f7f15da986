"""The ways in which tests start each board: its cores, the exception levels it may find itself at, how many cores.

This is the one list of it. A test that has the argument `start` runs once for each start, one with the argument
`board` once for each column: the first start of each board with each number of cores.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import dataclass

from .project import ROOT


@dataclass(frozen=True, slots=True)
class Start:
    board: str
    arch: str
    cpu: str
    el: int = 1
    mode: str = ""      # what the kernel's banner calls the level it then runs at
    cores: int = 1

    @property
    def column(self) -> str:
        """Where its results stand in the table of all tests and boards."""
        return self.board if self.cores == 1 else f"{self.board} x{self.cores}"

    def __str__(self) -> str:
        return f"{self.column.replace(' ', '-')}-{self.cpu}" + (f"-el{self.el}" if self.arch == "aarch64" else "")


STARTS = (
    Start("qemu-aarch64", "aarch64", "cortex-a53", 1, "EL1"),
    Start("qemu-aarch64", "aarch64", "cortex-a53", 2, "EL1 below a resident EL2 stub"),
    Start("qemu-aarch64", "aarch64", "neoverse-n1", 1, "EL1"),
    Start("qemu-aarch64", "aarch64", "neoverse-n1", 2, "EL2 with VHE"),
    Start("qemu-aarch64", "aarch64", "max", 2, "EL2 with VHE"),
    Start("qemu-riscv64", "riscv64", "rv64", 1, "supervisor mode"),
)


def columns() -> dict[str, Start]:
    """The first start of each."""
    found: dict[str, Start] = {}
    for start in STARTS:
        found.setdefault(start.column, start)
    return found


def boards_without_start() -> list[str]:
    known = {start.board for start in STARTS}
    return sorted(folder.name for folder in (ROOT / "cmake" / "boards").iterdir() if folder.name not in known)
