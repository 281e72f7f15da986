"""Reads a board's device tree: registers as the processor sees them, interrupt numbers, labels.

The source is compiled by dtc (with its labels kept), and the flattened tree is read by fdt.py. Only what a
description can name is kept; what a bus hides from the processor has no registers here.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import fdt
from .diagnostic import Diagnostics, Span, whole_file
from .model import DeviceNode, Interrupt, MmioRange, PciHost, PciWindow, PortRange

# Device tree specification 0.4, 2.3.5: what holds when a bus does not say.
ADDRESS_CELLS, SIZE_CELLS = 2, 1
# Arm GIC binding: the first cell says which kind of interrupt, numbered from here.
GIC_FIRST = {0: 32, 1: 16}
EDGE_FLAGS = 0x3
GIC, PLIC, IOAPIC = "arm,gic-v3", "riscv,plic0", "intel,ioapic"
CONTROLLERS = {GIC: 2, PLIC: 1, IOAPIC: 2}  # ranges of registers that the kernel uses; the IOAPIC's second is the local APIC
PCI_HOST = "pci-host-ecam-generic"  # PCI bus binding to IEEE 1275; host generic PCI binding
PCI_SPACE, PCI_MEMORY_32 = 0x03000000, 0x02000000
PCI_PREFETCHABLE = 0x40000000
ECAM_BUS_BYTES = 1 << 20           # 32 slots of 8 functions of 4 KiB (PCI Express 6.0, 7.2.2)
TEST_DEVICES = ("sifive,test0", "qemu,isa-debug-exit")  # a write to it ends QEMU with an exit code
CLOCK = "intel,hpet"                # what the kernel measures x86's other clocks by
ISA = "isa"                         # a bus whose children's addresses say whether they are ports (ISA binding, IEEE 1275)
ISA_PORT = 1
# A virtio transport is there to do DMA; not all trees say so.
DMA_MASTERS = ("virtio,mmio",)
DTC_ERROR = re.compile(r"Error: .*?:(\d+)\.(\d+)[-.\d]*:? +(.*)")
DTC_CHECK = re.compile(r"ERROR \((\w+)\): (.*)")


@dataclass(frozen=True, slots=True)
class DeviceTree:
    nodes: dict[str, DeviceNode]
    core_ids: tuple[int, ...]
    ram: tuple[MmioRange, ...]
    interrupt_controller: DeviceNode | None
    timer_frequency: int | None             # Hz, where the tree tells it and no register does
    test_device: DeviceNode | None
    clock: DeviceNode | None


def read_device_tree(root: Path, file: str, asked: Span, problems: Diagnostics) -> DeviceTree | None:
    blob = _compile(root, file, asked, problems)
    if blob is None:
        return None
    try:
        return _Reader(fdt.parse(blob)).tree()
    except fdt.FdtError as problem:
        problems.add("E0304", asked, f"the device tree `{file}` makes no sense", found=str(problem))
        return None


def _compile(root: Path, file: str, asked: Span, problems: Diagnostics) -> bytes | None:
    path = root / file
    if not path.is_file():
        problems.add("E0001", asked, f"cannot read `{file}`", found="there is no such file")
        return None
    command = ["dtc", "-q", "-@", "-I", "dts", "-O", "dtb", str(path)]
    try:
        done = subprocess.run(command, capture_output=True)
    except OSError:
        problems.add("E0304", asked, "the device tree compiler is missing",
                     suggestion="apt-get install device-tree-compiler")
        return None
    if done.returncode != 0:
        _report(done.stderr.decode(errors="replace"), file, problems)
        return None
    return done.stdout


def _report(text: str, file: str, problems: Diagnostics) -> None:
    """dtc's first complaint; those after it usually follow from it."""
    match = DTC_ERROR.search(text)
    if match:
        line, column = int(match[1]), int(match[2])
        problems.add("E0304", Span(file, line, column, line, column + 1), "dtc does not understand this device tree",
                     found=match[3])
        return
    failed = DTC_CHECK.search(text)
    problems.add("E0304", whole_file(file), "dtc does not understand this device tree",
                 found=f"{failed[1]}: {failed[2]}" if failed else "")


@dataclass(frozen=True, slots=True)
class _Bus:
    """How the children of a node write their `reg`, and where that is for the processor."""

    address_cells: int
    size_cells: int
    ranges: tuple[tuple[int, int, int], ...] | None     # child, parent, bytes; None: as it is
    reachable: bool
    interrupt_parent: int
    isa: bool = False


