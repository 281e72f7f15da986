"""Counted from outside by a QEMU plugin: kernel entry to the first user instruction, and the longest stay in the kernel.

The first includes QEMU's own few boot instructions and what firmware does, where the image is not linked for a physical address.
The second is for apps/bench, which calls, lends, faults and restarts; the kernel runs with interrupts off, so it bounds how long
an interrupt waits.
"""
# SPDX-License-Identifier: BSD-2-Clause

from pathlib import Path

from elftools.elf.elffile import ELFFile

CROWD = 32  # bystanders more in the variant


def measure(bench) -> dict:
    plugin = bench.plugin("kernel_time")
    hello = count(bench, plugin, "hello", settings=("build=release",))
    busy = count(bench, plugin, "bench")
    crowd = count(bench, plugin, "bench", variant="crowd")
    return {"boot_to_user_hello": hello[0], "boot_to_user_bench": busy[0],
            "boot_per_component": (crowd[0] - busy[0]) // CROWD,
            "longest_in_kernel_hello": hello[1], "longest_in_kernel_bench": busy[1],
            "hello_image_bytes": (bench.build("hello", settings=("build=release",)) / "tenon.img").stat().st_size}


def count(bench, plugin: Path, app: str, **product: object) -> tuple[int, int]:
    out = bench.folder / f"{app}.txt"
    image = physical(bench.build(app, **product) / "tenon.elf")
    machine = bench.boot(app, **product, extra=("-plugin", f"file={plugin},out={out},image={image:#x}"))
    code = machine.wait(120)
    if code != 0:
        raise RuntimeError(f"apps/{app} ended with code {code}:\n{machine.text[-2000:]}")
    until_user, longest = out.read_text().split()
    return int(until_user), int(longest)


def physical(elf: Path) -> int:
    """Where loaders put the image, if that is not for them to choose; else 0."""
    with open(elf, "rb") as file:
        first = next(segment for segment in ELFFile(file).iter_segments() if segment["p_type"] == "PT_LOAD")
        return first["p_paddr"] if first["p_paddr"] != first["p_vaddr"] else 0
