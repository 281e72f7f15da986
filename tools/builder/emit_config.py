"""config.h of an instance: its attributes, slots, notification bits and addresses as constants.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from . import guest_tree, model, text
from .guest_image import GuestImage
from .plan import Area, Instance, macro


def _line(name: str, value: str, comment: str = "") -> str:
    return f"#define {name} {value} // {comment}" if comment else f"#define {name} {value}"


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: list[str]


def config_header(instance: model.Instance, planned: Instance, guest: model.Guest | None = None, image: GuestImage | None = None) -> str:
    return text.render("config.h.j2", i=planned, log_level=model.LOG_LEVELS.index(instance.log), groups=(
        Group("Attributes; durations are in nanoseconds, sizes in bytes", _attributes(instance)),
        Group("Capability slots", _slots(planned)),
        Group("Notification bits of main", _bits(planned)),
        Group("Memory", _areas(planned)),
        Group("Devices", _constants(instance)),
        Group("Guest", _guest(guest, image))))


def _attributes(instance: model.Instance) -> list[str]:
    lines = []
    for name, value in instance.config.items():
        attribute = value.attribute
        for number, choice in enumerate(attribute.choices):
            lines.append(_line(macro("CONFIG", name, choice), str(number)))
        lines.append(_line(macro("CONFIG", name), _literal(attribute, value.value), text.place(value.span)))
    return lines


def _literal(attribute: model.Attribute, value: bool | int | str) -> str:
    """The value as a C constant of the attribute's type."""
    match attribute.type:
        case "bool":
            return "1" if value else "0"
        case "string":
            return json.dumps(value)
        case "enum":
            return macro("CONFIG", attribute.name, str(value))
        case "u64" | "size" | "duration":
            return f"{value}ull"
        case "i64":
            return f"({value + 1}ll - 1)" if value == -(1 << 63) else f"{value}ll"
        case "u8" | "u16" | "u32":
            return f"{value}u"
        case _:
            return f"({value + 1} - 1)" if value == -(1 << 31) else str(value)


def _slots(planned: Instance) -> list[str]:
    return [_line(slot.macro, str(slot.index), f"{slot.why}; {slot.source}") for slot in planned.slots]


def _bits(planned: Instance) -> list[str]:
    return [_line(bit.macro, f"(1ull << {bit.index})", f"{bit.why}; {bit.source}")
            for bit in planned.threads[0].bits]


def _constants(instance: model.Instance) -> list[str]:
    return [_line(macro("DEVICE", device, name), str(value), text.place(instance.where(f"devices.{device}")))
            for device, node in instance.devices.items() for name, value in node.constants.items()]


def _guest(guest: model.Guest | None, image: GuestImage | None) -> list[str]:
    if guest is None:
        return []
    devices = (("UART", guest_tree.UART), ("GICD", guest_tree.GICD), ("GICR", guest_tree.GICR))
    return [_line("GUEST_VCPUS", str(guest.vcpus), text.place(guest.where("vcpus"))),
            *(_line(f"GUEST_{name}_ADDRESS", f"{address:#x}", "of the device tree") for name, address in devices),
            _line("GUEST_UART_LINE", str(guest_tree.UART_LINE)), _line("GUEST_TIMER_LINE", str(guest_tree.TIMER_LINE)),
            *_guest_image(image)]


def _guest_image(image: GuestImage | None) -> list[str]:
    if image is None:
        return []
    return [*(_line(macro("GUEST", part.name, "ADDRESS"), f"{part.address:#x}", "where it goes in the guest's memory") for part in image.parts),
            _line("GUEST_SEED_OFFSET", str(image.seed_offset), "of the random seed in the device tree"),
            _line("GUEST_SEED_BYTES", str(len(guest_tree.SEED)))]


def _areas(planned: Instance) -> list[str]:
    return [line for area in planned.areas for line in _area(area)]


def _area(area: Area) -> list[str]:
    return [_line(f"{area.macro}_BASE", f"{area.address + area.skew:#x}", area.source),
            _line(f"{area.macro}_BYTES", str(area.bytes))]
