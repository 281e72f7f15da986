"""Memory of a linked system, and the C and JSON that say so. SPDX-License-Identifier: BSD-2-Clause"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from builder import elf, model
from builder.allocate import allocate
from builder.diagnostic import Diagnostics
from builder.emit_layout import layout_c, layout_json, payload_assembly
from builder.place import Result, place, table_count
from builder.plan import Instance, Mapping, Region
from builder.project import ROOT
from hand_made import HERE, component, connect, instance, interface, node, provide, system, use



def everything() -> model.System:
    """A system in which every table of the layout has an entry."""
    echo = interface(events=("changed",))
    driver = component("driver", provides=provide(echo), timers=("tick",), heap=8192, fpu=True,
                       dma={"ring": model.Dma("ring", 65536, HERE)}, needs=model.NEEDS, slots=4,
                       pool=model.Pool(1 << 16, 3, HERE),
                       devices={"dev": model.DeviceUse("dev", (), False, HERE)},
                       quiesce=(model.Quiesce("dev", 0x70, 4, 0, HERE),),
                       regions={"log": model.RegionUse("log", "rw", False, HERE)})
    restart = model.Restart(("fault",), 5, 10**10, 10**7, 10**9, 10**8, HERE)
    disk = instance("disk", driver, devices={"dev": node("/virtio@a003e00", 0xA003E00, 0x200, (79,))},
                    supervisor="sup", restart=restart, budget=2_000_000, period=10_000_000)
    user = instance("user", component("user", uses=use(echo)), after=("disk",))
    log = model.Region("log", 8192, True, (model.RegionUser(disk, driver.regions["log"], "rw", HERE),), HERE)
    return system([disk, user, instance("sup", component("sup", supervises=True))], (connect(user, disk),),
                  regions={"log": log})


def linked(planned: Instance, constants: bytes = b"") -> elf.Elf:
    at = planned.image_address
    return elf.Elf(at, (elf.Segment(at, b"code", 4, 5), elf.Segment(at + 4096, constants or b"c", 4097, 4),
                        elf.Segment(at + 3 * 4096, b"data", 5000, 6)), ())


def packed(made: model.System | None = None) -> Result:
    plan, problems = allocate(made or everything())
    result = place(plan, [linked(planned) for planned in plan.instances], problems)
    assert not problems
    return result


def ram(result: Result) -> list[Region]:
    return sorted((r for r in result.placed.regions if r.memory == "MEMORY_RAM"), key=lambda r: r.offset)


def test_ram_regions_fill_memory_behind_the_crash_log_without_overlap() -> None:
    result = packed()
    end = 4096
    for region in ram(result):
        assert region.offset == end and region.bytes % 4096 == 0
        end += region.bytes
    assert result.placed.ram_bytes == end


def test_persistent_regions_come_first_and_stay_when_components_grow() -> None:
    small, large = packed(), packed()
    first = ram(small)[0]
    assert first.name == "log" and first.offset == 4096
    plan, problems = allocate(everything())
    bigger = [elf.Elf(e.entry, (*e.segments[:2], elf.Segment(e.segments[2].address, b"", 1 << 20, 6)), ())
              for e in map(linked, plan.instances)]
    large = place(plan, bigger, problems)
    assert ram(large)[0] == first and large.placed.ram_bytes > small.placed.ram_bytes


def test_equal_read_only_segments_are_stored_once_and_data_is_not_shared() -> None:
    result = packed()
    texts = {m.region for mappings in result.placed.mappings for m in mappings if m.name == "text"}
    datas = {m.region for mappings in result.placed.mappings for m in mappings if m.name == "data"}
    assert len(texts) == 1 and len(datas) == 3
    assert sum(name.endswith("_text") for name in result.files) == 1


def test_nothing_is_both_writable_and_executable() -> None:
    for mappings in packed().placed.mappings:
        assert not any({"RIGHT_WRITE", "RIGHT_EXECUTE"} <= set(m.rights) for m in mappings)


def test_dma_persistent_and_device_memory_is_never_initialised() -> None:
    result = packed()
    for mappings in result.placed.mappings:
        for mapping in mappings:
            region = result.placed.regions[mapping.region]
            kept = "REGION_INITIALISED" not in region.flags or region.memory != "MEMORY_RAM"
            assert mapping.initialise == (not kept and "RIGHT_WRITE" in mapping.rights)


def test_table_count_is_the_root_and_each_window_with_a_page() -> None:
    def region(size: int) -> Region:
        return Region("r", "MEMORY_RAM", 0, "", size, "ATTRIBUTE_CACHED", (), 0, "")

    def count(*ranges: tuple[int, int]) -> int:
        regions = [region(size) for _, size in ranges]
        return table_count(tuple(Mapping("m", address, i, (), False, "", 0)
                                 for i, (address, _) in enumerate(ranges)), regions, levels=3)

    assert count((0x200000, 4096)) == 3
    assert count((0x200000, 4096), (0x3FF000, 4096)) == 3
    assert count((0x3FF000, 8192)) == 4
    assert count((0x200000, 4096), (0x40000000, 4096)) == 5
    assert count((0x200000, 64 << 20)) == 1 + 1 + 32


def test_a_segment_of_another_kind_is_an_error() -> None:
    plan, problems = allocate(everything())
    elves = [linked(planned) for planned in plan.instances]
    bad = elf.Elf(0, (elf.Segment(0x200000, b"x", 1, 7),), ())
    place(plan, [bad, *elves[1:]], problems)
    assert [p.code for p in problems] == ["E0901"]


def test_the_layout_compiles_against_the_kernels_headers(tmp_path: Path) -> None:
    result = packed()
    source = tmp_path / "layout.c"
    source.write_text(layout_c(result.placed, layout_json(result.placed)))
    done = subprocess.run(
        ["aarch64-linux-gnu-gcc", "-std=gnu11", "-ffreestanding", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter",
         f"-I{ROOT}/kernel/include", f"-I{ROOT}/kernel/vm/none", f"-I{ROOT}/kernel/arch/aarch64/include", str(source)],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_layout_json_tells_where_each_capability_comes_from() -> None:
    data = json.loads(layout_json(packed().placed))
    slots = [slot for planned in data["plan"]["instances"] for slot in planned["slots"]]
    assert len(slots) == 16
    assert all(slot["source"] == "apps/test/system.yaml:7" and slot["why"] and slot["macro"] for slot in slots)


def test_the_payload_shows_when_a_part_changed() -> None:
    assert payload_assembly({"a": b"1"}) != payload_assembly({"a": b"2"})


def test_a_damaged_elf_file_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    good = bytearray(Path("/bin/true").read_bytes())
    for size in (0, 3, 16, 63, 64, 200, len(good) - 1):
        file = tmp_path / "x.elf"
        file.write_bytes(good[:size])
        try:
            elf.read(file)
        except elf.ElfError:
            continue
        assert False, f"{size} bytes of an ELF file were read"


def test_diagnostics_are_empty_for_a_good_system() -> None:
    assert allocate(everything())[1] == Diagnostics()
