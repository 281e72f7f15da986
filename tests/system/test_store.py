"""apps/store on QEMU: what the store acknowledged is there, and followers are told, whoever is ended. See apps/store/README.md."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re

import pytest

from builder.starts import Start, one_core

KEEPERS = ("keeper0", "keeper1")
TARGETS = ("store", *KEEPERS, "follower")
KILLS = 25          # settings.yaml of the app
IN_FLIGHT_LEAST = 20


def steps(console: str, keeper: str) -> list[int]:
    return [int(number) for number in re.findall(rf"{keeper}: (\d+) steps", console)]


@one_core("the race ends components on several cores")
@pytest.mark.timeout(400)
def test_values_outlive_the_store_and_its_clients(machine, board: Start) -> None:
    running = machine("store", board)
    running.expect(rf"chaos: done, {KILLS * len(TARGETS)} kills", timeout=240)
    for keeper in KEEPERS:      # each goes on, for which it must be told of the follower's answers
        last = max(steps(running.text, keeper), default=0)
        while max(steps(running.text, keeper), default=0) == last:
            running.expect(rf"{keeper}: \d+ steps", timeout=60)
    console = running.text

    for target in TARGETS:
        assert len(re.findall(rf"chaos: kill \d+ of {target},", console)) == KILLS
    flights = re.findall(r"chaos: kill \d+ of store, in flight: (\w+)", console)
    assert KILLS - flights.count("nothing") >= IN_FLIGHT_LEAST
    for keeper in KEEPERS:
        assert steps(console, keeper) == sorted(set(steps(console, keeper))), "a step is done once"
        assert f"follower: what {keeper} published is there, its secret is not" in console
    assert not re.findall(r"^.*(?:panic|error|warning).*$", console, re.MULTILINE)
