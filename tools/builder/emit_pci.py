"""pci_functions.h of the instance that drives a PCI host: what the functions that this system uses must be.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from . import model, text


def is_pci_bus(instance: model.Instance) -> bool:
    return any(node.pci for node in instance.devices.values())


def pci_functions(system: model.System, bus: model.Instance) -> str:
    """Those of its hosts that some instance drives, by slot. All others are switched off."""
    hosts = {node.path for node in bus.devices.values() if node.pci}
    used = {node.function.slot: (node, instance) for instance in system.instances.values()
            for node in instance.devices.values() if node.function and node.function.host in hosts}
    rows = [(_row(node.function), f"{node.name}, for {instance.name}") for _, (node, instance) in sorted(used.items())]
    return text.render("pci_functions.h.j2", rows=rows)


def _row(function: model.PciFunction) -> str:
    bars = ", ".join(f"[{bar.index}] = {{{bar.address:#x}, {bar.bytes:#x}}}" for bar in function.bars)
    words = [f".slot = {function.slot}", f".vendor = {function.vendor:#06x}", f".device = {function.device:#06x}",
             f".bars = {{{bars}}}"]
    if function.virtio:
        v = function.virtio
        words += [".has_virtio = true", f".virtio = {{{v.bar}, {v.common:#x}, {v.isr:#x}, {v.device:#x}, {v.notify:#x}, "
                                        f"{v.notify_step}}}"]
    return ", ".join(words)
