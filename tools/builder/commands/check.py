"""`tenon check`: reads descriptions and says everything that is wrong with them, without building."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import sys
from pathlib import Path

from .. import terminal
from ..allocate import allocate
from ..diagnostic import Diagnostic, ordered, render, render_json
from ..front import check_library, load
from ..project import ROOT, UserError

NAME = "check"
HELP = "say what is wrong with a description, without building"
EXAMPLE = "./tenon check hello --variant failing"


def add_arguments(parser) -> None:
    parser.add_argument("apps", nargs="*", metavar="APP",
                        help="folders below apps/ (default: all with their variants, all shared components and boards)")
    parser.add_argument("--board", default="", help="a folder below cmake/boards/")
    parser.add_argument("--variant", default="", help="a variant of the apps")
    parser.add_argument("--set", action="append", default=[], dest="settings", metavar="KEY=VALUE",
                        help="change a setting; may be repeated")
    parser.add_argument("--format", choices=["text", "json"], default="text",
                        help="json: one object a line, for editors and CI")


def run(args) -> int:
    products = [(app, args.variant) for app in args.apps] or all_products(args.variant)
    if not products:
        raise UserError("there is no app to check", "type: ./tenon new app NAME")
    found: list[Diagnostic] = [] if args.apps else check_library(ROOT)
    for app, variant in products:
        found += problems_of(app, args.board, variant, args.settings)
    found = ordered(found)
    if args.format == "json":
        sys.stdout.write(render_json(found))
    elif found:
        sys.stderr.write(render(found, ROOT, terminal.use_color()))
    elif args.verbose:
        print(f"{len(products)} descriptions are right")
    return 1 if found else 0


def all_products(variant: str) -> list[tuple[str, str]]:
    """Every app, plain and in each of its variants."""
    products = []
    for file in sorted(ROOT.glob("apps/*/system.yaml")):
        variants = [variant] if variant else ["", *sorted(path.stem for path in file.parent.glob("variants/*.yaml"))]
        products += [(file.parent.name, each) for each in variants]
    return products


def problems_of(app: str, board: str, variant: str, sets: list[str], root: Path = ROOT) -> list[Diagnostic]:
    """Those of the description; when it has none, those that show when its objects are numbered."""
    loaded = load(app, board or None, variant or None, sets, root)
    if loaded.problems or loaded.system is None:
        return loaded.problems
    return list(allocate(loaded.system)[1])
