"""gen/run.json: what `tenon run` must know of an app to start it in QEMU.

What a driver's device says under `plug:` is plugged in at the node that the instance binds.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Iterator

from . import model

DISK_BYTES = 16 << 20   # of a new image; `tenon run --disk FILE` takes one of any size


def run_needs(system: model.System) -> dict:
    return {"expect": system.expect,
            "disks": [{"name": name, "size": DISK_BYTES, "bus": bus} for name, bus in _plugged(system, "disk")],
            "rng": [{"bus": bus} for _, bus in _plugged(system, "entropy")],
            "cores": 1 + max((i.cpu for i in system.instances.values()), default=0),
            "net": [{"bus": bus} for _, bus in _plugged(system, "network")]}


def _plugged(system: model.System, what: str) -> Iterator[tuple[str, int]]:
    """Instance and address of each node with that plug, by instance."""
    for instance in system.instances.values():
        for name, device in instance.component.devices.items():
            if device.plug == what and name in instance.devices:
                yield instance.name, instance.devices[name].mmio[0].address
