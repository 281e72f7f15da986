"""`tenon build`: the image of one product."""

from __future__ import annotations

import sys

from .. import product
from ..project import ROOT

NAME = "build"
HELP = "build the image of an app"
EXAMPLE = "./tenon build datalogger --set log_level=debug"


def add_arguments(parser) -> None:
    product.add_arguments(parser)


def run(args) -> int:
    chosen = product.from_arguments(args)
    folder = product.build(chosen, args.verbose)
    if sys.stderr.isatty() or args.verbose:
        print(f"{folder.relative_to(ROOT)}/tenon.img", file=sys.stderr)
    return 0
