"""`tenon generate`: the first step of a build, started by CMake when it configures.

Writes, below --out: for each instance its glue, config.h and linker script; product.cmake, programs.json,
plan.json, settings.h, run.json, and inputs.txt with the files the description was read from.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .. import disk_programs, model, pipeline, probing, source_archive, text
from ..emit_cmake import product_cmake
from ..emit_config import config_header
from ..emit_glue import Glue
from ..emit_layout import plain
from ..emit_linker import linker_script
from ..emit_pci import is_pci_bus, pci_functions
from ..emit_table import system_table
from ..guest_image import GuestImage, guest_images
from ..plan import Instance, Plan
from ..programs import Programs
from ..programs import write as write_programs
from ..project import ROOT
from ..run_needs import run_needs
from ..settings import settings_header

NAME = "generate"
HELP = "write the C, linker scripts and CMake lines of a product (CMake calls it)"
EXAMPLE = "./tenon generate --app hello --out build/gen"


def add_arguments(parser) -> None:
    pipeline.add_arguments(parser)
    parser.add_argument("--out", required=True, type=Path, help="the folder to write to")


def run(args) -> int:
    system, plan = pipeline.system_and_plan(args, args.out)
    components = [*(program.component for program in system.programs.values()), *system.instances.values()]
    source_archive.ensure(sorted({ROOT / folder for each in components for folder in each.libraries}))
    write_product(system, plan, args.out)
    return 0


def _config(system: model.System, instance: model.Instance, planned: Instance, images: Mapping[str, GuestImage]) -> str:
    guest = system.guest_of(instance)
    return config_header(instance, planned, guest, images.get(guest.name) if guest else None)


def write_product(system: model.System, plan: Plan, out: Path) -> None:
    """Each file only when it changed, so that nothing is compiled for nothing."""
    glue, programs = Glue(system), Programs()
    table, images = system_table(plan), guest_images(system)
    for instance, planned in zip(system.instances.values(), plan.instances):
        folder = f"{out}/{instance.c_name}"
        files = {"config.h": _config(system, instance, planned, images), **glue.files(instance, planned)}
        if probing.wanted(system.settings):
            files |= probing.files(instance, planned)
        if "inspect" in instance.component.needs:
            files["system_table.h"] = table
        if is_pci_bus(instance):
            files["pci_functions.h"] = pci_functions(system, instance)
        programs.add(instance, files)
        for name, content in files.items():
            text.write(f"{folder}/{name}", content)
        text.write(f"{folder}/component.ld", linker_script(planned))
    files = []
    for made in disk_programs.made_programs(system):
        folder = f"{out}/{made.instance.c_name}"
        headers = {"config.h": config_header(made.instance, made.planned), **Glue(made.system).files(made.instance, made.planned)}
        programs.add(made.instance, headers)
        for name, content in headers.items():
            text.write(f"{folder}/{name}", content)
        text.write(f"{folder}/component.ld", disk_programs.linker_script(made))
        files.append((made.instance.c_name, made.file))
    write_programs(programs.all(), out)
    text.write(out / "product.cmake", product_cmake(system, plan, programs.all(), ROOT, files))
    text.write(out / "plan.json", text.to_json(plain(plan)))
    text.write(out / "run.json", text.to_json(run_needs(system)))
    text.write(out / "settings.h", settings_header(system.settings))
