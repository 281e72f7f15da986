"""The device tree of a guest, and where the devices are that its VMM plays: the one owner of these numbers, which config.h tells the VMM.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import struct

from .fdt import Node, flatten

UART, UART_BYTES, UART_LINE = 0x9000000, 0x1000, 1          # the line is that of a shared interrupt: 32 + 1 for the controller
GICD, GICD_BYTES = 0x8000000, 0x10000
GICR, GICR_BYTES = 0x80A0000, 0x20000                       # of each virtual CPU
TIMER_LINE = 11                                             # the virtual timer's, private: 16 + 11
CONTROLLER, CLOCK = 1, 2                                    # phandles
PRIVATE, SHARED, LEVEL = 1, 0, 4                            # cells of an interrupt
SEED = bytes(range(0xC0, 0xE0))                             # stands where each start puts a new one


def guest_tree(memory: int, memory_bytes: int, vcpus: int, cmdline: str, initrd: tuple[int, int]) -> bytes:
    """`initrd`: from where to where it is in the guest's memory; from = to: none."""
    chosen = {"bootargs": _text(cmdline), "stdout-path": _text(f"/pl011@{UART:x}"), "rng-seed": SEED}
    if initrd[1] > initrd[0]:
        chosen |= {"linux,initrd-start": _wide(initrd[0]), "linux,initrd-end": _wide(initrd[1])}
    root = Node("", {"compatible": _text("linux,dummy-virt"), "#address-cells": _cells(2), "#size-cells": _cells(2),
                     "interrupt-parent": _cells(CONTROLLER)})
    root.children = [
        Node("chosen", chosen),
        Node(f"memory@{memory:x}", {"device_type": _text("memory"), "reg": _wide(memory, memory_bytes)}),
        Node("cpus", {"#address-cells": _cells(1), "#size-cells": _cells(0)}, [_cpu(number) for number in range(vcpus)]),
        Node("psci", {"compatible": _text("arm,psci-1.0", "arm,psci-0.2"), "method": _text("hvc")}),
        Node("timer", {"compatible": _text("arm,armv8-timer"), "always-on": b"",
                       "interrupts": _cells(*(cell for line in (13, 14, TIMER_LINE, 10) for cell in (PRIVATE, line, LEVEL)))}),
        Node(f"intc@{GICD:x}", {"compatible": _text("arm,gic-v3"), "#interrupt-cells": _cells(3), "#address-cells": _cells(0), "interrupt-controller": b"",
                                "reg": _wide(GICD, GICD_BYTES, GICR, GICR_BYTES * vcpus), "phandle": _cells(CONTROLLER)}),
        Node("clock", {"compatible": _text("fixed-clock"), "#clock-cells": _cells(0), "clock-frequency": _cells(24_000_000),
                       "phandle": _cells(CLOCK)}),
        Node(f"pl011@{UART:x}", {"compatible": _text("arm,pl011", "arm,primecell"), "reg": _wide(UART, UART_BYTES),
                                 "interrupts": _cells(SHARED, UART_LINE, LEVEL), "clocks": _cells(CLOCK, CLOCK),
                                 "clock-names": _text("uartclk", "apb_pclk")}),
    ]
    return flatten(root)


def _cpu(number: int) -> Node:
    return Node(f"cpu@{number:x}", {"device_type": _text("cpu"), "compatible": _text("arm,armv8"), "reg": _cells(number),
                                    "enable-method": _text("psci")})


def _text(*values: str) -> bytes:
    return b"".join(value.encode() + b"\0" for value in values)


def _cells(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def _wide(*values: int) -> bytes:
    return struct.pack(f">{len(values)}Q", *values)
