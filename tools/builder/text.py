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
        loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
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
    return json.dumps(value, indent=1, sort_keys=True) + "\n"


def place(span: Span) -> str:
    """How generated files name a line of the description."""
    return f"{span.file}:{span.line}"
