"""Give each stack, heap, DMA range, shared region and device its address in a component.

These stand before the code, from FIRST_ADDRESS up, because their sizes are known before the code is
compiled: so config.h can hold their addresses as constants, and the whole component stays within as few
windows of 2 MiB (one page of page table each) as possible. Each stack has an unmapped page below and above.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import idl, model
from .abi import PAGE
from .guest_image import GuestImage, Part
from .plan import Area, Region
from .text import place

FIRST_ADDRESS = 0x200000   # below it nothing is ever mapped, so a null pointer with an offset faults
# What three levels of page tables reach; riscv64 keeps the upper half of that for the kernel.
USER_BITS = {"aarch64": 39, "riscv64": 38, "x86_64": 39}


def user_end(arch: str) -> int:
    return 1 << USER_BITS[arch]


def pages(size: int) -> int:
    """The size rounded up to whole pages."""
    return (size + PAGE - 1) // PAGE * PAGE


@dataclass(frozen=True, slots=True)
class Share:
    """A region of the system's table that an instance maps."""

    kind: str            # region | stream | buffer | guest
    name: str
    region: int
    rights: str
    source: str


INITIALISED = ("REGION_INITIALISED",)
RIGHTS = {"r": ("RIGHT_READ",), "rw": ("RIGHT_READ", "RIGHT_WRITE")}


class AreaMaker:
    """Lays out one instance; its own regions go to the system's table."""

    def __init__(self, instance: model.Instance, regions: list[Region], shares: list[Share]) -> None:
        self.instance = instance
        self.regions = regions
        self.shares = shares
        self.address = FIRST_ADDRESS
        self.areas: list[Area] = []
        self.pool: int | None = None    # region of its pool

    def make(self) -> list[Area]:
        self._stacks()
        self._heap()
        self._dma()
        self._shared()
        self._devices()
        self._pool()
        return self.areas

    def _stacks(self) -> None:
        self.address += PAGE
        for thread in self.instance.component.threads:
            size = pages(self.instance.stack_of(thread))
            where = place(self.instance.where("stack"))
            region = self._region(f"stack.{thread}", "MEMORY_RAM", 0, size, "ATTRIBUTE_CACHED", INITIALISED, where)
            self._area("stack", thread, size, region, RIGHTS["rw"], where, zero=True)
            self.address += PAGE

    def _heap(self) -> None:
        component = self.instance.component
        if component.heap:
            where = place(component.span)
            region = self._region("heap", "MEMORY_RAM", 0, component.heap, "ATTRIBUTE_CACHED", INITIALISED, where)
            self._area("heap", "heap", component.heap, region, RIGHTS["rw"], where, zero=True)

    def _dma(self) -> None:
        for dma in self.instance.component.dma.values():
            where = place(dma.span)
            region = self._region(f"dma.{dma.name}", "MEMORY_RAM", 0, dma.bytes, "ATTRIBUTE_DMA",
                                  ("REGION_DMA",), where)
            self._area("dma", dma.name, dma.bytes, region, RIGHTS["rw"], where)

    def _shared(self) -> None:
        for share in self.shares:
            size = self.regions[share.region].bytes
            self._area(share.kind, share.name, size, share.region, RIGHTS[share.rights], share.source)

    def _devices(self) -> None:
        for name, node in self.instance.devices.items():
            where = place(self.instance.where(f"devices.{name}"))
            for number, mmio in enumerate(node.mmio):
                base = mmio.address // PAGE * PAGE
                label = name if number == 0 else f"{name}_{number}"
                region = self._region(f"device.{label}", "MEMORY_DEVICE", base, pages(mmio.end) - base,
                                      "ATTRIBUTE_DEVICE", (), where)
                self._area("device", label, mmio.bytes, region, RIGHTS["rw"], where, skew=mmio.address - base)

    def _pool(self) -> None:
        """The kernel's to use; what is made from it is mapped at run time."""
        pool = self.instance.component.pool
        if pool:
            self.pool = self._region("pool", "MEMORY_RAM", 0, pool.bytes, "ATTRIBUTE_CACHED", (), place(pool.span))

    def _region(self, name: str, memory: str, offset: int, size: int, attribute: str,
                flags: tuple[str, ...], source: str) -> int:
        self.regions.append(Region(f"{self.instance.name}.{name}", memory, offset, "", pages(size), attribute,
                                   flags, self.address, source))
        return len(self.regions) - 1

    def _area(self, kind: str, name: str, size: int, region: int, rights: tuple[str, ...], source: str,
              skew: int = 0, zero: bool = False) -> None:
        self.areas.append(Area(kind, name, self.address, skew, size, region, rights, zero, source))
        self.address += self.regions[region].bytes


def payload_name(guest: str, part: Part) -> str:
    return f"guest_{guest}_{part.name}"


class Shares:
    """All memory that instances share, and who maps it: declared regions, streams and buffers of connections."""

    def __init__(self, system: model.System, images: Mapping[str, GuestImage]) -> None:
        self.regions: list[Region] = []
        self.of: dict[str, list[Share]] = {}     # by instance
        self.guest_memory: dict[str, int] = {}   # region, by guest
        for region in system.regions.values():
            self._declared(region)
        for provider in system.instances.values():
            for number, connection in enumerate(system.clients_of(provider)):
                self._connection(connection, number)
        for guest in system.guests.values():
            index = self._region(f"{guest.name}.memory", guest.memory, False, place(guest.where("memory")))
            self.guest_memory[guest.name] = index
            self._add(guest.vmm, Share("guest", "memory", index, "rw", place(guest.span)))
            for part in images[guest.name].parts if guest.name in images else ():
                self._guest_part(guest, part)

    def _declared(self, region: model.Region) -> None:
        index = self._region(region.name, region.bytes, region.persistent, place(region.span))
        for user in region.users:
            self._add(user.instance, Share("region", user.use.name, index, user.rights, place(user.span)))

    def _connection(self, connection: model.Connection, number: int) -> None:
        """A queue keeps what is in it when one end restarts, as the other end still counts on it."""
        use, provide, where = connection.use.name, connection.provide.name, place(connection.span)
        for memory in idl.shared_memory(connection.interface):
            index = self._region(f"{connection.name}.{memory.name}", memory.bytes, True, where)
            self._add(connection.user, Share(memory.kind, f"{use}_{memory.name}", index, "rw", where))
            self._add(connection.provider, Share(memory.kind, f"{provide}_{memory.name}_{number}", index, "rw", where))

    def _guest_part(self, guest: model.Guest, part: Part) -> None:
        """Read where it lies in the image, by the guest's VMM."""
        where = place(guest.where(part.name if part.name in guest.spans else "kernel"))
        self.regions.append(Region(f"{guest.name}.{part.name}", "MEMORY_IMAGE", 0, payload_name(guest.name, part), pages(len(part.data)),
                                   "ATTRIBUTE_CACHED", (), 0, where))
        self._add(guest.vmm, Share("guest", part.name, len(self.regions) - 1, "r", where))

    def _region(self, name: str, size: int, persistent: bool, source: str) -> int:
        """Where it is mapped is not one owner's to say, so its address is 0."""
        flags = ("REGION_PERSISTENT",) if persistent else ()
        self.regions.append(Region(name, "MEMORY_RAM", 0, "", pages(size), "ATTRIBUTE_CACHED", flags, 0, source))
        return len(self.regions) - 1

    def _add(self, instance: model.Instance, share: Share) -> None:
        self.of.setdefault(instance.name, []).append(share)
