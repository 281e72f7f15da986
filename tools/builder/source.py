"""YAML text to a tree of nodes that know where they stand.

YAML is read as version 1.2 (core schema): `on`, `no` and `1:30` stay text, `010` is ten. Duplicate keys,
anchors, tags and several documents in a file are mistakes, because each hides what a description says.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from .diagnostic import Diagnostics, Note, Span, whole_file

# Deeper than any sensible description, and far below what would exhaust a stack.
DEPTH_MAX = 40
# A description is typed by a person; a file beyond this is given by mistake.
BYTES_MAX = 4 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One value. `value` is, by kind: scalar: None, bool, int, float or str; list: tuple of Node; map: dict
    from key text to `Entry`, in the order of the file. `text` is the scalar as written, without its quotes."""

    span: Span
    kind: str
    value: object
    text: str = ""
    computed: bool = False      # an expression's result: its value has a unit already
    broken: bool = False        # it was wrong and a diagnostic says so; nobody should complain again

    @property
    def entries(self) -> dict[str, Entry]:
        return self.value if self.kind == "map" else {}

    @property
    def items(self) -> tuple[Node, ...]:
        return self.value if self.kind == "list" else ()

    def get(self, key: str) -> Node | None:
        entry = self.entries.get(key)
        return entry.value if entry else None


class Entry(NamedTuple):
    """A key of a map, with the place of the key itself, and its value."""

    key: str
    span: Span
    value: Node


def read_file(root: Path, file: str, problems: Diagnostics, asked: Span | None = None) -> Node | None:
    """The tree of a YAML file, or None with the reason in `problems`. `asked` is who named the file."""
    try:
        data = (root / file).read_bytes()
    except OSError as problem:
        reason = "there is no such file" if isinstance(problem, FileNotFoundError) else (problem.strerror or "error")
        problems.add("E0001", asked or whole_file(file), f"cannot read `{file}`", found=reason)
        return None
    return read_bytes(data, file, problems)


def read_bytes(data: bytes, file: str, problems: Diagnostics) -> Node | None:
    if len(data) > BYTES_MAX:
        problems.add("E0001", whole_file(file), f"cannot read `{file}`", found=f"{len(data)} bytes",
                     expected=f"at most {BYTES_MAX} bytes")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        problems.add("E0002", Span(file, line, 1, line, 1), "this is not UTF-8 text",
                     found=f"byte {data[problem.start]:#04x}", expected="a YAML file in UTF-8")
        return None
    return read_text(text, file, problems)


def read_text(text: str, file: str, problems: Diagnostics) -> Node | None:
    if not hasattr(yaml, "CSafeLoader"):
        problems.add("E0001", whole_file(file), "this Python's yaml module was built without libyaml",
                     suggestion="apt-get install python3-yaml, and start the builder with /usr/bin/python3")
        return None
    before = len(problems)
    try:
        tree = None if _too_deep(text, file, problems) else _compose(text)
    except yaml.MarkedYAMLError as problem:
        _report_syntax(problem, file, problems)
        return None
    except yaml.YAMLError as problem:
        problems.add("E0002", _reader_place(problem, text, file), "this is not YAML",
                     found="a character that YAML does not allow")
        return None
    if tree is None:
        if len(problems) == before:
            problems.add("E0002", whole_file(file), "this file is empty", expected="a map of keys and values")
        return None
    return _Builder(file, problems).build(tree)


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


if hasattr(yaml, "CSafeLoader"):
    class _Loader(yaml.CSafeLoader):
        """Leaves every untagged scalar as text; `resolve` below says what it means."""

        yaml_implicit_resolvers: dict = {}


def _too_deep(text: str, file: str, problems: Diagnostics) -> bool:
    """Looks at the events first: composing a tree recurses on the C stack, which nothing can catch."""
    depth = 0
    loader = _Loader(text)
    try:
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEPTH_MAX:
                    problems.add("E0002", _span(file, event), "values are nested too deeply",
                                 expected=f"at most {DEPTH_MAX} levels")
                    return True
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    finally:
        loader.dispose()
    return False


def _report_syntax(problem: yaml.MarkedYAMLError, file: str, problems: Diagnostics) -> None:
    mark = problem.problem_mark or problem.context_mark
    span = Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else whole_file(file)
    notes = [Note(problem.context, _mark_span(file, problem.context_mark))] if problem.context else []
    if problem.problem and "single document" in (problem.context or "") + problem.problem:
        problems.add("E0002", span, "a file holds one document", found="another `---`", notes=notes)
        return
    problems.add("E0002", span, "this is not YAML", found=problem.problem or "", notes=notes)


def _reader_place(problem: yaml.YAMLError, text: str, file: str) -> Span:
    position = getattr(problem, "position", None)
    if not isinstance(position, int):
        return whole_file(file)
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return Span(file, line, max(column, 1), line, max(column, 1) + 1)


def _mark_span(file: str, mark: yaml.Mark | None) -> Span | None:
    return Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else None


def _span(file: str, node: yaml.Node | yaml.Event) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


PLAIN_INT = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
PLAIN_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
PLAIN_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None,
               "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Longer than any number that fits in 64 bits; Python would refuse to convert thousands of digits.
DIGITS_MAX = 70
TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


def resolve(text: str) -> object:
    """What a plain scalar means in YAML 1.2's core schema."""
    if text in PLAIN_WORDS:
        return PLAIN_WORDS[text]
    if text[0] in "+-.0123456789" and len(text) <= DIGITS_MAX:
        if PLAIN_INT.match(text):
            return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)
        if PLAIN_FLOAT.match(text):
            return float(text)
    return text


class _Builder:
    """Turns libyaml's nodes into ours, and refuses what a description may not contain."""

    def __init__(self, file: str, problems: Diagnostics) -> None:
        self.file = file
        self.problems = problems
        self.seen: set[int] = set()

    def build(self, node: yaml.Node) -> Node:
        span = _span(self.file, node)
        if id(node) in self.seen:
            self.problems.add("E0004", span, "an anchor is used a second time by an alias",
                              expected="the value written out, or a shared file under `include`")
            return Node(span, "scalar", None, broken=True)
        self.seen.add(id(node))
        if node.tag not in TAGS:
            self.problems.add("E0004", span, "a value has a YAML tag", found=f"`{node.tag}`", expected="no tag")
        if isinstance(node, yaml.ScalarNode):
            plain = node.style in (None, "")
            return Node(span, "scalar", resolve(node.value) if plain else node.value, node.value)
        if isinstance(node, yaml.SequenceNode):
            return Node(span, "list", tuple(self.build(item) for item in node.value))
        return Node(span, "map", self._entries(node))

    def _entries(self, node: yaml.MappingNode) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key, value in node.value:
            span = _span(self.file, key)
            if not isinstance(key, yaml.ScalarNode):
                self.problems.add("E0004", span, "a key is a list or a map", expected="a word as key")
                continue
            first = entries.get(key.value)
            if first:
                self.problems.add("E0003", span, f"the key `{key.value}` is given twice",
                                  notes=[Note("first given here", first.span)])
                continue
            entries[key.value] = Entry(key.value, span, self.build(value))
        return entries
