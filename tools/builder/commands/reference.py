"""`tenon reference`: writes docs/description.md, the page of all keys, from their declarations."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .. import reference, text
from ..project import ROOT

NAME = "reference"
HELP = "write docs/description.md, the reference of all keys"
EXAMPLE = "./tenon reference"

PAGE = ROOT / "docs" / "description.md"


def add_arguments(parser) -> None:
    """It needs none."""


def run(args) -> int:
    text.write(PAGE, reference.text())
    print(PAGE.relative_to(ROOT))
    return 0
