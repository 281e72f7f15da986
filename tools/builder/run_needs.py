"""gen/run.json: what `tenon run` must know of an app to start it in QEMU.

What a driver's device says under `plug:` is plugged in at the node that the instance binds. A new image of a disk has a file system
with what is in the app's folder disks/INSTANCE, if that is there, and is empty otherwise.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Iterator

from . import disk_programs, model

DISK_BYTES = 16 << 20   # of a new image; `tenon run --disk FILE` takes one of any size


def run_needs(system: model.System) -> dict:
    return {"expect": system.expect, "guests": bool(system.guests),
            "disks": [{"name": name, "size": DISK_BYTES, "files": f"apps/{system.name}/disks/{name}",
                       "programs": _programs(system, name), **place} for name, place in _plugged(system, "disk")],
            "rng": [place for _, place in _plugged(system, "entropy")],
            "cores": 1 + max((i.cpu for i in system.instances.values()), default=0),
            "net": [place for _, place in _plugged(system, "network")]}


def _programs(system: model.System, disk: str) -> dict[str, str]:
    """By the path on the disk, the file in the build folder."""
    return {f"bin/{program.name}": f"{disk_programs.FOLDER}/{program.name}" for program in system.programs.values() if program.disk == disk}


def _plugged(system: model.System, what: str) -> Iterator[tuple[str, dict[str, int]]]:
    """Instance and place of each node with that plug, by instance: a PCI slot, or the address of a virtio,mmio node."""
    for instance in system.instances.values():
        for name, device in instance.component.devices.items():
            if device.plug == what and name in instance.devices:
                node = instance.devices[name]
                yield instance.name, {"slot": node.function.slot} if node.function else {"bus": node.mmio[0].address}
