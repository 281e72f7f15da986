"""apps/isolation on QEMU: whatever a driver does wrong, nobody else notices. See apps/isolation/README.md."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

import logdisk
from builder import fixtures
from builder.machine import Machine
from builder.starts import Start, one_core

WRONGS = ("hang", "storm of interrupts", "wild reads", "wild writes", "wild jump", "endless stack", "smashed stack", "guessed system calls")
ROUNDS = 4          # settings.yaml of the app
FILLED = 16384      # words of a bystander, and the seeds of both
SEEDS = (11, 12)
BACKOFF = 1_000     # us, as system.yaml declares
RECOVERY_MOST = 20_000
STORM = 1000        # interrupts; a driver that quiets its device has one for each request
LOADED_AT = {"qemu-aarch64": 0x40200000, "qemu-riscv64": 0x80200000, "qemu-x86_64": 0x2000000}
MEMORY = 32 << 20   # from there on
WRITABLE = 2        # p_flags (System V ABI)


def constant_parts(image: Path) -> list[tuple[int, bytes]]:
    """Text and constants of the kernel and of all components: where each part is after the first, and what it is in the image."""
    with image.open("rb") as file:
        segments = [segment for segment in ELFFile(file).iter_segments() if segment["p_type"] == "PT_LOAD"]
        first = min(segment["p_vaddr"] for segment in segments)
        return [(segment["p_vaddr"] - first, segment.data()) for segment in segments if not segment["p_flags"] & WRITABLE]


def filled(seed: int) -> bytes:
    """What a bystander writes once."""
    words = []
    for _ in range(FILLED):
        seed = (seed * 1664525 + 1013904223) % (1 << 32)
        words.append(seed)
    return struct.pack(f"<{FILLED}I", *words)


def memory(machine: Machine, address: int, folder: Path) -> bytes:
    dump = folder / "memory"
    machine.qmp.command("pmemsave", val=address, size=MEMORY, filename=str(dump))
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
    assert set(re.findall(r"sup: (\S+): restart in", console)) == {"rogue"}
    slowest = re.search(r"director: the slowest recovery took (\d+) us", console)
    assert slowest and BACKOFF <= int(slowest[1]) <= RECOVERY_MOST
    storms = [int(count) for count in re.findall(r"director: a storm of (\d+) interrupts", console)]
    assert len(storms) == ROUNDS and min(storms) >= STORM
    sums = [f"{logdisk.crc32c(filled(seed)):08x}" for seed in SEEDS]
    assert f"director: the memory of before and behind has checksums {sums[0]} and {sums[1]}" in console

    base = LOADED_AT[board.board]
    found = memory(running, base, tmp_path)
    assert [found.count(filled(seed)) for seed in SEEDS] == [1, 1]
    parts = constant_parts(fixtures.built(fixtures.product_of("isolation", board)) / "tenon.elf")
    assert sum(len(content) for _, content in parts) > 64 << 10
    for offset, content in parts:
        assert found[offset:offset + len(content)] == content, f"what lies from {base + offset:#x} on"
