"""`tenon build`: the image of one product."""

from __future__ import annotations

import sys

from .. import formats, packages, product, qemu
from ..project import ROOT

NAME = "build"
HELP = "build the image of an app"
EXAMPLE = "./tenon build datalogger --set log_level=debug --format elf"


def add_arguments(parser) -> None:
    product.add_arguments(parser)
    parser.add_argument("--format", choices=list(formats.FILES), help="make it in this form, and say where it is")


def run(args) -> int:
    chosen = product.from_arguments(args)
    if args.format:
        formats.check(qemu.read_board(chosen.board), args.format)
        packages.ensure(formats.PACKAGES.get(args.format, set()), args.verbose)
    folder = product.build(chosen, args.verbose)
    if args.format:
        print(formats.made(folder, args.format).relative_to(ROOT))
        return 0
    if sys.stderr.isatty() or args.verbose:
        print(f"{folder.relative_to(ROOT)}/tenon.img", file=sys.stderr)
    return 0
