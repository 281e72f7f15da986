"""The kernel's layout: gen/layout.json, and the C that defines what kernel/layout.h declares.

Rows hold ready C text; the template only puts them between braces.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import dataclasses
import hashlib
from functools import cache

from . import text
from .plan import Guest, Instance, Mapping, Placed, Pool, Quiesce, Region, Slot, Thread

NO_POINTER = "NULL"
ON_COMPONENT_DEAD = {"continue": 0, "reset": 1, "halt": 2}
ON_PANIC = {"reset": 1, "halt": 2}


def layout_json(placed: Placed) -> str:
    """The plan as data. Slots and bits carry the names that C code knows them by."""
    data = plain(placed)
    for instance, planned in zip(data["plan"]["instances"], placed.plan.instances):
        instance["slot_count"] = planned.slot_count
        for slot, known in zip(instance["slots"], planned.slots):
            slot["macro"] = known.macro
    return text.to_json(data)


def plain(value: object) -> object:
    """Dataclasses as maps; dataclasses.asdict copies too much to be quick."""
    kind = type(value)
    if kind in (str, int, bool):
        return value
    if kind in (tuple, list):
        return [plain(item) for item in value]
    names = _field_names(kind)
    return value if names is None else {name: plain(getattr(value, name)) for name in names}


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


def layout_c(placed: Placed, json_text: str) -> str:
    plan = placed.plan
    digest = hashlib.sha256(json_text.encode()).digest()
    pools = {pool.owner: number for number, pool in enumerate(plan.pools)}
    fpu = {thread.index: number for number, thread in enumerate(t for t in plan.threads if t.fpu)}
    return text.render(
        "layout.c.j2", plan=plan, placed=placed, hash=f"{int.from_bytes(digest[:8], 'big'):#018x}",
        payload=[name for name, _ in placed.payload],
        regions=[(region, _region(region)) for region in placed.regions],
        mappings=[(instance.name, mapping, _mapping(mapping)) for instance, mappings
                  in zip(plan.instances, placed.mappings) for mapping in mappings] +
                 [(guest.name, mapping, _mapping(mapping)) for guest in plan.guests for mapping in _guest_mappings(guest)],
        quiesce=[(q, _quiesce(q))
                 for instance in plan.instances for q in instance.quiesce],
        threads=[(f"{instance.name}.{thread.name}", _layout_thread(instance, thread, placed),
                  _thread(instance, thread, fpu)) for instance in plan.instances for thread in instance.threads] +
                [vcpu for guest in plan.guests for vcpu in _vcpus(plan.guests[0], guest)],
        objects=[_component(i, pools) for i in plan.instances] + [_guest_component(guest) for guest in plan.guests],
        components=_components(placed) + [(guest, _guest_lines(guest)) for guest in plan.guests],
        thread_table=1 + len(plan.threads) + sum(guest.vcpus for guest in plan.guests) + sum(pool.threads for pool in plan.pools),
        guests=[(guest, _guest(guest, sum(map(len, placed.mappings)) + number)) for number, guest in enumerate(plan.guests)],
        vcpus=sum(guest.vcpus for guest in plan.guests),
        caps=[(i, [(s, _cap(s)) for s in i.slots]) for i in plan.instances],
        gone_words=[(endpoint.clients + 63) // 64 for endpoint in plan.endpoints], fpu=fpu,
        heaps=[_heap(plan, core) for core in range(plan.cores)],
        on_dead=ON_COMPONENT_DEAD[plan.on_component_dead], on_panic=ON_PANIC[plan.on_panic])


def _quiesce(step: Quiesce) -> str:
    ports = NO_POINTER if step.ports is None else f"&ports[{step.ports}]"
    return f"{{{step.region}, {step.offset:#x}, {step.width}, {step.value:#x}ull, {ports}}}"


def _heap(plan: Plan, core: int) -> int:
    here = [instance for instance in plan.instances if instance.core == core]
    guests = [guest for guest in plan.guests if guest.core == core]
    return sum(instance.timers[1] for instance in here) + 2 * len(here + guests) + sum(guest.vcpus for guest in guests) + 1


def _region(region: Region) -> str:
    image = f"payload_{region.payload}" if region.payload else NO_POINTER
    flags = " | ".join(region.flags) or "0"
    return (f".offset = {region.offset:#x}, .image = {image}, .bytes = {region.bytes:#x}, .source = {region.memory}, "
            f".attribute = {region.attribute}, .flags = {flags}")


def _mapping(mapping: Mapping) -> str:
    words = [f".address = {mapping.address:#x}", f".region = {mapping.region}",
             f".rights = {' | '.join(mapping.rights)}"]
    if mapping.initialise:
        words.append(".initialise = 1")
    if mapping.initial:
        words += [f".initial_bytes = {mapping.initial_bytes}", f".initial = payload_{mapping.initial}"]
    return ", ".join(words)


def _layout_thread(instance: Instance, thread: Thread, placed: Placed) -> str:
    return (f".entry = {placed.entries[instance.index]:#x}, .stack_top = {thread.stack_top:#x}, "
            f".argument = {thread.local}, .priority = {thread.priority}, .fpu = {int(thread.fpu)}, "
            f".receives = {_endpoint(thread)}, .notification = &notifications[{thread.index}]")


def _thread(instance: Instance, thread: Thread, fpu: dict[int, int]) -> str:
    words = [".head = {1, CAP_THREAD}", f".component = &components[{instance.index}]",
             f".receives = {_endpoint(thread)}", f".notification = &notifications[{thread.index}]"]
    if thread.fpu:
        words.append(f".fpu = &fpu_storage[{fpu[thread.index]}]")
    return ", ".join(words)


def _endpoint(thread: Thread) -> str:
    return NO_POINTER if thread.endpoint is None else f"&endpoints[{thread.endpoint}]"


def _cap(slot: Slot) -> str:
    table, index = slot.object
    pointer = f"&{table}" if index < 0 else f"&{table}[{index}].head"
    return (f"{{.object = {pointer}, .generation = 1, .type = {slot.type}, .rights = {' | '.join(slot.rights)}, "
            f".timeout = {slot.timeout}, .badge = {slot.badge:#x}}}")


def _components(placed: Placed) -> list[tuple[Instance, list[str]]]:
    """For each instance the lines of its layout_components row."""
    rows = []
    first_mapping = first_quiesce = 0
    for instance, mappings, tables in zip(placed.plan.instances, placed.mappings, placed.tables):
        rows.append((instance, [
            f".core = {instance.core}, .asid = {instance.index + 1}, .autostart = {int(instance.autostart)}, "
            f".restartable = {int(instance.restartable)}",
            _range("thread", instance.threads[0].index, len(instance.threads)),
            _range("mapping", first_mapping, len(mappings)),
            _range("quiesce", first_quiesce, len(instance.quiesce)),
            _range("interrupt", *instance.interrupts), _range("timer", *instance.timers),
            _range("endpoint", *instance.endpoints),
            f".caps = caps_{instance.index}, .cap_count = {instance.slot_count}, "
            f".cap_dynamic = {instance.first_dynamic}",
            f".tables = tables_{instance.index}, .table_count = {tables}",
            _supervisor(instance),
            f".budget = {instance.budget}, .period = {instance.period}, .reserve = {instance.reserve}"]))
        first_mapping += len(mappings)
        first_quiesce += len(instance.quiesce)
    return rows


def _component(instance: Instance, pools: dict[int, int]) -> str:
    words = [".head = {1, CAP_COMPONENT}", f".caps = caps_{instance.index}", f".cap_count = {instance.slot_count}",
             f".cap_dynamic = {instance.first_dynamic}"]
    if instance.index in pools:
        words.append(f".pool = &pools[{pools[instance.index]}]")
    return ", ".join(words)


# --- Guests: components whose threads are virtual CPUs and whose mappings are of the second stage ---

def _guest_mappings(guest: Guest) -> list[Mapping]:
    return [Mapping("memory", guest.address, guest.region, ("RIGHT_READ", "RIGHT_WRITE", "RIGHT_EXECUTE"), False, "", 0)]


def _vcpus(first: Guest, guest: Guest) -> list[tuple[str, str, str]]:
    """Name, rows of layout_threads and of threads."""
    return [(f"{guest.name}.vcpu{number}",
             f".entry = GUEST_ENTRY, .argument = {number}, .priority = {guest.priority}, .notification = &notifications[{index}], "
             f".handler = &endpoints[{guest.handler}], .handler_badge = {number}",
             f".head = {{1, CAP_THREAD}}, .component = &components[{guest.index}], .notification = &notifications[{index}], "
             f".fpu = &vcpus[{index - first.thread_first}].fpu")
            for number, index in enumerate(range(guest.thread_first, guest.thread_first + guest.vcpus))]


def _guest_component(guest: Guest) -> str:
    return f".head = {{1, CAP_COMPONENT}}, .caps = guest_caps_{guest.index}, .cap_count = 1, .cap_dynamic = 1"


def _guest_lines(guest: Guest) -> list[str]:
    notification, bit = guest.supervisor
    return [f".core = {guest.core}, .asid = {guest.index + 1}, .autostart = 1, .restartable = 1",
            _range("thread", guest.thread_first, guest.vcpus),
            f".caps = guest_caps_{guest.index}, .cap_count = 1, .cap_dynamic = 1",
            f".tables = guest_vspace_{guest.index}, .table_count = 1",
            f".supervisor = &notifications[{notification}], .supervisor_bit = 1ull << {bit}",
            f".budget = {guest.budget}, .period = {guest.period}"]


def _guest(guest: Guest, mapping: int) -> str:
    """Its row of layout_guests."""
    return (f".component = {guest.index}, .mapping_first = {mapping}, .mapping_count = {len(_guest_mappings(guest))}, "
            f".tables = guest_tables_{guest.index}, .table_count = {guest.tables}")


def _range(name: str, first: int, count: int) -> str:
    return f".{name}_first = {first if count else 0}, .{name}_count = {count}"


def _supervisor(instance: Instance) -> str:
    if instance.supervisor is None:
        return f".supervisor = {NO_POINTER}"
    notification, bit = instance.supervisor
    return f".supervisor = &notifications[{notification}], .supervisor_bit = 1ull << {bit}"


def payload_assembly(files: dict[str, bytes]) -> str:
    """The digests tell the build that a part changed: the assembler's input does not show it otherwise."""
    return text.render("payload.S.j2", parts=[(name, hashlib.sha256(data).hexdigest()[:16])
                                              for name, data in files.items()])
