"""The check of the kernel's own stacks. SPDX-License-Identifier: BSD-2-Clause"""

from __future__ import annotations

from builder.callgraph import Function
from builder.diagnostic import Diagnostics
from builder.kernel_stacks import StackUse, system_calls, uses
from builder.source import read_text

DESCRIPTION = """stacks:
  boot: {bytes: BOOT, entries: [start]}
  kernel: {bytes: KERNEL, entries: [trap, interrupt]}
assembly: {memcpy: 16}
"""
SIZES = {"BOOT": 100, "KERNEL": 300}
SYMBOLS = {"start", "trap", "interrupt", "handler"}


def graph(**calls: tuple[int, set[str]]) -> dict[str, Function]:
    usual = {"start": (100, set()), "trap": (50, {"syscall_dispatch"}), "interrupt": (80, {"memcpy"}),
             "syscall_dispatch": (40, {"__indirect_call"}), **{name: (10, set()) for name in system_calls()}}
    return {name: Function(name, frame, True, callees) for name, (frame, callees) in (usual | calls).items()}


def check(made: dict[str, Function]) -> tuple[tuple[StackUse, ...], Diagnostics]:
    problems = Diagnostics()
    found = uses(read_text(DESCRIPTION, "stacks.yaml", problems), made, SIZES, SYMBOLS, problems)
    return found, problems


def test_each_stack_holds_the_deepest_of_its_entries() -> None:
    (boot, kernel), problems = check(graph())

    assert not problems
    assert (boot.bytes, boot.needs, kernel.bytes, kernel.needs) == (100, 100, 300, 100)


def test_every_system_call_counts() -> None:
    (_, kernel), problems = check(graph(sys_map=(190, {"memcpy"})))

    assert not problems and kernel.needs == 50 + 40 + 190 + 16


def test_a_stack_that_is_too_small_is_an_error() -> None:
    _, problems = check(graph(sys_map=(300, set())))

    assert [p.code for p in problems] == ["E0902"] and "sys_map 300" in problems[0].notes[0].text


def test_an_entry_that_is_not_listed_is_an_error() -> None:
    _, problems = check(graph(handler=(10, set())))

    assert [p.code for p in problems] == ["E0909"] and "`handler`" in problems[0].message


def test_recursion_and_unknown_assembly_are_errors() -> None:
    _, problems = check(graph(sys_map=(8, {"sys_map"}), sys_unmap=(8, {"mystery"})))

    assert sorted(p.code for p in problems) == ["E0903", "E0905"]
