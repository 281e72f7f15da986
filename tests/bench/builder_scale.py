"""Host seconds to load, check, plan and generate descriptions of 10, 100 and 1,000 instances.

The systems are chains of groups: in each, eight clients call two servers, and each server calls the next
group's first. SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from builder.allocate import allocate
from builder.commands.generate import write_product
from builder.front import load
from builder.project import ROOT

SIZES = (10, 100, 1000)
GROUP = 10
SERVERS = 2
PRIORITIES = 120    # a server must be above its clients, so chains of groups are cut at this length

INTERFACE = """interface: Work
methods:
  step: {in: {amount: u32}, out: {total: u64}, errors: [busy], restart: idempotent}
  bulk: {in: {data: bytes<512>}, restart: at-most-once}
events: [done]
"""
SERVER = """component: worker
kind: server
sources: [worker.c]
provides: {work: Work}
uses: {next: {interface: Work, optional: true}}
timers: [tick]
attributes: {rate: {type: u32, default: 10, min: 1, max: 1000}}
"""
CLIENT = """component: customer
kind: app
sources: [customer.c]
uses: {work: Work}
needs: [clock]
"""


def project(root: Path, size: int) -> None:
    """A project of its own with one app, `scale`, of so many instances."""
    for folder, text in (("worker", SERVER), ("customer", CLIENT)):
        (root / "components" / folder).mkdir(parents=True)
        (root / "components" / folder / "component.yaml").write_text(text)
        (root / "components" / folder / f"{folder}.c").write_text("")
    (root / "components" / "interfaces").mkdir()
    (root / "components" / "interfaces" / "work.yaml").write_text(INTERFACE)
    (root / "apps" / "scale").mkdir(parents=True)
    (root / "apps" / "scale" / "system.yaml").write_text(description(size))
    shutil.copytree(ROOT / "cmake" / "boards", root / "cmake" / "boards")
    shutil.copy(ROOT / "settings.yaml", root)


def description(size: int) -> str:
    instances, connections = [], []
    for group in range(size // GROUP):
        place = group % PRIORITIES
        for server in range(SERVERS):
            instances.append(f"  s{group}x{server}: {{component: worker, priority: {10 + 2 * place}, "
                             f"config: {{rate: {server + 1}}}}}")
            if place + 1 < PRIORITIES and group + 1 < size // GROUP:
                connections.append(f"  - s{group}x{server}.next -> s{group + 1}x0.work")
        for client in range(GROUP - SERVERS):
            instances.append(f"  c{group}x{client}: {{component: customer, priority: {9 + 2 * place}}}")
            connections.append(f"  - c{group}x{client}.work -> s{group}x{client % SERVERS}.work")
    return "\n".join(["system: scale", "instances:", *instances, "connections:", *connections, ""])


def measure(bench) -> dict:
    return {f"{size} instances, seconds": measured(bench.folder / str(size), size) for size in SIZES}


def measured(root: Path, size: int) -> dict:
    project(root, size)
    start = time.perf_counter()
    loaded = load("scale", "qemu-aarch64", None, (), root)
    if loaded.problems:
        raise RuntimeError(f"the description is wrong: {loaded.problems[0]}")
    checked = time.perf_counter()
    plan, problems = allocate(loaded.system)
    if problems:
        raise RuntimeError(f"the description is wrong: {problems[0]}")
    planned = time.perf_counter()
    write_product(loaded.system, plan, root / "out")
    generated = time.perf_counter()
    write_product(loaded.system, plan, root / "out")
    again = time.perf_counter()
    return {"load and check": round(checked - start, 3), "allocate": round(planned - checked, 3),
            "generate": round(generated - planned, 3), "generate again": round(again - generated, 3),
            "total": round(generated - start, 3)}
