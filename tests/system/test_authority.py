"""Whatever a component tries, what it can do is what the description declares.

Every program of a product is replaced by the authority probe (components/testing/probe), which tries all system calls on all slots
and all kinds of access on all pages. `TENON_AUTHORITY_APPS="files network"` names more products.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

from system import authority
from builder import fixtures
from builder.front import load_system
from builder.machine import Machine
from builder.starts import Start

APPS = os.environ.get("TENON_AUTHORITY_APPS", "datalogger").split()
SETTING = "probe=true"
LOADED_AT = {"qemu-aarch64": 0x40000000, "qemu-riscv64": 0x80000000, "qemu-x86_64": 0x100000}
MEMORY = 64 << 20   # from there on
PATIENCE = 240      # seconds
READ, WRITE, EXECUTE = (int(re.search(rf"FAULT_{name} = (\d+)", authority.ABI)[1]) for name in ("READ", "WRITE", "EXECUTE"))


def found(machine: Machine, start: Start, names: set[str], dump: Path) -> dict[str, authority.Record]:
    """The records, when all probes have tried everything."""
    end = time.monotonic() + PATIENCE
    while True:
        machine.read(0.5)
        machine.qmp.command("pmemsave", val=LOADED_AT[start.board], size=MEMORY, filename=str(dump))
        records = authority.records(dump.read_bytes())
        slow = {name: (record.stage, record.tries) for name, record in records.items() if record.stage != authority.SERVES}
        if records.keys() == names and not slow:
            return records
        assert time.monotonic() < end, f"not through: {slow}; not begun: {names - records.keys()}; {machine.text}"


@pytest.mark.timeout(2 * PATIENCE)
@pytest.mark.parametrize("app", APPS)
def test_components_can_do_what_is_declared_and_no_more(machine, board: Start, app: str, tmp_path: Path) -> None:
    system, problems = load_system(app, board.board, None, [*board.settings])
    assert not problems
    layout = json.loads((fixtures.built(fixtures.product_of(app, board, settings=(SETTING,))) / "gen" / "layout.json").read_text())
    plan = layout["plan"]
    records = found(machine(app, board, settings=(SETTING,)), board, set(system.instances), tmp_path / "memory")

    names = authority.Names(plan)
    for planned, mappings in zip(plan["instances"], layout["mappings"]):
        instance, record = system.instances[planned["name"]], records[planned["name"]]
        slots = {slot["index"]: slot for slot in planned["slots"]}
        assert authority.deeds(record, slots, names) == authority.declared(system, instance), record.name
        assert record.tokens == 0
        mapped = authority.planned_memory(mappings)
        assert mapped.pop("region.probe") == "rw"
        assert mapped == authority.declared_memory(system, instance), record.name
        if instance.supervisor:
            supervisor = plan["instances"][[i["name"] for i in plan["instances"]].index(instance.supervisor)]
            slot = next(s["index"] for s in supervisor["slots"] if s["name"] == f"child_{record.name}")
            check_addresses(record, records[instance.supervisor].faults[slot], layout["regions"], mappings)


def check_addresses(record: authority.Record, faults: tuple[int, ...], regions: list[dict], mappings: list[dict]) -> None:
    """Of the pages it tried, it read, wrote and executed those that it has mapped so."""
    assert record.tries == authority.TRIES
    places = range(authority.TRIES // 3)
    readable, writable, executable = (authority.pages(regions, mappings, right) for right in "rwx")
    assert {place for place in places if record.came_back(place, 0)} == readable, record.name
    assert {place for place in places if record.came_back(place, 1)} == writable, record.name
    assert faults[READ] == 2 * (authority.LOW_PAGES - len(readable)), record.name
    assert faults[WRITE] == len(readable) - len(writable), record.name
    assert faults[EXECUTE] == authority.LOW_PAGES - len(executable), record.name
