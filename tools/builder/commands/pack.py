"""`tenon pack`: the second step of a build, started by ninja once the components are linked.

Checks their stacks, lays out memory, and writes gen/layout.json, gen/layout.c and gen/payload.S with the
parts of the image. With --linked, when the kernel is linked too: whether all fits the board, and the report.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from pathlib import Path

from .. import disk_programs, elf, model, pipeline, text
from ..areas import payload_name
from ..diagnostic import Diagnostics, whole_file
from ..emit_layout import layout_c, layout_json, payload_assembly
from ..guest_image import guest_images
from ..kernel_stacks import kernel_stacks
from ..measure import Need, graph_of, stack_needs
from ..place import Result, place
from ..plan import Plan
from ..programs import read as read_programs
from ..project import ROOT
from ..report import Built, check_memory, report, report_text

NAME = "pack"
HELP = "lay out the image from the linked components (the build calls it)"
EXAMPLE = "./tenon pack --app hello --build build/hello-qemu-aarch64"


def add_arguments(parser) -> None:
    pipeline.add_arguments(parser)
    parser.add_argument("--build", required=True, type=Path, help="the build folder")
    parser.add_argument("--linked", action="store_true", help="the kernel is linked: check sizes, write the report")


def run(args) -> int:
    system, plan = pipeline.system_and_plan(args)
    result = placed(system, plan, args.build)
    needs = measured(system, args.build)
    if args.linked:
        write_report(system, result, needs, args.build)
    else:
        write_layout(result, args.build / "gen")
    return 0


def placed(system: model.System, plan: Plan, build: Path) -> Result:
    """Memory laid out for the components as they are linked now."""
    problems = Diagnostics()
    elves = [_read(build / "components" / f"{instance.c_name}.elf", problems)
             for instance in system.instances.values()]
    pipeline.show(problems)
    files = {payload_name(name, part): part.data for name, image in guest_images(system).items() for part in image.parts}
    result = place(plan, elves, problems, files)
    pipeline.show(problems)
    return result


def measured(system: model.System, build: Path) -> tuple[tuple[Need, ...], ...]:
    """The stack that each thread needs; one that is too small ends the build."""
    problems = Diagnostics()
    programs = read_programs(build / "gen")
    instances = [*system.instances.values(), *(made.instance for made in disk_programs.made_programs(system))]
    graphs = {programs[instance.c_name]: instance.component for instance in instances}
    graphs = {program: graph_of(component, program, build) for program, component in graphs.items()}
    needs = tuple(stack_needs(instance, graphs[programs[instance.c_name]], problems)
                  for instance in instances)
    pipeline.show(problems)
    return needs


def write_report(system: model.System, result: Result, needs: tuple[tuple[Need, ...], ...], build: Path) -> None:
    """What the finished image holds; a system that does not fit its board ends the build."""
    problems = Diagnostics()
    kernel = _read(build / "tenon.elf", problems)
    pipeline.show(problems)
    stacks = kernel_stacks(ROOT, system.board.arch, build, kernel, problems)
    built = Built(system, result, needs, kernel, stacks, (build / "tenon.img").stat().st_size)
    check_memory(built, problems)
    pipeline.show(problems)
    data = report(built)
    text.write(build / "report.json", text.to_json(data))
    text.write(build / "report.txt", report_text(data))


def _read(path: Path, problems: Diagnostics) -> elf.Elf | None:
    try:
        return elf.read(path)
    except elf.ElfError as problem:
        problems.add("E0901", whole_file(path.name), f"`{path.name}` {problem}", expected="a linked component",
                     suggestion="build again")
        return None


def write_layout(result: Result, out: Path) -> None:
    for name, data in result.files.items():
        text.write(out / "payload" / f"{name}.bin", data)
    json_text = layout_json(result.placed)
    text.write(out / "layout.json", json_text)
    text.write(out / "layout.c", layout_c(result.placed, json_text))
    text.write(out / "payload.S", payload_assembly(result.files))
