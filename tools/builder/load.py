"""Finds and reads the files of a product: the description with its includes and overlays, and the library.

Everything read is remembered in `Files.inputs`, which the build watches. Names stay unresolved here.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PurePosixPath

from . import grammar
from .component import Compound, read_component
from .diagnostic import Diagnostics, Note, Span, did_you_mean, option, whole_file
from .interface import file_stem, read_interface
from .model import ComponentType, Interface
from .overlay import join, overlay
from .settings import Declarations
from .shape import Key
from .source import Node, read_file


INTERFACES = "components/interfaces"


class Files:
    """Reads files below the project, and remembers which."""

    def __init__(self, root: Path, problems: Diagnostics) -> None:
        self.root = root
        self.problems = problems
        self.inputs: set[str] = set()

    def exists(self, file: str) -> bool:
        return (self.root / file).is_file()

    def read(self, file: str, asked: Span | None = None) -> Node | None:
        """The tree of a file; `asked` is who named it."""
        self.inputs.add(file)
        tree = read_file(self.root, file, self.problems, asked)
        if tree is not None and tree.kind != "map":
            self.problems.add("E0103", tree.span, f"`{file}` has no keys", found=f"a {tree.kind}",
                              expected="a map of keys and values")
            return None
        return tree

    def names_below(self, folder: str) -> list[str]:
        """The folders and YAML files in a folder, by name without extension."""
        try:
            return sorted(path.stem for path in (self.root / folder).iterdir() if path.is_dir() or path.suffix == ".yaml")
        except OSError:
            return []


# --- The description ---------------------------------------------------------------------------------

def load_description(files: Files, app: str, variant: str | None) -> Node | None:
    """system.yaml with its includes, its overlay and the variant merged in; expressions are still text."""
    file = f"apps/{app}/system.yaml"
    if not files.exists(file):
        files.problems.add("E0401", option(f"apps/{app}"), f"there is no app `{app}`",
                           expected=f"a file {file}", suggestion=did_you_mean(app, files.names_below("apps")))
        return None
    tree = _with_includes(files, file, None, [])
    if tree is None:
        return None
    over = tree.get("overlay")
    if over is not None:
        tree = overlay(_without(tree, "overlay"), over, files.problems)
    return tree if variant is None else _with_variant(files, tree, app, variant)


def _with_includes(files: Files, file: str, asked: Span | None, trail: list[str]) -> Node | None:
    tree = files.read(file, asked)
    include = tree.get("include") if tree else None
    if include is None:
        return tree
    if include.kind != "list":
        return tree  # the shape of the file complains
    merged = _without(tree, "include")
    seen: dict[str, Span] = {}
    for item in include.items:
        if not isinstance(item.value, str):
            files.problems.add("E0103", item.span, "`include` names something that is no file",
                               expected="the path of a YAML file, relative to this one")
            continue
        other = _included(files, file, item.value, item.span, [*trail, file], seen)
        if other is not None:
            merged = join(merged, other, files.problems)
    return merged


def _included(files: Files, file: str, text: str, span: Span, trail: list[str], seen: dict[str, Span]) -> Node | None:
    path = os.path.normpath(PurePosixPath(file).parent / text)
    if path.startswith("..") or os.path.isabs(path):
        files.problems.add("E0006", span, f"`{text}` is outside the project", expected="a file of the project")
    elif path in trail:
        files.problems.add("E0006", span, f"`{text}` includes itself", found=" -> ".join([*trail, path]))
    elif path in seen:
        files.problems.add("E0006", span, f"`{text}` is included twice", notes=[Note("first included here", seen[path])])
    else:
        seen[path] = span
        return _with_includes(files, path, span, trail)
    return None


def _with_variant(files: Files, tree: Node, app: str, variant: str) -> Node | None:
    folder = f"apps/{app}/variants"
    file = f"{folder}/{variant}.yaml"
    if not files.exists(file):
        files.problems.add("E0401", option(f"--variant {variant}"), f"`{app}` has no variant `{variant}`",
                           expected=f"a file {file}", suggestion=did_you_mean(variant, files.names_below(folder)))
        return tree
    over = files.read(file)
    return tree if over is None else overlay(tree, over, files.problems)


def _without(tree: Node, key: str) -> Node:
    return replace(tree, value={k: entry for k, entry in tree.entries.items() if k != key})


# --- Settings ----------------------------------------------------------------------------------------

def load_declarations(files: Files, app: str) -> Declarations:
    declarations = Declarations()
    for file in ("settings.yaml", f"apps/{app}/settings.yaml"):
        if files.exists(file):
            tree = files.read(file)
            if tree is not None:
                declarations.add(tree, Key(file, whole_file(file)), files.problems)
    return declarations


# --- Components and interfaces -----------------------------------------------------------------------

class Library:
    """Components and interfaces by name, each read once, when first asked for."""

    def __init__(self, files: Files, app: str | None) -> None:
        """`app` adds its own folder; None: only what all apps share."""
        self.files = files
        own = [f"apps/{app}/components"] if app else []
        self.folders = _component_folders(files, ["components", *own])
        self.interface_folders = [f"{folder}/interfaces" for folder in own] + [INTERFACES]
        self.components: dict[str, ComponentType | Compound | None] = {}
        self.interfaces: dict[str, Interface] = {}

    def names_in(self, folder: str) -> list[str]:
        """The files and folders in a folder."""
        path = self.files.root / folder
        return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []

    def text_of(self, file: str) -> str | None:
        """Of a file that is not YAML; None: there is no such file."""
        if not self.files.exists(file):
            return None
        self.files.inputs.add(file)
        return (self.files.root / file).read_text(errors="replace")

    def component(self, name: str) -> ComponentType | Compound | None:
        """None when it is unknown (the caller says so) or was wrong (already said)."""
        if name not in self.components:
            self.components[name] = self._read_component(name) if name in self.folders else None
        return self.components[name]

    def _read_component(self, name: str) -> ComponentType | Compound | None:
        folders = self.folders[name]
        file = f"{folders[0]}/component.yaml"
        tree = self.files.read(file)
        if len(folders) > 1:
            entry = tree.entries.get("component") if tree else None
            self.files.problems.add("E0601", entry.value.span if entry else whole_file(file),
                                    f"there are two components `{name}`",
                                    notes=[Note("the other one", whole_file(f"{folders[1]}/component.yaml"))])
        return None if tree is None else read_component(tree, folders[0], self, self.files.problems)

    def interface(self, name: str, asked: Span) -> Interface:
        """One that is unknown or wrong, which was said, is a stand-in of version 0."""
        if name not in self.interfaces:
            self.interfaces[name] = self._read_interface(name, asked) or Interface(name, 0, "", {}, (), (), (), asked)
        return self.interfaces[name]

    def _read_interface(self, name: str, asked: Span) -> Interface | None:
        stem = file_stem(name)
        for folder in self.interface_folders:
            file = f"{folder}/{stem}.yaml"
            if self.files.exists(file):
                tree = self.files.read(file)
                return None if tree is None else read_interface(tree, name, file, self.files.problems)
        near = did_you_mean(stem, [stem for folder in self.interface_folders for stem in self.files.names_below(folder)])
        self.files.problems.add("E0404", asked, f"there is no interface `{name}`",
                                expected=f"a file components/interfaces/{stem}.yaml",
                                suggestion="".join(word.capitalize() for word in near.split("_")))
        return None


def _component_folders(files: Files, tops: list[str]) -> dict[str, list[str]]:
    """Every folder with a component.yaml, by its name."""
    found: dict[str, list[str]] = {}
    for top in tops:
        for folder, children, names in os.walk(files.root / top):
            children.sort()
            if grammar.COMPONENT_FILE in names:
                relative = os.path.relpath(folder, files.root)
                found.setdefault(os.path.basename(folder), []).append(relative)
    return found
