"""The schemas agree with the loader: what one refuses for its shape, the other does. tools/builder/schema.py."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path

import jsonschema
import pytest
from builder import schema
from builder.diagnostic import Diagnostics
from builder.project import ROOT
from builder.source import Node, read_file

from corpus import HERE

SCHEMAS = schema.schemas()


def plain(node: Node) -> object:
    """As an editor sees it."""
    if node.kind == "map":
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    return [plain(item) for item in node.items] if node.kind == "list" else node.value


def errors(kind: str, file: Path) -> list[str]:
    tree = read_file(file.parent, file.name, Diagnostics())
    return [error.message for error in jsonschema.Draft7Validator(SCHEMAS[kind]).iter_errors(plain(tree))]


def kind_of(file: str) -> str | None:
    found = [kind for kind, patterns in schema.globs().items() if any(_matches(file, pattern) for pattern in patterns)]
    assert len(found) <= 1, f"{file} is of several kinds: {found}"
    return found[0] if found else None


def _matches(file: str, pattern: str) -> bool:
    """`*` within a folder, `**` across; as editors do."""
    if "**" in pattern:
        before, after = pattern.split("/**/")
        parts = file.split("/")
        depth = before.count("/") + 1
        return fnmatch("/".join(parts[:depth]), before) and fnmatch(parts[-1], after) and len(parts) > depth
    return file.count("/") == pattern.count("/") and all(map(fnmatch, file.split("/"), pattern.split("/")))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_of_draft_7(kind: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMAS[kind])
    assert json.loads(json.dumps(SCHEMAS[kind])) == SCHEMAS[kind]


def described_files() -> list[str]:
    found = [path for folder in ("apps", "components", "cmake/boards") for path in (ROOT / folder).rglob("*.yaml")]
    return sorted(path.relative_to(ROOT).as_posix() for path in [*found, ROOT / "settings.yaml"])


@pytest.mark.parametrize("file", described_files())
def test_every_shipped_file_fits_its_schema(file: str) -> None:
    kind = kind_of(file)

    assert kind is not None, f"no schema is for {file}"
    assert errors(kind, ROOT / file) == []


# Mistakes of shape that one file shows by itself; a number that a program works out is not among them.
SHAPE_CASES = sorted(path for path in (HERE / "bad").iterdir() if path.name[:5] in ("E0101", "E0103", "E0104", "E0105", "E0106")
                     and path.name not in ("E0104-attribute", "E0104-size-not-whole-pages"))


@pytest.mark.parametrize("case", SHAPE_CASES, ids=lambda case: case.name)
def test_a_mistake_of_shape_is_seen_by_the_editor_too(case: Path) -> None:
    found = []
    for path in (case / "wrong").rglob("*.yaml"):
        place = path.relative_to(case / "wrong").as_posix()
        found += errors(kind_of("apps/case/system.yaml" if place == "system.yaml" else place), path)

    assert found


def test_an_overlay_may_remove_and_add() -> None:
    validator = jsonschema.Draft7Validator(SCHEMAS["variant"])

    assert validator.is_valid({"instances": {"disk": None, "uart": {"priority": 3}}, "connections+": ["a.b -> c.d"]})
    assert not validator.is_valid({"instances": {"uart": {"prioritty": 3}}})
