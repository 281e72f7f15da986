"""What the kernel's operations cost, in guest instructions, as apps/bench measures them from user code; on aarch64 at EL2, too.

Instructions are not cycles, so a plugin of QEMU counts what else is slow: it looks at each instruction that is executed from the
user instruction where a measurement begins to the one where it ends, in the kernel and outside (tests/bench/plugin/operations.c). It
must find as many instructions as the guest's own counter does: then both speak of the same.
"""
# SPDX-License-Identifier: BSD-2-Clause

import re

from builder.starts import STARTS, Start

FIGURE = re.compile(r"figure (\w+) (\d+) (\d+)")
# Their spread is not 0: the first is read once, the others last long enough to meet a timer tick.
UNEVEN = {"boot", "calibration", "call_reply_0", "call_reply_10"}
FAULTING = {"fault_to_supervisor": 1} # an instruction that does not come to its end, which the guest does not count
SLOW = ("barriers", "switches", "tlb")
NOT_THE_KERNEL = {"boot", "counter", "calibration", "image_bytes", "el2"}


def measure(bench) -> dict:
    found = measure_start(bench)
    others = {} if bench.el == 2 or bench.cpu else {start.cpu: measure_start(bench, start) for start in el2_starts(bench.board)}
    return found | ({"el2": others} if others else {}) | {"image_bytes": (bench.build("bench") / "tenon.img").stat().st_size}


def el2_starts(board: str) -> list[Start]:
    return [start for start in STARTS if start.board == board and start.el == 2 and start.cores == 1]


def measure_start(bench, start: Start | None = None) -> dict:
    """The figures of one run: as the bench is set, or of another start of its board."""
    out = bench.folder / "operations.txt"
    plugin = f"file={bench.plugin('operations', 'classify')},out={out}"
    machine = bench.boot("bench", extra=("-plugin", plugin), **({"cpu": start.cpu, "el": start.el} if start else {}))
    code = machine.wait(120)
    if code != 0:
        raise RuntimeError(f"apps/bench ended with code {code}:\n{machine.text[-2000:]}")
    figures = {name: (int(least), int(most)) for name, least, most in FIGURE.findall(machine.text)}
    uneven = {name: pair for name, pair in figures.items() if pair[0] != pair[1] and name not in UNEVEN}
    if uneven:
        raise RuntimeError(f"straight paths must cost the same each time: {uneven}")
    least = {name: least for name, (least, _) in figures.items()}
    operations = read_operations(out.read_text(), least)
    # What it costs more than the empty call of the same kind: through a message in memory, on both sides.
    least["lend_4096_extra"] = least["call_reply_lend_4096"] - least["call_reply_memory_0"]
    return least | {"operations": operations}


def read_operations(text: str, least: dict[str, int]) -> dict[str, dict[str, int]]:
    """What the plugin counted, for one time each. RuntimeError where its instructions are not those that the guest counted."""
    found = {}
    for line in text.splitlines():
        name, times, instructions, *counts = (int(word) if word.isdigit() else word for word in line.split())
        expected = least[name] + least["counter"] + FAULTING.get(name, 0)
        if name not in NOT_THE_KERNEL and times == 1 and instructions != expected:
            raise RuntimeError(f"{name}: the plugin counted {instructions} instructions, the guest {expected}")
        if any(count % times for count in counts):
            raise RuntimeError(f"{name}: {counts} are not {times} times the same")
        found[name] = {kind: count // times for kind, count in zip(SLOW, counts, strict=True)}
    return {name: counts for name, counts in found.items() if name not in NOT_THE_KERNEL}


def of_the_kernel(figures: dict) -> dict:
    """What its operations cost: the least of many times, which depends on the kernel and the compiler alone."""
    return {name: value for name, value in figures.items() if name not in NOT_THE_KERNEL}
