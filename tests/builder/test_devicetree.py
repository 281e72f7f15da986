"""Device trees: addresses through buses, interrupt numbers, labels, and damaged blobs. devicetree.py and fdt.py."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from builder import fdt
from builder.board import load_board
from builder.diagnostic import Diagnostics, option
from builder.load import Files
from builder.model import Board, Interrupt, MmioRange
from builder.project import ROOT
from hypothesis import given
from hypothesis import strategies as some

from corpus import BASE


def board(root: Path, name: str) -> Board:
    problems = Diagnostics()
    found = load_board(Files(root, problems), name, option("--board"))
    assert found is not None and not problems
    return found


@pytest.fixture(scope="module")
def tiny() -> Board:
    return board(BASE, "tiny")


def test_registers_are_where_the_processor_sees_them(tiny: Board) -> None:
    assert tiny.nodes["/bus/timer@1000"].mmio == (MmioRange(0xB001000, 0x100),)
    assert tiny.nodes["/serial@9000000"].mmio == (MmioRange(0x9000000, 0x1000),)
    assert tiny.nodes["/psci"].mmio == ()


def test_interrupts_are_numbered_as_the_gic_does(tiny: Board) -> None:
    assert tiny.nodes["/serial@9000000"].interrupts == (Interrupt(33, False),)      # shared, level
    assert tiny.nodes["/dev@a000000"].interrupts == (Interrupt(48, True),)          # shared, edge
    assert tiny.nodes["/bus/timer@1000"].interrupts == (Interrupt(27, False),)      # private


def test_a_node_knows_its_labels_state_and_dma(tiny: Board) -> None:
    node = tiny.nodes["/dev@a003000"]

    assert (node.labels, node.enabled, node.dma) == (("off",), False, False)
    assert tiny.nodes["/dev@a000000"].dma and tiny.nodes["/dev@a000000"].enabled


def test_a_board_knows_its_memory_cores_and_console(tiny: Board) -> None:
    assert (tiny.ram, tiny.core_ids) == ((MmioRange(0x40000000, 16 << 20),), (0,))
    assert tiny.console is tiny.nodes["/serial@9000000"]
    assert [mmio.address for mmio in tiny.interrupt_controller.mmio] == [0x8000000, 0x80A0000]


def test_interrupts_of_a_plic_are_its_sources() -> None:
    machine = board(ROOT, "qemu-riscv64")

    assert machine.nodes["/soc/rtc@101000"].interrupts == (Interrupt(11, False),)
    assert machine.nodes["/soc/serial@10000000"].interrupts == (Interrupt(10, False),)
    assert machine.interrupt_controller is machine.nodes["/soc/plic@c000000"]


def test_what_riscv64_cannot_find_out_is_in_the_tree() -> None:
    machine = board(ROOT, "qemu-riscv64")

    assert machine.timer_frequency == 10_000_000
    assert machine.test_device is machine.nodes["/soc/test@100000"]
    assert machine.uart == "ns16550"


def test_qemus_machine_is_read_whole() -> None:
    machine = board(ROOT, "qemu-aarch64")

    assert machine.nodes["/virtio_mmio@a003e00"].interrupts == (Interrupt(79, True),)
    assert sum("virtio,mmio" in node.compatible for node in machine.nodes.values()) == machine.qemu.virtio_mmio["count"]


BLOB = subprocess.run(["dtc", "-q", "-@", "-O", "dtb", BASE / "cmake/boards/tiny/board.dts"], capture_output=True).stdout


@given(some.integers(0, len(BLOB)), some.binary(max_size=8))
def test_a_damaged_tree_is_read_or_refused(at: int, damage: bytes) -> None:
    for blob in (BLOB[:at], BLOB[:at] + damage + BLOB[at + len(damage):]):
        try:
            assert isinstance(fdt.parse(blob), fdt.Node)
        except fdt.FdtError as problem:
            assert str(problem)
