"""The rules about a whole system, each a function with its code; its first line says what must hold.

All rules run, and none judges a value that was already reported as wrong (`Linked.doubts`, `Linked.whole`).
A rule reports and changes nothing.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .c_names import check_names
from .diagnostic import Diagnostics, Note, Span, did_you_mean
from .graph import cycles
from .link import Linked, shortened
from .model import PAGE_BYTES, Board, ComponentType, Connection, Instance, Settings
from .units import format_duration, format_size

# The supervisor keeps a state for each child in one word of bits, with room left for its own.
CHILDREN_MAX = 60
NOTIFICATION_BITS = 64
PRIORITY_MIN, PRIORITY_MAX = 1, 254


@dataclass(frozen=True, slots=True)
class Context:
    root: Path
    linked: Linked
    board: Board | None
    settings: Settings
    words: dict[str, set[str] | None] = field(default_factory=dict)     # of the code, by folder

    @property
    def instances(self) -> Iterable[Instance]:
        return self.linked.instances.values()

    def components(self) -> list[ComponentType]:
        return sorted({i.component for i in self.instances}, key=lambda c: c.name)

    def config_words(self, component: ComponentType) -> set[str] | None:
        """The CONFIG_ macros that its code reads; None: it has no code."""
        if component.folder not in self.words:
            self.words[component.folder] = _config_words(self.root / component.folder)
        return self.words[component.folder]


Rule = Callable[[Context, Callable], None]
RULES: list[tuple[str, Rule]] = []


def rule(code: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        RULES.append((code, function))
        return function
    return register


def check(context: Context, problems: Diagnostics) -> None:
    for code, function in RULES:
        function(context, partial(problems.add, code))
    check_names([(i.name, i.span) for i in context.instances], problems)
    check_names([(r.name, r.span) for r in context.linked.regions.values()], problems)


# --- Connections -------------------------------------------------------------------------------------

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


def _report_unconnected(context: Context, instance: Instance, use, add: Callable) -> None:
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
    groups = [set(cycle) for cycle in _call_cycles(context)]
    return {c for c in _calls(context) for group in groups if c.user.name in group and c.provider.name in group}


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


# --- Instances ---------------------------------------------------------------------------------------

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


@rule("E0705")
def budgets_fit_their_periods(context: Context, add: Callable) -> None:
    """`budget` and `period` come together, and the budget is not above the period."""
    for i in context.instances:
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
        if context.board and i.cpu >= max(1, context.board.cores):
            add(i.where("cpu"), f"the board `{context.board.name}` has no core {i.cpu}",
                expected=f"one of {max(1, context.board.cores)}, counted from 0")


@rule("E0716")
def starting_has_no_cycle(context: Context, add: Callable) -> None:
    """No instance waits for itself to be ready, directly or through others."""
    for cycle in cycles([(i.name, other) for i in context.instances for other in i.after]):
        first = context.linked.instances[cycle[0]]
        add(first.where("after"), "these instances wait for each other to be ready",
            found=" -> ".join([*cycle, cycle[0]]), expected="one of them without its `after`")


# --- Supervision -------------------------------------------------------------------------------------

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


def _shortest_until_limit(policy) -> int:
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


# --- Devices and memory ------------------------------------------------------------------------------

@rule("E0308")
def devices_have_one_owner(context: Context, add: Callable) -> None:
    """A device is given to one instance."""
    owner: dict[str, tuple[Instance, str]] = {}
    for i, device, node in _bindings(context):
        first = owner.setdefault(node.path, (i, device))
        if first != (i, device):
            replicas = ", replicas of one driver" if first[0].span == i.span else ""
            add(i.where(f"devices.{device}"), f"`{node.name}` is given to two owners",
                found=f"`{first[0].name}` and `{i.name}`{replicas}",
                notes=[Note("the first owner", first[0].where(f"devices.{first[1]}"))])


@rule("E0309")
def interrupts_have_one_owner(context: Context, add: Callable) -> None:
    """An interrupt is given to one instance."""
    owner: dict[int, tuple[str, Instance, Span]] = {}
    for i, device, node in _bindings(context):
        for interrupt in node.interrupts:
            path, other, span = owner.setdefault(interrupt.number, (node.path, i, i.where(f"devices.{device}")))
            if path != node.path and other is not i:
                add(i.where(f"devices.{device}"), f"`{node.name}` shares an interrupt with a device of `{other.name}`",
                    found=f"interrupt {interrupt.number}", expected="both devices in one instance",
                    notes=[Note("the other device", span)])


@rule("E0310")
def pages_have_one_owner(context: Context, add: Callable) -> None:
    """Registers on one page of memory go to one instance: the page is the unit of protection."""
    owner: dict[int, tuple[str, Instance, Span]] = {}
    for i, device, node in _bindings(context):
        clash = None
        for page in _pages(node):
            path, other, span = owner.setdefault(page, (node.path, i, i.where(f"devices.{device}")))
            if path != node.path and other is not i:
                clash = clash or (page, other, span, path)
        if clash:
            page, other, span, path = clash
            add(i.where(f"devices.{device}"), f"`{node.name}` lies on one page with a device of `{other.name}`",
                found=f"`{path}` is on the page at {page * PAGE_BYTES:#x} too", expected="devices on different pages",
                notes=[Note("the other device", span)])


def _bindings(context: Context):
    for i in context.instances:
        for device in sorted(i.devices):
            yield i, device, i.devices[device]


def _pages(node) -> Iterable[int]:
    """Page numbers of the registers; a huge range is one driver's anyway, and its first pages stand for it."""
    for mmio in node.mmio:
        first = mmio.address // PAGE_BYTES
        yield from range(first, min((mmio.end - 1) // PAGE_BYTES, first + 4096) + 1)


@rule("E0314")
def dma_goes_with_a_device_that_does_it(context: Context, add: Callable) -> None:
    """A driver with DMA memory drives a device that can use it."""
    for i in context.instances:
        if i.component.dma and i.devices and not any(node.dma for node in i.devices.values()):
            name = next(iter(i.component.dma))
            device = next(iter(i.devices))
            add(i.where(f"devices.{device}"), f"`{i.name}` has DMA memory, but none of its devices does DMA",
                found=", ".join(f"`{node.name}`" for node in i.devices.values()),
                notes=[Note(f"the memory `{name}`", i.component.dma[name].span)])


@rule("E0315")
def quiesce_writes_hit_the_device(context: Context, add: Callable) -> None:
    """A quiesce step writes within the registers of its device."""
    for i in context.instances:
        for step in i.component.quiesce:
            node = i.devices.get(step.device)
            if node is not None and step.offset + step.width > node.mmio[0].bytes:
                add(step.span, f"a quiesce step writes behind the registers of `{node.name}`",
                    found=f"{step.width} bytes at {step.offset:#x}", expected=f"below {node.mmio[0].bytes:#x}",
                    notes=[Note("bound here", i.where(f"devices.{step.device}"))])


@rule("E0419")
def mandatory_regions_are_bound(context: Context, add: Callable) -> None:
    """A region that a component expects is bound by the system."""
    bound = {(user.instance.name, user.use.name) for region in context.linked.regions.values() for user in region.users}
    for i in context.instances:
        for use in i.component.regions.values():
            if not use.optional and (i.name, use.name) not in bound | context.linked.missed_uses:
                near = did_you_mean(use.name, context.linked.regions)
                add(i.span, f"`{i.name}` expects a region `{use.name}`, and none is bound",
                    suggestion=f"regions: {{{near or use.name}: {{size: 4KiB, users: {{{i.name}.{use.name}: {use.rights}}}}}}}",
                    notes=[Note("it is expected here", use.span)])


@rule("E0421")
def regions_are_bound_once(context: Context, add: Callable) -> None:
    """One region stands behind each region of a component."""
    first: dict[tuple[str, str], Span] = {}
    users = [user for region in context.linked.regions.values() for user in region.users]
    for user in sorted(users, key=lambda user: user.span):
        span = first.setdefault((user.instance.name, user.use.name), user.span)
        if span != user.span:
            add(user.span, f"the region `{user.use.name}` of `{user.instance.name}` is bound twice",
                notes=[Note("first bound here", span)])


@rule("E0422")
def regions_have_a_writer_and_a_user(context: Context, add: Callable) -> None:
    """Somebody uses a region, and unless it is persistent somebody writes it."""
    if not context.linked.whole:
        return
    for region in context.linked.regions.values():
        if not region.users and not context.linked.drafts.keys() - context.linked.instances.keys():
            if not context.linked.missed_uses:
                add(region.span, f"nobody uses the region `{region.name}`", expected="at least one of its users in the system")
        elif region.users and all(user.rights == "r" for user in region.users):
            add(region.span, f"nobody writes the region `{region.name}`", expected="one user with rw")


@rule("E0718")
def memory_fits_the_board(context: Context, add: Callable) -> None:
    """What stacks, heaps, DMA and regions need together is there."""
    if context.board is None:
        return
    needs = {i.name: _memory_of(i) for i in context.instances} | {
        region.name: region.bytes for region in context.linked.regions.values()}
    total = sum(needs.values())
    if total > context.board.memory:
        name = max(sorted(needs), key=lambda name: needs[name])
        holder = context.linked.instances.get(name) or context.linked.regions[name]
        add(holder.span, f"the system does not fit in the memory of `{context.board.name}`",
            found=f"{_shown_size(total)} of stacks, heaps, DMA memory and regions; `{name}` needs {_shown_size(needs[name])}",
            expected=f"at most {format_size(context.board.memory)}")


def _memory_of(i: Instance) -> int:
    return (i.component.heap + sum(i.stack_of(thread) for thread in i.component.threads)
            + sum(dma.bytes for dma in i.component.dma.values()))


def _shown_size(value: int) -> str:
    return f"{value / (1 << 20):.1f}MiB"


# --- Component folders -------------------------------------------------------------------------------

@rule("E0609")
def attributes_are_read(context: Context, add: Callable) -> None:
    """An attribute is read by the code: one that nobody reads misleads whoever sets it."""
    for component in context.components():
        read = context.config_words(component)
        meant = {did_you_mean(name, component.attributes) for name in _undeclared(component, read or set())}
        for attribute in component.attributes.values() if read is not None else ():
            macro = f"CONFIG_{attribute.name.upper()}"
            if attribute.name not in meant and not any(word == macro or word.startswith(f"{macro}_") for word in read):
                add(attribute.span, f"no source of `{component.name}` reads the attribute `{attribute.name}`",
                    expected=f"{macro} in its sources")


@rule("E0610")
def what_the_code_reads_is_an_attribute(context: Context, add: Callable) -> None:
    """Each CONFIG_ macro of the code is an attribute: otherwise the compiler would complain about a generated name."""
    for component in context.components():
        for name in _undeclared(component, context.config_words(component) or set()):
            near = did_you_mean(name, component.attributes)
            add(component.attributes[near].span if near else component.span,
                f"the code of `{component.name}` reads CONFIG_{name.upper()}, but no attribute is called `{name}`",
                suggestion=name if near else f"attributes: {{{name}: {{type: u32, default: 0}}}}")


def _undeclared(component: ComponentType, words: set[str]) -> list[str]:
    """The names of attributes that the code reads and the component does not have."""
    macros = {f"CONFIG_{name.upper()}" for name in component.attributes} | CONFIG_ALWAYS
    return sorted(word.removeprefix("CONFIG_").lower() for word in words
                  if word not in macros and not any(word.startswith(f"{macro}_") for macro in macros))


# In every config.h.
CONFIG_ALWAYS = {"CONFIG_LOG_LEVEL"}
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def _config_words(folder: Path) -> set[str] | None:
    """The CONFIG_ macros that the sources of a component use and do not define; None: there are no sources."""
    text = "".join(_text(path) for path in sorted(folder.rglob("*.[chS]")))
    if not text:
        return None
    if "CONFIG_" not in text:
        return set()
    code = NOT_CODE.sub(" ", text)
    return set(re.findall(r"\bCONFIG_[A-Z0-9_]+", code)) - set(re.findall(r"#\s*define\s+(CONFIG_[A-Z0-9_]+)", code))


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
