"""Looks up every name and makes the `System`.

A name that is not found is reported once, with all places that use it, and what hangs on it stays quiet: one
mistake makes one message. What could not be made is left out of the system; what was made from a wrong value
is in `Linked.doubts`, so that rules do not judge it.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from dataclasses import dataclass, field

from .bind import Devices
from .diagnostic import Diagnostics, Note, Span, did_you_mean
from .expand import Draft, Expansion, Group, Scope
from .model import (RESTART_CAUSES, SECOND, Board, Connection, Guest, Instance, Provide, Region, RegionUse, RegionUser, Restart, Settings, Use)
from .names import Names, shortened
from .shape import BROKEN, Named, Record, Value, words
from .units import parse_duration

@dataclass(slots=True)
class Linked:
    """What the rules look at: the parts of the system, and where not to trust them."""

    instances: dict[str, Instance]
    connections: list[Connection]
    regions: dict[str, Region]
    doubts: set[tuple[str, str]]        # (instance, key): the value is a stand-in
    drafts: dict[str, Draft]
    missed_uses: set[tuple[str, str]]   # (instance, use): somebody tried to connect it
    whole: bool = True                  # False: instances, connections or guests are missing because they were wrong
    guests: dict[str, Guest] = field(default_factory=dict)

    def sure(self, instance: Instance | Guest, *keys: str) -> bool:
        return not any((instance.name, key) in self.doubts for key in keys)


def link(record: Record, expansion: Expansion, board: Board | None, settings: Settings, problems: Diagnostics, app: str = "") -> Linked:
    names = Names()
    names.check_exports(expansion.scopes)
    devices = Devices(board, names, expansion, problems)
    devices.bind(expansion)
    linker = _Linker(expansion, names, devices, settings, problems, app)
    linker.make_instances()
    linker.make_connections(record["defaults"])
    linker.make_regions()
    linker.make_guests(record)
    names.unknown.report(problems)
    return linker.linked


class _Linker:
    def __init__(self, expansion: Expansion, names: Names, devices: Devices, settings: Settings,
                 problems: Diagnostics, app: str) -> None:
        self.app = app
        self.expansion = expansion
        self.names = names
        self.devices = devices
        self.settings = settings
        self.problems = problems
        drafts = {draft.name: draft for draft in expansion.drafts}
        doubts = {(name, "devices") for name in devices.doubtful}
        self.buses: dict[str, set[str]] = {}     # by the path of a PCI host: who drives it
        for name, bound in devices.bound.items():
            for node in bound.values():
                if node.pci:
                    self.buses.setdefault(node.path, set()).add(name)
        self.placed = 0
        self.linked = Linked({}, [], {}, doubts, dict(sorted(drafts.items())), names.missed_uses)

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
            period=record["period"], cpu=core[0]["cpu"] if core else self._next_core(),
            log=log[0]["log"] if log else _setting(self.settings, "log_level", "info"),
            stack=record["stack"] or component.stack, config=draft.config, devices=self.devices.bound[draft.name],
            after=self._after(draft), supervisor=supervisor,
            restart=_restart(restart[0]["restart"], restart[0].at("restart")) if restart else None, span=draft.span,
            spans=self._spans(draft))

    def _next_core(self) -> int:
        """Instances that name no core take turns, in the order of their names."""
        core = self.placed % _setting(self.settings, "spread", 1)
        self.placed += 1
        return core

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
        spans.update((f"devices.{name}", value.span) for name, value in self.devices.given[draft].items())
        return spans

    def _supervisor(self, draft: Draft) -> str | None:
        found = _inherited(draft, "supervisor")
        if not found:
            return None
        record, scope = found
        span = record.at("supervisor")
        drafts = self.names.drafts_of(scope, record["supervisor"], span)
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
                drafts = self.names.drafts_of(level.scope, value.value, value.span)
                names.update(d.name for d in drafts or ())
            level = level.outer if isinstance(level, Draft) else level.scope.outer
        return tuple(sorted(names | self._buses_of(draft)))

    def _buses_of(self, draft: Draft) -> set[str]:
        """A PCI function is there when the instance that drives its host is ready."""
        hosts = {node.function.host for node in self.devices.bound[draft.name].values() if node.function}
        return set().union(*(self.buses.get(host, set()) for host in hosts))

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
        users = self.names.ends(scope, user_text, "uses", user_span)
        providers = self.names.ends(scope, provider_text, "provides", provider_span)
        if users is None or providers is None:
            self._note_missed(scope, users, user_text)
            return
        timeout = record["timeout"] if record is not None and "timeout" in record else default
        for user, provider in self._pairs(users, providers, value.span, provider_text, user_text):
            self._add_connection(user, provider, timeout, value.span)

    def _note_missed(self, scope: Scope, users: list[tuple[Draft, str]] | None, text: str) -> None:
        """A connection that failed was meant for some use: that one is not called unconnected as well."""
        if users is not None:
            self.names.missed_uses.update((draft.name, end) for draft, end in users)
            return
        instance, _, end = text.partition(".")
        near = did_you_mean(instance, scope.declared) if instance not in scope.declared else instance
        for draft in self.expansion.drafts:
            if draft.component and end in draft.component.uses and near in ("", draft.record.key.name):
                self.names.missed_uses.add((draft.name, end))

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
        self.names.missed_uses.update((draft.name, end) for draft, end in users)
        return []

    def _left_out(self, users: list[tuple[Draft, str]], to: str, span: Span) -> None:
        mandatory = [(draft, end) for draft, end in users if not draft.component.uses[end].optional]
        if mandatory:
            draft, end = mandatory[0]
            self.problems.add("E0415", span, f"`{draft.name}` must use `{to}`, which was left out by its `when`",
                              expected=f"`{end}` optional in `{draft.component.name}`, or the same `when` for both",
                              notes=[Note("the use is declared here", draft.component.uses[end].span)])
            self.names.missed_uses.update((d.name, e) for d, e in mandatory)

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
                users = [user for item in (record["users"] or {}).values()
                         for user in self._region_users(scope, named.name, item)]
                users.sort(key=lambda user: (user.instance.name, user.use.name))
                name = scope.prefix + named.name
                if record.broken:
                    self.linked.whole = False
                self.linked.regions[name] = Region(name, record["size"] or 0, record["persistent"], tuple(users), named.span)
        self.linked.regions = dict(sorted(self.linked.regions.items()))

    def _region_users(self, scope: Scope, region: str, item: Named) -> list[RegionUser]:
        text = item.name if "." in item.name else f"{item.name}.{region}"
        ends = self.names.ends(scope, text, "regions", item.span)
        if ends is None:
            self._note_missed_regions(scope, text.partition(".")[0], item.span)
        found = []
        for draft, end in ends or ():
            use: RegionUse = draft.component.regions[end]
            rights = use.rights if item.value is BROKEN else item.value
            if use.rights == "r" and rights == "rw":
                self.problems.add("E0420", item.span, f"`{draft.name}` is given more than it asks for",
                                  found=f"rw for `{end}`", expected="r", suggestion="r",
                                  notes=[Note("it asks here", use.span)])
            found.append(RegionUser(self.linked.instances[draft.name], use, rights, item.span))
        return found

    def _note_missed_regions(self, scope: Scope, name: str, span: Span) -> None:
        """A binding that failed was meant for one of the instance's regions: none is called unbound as well."""
        for draft in self.names.drafts_of(scope, name, span) or ():
            if draft.component is not None:
                self.names.missed_uses.update((draft.name, end) for end in draft.component.regions)


    # --- Guests ---

    def make_guests(self, record: Record) -> None:
        if "guests" in record.broken:
            self.linked.whole = False
        for named in sorted((record["guests"] or {}).values(), key=lambda named: named.name):
            guest = None if named.value is BROKEN or named.value.broken else self._guest(named.name, named.value)
            if guest is None:
                self.linked.whole = False
            else:
                self.linked.guests[guest.name] = guest

    def _guest(self, name: str, record: Record) -> Guest | None:
        drafts = self.names.drafts_of(self.expansion.top, record["vmm"], record.at("vmm"))
        if drafts == []:
            self.problems.add("E0415", record.at("vmm"), f"the instance `{record['vmm']}`, which handles `{name}`, was left out by its `when`")
        elif drafts is not None and len(drafts) > 1:
            self.problems.add("E0413", record.at("vmm"), f"`{record['vmm']}` stands for {len(drafts)} instances",
                              expected=f"one of {shortened(d.name for d in drafts)}")
        elif drafts and drafts[0].name in self.linked.instances:
            return Guest(name, self.linked.instances[drafts[0].name], record["memory"], record["vcpus"], record["priority"],
                         record["budget"], record["period"], record.key.span, dict(record.spans),
                         (record["kernel"] or "").removeprefix("debian:") or None,
                         f"apps/{self.app}/{record['initrd']}" if record["initrd"] else None, record["cmdline"])
        return None


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


# Without a limit the backoff begins anew when nothing failed for so long.
UNLIMITED_WINDOW = 10 * SECOND


def _restart(record: Record, span: Span) -> Restart:
    count, _, window = record["limit"].partition(" in ")
    first, _, last = record["backoff"].partition("..")
    reasons = words(record["on"])
    return Restart(tuple(reason for reason in RESTART_CAUSES if reason in reasons),
                   int(count) if window else None, parse_duration(window) or 0 if window else UNLIMITED_WINDOW, parse_duration(first),
                   parse_duration(last or first), record["heartbeat"], span, record["escalate"])


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


