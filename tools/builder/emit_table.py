"""system_table.h: the names behind the numbers of SYS_INSPECT, for components that `needs: [inspect]`.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from . import text
from .abi import constant
from .plan import Plan


def system_table(plan: Plan) -> str:
    """Instances in the order of the kernel's components; their static slots in order, from SLOT_FIRST."""
    return text.render("system_table.h.j2", plan=plan, first=constant("SLOT_FIRST"))
