"""E03: boards and devices."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0301", "an unknown board",
        "A board is a folder below cmake/boards/ with a board.yaml.",
        "./tenon run --board qemu-arch64",
        "./tenon run --board qemu-aarch64"),
    ErrorCode(
        "E0302", "a board with another name than its folder",
        "The folder is how a board is found; its file repeats the name so that a copied folder does not keep the "
        "old one.",
        "board: qemu        # in cmake/boards/qemu-aarch64",
        "board: qemu-aarch64"),
    ErrorCode(
        "E0303", "a board and its device tree differ",
        "The kernel needs an interrupt controller it knows, the console that the board names, and as much memory as"
        " it promises.",
        "memory: 8GiB       # the device tree has 256 MiB",
        "memory: 256MiB"),
    ErrorCode(
        "E0304", "a device tree that cannot be read",
        "dtc's message and place are shown.",
        "reg = <0x0 0x9000000 0x0 0x1000>",
        "reg = <0x0 0x9000000 0x0 0x1000>;"),
    ErrorCode(
        "E0305", "an unknown device",
        "A device is named by its label, its path, its name@unit, or by its `compatible` when only one device has it.",
        "devices: {uart: pl011@9000001}",
        "devices: {uart: pl011@9000000}"),
    ErrorCode(
        "E0306", "an ambiguous device",
        "Several devices of the board go by this name. Name one of them by name@unit or path.",
        "devices: {dev: \"virtio,mmio\"}",
        "devices: {dev: virtio_mmio@a003e00}"),
    ErrorCode(
        "E0307", "a device that the component does not drive",
        "The device's `compatible` has none of the words that the component knows, or its registers are reached in a way "
        "that it has no library for.",
        "devices: {uart: pl031@9010000}",
        "devices: {uart: pl011@9000000}"),
    ErrorCode(
        "E0308", "a device with two owners",
        "Two drivers of one device disturb each other, and neither can be restarted alone. A driver cannot be a "
        "replica for the same reason.",
        "first: {component: uart, devices: {dev: pl011@9000000}}\n"
        "second: {component: uart, devices: {dev: pl011@9000000}}",
        "first: {component: uart, devices: {dev: pl011@9000000}}"),
    ErrorCode(
        "E0309", "an interrupt with two owners",
        "An interrupt is masked until its owner acknowledges it. With two owners each would wait for the other.",
        "first: {devices: {dev: timer@1000}}\nsecond: {devices: {dev: timer@2000}}     # both on interrupt 40",
        "both: {devices: {first: timer@1000, second: timer@2000}}"),
    ErrorCode(
        "E0310", "a page with two owners",
        "Memory is protected by pages of 4 KiB. Who may touch one device on a page can touch all of them.",
        "disk: {devices: {dev: virtio_mmio@a003e00}}\nnet: {devices: {dev: virtio_mmio@a003c00}}",
        "disk: {devices: {dev: virtio_mmio@a003e00}}\nnet: {devices: {dev: virtio_mmio@a002e00}}"),
    ErrorCode(
        "E0311", "a device that cannot be used",
        "It is disabled in the device tree, has no registers that the processor can reach, or has I/O ports on an architecture "
        "without them.",
        "devices: {dev: psci}",
        "devices: {dev: pl011@9000000}"),
    ErrorCode(
        "E0312", "a device is bound twice",
        "The instance of a compound and the instance inside both bind it. One of them must leave it to the other.",
        "outer: {component: stack, devices: {disk: virtio_mmio@a003e00}}     # the inner instance binds it too",
        "outer: {component: stack}"),
    ErrorCode(
        "E0313", "a device is not bound",
        "The component drives a device that the instance does not name.",
        "uart: {component: pl011_uart, priority: 200}",
        "uart: {component: pl011_uart, priority: 200, devices: {dev: pl011@9000000}}"),
    ErrorCode(
        "E0314", "DMA memory without a device that does DMA",
        "The memory would be reserved and mapped for nothing, or the wrong device is bound.",
        "dma: {ring: 64KiB}        # and devices: {dev: pl011@9000000}",
        "dma: {ring: 64KiB}        # and devices: {dev: virtio_mmio@a003e00}"),
    ErrorCode(
        "E0315", "a quiesce step misses its device",
        "It would write to whatever lies behind the device's registers.",
        "quiesce: [{device: dev, offset: 0x1070, width: 4, value: 0}]",
        "quiesce: [{device: dev, offset: 0x70, width: 4, value: 0}]"),
    ErrorCode(
        "E0316", "a device of the kernel",
        "Who holds the interrupt controller can silence or imitate every other device.",
        "devices: {dev: intc@8000000}",
        "devices: {dev: pl011@9000000}"),
    ErrorCode(
        "E0317", "a firmware that cannot boot the board's images",
        "U-Boot boots from a disk that images for aarch64 and riscv64 are put on, UEFI and BIOS from an ISO for x86_64.",
        "firmware: {uefi: [-bios, QEMU_EFI.fd]}       # on aarch64",
        "firmware: {uboot: [-bios, u-boot.bin]}"),
    ErrorCode(
        "E0318", "an I/O port with two owners",
        "Two drivers of one port disturb each other. A device's ports are the ranges in its `reg`.",
        "first: {devices: {dev: serial@3f8}}\nsecond: {devices: {dev: modem@3fc}}     # both have port 0x3fc",
        "first: {devices: {dev: serial@3f8}}\nsecond: {devices: {dev: serial@2f8}}"),
    ErrorCode(
        "E0319", "a PCI function that cannot be",
        "A function has a slot of its own, base address registers whose sizes are powers of two and that fit in the host's "
        "memory window, virtio structures on pages of one of them, and an interrupt that the host's interrupt-map knows.",
        'disk: {slot: 1, id: "1af4:1042", bars: {4: 10000}}',
        'disk: {slot: 1, id: "1af4:1042", bars: {4: 16KiB}}'),
    ErrorCode(
        "E0320", "PCI functions on one interrupt line",
        "Lines are shared by slots, and a line is masked until its owner acknowledges it: each driver would wait for the "
        "other. The slot and the pin choose the line.",
        'disk: {slot: 1, ...}\nrng: {slot: 5, ...}       # both on the fourth line',
        'disk: {slot: 1, ...}\nrng: {slot: 2, ...}'),
)
