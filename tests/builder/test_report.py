"""What the report says of a finished build. SPDX-License-Identifier: BSD-2-Clause"""

from __future__ import annotations

from dataclasses import replace

from builder import elf, model
from builder.allocate import allocate
from builder.diagnostic import Diagnostics
from builder.measure import Need
from builder.place import place
from builder.report import Built, check_memory, memory, report, report_text
from hand_made import HERE, component, connect, instance, interface, node, provide, system, use

MIB = 1 << 20


def built(made: model.System, image: int = 3 * MIB) -> Built:
    plan, problems = allocate(made)
    elves = [elf.Elf(i.image_address, (elf.Segment(i.image_address, b"code", 4, 5),), ()) for i in plan.instances]
    result = place(plan, elves, problems)
    assert not problems
    places = {"__image_start": 0, "__text_end": 8192, "__rodata_end": 20480, "__data_start": 20480,
              "__data_end": 24576, "__bss_start": 24576, "__bss_end": image, "__image_end": image}
    needs = tuple(tuple(Need(t.name, 1000, (("_start", 0), ("main", 1000))) for t in i.threads) for i in plan.instances)
    symbols = tuple(elf.Symbol(name, address, 0, False) for name, address in places.items())
    return Built(made, result, needs, elf.Elf(0, (), symbols), (), 24576)


def pair() -> model.System:
    text = model.Field("text", model.Type("bytes", count=1000), HERE)
    count = model.Field("count", model.Type("integer", bits=32), HERE)
    method = model.Method("put", 1, (text, count), (), (), "idempotent", "", HERE)
    echo = replace(interface(), methods=(method,))
    driver = component("driver", provides=provide(echo), dma={"ring": model.Dma("ring", 8192, HERE)}, heap=4096,
                       devices={"dev": model.DeviceUse("dev", (), False, HERE)})
    disk = instance("disk", driver, devices={"dev": replace(node("/virtio@a003e00", 0xA003E00, 0x200), dma=True)})
    user = instance("user", component("user", uses=use(echo)))
    return system([disk, user], (connect(user, disk),))


def test_each_value_says_which_way_it_goes() -> None:
    method = report(built(pair()))["interfaces"][0]["methods"][0]

    assert method["in"] == [{"name": "text", "type": "bytes<1000>", "way": "lent, copied by the handler"},
                            {"name": "count", "type": "u32", "way": "registers"}]
    assert (method["lends"], method["in_registers"]) == (1, False)


def test_a_device_with_dma_and_no_iommu_is_a_hole() -> None:
    data = report(built(pair()))

    assert len(data["holes"]) == 1 and "disk can reach all memory" in data["holes"][0]
    assert data["holes"][0] in report_text(data)


def test_every_capability_has_a_reason_and_a_place() -> None:
    data = report(built(pair()))

    for planned in data["instances"]:
        assert all(cap["why"] and cap["source"] == "apps/test/system.yaml:7" for cap in planned["capabilities"])
    assert [cap["type"] for cap in data["instances"][0]["capabilities"]] == ["region"]
    assert [cap["rights"] for cap in data["instances"][1]["capabilities"]] == [["call"]]


def test_sizes_add_up() -> None:
    data = report(built(pair()))
    image = data["image"]

    assert image["kernel_text"] + image["kernel_constants"] + image["payload"] == 20480
    disk = data["instances"][0]
    assert (disk["dma"], disk["heap"], disk["page_tables"]) == (8192, 4096, 3 * 4096)
    assert data["memory"]["needed"] == 2 * MIB + 4 * MIB + data["memory"]["components"]


def test_a_system_that_fits_exactly_is_right_and_a_page_more_is_an_error() -> None:
    made = pair()
    needed = memory(built(made))["needed"]
    for size, codes in ((needed, []), (needed - 4096, ["E0908"])):
        problems = Diagnostics()
        check_memory(built(replace(made, board=replace(made.board, memory=size))), problems)
        assert [p.code for p in problems] == codes


def test_columns_of_numbers_stand_to_the_right() -> None:
    lines = report_text(report(built(pair()))).splitlines()
    start = lines.index("Threads")
    rows = [line for line in lines[start + 1:start + 4]]

    assert rows[0].endswith("full") and len({len(row) for row in rows}) == 1
