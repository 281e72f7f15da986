"""Boards: board.yaml and the device tree it names."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from . import grammar
from .devicetree import DeviceTree, read_device_tree
from .diagnostic import Span, did_you_mean, whole_file
from .load import Files
from .model import Board, DeviceNode, Qemu
from .shape import Key, Record, words

FOLDER = "cmake/boards"


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
    if tree.interrupt_controller is None or len(tree.interrupt_controller.mmio) < 2:
        problems.add("E0303", record.at("devicetree"), f"`{source}` has no interrupt controller the kernel knows",
                     expected="a node compatible with arm,gic-v3")
        return None
    _check_memory(record, tree, files)
    return Board(name, record["arch"], record["memory"], tree.ram, tree.cores, _console(record, tree, files),
                 tree.interrupt_controller, tree.nodes, _qemu(record["qemu"]), record.at("board"))


def _check_memory(record: Record, tree: DeviceTree, files: Files) -> None:
    if not any(ram.bytes >= record["memory"] for ram in tree.ram):
        files.problems.add("E0303", record.at("memory"), "the device tree has less memory than the board promises",
                           found=", ".join(f"{ram.bytes >> 20}MiB" for ram in tree.ram) or "no memory")


def _console(record: Record, tree: DeviceTree, files: Files) -> DeviceNode | None:
    if "console" not in record:
        return None
    names = {word for node in tree.nodes.values() for word in (node.path, node.name, *node.labels)}
    found = find_node(tree.nodes.values(), record["console"])
    if len(found) != 1 or not found[0].mmio:
        files.problems.add("E0303", record.at("console"), f"the device tree has no console `{record['console']}`",
                           suggestion=did_you_mean(record["console"], names))
        return None
    return found[0]


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
