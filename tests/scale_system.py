"""A synthetic system of any size, for measuring the builder: it is checked, generated, built and packed like any other.

Groups of ten: two workers, which serve; five customers, replicas, which call the first and send samples to a recorder;
a meter, which calls the second and waits for the recorder to be ready; a watcher, which restarts workers and recorder.
Workers call the next group's first, in chains as long as priorities allow. In the first four groups a driver takes the meter's place.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from pathlib import Path

from builder import text

GROUP = 10
CHAIN = 60          # groups: a server must be above its clients, and there are 254 priorities
DRIVERS = 4
DEVICE = "virtio_mmio@{:x}"
FIRST_DEVICE, DEVICE_STEP = 0xA000000, 0x1000   # of qemu-aarch64: on pages of their own
LICENCE = "# SPDX-License-Identifier: BSD-2-Clause\n"

INTERFACES = {
    "work": """interface: Work
methods:
  step: {in: {amount: u32}, out: {total: u64}, errors: [busy], restart: idempotent}
  bulk: {in: {data: bytes<512>}, restart: at-most-once}
events: [done]
""",
    "feed": """interface: Feed
types:
  sample: {struct: {at: u64, value: u32, channel: u8}}
methods:
  flush: {out: {taken: u32}, restart: idempotent}
streams:
  samples: {item: sample, depth: 16, direction: to_server}
"""}

COMPONENTS = {
    "worker": """component: worker
kind: server
sources: [worker.c, total.c]
provides: {work: Work}
uses: {next: {interface: Work, optional: true}}
timers: [tick]
stack: 8KiB
attributes: {rate: {type: u32, default: 10, min: 1, max: 1000}}
""",
    "recorder": """component: recorder
kind: server
sources: [recorder.c]
provides: {feed: Feed}
stack: 8KiB
""",
    "customer": """component: customer
kind: app
sources: [customer.c]
uses: {work: Work, feed: Feed}
needs: [clock]
stack: 8KiB
""",
    "meter": """component: meter
kind: app
sources: [meter.c]
uses: {work: Work}
timers: [period]
stack: 8KiB
attributes: {interval: {type: duration, default: 10ms}, unit: {type: enum, choices: [volt, ampere], default: volt}}
""",
    "port": """component: port
kind: driver
sources: [port.c]
uses: {work: Work}
devices: {dev: {compatible: "virtio,mmio"}}
dma: {ring: 4KiB}
quiesce: [{device: dev, offset: 0x70, width: 4, value: 0}]
stack: 8KiB
""",
    "watcher": """component: watcher
kind: server
sources: [watcher.c]
supervises: true
stack: 8KiB
"""}

SERVE = "\nint main(void)\n{\n    event_loop_run();\n}\n"
SOURCES = {
    "worker/worker.c": """// Worker: adds up what it is asked to, and passes it on.
#include <glue.h>

#include "total.h"

enum status work_step(const struct call *call, uint32_t amount, uint64_t *total)
{
    (void)call;
    *total = total_add(amount);
    return NEXT_IS_CONNECTED ? next_step(amount, total) : STATUS_OK;
}

enum status work_bulk(const struct call *call, const struct lend *data)
{
    (void)call;
    (void)data;
    work_done_signal_all();
    return STATUS_OK;
}

void on_next_done(void)
{
}

void on_timer_tick(void)
{
    total_add(CONFIG_RATE);
}
""" + SERVE,
    "worker/total.c": """// The total so far.
#include "total.h"

static uint64_t total;

uint64_t total_add(uint32_t amount)
{
    total += amount;
    return total;
}
""",
    "worker/total.h": "#pragma once\n#include <stdint.h>\n\nuint64_t total_add(uint32_t amount);\n",
    "recorder/recorder.c": """// Recorder: keeps what its clients send.
#include <glue.h>

static uint32_t taken;

enum status feed_flush(const struct call *call, uint32_t *count)
{
    (void)call;
    *count = taken;
    return STATUS_OK;
}

