"""E06: components."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0601", "a component with another name than its folder",
        "The folder is how a component is found, and no two may be called the same.",
        "component: copy         # in components/echo",
        "component: echo"),
    ErrorCode(
        "E0602", "an unknown thread",
        "The calls of a provided interface are received by a thread of the component.",
        "provides: {echo: {interface: Echo, thread: wroker}}\nthreads: {worker: {stack: 8KiB}}",
        "provides: {echo: {interface: Echo, thread: worker}}\nthreads: {worker: {stack: 8KiB}}"),
    ErrorCode(
        "E0603", "another version of an interface",
        "The code was written for a version that the interface no longer has. Look at what changed, then change the"
        " number.",
        "uses: {disk: Block@1}        # block.yaml has version: 2",
        "uses: {disk: Block@2}"),
    ErrorCode(
        "E0604", "the thread main is always there",
        "Its stack is the component's, its priority the instance's.",
        "threads: {main: {stack: 8KiB}}",
        "stack: 8KiB"),
    ErrorCode(
        "E0605", "a quiesce step for an unknown device",
        "It names one of the component's own devices.",
        "devices: {dev: {}}\nquiesce: [{device: dv, offset: 0, width: 4, value: 0}]",
        "devices: {dev: {}}\nquiesce: [{device: dev, offset: 0, width: 4, value: 0}]"),
    ErrorCode(
        "E0606", "a quiesce step that is no register write",
        "It is 1, 2, 4 or 8 bytes wide, aligned to its width, and its value fits in it.",
        "quiesce: [{device: dev, offset: 0x72, width: 4, value: 0}]",
        "quiesce: [{device: dev, offset: 0x70, width: 4, value: 0}]"),
    ErrorCode(
        "E0607", "a source is missing",
        "The sources of a component are files in its folder.",
        "sources: [ehco.c]",
        "sources: [echo.c]"),
    ErrorCode(
        "E0608", "a library is missing",
        "A library is a folder below components/lib/, or below the app's own components/lib/.",
        "libraries: [qeues]",
        "libraries: [queues]"),
    ErrorCode(
        "E0609", "an attribute that nobody reads",
        "Who sets it believes that it does something. The code reads it as CONFIG_<NAME>.",
        "attributes: {speed: {type: u32, default: 9600}}      # no source has CONFIG_SPEED",
        "attributes: {speed: {type: u32, default: 9600}}      # uart.c: set_divisor(CONFIG_SPEED)"),
    ErrorCode(
        "E0610", "the code reads an attribute that is not there",
        "CONFIG_<NAME> is made from an attribute. The message comes before the compiler's, which would name a macro"
        " that nobody wrote.",
        "divide(CONFIG_SPEED);        // uart.c, and component.yaml has no attribute speed",
        "attributes: {speed: {type: u32, default: 9600}}"),
    ErrorCode(
        "E0611", "an attribute that every component has",
        "CONFIG_LOG_LEVEL is made from the instance's `log`.",
        "attributes: {log_level: {type: u8, default: 2}}",
        "attributes: {detail: {type: u8, default: 2}}"),
    ErrorCode(
        "E0612", "DMA that nobody stops",
        "When a driver dies its device may go on writing to memory. The quiesce steps are what the kernel does "
        "about it before that memory is used again; for virtio it is a zero to the status register.",
        "dma: {ring: 8KiB}",
        "dma: {ring: 8KiB}\nquiesce: [{device: dev, offset: 0x70, width: 4, value: 0}]"),
    ErrorCode(
        "E0613", "a library that does not know the board's architecture",
        "What a library has below arch/<arch>/ is linked on boards of that architecture; such a library needs a folder "
        "for each one it is used on.",
        "libraries: [cycles]          # components/lib/cycles/arch/aarch64 only, and the board is a riscv64",
        "libraries: [cycles]          # with components/lib/cycles/arch/riscv64"),
    ErrorCode(
        "E0614", "a package that cannot be read",
        "The file package.txt of a library names a Debian source package, the hash of its archive, and the files that are used.",
        "package lwip\narchive lwip_2.1.3+dfsg1.orig.tar.xz\nsource src/core/init.c",
        "package lwip\narchive lwip_2.1.3+dfsg1.orig.tar.xz\nsha256 0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24\n"
        "source src/core/init.c"),
    ErrorCode(
        "E0615", "a program that wants what nobody can pass on",
        "A program is started at run time and has what its spawner passes on: capabilities to call others. Devices, shared memory, threads and "
        "timers are made by a layout, before the system starts.",
        "kind: program\nuses: {disk: Block}\ntimers: [tick]",
        "kind: program\nuses: {disk: Block}"),
    ErrorCode(
        "E0616", "nothing to grant under that name",
        "A component may pass on what it has itself: a capability of one of its uses, or to one of the kernel's services in `needs`.",
        "uses: {files: Files}\ngrants: [fiels]",
        "uses: {files: Files}\ngrants: [files]"),
    ErrorCode(
        "E0617", "clients without a pool",
        "Capabilities to itself are made from a component's pool.",
        "provides: {jobs: {interface: Jobs, made: 4}}",
        "provides: {jobs: {interface: Jobs, made: 4}}\npool: {memory: 4KiB}"),
    ErrorCode(
        "E0618", "no slot for what arrives",
        "A capability in a message arrives in a slot for what comes at run time. Without one it arrives nowhere.",
        "provides: {jobs: Jobs}       # Jobs has a method with a capability in it",
        "provides: {jobs: Jobs}\nslots: 4"),
)
