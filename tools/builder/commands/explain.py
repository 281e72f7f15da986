"""`tenon explain CODE`: what an error means, why it is one, and a wrong and a right example."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import textwrap

from .. import terminal
from ..diagnostic import did_you_mean
from ..errors import ERRORS, ErrorCode
from ..project import UserError

NAME = "explain"
HELP = "say what an error code means, with a wrong and a right example"
EXAMPLE = "./tenon explain E0703"
NEEDS = ""

WIDTH = 100


def add_arguments(parser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as E0703; without: all codes with their titles")


def run(args) -> int:
    if args.code is None:
        print("\n".join(f"{entry.code}  {entry.title}" for entry in ERRORS.values()))
        return 0
    code = args.code.upper()
    if code.isdigit():
        code = f"E{int(code):04}"
    if code not in ERRORS:
        near = did_you_mean(code, ERRORS)
        raise UserError(f"there is no error `{args.code}`" + (f"; did you mean `{near}`?" if near else ""),
                        "type: tenon explain")
    print(explanation(ERRORS[code]))
    return 0


def explanation(entry: ErrorCode) -> str:
    """As it is printed, without the last line's end."""
    title = terminal.paint(f"{entry.code}: {entry.title}", "name")
    why = textwrap.fill(entry.why, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join([title, "", why, "", "Wrong:", textwrap.indent(entry.wrong, "    "), "", "Right:",
                      textwrap.indent(entry.right, "    ")])
