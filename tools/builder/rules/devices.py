"""Rules about who owns which device, interrupt and page of registers."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..diagnostic import Note, Span
from ..model import PAGE_BYTES, DeviceNode, Instance, PortRange
from .rule import Context, rule


@rule("E0308")
def devices_have_one_owner(context: Context, add: Callable) -> None:
    """A device is given to one instance."""
    owner: dict[str, tuple[Instance, str]] = {}
    for i, device, node in _bindings(context):
        first = owner.setdefault(node.path, (i, device))
        if first != (i, device):
            replicas = ", replicas of one driver" if first[0].span == i.span else ""
            add(i.where(f"devices.{device}"), f"`{node.name}` is given to two owners",
                found=f"`{first[0].name}` and `{i.name}`{replicas}",
                notes=[Note("the first owner", first[0].where(f"devices.{first[1]}"))])


@rule("E0309")
def interrupts_have_one_owner(context: Context, add: Callable) -> None:
    """An interrupt is given to one instance."""
    owner: dict[int, tuple[str, Instance, Span]] = {}
    for i, device, node in _bindings(context):
        for interrupt in node.interrupts:
            path, other, span = owner.setdefault(interrupt.number, (node.path, i, i.where(f"devices.{device}")))
            if path != node.path and other is not i:
                add(i.where(f"devices.{device}"), f"`{node.name}` shares an interrupt with a device of `{other.name}`",
                    found=f"interrupt {interrupt.number}", expected="both devices in one instance",
                    notes=[Note("the other device", span)])


@rule("E0310")
def pages_have_one_owner(context: Context, add: Callable) -> None:
    """Registers on one page of memory go to one instance: the page is the unit of protection."""
    owner: dict[int, tuple[str, Instance, Span]] = {}
    for i, device, node in _bindings(context):
        clash = None
        for page in _pages(node):
            path, other, span = owner.setdefault(page, (node.path, i, i.where(f"devices.{device}")))
            if path != node.path and other is not i:
                clash = clash or (page, other, span, path)
        if clash:
            page, other, span, path = clash
            add(i.where(f"devices.{device}"), f"`{node.name}` lies on one page with a device of `{other.name}`",
                found=f"`{path}` is on the page at {page * PAGE_BYTES:#x} too", expected="devices on different pages",
                notes=[Note("the other device", span)])


@rule("E0318")
def ports_have_one_owner(context: Context, add: Callable) -> None:
    """An I/O port is given to one instance."""
    owner: list[tuple[PortRange, DeviceNode, Instance, Span]] = []
    for i, device, node in _bindings(context):
        where = i.where(f"devices.{device}")
        for ports in node.ports:
            for taken, path, other, span in owner:
                if path is not node and other is not i and ports.first < taken.end and taken.first < ports.end:
                    add(where, f"`{node.name}` has I/O ports that are given to `{other.name}` too",
                        found=f"{max(ports.first, taken.first):#x}, which is also `{path.name}`'s",
                        expected="devices with different ports", notes=[Note("the other device", span)])
            owner.append((ports, node, i, where))


def _bindings(context: Context) -> Iterator[tuple[Instance, str, DeviceNode]]:
    for i in context.instances:
        for device in sorted(i.devices):
            yield i, device, i.devices[device]


def _pages(node: DeviceNode) -> Iterable[int]:
    """Page numbers of the registers; a huge range is one driver's anyway, and its first pages stand for it."""
    for mmio in node.mmio:
        first = mmio.address // PAGE_BYTES
        yield from range(first, min((mmio.end - 1) // PAGE_BYTES, first + 4096) + 1)


@rule("E0314")
def dma_goes_with_a_device_that_does_it(context: Context, add: Callable) -> None:
    """A driver with DMA memory drives a device that can use it."""
    for i in context.instances:
        if i.component.dma and i.devices and not any(node.dma for node in i.devices.values()):
            name = next(iter(i.component.dma))
            device = next(iter(i.devices))
            add(i.where(f"devices.{device}"), f"`{i.name}` has DMA memory, but none of its devices does DMA",
                found=", ".join(f"`{node.name}`" for node in i.devices.values()),
                notes=[Note(f"the memory `{name}`", i.component.dma[name].span)])


@rule("E0315")
def quiesce_writes_hit_the_device(context: Context, add: Callable) -> None:
    """A quiesce step writes within the registers of its device."""
    for i in context.instances:
        for step in i.quiesce:
            node = i.devices[step.device]
            if step.offset + step.width > node.register_bytes:
                add(step.span, f"a quiesce step writes behind the registers of `{node.name}`",
                    found=f"{step.width} bytes at {step.offset:#x}", expected=f"below {node.register_bytes:#x}",
                    notes=[Note("bound here", i.where(f"devices.{step.device}"))])
