"""docs/reference.md: every key of every description file, written from the declarations that the loader reads with."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterator

from . import grammar, units
from .errors import ERRORS
from .shape import Either, Field, ListOf, Map, MapOf, Shape, Size

HEAD = """# Reference: what description files may say

Why: an editor shows a key's meaning where the cursor is (`./tenon schema`); this page shows all of them at once. It is
written by `./tenon schema --reference docs/reference.md` from the same declarations that the builder reads files with.

Sizes are numbers of bytes or `64KiB`, `16MiB`, `1GiB`; times are `10us`, `5ms`, `2s`. Names are small letters, digits and
`_`. In system.yaml, variants and compounds any value may be an expression: `${settings.disk and settings.count * 4KiB > 1MiB}`.
Expressions know numbers, sizes, times, 'text', true, false, `settings.NAME`, `board.ROLE.component`, `board.ROLE.device`, in
compounds `config.NAME`, and
`+ - * / %`, `== != < <= > >=`, `and or not`, parentheses.
"""

FILES = (
    ("apps/APP/system.yaml", grammar.SYSTEM),
    ("component.yaml", grammar.COMPONENT),
    ("component.yaml of a compound", grammar.COMPOUND),
    ("components/interfaces/NAME.yaml", grammar.INTERFACE),
    ("settings.yaml, apps/APP/settings.yaml", grammar.SETTINGS),
    ("cmake/boards/BOARD/board.yaml", grammar.BOARD),
)

VARIANTS = """
## apps/APP/variants/VARIANT.yaml

Merged over system.yaml: maps merge, other values replace, `key: null` removes, `key+: [...]` adds to a list. `overlay:` in
system.yaml does the same over what its includes say.
"""

TAIL = """
## Errors

`./tenon explain CODE` says why, with a wrong and a right example.

| code | what |
| --- | --- |
"""

END = """
## What it does not do

Descriptions have no loops, no functions and no text templates: replicas, compounds and variants are the ways to say
something once. Anchors, aliases and tags of YAML are errors.
"""


def reference_text() -> str:
    parts = [HEAD]
    shown: set[int] = set()
    for title, shape in FILES:
        parts.append(f"\n## {title}\n")
        parts += _sections(shape, title, shown)
        if shape is grammar.SYSTEM:
            parts.append(VARIANTS)
    parts.append(TAIL + "".join(f"| {entry.code} | {_cell(entry.title)} |\n" for entry in ERRORS.values()))
    parts.append(END)
    return "".join(parts)


def _sections(shape: Map, title: str, shown: set[int]) -> Iterator[str]:
    """The table of a map, then those of the maps within it, each once in the document."""
    shown.add(id(shape))
    yield f"\n{shape.doc}\n\n| key | value | meaning |\n| --- | --- | --- |\n"
    inner: list[tuple[str, Map]] = []
    for field in shape.fields.values():
        name = f"`{field.name}`{' (required)' if field.required else ''}"
        yield f"| {name} | {_cell(_value(field.shape))} | {_cell(_meaning(field))} |\n"
        inner += [(f"{field.name}{suffix}", found) for suffix, found in _maps_in(field.shape)]
    for name, found in inner:
        if id(found) not in shown:
            yield f"\n### {title}: {name}\n"
            yield from _sections(found, f"{title}: {name}", shown)


def _maps_in(shape: Shape) -> list[tuple[str, Map]]:
    """The maps that a value is made of, with what stands between the key and them."""
    match shape:
        case Map():
            return [("", shape)]
        case MapOf():
            return [(f".NAME{suffix}", found) for suffix, found in _maps_in(shape.item)]
        case ListOf():
            return [(f"[]{suffix}", found) for suffix, found in _maps_in(shape.item)]
        case Either():
            return [entry for each in (shape.scalar, shape.list, shape.map) if each for entry in _maps_in(each)]
    return []


def _value(shape: Shape) -> str:
    match shape:
        case Map():
            return "a map (see its section)"
        case MapOf():
            return f"a map from the name of {shape.what} to {_value(shape.item)}"
        case ListOf():
            return f"a list, each item {_value(shape.item)}"
        case Either():
            return ", or ".join(_value(each) for each in (shape.scalar, shape.list, shape.map) if each)
    return "a name" if shape in (grammar.NAME, grammar.INSTANCE_NAME) else shape.expected


def _meaning(field: Field) -> str:
    default = field.default
    if default is None or default == "":
        return field.doc
    if isinstance(field.shape, Size):
        default = units.format_size(default)
    shown = str(default).lower() if isinstance(default, bool) else default
    return f"{field.doc} Default: `{shown}`."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
