"""Whether the kernel's stacks hold its deepest paths of calls; kernel/arch/<arch>/stacks.yaml says who runs on which.

The kernel calls through a pointer in one place, the table of system calls, whose targets the ABI's header names.
A function that nobody calls must be an entry: so none that assembly enters can be forgotten.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .abi import constants
from .callgraph import Function, read_folder
from .callpath import Annotations, Walk
from .diagnostic import Diagnostics, Note, Span
from .elf import Elf
from .source import Node, read_file

DISPATCH = "syscall_dispatch"
GUESTS = "guest_exit"       # a kernel that can host guests has it
HEADER = "kernel/include/kernel/stacks.h"
SIZE = re.compile(r"^#define (\w+_STACK_BYTES) (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StackUse:
    """One of the kernel's stacks and the most of it that is ever used."""

    name: str
    bytes: int
    needs: int
    path: tuple[tuple[str, int], ...]


def kernel_stacks(root: Path, arch: str, build: Path, kernel: Elf, problems: Diagnostics) -> tuple[StackUse, ...]:
    """All stacks of the linked kernel; one that is too small is reported."""
    symbols = {symbol.name for symbol in kernel.symbols}
    folders = [f"kernel/arch/{arch}", *([f"kernel/arch/{arch}/vm"] if GUESTS in symbols else [])]
    descriptions = [read_file(root, f"{folder}/stacks.yaml", problems) for folder in folders]
    if None in descriptions:
        return ()
    graph = read_folder(build / "CMakeFiles" / "kernel.dir")
    sizes = {name: int(number) for name, number in SIZE.findall((root / HEADER).read_text())}
    return uses(descriptions[0], graph, sizes, symbols, problems, descriptions[1:])


def uses(description: Node, graph: Mapping[str, Function], sizes: Mapping[str, int], symbols: Container[str],
         problems: Diagnostics, more: Iterable[Node] = ()) -> tuple[StackUse, ...]:
    """`more` of the same form adds to the entries of the stacks that `description` has."""
    stacks = description.get("stacks")
    assembly = {name: entry.value.value for each in (description, *more) for name, entry in each.get("assembly").entries.items()}
    annotations = Annotations({DISPATCH: system_calls()}, assembly)
    found, entered = [], set()
    for name, entry in stacks.entries.items():
        stack = entry.value
        added = [each.get("stacks").get(name) for each in more]
        entries = [item.text for each in (stack, *filter(None, added)) for item in each.get("entries").items]
        entered.update(entries)
        size = sizes[stack.get("bytes").text]
        found.append(_use(name, size, entries, Walk("kernel", entry.span, graph, annotations, problems)))
        _compare(found[-1], entry.span, problems)
    _check_entries(graph, entered, symbols, stacks.span, problems)
    return tuple(found)


def system_calls() -> tuple[str, ...]:
    """The functions in the table of system calls, by the names of their numbers."""
    return tuple(sorted(name.lower() for name in constants() if name.startswith("SYS_") and name != "SYS_COUNT"))


def _use(name: str, size: int, entries: Iterable[str], walk: Walk) -> StackUse:
    needs, path = max(walk.need(entry) for entry in entries)
    return StackUse(name, size, needs, path)


def _compare(use: StackUse, span: Span, problems: Diagnostics) -> None:
    if use.needs > use.bytes:
        path = " > ".join(f"{name} {size}" for name, size in use.path)
        problems.add("E0902", span, f"the kernel's {use.name} stack is too small", found=f"{use.bytes} bytes",
                     expected=f"at least {use.needs} bytes", notes=[Note(f"the deepest path of calls: {path}")])


def _check_entries(graph: Mapping[str, Function], entered: set[str], symbols: Container[str], span: Span,
                   problems: Diagnostics) -> None:
    called = {callee for function in graph.values() for callee in function.calls} | set(system_calls())
    for key, function in sorted(graph.items()):
        if key not in called and function.name not in entered and function.name in symbols:
            problems.add("E0909", span, f"which stack `{function.name}` runs on is not said",
                         expected="a caller in C, or an entry of one of the stacks",
                         suggestion=f"entries: [{function.name}]")
