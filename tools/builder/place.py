"""Lay out memory once the components are linked: payload, RAM offsets, mappings, page tables.

Pure. The image holds each distinct read-only segment once. RAM is given in offsets from the first free
address behind the image: first the crash log, then what is persistent (so that both stay where they are
when components grow), then the rest.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, replace

from .abi import PAGE
from .areas import INITIALISED, pages
from .diagnostic import Diagnostics, whole_file
from .elf import Elf, Segment
from .model import GUEST_BLOCK
from .plan import Area, Instance, Mapping, Placed, Plan, Region

ROOT_SHIFT, TABLE_SHIFT = 30, 21   # address bits below one entry of the root, and of the level below it
RIGHTS = {"text": ("RIGHT_READ", "RIGHT_EXECUTE"), "rodata": ("RIGHT_READ",), "data": ("RIGHT_READ", "RIGHT_WRITE")}


@dataclass(frozen=True, slots=True)
class Result:
    placed: Placed
    files: dict[str, bytes]      # payload contents by name


def place(plan: Plan, elves: list[Elf], problems: Diagnostics, files: Map[str, bytes] | None = None) -> Result:
    """`elves[i]` is the linked file of instance i; `files` is the payload that the plan itself names."""
    placer = _Placer(plan, problems)
    placer.files.update(files or {})
    for instance, elf in zip(plan.instances, elves):
        placer.add(instance, elf)
    regions, ram_bytes = _place_ram(placer.regions, {guest.region for guest in plan.guests})
    mappings = tuple(tuple(sorted(found, key=lambda m: m.address)) for found in placer.mappings)
    return Result(
        Placed(plan, tuple(regions), mappings, tuple(table_count(found, regions, plan.board.page_levels) for found in mappings),
               tuple(elf.entry for elf in elves), tuple((name, len(data)) for name, data in placer.files.items()),
               ram_bytes, crash_log_offset=0),
        placer.files)


class _Placer:
    def __init__(self, plan: Plan, problems: Diagnostics) -> None:
        self.problems = problems
        self.regions: list[Region] = list(plan.regions)
        self.mappings: list[list[Mapping]] = []
        self.files: dict[str, bytes] = {}
        self.image_regions: dict[bytes, int] = {}

    def add(self, instance: Instance, elf: Elf) -> None:
        found = [_area_mapping(area) for area in instance.areas]
        for segment in elf.segments:
            if segment.name not in RIGHTS or segment.address % PAGE:
                self.problems.add("E0901", whole_file(f"components/{file_name(instance)}.elf"),
                                  f"a segment of `{instance.name}` has no place in a component",
                                  found=f"`{segment.name}` at {segment.address:#x}",
                                  expected="text, constants and data, each from the start of a page")
                continue
            found.append(self._data(instance, segment) if segment.name == "data" else self._image(instance, segment))
        self.mappings.append(found)

    def _image(self, instance: Instance, segment: Segment) -> Mapping:
        """A read-only segment is used where it lies in the image; equal ones are stored once."""
        region = self.image_regions.get(segment.data)
        if region is None:
            name = self._store(instance, segment)
            region = self._region(instance, segment, "MEMORY_IMAGE", name)
            self.image_regions[segment.data] = region
        return Mapping(segment.name, segment.address, region, RIGHTS[segment.name], False, "", 0)

    def _data(self, instance: Instance, segment: Segment) -> Mapping:
        """A writable segment is RAM, filled from a template in the image at every start."""
        name = self._store(instance, segment) if segment.data else ""
        region = self._region(instance, segment, "MEMORY_RAM", "")
        return Mapping("data", segment.address, region, RIGHTS["data"], True, name, len(segment.data))

    def _store(self, instance: Instance, segment: Segment) -> str:
        name = f"{file_name(instance)}_{segment.name}"
        self.files[name] = segment.data
        return name

    def _region(self, instance: Instance, segment: Segment, memory: str, payload: str) -> int:
        self.regions.append(Region(f"{instance.name}.{segment.name}", memory, 0, payload, pages(segment.bytes),
                                   "ATTRIBUTE_CACHED", INITIALISED if memory == "MEMORY_RAM" else (), segment.address,
                                   instance.source))
        return len(self.regions) - 1


def file_name(instance: Instance) -> str:
    return instance.name.replace(".", "_")


def _area_mapping(area: Area) -> Mapping:
    return Mapping(f"{area.kind}.{area.name}", area.address, area.region, area.rights, area.zero, "", 0)


def _place_ram(regions: list[Region], guests: set[int]) -> tuple[list[Region], int]:
    """The regions with their offsets, and the RAM they need together. The memory of guests comes last, in whole blocks."""
    offset = PAGE  # the first page is the crash log
    offsets: dict[int, int] = {}
    order = sorted(range(len(regions)), key=lambda i: (i in guests, "REGION_PERSISTENT" not in regions[i].flags, i))
    for index in order:
        if regions[index].memory == "MEMORY_RAM":
            if index in guests:
                offset = -(-offset // GUEST_BLOCK) * GUEST_BLOCK
            offsets[index] = offset
            offset += regions[index].bytes
    return [replace(r, offset=offsets[i]) if i in offsets else r for i, r in enumerate(regions)], offset


def table_count(mappings: tuple[Mapping, ...], regions: list[Region], levels: int) -> int:
    """Page-table pages of an address space: the root, and one for each window that holds a page. A fourth level is one more."""
    upper: set[int] = set()
    lower: set[int] = set()
    for mapping in mappings:
        last = mapping.address + regions[mapping.region].bytes - 1
        upper.update(range(mapping.address >> ROOT_SHIFT, (last >> ROOT_SHIFT) + 1))
        lower.update(range(mapping.address >> TABLE_SHIFT, (last >> TABLE_SHIFT) + 1))
    return levels - 2 + len(upper) + len(lower)
