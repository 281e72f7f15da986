"""What a product costs and which way its data goes: report.json, and the same as text.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import idl, model
from .abi import PAGE
from .diagnostic import Diagnostics
from .elf import Elf
from .kernel_stacks import StackUse
from .measure import Need
from .place import Result
from .plan import Instance, Mapping, Slot
from .text import place

LARGE_PAGE = 2 << 20   # free memory begins at the next such boundary behind the image
LOADER = 2 << 20       # boot loaders put the image up to this far into RAM


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build, as the report sees it."""

    system: model.System
    result: Result
    needs: tuple[tuple[Need, ...], ...]     # of stacks, by instance and thread
    kernel: Elf
    kernel_stacks: tuple[StackUse, ...]
    image_bytes: int                        # of the file


def report(built: Built) -> dict:
    return {
        "system": built.system.name,
        "board": built.system.board.name,
        "image": _image(built),
        "memory": memory(built),
        "kernel_stacks": [{"name": use.name, "bytes": use.bytes, "needs": use.needs, "path": _path(use.path)}
                          for use in built.kernel_stacks],
        "instances": [_instance(built, number) for number in range(len(built.result.placed.plan.instances))],
        "interfaces": [_interface(interface) for interface in built.system.interfaces],
        "connections": [_connection(connection) for connection in built.system.connections],
        "holes": list(_holes(built.system)),
    }


# --- Sizes -------------------------------------------------------------------------------------------

def _image(built: Built) -> dict:
    symbols = {symbol.name: symbol.address for symbol in built.kernel.symbols}
    payload = sum(_whole_pages(size) for _, size in built.result.placed.payload)
    constants = symbols["__rodata_end"] - symbols["__text_end"] - payload
    return {
        "file": built.image_bytes,
        "kernel_text": symbols["__text_end"] - symbols["__image_start"],
        "kernel_constants": constants,
        "kernel_data": symbols["__data_end"] - symbols["__data_start"],
        "kernel_zeroed": symbols["__bss_end"] - symbols["__bss_start"],
        "payload": payload,
        "in_memory": symbols["__image_end"] - symbols["__image_start"],
    }


