"""Each key of each shipped description is deleted, misspelt, and swapped with its neighbour: somebody must notice.

Noticed means: an error at that line or a note that points to it, or a message that names the key. What is
harmless stands in mutation_equivalents.yaml, with the reason; an entry that nothing needs any more is an error.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from builder import devicetree, source
from builder.commands.check import problems_of
from builder.diagnostic import Diagnostic, Diagnostics, render
from builder.front import check_library, load
from builder.project import ROOT
from builder.source import Entry, Node, read_text

from corpus import HERE

EQUIVALENTS = HERE / "mutation_equivalents.yaml"
KEPT = {".yaml", ".dts", ".c", ".h", ".S", ""}      # without a suffix: a guest's first program
PARTS = ("apps", "components", "cmake/boards", "settings.yaml")


# The products; the other apps are only for our own tests and measurements.
PRODUCTS = ("hello", "datalogger", "network", "files", "store", "terminal", "server", "isolation", "processes", "linux")


def shipped() -> list[str]:
    patterns = (*(f"apps/{app}/**/*.yaml" for app in PRODUCTS), "components/**/*.yaml", "cmake/boards/*/board.yaml", "settings.yaml")
    found = {path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(file for file in found if "/tests/" not in file)


WORDS = re.compile(r"[\w@+-]+")


@dataclass(frozen=True)
class Mutation:
    kind: str           # delete | misspell | swap
    path: str           # instances.disk.priority
    lines: tuple[int, ...]      # that were changed, or what is around a deleted key
    names: frozenset[str]       # the key, and all that stands below it or changed places with it
    text: str                   # the file afterwards


@dataclass(frozen=True)
class Equivalent:
    """`file` and `path` are patterns, `kinds` the mutations that are harmless there."""

    file: str
    path: str
    kinds: tuple[str, ...]
    why: str

    def covers(self, file: str, mutation: Mutation) -> bool:
        return fnmatchcase(file, self.file) and fnmatchcase(mutation.path, self.path) and mutation.kind in self.kinds


def equivalents() -> list[Equivalent]:
    rows = yaml.safe_load(EQUIVALENTS.read_text())
    return [Equivalent(row["file"], row["path"], tuple(row["kinds"]), row["why"]) for row in rows]


# --- Changing a text ---------------------------------------------------------------------------------

def mutations(text: str) -> Iterator[Mutation]:
    tree = read_text(text, "file", Diagnostics())
    assert tree is not None
    yield from _of_map(tree, "", 1, text)


def _of_map(node: Node, path: str, line: int, text: str) -> Iterator[Mutation]:
    entries = list(node.entries.values())
    for index, entry in enumerate(entries):
        name = f"{path}.{entry.key}" if path else entry.key
        here, names = entry.span.line, frozenset(_names(entry))
        yield Mutation("delete", name, (line,), names, _deleted(text, entry))
        yield Mutation("misspell", name, (here,), frozenset({entry.key, misspelt(entry.key)}),
                       _replaced(text, entry.span, misspelt(entry.key)))
        if index + 1 < len(entries):
            other = entries[index + 1]
            yield Mutation("swap", name, tuple(range(here, other.span.line + 1)), names | frozenset(_names(other)),
                           _swapped(text, entry, other))
        yield from _inside(entry.value, name, entry.span.line, text)


def _names(entry: Entry) -> Iterator[str]:
    yield entry.key
    for inner in entry.value.entries.values():
        yield from _names(inner)
    for item in (entry.value, *entry.value.items):
        if item.kind == "scalar":
            yield from WORDS.findall(item.text)


def _inside(value: Node, name: str, line: int, text: str) -> Iterator[Mutation]:
    if value.kind == "map":
        yield from _of_map(value, name, line, text)
    for item in value.items:
        yield from _inside(item, f"{name}[]", item.span.line, text)


def misspelt(key: str) -> str:
    return key[:len(key) // 2] + "q" + key[len(key) // 2:]


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(one) + 1 for one in lines[:line - 1]) + column - 1


def _bounds(text: str, span) -> tuple[int, int]:
    start, end = _offset(text, span.line, span.column), _offset(text, span.end_line, span.end_column)
    # libyaml ends a block map where the next token begins.
    while end > start and text[end - 1] in " \n":
        end -= 1
    return start, end


def _replaced(text: str, span, new: str) -> str:
    start, end = _bounds(text, span)
    return text[:start] + new + text[end:]


def _deleted(text: str, entry: Entry) -> str:
    start, end = _bounds(text, entry.span)[0], _bounds(text, entry.value.span)[1]
    if entry.value.span.end_line > entry.span.line or not _in_flow(text, start, end):
        return text[:text.rfind("\n", 0, start) + 1] + text[text.find("\n", end) + 1:]
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if after.startswith(","):
        after = after[1:].lstrip()
    elif before.endswith(","):
        before = before[:-1]
    return before + (" " if before[-1:] == ":" else "") + after


def _in_flow(text: str, start: int, end: int) -> bool:
    return bool(text[text.rfind("\n", 0, start) + 1:start].strip(" -"))


def _swapped(text: str, first: Entry, second: Entry) -> str:
    """The two values change places."""
    a, b = _bounds(text, first.value.span), _bounds(text, second.value.span)
    return text[:a[0]] + text[b[0]:b[1]] + text[a[1]:b[0]] + text[a[0]:a[1]] + text[b[1]:]


# --- Judging what the builder says -------------------------------------------------------------------

def is_noticed(problems: list[Diagnostic], file: str, mutation: Mutation) -> bool:
    for problem in problems:
        spans = [problem.span, *(note.span for note in problem.notes if note.span)]
        if any(span.file == file and span.line in mutation.lines for span in spans):
            return True
        words = f"{problem.message} {problem.found} {problem.expected} {problem.suggestion}"
        if mutation.names & set(WORDS.findall(words)):
            return True
    return False


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that descriptions are made of, to be changed."""
    root = tmp_path_factory.mktemp("project")
    for path in (path for part in PARTS for path in [ROOT / part, *(ROOT / part).rglob("*")]):
        if path.is_file() and path.suffix in KEPT:
            target = root / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return root


