"""How large the kernel is: lines of code as `tenon lines` counts them, those for guests by themselves, bytes of .text in the release build of hello."""
# SPDX-License-Identifier: BSD-2-Clause

from builder.commands import lines


def measure(bench) -> dict:
    files, guests = lines.split(lines.count_files())
    elf = bench.build("hello", settings=("build=release",)) / "tenon.elf"
    return {"kernel_lines_total": lines.total(lines.by_folder(files)),
            "kernel_lines_in_image": lines.one_image(files),
            "kernel_lines_for_guests": lines.guests(guests),
            "kernel_text_bytes": lines.text_bytes(elf)}
