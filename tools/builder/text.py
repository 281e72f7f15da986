"""Text for files: templates, and writing only what changed. Every output of the builder goes through here.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path

import jinja2

from .diagnostic import Span
from .project import BUILD, ROOT

TEMPLATES = ROOT / "templates"
COMPILED = BUILD / "cache" / "templates"
CODE = (".c", ".h", ".ld")
_COMMENT = re.compile(r'^([^"\n]*?)[ \t]*(?://|/\*).*$', re.MULTILINE)
_SORTED = json.JSONEncoder(sort_keys=True)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), auto_reload=False, bytecode_cache=_compiled(), undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        line_statement_prefix="//%", variable_start_string="${", variable_end_string="}",
        block_start_string="{%", comment_start_string="{##", comment_end_string="##}")
    environment.globals["hex"] = hex
    environment.filters["c_string"] = json.dumps
    return environment


def _compiled() -> jinja2.FileSystemBytecodeCache | None:
    """Compiling the templates takes as long as generating a hundred instances, so it is done once."""
    try:
        COMPILED.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(COMPILED))


def render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values).rstrip("\n") + "\n"


def write(path: Path | str, content: str | bytes) -> bool:
    """Writes the file when its content differs, so that nothing is built again for nothing.

    Code of which only comments changed keeps its time: a line more in a description moves the places that comments
    name, and compiles nothing.
    """
    data = content.encode() if isinstance(content, str) else content
    old, time = _read(path)
    if old == data:
        return False
    if old is not None and str(path).endswith(CODE) and code(old.decode(errors="replace")) == code(content):
        Path(path).write_bytes(data)
        os.utime(path, ns=(time, time))
        return True
    try:
        file = open(path, "wb", buffering=0)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "wb", buffering=0)
    with file:
        file.write(data)
    return True


def _read(path: Path | str) -> tuple[bytes | None, int]:
    """What the file holds, and its time in ns."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.readall(), os.fstat(file.fileno()).st_mtime_ns
    except FileNotFoundError:
        return None, 0


def code(content: str) -> str:
    """C or a linker script without the comments that end its lines; a line keeps what follows a quote, to be sure."""
    return _COMMENT.sub(r"\1", content)


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
