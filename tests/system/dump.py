"""The capabilities that the kernel says it has, and those of the layout.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
from pathlib import Path

from builder.abi import constant

END = "cap end"


def layout_rows(folder: Path) -> list[str]:
    """The dump as the builder would write it."""
    plan = json.loads((folder / "gen" / "layout.json").read_text())["plan"]
    return [f"{instance['name']} {slot['index']} {constant(slot['type']):x} {_rights(slot['rights']):x} "
            f"{slot['badge']:x} {max(slot['object'][1], 0)}"
            for instance in plan["instances"] for slot in instance["slots"]]


def _rights(names: list[str]) -> int:
    return sum(constant(name) for name in names)


def dumped_rows(text: str) -> list[str]:
    lines = text.splitlines()
    assert END in lines
    return [line.removeprefix("cap ") for line in lines if line.startswith("cap ") and line != END]
