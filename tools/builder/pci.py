"""A board's PCI functions: from the `pci` section of board.yaml to nodes that drivers can bind.

What the description says of a function is checked when the system starts (components/drivers/pcie_bus), so a wrong
description leaves a function switched off. Addresses of base address registers (BARs) are given here, in the order
of the slots, from the memory window that the host bridge has in the device tree.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .diagnostic import Diagnostics, Note, Span
from .model import PAGE_BYTES, VIRTIO_DEVICES, VIRTIO_VENDOR, DeviceNode, Interrupt, MmioRange, Pci, PciBar, PciFunction, PciHost, VirtioStructures
from .shape import BROKEN, Named, Record

PINS = ("a", "b", "c", "d")
BAR_BYTES_MIN = 16
# The least a driver touches of each structure of a virtio device (virtio 1.2, 4.1.4), and how they appear in its node.
VIRTIO_STRUCTURES = ("common", "isr", "device", "notify")


def make_functions(record: Record, host: DeviceNode, driver: Record, problems: Diagnostics) -> Pci:
    """The section as part of the model. Functions that are wrong are reported and left out."""
    maker = _Maker(host, problems)
    described = [item for item in (record["functions"] or {}).values()
                 if item.value is not BROKEN and not item.value.broken]
    for item in sorted(described, key=lambda item: (item.value["slot"], item.name)):
        maker.add(item)
    return Pci(host, driver, tuple(maker.nodes))


class _Maker:
    def __init__(self, host: DeviceNode, problems: Diagnostics) -> None:
        self.host = host
        self.bridge: PciHost = host.pci
        self.problems = problems
        self.next = self.bridge.window.bus_address
        self.nodes: list[DeviceNode] = []
        self.slots: dict[int, Named] = {}
        self.lines: dict[int, Named] = {}

    def add(self, item: Named) -> None:
        record: Record = item.value
        slot = record["slot"]
        if slot in self.slots:
            self._wrong(record.at("slot"), f"`{item.name}` is in the slot of another function", f"slot {slot}",
                        "each function in a slot of its own", [Note("the other one", self.slots[slot].span)])
            return
        self.slots[slot] = item
        line = self._line(item)
        vendor, device = (int(part, 16) for part in record["id"].split(":"))
        if "virtio" in record and (vendor != VIRTIO_VENDOR or device not in VIRTIO_DEVICES):
            self._wrong(record.at("id"), f"`{item.name}` has virtio structures and the id of another device", record["id"],
                        f"{VIRTIO_VENDOR:04x}:{VIRTIO_DEVICES[0]:04x} to {VIRTIO_DEVICES[-1]:04x}: a device of virtio 1")
            return
        bars = self._bars(item)
        virtio = self._virtio(item, bars) if bars is not None else None
        if line is None or bars is None or ("virtio" in record and virtio is None):
            return
        function = PciFunction(item.name, self.host.path, slot, vendor, device, bars, virtio)
        name = f"{item.name}@{slot:x}"
        self.nodes.append(DeviceNode(
            f"{self.host.path}/{name}", name, (item.name,), (f"pci{vendor:04x},{device:04x}",), self._mapped(bars, virtio),
            (line,), True, True, function=function))

    def _wrong(self, span: Span, what: str, found: str, expected: str = "", notes: list[Note] | None = None) -> None:
        self.problems.add("E0319", span, what, found=found, expected=expected, notes=notes or [])

    def _line(self, item: Named) -> Interrupt | None:
        """Of its INTx pin, through the host's interrupt-map."""
        record: Record = item.value
        line = self.bridge.line(record["slot"], 1 + PINS.index(record["pin"]))
        if line is None:
            self._wrong(record.at("slot"), f"the interrupt of `{item.name}` leads nowhere",
                        f"no entry for slot {record['slot']}, pin {record['pin']} in the interrupt-map of `{self.host.name}`")
            return None
        other = self.lines.setdefault(line.number, item)
        if other is not item:
            self.problems.add("E0320", record.at("slot"), f"`{item.name}` and `{other.name}` share an interrupt line",
                              found=f"interrupt {line.number} for slots {record['slot']} and {other.value['slot']}",
                              expected="another slot or pin for one of them", notes=[Note("the other one", other.span)])
            return None
        return line

    def _bars(self, item: Named) -> tuple[PciBar, ...] | None:
        bars = []
        given: Record = item.value["bars"]
        if given.broken:
            return None
        for index in sorted(given.given):
            size = given[index]
            if size < BAR_BYTES_MIN or size & (size - 1):
                self._wrong(given.at(index), f"BAR {index} of `{item.name}` has a size that none can have", f"{size} bytes",
                            f"a power of two, at least {BAR_BYTES_MIN}")
                return None
            step = max(size, PAGE_BYTES)
            address = (self.next + step - 1) // step * step
            window = self.bridge.window
            if address + step > window.bus_address + window.bytes:
                self._wrong(given.at(index), f"BAR {index} of `{item.name}` does not fit in the host's memory window",
                            f"{size} bytes", f"at most {window.bytes:#x} bytes for all functions")
                return None
            self.next = address + step
            bars.append(PciBar(int(index), address, size))
        return tuple(bars)

    def _virtio(self, item: Named, bars: tuple[PciBar, ...]) -> VirtioStructures | None:
        record: Record | None = item.value["virtio"]
        if record is None:
            return None
        bar = next((bar for bar in bars if bar.index == record["bar"]), None)
        if bar is None:
            self._wrong(record.at("bar"), f"`{item.name}` has its virtio structures in a BAR that it does not have",
                        f"BAR {record['bar']}", "one of " + ", ".join(str(bar.index) for bar in bars))
            return None
        for name in VIRTIO_STRUCTURES:
            offset = record[name]
            if offset % PAGE_BYTES or offset + PAGE_BYTES > bar.bytes:
                self._wrong(record.at(name), f"a virtio structure of `{item.name}` is on no page of BAR {bar.index}",
                            f"offset {offset:#x}", f"a multiple of {PAGE_BYTES:#x} below {bar.bytes:#x}")
                return None
        return VirtioStructures(bar.index, *(record[name] for name in VIRTIO_STRUCTURES), record["notify_step"])

    def _mapped(self, bars: tuple[PciBar, ...], virtio: VirtioStructures | None) -> tuple[MmioRange, ...]:
        """What a driver sees: the pages of a virtio device's structures, else all BARs."""
        window = self.bridge.window
        away = window.address - window.bus_address
        if virtio is None:
            return tuple(MmioRange(bar.address + away, bar.bytes) for bar in bars)
        base = next(bar.address for bar in bars if bar.index == virtio.bar) + away
        return tuple(MmioRange(base + getattr(virtio, name), PAGE_BYTES) for name in VIRTIO_STRUCTURES)