def readers_of(project: Path, file: str) -> list[tuple[str, str, str]]:
    """The products that are made from a file: those of the default board, or if there are none, of the others."""
    usual = [(app, "", variant) for app in PRODUCTS
             for variant in ["", *sorted(v.stem for v in project.glob(f"apps/{app}/variants/*.yaml"))]]
    boards = sorted(path.parent.name for path in project.glob("cmake/boards/*/board.yaml"))
    others = [(app, board, "") for app in PRODUCTS for board in boards]
    for products in (usual, others):
        found = [(app, board, variant) for app, board, variant in products
                 if file in load(app, board or None, variant, (), project).inputs]
        if found:  # the first app is for every board; others may want what a board has not
            return found[:1] + [p for p in found[1:] if not problems_of(*p, [], project)]
    return []


def answers(project: Path, readers: list[tuple[str, str, str]]) -> Iterator[list[Diagnostic]]:
    """What each product's check says; of a file that no product reads, what the library's check says."""
    for app, board, variant in readers:
        yield problems_of(app, board, variant, [], project)
    if not readers:
        yield check_library(project)


@pytest.mark.parametrize("file", shipped())
def test_every_key_matters(file: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _remember(monkeypatch)
    path = project / file
    text = path.read_text()
    readers = readers_of(project, file)
    known = equivalents()
    unnoticed = []
    try:
        for mutation in mutations(text):
            if any(e.covers(file, mutation) for e in known):
                continue
            path.write_text(mutation.text)
            if not any(is_noticed(problems, file, mutation) for problems in answers(project, readers)):
                said = render([p for problems in answers(project, readers) for p in problems], project)
                unnoticed.append(f"{mutation.kind} {mutation.path} (lines {mutation.lines})\n{said}")
    finally:
        path.write_text(text)
    assert not unnoticed, "\n".join(unnoticed)


def _remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text gives the same tree: each is parsed once, not once for each mutation of another file."""
    compiled: dict[str, bytes | None] = {}
    compile_it = devicetree._compile
    trees: dict[tuple[str, bytes], Node] = {}
    parse_it = source.read_bytes

    def parsed(data: bytes, file: str, problems: Diagnostics) -> Node | None:
        if (file, data) not in trees:
            before = len(problems)
            tree = parse_it(data, file, problems)
            if tree is None or len(problems) > before:
                return tree
            trees[file, data] = tree
        return trees[file, data]

    def remembered(root: Path, file: str, asked, problems) -> bytes | None:
        source = (root / file).read_text() if (root / file).is_file() else ""
        if not source or source not in compiled:
            result = compile_it(root, file, asked, problems)
            if result is None:
                return None
            compiled[source] = result
        return compiled[source]

    monkeypatch.setattr(devicetree, "_compile", remembered)
    monkeypatch.setattr(source, "read_bytes", parsed)


def test_every_equivalent_is_needed() -> None:
    possible = [(file, mutation) for file in shipped() for mutation in mutations((ROOT / file).read_text())]
    stale = [f"{e.file} {e.path}" for e in equivalents() if not any(e.covers(file, m) for file, m in possible)]

    assert stale == []


def test_a_mutation_changes_what_it_says() -> None:
    text = "a: {b: 1, c: 2}\nd:\n  e: 3\n  f: 4\n"
    made = {(m.kind, m.path): m.text for m in mutations(text)}

    assert made["delete", "a.b"] == "a: {c: 2}\nd:\n  e: 3\n  f: 4\n"
    assert made["delete", "a.c"] == "a: {b: 1}\nd:\n  e: 3\n  f: 4\n"
    assert made["delete", "d.e"] == "a: {b: 1, c: 2}\nd:\n  f: 4\n"
    assert made["delete", "d"] == "a: {b: 1, c: 2}\n"
    assert made["swap", "d.e"] == "a: {b: 1, c: 2}\nd:\n  e: 4\n  f: 3\n"
    assert made["misspell", "a.b"] == "a: {qb: 1, c: 2}\nd:\n  e: 3\n  f: 4\n"
