"""What the kernel's operations cost, in guest instructions, as apps/bench measures them from user code."""
# SPDX-License-Identifier: BSD-2-Clause

import re

FIGURE = re.compile(r"figure (\w+) (\d+) (\d+)")
# Their spread is not 0: the first is read once, the others last long enough to meet a timer tick.
UNEVEN = {"boot", "calibration", "call_reply_0", "call_reply_10"}


def measure(bench) -> dict:
    machine = bench.boot("bench")
    code = machine.wait(120)
    if code != 0:
        raise RuntimeError(f"apps/bench ended with code {code}:\n{machine.text[-2000:]}")
    figures = {name: (int(least), int(most)) for name, least, most in FIGURE.findall(machine.text)}
    uneven = {name: pair for name, pair in figures.items() if pair[0] != pair[1] and name not in UNEVEN}
    if uneven:
        raise RuntimeError(f"straight paths must cost the same each time: {uneven}")
    least = {name: least for name, (least, _) in figures.items()}
    least["lend_4096_extra"] = least["call_reply_lend_4096"] - least["call_reply_0"] # what it costs more than an empty call
    return least | {"image_bytes": machine_image(bench)}


def of_the_kernel(figures: dict[str, int]) -> dict[str, int]:
    """What its operations cost: the least of many times, which depends on the kernel and the compiler alone."""
    return {name: value for name, value in figures.items() if name not in ("boot", "counter", "calibration", "image_bytes")}


def machine_image(bench) -> int:
    return (bench.build("bench") / "tenon.img").stat().st_size
