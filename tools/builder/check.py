"""The pass that judges a whole system by the rules in rules/.

All rules run in every run, and none judges a value that was already reported as wrong (`Linked.doubts`,
`Linked.whole`). A rule reports and changes nothing. Its first line says what must hold.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from functools import partial

from .c_names import check_names
from .diagnostic import Diagnostics
from .rules import RULES, Context


def check(context: Context, problems: Diagnostics) -> None:
    for code, function in RULES:
        function(context, partial(problems.add, code))
    check_names([(i.name, i.span) for i in context.instances], problems)
    check_names([(region.name, region.span) for region in context.linked.regions.values()], problems)
