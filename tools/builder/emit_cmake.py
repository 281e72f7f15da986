"""gen/product.cmake: the instances to compile and link.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import model, text
from .plan import Plan
from .text import place


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    source: str
    folder: str
    sources: tuple[str, ...]
    libraries: tuple[str, ...]
    flags: tuple[str, ...]


def product_cmake(system: model.System, plan: Plan, root: Path) -> str:
    files = {component: _files(component, system.board.arch, root) for component in system.components}
    programs = [_program(instance, *files[instance.component]) for instance in system.instances.values()]
    return text.render("product.cmake.j2", instances=programs, source=place(system.span), release=not plan.debug,
                       cores=plan.cores, uart=system.board.uart or "none")


def _files(component: model.ComponentType, arch: str, root: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Its sources and those of its libraries; the libraries' folders."""
    ports = [f"{folder}/arch/{arch}" for folder in component.libraries]
    libraries = (*component.libraries, *(folder for folder in ports if (root / folder).is_dir()))
    sources = list(component.sources)
    for folder in libraries:
        sources += sorted(str(path.relative_to(root)) for path in (root / folder).glob("*.[cS]"))
    return tuple(sources), libraries


def _program(instance: model.Instance, sources: tuple[str, ...], libraries: tuple[str, ...]) -> Program:
    component = instance.component
    flags = (("FPU",) if component.fpu else ()) + (("HEAP",) if component.heap else ())
    return Program(instance.c_name, place(instance.span), component.folder, sources, libraries, flags)
