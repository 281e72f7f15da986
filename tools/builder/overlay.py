"""Merging trees: files joined by `include`, where nothing may be said twice, and overlays, which win.

A node keeps the place it came from, so a message always points into the file that said it.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from dataclasses import replace

from .diagnostic import Diagnostics, Note, did_you_mean
from .source import Entry, Node


def join(first: Node, second: Node, problems: Diagnostics) -> Node:
    """Maps merge and lists are put one after the other; any other value may stand in only one of them."""
    entries = dict(first.entries)
    for key, entry in second.entries.items():
        if key not in entries:
            entries[key] = entry
            continue
        other = entries[key]
        kinds = {other.value.kind, entry.value.kind}
        if kinds == {"map"}:
            entries[key] = Entry(key, other.span, join(other.value, entry.value, problems))
        elif kinds == {"list"}:
            entries[key] = Entry(key, other.span, replace(other.value, value=other.value.items + entry.value.items))
        else:
            problems.add("E0005", entry.span, f"`{key}` is set in two files",
                         notes=[Note("it is set here too", other.span),
                                Note("to replace what an included file says, write it under `overlay:`")])
    return replace(first, value=entries)


def overlay(base: Node, over: Node, problems: Diagnostics) -> Node:
    """Maps merge; `key: null` removes, `key+` adds to a list, anything else replaces."""
    entries = dict(base.entries)
    for key, entry in over.entries.items():
        if key.endswith("+"):
            _append(entries, entry, problems)
        elif entry.value.kind == "scalar" and entry.value.value is None and not entry.value.broken:
            _remove(entries, entry, problems)
        elif key in entries and entries[key].value.kind == "map" and entry.value.kind == "map":
            entries[key] = Entry(key, entry.span, overlay(entries[key].value, entry.value, problems))
        else:
            entries[key] = entry
    return replace(base, value=entries)


def _append(entries: dict[str, Entry], entry: Entry, problems: Diagnostics) -> None:
    key = entry.key[:-1]
    base = entries.get(key)
    if entry.value.kind != "list" or (base is not None and base.value.kind != "list"):
        problems.add("E0007", entry.span, f"`{entry.key}` adds to a list, but here is none",
                     expected=f"a list under `{entry.key}` and under `{key}`")
        return
    items = (base.value.items if base else ()) + entry.value.items
    entries[key] = Entry(key, base.span if base else entry.span, replace(entry.value, value=items))


def _remove(entries: dict[str, Entry], entry: Entry, problems: Diagnostics) -> None:
    if entries.pop(entry.key, None) is None:
        problems.add("E0007", entry.span, f"`{entry.key}` is removed here, but nobody set it",
                     suggestion=did_you_mean(entry.key, entries))
