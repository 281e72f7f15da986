"""docs/description.md: every key of every file, from the declarations that the loader reads with.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Iterator

from . import grammar, units
from .shape import Duration, Either, Field, ListOf, Map, MapOf, Shape, Size

INTRODUCTION = """# The description language

Why: each file is read by one declaration of its keys (`tools/builder/grammar.py`). This page and the JSON Schemas of editors
(`./tenon schema`) are made from it, so what stands here is what is accepted. `./tenon reference` writes it again.

Sizes are a number of bytes or one with a unit: `4096`, `64KiB`, `16MiB`, `1GiB`. Times have a unit: `10us`, `5ms`, `2s`. Instead of a
value, `${...}` computes one from settings: `${settings.disk}`, `${2 * settings.depth}`. [model.md](model.md) explains how the files work
together; this page does not.
"""

FILES = (
    ("apps/*/system.yaml", "A variant, `apps/*/variants/*.yaml`, has the same keys, all optional, and is merged over it.", (grammar.SYSTEM,)),
    ("component.yaml", "With `kind: compound` it has the keys of a compound instead.", (grammar.COMPONENT, grammar.COMPOUND)),
    ("components/interfaces/*.yaml", "An app may have interfaces of its own in `apps/*/components/interfaces/`.", (grammar.INTERFACE,)),
    ("settings.yaml", "An app may add its own in `apps/*/settings.yaml`.", (grammar.SETTINGS,)),
    ("cmake/boards/*/board.yaml", "Devices are not listed: they come from the board's device tree.", (grammar.BOARD,)),
)


def text() -> str:
    """The whole page."""
    shown: set[int] = set()
    parts = [INTRODUCTION]
    for title, note, roots in FILES:
        parts.append(f"## `{title}`\n\n{note}\n")
        for root in roots:
            parts += [table(one) for one in maps_below(root, shown)]
    return "\n".join(parts)


def maps_below(shape: Map, shown: set[int]) -> Iterator[Map]:
    """The map, then those inside it that were not shown yet."""
    if id(shape) in shown:
        return
    shown.add(id(shape))
    yield shape
    for field in shape.fields.values():
        for inner in maps_in(field.shape):
            yield from maps_below(inner, shown)


def maps_in(shape: Shape | None) -> list[Map]:
    if isinstance(shape, Map):
        return [shape]
    if isinstance(shape, (MapOf, ListOf)):
        return maps_in(shape.item)
    if isinstance(shape, Either):
        return [found for each in (shape.scalar, shape.list, shape.map) for found in maps_in(each)]
    return []


def table(shape: Map) -> str:
    title = shape.title[0].upper() + shape.title[1:]
    rows = "".join(f"| `{field.name}` | {cell(field.shape.expected)} | {cell(meaning(field))} |\n"
                   for field in shape.fields.values())
    return f"### {title}\n\n{shape.doc}\n\n| key | value | |\n| --- | --- | --- |\n{rows}"


def meaning(field: Field) -> str:
    if field.required:
        return f"{field.doc} Required."
    if field.default in (None, ""):
        return field.doc
    return f"{field.doc} Default: `{shown(field)}`."


def shown(field: Field) -> str:
    """The default as one would write it."""
    if isinstance(field.default, bool):
        return str(field.default).lower()
    if isinstance(field.shape, Size):
        return units.format_size(field.default)
    if isinstance(field.shape, Duration):
        return units.format_duration(field.default)
    return str(field.default)


def cell(words: str) -> str:
    return words.replace("|", "\\|")
