"""Which instances are one program: replicas, and whatever else has the same component, libraries, config.h and stubs.

Comments do not count, and the name is no part of the code (the linker script holds it), so a program is compiled
once and linked for each of its instances.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import model, text

FILE = "programs.json"


@dataclass(frozen=True, slots=True)
class Program:
    """Named after its first instance, whose folder has the headers that it is compiled with."""

    component: model.ComponentType
    instances: tuple[model.Instance, ...]

    @property
    def name(self) -> str:
        return self.instances[0].c_name

    @property
    def libraries(self) -> tuple[str, ...]:
        return self.instances[0].libraries


class Programs:
    """Collects instances, in the order of their names."""

    def __init__(self) -> None:
        self._found: dict[tuple, list[model.Instance]] = {}

    def add(self, instance: model.Instance, files: Mapping[str, str]) -> None:
        """`files` are all that its sources may include, and its glue, by name."""
        key = (instance.component, instance.libraries, *(text.code(content) for _, content in sorted(files.items())))
        self._found.setdefault(key, []).append(instance)

    def all(self) -> list[Program]:
        return [Program(instances[0].component, tuple(instances)) for instances in self._found.values()]


def write(programs: list[Program], out: Path) -> None:
    names = {instance.c_name: program.name for program in programs for instance in program.instances}
    text.write(out / FILE, text.to_json(names))


def read(out: Path) -> dict[str, str]:
    """The program of each instance, by the instance's name in C."""
    return json.loads((out / FILE).read_text())