void on_feed_samples(void)
{
    struct feed_sample sample;

    for (uint32_t client = 0; client < INSTANCE_CLIENTS; client++)
        while (feed_samples_take(client, &sample))
            taken++;
}
""" + SERVE,
    "customer/customer.c": """// Customer: has a step done and records what came of it.
#include <glue.h>

void on_work_done(void)
{
    uint64_t total = 0;
    enum status status = work_step(1, &total);
    struct feed_sample sample = {.at = total, .value = status == STATUS_OK};

    feed_samples_put(&sample);
}
""" + SERVE,
    "meter/meter.c": """// Meter: has a step done each period.
#include <glue.h>

void on_work_done(void)
{
}

void on_timer_period(void)
{
    uint64_t total = 0;

    work_step(CONFIG_UNIT == CONFIG_UNIT_VOLT ? 1 : (uint32_t)CONFIG_INTERVAL, &total);
}
""" + SERVE,
    "port/port.c": """// Port: acknowledges its device's interrupts.
#include <glue.h>

void on_work_done(void)
{
}

void on_interrupt_dev(void)
{
    uint64_t total = 0;

    work_step(*(volatile uint32_t *)DEVICE_DEV_BASE, &total);
    sys_interrupt_ack(SLOT_INTERRUPT_DEV);
}
""" + SERVE,
    "watcher/watcher.c": """// Watcher: looks at a child when its state changes.
#include <glue.h>

void on_child_changed(unsigned child)
{
    struct component_report report;

    if (sys_component_state(instance_children[child].component, &report) != STATUS_OK)
        sys_exit(1);
}

void on_child_pong(unsigned child)
{
    (void)child;
}
""" + SERVE}


def write_app(root: Path, app: str, size: int) -> None:
    """apps/APP with its own components; the rest of the project must be there."""
    home = root / "apps" / app
    for name, declaration in INTERFACES.items():
        text.write(home / "components" / "interfaces" / f"{name}.yaml", LICENCE + declaration)
    for name, declaration in COMPONENTS.items():
        text.write(home / "components" / name / "component.yaml", LICENCE + declaration)
    for name, code in SOURCES.items():
        text.write(home / "components" / name, "// SPDX-License-Identifier: BSD-2-Clause\n" + code)
    text.write(home / "system.yaml", description(app, size))


def description(app: str, size: int) -> str:
    """system.yaml of so many instances, a multiple of ten."""
    instances, connections = [], []
    for group in range(size // GROUP):
        made, wired = _group(group, size // GROUP)
        instances += made
        connections += wired
    return "\n".join([f"{LICENCE}system: {app}", "instances:", *instances, "connections:", *connections, ""])


def _group(group: int, groups: int) -> tuple[list[str], list[str]]:
    """One group's lines of `instances` and of `connections`."""
    place = group % CHAIN
    low = 10 + 3 * place
    watched = f"supervisor: watcher{group}, restart: {{on: [fault, exit], limit: 5 in 10s, backoff: 5ms..500ms}}"
    meter = f"meter{group}: {{component: meter, priority: {low}, after: [recorder{group}], config: {{unit: ampere}}}}"
    if group < DRIVERS:
        device = DEVICE.format(FIRST_DEVICE + group * DEVICE_STEP)
        meter = (f"meter{group}: {{component: port, priority: {low}, after: [recorder{group}], "
                 f"devices: {{dev: {device}}}}}")
    instances = [
        f"watcher{group}: {{component: watcher, priority: 250}}",
        f"worker{group}_: {{component: worker, priority: {low + 2}, replicas: 2, config: {{rate: 20}}, {watched}}}",
        f"recorder{group}: {{component: recorder, priority: {low + 1}, {watched}}}",
        f"customer{group}_: {{component: customer, priority: {low}, replicas: 5, budget: 2ms, period: 10ms}}",
        meter]
    connections = [f"customer{group}_.work -> worker{group}_0.work", f"customer{group}_.feed -> recorder{group}.feed",
                   f"meter{group}.work -> worker{group}_1.work"]
    if place + 1 < CHAIN and group + 1 < groups:
        connections.append(f"worker{group}_.next -> worker{group + 1}_0.work")
    return [f"  {line}" for line in instances], [f"  - {line}" for line in connections]
