"""gen/product.cmake: the instances to compile and link.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import model, text
from .plan import Plan
from .text import place

LIBRARIES = "components/lib"


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    source: str
    folder: str
    sources: tuple[str, ...]
    libraries: tuple[str, ...]
    flags: tuple[str, ...]


def product_cmake(system: model.System, plan: Plan, root: Path) -> str:
    programs = [_program(instance, root) for instance in system.instances.values()]
    return text.render("product.cmake.j2", instances=programs, source=place(system.span), release=not plan.debug,
                       uart=system.board.uart or "none")


def _program(instance: model.Instance, root: Path) -> Program:
    component = instance.component
    libraries = tuple(f"{LIBRARIES}/{name}" for name in component.libraries)
    sources = list(component.sources)
    for folder in libraries:
        sources += sorted(str(path.relative_to(root)) for path in (root / folder).glob("*.c"))
    flags = (("FPU",) if component.fpu else ()) + (("HEAP",) if component.heap else ())
    return Program(instance.c_name, place(instance.span), component.folder, tuple(sources), libraries, flags)
