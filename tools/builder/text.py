"""Text for files: templates, and writing only what changed. Every output of the builder goes through here.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jinja2

from .diagnostic import Span
from .project import ROOT

TEMPLATES = ROOT / "templates"


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


def write(path: Path, content: str | bytes) -> bool:
    """Writes the file when its content differs, so that nothing is built again for nothing."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def to_json(value: object) -> str:
    """Keys sorted; maps of maps are opened up, each record of a list stands on a line of its own."""
    return _json(value, 0) + "\n"


def _json(value: object, depth: int) -> str:
    margin = "\n" + " " * (depth + 1)
    if isinstance(value, dict) and depth < 2:
        parts = [f"{json.dumps(key)}: {_json(value[key], depth + 1)}" for key in sorted(value)]
        return "{" + margin + ("," + margin).join(parts) + "}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[" + margin + ("," + margin).join(json.dumps(item, sort_keys=True) for item in value) + "]"
    return json.dumps(value, sort_keys=True)


def place(span: Span) -> str:
    """How generated files name a line of the description."""
    return f"{span.file}:{span.line}"
