"""Rules about connections and the calls over them."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable

from ..diagnostic import Note, Span
from ..graph import cycles
from ..names import shortened
from ..model import Connection, Instance, Use
from ..units import format_duration
from .rule import Context, rule


@rule("E0702")
def types_of_connections(context: Context, add: Callable) -> None:
    """A use is connected to the interface that it was written for."""
    for c in context.linked.connections:
        known = c.use.interface.version and c.provide.interface.version
        if known and c.use.interface is not c.provide.interface:
            fitting = [p.name for p in c.provider.component.provides.values() if p.interface is c.use.interface]
            add(c.span, f"`{c.name}` uses {c.use.interface.name}, but `{c.provider.name}.{c.provide.name}` provides "
                f"{c.provide.interface.name}", suggestion=f"{c.name} -> {c.provider.name}.{fitting[0]}" if fitting else "",
                notes=[Note("used here", c.use.span), Note("provided here", c.provide.span)])


@rule("E0412")
def one_connection_for_a_use(context: Context, add: Callable) -> None:
    """A use is connected once."""
    first: dict[str, Connection] = {}
    for c in sorted(context.linked.connections, key=lambda c: (c.name, c.span)):
        if c.name not in first:
            first[c.name] = c
        elif c.span != first[c.name].span:
            add(c.span, f"`{c.name}` is connected twice", notes=[Note("the first connection", first[c.name].span)])


@rule("E0414")
def mandatory_uses_are_connected(context: Context, add: Callable) -> None:
    """A use that is not optional is connected."""
    connected = {c.name for c in context.linked.connections}
    for scope_draft in context.linked.drafts.values():
        instance = context.linked.instances.get(scope_draft.name)
        if instance is None or scope_draft.scope.connections_broken:
            continue
        for use in instance.component.uses.values():
            if use.optional or f"{instance.name}.{use.name}" in connected:
                continue
            if (instance.name, use.name) not in context.linked.missed_uses:
                _report_unconnected(context, instance, use, add)


def _report_unconnected(context: Context, instance: Instance, use: Use, add: Callable) -> None:
    offers = [f"{other.name}.{p.name}" for other in context.instances for p in other.component.provides.values()
              if p.interface is use.interface and other is not instance]
    add(instance.span, f"`{instance.name}` must be connected to an interface {use.interface.name}, as `{use.name}`",
        expected=f"one of {shortened(offers)}" if len(offers) > 1 else "",
        suggestion=f"{instance.name}.{use.name} -> {offers[0] if offers else 'PROVIDER.' + use.name}",
        notes=[Note("the use is declared here", use.span)])


@rule("E0703")
def calls_go_upwards(context: Context, add: Callable) -> None:
    """A server's thread is above every thread of its clients, so that a client never waits for a lower priority."""
    within = _calls_within_cycles(context)
    for c in _calls(context):
        if not context.linked.sure(c.user, "priority") or not context.linked.sure(c.provider, "priority"):
            continue
        highest = max(c.user.component.threads, key=c.user.priority_of)
        if c.provider.priority_of(c.provide.thread) <= c.user.priority_of(highest) and c not in within:
            _report_downward(c, highest, add)


def _report_downward(c: Connection, highest: str, add: Callable) -> None:
    server, client = c.provider.priority_of(c.provide.thread), c.user.priority_of(highest)
    relation = "equal" if server == client else "lower"
    add(c.span, f"`{c.user.name}` calls `{c.provider.name}`, which has {relation} priority",
        found=f"`{c.user.name}`: {client} (thread {highest}), `{c.provider.name}`: {server} (thread {c.provide.thread})",
        expected=f"the server above {client}",
        notes=[Note(f"the priority of `{c.provider.name}`", c.provider.where("priority")),
               Note(f"the priority of `{c.user.name}`", c.user.where("priority"))])


@rule("E0704")
def calls_have_no_cycle(context: Context, add: Callable) -> None:
    """No instance calls itself, directly or through others: all of them would wait for ever."""
    for cycle in _call_cycles(context):
        connections = [c for c in _calls(context) if c.user.name in cycle and c.provider.name in cycle]
        first = min(connections, key=lambda c: c.span)
        add(first.span, "these calls form a circle", found=" -> ".join([*cycle, cycle[0]]),
            expected="an event for the way back",
            notes=[Note("part of the circle", c.span) for c in sorted(connections, key=lambda c: c.span) if c is not first])


def _calls(context: Context) -> list[Connection]:
    """The connections over which something can be called."""
    return [c for c in context.linked.connections if c.use.interface.methods]


def _call_cycles(context: Context) -> list[tuple[str, ...]]:
    return cycles([(c.user.name, c.provider.name) for c in _calls(context)])


def _calls_within_cycles(context: Context) -> set[Connection]:
    group = {name: number for number, cycle in enumerate(_call_cycles(context)) for name in cycle}
    return {c for c in _calls(context) if c.user.name in group and group[c.user.name] == group.get(c.provider.name)}


@rule("E0712")
def timeouts_are_not_below_the_granularity(context: Context, add: Callable) -> None:
    """A timeout is at least one step of the kernel's timeout clock."""
    if "timeout_granularity" not in context.settings.all:
        return
    step = context.settings["timeout_granularity"]
    reported: set[Span] = set()
    for c in context.linked.connections:
        if c.timeout is not None and c.timeout < step and c.span not in reported:
            reported.add(c.span)
            add(c.span, f"the timeout of `{c.name}` is shorter than the kernel can tell apart",
                found=format_duration(c.timeout), expected=f"at least `timeout_granularity`, {format_duration(step)}",
                suggestion=f"timeout: {format_duration(step)}")


@rule("E0713")
def servers_have_room_for_their_clients(context: Context, add: Callable) -> None:
    """A provide has at most as many clients as its component says."""
    served: dict[tuple[str, str], list[Connection]] = {}
    for c in context.linked.connections:
        served.setdefault((c.provider.name, c.provide.name), []).append(c)
    for (name, provide), connections in served.items():
        most = connections[0].provide.clients
        if most is not None and len(connections) > most:
            add(connections[most].span, f"`{name}.{provide}` has more clients than it serves",
                found=f"{len(connections)}: {shortened(c.user.name for c in connections)}", expected=f"at most {most}",
                notes=[Note("the limit stands here", connections[0].provide.span)])
