"""Slots, bits, badges and addresses before any code is compiled. SPDX-License-Identifier: BSD-2-Clause"""

from __future__ import annotations

import random
from dataclasses import replace

from builder import model
from builder.allocate import allocate
from builder.plan import Plan
from hand_made import HERE, component, connect, instance, interface, node, provide, settings, system, use

SECOND = model.SECOND
RESTART = model.Restart(("fault", "hang"), 5, 10 * SECOND, 10**7, SECOND, 10**8, HERE)


def good(made: model.System) -> Plan:
    plan, problems = allocate(made)
    assert not problems
    return plan


def of(plan: Plan, name: str):
    return next(i for i in plan.instances if i.name == name)


def slots(plan: Plan, name: str) -> list[str]:
    return [slot.name for slot in of(plan, name).slots]


def bits(plan: Plan, name: str) -> list[str]:
    return [bit.name for bit in of(plan, name).threads[0].bits]


def pair(**given: object) -> model.System:
    echo = interface(events=("changed",))
    server, client = component("server", provides=provide(echo)), component("client", uses=use(echo))
    user, provider = instance("user", client, **given), instance("provider", server)
    return system([user, provider], (connect(user, provider),))


def test_a_use_is_a_call_capability_to_the_providers_endpoint() -> None:
    plan = good(pair())
    slot = of(plan, "user").slots[0]

    assert (slot.index, slot.macro, slot.type, slot.rights) == (1, "SLOT_USE_ECHO", "CAP_ENDPOINT", ("RIGHT_CALL",))
    assert plan.endpoints[slot.object[1]].thread == of(plan, "provider").threads[0].index
    assert slot.source == "apps/test/system.yaml:7"


def test_badges_are_the_places_of_clients_by_connection_name() -> None:
    echo = interface()
    server, client = component("server", provides=provide(echo)), component("client", uses=use(echo))
    provider = instance("p", server)
    users = [instance(name, client) for name in ("c", "a", "b")]
    plan = good(system([provider, *users], tuple(connect(user, provider) for user in users)))

    assert [of(plan, name).slots[0].badge for name in "abc"] == [0, 1, 2]
    assert plan.endpoints[0].clients == 3


def test_an_event_signals_the_clients_own_bit() -> None:
    plan = good(pair())
    slot = of(plan, "provider").slots[0]

    assert slot.name == "event_echo_changed_0" and slot.type == "CAP_NOTIFICATION"
    assert slot.object == ("notifications", of(plan, "user").threads[0].index)
    assert slot.badge == 1 << bits(plan, "user").index("event_echo_changed")


def test_timeouts_are_rounded_up_to_granules() -> None:
    made = pair()
    for timeout, granules in ((None, 0), (1, 1), (1_000_000, 1), (1_000_001, 2), (SECOND, 1000)):
        connection = replace(made.connections[0], timeout=timeout)
        plan = good(system(list(made.instances.values()), (connection,)))
        assert of(plan, "user").slots[0].timeout == granules


def test_a_timeout_beyond_sixteen_bits_of_granules_is_an_error() -> None:
    made = pair()
    connection = replace(made.connections[0], timeout=100 * SECOND)
    _, problems = allocate(system(list(made.instances.values()), (connection,)))

    assert [p.code for p in problems] == ["E0802"]
    assert problems[0].found == "100 s" and problems[0].expected == "at most 65.535 s"


def test_supervision_gives_each_side_what_it_needs_and_no_more() -> None:
    sup = instance("sup", component("sup", supervises=True))
    child = instance("kid", component("kid"), supervisor="sup", restart=RESTART)
    plan = good(system([sup, child]))

    assert slots(plan, "sup") == ["child_kid", "ping_kid"]
    assert of(plan, "sup").slots[0].rights == ("RIGHT_READ", "RIGHT_CONTROL")
    assert slots(plan, "kid") == ["pong"]
    assert bits(plan, "sup") == ["child_kid", "pong_kid"] and bits(plan, "kid") == ["ping"]
    assert of(plan, "kid").supervisor == (of(plan, "sup").threads[0].index, 0)
    assert of(plan, "kid").restartable and not of(plan, "sup").restartable
    assert of(plan, "kid").slots[0].badge == 1 << 1  # the pong bit of sup


def test_a_dependant_sees_the_state_and_gets_a_ready_bit() -> None:
    first, later = instance("first", component("a")), instance("later", component("b"), after=("first",))
    plan = good(system([first, later]))

    assert slots(plan, "first") == ["ready_later"] and slots(plan, "later") == ["after_first"]
    assert of(plan, "later").slots[0].rights == ("RIGHT_READ",)
    assert bits(plan, "later") == ["ready_first"]


