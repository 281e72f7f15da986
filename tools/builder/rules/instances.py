"""Rules about single instances: priorities, budgets, cores, the order in which they start, and what they link."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable

from ..diagnostic import Note
from ..graph import cycles
from ..units import format_duration
from .rule import Context, rule

PRIORITY_MIN, PRIORITY_MAX = 1, 254


@rule("E0701")
def thread_priorities_are_in_range(context: Context, add: Callable) -> None:
    """The priority of each thread, the instance's plus its own, is from 1 to 254."""
    for instance in context.instances:
        if not context.linked.sure(instance, "priority"):
            continue
        for thread in instance.component.threads.values():
            priority = instance.priority + thread.priority
            if not PRIORITY_MIN <= priority <= PRIORITY_MAX:
                add(instance.where("priority"), f"the thread `{thread.name}` of `{instance.name}` has no possible priority",
                    found=f"{instance.priority} {thread.priority:+} = {priority}",
                    expected=f"{PRIORITY_MIN} to {PRIORITY_MAX}", notes=[Note("the thread", thread.span)])


@rule("E0416")
def instances_are_no_programs(context: Context, add: Callable) -> None:
    """A component of kind program is started at run time, so it is no instance."""
    for i in context.instances:
        if i.component.kind == "program":
            add(i.where("component"), f"`{i.name}` is a program, which no layout can start", found=f"`{i.component.name}` is of kind program",
                expected="an entry of `programs`", notes=[Note("it is declared here", i.component.span)])


@rule("E0705")
def budgets_fit_their_periods(context: Context, add: Callable) -> None:
    """`budget` and `period` come together, and the budget is not above the period."""
    for i in (*context.instances, *context.linked.guests.values()):
        if not context.linked.sure(i, "budget", "period"):
            continue
        if (i.budget is None) != (i.period is None):
            given, other = ("budget", "period") if i.period is None else ("period", "budget")
            add(i.where(given), f"`{i.name}` has a `{given}` without a `{other}`", suggestion=f"{other}: 10ms")
        elif i.budget is not None and i.budget > i.period:
            add(i.where("budget"), f"the budget of `{i.name}` is longer than its period",
                found=f"{format_duration(i.budget)} in {format_duration(i.period)}", expected="at most the period")


@rule("E0714")
def cores_exist(context: Context, add: Callable) -> None:
    """An instance runs on a core of the board."""
    for i in context.instances:
        if context.board and i.cpu >= max(1, len(context.board.core_ids)):
            add(i.where("cpu"), f"the board `{context.board.name}` has no core {i.cpu}",
                expected=f"one of {max(1, len(context.board.core_ids))}, counted from 0")


@rule("E0716")
def starting_has_no_cycle(context: Context, add: Callable) -> None:
    """No instance waits for itself to be ready, directly or through others."""
    for cycle in cycles([(i.name, other) for i in context.instances for other in i.after]):
        first = context.linked.instances[cycle[0]]
        add(first.where("after"), "these instances wait for each other to be ready",
            found=" -> ".join([*cycle, cycle[0]]), expected="one of them without its `after`")


@rule("E0613")
def libraries_know_the_architecture(context: Context, add: Callable) -> None:
    """A library that has parts for architectures has one for the board's."""
    links = {(i.component.name, folder): i.component for i in context.instances for folder in i.libraries}
    if context.board is None:
        return
    for (_, folder), component in sorted(links.items(), key=lambda link: link[0]):
        ports = context.root / folder / "arch"
        if ports.is_dir() and not (ports / context.board.arch).is_dir():
            add(component.span, f"`{component.name}` links a library that does not know {context.board.arch}",
                    found=f"`{folder}` for {', '.join(sorted(port.name for port in ports.iterdir()))}",
                    expected=f"a folder {folder}/arch/{context.board.arch}")
