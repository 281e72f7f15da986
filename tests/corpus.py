"""Small projects for tests: the files of base/, with those of a test laid over them.

A case is a folder of such files. `system.yaml` in it stands for apps/case/system.yaml, other paths for
themselves; `arguments.txt` holds the options that check is called with.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from builder.commands import check
from builder.diagnostic import Diagnostic, render
from builder.project import ROOT

HERE = Path(__file__).parent / "builder"
BASE = HERE / "base"
ARGUMENTS = "arguments.txt"


def make_project(target: Path, case: Path | None = None) -> Path:
    """The project of a case, in a folder of its own."""
    shutil.copytree(BASE, target, dirs_exist_ok=True)
    shutil.copy(ROOT / "settings.yaml", target)
    for path in sorted(case.rglob("*")) if case else ():
        if path.is_file() and path.name != ARGUMENTS:
            place = target / _place(path.relative_to(case))
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
    return target


def _place(path: Path) -> Path:
    return Path("apps/case") / path if len(path.parts) == 1 and path.name == "system.yaml" else path


def check_project(root: Path, arguments: str = "") -> list[Diagnostic]:
    """What `tenon check case ARGUMENTS` finds there."""
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    args = parser.parse_args(arguments.split())
    app = args.apps[0] if args.apps else "case"
    return check.problems_of(app, args.board, args.variant, args.settings, root)


def check_case(case: Path, target: Path) -> tuple[list[Diagnostic], str]:
    """The diagnostics of a case, and the text that a user sees."""
    root = make_project(target, case)
    arguments = case / ARGUMENTS
    problems = check_project(root, arguments.read_text() if arguments.exists() else "")
    return problems, render(problems, root)
