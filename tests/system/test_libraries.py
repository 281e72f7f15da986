"""Runtime, libc and stubs on the machine: every check of apps/library_tests passes, and none is missing."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from pathlib import Path

from builder.project import ROOT
from builder.starts import Start

SOURCES = sorted((ROOT / "apps" / "library_tests").rglob("*_checks.c")) + [
    ROOT / "apps/library_tests/components/exerciser/exerciser.c"]


def checks(source: Path) -> set[str]:
    text = source.read_text()
    subject = re.search(r'"pass (\w+) "', text)[1]
    return {f"{subject} {name}" for name in re.findall(r'^\s+CHECK\("([^"]+)"', text, re.MULTILINE)}


def test_libraries_work_in_components(machine, start: Start) -> None:
    booted = machine("library_tests", start)
    assert booted.wait(120) == 0, booted.text
    passed = set(re.findall(r": pass ([^\r\n]+)", booted.text))
    assert passed == set.union(*map(checks, SOURCES))
    assert " fail " not in booted.text
