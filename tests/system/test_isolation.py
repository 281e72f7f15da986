"""apps/isolation on QEMU: whatever a driver does wrong, nobody else notices. See apps/isolation/README.md."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re

import pytest

from builder.starts import Start, one_core

WRONGS = ("hang", "storm of interrupts", "wild reads", "wild writes", "wild jump", "endless stack", "smashed stack", "guessed system calls")
ROUNDS = 4          # settings.yaml of the app


@one_core("deadlines are judged by the processor's own time, which several cores do not share")
@pytest.mark.timeout(400)
def test_nobody_notices_what_a_driver_does_wrong(machine, board: Start) -> None:
    running = machine("isolation", board, icount=True)
    running.expect("director: done", timeout=300)
    console = running.text

    for wrong in WRONGS:
        assert f"director: {wrong}: {ROUNDS} times, nobody else noticed" in console
    periods = re.search(r"director: (\d+) periods of 1 ms, 0 missed", console)
    assert periods and int(periods[1]) > 100
