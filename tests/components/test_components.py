"""Each component's own unit tests: test_*.c beside its sources, as a host process under sanitizers. A file test_*.json beside
one is what the instance is configured with, times in ns."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder import model
from builder.diagnostic import Diagnostics, render
from builder.load import Files, Library
from builder.project import ROOT
from components import harness

TESTS = sorted(path for top in ("apps", "components") for path in (ROOT / top).rglob("test_*.c"))


def component_of(test: Path) -> model.ComponentType:
    problems = Diagnostics()
    app = test.relative_to(ROOT / "apps").parts[0] if test.is_relative_to(ROOT / "apps") else None
    found = Library(Files(ROOT, problems), app).component(test.parent.name)
    assert not problems, render(problems, ROOT)
    return found


@pytest.mark.parametrize("test", TESTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_component(test: Path, tmp_path: Path) -> None:
    config = test.with_suffix(".json")
    binary = harness.build(component_of(test), test, tmp_path, json.loads(config.read_text()) if config.exists() else {})
    assert " 0 failed" in harness.run([binary]).stdout
