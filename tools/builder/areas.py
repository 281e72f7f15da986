"""Give each stack, heap, DMA range, shared region and device its address in a component.

These stand before the code, from FIRST_ADDRESS up, because their sizes are known before the code is
compiled: so config.h can hold their addresses as constants, and the whole component stays within as few
windows of 2 MiB (one page of page table each) as possible. Each stack has an unmapped page below and above.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Iterator

from . import model
from .abi import PAGE
from .plan import Area, Region
from .text import place

FIRST_ADDRESS = 0x200000   # below it nothing is ever mapped, so a null pointer with an offset faults
USER_END = 1 << 39         # three levels of page tables


def pages(size: int) -> int:
    """The size rounded up to whole pages."""
    return (size + PAGE - 1) // PAGE * PAGE


RIGHTS = {"r": ("RIGHT_READ",), "rw": ("RIGHT_READ", "RIGHT_WRITE")}


class AreaMaker:
    """Lays out one instance; new regions go to the system's table, shared ones are found there."""

    def __init__(self, instance: model.Instance, regions: list[Region], shared: dict[str, int],
                 users: list[tuple[str, model.RegionUser]]) -> None:
        self.instance = instance
        self.regions = regions
        self.shared = shared
        self.users = users
        self.address = FIRST_ADDRESS
        self.areas: list[Area] = []

    def make(self) -> list[Area]:
        self._stacks()
        self._heap()
        self._dma()
        self._shared_regions()
        self._devices()
        return self.areas

    def _stacks(self) -> None:
        self.address += PAGE
        for thread in self.instance.component.threads:
            size = pages(self.instance.stack_of(thread))
            where = place(self.instance.where("stack"))
            region = self._region(f"stack.{thread}", "MEMORY_RAM", 0, size, "ATTRIBUTE_CACHED", (), where)
            self._area("stack", thread, size, region, RIGHTS["rw"], where, zero=True)
            self.address += PAGE

    def _heap(self) -> None:
        component = self.instance.component
        if component.heap:
            where = place(component.span)
            region = self._region("heap", "MEMORY_RAM", 0, component.heap, "ATTRIBUTE_CACHED", (), where)
            self._area("heap", "heap", component.heap, region, RIGHTS["rw"], where, zero=True)

    def _dma(self) -> None:
        for dma in self.instance.component.dma.values():
            where = place(dma.span)
            region = self._region(f"dma.{dma.name}", "MEMORY_RAM", 0, dma.bytes, "ATTRIBUTE_DMA",
                                  ("REGION_DMA",), where)
            self._area("dma", dma.name, dma.bytes, region, RIGHTS["rw"], where)

    def _shared_regions(self) -> None:
        for name, user in self.users:
            index = self.shared[name]
            self._area("region", user.use.name, self.regions[index].bytes, index, RIGHTS[user.rights],
                       place(user.span))

    def _devices(self) -> None:
        for name, node in self.instance.devices.items():
            where = place(self.instance.where(f"devices.{name}"))
            for number, mmio in enumerate(node.mmio):
                base = mmio.address // PAGE * PAGE
                label = name if number == 0 else f"{name}_{number}"
                region = self._region(f"device.{label}", "MEMORY_DEVICE", base, pages(mmio.end) - base,
                                      "ATTRIBUTE_DEVICE", (), where)
                self._area("device", label, mmio.bytes, region, RIGHTS["rw"], where, skew=mmio.address - base)

    def _region(self, name: str, memory: str, offset: int, size: int, attribute: str,
                flags: tuple[str, ...], source: str) -> int:
        self.regions.append(Region(f"{self.instance.name}.{name}", memory, offset, "", pages(size), attribute,
                                   flags, self.address, source))
        return len(self.regions) - 1

    def _area(self, kind: str, name: str, size: int, region: int, rights: tuple[str, ...], source: str,
              skew: int = 0, zero: bool = False) -> None:
        self.areas.append(Area(kind, name, self.address, skew, size, region, rights, zero, source))
        self.address += self.regions[region].bytes


def shared_regions(system: model.System) -> Iterator[Region]:
    """The regions of the description, in its order; where they are mapped is not theirs to say."""
    for region in system.regions.values():
        flags = ("REGION_PERSISTENT",) if region.persistent else ()
        yield Region(region.name, "MEMORY_RAM", 0, "", pages(region.bytes), "ATTRIBUTE_CACHED", flags, 0,
                     place(region.span))
