"""The kernel's figures are exact, so a path that gets longer is a failure: see tests/bench/recorded.yaml.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from builder import bench_page
from builder.commands import bench
from builder.starts import Start, one_core

WORSE = 1.02


@one_core("what is measured happens on one core")
def test_no_operation_of_the_kernel_takes_more_instructions_than_recorded(board: Start) -> None:
    recorded = bench_page.recorded()[board.board]
    measurement = bench.load("ipc")
    with bench.Bench(board.board, board.cpu, board.el, verbose=False) as measuring:
        found = measurement.of_the_kernel(measurement.measure(measuring))

    assert found.keys() == recorded.keys()
    assert {name: (value, recorded[name]) for name, value in found.items() if value > recorded[name] * WORSE} == {}
