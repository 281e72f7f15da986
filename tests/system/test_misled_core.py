"""Cores that the firmware starts at the image's first instruction, where only the boot core belongs: the first of them boots.

OpenSBI 1.1 does that to a core which sees that it is to start before it sees where. SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from builder.fixtures import built, product_of
from builder.formats import FILES
from builder.machine import Machine
from builder.starts import STARTS
from system.gdb_remote import GdbRemote

FOUR = next(start for start in STARTS if start.board == "qemu-riscv64" and start.cores == 4)
IMAGE = 0x80200000
PC, A0, A1 = 32, 10, 11  # as GDB calls them


def address_of(symbol: str) -> int:
    """Where it is before the kernel maps itself."""
    with (built(product_of("hello", FOUR)) / FILES["elf"]).open("rb") as file:
        values = {each.name: each["st_value"] for each in ELFFile(file).get_section_by_name(".symtab").iter_symbols()}
    return values[symbol] - values["_head"] + IMAGE


def booted(machine: Callable[..., Machine], socket: Path) -> Machine:
    return machine("hello", FOUR, extra=("-gdb", f"unix:{socket},server=on,wait=off", "-S"))


def test_cores_sent_to_the_first_instruction_start_as_themselves(machine: Callable[..., Machine], tmp_path: Path) -> None:
    socket = tmp_path / "gdb"
    running = booted(machine, socket)
    with GdbRemote(socket) as gdb:
        for _ in range(FOUR.cores - 1):
            core = gdb.run_to(address_of("secondary_start"))
            gdb.set_registers(core, {PC: IMAGE, A1: 0})
        gdb.go_on()

        running.expect(r"^asker: at 9 o'clock the greeter says: good morning$")
        assert running.wait() == 0
    assert running.text.count("tenon: hello on") == 1


def test_a_core_that_the_layout_does_not_have_rests(machine: Callable[..., Machine], tmp_path: Path) -> None:
    socket = tmp_path / "gdb"
    running = booted(machine, socket)
    with GdbRemote(socket) as gdb:
        core = gdb.run_to(address_of("secondary_start"))
        gdb.set_registers(core, {PC: IMAGE, A0: FOUR.cores, A1: 0})

        assert gdb.run_to(address_of("rest"), only=core) == core
    while running.read(0.2):
        pass
    assert running.text.count("tenon: hello on") == 1
