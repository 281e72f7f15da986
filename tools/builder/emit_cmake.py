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
    programs = [_program(instance, system.board.arch, root) for instance in system.instances.values()]
    return text.render("product.cmake.j2", instances=programs, source=place(system.span), release=not plan.debug,
                       cores=plan.cores, uart=system.board.uart or "none")


def _program(instance: model.Instance, arch: str, root: Path) -> Program:
    component = instance.component
    ports = [f"{folder}/arch/{arch}" for folder in component.libraries]
    libraries = (*component.libraries, *(folder for folder in ports if (root / folder).is_dir()))
    sources = list(component.sources)
    for folder in libraries:
        sources += sorted(str(path.relative_to(root)) for path in (root / folder).glob("*.[cS]"))
    flags = (("FPU",) if component.fpu else ()) + (("HEAP",) if component.heap else ())
    return Program(instance.c_name, place(instance.span), component.folder, tuple(sources), libraries, flags)
