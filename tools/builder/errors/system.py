"""E07: rules about the whole system."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0701", "a priority out of range",
        "A thread's priority is the instance's plus its own, and is 1 to 254.",
        "worker: {component: pool, priority: 1}        # threads: {low: {priority: -5}}",
        "worker: {component: pool, priority: 10}"),
    ErrorCode(
        "E0702", "a connection of different interfaces",
        "User and provider speak of different things.",
        "shell.store -> uart.console        # a Store, a Console",
        "shell.store -> logstore.store"),
    ErrorCode(
        "E0703", "a call towards equal or lower priority",
        "A client that waits for a server of lower priority waits for everything in between. The kernel has no "
        "priority inheritance because this rule makes it unnecessary.",
        "client: {priority: 100}\nserver: {priority: 50}",
        "client: {priority: 100}\nserver: {priority: 150}"),
    ErrorCode(
        "E0704", "calls in a circle",
        "Each would wait for the next, for ever. The way back is an event, which does not wait.",
        "connections: [a.next -> b.work, b.next -> a.work]",
        "connections: [a.next -> b.work]"),
    ErrorCode(
        "E0705", "a budget that does not fit its period",
        "An instance may use `budget` in each `period`. They come together, and the budget is not longer.",
        "budget: 20ms\nperiod: 10ms",
        "budget: 2ms\nperiod: 10ms"),
    ErrorCode(
        "E0706", "a restart without a supervisor",
        "The kernel restarts nothing by itself: a supervisor decides.",
        "disk: {component: disk, priority: 200, restart: {on: [fault]}}",
        "disk: {component: disk, priority: 200, supervisor: sup, restart: {on: [fault]}}"),
    ErrorCode(
        "E0707", "a supervisor that does not supervise",
        "Its component must be written for it and say `supervises: true`.",
        "disk: {component: disk, supervisor: shell}",
        "disk: {component: disk, supervisor: sup}"),
    ErrorCode(
        "E0708", "hangs without a heartbeat",
        "A hang shows only in an answer that does not come. And a heartbeat that nobody reacts to costs time for "
        "nothing.",
        "restart: {on: [fault, hang]}",
        "restart: {on: [fault, hang], heartbeat: 100ms}"),
    ErrorCode(
        "E0709", "a restart policy that makes no sense",
        "It reacts to something, waits at least as long the second time as the first, and can reach its limit: the "
        "waits alone must take less than the limit's time.",
        "restart: {on: [fault], limit: 10 in 1s, backoff: 1s..5s}",
        "restart: {on: [fault], limit: 10 in 60s, backoff: 10ms..1s}"),
    ErrorCode(
        "E0710", "too many children",
        "A supervisor keeps one bit for each in a notification.",
        "(61 instances with supervisor: sup)",
        "(30 with supervisor: sup, 31 with supervisor: other)"),
    ErrorCode(
        "E0712", "a timeout below the granularity",
        "The kernel counts timeouts in steps, so that they cost nothing on the fast path.",
        "{from: a.echo, to: b.echo, timeout: 1ms}        # timeout_granularity is 10ms",
        "{from: a.echo, to: b.echo, timeout: 20ms}"),
    ErrorCode(
        "E0713", "too many clients",
        "The server has room for fewer, and says so in its component.yaml.",
        "provides: {echo: {interface: Echo, clients: 1}}     # two connections to it",
        "provides: {echo: {interface: Echo, clients: 2}}"),
    ErrorCode(
        "E0714", "a core that does not exist",
        "Cores count from 0.",
        "main: {component: hello, priority: 10, cpu: 4}",
        "main: {component: hello, priority: 10, cpu: 0}"),
    ErrorCode(
        "E0715", "supervision in a circle",
        "When both have faulted, nobody is left.",
        "first: {supervisor: second}\nsecond: {supervisor: first}",
        "first: {supervisor: second}"),
    ErrorCode(
        "E0716", "starting in a circle",
        "Each waits for the other to be ready.",
        "a: {after: [b]}\nb: {after: [a]}",
        "a: {after: [b]}"),
    ErrorCode(
        "E0717", "a hang that would stop its supervisor",
        "A component in an endless loop above its supervisor keeps it from running for ever. Below it, or with a "
        "budget, it cannot.",
        "disk: {priority: 200, supervisor: sup, restart: {on: [hang], heartbeat: 100ms}}\nsup: {priority: 100}",
        "disk: {priority: 200, supervisor: sup, restart: {on: [hang], heartbeat: 100ms}}\nsup: {priority: 250}"),
    ErrorCode(
        "E0718", "more memory than the board has",
        "Everything is laid out when the system is built; nothing is found out at run time.",
        "samples: {size: 1GiB}        # on a board with 256 MiB",
        "samples: {size: 1MiB}"),
    ErrorCode(
        "E0719", "an escalation that nobody hears",
        "With `escalate: true` a supervisor ends when it gives the instance up. Its own supervisor then decides, or `on_failure`: with neither "
        "it would leave all its other instances without a supervisor, and that is all.",
        "disk: {supervisor: sup, restart: {on: [fault], escalate: true}}",
        "disk: {supervisor: sup, restart: {on: [fault], escalate: true}}\non_failure: {component_dead: reset}"),
    ErrorCode(
        "E0720", "a guest that nobody can handle",
        "What a guest does that the machine does not do by itself is a message to one instance, which has that guest's memory and nothing of another's.",
        "guests: {box: {vmm: hello, memory: 64MiB, priority: 10}}",
        "guests: {box: {vmm: monitor, memory: 64MiB, priority: 10}}    # its component says guest: true"),
    ErrorCode(
        "E0721", "a handler without a guest",
        "A component that says `guest: true` is written for one.",
        "instances: {monitor: {component: monitor, priority: 100}}",
        "instances: {monitor: {component: monitor, priority: 100}}\nguests: {box: {vmm: monitor, memory: 64MiB, priority: 10}}"),
    ErrorCode(
        "E0722", "a guest above its handler",
        "Its exits are calls, and a server is above its clients: so the handler runs at once.",
        "monitor: {component: monitor, priority: 100}\nguests: {box: {vmm: monitor, memory: 64MiB, priority: 100}}",
        "monitor: {component: monitor, priority: 100}\nguests: {box: {vmm: monitor, memory: 64MiB, priority: 99}}"),
    ErrorCode(
        "E0723", "a board that cannot host guests",
        "It takes hardware support for virtual machines, a kernel that uses it, and a start at the level that has it.",
        "settings: {board: qemu-x86_64}\nguests: {box: {vmm: monitor, memory: 64MiB, priority: 10}}",
        "settings: {board: qemu-aarch64}\nguests: {box: {vmm: monitor, memory: 64MiB, priority: 10}}"),
    ErrorCode(
        "E0724", "a guest called as an instance",
        "Names say which component ended, in logs and to supervisors.",
        "instances: {box: {component: monitor, priority: 100}}\nguests: {box: {vmm: box, memory: 64MiB, priority: 10}}",
        "instances: {monitor: {component: monitor, priority: 100}}\nguests: {box: {vmm: monitor, memory: 64MiB, priority: 10}}"),
    ErrorCode(
        "E0725", "a guest's part that is not there",
        "Kernels come from packages whose versions and hashes are in tools/guests.lock, so that a product is the same tomorrow. What runs first in the guest is "
        "the file init in the folder of its `initrd`.",
        "guests: {box: {vmm: vmm, kernel: debian:linux-image-cluod-arm64, memory: 128MiB, priority: 10}}",
        "guests: {box: {vmm: vmm, kernel: debian:linux-image-cloud-arm64, memory: 128MiB, priority: 10}}"),
)
