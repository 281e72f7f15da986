"""The kernel's figures are exact, so a path that gets longer is a failure: see tests/bench/recorded.yaml.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from builder import bench_page
from builder.commands import bench
from builder.starts import Start, one_core

WORSE = 1.02


@one_core("what is measured happens on one core")
def test_no_operation_of_the_kernel_takes_more_instructions_than_recorded(start: Start) -> None:
    recorded = bench_page.recorded()[bench_page.column(start.board, start.cpu, start.el)]
    measurement = bench.load("ipc")
    with bench.Bench(start.board, start.cpu, start.el, verbose=False) as measuring:
        found = measurement.of_the_kernel(measurement.measure_start(measuring))

    assert found.keys() == recorded.keys()
    assert found.pop("operations") == recorded.pop("operations")
    assert {name: (value, recorded[name]) for name, value in found.items() if value > recorded[name] * WORSE} == {}