def memory(built: Built) -> dict:
    """What the system takes of the board's RAM."""
    image = _image(built)["in_memory"]
    needed = LOADER + -(-image // LARGE_PAGE) * LARGE_PAGE + built.result.placed.ram_bytes
    return {"board": built.system.board.memory, "components": built.result.placed.ram_bytes, "needed": needed}


def check_memory(built: Built, problems: Diagnostics) -> None:
    found = memory(built)
    if found["needed"] > found["board"]:
        problems.add("E0908", built.system.span, f"`{built.system.name}` does not fit in the board's memory",
                     found=f"{_bytes(found['needed'])}, {_bytes(found['components'])} of it for components",
                     expected=f"at most {_bytes(found['board'])}")


def _whole_pages(size: int) -> int:
    return -(-size // PAGE) * PAGE


# --- Instances ---------------------------------------------------------------------------------------

def _instance(built: Built, number: int) -> dict:
    placed = built.result.placed
    planned = placed.plan.instances[number]
    mappings = placed.mappings[number]
    return {
        "name": planned.name, "component": planned.component, "source": planned.source,
        "text": _mapped(built, mappings, "text"), "constants": _mapped(built, mappings, "rodata"),
        "data": _mapped(built, mappings, "data"),
        "heap": _areas(planned, "heap"), "dma": _areas(planned, "dma"),
        "page_tables": placed.tables[number] * PAGE,
        "stacks": [{"thread": thread.name, "bytes": thread.stack_bytes, "needs": need.bytes,
                    "path": _path(need.path), "priority": thread.priority}
                   for thread, need in zip(planned.threads, built.needs[number])],
        "bits": len(planned.threads[0].bits),
        "capabilities": [_capability(slot) for slot in planned.slots],
    }


def _path(path: tuple[tuple[str, int], ...]) -> list[str]:
    return [f"{name} {size}" for name, size in path]


def _mapped(built: Built, mappings: Iterable[Mapping], name: str) -> int:
    return sum(built.result.placed.regions[m.region].bytes for m in mappings if m.name == name)


def _areas(planned: Instance, kind: str) -> int:
    return sum(area.bytes for area in planned.areas if area.kind == kind)


def _capability(slot: Slot) -> dict:
    return {"slot": slot.index, "name": slot.macro, "type": slot.type.removeprefix("CAP_").lower(),
            "rights": [right.removeprefix("RIGHT_").lower() for right in slot.rights], "why": slot.why,
            "source": slot.source}


# --- Interfaces --------------------------------------------------------------------------------------

def _interface(interface: model.Interface) -> dict:
    return {
        "name": interface.name, "version": interface.version, "source": place(interface.span),
        "methods": [_method(layout) for layout in idl.interface_layouts(interface)],
        "shared_memory": [{"kind": m.kind, "name": m.name, "bytes": m.bytes} for m in idl.shared_memory(interface)],
        "events": [event.name for event in interface.events],
    }


def _method(layout: idl.MethodLayout) -> dict:
    return {
        "name": layout.method.name, "restart": layout.method.restart, "in_registers": layout.in_registers,
        "request_words": layout.request_words, "reply_words": layout.reply_words, "lends": layout.lends,
        "in": [_value(each) for each in layout.inputs], "out": [_value(each) for each in layout.outputs],
    }


def _value(each: idl.Place) -> dict:
    way = each.way
    if way == "lend":
        way = "lent, copied by the stub" if each.copied else "lent, copied by the handler"
    elif way == "words":
        way = "registers"
    return {"name": each.field.name, "type": str(each.field.type), "way": way}


def _connection(connection: model.Connection) -> dict:
    return {"from": connection.name, "to": f"{connection.provider.name}.{connection.provide.name}",
            "interface": connection.interface.name, "timeout_ns": connection.timeout,
            "source": place(connection.span)}


def _holes(system: model.System) -> Iterable[str]:
    """Where hardware gives more than the description says."""
    for instance in system.instances.values():
        for name, node in instance.devices.items():
            if node.dma:
                yield (f"{instance.name} drives {node.name} ({name}), which does DMA and stands behind no IOMMU: "
                       f"{instance.name} can reach all memory")
            if node.pci:
                yield (f"{instance.name} owns {node.name} ({name}), the configuration space of all PCI functions: it decides what "
                       "they decode and which of them do DMA")


# --- Text --------------------------------------------------------------------------------------------

def report_text(data: dict) -> str:
    parts = [f"{data['system']} on {data['board']}", _image_text(data), _instances_text(data), _stacks_text(data),
             _methods_text(data), _capabilities_text(data)]
    if data["holes"]:
        parts.append("Holes that the hardware leaves\n" + "\n".join(f"  {hole}" for hole in data["holes"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _image_text(data: dict) -> str:
    rows = [[name.replace("_", " "), _bytes(size)] for name, size in data["image"].items()]
    rows += [[f"RAM {name}", _bytes(size)] for name, size in data["memory"].items()]
    return _table("Image and memory", ["", "bytes"], rows)


def _instances_text(data: dict) -> str:
    columns = ["text", "constants", "data", "heap", "dma", "page_tables"]
    rows = [[i["name"], *(_bytes(i[column]) for column in columns), _bytes(sum(s["bytes"] for s in i["stacks"])),
             str(len(i["capabilities"])), str(i["bits"])] for i in data["instances"]]
    return _table("Instances", ["", *(c.replace("_", " ") for c in columns), "stacks", "capabilities", "bits"], rows)


def _stacks_text(data: dict) -> str:
    rows = [[f"{i['name']}.{s['thread']}", str(s["priority"]), _bytes(s["bytes"]), _bytes(s["needs"]),
             _percent(s)] for i in data["instances"] for s in i["stacks"]]
    rows += [[f"kernel: {s['name']}", "", _bytes(s["bytes"]), _bytes(s["needs"]), _percent(s)]
             for s in data["kernel_stacks"]]
    return _table("Threads", ["", "priority", "stack", "needs", "full"], rows)


def _percent(stack: dict) -> str:
    return f"{100 * stack['needs'] // stack['bytes']} %"


def _methods_text(data: dict) -> str:
    rows = []
    for interface in data["interfaces"]:
        for method in interface["methods"]:
            ways = [f"{v['name']} {v['type']}: {v['way']}" for v in (*method["in"], *method["out"])]
            rows.append([f"{interface['name']}.{method['name']}", str(method["request_words"]),
                         str(method["reply_words"]), str(method["lends"]), "; ".join(ways)])
        rows += [[f"{interface['name']}.{m['name']}", "", "", "", f"{m['kind']} of {_bytes(m['bytes'])} bytes"]
                 for m in interface["shared_memory"]]
    return _table("Methods", ["", "words", "reply", "lends", "values"], rows)


def _capabilities_text(data: dict) -> str:
    rows = [[i["name"], str(c["slot"]), c["type"], " ".join(c["rights"]), c["why"], c["source"]]
            for i in data["instances"] for c in i["capabilities"]]
    return _table("Capabilities", ["", "slot", "type", "rights", "why", "source"], rows)


def _bytes(size: int) -> str:
    return f"{size:,}"


def _table(title: str, head: list[str], rows: list[list[str]]) -> str:
    """Columns as wide as their widest word; numbers stand to the right."""
    if not rows:
        return ""
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    lines = []
    for row in [head, *rows]:
        cells = [cell.rjust(width) if _is_number(rows, n) else cell.ljust(width)
                 for n, (cell, width) in enumerate(zip(row, widths))]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return f"{title}\n" + "\n".join(lines)


def _is_number(rows: list[list[str]], column: int) -> bool:
    return all(row[column].rstrip(" %").replace(",", "").isdigit() or not row[column] for row in rows)
