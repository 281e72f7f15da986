"""A product whose programs are all replaced by the authority probe (components/testing/probe), for the setting `probe`.

Everything else stays as it is described: slots, memory, priorities, who supervises whom. Each instance gets one region more,
which nobody shares and which outlives its restarts: what it found out.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import replace

from . import model
from .plan import Instance

SETTING = "probe"
SOURCES = ("components/testing/probe/probe.c",)
REGION, REGION_BYTES = "probe", 32 * model.KIB


def wanted(settings: model.Settings) -> bool:
    return SETTING in settings.all and bool(settings[SETTING])


def probed(system: model.System) -> model.System:
    instances = {name: _instance(instance) for name, instance in system.instances.items()}
    connections = tuple(replace(c, user=instances[c.user.name], provider=instances[c.provider.name]) for c in system.connections)
    regions = {name: replace(region, users=tuple(replace(user, instance=instances[user.instance.name]) for user in region.users))
               for name, region in system.regions.items()}
    for instance in instances.values():
        name = f"{REGION}_{instance.c_name}"
        user = model.RegionUser(instance, instance.component.regions[REGION], "rw", instance.span)
        regions[name] = model.Region(name, REGION_BYTES, True, (user,), instance.span)
    return replace(system, instances=instances, connections=connections, regions=dict(sorted(regions.items())))


def _instance(instance: model.Instance) -> model.Instance:
    old = instance.component
    use = model.RegionUse(REGION, "rw", False, old.span)
    devices = {name: replace(device, registers={}) for name, device in old.devices.items()}
    component = replace(old, sources=SOURCES, libraries=(), devices=devices, stack_calls={"main": ()}, stack_extern={},
                        regions=dict(sorted({**old.regions, REGION: use}.items())))
    return replace(instance, component=component)


def files(instance: model.Instance, planned: Instance) -> dict[str, str]:
    """What the probe is compiled with: no stubs, but what it must know."""
    header = f"""// For the authority probe in the place of {instance.name}.
#pragma once

#define PROBE_NAME "{instance.name}"
#define PROBE_SLOTS {planned.slot_count}
#define PROBE_THREADS {len(planned.threads)}
#define PROBE_SUPERVISED {int(instance.supervisor is not None)}
"""
    return {"probe.h": header, "glue.c": "// The authority probe has no stubs.\n"}
