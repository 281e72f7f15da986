"""The passes in a row, for the commands: from files to a plan, with every mistake shown.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable
from pathlib import Path

from . import diagnostic, model, probing, terminal, text
from .allocate import allocate
from .diagnostic import Diagnostic
from .front import load
from .guest_image import guest_images
from .plan import Plan
from .product import DEFAULT_BOARD
from .project import ROOT, Silent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What chooses a product, as CMake passes it."""
    parser.add_argument("--app", required=True, help="a folder below apps/")
    parser.add_argument("--board", default=DEFAULT_BOARD, help="a folder below cmake/boards/")
    parser.add_argument("--variant", default="", help="a variant of the app")
    parser.add_argument("--set", action="append", default=[], dest="settings", metavar="KEY=VALUE",
                        help="change a setting; may be repeated")


def system_and_plan(args: argparse.Namespace, out: Path | None = None) -> tuple[model.System, Plan]:
    """The checked system and its plan; mistakes are shown, then Silent.

    `out` gets inputs.txt, the files to watch, first: a mistake in one of them is mended there, too.
    """
    gc.disable()  # all that the passes make lives to the end of the step
    loaded = load(args.app, args.board, args.variant or None, args.settings, ROOT)
    if out:
        text.write(out / "inputs.txt", "".join(f"{ROOT / path}\n" for path in loaded.inputs))
    show(loaded.problems)
    system = probing.probed(loaded.system) if probing.wanted(loaded.system.settings) else loaded.system
    plan, problems = allocate(system, guest_images(system))
    show(problems)
    return system, plan


def show(problems: Iterable[Diagnostic]) -> None:
    """Prints what is wrong and stops there; does nothing when nothing is."""
    shown = diagnostic.render(problems, ROOT, terminal.use_color())
    if shown:
        sys.stderr.write(shown)
        raise Silent
