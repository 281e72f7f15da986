"""Rules about supervisors and restart policies."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable

from ..diagnostic import Note
from ..graph import cycles
from ..model import Instance, Restart
from ..units import format_duration
from .rule import Context, rule

# The state of each child is a bit of one word; some are left for the supervisor itself.
CHILDREN_MAX = 60


@rule("E0706")
def restarts_have_a_supervisor(context: Context, add: Callable) -> None:
    """An instance with `restart` says who restarts it."""
    for i in context.instances:
        if i.restart and i.supervisor is None and context.linked.sure(i, "supervisor"):
            add(i.where("restart"), f"`{i.name}` is to be restarted, but nobody supervises it",
                suggestion=f"supervisor: {_any_supervisor(context)}")


def _any_supervisor(context: Context) -> str:
    names = [i.name for i in context.instances if i.component.supervises]
    return names[0] if names else "NAME"


@rule("E0707")
def supervisors_supervise(context: Context, add: Callable) -> None:
    """Who is named as a supervisor is of a component that says `supervises: true`."""
    for i in context.instances:
        boss = context.linked.instances.get(i.supervisor or "")
        if boss is not None and not boss.component.supervises:
            add(i.where("supervisor"), f"`{boss.name}` cannot supervise `{i.name}`",
                found=f"the component `{boss.component.name}` without `supervises: true`",
                suggestion=f"supervisor: {_any_supervisor(context)}", notes=[Note("the component", boss.component.span)])


@rule("E0708")
def hangs_are_found_by_heartbeats(context: Context, add: Callable) -> None:
    """`on: [hang]` and `heartbeat` come together."""
    for i in context.instances:
        if i.restart is None or not context.linked.sure(i, "restart"):
            continue
        if "hang" in i.restart.on and i.restart.heartbeat is None:
            add(i.restart.span, f"nobody notices when `{i.name}` hangs", expected="a heartbeat",
                suggestion="heartbeat: 100ms")
        elif "hang" not in i.restart.on and i.restart.heartbeat is not None:
            add(i.restart.span, f"`{i.name}` has a heartbeat, but `on` does not react to it", suggestion="on: [hang]")


@rule("E0709")
def restart_limits_make_sense(context: Context, add: Callable) -> None:
    """A restart policy reacts to something, its backoff does not shrink, and its limit can be reached."""
    for i in context.instances:
        policy = i.restart
        if policy is None or not context.linked.sure(i, "restart"):
            continue
        if not policy.on:
            add(policy.span, f"the restart policy of `{i.name}` reacts to nothing", suggestion="on: [fault, exit]")
        elif policy.backoff_first > policy.backoff_last:
            add(policy.span, f"the backoff of `{i.name}` shrinks", suggestion="backoff: "
                f"{format_duration(policy.backoff_last)}..{format_duration(policy.backoff_first)}")
        elif policy.limit == 0 or (policy.limit and policy.window == 0):
            add(policy.span, f"the limit of `{i.name}` allows no restart", expected="at least 1, in some time",
                suggestion="limit: 5 in 10s")
        elif policy.limit and _shortest_until_limit(policy) >= policy.window:
            add(policy.span, f"`{i.name}` can never reach its limit, so it is never given up",
                found=f"{policy.limit} restarts take {format_duration(_shortest_until_limit(policy))} of backoff",
                expected=f"a limit with more time than that, not {format_duration(policy.window)}; or limit: none")


def _shortest_until_limit(policy: Restart) -> int:
    """The backoff alone, when the component dies at once each time."""
    total, delay = 0, policy.backoff_first
    for _ in range(min(policy.limit, 64)):
        total += delay
        delay = min(delay * 2, policy.backoff_last)
    return total + max(0, policy.limit - 64) * policy.backoff_last


@rule("E0710")
def supervisors_have_few_children(context: Context, add: Callable) -> None:
    """A supervisor has at most 60 children: the state of each is a bit of one word."""
    children: dict[str, list[Instance]] = {}
    for i in context.instances:
        if i.supervisor:
            children.setdefault(i.supervisor, []).append(i)
    for name, found in children.items():
        if len(found) > CHILDREN_MAX:
            add(found[CHILDREN_MAX].where("supervisor"), f"`{name}` supervises too many instances",
                found=str(len(found)), expected=f"at most {CHILDREN_MAX}; use a second supervisor")


@rule("E0715")
def supervision_is_a_tree(context: Context, add: Callable) -> None:
    """Nobody supervises itself, directly or through others."""
    for cycle in cycles([(i.name, i.supervisor) for i in context.instances if i.supervisor]):
        first = context.linked.instances[cycle[0]]
        add(first.where("supervisor"), "these instances supervise each other", found=" -> ".join([*cycle, cycle[0]]))


@rule("E0719")
def escalations_are_heard(context: Context, add: Callable) -> None:
    """Whoever ends with an instance that is given up has a supervisor, or the system ends."""
    if context.on_failure is None or context.on_failure.component_dead != "continue":
        return
    for i in context.instances:
        boss = context.linked.instances.get(i.supervisor or "")
        if boss is None or i.restart is None or not i.restart.escalate or not context.linked.sure(i, "restart"):
            continue
        if boss.supervisor is None and context.linked.sure(boss, "supervisor"):
            add(i.restart.span, f"nobody notices when `{boss.name}` ends because of `{i.name}`", found=f"`{boss.name}` without a supervisor",
                expected="one, or `component_dead: reset` or `halt`", suggestion="on_failure: {component_dead: reset}")


@rule("E0717")
def a_hang_cannot_starve_its_supervisor(context: Context, add: Callable) -> None:
    """Who is watched for hangs is below its supervisor, or has a budget: a busy loop would keep it from acting."""
    for i in context.instances:
        boss = context.linked.instances.get(i.supervisor or "")
        if boss is None or i.restart is None or "hang" not in i.restart.on or i.budget is not None:
            continue
        if not context.linked.sure(i, "priority", "budget") or not context.linked.sure(boss, "priority"):
            continue
        highest = max(i.priority_of(thread) for thread in i.component.threads)
        if highest >= boss.priority:
            add(i.where("priority"), f"`{i.name}` could hang and keep its supervisor from running",
                found=f"`{i.name}`: {highest}, `{boss.name}`: {boss.priority}",
                expected="a supervisor above it, or a `budget` and a `period`")
