"""The ways in which tests start each board: its cores, the exception levels it may find itself at, how many cores.

This is the one list of it. A test that has the argument `start` runs once for each start, one with the argument
`board` once for each column: the first start of each board with each number of cores. Where a test has nothing to
say, it says why: `only_on(["qemu-aarch64"], "the reason")`, `one_core("the reason")`. `tenon test` ends with a table of all these tests and
columns, in which a result or a reason must stand everywhere.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Iterable
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

    @property
    def smp(self) -> int | None:
        """For QEMU. None: as many as the product has work for."""
        return self.cores if self.cores > 1 else None

    @property
    def settings(self) -> tuple[str, ...]:
        """What a product is built with so that it has work for all of them."""
        return (f"spread={self.cores}",) if self.cores > 1 else ()

    def __str__(self) -> str:
        return f"{self.column.replace(' ', '-')}-{self.cpu}" + (f"-el{self.el}" if self.arch == "aarch64" else "")


STARTS = (
    Start("qemu-aarch64", "aarch64", "cortex-a53", 1, "EL1"),
    Start("qemu-aarch64", "aarch64", "cortex-a53", 2, "EL1 below a resident EL2 stub"),
    Start("qemu-aarch64", "aarch64", "neoverse-n1", 1, "EL1"),
    Start("qemu-aarch64", "aarch64", "neoverse-n1", 2, "EL2 with VHE"),
    Start("qemu-aarch64", "aarch64", "max", 2, "EL2 with VHE"),
    Start("qemu-riscv64", "riscv64", "rv64", 1, "supervisor mode"),
    Start("qemu-x86_64", "x86_64", "max", 1, "long mode"),
    Start("qemu-aarch64", "aarch64", "cortex-a53", 1, "EL1", 4),
    Start("qemu-riscv64", "riscv64", "rv64", 1, "supervisor mode", 4),
    Start("qemu-x86_64", "x86_64", "max", 1, "long mode", 4),
)


def columns() -> dict[str, Start]:
    """The first start of each."""
    found: dict[str, Start] = {}
    for start in STARTS:
        found.setdefault(start.column, start)
    return found


def boards() -> list[str]:
    """The first column of each is called as it is."""
    return sorted(folder.name for folder in (ROOT / "cmake" / "boards").iterdir())


def only_on(chosen: Iterable[str], reason: str):
    """Marks a test that has nothing to say on other boards."""
    import pytest

    return pytest.mark.only_on(tuple(chosen), reason)


def one_core(reason: str, *chosen: str):
    """Marks a test that has nothing to say when a board, any or one of the chosen, has several cores."""
    import pytest

    return pytest.mark.one_core(reason, *chosen)
