"""What the authority probes of a product found out, and what its description declares, in the same words.

A deed is (what, with whom or what). The records are read from outside, out of the machine's memory; which object a slot
stands for is layout.json's, which test_dump.py compares with the kernel's own tables.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from builder import idl, model
from builder.project import ROOT
from builder.slots import has_heartbeat, numbered

HEADER = (ROOT / "components/testing/probe/record.h").read_text()
ABI = (ROOT / "kernel/include/abi/syscall.h").read_text()


def number(name: str, text: str = HEADER) -> int:
    return int(re.search(rf"\b{name}\s*=?\s*(0x[0-9a-f]+|\d+)", text)[1], 0)


SLOTS, OPERATIONS, REASONS, NAME, LOW_PAGES = (number(name) for name in ("SLOTS", "OPERATIONS", "REASONS", "NAME_BYTES", "LOW_PAGES"))
LOW_BITS, SERVES = number("LOW_BITS"), number("STAGE_SERVES")
TRIES = 3 * (LOW_PAGES + 3 * (64 - LOW_BITS))
FORM = struct.Struct(f"<Q{NAME}s3I{SLOTS}I{SLOTS * REASONS}I{SLOTS * OPERATIONS}s{SLOTS * NAME}s{(TRIES + 7) // 8}s")
MAGIC = struct.pack("<Q", number("MAGIC"))
PAGE = 4096

STATUS = {int(value): name for name, value in re.findall(r"STATUS_(\w+) = (\d+)", ABI)}
REFUSED = {"BAD_SLOT", "BAD_TYPE", "DENIED"}
# What each system call is called here, and the status that says that the capability was accepted.
CALLS = {"CALL": ("call", "OK"), "SIGNAL": ("signal", "OK"), "INTERRUPT_ACK": ("interrupt", "OK"), "TIMER_SET": ("timer", "OK"),
         "CLOCK": ("clock", "OK"), "ENTROPY": ("entropy", "OK"), "COMPONENT_STATE": ("state", "OK"),
         "COMPONENT_CONTROL": ("control", "BAD_ARGUMENT"), "FRAME_READ": ("frame read", "BAD_ADDRESS"),
         "FRAME_WRITE": ("frame write", "BAD_ADDRESS"), "REGION_INFO": ("region", "OK"), "CAP_DROP": ("drop", "OK"),
         "CAP_REVOKE": ("revoke", "OK"), "CONSOLE_WRITE": ("console", "BAD_ARGUMENT"), "POWER": ("power", "BAD_ARGUMENT"),
         "INSPECT": ("inspect", "OK"), "POOL_CREATE": ("pool", "BAD_ARGUMENT"), "MAP": ("map", "OK"), "UNMAP": ("unmap", "OK"),
         "OBJECT_SET": ("wire", "OK"), "CAP_COPY": ("copy", "OK"), "PORT_READ": ("port read", "BAD_ARGUMENT"),
         "PORT_WRITE": ("port write", "BAD_ARGUMENT")}
# Refused for another reason than the capability: there is no region, thread or component from a pool.
ALSO_REFUSED = {"map": {"BAD_ARGUMENT"}, "unmap": {"BAD_ARGUMENT"}, "wire": {"BUSY", "BAD_ARGUMENT"}}
PROGRAM = {"text": "rx", "rodata": "r", "data": "rw"}
SINGLETONS = {"clock", "entropy", "console", "power", "inspect", "pool"}


@dataclass(frozen=True)
class Record:
    """What one instance's probe found out."""

    name: str
    stage: int
    tries: int
    tokens: int
    badges: tuple[int, ...]
    faults: tuple[tuple[int, ...], ...]     # of children, by slot and reason
    status: tuple[bytes, ...]               # by slot and system call; plus 1
    reached: tuple[str, ...]
    worked: bytes

    def came_back(self, place: int, kind: int) -> bool:
        """Whether a read (0) or a write (1) of that place did."""
        number = 3 * place + kind
        return bool(self.worked[number // 8] >> number % 8 & 1)


def records(memory: bytes) -> dict[str, Record]:
    """All that are there, by instance."""
    found = {}
    for start in range(0, len(memory) - FORM.size, PAGE):
        if memory.startswith(MAGIC, start):
            record = _record(FORM.unpack_from(memory, start))
            found[record.name] = record
    return found


def _record(fields: tuple) -> Record:
    _, name, stage, tries, tokens, *rest = fields
    badges, faults, (status, reached, worked) = rest[:SLOTS], rest[SLOTS:-3], rest[-3:]
    return Record(_text(name), stage, tries, tokens, tuple(badges), tuple(zip(*[iter(faults)] * REASONS)),
                  tuple(status[i:i + OPERATIONS] for i in range(0, len(status), OPERATIONS)),
                  tuple(_text(reached[i:i + NAME]) for i in range(0, len(reached), NAME)), worked)


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode()


# --- What was found ------------------------------------------------------------------------------

def deeds(record: Record, slots: Mapping[int, dict], names: Names) -> Counter:
    """What worked. Raises AssertionError when an answer is neither yes nor no."""
    found: Counter = Counter()
    for slot, answers in enumerate(record.status):
        for call, (what, accepted) in CALLS.items():
            answer = answers[number(f"SYS_{call}", ABI)]
            if answer == 0:
                continue
            status = STATUS[answer - 1]
            if status == accepted:
                found[what, _object(record, slot, what, slots.get(slot), names)] += 1
            else:
                assert status in REFUSED | ALSO_REFUSED.get(what, set()), f"{record.name}: {what} on slot {slot}: {status}"
    return found


def _object(record: Record, slot: int, what: str, planned: dict | None, names: Names) -> str:
    if what == "call":
        return f"{record.reached[slot]} as {record.badges[slot]}"
    if what in SINGLETONS or what == "drop":
        return ""
    return names.of(planned) if planned else f"slot {slot}, which is not planned"


class Names:
    """Who or what stands behind an object of layout.json."""

    def __init__(self, plan: dict) -> None:
        self.plan = plan
        self.threads = {thread["index"]: instance["name"] for instance in plan["instances"] for thread in instance["threads"]}

    def of(self, slot: dict) -> str:
        table, index = slot["object"]
        if table == "notifications":
            return self.threads[index]
        return self.plan["instances" if table == "components" else table][index]["name"]


# --- What is declared ----------------------------------------------------------------------------

def declared(system: model.System, instance: model.Instance) -> Counter:
    return Counter(_declared(system, instance))


def _declared(system: model.System, instance: model.Instance) -> Iterator[tuple[str, str]]:
    for connection in system.connections_of(instance):
        yield "call", f"{connection.provider.name[:NAME]} as {system.badge_of(connection)}"
        yield from (("signal", connection.provider.name) for stream in connection.interface.streams if stream.direction == "to_server")
    for connection in system.clients_of(instance):
        yield from (("signal", connection.user.name) for _ in connection.interface.events)
        yield from (("signal", connection.user.name) for stream in connection.interface.streams if stream.direction == "to_client")
    yield from _kernel_objects(instance)
    for child in system.children_of(instance):
        yield from (("state", child.name), ("control", child.name))
        if has_heartbeat(child):
            yield "signal", child.name
    if has_heartbeat(instance):
        yield "signal", instance.supervisor
    yield from (("signal", dependant.name) for dependant in system.dependants_of(instance))
    yield from (("state", earlier) for earlier in instance.after)
    yield from (("drop", "") for _ in range(instance.component.slots))


def _kernel_objects(instance: model.Instance) -> Iterator[tuple[str, str]]:
    component = instance.component
    for device, node in instance.devices.items():
        yield from (("interrupt", f"{instance.name}.{device}") for _ in node.interrupts)
        yield from ((f"port {way}", f"{instance.name}.{device}") for _ in node.ports for way in ("read", "write"))
    yield from (("timer", f"{instance.name}.{timer}") for timer in component.timers)
    yield from ((need, "") for need in component.needs)
    yield from (("region", f"{instance.name}.dma.{dma}") for dma in component.dma)
    if component.pool:
        yield "pool", ""


def declared_memory(system: model.System, instance: model.Instance) -> dict[str, str]:
    """Kind and name of all that an instance has in its address space, and whether it reads ("r") or also writes ("rw")."""
    component = instance.component
    names = [*(f"stack.{thread}" for thread in component.threads), *(["heap"] if component.heap else []),
             *(f"dma.{dma}" for dma in component.dma)]
    for device, node in instance.devices.items():
        names += [f"device.{numbered(device, index)}" for index, _ in enumerate(node.mmio)]
    for connection in system.connections_of(instance):
        names += [f"{memory.kind}.{connection.use.name}_{memory.name}" for memory in idl.shared_memory(connection.interface)]
    for connection in system.clients_of(instance):
        names += [f"{memory.kind}.{connection.provide.name}_{memory.name}_{system.badge_of(connection)}"
                  for memory in idl.shared_memory(connection.interface)]
    regions = {f"region.{user.use.name}": user.rights for region in system.regions.values() for user in region.users
               if user.instance.name == instance.name}
    return dict.fromkeys(names, "rw") | regions | PROGRAM


def planned_memory(mappings: list[dict]) -> dict[str, str]:
    return {mapping["name"]: rights_of(mapping) for mapping in mappings}


def rights_of(mapping: dict) -> str:
    return "".join(letter for letter, right in (("r", "READ"), ("w", "WRITE"), ("x", "EXECUTE")) if f"RIGHT_{right}" in mapping["rights"])


def pages(regions: list[dict], mappings: list[dict], right: str) -> set[int]:
    """Numbers of the pages that may be read, written or executed."""
    return {page for mapping in mappings if right in rights_of(mapping)
            for page in range(mapping["address"] // PAGE, (mapping["address"] + regions[mapping["region"]]["bytes"]) // PAGE)}
