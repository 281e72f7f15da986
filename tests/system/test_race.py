"""apps/race: four cores, every QEMU thread its own, and whatever they can do to each other. See apps/race/README.md.

Real time decides who meets whom, so a run is never like the one before; what is asserted holds for all of them.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from builder.machine import Machine
from builder.starts import Start

RACERS = 8
ROUNDS = 2000       # settings.yaml of the app


@pytest.mark.parametrize("seed", [1, 2])
def test_every_answer_is_right_whoever_ends_meanwhile(machine: Callable[..., Machine], board: Start, seed: int) -> None:
    running = machine("race", board, settings=(f"race_seed={seed}",))
    code = running.wait(240)
    # A line can be cut by another core's when its own core is slow to come on with it: kernel/plat/console.c.
    racers = set(re.findall(r"racer(\d): ", running.text))
    counts = re.findall(r"^racer\d: (\d+) answers, (\d+) timeouts, (\d+) deaths$", running.text, re.MULTILINE)
    answers, timeouts, deaths = (sum(int(row[i]) for row in counts) for i in range(3))

    assert re.search(r"^race: all answers were right, \d+ crashes besides$", running.text, re.MULTILINE), running.tail()
    assert code == 0
    assert len(racers) == RACERS
    assert answers >= RACERS * ROUNDS * 3 // 4 and timeouts > 0 and deaths > 0