class _Reader:
    def __init__(self, root: fdt.Node) -> None:
        self.root = root
        self.labels: dict[str, list[str]] = {}
        self.phandles: dict[int, fdt.Node] = {}
        self.nodes: dict[str, DeviceNode] = {}
        self.ram: list[MmioRange] = []
        self.core_ids: list[int] = []
        self.controller: DeviceNode | None = None
        self.test_device: DeviceNode | None = None
        self.clock: DeviceNode | None = None

    def tree(self) -> DeviceTree:
        root = self.root
        symbols = root.child("__symbols__")
        for label in symbols.properties if symbols else ():
            self.labels.setdefault(symbols.strings(label)[0], []).append(label)
        self.phandles = {node.cell("phandle"): node for node in root.all() if "phandle" in node.properties}
        bus = _Bus(root.cell("#address-cells", ADDRESS_CELLS), root.cell("#size-cells", SIZE_CELLS), None, True,
                   root.cell("interrupt-parent", 0))
        for child in root.children:
            self._visit(child, "", bus)
        cpus = root.child("cpus")
        return DeviceTree(self.nodes, tuple(self.core_ids), tuple(self.ram), self.controller,
                          cpus.cell("timebase-frequency") if cpus else None, self.test_device, self.clock)

    # --- Nodes ---

    def _visit(self, source: fdt.Node, above: str, bus: _Bus) -> None:
        path = f"{above}/{source.name}"
        if path == "/__symbols__":
            return
        parent = source.cell("interrupt-parent", bus.interrupt_parent)
        node = DeviceNode(
            path, source.name, tuple(sorted(self.labels.get(path, ()))), source.strings("compatible"),
            _bus_0(source, _registers(source, bus)), self._interrupts(source, parent), _does_dma(source),
            source.strings("status") in ((), ("okay",), ("ok",)), _ports(source, bus), self._pci(source, bus))
        self._note(source, node, bus)
        inner = _inner_bus(source, bus, parent)
        for child in source.children:
            self._visit(child, path, inner)

    def _note(self, source: fdt.Node, node: DeviceNode, bus: _Bus) -> None:
        kind = source.strings("device_type")
        if kind == ("memory",):
            self.ram += node.mmio
        elif kind == ("cpu",):
            self.core_ids += _core_id(source, bus)
        elif node.compatible:
            self.nodes[node.path] = node
            if known_controller(node.compatible):
                self.controller = node
            if any(name in node.compatible for name in TEST_DEVICES) and (node.mmio or node.ports):
                self.test_device = node
            if CLOCK in node.compatible and node.mmio:
                self.clock = node

    def _interrupts(self, source: fdt.Node, parent: int) -> tuple[Interrupt, ...]:
        """Those that arrive at the kernel's controller; lines of others are that controller's driver's affair."""
        return self._lines(self.phandles.get(parent), source.cells("interrupts"))

    def _pci(self, source: fdt.Node, bus: _Bus) -> PciHost | None:
        """A host whose memory window drivers can be given."""
        if PCI_HOST not in source.strings("compatible") or source.cell("#address-cells") != 3 or bus.address_cells > 2:
            return None
        window = _pci_window(source, bus)
        mask = source.cells("interrupt-map-mask")
        if window is None or len(mask) != 4:
            return None
        return PciHost(window, mask[0] >> 11 & 31, self._pci_lines(source))

    def _pci_lines(self, source: fdt.Node) -> dict[tuple[int, int], Interrupt]:
        """An entry is the child's address (3 cells) and pin, the parent, and the parent's address and interrupt."""
        cells, found = source.cells("interrupt-map"), {}
        while len(cells) > 5:
            parent = self.phandles.get(cells[4])
            if parent is None:
                break
            skip = 5 + parent.cell("#address-cells", 0)
            end = skip + parent.cell("#interrupt-cells", 1)
            lines = self._lines(parent, cells[skip:end])
            if lines:
                found[cells[0] >> 11 & 31, cells[3]] = lines[0]
            cells = cells[end:]
        return found

    def _lines(self, controller: fdt.Node | None, cells: tuple[int, ...]) -> tuple[Interrupt, ...]:
        kind = known_controller(controller.strings("compatible")) if controller else None
        if kind is None:
            return ()
        if kind == IOAPIC:
            return _ioapic_interrupts(cells)
        return _plic_interrupts(cells) if kind == PLIC else _gic_interrupts(cells, controller)


def _bus_0(source: fdt.Node, registers: tuple[MmioRange, ...]) -> tuple[MmioRange, ...]:
    """Of a PCI host, configuration space of bus 0 is all that is used."""
    if PCI_HOST not in source.strings("compatible"):
        return registers
    return tuple(MmioRange(each.address, min(each.bytes, ECAM_BUS_BYTES)) for each in registers[:1])


