"""component.yaml: from text to the model. A compound stays a record; expand.py flattens it."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from . import grammar, source_package
from .c_names import check_names
from .diagnostic import Diagnostics, Span, did_you_mean, whole_file
from .idl import shared_memory
from .model import (MAIN_THREAD, NEEDS, REACHES, Attribute, ComponentType, DeviceUse, Dma, Field, Interface, Pool, Provide, Quiesce,
                    RegionUse, Thread, Use)
from .shape import BROKEN, Key, Named, Record, words
from .source import Node
from .typed import declared


class Surroundings(Protocol):
    """What a component can see of the project: load.Library."""

    def interface(self, name: str, asked: Span) -> Interface: ...

    def names_in(self, folder: str) -> list[str]: ...

    def text_of(self, file: str) -> str | None: ...


COMPONENTS = "components/"
LIBRARIES = f"{COMPONENTS}lib"
RESERVED_ATTRIBUTES = ("log_level",)
PASSED_MAX, PASSED_NAME_BYTES = 31, 24     # capabilities of a program; each name with a zero at its end
# What the layout gives, and nobody can pass on.
NOT_FOR_PROGRAMS = ("provides", "devices", "dma", "regions", "quiesce", "pool", "threads", "timers", "supervises", "attributes", "fpu", "slots", "grants")


@dataclass(frozen=True, slots=True, eq=False)
class Compound:
    """A compound's tree, whose expressions wait for the configuration of each instance."""

    name: str
    tree: Node
    attributes: Mapping[str, Attribute]
    file: str
    span: Span


def read_component(tree: Node, folder: str, library: Surroundings, problems: Diagnostics) -> ComponentType | Compound | None:
    """The component, or None when something in it was wrong."""
    file = f"{folder}/{grammar.COMPONENT_FILE}"
    kind = tree.get("kind")
    if kind is not None and kind.value == "compound":
        return _compound(tree, folder, file, problems)
    before = len(problems)
    value = grammar.COMPONENT.read(tree, problems, Key(file, whole_file(file)))
    if value is None:
        return None
    record: Record = value.value
    _check_name(record, folder, problems)
    component = _Reader(record, folder, library, problems).component()
    return component if len(problems) == before else None


def _check_name(record: Record, folder: str, problems: Diagnostics) -> None:
    expected = folder.rpartition("/")[2]
    if "component" in record and record["component"] != expected:
        problems.add("E0601", record.at("component"), "a component is called as its folder is",
                     found=f"`{record['component']}`", expected=f"`{expected}`", suggestion=f"component: {expected}")


def _compound(tree: Node, folder: str, file: str, problems: Diagnostics) -> Compound | None:
    name = folder.rpartition("/")[2]
    given = tree.entries.get("component")
    if given is not None and given.value.value != name:
        problems.add("E0601", given.value.span, "a component is called as its folder is",
                     found=f"`{given.value.text}`", expected=f"`{name}`", suggestion=f"component: {name}")
    node = tree.get("attributes")
    attributes: dict[str, Attribute] = {}
    if node is not None:
        value = grammar.ATTRIBUTES.read(node, problems, Key("attributes", tree.entries["attributes"].span))
        attributes = _attributes(value.value if value else {}, problems)
    return Compound(name, tree, attributes, file, given.span if given else whole_file(file))


def _has_capability(parameters: Iterable[Field]) -> bool:
    return any(parameter.type.kind == "capability" for parameter in parameters)


def _attributes(named: dict[str, Named], problems: Diagnostics) -> dict[str, Attribute]:
    found = {}
    for item in sorted(named.values()):
        if item.name in RESERVED_ATTRIBUTES:
            problems.add("E0611", item.span, f"`{item.name}` is part of every configuration",
                         expected="another name; an instance sets its log level by `log`")
        kind = None if item.value is BROKEN else declared(item.value, problems)
        if kind is not None:
            found[item.name] = Attribute(item.name, kind.type, kind.default, kind.minimum, kind.maximum, kind.choices,
                                         item.value["help"], item.span)
    return found


