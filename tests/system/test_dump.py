"""The capabilities that the kernel says it has are those of layout.json, no more and no less.

Those of kernel_tests, the largest, are compared in test_kernel.py, which boots it anyway.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builder import fixtures
from builder.machine import Machine
from builder.starts import Start

from system.dump import END, dumped_rows, layout_rows


@pytest.mark.parametrize("app", ("hello", "datalogger"))
def test_the_capability_dump_is_the_layout(machine: Callable[..., Machine], app: str, board: Start) -> None:
    running = machine(app, board)
    running.expect(f"^{END}$")

    expected = layout_rows(fixtures.built(fixtures.product_of(app, board)))
    assert expected
    assert dumped_rows(running.text) == expected


def test_a_release_build_prints_no_dump(machine: Callable[..., Machine], board: Start) -> None:
    running = machine("hello", board, settings=("build=release",))

    assert running.wait() == 0
    assert "cap " not in running.text
