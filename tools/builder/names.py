"""What names in a description stand for: instances, and their uses, provides, devices and regions."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterable

from .diagnostic import Diagnostics, Note, Span, did_you_mean
from .expand import Draft, Group, Scope
from .shape import BROKEN, Named

SHOWN_MAX = 8       # so many names are listed in a message


def shortened(names: Iterable[str]) -> str:
    """The names for a message, without drowning the reader."""
    found = sorted(names)
    more = f" and {len(found) - SHOWN_MAX} more" if len(found) > SHOWN_MAX else ""
    return ", ".join(found[:SHOWN_MAX]) + more


class Unknown:
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


class Names:
    """Looks names up in scopes. What is not found is kept in `unknown`, to be reported once at the end."""

    def __init__(self) -> None:
        self.unknown = Unknown()
        self.missed_uses: set[tuple[str, str]] = set()      # (instance, end): somebody tried to connect or bind it

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
            inner = self.end_of_group(member, end, kind, span) if isinstance(member, Group) else (
                self.end_of_draft(member, end, kind, span))
            if inner is None:
                return None
            found += inner
        return found

    def end_of_draft(self, draft: Draft, end: str, kind: str, span: Span) -> list[tuple[Draft, str]] | None:
        if draft.component is None:
            return None
        known = getattr(draft.component, kind)
        if end in known:
            return [(draft, end)]
        component = draft.component.name
        who = f"`{draft.name}`" if draft.name == component else f"`{draft.name}`, a `{component}`,"
        near = self.unknown.add(
            "E0411", draft.component, f"{who} {KIND_WORDS[kind]} `{end}`",
            end, {name: item.span for name, item in known.items()}, span)
        self.missed_uses.update((draft.name, name) for name in ([near] if near else known))
        return None

    def end_of_group(self, group: Group, end: str, kind: str, span: Span) -> list[tuple[Draft, str]] | None:
        exports = exports_of(group, kind)
        if end in exports:
            return self.ends(group.inside, exports[end].value, kind, exports[end].span)
        if group.exports is not None and kind not in group.exports.broken:
            self.unknown.add("E0411", group.exports, f"{group.inside.where} does not export `{end}` under `{kind}`",
                             end, {name: named.span for name, named in exports.items()}, span)
        return None

    def check_exports(self, scopes: Iterable[Scope]) -> None:
        """An export that leads nowhere is wrong even when nobody uses it."""
        for scope in scopes:
            if scope.outer is not None:
                for kind in KIND_WORDS:
                    for named in exports_of(scope.outer, kind).values():
                        self.ends(scope, named.value, kind, named.span)


KIND_WORDS = {"uses": "has no use", "provides": "does not provide", "devices": "has no device", "regions": "has no region"}


def _all_drafts(scope: Scope) -> list[Draft]:
    found: list[Draft] = []
    for members in {id(m): m for group in scope.members.values() for m in group}.values():
        found += [members] if isinstance(members, Draft) else _all_drafts(members.inside)
    return found


def exports_of(group: Group, kind: str) -> dict[str, Named]:
    if group.exports is None:
        return {}
    return {name: named for name, named in (group.exports[kind] or {}).items() if named.value is not BROKEN}
