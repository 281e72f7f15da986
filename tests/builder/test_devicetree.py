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
from builder.model import Board, Interrupt, MmioRange, PortRange
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


# --- Ports and PCI ---

def test_children_of_an_isa_bus_have_ports() -> None:
    machine = board(ROOT, "qemu-x86_64")
    clock, serial = machine.nodes["/isa/rtc@70"], machine.nodes["/isa/serial@3f8"]

    assert (clock.ports, clock.mmio, clock.reach) == ((PortRange(0x70, 2),), (), "ports")
    assert serial.ports == (PortRange(0x3F8, 8),) and serial.interrupts == (Interrupt(4, False),)


@pytest.mark.parametrize("name, host, first, window", [
    ("qemu-aarch64", "/pcie@10000000", 35, 0x10000000), ("qemu-riscv64", "/soc/pci@30000000", 32, 0x40000000),
    ("qemu-x86_64", "/pcie@b0000000", 20, 0xE0000000)])
def test_pins_of_pci_slots_are_swizzled_to_four_lines(name: str, host: str, first: int, window: int) -> None:
    node = board(ROOT, name).nodes[host]

    for slot in range(25):
        for pin in range(1, 5):
            assert node.pci.line(slot, pin) == Interrupt(first + (slot + pin - 1) % 4, False)
    assert node.pci.line(0, 5) is None
    assert node.pci.window.address == node.pci.window.bus_address == window
    assert len(node.mmio) == 1 and node.mmio[0].bytes == 1 << 20  # bus 0


def test_a_virtio_function_is_a_node_whose_registers_are_pages_of_its_bar() -> None:
    machine = board(ROOT, "qemu-aarch64")
    disk, rng = (machine.nodes[f"/pcie@10000000/pci_{name}"] for name in ("disk@1", "rng@2"))

    assert [mmio.address for mmio in disk.mmio] == [0x10004000, 0x10005000, 0x10006000, 0x10007000]
    assert all(mmio.bytes == 0x1000 for mmio in disk.mmio)
    assert (disk.compatible, disk.reach, disk.dma) == (("pci1af4,1042",), "pci", True)
    assert disk.constants == {"virtio_type": 2, "notify_step": 4} and rng.constants["virtio_type"] == 4
    taken = sorted((bar.address, bar.address + bar.bytes) for node in (disk, rng) for bar in node.function.bars)
    assert all(before[1] <= after[0] for before, after in zip(taken, taken[1:]))
    assert all(bar.address % bar.bytes == 0 for node in (disk, rng) for bar in node.function.bars)
    assert disk.interrupts != rng.interrupts
