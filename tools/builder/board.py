"""Boards: board.yaml and the device tree it names."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from . import grammar
from .devicetree import CLOCK, CONTROLLERS, TEST_DEVICES, DeviceTree, known_controller, read_device_tree
from .diagnostic import Span, did_you_mean, whole_file
from .formats import FORMATS, MEDIUM
from .load import Files
from .model import Board, DeviceNode, Pci, Qemu
from .pci import make_functions
from .shape import BROKEN, Key, Record, words

FOLDER = "cmake/boards"
# The kernel's UARTs: what a console must be compatible with, and the file below kernel/plat/.
CONSOLES = {"arm,pl011": "pl011", "ns16550a": "ns16550"}


def load_board(files: Files, name: str, asked: Span) -> Board | None:
    file = f"{FOLDER}/{name}/board.yaml"
    known = [board for board in files.names_below(FOLDER) if files.exists(f"{FOLDER}/{board}/board.yaml")]
    if name not in known:
        files.problems.add("E0301", asked, f"there is no board `{name}`", expected="one of " + ", ".join(known),
                           suggestion=did_you_mean(name, known))
        return None
    before = len(files.problems)
    tree = files.read(file)
    value = grammar.BOARD.read(tree, files.problems, Key(file, whole_file(file))) if tree is not None else None
    if value is None or len(files.problems) > before:
        return None
    return _board(files, name, file, value.value)


def _board(files: Files, name: str, file: str, record: Record) -> Board | None:
    problems = files.problems
    if record["board"] != name:
        problems.add("E0302", record.at("board"), "a board is called as its folder is", found=f"`{record['board']}`",
                     expected=f"`{name}`", suggestion=f"board: {name}")
    source = f"{FOLDER}/{name}/{record['devicetree']}"
    files.inputs.add(source)
    tree = read_device_tree(files.root, source, record.at("devicetree"), problems)
    if tree is None:
        return None
    controller = tree.interrupt_controller
    if controller is None or len(controller.mmio) < CONTROLLERS[known_controller(controller.compatible)]:
        problems.add("E0303", record.at("devicetree"), f"`{source}` has no interrupt controller the kernel knows",
                     expected=f"a node compatible with {' or '.join(CONTROLLERS)}")
        return None
    _check_memory(record, tree, files)
    _check_arch(record, tree, files)
    console = _console(record, tree, files)
    before = len(problems)
    pci = _pci(record, tree, files)
    if len(problems) > before:
        return None     # or each binding of a missing function would be a mistake too
    return Board(name, record["arch"], record["memory"], tree.ram, tree.core_ids, console, _uart(console),
                 controller, tree.timer_frequency, tree.test_device, tree.clock, tree.nodes,
                 _roles(record, tree, files), _qemu(record["qemu"]), record.at("board"), pci)


def _check_arch(record: Record, tree: DeviceTree, files: Files) -> None:
    """What an architecture's kernel cannot find out by itself."""
    if record["arch"] == "riscv64" and not tree.timer_frequency:
        files.problems.add("E0303", record.at("devicetree"), "the device tree does not say how fast time counts",
                           expected="`timebase-frequency` in /cpus")
    if record["arch"] == "x86_64" and tree.clock is None:
        files.problems.add("E0303", record.at("devicetree"), "the device tree has no clock to measure the others by",
                           expected=f"a node compatible with {CLOCK}")
    qemu = record["qemu"]
    _check_firmware(record["arch"], qemu["firmware"] if qemu else None, files)
    if qemu is not None and qemu["exits"] in ("test_device", "debug_exit") and tree.test_device is None:
        files.problems.add("E0303", qemu.at("exits"), "the device tree has no test device",
                           expected=f"a node compatible with {' or '.join(TEST_DEVICES)}")


def _check_firmware(arch: str, firmware: Record | None, files: Files) -> None:
    for name in firmware.given if firmware else ():
        if MEDIUM[name] not in FORMATS[arch]:
            files.problems.add("E0317", firmware.spans[name], f"{arch} has no `{MEDIUM[name]}` for `{name}` to boot",
                               expected=" or ".join(each for each in MEDIUM if MEDIUM[each] in FORMATS[arch]))


def _roles(record: Record, tree: DeviceTree, files: Files) -> dict[str, str]:
    words = {}
    for name, role in (record["roles"] or {}).items():
        if role.value is BROKEN:
            continue
        _node(role.value, "device", tree, files)
        for key in ("component", "device"):
            if role.value[key] is not None:
                words[f"{name}.{key}"] = role.value[key]
    return words


def _pci(record: Record, tree: DeviceTree, files: Files) -> Pci | None:
    """The functions become nodes among the others."""
    given: Record | None = record["pci"]
    if given is None or given.broken:
        return None
    host = _node(given, "host", tree, files)
    if host is None:
        return None
    if host.pci is None:
        files.problems.add("E0319", given.at("host"), f"`{host.name}` is no PCI host with a memory window and interrupts",
                           found=", ".join(host.compatible))
        return None
    pci = make_functions(given, host, given["bus"], files.problems)
    tree.nodes.update((node.path, node) for node in pci.functions)
    return pci


def _uart(console: DeviceNode | None) -> str | None:
    if console is None:
        return None
    uart = next((file for name, file in CONSOLES.items() if name in console.compatible), None)
    return f"{uart}_ports" if uart and console.ports else uart


def _check_memory(record: Record, tree: DeviceTree, files: Files) -> None:
    if not any(ram.bytes >= record["memory"] for ram in tree.ram):
        files.problems.add("E0303", record.at("memory"), "the device tree has less memory than the board promises",
                           found=", ".join(f"{ram.bytes >> 20}MiB" for ram in tree.ram) or "no memory")


def _console(record: Record, tree: DeviceTree, files: Files) -> DeviceNode | None:
    if "console" not in record:
        return None
    node = _node(record, "console", tree, files)
    if node is not None and _uart(node) is None:
        files.problems.add("E0303", record.at("console"), "the kernel has no driver for this console",
                           found=", ".join(node.compatible), expected=f"one of {', '.join(CONSOLES)}")
    return node


def _node(record: Record, key: str, tree: DeviceTree, files: Files) -> DeviceNode | None:
    """The one node that the text under a key means."""
    names = {word for node in tree.nodes.values() for word in (node.path, node.name, *node.labels)}
    found = find_node(tree.nodes.values(), record[key])
    if len(found) == 1 and (found[0].mmio or found[0].ports):
        return found[0]
    files.problems.add("E0303", record.at(key), f"the device tree has no {key} `{record[key]}`",
                       suggestion=did_you_mean(record[key], names))
    return None


def find_node(nodes, text: str) -> list[DeviceNode]:
    """The nodes that a description may mean: by path, label or name@unit."""
    return [node for node in nodes if text in (node.path, node.name) or text in node.labels]


def _qemu(record: Record | None) -> Qemu | None:
    if record is None:
        return None
    bus = record["virtio_mmio"]
    return Qemu(record["binary"], record["machine"], record["el2"], record["cpu"], words(record["cpus"]),
                words(record["arguments"]), record["exits"],
                {key: bus[key] for key in ("bus", "first", "step", "count")} if bus else None)
