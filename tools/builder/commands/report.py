"""`tenon report`: what a product holds: sizes, memory, stacks, methods, and every capability with its reason.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import sys

from .. import product

NAME = "report"
HELP = "build an app and say what it holds: sizes, memory, stacks, capabilities"
EXAMPLE = "./tenon report datalogger --json"


def add_arguments(parser) -> None:
    product.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print report.json")


def run(args) -> int:
    folder = product.build(product.from_arguments(args), args.verbose)
    sys.stdout.write((folder / ("report.json" if args.json else "report.txt")).read_text())
    return 0