def test_a_device_gives_its_registers_its_interrupts_and_its_quiesce_writes() -> None:
    driver = component("driver", devices={"dev": model.DeviceUse("dev", (), False, HERE)}, timers=("tick",),
                       quiesce=(model.Quiesce("dev", 0x70, 4, 0, HERE),), needs=("clock",),
                       dma={"ring": model.Dma("ring", 8192, HERE)})
    made = instance("d", driver, devices={"dev": node("/virtio@a003e00", 0xA003E00, 0x200, (79, 80))})
    plan = good(system([made]))
    planned = of(plan, "d")
    device = next(area for area in planned.areas if area.kind == "device")

    assert slots(plan, "d") == ["interrupt_dev", "interrupt_dev_1", "timer_tick", "clock", "dma_ring"]
    assert bits(plan, "d") == ["interrupt_dev", "interrupt_dev_1", "timer_tick"]
    assert [i.number for i in plan.interrupts] == [79, 80]
    assert plan.regions[device.region].offset == 0xA003000 and device.skew == 0xE00
    assert planned.quiesce[0].offset == 0xE70
    ring = plan.regions[planned.slots[4].object[1]]
    assert ring.attribute == "ATTRIBUTE_DMA" and ring.flags == ("REGION_DMA",)


def test_a_device_with_ports_gives_capabilities_to_them_and_quiesce_writes_go_there() -> None:
    reaches = {"mmio": "components/lib/m", "ports": "components/lib/p"}
    driver = component("driver", devices={"dev": model.DeviceUse("dev", (), False, HERE, None, reaches)}, timers=("tick",),
                       libraries=("components/lib/x",),
                       quiesce=(model.Quiesce("dev", 0x70, 4, 0, HERE, "mmio"), model.Quiesce("dev", 1, 1, 7, HERE, "ports")))
    ports = (model.PortRange(0x3F8, 8), model.PortRange(0x500, 2))
    made = instance("d", driver, devices={"dev": replace(node("/dev@3f8", 0, interrupts=(4,)), mmio=(), ports=ports)})
    other = instance("a", driver, devices={"dev": node("/dev@9000000", 0x9000000)})
    plan = good(system([made, other]))

    assert slots(plan, "d") == ["interrupt_dev", "ports_dev", "ports_dev_1", "timer_tick"]
    assert [(p.name, p.first, p.count) for p in plan.ports] == [("d.dev", 0x3F8, 8), ("d.dev_1", 0x500, 2)]
    slot = of(plan, "d").slots[1]
    assert (slot.type, slot.object, slot.rights) == ("CAP_PORTS", ("ports", 0), ("RIGHT_READ", "RIGHT_WRITE"))
    assert [(q.ports, q.offset, q.width, q.value) for q in of(plan, "d").quiesce] == [(0, 1, 1, 7)]
    assert [(q.ports, q.offset) for q in of(plan, "a").quiesce] == [(None, 0x70)]
    assert not any(area.kind == "device" for area in of(plan, "d").areas)
    assert made.libraries == ("components/lib/p", "components/lib/x")
    assert other.libraries == ("components/lib/m", "components/lib/x")


def test_stacks_have_an_unmapped_page_below_and_above() -> None:
    threads = {"main": model.Thread("main", 0, 4096, HERE), "worker": model.Thread("worker", -1, 8192, HERE)}
    plan = good(system([instance("a", component("a", threads=threads))]))
    planned = of(plan, "a")
    taken = [(area.address, area.address + area.bytes) for area in planned.areas] + [(planned.image_address, 1 << 39)]

    for area in planned.areas:
        assert not any(low <= area.address - 1 < high for low, high in taken)
        assert not any(low <= area.address + area.bytes < high for low, high in taken)
    assert [thread.priority for thread in planned.threads] == [100, 99]


def test_areas_never_overlap_and_shared_regions_are_one_region() -> None:
    share = {"pool": model.RegionUse("pool", "rw", False, HERE)}
    a, b = (instance(name, component(name, regions=share, heap=4096)) for name in "ab")
    users = tuple(model.RegionUser(i, share["pool"], rights, HERE) for i, rights in ((a, "rw"), (b, "r")))
    region = model.Region("shared", 65536, True, users, HERE)
    plan = good(system([a, b], regions={"shared": region}))

    found = [next(area for area in i.areas if area.kind == "region") for i in plan.instances]
    assert found[0].region == found[1].region == 0
    assert [area.rights for area in found] == [("RIGHT_READ", "RIGHT_WRITE"), ("RIGHT_READ",)]
    assert plan.regions[0].flags == ("REGION_PERSISTENT",)
    for planned in plan.instances:
        ends = [(area.address, area.address + plan.regions[area.region].bytes) for area in planned.areas]
        assert all(before[1] <= after[0] for before, after in zip(ends, ends[1:]))
        assert ends[-1][1] <= planned.image_address


