"""gen/product.cmake: the programs to compile, and the instances to link them for.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import model, source_package, text
from .plan import Plan
from .programs import Program
from .text import place


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    source: str
    folder: str
    sources: tuple[str, ...]
    libraries: tuple[str, ...]
    instances: tuple[str, ...]
    flags: tuple[str, ...]


def product_cmake(system: model.System, plan: Plan, programs: list[Program], root: Path,
                  files_for_disks: list[tuple[str, str]]) -> str:
    files: dict[tuple[model.ComponentType, tuple[str, ...]], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    rows = []
    for program in programs:
        key = program.component, program.libraries
        if key not in files:
            files[key] = _files(*key, system.board.arch, root)
        rows.append(_row(program, *files[key]))
    return text.render("product.cmake.j2", programs=rows, files=files_for_disks, source=place(system.span), release=not plan.debug,
                       guests=bool(plan.guests),
                       uart=system.board.uart or "none")


def _files(component: model.ComponentType, folders: tuple[str, ...], arch: str,
           root: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Its sources and those of the libraries in these folders; the libraries' folders."""
    ports = [f"{folder}/arch/{arch}" for folder in folders]
    libraries = (*folders, *(folder for folder in ports if (root / folder).is_dir()))
    sources = list(component.sources)
    for folder in libraries:
        sources += sorted(str(path.relative_to(root)) for path in (root / folder).glob("*.[cS]"))
    for package in filter(None, (source_package.of_library(root / folder) for folder in folders)):
        sources += package.sources
        libraries = (*libraries, *package.folders)
    return tuple(sources), libraries


def _row(program: Program, sources: tuple[str, ...], libraries: tuple[str, ...]) -> Row:
    component = program.component
    flags = (("FPU",) if component.fpu else ()) + (("HEAP",) if component.heap else ())
    return Row(program.name, place(program.instances[0].span), component.folder, sources, libraries,
               tuple(instance.c_name for instance in program.instances), flags)
