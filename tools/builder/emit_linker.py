"""The linker script of an instance: where its code and data begin is its own, and its name.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from . import text
from .plan import Instance


def linker_script(instance: Instance) -> str:
    name = " ".join(f"BYTE({byte})" for byte in (*instance.name.encode(), 0))
    return text.render("component.ld.j2", i=instance, name_bytes=name)
