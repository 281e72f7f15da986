"""Looks up every name and makes the `System`.

A name that is not found is reported once, with all places that use it, and what hangs on it stays quiet: one
mistake makes one message. What could not be made is left out of the system; what was made from a wrong value
is in `Linked.doubts`, so that rules do not judge it.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .diagnostic import Diagnostics, Note, Span, did_you_mean
from .expand import Draft, Expansion, Group, Scope
from .model import (PAGE_BYTES, SECOND, Board, Connection, DeviceNode, Instance, MmioRange, Provide, Region, RegionUse,
                    RegionUser, Restart, Settings, Use)
from .shape import BROKEN, Record, Value, words
from .units import parse_duration

SHOWN_MAX = 8       # so many names are listed in a message


@dataclass(slots=True)
class Linked:
    """What the rules look at: the parts of the system, and where not to trust them."""

    instances: dict[str, Instance]
    connections: list[Connection]
    regions: dict[str, Region]
    doubts: set[tuple[str, str]]        # (instance, key): the value is a stand-in
    drafts: dict[str, Draft]
    missed_uses: set[tuple[str, str]] = field(default_factory=set)  # (instance, use): somebody tried to connect it
    whole: bool = True                  # False: instances or connections are missing because they were wrong

    def sure(self, instance: Instance, *keys: str) -> bool:
        return not any((instance.name, key) in self.doubts for key in keys)


def link(record: Record, expansion: Expansion, board: Board | None, settings: Settings, problems: Diagnostics) -> Linked:
    linker = _Linker(expansion, board, settings, problems)
    linker.check_exports()
    linker.bind_devices()
    linker.make_instances()
    linker.make_connections(record["defaults"])
    linker.make_regions()
    linker.unknown.report(problems)
    return linker.linked


def shortened(names: Iterable[str]) -> str:
    """The names for a message, without drowning the reader."""
    found = sorted(names)
    more = f" and {len(found) - SHOWN_MAX} more" if len(found) > SHOWN_MAX else ""
    return ", ".join(found[:SHOWN_MAX]) + more


class _Unknown:
    """Names that were not found, each reported once however often it is used."""

    def __init__(self) -> None:
        self.found: dict[tuple, tuple[str, str, list[tuple[str, Span]], list[Span]]] = {}

    def add(self, code: str, where: object, what: str, name: str, known: dict[str, Span], span: Span) -> str:
        """`known` are the names that exist, with their places. Returns the suggestion."""
        key = (code, id(where), what)
        near = did_you_mean(name, known) or (next(iter(known)) if len(known) == 1 else "")
        if key not in self.found:
            self.found[key] = what, near, sorted(known.items()), []
        self.found[key][3].append(span)
        return near

    def report(self, problems: Diagnostics) -> None:
        for (code, _, _), (what, near, known, spans) in self.found.items():
            spans = sorted(set(spans))
            notes = [Note(f"`{near}` is declared here", dict(known)[near])] if near else []
            notes += [Note("it is used here too", span) for span in spans[1:SHOWN_MAX]]
            names = shortened(name for name, _ in known)
            problems.add(code, spans[0], what, expected="" if near or not names else f"one of {names}",
                         suggestion=near, notes=notes)


class _Linker:
    def __init__(self, expansion: Expansion, board: Board | None, settings: Settings, problems: Diagnostics) -> None:
        self.expansion = expansion
        self.board = board
        self.settings = settings
        self.problems = problems
        self.unknown = _Unknown()
        drafts = {draft.name: draft for draft in expansion.drafts}
        self.linked = Linked({}, [], {}, set(), dict(sorted(drafts.items())))
        self.devices: dict[Draft, dict[str, Value]] = {draft: {} for draft in expansion.drafts}
        self.bound: dict[str, dict[str, DeviceNode]] = {}
        self.nodes = _index_nodes(board)

    # --- Names of instances and their ends ---

    def members(self, scope: Scope, name: str, span: Span) -> tuple[Draft | Group, ...] | None:
        """What a name stands for: () when it was left out by `when`, None when it is unknown or wrong."""
        if name in scope.members:
            return scope.members[name] or None
        if name in scope.removed:
            return ()
        if name not in scope.declared:
            known = {**scope.declared, **{n: members[0].record.key.span for n, members in scope.members.items() if members}}
            self.unknown.add("E0402", scope, f"there is no instance `{name}` in {scope.where}", name, known, span)
        return None

    def drafts_of(self, scope: Scope, name: str, span: Span) -> list[Draft] | None:
        """All single instances that a name stands for."""
        members = self.members(scope, name, span)
        if members is None:
            return None
        found: list[Draft] = []
        for member in members:
            found += [member] if isinstance(member, Draft) else _all_drafts(member.inside)
        return found

    def ends(self, scope: Scope, text: str, kind: str, span: Span) -> list[tuple[Draft, str]] | None:
        """The single instances and their own names for `instance.end`; kind is a field of a component."""
        instance, _, end = text.partition(".")
        members = self.members(scope, instance, span)
        if members is None:
            return None
        found: list[tuple[Draft, str]] = []
        for member in members:
            inner = self._end_of_group(member, end, kind, span) if isinstance(member, Group) else (
                self._end_of_draft(member, end, kind, span))
            if inner is None:
                return None
            found += inner
        return found

    def _end_of_draft(self, draft: Draft, end: str, kind: str, span: Span) -> list[tuple[Draft, str]] | None:
        if draft.component is None:
            return None
        known = getattr(draft.component, kind)
        if end in known:
            return [(draft, end)]
        near = self.unknown.add(
            "E0411", draft.component, f"`{draft.component.name}` {KIND_WORDS[kind]} `{end}`",
            end, {name: item.span for name, item in known.items()}, span)
        self.linked.missed_uses.update((draft.name, name) for name in ([near] if near else known))
        return None

    def _end_of_group(self, group: Group, end: str, kind: str, span: Span) -> list[tuple[Draft, str]] | None:
        exports = _exports(group, kind)
        if end in exports:
            return self.ends(group.inside, exports[end].value, kind, exports[end].span)
        if group.exports is not None and kind not in group.exports.broken:
            self.unknown.add("E0411", group.exports, f"{group.inside.where} does not export `{end}` under `{kind}`",
                             end, {name: named.span for name, named in exports.items()}, span)
        return None

    def check_exports(self) -> None:
        """An export that leads nowhere is wrong even when nobody uses it."""
        for scope in self.expansion.scopes:
            if scope.outer is not None:
                for kind in KIND_WORDS:
                    for named in _exports(scope.outer, kind).values():
                        self.ends(scope, named.value, kind, named.span)

    # --- Devices ---

    def bind_devices(self) -> None:
        for scope in self.expansion.scopes:
            seen: set[int] = set()
            for members in scope.members.values():
                for member in members:
                    if id(member) not in seen:
                        seen.add(id(member))
                        self._hand_down_devices(member)
        for draft in self.expansion.drafts:
            self.bound[draft.name] = self._bind(draft)

    def _hand_down_devices(self, member: Draft | Group) -> None:
        for named in (member.record["devices"] or {}).values():
            if isinstance(member, Draft):
                ends = self._end_of_draft(member, named.name, "devices", named.span)
            else:
                ends = self._end_of_group(member, named.name, "devices", named.span)
            for draft, device in ends or ():
                self._hand(draft, device, named)

    def _hand(self, draft: Draft, device: str, named) -> None:
        first = self.devices[draft].get(device)
        if first is not None:
            self.problems.add("E0312", named.span, f"the device `{device}` of `{draft.name}` is bound twice",
                              notes=[Note("it is bound here too", first.span)])
        self.devices[draft][device] = Value(named.value, named.place)

    def _bind(self, draft: Draft) -> dict[str, DeviceNode]:
        found: dict[str, DeviceNode] = {}
        if draft.component is None:
            return found
        broken = "devices" in draft.record.broken
        for name, use in draft.component.devices.items():
            value = self.devices[draft].get(name)
            if value is None:
                if not use.optional and not broken and (draft.name, name) not in self.linked.missed_uses:
                    self._report_unbound(draft, name, use)
                continue
            node = self._node(value) if value.value is not BROKEN else None
            if node is None:
                self.linked.doubts.add((draft.name, "devices"))
            elif self._suits(draft, use, node, value.span):
                found[name] = node
        return found

    def _report_unbound(self, draft: Draft, name: str, use) -> None:
        nodes = [node.name for node in self._suitable(use)]
        self.problems.add("E0313", draft.span, f"the device `{name}` of `{draft.name}` is not bound",
                          expected="one of " + shortened(nodes) if nodes else "a device of the board",
                          suggestion=f"devices: {{{name}: {nodes[0] if len(nodes) == 1 else 'NODE'}}}",
                          notes=[Note("the component wants it", use.span)])
        self.linked.doubts.add((draft.name, "devices"))

    def _suitable(self, use) -> list[DeviceNode]:
        """The devices of the board that could be meant."""
        nodes = self.board.nodes.values() if self.board else ()
        return [node for node in nodes if node.enabled and node.mmio and set(use.compatible) & set(node.compatible)]

    def _node(self, value: Value) -> DeviceNode | None:
        if self.board is None:
            return None
        nodes = self.nodes.get(value.value, [])
        if len(nodes) == 1:
            return nodes[0]
        if nodes:
            self.problems.add("E0306", value.span, f"several devices of the board are called `{value.value}`",
                              expected="one of " + shortened(node.name for node in nodes))
        else:
            near = did_you_mean(value.value, self.nodes)
            self.problems.add("E0305", value.span, f"the board `{self.board.name}` has no device `{value.value}`",
                              expected="" if near else "a label, a path or name@unit of its device tree", suggestion=near)
        return None

    def _is_the_kernels(self, node: DeviceNode) -> bool:
        """Whether it is on a page with the interrupt controller."""
        def pages(mmio: MmioRange) -> tuple[int, int]:
            return mmio.address // PAGE_BYTES, (mmio.end - 1) // PAGE_BYTES

        own = [pages(mmio) for mmio in self.board.interrupt_controller.mmio]
        return any(first <= last_own and first_own <= last for first, last in map(pages, node.mmio) for first_own, last_own in own)

    def _suits(self, draft: Draft, use, node: DeviceNode, span: Span) -> bool:
        if use.compatible and not set(use.compatible) & set(node.compatible):
            others = [node.name for node in self._suitable(use)]
            self.problems.add("E0307", span, f"`{node.name}` is not what `{draft.component.name}` drives",
                              found=", ".join(node.compatible), expected=" or ".join(use.compatible),
                              suggestion=others[0] if len(others) == 1 else "", notes=[Note("it is wanted here", use.span)])
            return False
        if self._is_the_kernels(node):
            self.problems.add("E0316", span, f"`{node.name}` cannot be given away: the kernel uses it",
                              found=f"registers of `{self.board.interrupt_controller.name}`", expected="another device")
            return False
        if not node.mmio or not node.enabled:
            reason = "it has no registers that the processor can reach" if node.enabled else "its status is not okay"
            self.problems.add("E0311", span, f"`{node.name}` cannot be used", found=reason)
            return False
        return True

    # --- Instances ---

    def make_instances(self) -> None:
        for draft in self.linked.drafts.values():
            if draft.component is None or draft.config_broken:
                self.linked.whole = False
            if draft.component is not None:
                self.linked.instances[draft.name] = self._instance(draft)

    def _instance(self, draft: Draft) -> Instance:
        record, component = draft.record, draft.component
        self._check_priority(draft)
        self.linked.doubts.update((draft.name, key) for key in record.broken)
        supervisor = self._supervisor(draft)
        restart = _inherited(draft, "restart")
        if restart and restart[0]["restart"].broken:
            self.linked.doubts.add((draft.name, "restart"))
        log = _inherited(draft, "log")
        core = _inherited(draft, "cpu")
        return Instance(
            name=draft.name, component=component, priority=record["priority"] or 1, budget=record["budget"],
            period=record["period"], cpu=core[0]["cpu"] if core else 0,
            log=log[0]["log"] if log else _setting(self.settings, "log_level", "info"),
            stack=record["stack"] or component.stack, config=draft.config, devices=self.bound[draft.name],
            after=self._after(draft), supervisor=supervisor,
            restart=_restart(restart[0]["restart"], restart[0].at("restart")) if restart else None, span=draft.span,
            spans=self._spans(draft))

    def _check_priority(self, draft: Draft) -> None:
        if "priority" not in draft.record and "priority" not in draft.record.broken:
            self.problems.add("E0102", draft.span, f"`priority` is missing in the instance `{draft.name}`",
                              expected="a number from 1 to 254, above its clients and below its servers",
                              suggestion="priority: 100")
            self.linked.doubts.add((draft.name, "priority"))

    def _spans(self, draft: Draft) -> dict[str, Span]:
        spans = dict(draft.record.spans)
        for key in ("supervisor", "restart", "log", "cpu"):
            found = _inherited(draft, key)
            if found:
                spans[key] = found[0].at(key)
        spans.update((f"config.{name}", value.span) for name, value in draft.config.items())
        spans.update((f"devices.{name}", value.span) for name, value in self.devices[draft].items())
        return spans

    def _supervisor(self, draft: Draft) -> str | None:
        found = _inherited(draft, "supervisor")
        if not found:
            return None
        record, scope = found
        span = record.at("supervisor")
        drafts = self.drafts_of(scope, record["supervisor"], span)
        if drafts == []:
            self.problems.add("E0415", span, f"the supervisor `{record['supervisor']}` of `{draft.name}` was left out "
                              "by its `when`")
        elif drafts is not None and len(drafts) > 1:
            self.problems.add("E0413", span, f"`{record['supervisor']}` stands for {len(drafts)} instances",
                              expected=f"one of {shortened(d.name for d in drafts)}")
        elif drafts:
            return drafts[0].name
        self.linked.doubts.add((draft.name, "supervisor"))
        return None

    def _after(self, draft: Draft) -> tuple[str, ...]:
        names: set[str] = set()
        level: Draft | Group | None = draft
        while level is not None:
            for value in level.record["after"] or ():
                drafts = self.drafts_of(level.scope, value.value, value.span)
                names.update(d.name for d in drafts or ())
            level = level.outer if isinstance(level, Draft) else level.scope.outer
        return tuple(sorted(names))

    # --- Connections ---

    def make_connections(self, defaults: Record | None) -> None:
        default = _setting(self.settings, "default_timeout", SECOND)
        if defaults is not None and "timeout" in defaults:
            default = defaults["timeout"]
        for scope in self.expansion.scopes:
            if scope.connections_broken:
                self.linked.whole = False
            for value in scope.connections:
                self._connect(scope, value, default)
        self.linked.connections.sort(key=lambda c: c.name)

    def _connect(self, scope: Scope, value: Value, default: int | None) -> None:
        record = value.value if isinstance(value.value, Record) else None
        if record is not None and not record["when"]:
            return
        parts = _parts(value)
        if parts is None:
            self.linked.whole = False
            return
        (user_text, user_span), (provider_text, provider_span) = parts
        users = self.ends(scope, user_text, "uses", user_span)
        providers = self.ends(scope, provider_text, "provides", provider_span)
        if users is None or providers is None:
            self._note_missed(scope, users, user_text)
            return
        timeout = record["timeout"] if record is not None and "timeout" in record else default
        for user, provider in self._pairs(users, providers, value.span, provider_text, user_text):
            self._add_connection(user, provider, timeout, value.span)

    def _note_missed(self, scope: Scope, users: list[tuple[Draft, str]] | None, text: str) -> None:
        """A connection that failed was meant for some use: that one is not called unconnected as well."""
        if users is not None:
            self.linked.missed_uses.update((draft.name, end) for draft, end in users)
            return
        instance, _, end = text.partition(".")
        near = did_you_mean(instance, scope.declared) if instance not in scope.declared else instance
        for draft in self.expansion.drafts:
            if draft.component and end in draft.component.uses and near in ("", draft.record.key.name):
                self.linked.missed_uses.add((draft.name, end))

    def _pairs(self, users: list, providers: list, span: Span, to: str, by: str) -> list[tuple]:
        """Fan-out: each copy of the user to the one provider, or copy by copy when both have as many."""
        if not users:
            return []
        if not providers:
            self._left_out(users, to, span)
            return []
        if len(providers) == 1:
            return [(user, providers[0]) for user in users]
        if len(users) == len(providers):
            return list(zip(users, providers))
        self.problems.add("E0413", span, f"`{to}` stands for {len(providers)} instances, `{by}` for {len(users)}",
                          expected="one provider, or as many as there are users",
                          suggestion=f"{by} -> {providers[0][0].name}.{providers[0][1]}")
        self.linked.missed_uses.update((draft.name, end) for draft, end in users)
        return []

    def _left_out(self, users: list[tuple[Draft, str]], to: str, span: Span) -> None:
        mandatory = [(draft, end) for draft, end in users if not draft.component.uses[end].optional]
        if mandatory:
            draft, end = mandatory[0]
            self.problems.add("E0415", span, f"`{draft.name}` must use `{to}`, which was left out by its `when`",
                              expected=f"`{end}` optional in `{draft.component.name}`, or the same `when` for both",
                              notes=[Note("the use is declared here", draft.component.uses[end].span)])
            self.linked.missed_uses.update((d.name, e) for d, e in mandatory)

    def _add_connection(self, user: tuple[Draft, str], provider: tuple[Draft, str], timeout: int | None, span: Span) -> None:
        user_instance, provider_instance = (self.linked.instances[end[0].name] for end in (user, provider))
        use: Use = user_instance.component.uses[user[1]]
        provide: Provide = provider_instance.component.provides[provider[1]]
        name = f"{user_instance.name}.{use.name}"
        self.linked.connections.append(
            Connection(name, user_instance, use, provider_instance, provide, timeout, span))

    # --- Regions ---

    def make_regions(self) -> None:
        for scope in self.expansion.scopes:
            for named in scope.regions:
                record: Record = named.value
                users = [user for item in (record["users"] or {}).values() for user in self._region_users(scope, named.name, item)]
                users.sort(key=lambda user: (user.instance.name, user.use.name))
                name = scope.prefix + named.name
                if record.broken:
                    self.linked.whole = False
                self.linked.regions[name] = Region(name, record["size"] or 0, record["persistent"], tuple(users), named.span)
        self.linked.regions = dict(sorted(self.linked.regions.items()))

    def _region_users(self, scope: Scope, region: str, item) -> list[RegionUser]:
        text = item.name if "." in item.name else f"{item.name}.{region}"
        ends = self.ends(scope, text, "regions", item.span)
        found = []
        for draft, end in ends or ():
            use: RegionUse = draft.component.regions[end]
            rights = use.rights if item.value is BROKEN else item.value
            if use.rights == "r" and rights == "rw":
                self.problems.add("E0420", item.span, f"`{draft.name}` is given more than it asks for",
                                  found=f"rw for `{end}`", expected="r", suggestion="r",
                                  notes=[Note("it asks here", use.span)])
            found.append(RegionUser(self.linked.instances[draft.name], use, rights, item.span))
        if ends is None:
            self.linked.missed_uses.update((d.name, end) for d in self.drafts_of(scope, text.partition(".")[0], item.span) or ()
                                           for end in (d.component.regions if d.component else ()))
        return found


KIND_WORDS = {"uses": "has no use", "provides": "does not provide", "devices": "has no device", "regions": "has no region"}


def _index_nodes(board: Board | None) -> dict[str, list[DeviceNode]]:
    """The nodes by all that a description may call them; a compatible string only if nothing else is called so."""
    found: dict[str, list[DeviceNode]] = {}
    for node in board.nodes.values() if board else ():
        for word in {node.path, node.name, *node.labels}:
            found.setdefault(word, []).append(node)
    compatible: dict[str, list[DeviceNode]] = {}
    for node in board.nodes.values() if board else ():
        for word in node.compatible:
            compatible.setdefault(word, []).append(node)
    return {**compatible, **found}


def _all_drafts(scope: Scope) -> list[Draft]:
    found: list[Draft] = []
    for members in {id(m): m for group in scope.members.values() for m in group}.values():
        found += [members] if isinstance(members, Draft) else _all_drafts(members.inside)
    return found


def _exports(group: Group, kind: str) -> dict:
    if group.exports is None:
        return {}
    return {name: named for name, named in (group.exports[kind] or {}).items() if named.value is not BROKEN}


def _inherited(draft: Draft, key: str) -> tuple[Record, Scope] | None:
    """Who says it: the instance, or the nearest compound around it that does."""
    level: Draft | Group | None = draft
    while level is not None:
        if key in level.record:
            return level.record, level.scope
        level = level.outer if isinstance(level, Draft) else level.scope.outer
    return None


def _setting(settings: Settings, name: str, default):
    """A setting that is broken was reported; the default only keeps the other passes going."""
    return settings[name] if name in settings.all else default


def _restart(record: Record, span: Span) -> Restart:
    count, _, window = record["limit"].partition(" in ")
    first, _, last = record["backoff"].partition("..")
    reasons = words(record["on"])
    return Restart(tuple(reason for reason in ("fault", "exit", "hang") if reason in reasons),
                   int(count) if window else None, parse_duration(window) or 0, parse_duration(first),
                   parse_duration(last or first), record["heartbeat"], span)


def _parts(value: Value) -> tuple[tuple[str, Span], tuple[str, Span]] | None:
    """The two ends of a connection and their places."""
    if isinstance(value.value, Record):
        record = value.value
        if "from" not in record or "to" not in record:
            return None
        return (record["from"], record.at("from")), (record["to"], record.at("to"))
    text, span = value.value, value.span
    left, _, right = text.partition("->")
    if span.line != span.end_line or span.end_column - span.column != len(text):
        return (left.strip(), span), (right.strip(), span)      # quoted or computed: columns do not fit
    first = span._replace(end_column=span.column + len(left.rstrip()))
    second = span._replace(column=span.end_column - len(right.lstrip()))
    return (left.strip(), first), (right.strip(), second)


