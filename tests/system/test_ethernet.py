"""The network driver alone, on QEMU's user network."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from builder.starts import Start


def test_the_gateway_answers_whichever_driver_asks(machine, board: Start) -> None:
    running = machine("ethernet_check", board)

    for number in range(1, 6):
        running.expect(rf"^resolver: round {number}: 10\.0\.2\.2 is at 52:55:0a:00:02:02$")
    assert running.wait() == 0
