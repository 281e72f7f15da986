"""The table of names behind SYS_INSPECT, and what a run of QEMU must plug in: both follow the plan of the data logger."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re

import pytest

from builder.allocate import allocate
from builder.emit_table import system_table
from builder.front import load_system
from builder.project import ROOT
from builder.run_needs import run_needs


@pytest.fixture(scope="module")
def datalogger():
    system, problems = load_system("datalogger", "qemu-aarch64", None, [], root=ROOT)
    assert not problems
    plan, problems = allocate(system)
    assert not problems
    return system, plan


def test_instances_stand_in_the_order_of_the_kernels_components(datalogger) -> None:
    _, plan = datalogger
    rows = re.findall(r'^    \{"(\w+)", "(\w+)", \w+, (\d+)\},$', system_table(plan), re.MULTILINE)

    assert rows == [(i.name, i.component, str(len(i.slots))) for i in plan.instances]
    assert [i.index for i in plan.instances] == list(range(len(plan.instances)))


def test_each_slot_has_its_name_in_order(datalogger) -> None:
    _, plan = datalogger
    table = system_table(plan)

    for instance in plan.instances:
        names = re.search(rf"system_slots_{instance.index}\[\] = {{.*\n((?:    \".*\",\n)*)}};", table)[1]
        assert re.findall(r'"(.*)"', names) == [slot.name for slot in instance.slots]
        assert [slot.index for slot in instance.slots] == list(range(1, 1 + len(instance.slots)))


def test_the_run_plugs_in_what_the_drivers_declare(datalogger) -> None:
    system, _ = datalogger
    needs = run_needs(system)

    assert [(disk["name"], disk["bus"]) for disk in needs["disks"]] == [("disk", 0xA003E00)]
    assert [source["bus"] for source in needs["rng"]] == [0xA002E00]
    assert needs["net"] == [] and needs["expect"] == "running"
