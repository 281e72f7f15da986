"""`programs:` of a system: looks up each one's component and the disk that it lies on.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from .component import Compound
from .diagnostic import Diagnostics, did_you_mean
from .link import Linked
from .load import Library
from .model import ComponentType, DiskProgram, Instance, Settings
from .shape import BROKEN, Record

KIND = "program"


def link_programs(record: Record, library: Library, linked: Linked, settings: Settings, problems: Diagnostics) -> dict[str, DiskProgram]:
    """By name. One with a mistake is left out, and the mistake reported."""
    found = {}
    for named in sorted((record["programs"] or {}).values(), key=lambda item: item.name):
        if named.value is BROKEN or named.value.broken:
            continue
        component = _component(named.value, library, problems)
        _check_disk(named.value, linked, problems)
        if component is not None:
            level = named.value["log"] or (settings["log_level"] if "log_level" in settings.all else "info")
            found[named.name] = DiskProgram(named.name, component, named.value["disk"], level, named.span)
    return found


def _component(record: Record, library: Library, problems: Diagnostics) -> ComponentType | None:
    name, span = record["component"], record.at("component")
    component: ComponentType | Compound | None = library.component(name)
    if name not in library.folders:
        problems.add("E0403", span, f"there is no component `{name}`", expected=f"a folder {name} with a component.yaml below components/",
                     suggestion=did_you_mean(name, library.folders))
        return None
    kind = "compound" if isinstance(component, Compound) else component.kind if component else KIND
    if kind != KIND:
        problems.add("E0416", span, f"`{name}` is no program", found=f"kind: {kind}", expected="a component of kind program")
        return None
    return component


def _check_disk(record: Record, linked: Linked, problems: Diagnostics) -> None:
    name = record["disk"]
    disks = [instance.name for instance in linked.instances.values() if drives_disk(instance)]
    if name not in disks and linked.whole and ("devices" not in {key for instance, key in linked.doubts if instance == name}):
        problems.add("E0417", record.at("disk"), f"`{name}` drives no disk", expected="the name of an instance that does",
                     suggestion=did_you_mean(name, disks) or (disks[0] if len(disks) == 1 else ""))


def drives_disk(instance: Instance) -> bool:
    return any(device.plug == "disk" and name in instance.devices for name, device in instance.component.devices.items())