def _pci_window(source: fdt.Node, bus: _Bus) -> PciWindow | None:
    cells = source.cells("ranges")
    width = 3 + bus.address_cells + 2
    for at in range(0, len(cells) - width + 1, width):
        kind, size = cells[at], _number(cells[at + width - 2:at + width])
        outer = _translate(_number(cells[at + 3:at + width - 2]), size, bus.ranges)
        if kind & PCI_SPACE == PCI_MEMORY_32 and not kind & PCI_PREFETCHABLE and outer is not None:
            return PciWindow(_number(cells[at + 1:at + 3]), outer, size)
    return None


def known_controller(compatible: tuple[str, ...]) -> str | None:
    return next((name for name in CONTROLLERS if name in compatible), None)


def _gic_interrupts(cells: tuple[int, ...], controller: fdt.Node) -> tuple[Interrupt, ...]:
    width = controller.cell("#interrupt-cells", 3)
    found = []
    for at in range(0, len(cells) - width + 1, width):
        kind, number, flags = cells[at:at + 3]
        if kind in GIC_FIRST:
            found.append(Interrupt(GIC_FIRST[kind] + number, bool(flags & EDGE_FLAGS)))
    return tuple(found)


def _plic_interrupts(cells: tuple[int, ...]) -> tuple[Interrupt, ...]:
    """One cell each: the source's number. Level or edge is fixed in the PLIC's gateways."""
    return tuple(Interrupt(number, False) for number in cells)


def _ioapic_interrupts(cells: tuple[int, ...]) -> tuple[Interrupt, ...]:
    """Two cells each: the global system interrupt, and how it is signalled."""
    return tuple(Interrupt(number, bool(flags & EDGE_FLAGS)) for number, flags in zip(cells[::2], cells[1::2]))


def _does_dma(source: fdt.Node) -> bool:
    return (any(name in source.properties for name in ("dma-coherent", "dmas", "iommus"))
            or any(name in DMA_MASTERS for name in source.strings("compatible")))


def _core_id(source: fdt.Node, bus: _Bus) -> list[int]:
    """MPIDR affinity, hart or local APIC, as the binding of each architecture's /cpus says."""
    cells = source.cells("reg")
    return [_number(cells[:bus.address_cells])] if cells else []


def _registers(source: fdt.Node, bus: _Bus) -> tuple[MmioRange, ...]:
    if bus.isa or not bus.reachable or bus.size_cells == 0 or bus.address_cells > 2 or bus.size_cells > 2:
        return ()
    cells = source.cells("reg")
    width = bus.address_cells + bus.size_cells
    found = []
    for at in range(0, len(cells) - width + 1, width):
        address = _number(cells[at:at + bus.address_cells])
        size = _number(cells[at + bus.address_cells:at + width])
        translated = _translate(address, size, bus.ranges)
        if translated is not None and size:
            found.append(MmioRange(translated, size))
    return tuple(found)


def _ports(source: fdt.Node, bus: _Bus) -> tuple[PortRange, ...]:
    cells = source.cells("reg") if bus.isa else ()
    return tuple(PortRange(first, count) for kind, first, count in zip(cells[::3], cells[1::3], cells[2::3])
                 if kind == ISA_PORT and count)


def _inner_bus(source: fdt.Node, bus: _Bus, interrupt_parent: int) -> _Bus:
    address_cells = source.cell("#address-cells", ADDRESS_CELLS)
    size_cells = source.cell("#size-cells", SIZE_CELLS)
    cells = source.cells("ranges")
    if ISA in source.strings("compatible"):
        return _Bus(address_cells, size_cells, None, False, interrupt_parent, isa=True)
    if "ranges" not in source.properties:
        return _Bus(address_cells, size_cells, None, False, interrupt_parent)
    if not cells:
        return _Bus(address_cells, size_cells, bus.ranges, bus.reachable, interrupt_parent)
    width = address_cells + bus.address_cells + size_cells
    ranges = []
    for at in range(0, len(cells) - width + 1, width):
        child = _number(cells[at:at + address_cells])
        outer = _number(cells[at + address_cells:at + address_cells + bus.address_cells])
        size = _number(cells[at + width - size_cells:at + width])
        translated = _translate(outer, size, bus.ranges)
        if translated is not None:
            ranges.append((child, translated, size))
    return _Bus(address_cells, size_cells, tuple(ranges), bus.reachable, interrupt_parent)


def _number(cells: tuple[int, ...]) -> int:
    value = 0
    for cell in cells:
        value = value << 32 | cell
    return value


def _translate(address: int, size: int, ranges: tuple[tuple[int, int, int], ...] | None) -> int | None:
    if ranges is None:
        return address
    for child, parent, length in ranges:
        if child <= address and address + size <= child + length:
            return address - child + parent
    return None