def test_more_signals_than_bits_is_an_error() -> None:
    children = [instance(f"kid{n}", component("kid"), supervisor="sup", restart=RESTART) for n in range(33)]
    sup = instance("sup", component("sup", supervises=True))
    _, problems = allocate(system([sup, *children]))

    assert [p.code for p in problems] == ["E0801"]
    assert problems[0].found == "66: 33 child, 33 pong"


def test_the_plan_does_not_depend_on_the_order_of_the_instances() -> None:
    made = pair()
    shuffled = list(made.instances.values())
    random.Random(1).shuffle(shuffled)
    assert good(made) == good(system(shuffled, made.connections))


def test_indices_of_one_instance_are_consecutive() -> None:
    echo = interface()
    threads = {n: model.Thread(n, 0, 4096, HERE) for n in ("main", "worker")}
    both = {**provide(echo), **provide(echo, "again", "worker")}
    server = component("server", provides=both, threads=threads, timers=("a", "b"))
    plan = good(system([instance(f"s{n}", server) for n in range(3)]))

    for planned in plan.instances:
        first, count = planned.endpoints
        own = [t.endpoint for t in planned.threads if t.endpoint is not None]
        assert own == list(range(first, first + count))
        assert planned.timers == (2 * planned.index, 2)


def test_only_servers_with_a_budget_have_a_reserve() -> None:
    echo = interface()
    server, client = component("server", provides=provide(echo)), component("client")
    limits = {"budget": 1_000_000, "period": 10_000_000}
    made = [instance("limited", server, **limits), instance("free", server), instance("user", client, **limits)]
    plan = good(system(made, settings=settings(server_reserve=123)))

    assert {i.name: i.reserve for i in plan.instances} == {"free": 0, "limited": 123, "user": 0}


def test_a_stream_is_memory_of_both_ends_and_a_signal_to_the_consumer() -> None:
    down = model.Stream("lines", model.Type("integer", bits=64), 64, "to_client", HERE)
    up = model.Stream("keys", model.Type("integer", bits=8), 4, "to_server", HERE)
    echo = replace(interface(), streams=(down, up))
    server, client = component("server", provides=provide(echo)), component("client", uses=use(echo))
    user, provider = instance("user", client), instance("provider", server)
    plan = good(system([user, provider], (connect(user, provider),)))

    assert slots(plan, "user") == ["use_echo", "stream_echo_keys"]
    assert slots(plan, "provider") == ["stream_echo_lines_0"]
    assert bits(plan, "user") == ["stream_echo_lines"] and bits(plan, "provider") == ["stream_echo_keys"]
    areas = {i.name: [(a.macro, a.region, a.rights) for a in i.areas if a.kind == "stream"] for i in plan.instances}
    both = ("RIGHT_READ", "RIGHT_WRITE")
    assert areas == {"provider": [("STREAM_ECHO_LINES_0", 0, both), ("STREAM_ECHO_KEYS_0", 1, both)],
                     "user": [("STREAM_ECHO_LINES", 0, both), ("STREAM_ECHO_KEYS", 1, both)]}
    assert all(region.flags == ("REGION_PERSISTENT",) for region in plan.regions[:2])


def test_more_threads_than_a_token_can_name_is_an_error() -> None:
    threads = {"main": model.Thread("main", 0, 4096, HERE)}
    threads |= {f"t{n}": model.Thread(f"t{n}", 0, 4096, HERE) for n in range(0xFFFE - 4)}
    most = component("many", threads=threads, pool=model.Pool(4096, 3, HERE))
    too_many = component("many", threads=threads, pool=model.Pool(4096, 4, HERE))

    assert not allocate(system([instance("a", most)]))[1]
    assert [p.code for p in allocate(system([instance("a", too_many)]))[1]] == ["E0803"]


def test_a_component_that_does_not_fit_in_an_address_space_is_an_error() -> None:
    half, whole = ({"ring": model.Dma("ring", size, HERE)} for size in (1 << 38, 1 << 39))

    assert not allocate(system([instance("a", component("a", dma=half))]))[1]
    assert [p.code for p in allocate(system([instance("a", component("a", dma=whole))]))[1]] == ["E0804"]


def test_a_pool_is_memory_that_its_owner_does_not_map() -> None:
    maker = component("maker", pool=model.Pool(1 << 16, 3, HERE), slots=8)
    plan = good(system([instance("m", maker)]))
    planned = of(plan, "m")

    assert slots(plan, "m") == ["pool"] and planned.slots[0].object == ("pools", 0)
    assert (planned.slot_count, planned.first_dynamic) == (10, 2)
    assert (plan.pools[0].thread_first, plan.pools[0].threads) == (2, 3)
    assert plan.pools[0].pages == 16 and plan.regions[plan.pools[0].region].bytes == 1 << 16
    assert plan.pools[0].region not in {area.region for area in planned.areas}
