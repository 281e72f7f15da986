"""Text for files: templates, and writing only what changed. Every output of the builder goes through here.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import jinja2

from .diagnostic import Span
from .project import ROOT

TEMPLATES = ROOT / "templates"
_SORTED = json.JSONEncoder(sort_keys=True)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), auto_reload=False, undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        line_statement_prefix="//%", variable_start_string="${", variable_end_string="}",
        block_start_string="{%", comment_start_string="{##", comment_end_string="##}")
    environment.globals["hex"] = hex
    environment.filters["c_string"] = json.dumps
    return environment


def render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values).rstrip("\n") + "\n"


def write(path: Path | str, content: str | bytes) -> bool:
    """Writes the file when its content differs, so that nothing is built again for nothing."""
    data = content.encode() if isinstance(content, str) else content
    if _read(path, len(data)) == data:
        return False
    try:
        file = open(path, "wb", buffering=0)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "wb", buffering=0)
    with file:
        file.write(data)
    return True


def _read(path: Path | str, size: int) -> bytes | None:
    """What the file holds if it is of that size. A build does this for each of its outputs, hence without objects."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return os.read(file, size) if os.fstat(file).st_size == size else None
    finally:
        os.close(file)


def to_json(value: object) -> str:
    """Keys sorted; maps of maps are opened up, each record of a list stands on a line of its own."""
    return _json(value, 0) + "\n"


def _json(value: object, depth: int) -> str:
    margin = "\n" + " " * (depth + 1)
    if isinstance(value, dict) and depth < 2:
        parts = [f"{json.dumps(key)}: {_json(value[key], depth + 1)}" for key in sorted(value)]
        return "{" + margin + ("," + margin).join(parts) + "}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[" + margin + ("," + margin).join(_SORTED.encode(item) for item in value) + "]"
    return _SORTED.encode(value)


def place(span: Span) -> str:
    """How generated files name a line of the description."""
    return f"{span.file}:{span.line}"