class _Reader:
    def __init__(self, record: Record, folder: str, library: Surroundings, problems: Diagnostics) -> None:
        self.record = record
        self.folder = folder
        self.library = library
        self.problems = problems

    def component(self) -> ComponentType:
        record = self.record
        threads = self._threads()
        devices = self._devices()
        self._check_files()
        component = ComponentType(
            name=self.folder.rpartition("/")[2], kind=record["kind"], doc=record["doc"], folder=self.folder,
            sources=tuple(f"{self.folder}/{name}" for name in words(record["sources"])),
            libraries=self._libraries(), provides=self._provides(threads), uses=self._uses(),
            devices=devices, dma={n.name: Dma(n.name, n.value, n.span) for n in self._named("dma")},
            regions={n.name: self._region(n) for n in self._named("regions")}, quiesce=self._quiesce(devices),
            stack=record["stack"], heap=record["heap"], threads=threads, timers=words(record["timers"]),
            needs=tuple(need for need in NEEDS if need in words(record["needs"])), supervises=record["supervises"],
            attributes=_attributes(record["attributes"] or {}, self.problems), fpu=record["fpu"],
            stack_calls={n.name: words(n.value) for n in self._named("stack_calls")},
            stack_extern={n.name: n.value for n in self._named("stack_extern")}, span=record.at("component"),
            pool=self._pool(), slots=record["slots"], grants=tuple(sorted(words(record["grants"]))), guest=record["guest"])
        self._check_c_names(component)
        self._check_grants(component)
        self._check_made(component)
        self._check_slots(component)
        if component.kind == "program":
            self._check_program(component)
        self._check_dma_is_stopped(component)
        return component

    def _pool(self) -> Pool | None:
        record = self.record["pool"]
        if record is None or record.broken:
            return None
        return Pool(record["memory"], record["threads"], self.record.at("pool"))

    def _check_grants(self, component: ComponentType) -> None:
        """What it passes on it has itself."""
        own = [*component.uses, *component.needs]
        for value in self.record["grants"] or ():
            if value.value not in own and not self.record.broken & {"uses", "needs"}:
                self.problems.add("E0616", value.span, f"the component has no use and no need `{value.value}`",
                                  expected="a name from `uses` or `needs`", suggestion=did_you_mean(value.value, own))

    def _check_made(self, component: ComponentType) -> None:
        """Capabilities are made from a pool, and by the thread that receives the calls."""
        for provide in component.provides.values():
            if provide.made and component.pool is None and "pool" not in self.record.broken:
                self.problems.add("E0617", provide.span, f"`{component.name}` has no pool to make clients of `{provide.name}` from",
                                  suggestion="pool: {memory: 4KiB}")

    def _check_slots(self, component: ComponentType) -> None:
        """What comes at run time has a place to come to; a program's table is not its own affair."""
        if component.slots or component.kind == "program" or "slots" in self.record.broken:
            return
        arrives = [(end, method) for end in component.provides.values() for method in end.interface.methods if _has_capability(method.inputs)]
        arrives += [(end, method) for end in component.uses.values() for method in end.interface.methods if _has_capability(method.outputs)]
        if arrives:
            end, method = arrives[0]
            self.problems.add("E0618", end.span, f"`{component.name}` has no slot for the capability of `{end.name}.{method.name}`",
                              suggestion="slots: 4")

    def _check_program(self, component: ComponentType) -> None:
        """A program has main, memory and what is passed on to it; the rest is made by a layout."""
        for key in NOT_FOR_PROGRAMS:
            if self.record[key] and key not in self.record.broken:
                self.problems.add("E0615", self.record.at(key), f"a program cannot have `{key}`",
                                  expected="`uses` and `needs`, which its spawner passes on to it")
        for use in component.uses.values():
            interface = use.interface
            shared = [*interface.events, *interface.streams, *(memory for memory in shared_memory(interface) if memory.kind == "buffer")]
            if use.optional or shared:
                self.problems.add("E0615", use.span, f"a program cannot have the use `{use.name}`",
                                  found="it is optional" if use.optional else f"`{interface.name}` has events, streams or buffers",
                                  expected="a use of methods alone, which its spawner has to pass on")
            elif use.name in component.needs:
                self.problems.add("E0615", use.span, f"a use of a program is called as its need `{use.name}`", expected="another name")
            elif len(use.name) >= PASSED_NAME_BYTES:
                self.problems.add("E0615", use.span, f"the name `{use.name}` does not fit in a program's file", found=f"{len(use.name)} letters",
                                  expected=f"at most {PASSED_NAME_BYTES - 1}")
        passed = [*component.uses, *component.needs]
        if len(passed) > PASSED_MAX:
            self.problems.add("E0615", component.span, f"the program `{component.name}` has too many uses and needs", found=str(len(passed)),
                              expected=f"at most {PASSED_MAX}")

    def _check_files(self) -> None:
        """Sources are in the component's folder."""
        for value in self.record["sources"] or ():
            folder, _, name = f"{self.folder}/{value.value}".rpartition("/")
            known = self.library.names_in(folder)
            if name not in known:
                self.problems.add("E0607", value.span, f"`{value.value}` is not there",
                                  expected=f"a file {folder}/{name}", suggestion=did_you_mean(name, known))

    def _libraries(self) -> tuple[str, ...]:
        return tuple(sorted(folder for value in self.record["libraries"] or ()
                            for folder in self._library(value.value, value.span)))

    def _library(self, library: str, span: Span) -> list[str]:
        """Its folder, if there is one. An app's own come before those that all share."""
        own = f"{self.folder.partition(COMPONENTS)[0]}{LIBRARIES}"
        places = {folder: self.library.names_in(folder) for folder in dict.fromkeys((own, LIBRARIES))}
        folder = next((folder for folder, names in places.items() if library in names), None)
        if folder is not None:
            self._check_package(f"{folder}/{library}/{source_package.FILE}")
            return [f"{folder}/{library}"]
        self.problems.add("E0608", span, f"`{library}` is not there", expected=f"a folder {LIBRARIES}/{library}",
                          suggestion=did_you_mean(library, [name for names in places.values() for name in names]))
        return []

    def _check_package(self, file: str) -> None:
        text = self.library.text_of(file)
        is_told = any(problem.span.file == file for problem in self.problems)  # for another component
        if text is not None and not is_told:
            source_package.parse(text, file, self.problems)

    def _named(self, key: str) -> list[Named]:
        """The entries of a map that are right, by name."""
        return [item for item in sorted((self.record[key] or {}).values(), key=lambda item: item.name)
                if item.value is not BROKEN]

    def _provides(self, threads: Mapping[str, Thread]) -> dict[str, Provide]:
        found = {}
        for item in self._named("provides"):
            interface = self._interface(item)
            thread = item.value["thread"] if isinstance(item.value, Record) else MAIN_THREAD
            clients = item.value["clients"] if isinstance(item.value, Record) else None
            made = item.value["made"] if isinstance(item.value, Record) else None
            if thread not in threads and "threads" not in self.record.broken:
                self.problems.add("E0602", item.value.at("thread"), f"there is no thread `{thread}`",
                                  expected="one of " + ", ".join(threads), suggestion=did_you_mean(thread, threads))
            if interface is not None:
                found[item.name] = Provide(item.name, interface, thread, clients, item.span, made or 0)
        return found

    def _uses(self) -> dict[str, Use]:
        found = {}
        for item in self._named("uses"):
            interface = self._interface(item)
            optional = item.value["optional"] if isinstance(item.value, Record) else False
            if interface is not None:
                found[item.name] = Use(item.name, interface, optional, item.span)
        return found

    def _interface(self, item: Named) -> Interface | None:
        """The interface of an end, if its version is the one that the code was written for."""
        long = item.value if isinstance(item.value, Record) else None
        if long is not None and "interface" not in long:
            return None
        text = long["interface"] if long else item.value
        span = long.at("interface") if long else item.place
        name, _, version = text.partition("@")
        interface = self.library.interface(name, span)
        wanted = int(version) if version else long["version"] if long else None
        if interface.version and wanted not in (None, interface.version):
            self.problems.add("E0603", span, f"`{self.folder}` was written for another version of `{name}`",
                              found=f"version {wanted}", expected=f"version {interface.version}, as in {interface.span}")
        return interface

    def _devices(self) -> dict[str, DeviceUse]:
        found = {}
        for item in self._named("devices"):
            value = item.value["compatible"]
            compatible = (value,) if isinstance(value, str) else words(value)
            registers = item.value["registers"]
            reached = {reach: folder for reach in REACHES if registers is not None and not registers.broken and reach in registers
                       for folder in self._library(registers[reach], registers.at(reach))}
            found[item.name] = DeviceUse(item.name, compatible, item.value["optional"], item.span, item.value["plug"], reached)
        return found

    def _region(self, item: Named) -> RegionUse:
        if isinstance(item.value, str):
            return RegionUse(item.name, item.value, False, item.span)
        return RegionUse(item.name, item.value["rights"] or "r", item.value["optional"], item.span)

    def _threads(self) -> dict[str, Thread]:
        found = {MAIN_THREAD: Thread(MAIN_THREAD, 0, self.record["stack"], self.record.at("stack"))}
        for item in self._named("threads"):
            if item.name == MAIN_THREAD:
                self.problems.add("E0604", item.span, "the thread `main` always exists",
                                  expected="its stack under `stack`; its priority is the instance's")
            elif not item.value.broken:
                found[item.name] = Thread(item.name, item.value["priority"], item.value["stack"], item.span)
        return found

    def _quiesce(self, devices: Mapping[str, DeviceUse]) -> tuple[Quiesce, ...]:
        steps = []
        for value in self.record["quiesce"] or ():
            step: Record = value.value
            if not step.broken and self._quiesce_is_right(step, devices):
                steps.append(Quiesce(step["device"], step["offset"], step["width"], step["value"], value.span,
                                     step["registers"]))
        return tuple(steps)

    def _quiesce_is_right(self, step: Record, devices: Mapping[str, DeviceUse]) -> bool:
        if step["device"] not in devices:
            if "devices" not in self.record.broken:
                self.problems.add("E0605", step.at("device"), f"the component has no device `{step['device']}`",
                                  suggestion=did_you_mean(step["device"], devices))
            return False
        width = step["width"]
        if width not in (1, 2, 4, 8):
            self.problems.add("E0606", step.at("width"), "a device write is 1, 2, 4 or 8 bytes wide", found=str(width))
        elif step["offset"] % width:
            self.problems.add("E0606", step.at("offset"), "a device write is aligned to its width",
                              found=f"offset {step['offset']:#x}, width {width}")
        elif step["value"] >> (8 * width):
            self.problems.add("E0606", step.at("value"), "the value does not fit in the width",
                              found=f"{step['value']:#x}", expected=f"at most {width} bytes")
        else:
            return True
        return False

    def _check_dma_is_stopped(self, component: ComponentType) -> None:
        """However its devices are reached."""
        stopped = {step.registers for step in component.quiesce}
        reached = {reach for device in component.devices.values() for reach in device.registers} or {None}
        if component.dma and component.devices and "quiesce" not in self.record.broken and not (
                None in stopped or reached <= stopped):
            self.problems.add("E0612", self.record.at("dma"), "nothing stops the device when this driver has died",
                              found="DMA memory without a `quiesce` step",
                              suggestion="quiesce: [{device: NAME, offset: OFFSET, width: 4, value: 0}]")

    def _check_c_names(self, component: ComponentType) -> None:
        """Provides and uses give the stubs' prefixes; notification bits come from timers, devices and threads."""
        ends = [*component.provides.values(), *component.uses.values()]
        check_names([(end.name, end.span) for end in ends], self.problems)
        memory = [*component.dma.values(), *component.regions.values(), *component.devices.values()]
        check_names([(item.name, item.span) for item in memory], self.problems)
