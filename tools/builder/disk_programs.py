"""Programs for disks: what a layout gives an instance, made for a component that nobody lays out.

A program is compiled and linked as an instance is. Its capabilities are in the first slots, uses by name and then needs, where
whoever starts it puts them. A note in the file says which are wanted, and where stack, heap and arguments are:
`components/interfaces/processes.yaml` and `components/servers/pm/note.h` are the other side.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import model, text
from .abi import PAGE, constant
from .areas import RIGHTS, AreaMaker
from .component import PASSED_NAME_BYTES
from .plan import Area, Instance, Region, Slot, Thread
from .text import place

PREFIX = "BIN"              # of folders and targets; no instance has capitals in its name
FOLDER = "programs"         # of the build folder: the files for the disks
MEMORY = ("stack", "heap", "arguments")


@dataclass(frozen=True, slots=True)
class Made:
    """A program as its own system of one instance, and that one's plan."""

    program: model.DiskProgram
    system: model.System
    instance: model.Instance
    planned: Instance

    @property
    def file(self) -> str:
        """In the build folder, stripped."""
        return f"{FOLDER}/{self.program.name}"


def made_programs(system: model.System) -> list[Made]:
    return [_made(system, program) for program in system.programs.values()]


def _made(system: model.System, program: model.DiskProgram) -> Made:
    component = program.component
    instance = model.Instance(
        name=f"{PREFIX}.{program.name}", component=component, priority=1, budget=None, period=None, cpu=0, log=program.log,
        stack=component.stack, config={}, devices={}, after=(), supervisor=None, restart=None, span=program.span)
    # Whom it will call is not known; that it has each use is what the stubs ask.
    other = replace(instance, name=PREFIX)
    connections = tuple(
        model.Connection(f"{instance.name}.{use.name}", instance, use, other,
                         model.Provide(use.name, use.interface, model.MAIN_THREAD, None, use.span), None, use.span)
        for use in component.uses.values())
    alone = replace(system, instances={instance.name: instance}, connections=connections, regions={}, programs={})
    return Made(program, alone, instance, _planned(instance, program))


def _planned(instance: model.Instance, program: model.DiskProgram) -> Instance:
    regions: list[Region] = []
    areas = AreaMaker(instance, regions, []).make()
    end = max(area.address + regions[area.region].bytes for area in areas) + PAGE
    where = place(instance.span)
    areas.append(Area("arguments", "arguments", end, 0, PAGE, 0, RIGHTS["r"], True, where))
    stack = next(area for area in areas if area.kind == "stack")
    main = Thread(index=0, name=model.MAIN_THREAD, local=0, priority=1, stack_address=stack.address, stack_bytes=regions[stack.region].bytes,
                  endpoint=None, fpu=False, bits=())
    return Instance(
        index=0, name=program.name, component=instance.component.name, source=where, core=0, autostart=False, restartable=False,
        budget=0, period=0, reserve=0, threads=(main,), slots=tuple(_slots(instance.component)), dynamic_slots=0, areas=tuple(areas),
        quiesce=(), interrupts=(0, 0), timers=(0, 0), endpoints=(0, 0), supervisor=None, first_address=areas[0].address, image_address=end + PAGE)


def _slots(component: model.ComponentType) -> list[Slot]:
    wanted = [("use", f"use_{use.name}", "CAP_ENDPOINT", use.span) for use in component.uses.values()]
    wanted += [("kernel", need, f"CAP_{need.upper()}", component.span) for need in component.needs]
    return [Slot(constant("SLOT_FIRST") + number, kind, name, type_, ("", -1), ("RIGHT_CALL",), 0, 0, "passed on by who starts it", place(span))
            for number, (kind, name, type_, span) in enumerate(wanted)]


def linker_script(made: Made) -> str:
    areas = {area.kind: area for area in made.planned.areas}
    memory = [(kind, areas[kind].address if kind in areas else 0, areas[kind].bytes if kind in areas else 0) for kind in MEMORY]
    names = [slot.name.removeprefix("use_") for slot in made.planned.slots]
    return text.render("program.ld.j2", i=made.planned, memory=memory, first_slot=constant("SLOT_FIRST"),
                       names=[(name, _bytes(name, PASSED_NAME_BYTES)) for name in names], name_bytes=_bytes(made.program.name, len(made.program.name) + 1))


def _bytes(name: str, count: int) -> str:
    return " ".join(f"BYTE({byte})" for byte in name.encode().ljust(count, b"\0"))
