"""apps/isolation on QEMU: whatever a driver does wrong, nobody else notices. See apps/isolation/README.md."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from builder import fixtures
from builder.machine import Machine
from builder.starts import Start, one_core

WRONGS = ("hang", "storm of interrupts", "wild reads", "wild writes", "wild jump", "endless stack", "smashed stack", "guessed system calls")
ROUNDS = 4          # settings.yaml of the app
LOADED_AT = {"qemu-aarch64": 0x40200000, "qemu-riscv64": 0x80200000, "qemu-x86_64": 0x2000000}
WRITABLE = 2        # p_flags (System V ABI)


def constant_parts(image: Path, base: int) -> list[tuple[int, bytes]]:
    """Text and constants of the kernel and of all components: where each part is in memory, and what it is in the image."""
    with image.open("rb") as file:
        segments = [segment for segment in ELFFile(file).iter_segments() if segment["p_type"] == "PT_LOAD"]
        first = min(segment["p_vaddr"] for segment in segments)
        return [(base + segment["p_vaddr"] - first, segment.data()) for segment in segments if not segment["p_flags"] & WRITABLE]


def memory(machine: Machine, address: int, size: int, folder: Path) -> bytes:
    dump = folder / "memory"
    machine.qmp.command("pmemsave", val=address, size=size, filename=str(dump))
    return dump.read_bytes()


@one_core("deadlines are judged by the processor's own time, which several cores do not share")
@pytest.mark.timeout(400)
def test_nobody_notices_what_a_driver_does_wrong(machine, board: Start, tmp_path: Path) -> None:
    running = machine("isolation", board, icount=True)
    running.expect("director: done", timeout=300)
    console = running.text

    for wrong in WRONGS:
        assert f"director: {wrong}: {ROUNDS} times, nobody else noticed" in console
    periods = re.search(r"director: (\d+) periods of 1 ms, 0 missed", console)
    assert periods and int(periods[1]) > 100
    parts = constant_parts(fixtures.built(fixtures.product_of("isolation", board)) / "tenon.elf", LOADED_AT[board.board])
    assert sum(len(content) for _, content in parts) > 64 << 10
    for address, content in parts:
        assert memory(running, address, len(content), tmp_path) == content, f"what lies from {address:#x} on"
