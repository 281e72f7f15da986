"""The capabilities that the kernel says it has are those of layout.json, no more and no less.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from builder import fixtures, product
from builder.abi import constant
from builder.machine import Machine

MODES = [("cortex-a53", 1), ("cortex-a53", 2), ("neoverse-n1", 1), ("neoverse-n1", 2)]
APPS = ("hello", "datalogger", "kernel_tests")


def layout_rows(folder: Path) -> list[str]:
    """The dump as the builder would write it."""
    plan = json.loads((folder / "gen" / "layout.json").read_text())["plan"]
    return [f"{instance['name']} {slot['index']} {constant(slot['type']):x} {rights(slot['rights']):x} "
            f"{slot['badge']:x} {max(slot['object'][1], 0)}"
            for instance in plan["instances"] for slot in instance["slots"]]


def rights(names: list[str]) -> int:
    return sum(constant(name) for name in names)


def dumped_rows(machine: Machine) -> list[str]:
    machine.expect("^cap end$")
    return [line.removeprefix("cap ") for line in machine.text.splitlines()
            if line.startswith("cap ") and line != "cap end"]


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("cpu, el", MODES)
def test_the_capability_dump_is_the_layout(machine: Callable[..., Machine], app: str, cpu: str, el: int) -> None:
    running = machine(app, cpu=cpu, el=el)

    expected = layout_rows(fixtures.built(product.checked(product.Product(app, product.DEFAULT_BOARD))))
    assert expected
    assert dumped_rows(running) == expected


def test_a_release_build_prints_no_dump(machine: Callable[..., Machine]) -> None:
    running = machine("hello", settings=("build=release",))

    assert running.wait() == 0
    assert "cap " not in running.text
