"""The front half of the builder: from the files of a product to a checked `System`, or to all its mistakes."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import grammar
from .board import FOLDER as BOARDS
from .board import load_board
from .check import check
from .diagnostic import Diagnostic, Diagnostics, Span, option, ordered, whole_file
from .expand import expand
from .expression import HOLE, substitute
from .idl import check_layouts
from .interface import file_stem
from .link import Linked, link
from .link_programs import link_programs
from .load import INTERFACES, Files, Library, load_declarations, load_description
from .model import Board, DiskProgram, OnFailure, Settings, System
from .project import ROOT
from .rules import Context
from .settings import resolve_settings, scope_of
from .shape import Key, MapOf, Named, Record, Scalar
from .source import Node, read_file


@dataclass(frozen=True, slots=True)
class Loaded:
    """`system` is None when `problems` is not empty. `inputs` are the files read, also of a failed load."""

    system: System | None
    problems: list[Diagnostic]
    inputs: tuple[str, ...]


def load_system(app: str, board: str | None = None, variant: str | None = None, sets: Iterable[str] = (), *,
                root: Path = ROOT) -> tuple[System | None, list[Diagnostic]]:
    """The product, or None and everything that is wrong with it."""
    loaded = load(app, board, variant, tuple(sets), root)
    return loaded.system, loaded.problems


def load(app: str, board: str | None, variant: str | None, sets: Sequence[str], root: Path) -> Loaded:
    problems = Diagnostics()
    files = Files(root, problems)
    system = _load(files, app, board, variant or None, sets)
    found = ordered(problems)
    return Loaded(None if found else system, found, tuple(sorted(files.inputs)))


def check_library(root: Path) -> list[Diagnostic]:
    """What is wrong with the shared components, interfaces and boards, whether or not an app uses them."""
    files = Files(root, Diagnostics())
    library = Library(files, None)
    for name in sorted(library.folders):
        library.component(name)
    for file in sorted((root / INTERFACES).glob("*.yaml")):
        path = f"{INTERFACES}/{file.name}"
        library.interface(_interface_name(files, path, file.stem), whole_file(path))
    for board in sorted((root / BOARDS).glob("*/board.yaml")):
        load_board(files, board.parent.name, whole_file(board.relative_to(root).as_posix()))
    return ordered(files.problems + check_layouts(interface for _, interface in sorted(library.interfaces.items())))


def _interface_name(files: Files, path: str, stem: str) -> str:
    """What the file should declare: what it says if that fits its name, or the usual spelling."""
    tree = read_file(files.root, path, Diagnostics())
    given = tree.get("interface") if tree else None
    if given is not None and isinstance(given.value, str) and file_stem(given.value) == stem:
        return given.value
    return "".join(word.capitalize() for word in stem.split("_"))


def _load(files: Files, app: str, board_name: str | None, variant: str | None, sets: Sequence[str]) -> System | None:
    problems = files.problems
    tree = load_description(files, app, variant)
    declarations = load_declarations(files, app)
    if tree is None:
        return None
    if board_name:
        sets = [*sets, f"board={board_name}"]
    settings = resolve_settings(declarations, _settings_of(tree), sets, problems)
    board = _board(files, settings)
    if board is None and _asks_board(tree):
        return None
    scope = {**scope_of(settings), "board": board.roles if board else {}}
    tree = substitute(tree, scope, problems)
    value = grammar.SYSTEM.read(tree, problems, Key(app, whole_file(f"apps/{app}/system.yaml")))
    if value is None:
        return None
    record: Record = value.value
    library = Library(files, app)
    expansion = expand(record, library, scope, board, problems)
    if expansion.too_many:
        return None
    linked = link(record, expansion, board, settings, problems, app)
    programs = link_programs(record, library, linked, settings, problems)
    check(Context(files.root, linked, board, settings, _on_failure(record)), problems)
    problems += check_layouts(interface for _, interface in sorted(library.interfaces.items()))
    return None if problems else _system(record, linked, board, settings, app, variant, files, programs)


def _settings_of(tree: Node) -> dict[str, Named]:
    """The `settings:` of the description. They are read before expressions are, so they are plain values;
    what is wrong with their shape is said when the whole file is read."""
    node = tree.get("settings")
    if node is None:
        return {}
    shape = MapOf(grammar.NAME, Scalar(), "a setting")
    value = shape.read(node, Diagnostics(), Key("settings", node.span))
    return value.value if value else {}


def _asks_board(node: Node) -> bool:
    """Whether an expression wants to know something of the board."""
    if node.kind == "map":
        return any(_asks_board(entry.value) for entry in node.entries.values())
    if node.kind == "list":
        return any(_asks_board(item) for item in node.items)
    return any(re.search(r"\bboard\.", hole) for hole in HOLE.findall(node.text))


def _board(files: Files, settings: Settings) -> Board | None:
    if "board" not in settings.all:
        return None
    setting = settings.all["board"]
    asked = option(f"--board {setting.value}") if setting.origin == "--set" else setting.span
    return load_board(files, str(setting.value), asked)


def _on_failure(record: Record) -> OnFailure | None:
    """None where it is broken."""
    given = record["on_failure"]
    if "on_failure" in record.broken or (given and given.broken):
        return None
    return OnFailure(given["component_dead"], given["panic"]) if given else OnFailure()


def _system(record: Record, linked: Linked, board: Board, settings: Settings, app: str, variant: str | None,
            files: Files, programs: dict[str, DiskProgram]) -> System:
    failure = _on_failure(record)
    assert failure is not None
    span: Span = record.at("system")
    return System(
        name=record["system"], doc=record["doc"], app=app, variant=variant, board=board, settings=settings,
        expect=record["expect"], on_failure=failure,
        instances=dict(sorted(linked.instances.items())), connections=tuple(linked.connections), regions=linked.regions, guests=linked.guests,
        inputs=tuple(sorted(files.inputs)), span=span, programs=programs)
