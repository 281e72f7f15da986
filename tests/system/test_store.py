"""apps/store on QEMU: what the store acknowledged is there, and followers are told, whoever is ended. See apps/store/README.md."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re

import pytest

from builder.starts import Start, one_core

KEEPERS = ("keeper0", "keeper1")
TARGETS = ("store", *KEEPERS, "follower")
KILLS = 25          # settings.yaml of the app
SUPERVISOR_KILLS = 25
AMID_LEAST = 5      # of them while one of the others was being recovered
UNTOUCHED = ("root", "chaos", "chaos_sup", "uart")
IN_FLIGHT_LEAST = 20


def steps(console: str, keeper: str) -> list[int]:
    return [int(number) for number in re.findall(rf"{keeper}: (\d+) steps", console)]


@one_core("the race ends components on several cores")
@pytest.mark.timeout(400)
def test_values_outlive_the_store_and_its_clients(machine, board: Start) -> None:
    running = machine("store", board)
    done = rf"chaos: done, {KILLS * len(TARGETS)} kills", rf"chaos_sup: done, {SUPERVISOR_KILLS} kills"
    running.expect(rf"(?s){done[0]}.*{done[1]}|{done[1]}.*{done[0]}", timeout=240)
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

    # The supervisor was ended as well, and nobody noticed: who was not to end did not, and who was came back once for each kill.
    amid = re.findall(r"chaos_sup: kill \d+ of sup, (?:ended|restarting): (\w+)", console)
    assert len(amid) - amid.count("nothing") >= AMID_LEAST
    starts = {name: int(count) for name, count in re.findall(r"chaos_sup: starts of (\w+): (\d+)", console)}
    assert set(starts) == {"sup", *UNTOUCHED, *TARGETS}
    assert starts["sup"] == SUPERVISOR_KILLS + 1
    assert {name: starts[name] for name in UNTOUCHED} == dict.fromkeys(UNTOUCHED, 1)
    said = console[:console.index("chaos_sup: starts of")]
    for target in TARGETS:      # the last kill may be done and not said yet, or its restart be to come
        assert abs(starts[target] - 1 - len(re.findall(rf"chaos: kill \d+ of {target},", said))) <= 1


# --- Recovery, in virtual time ---------------------------------------------------------------------------

RECOVERIES = 1000   # settings.yaml: one call more
P50_MOST, P99_MOST = 5_000, 20_000      # us
BACKOFF_FAULTY = 1_000                  # us, and of the other one ms, as variants/recovery.yaml declares
BACKOFF = (10, 20, 40, 40)
RESTART_MOST = 1    # ms that a restart takes itself
PEER_GONE = 14


@one_core("it is one core's virtual time")
def test_a_recovery_is_short_and_what_always_crashes_harms_nobody(machine, board: Start) -> None:
    running = machine("store", board, "recovery", icount=True)
    done = r"asks_faulty: \d+ recoveries: [^\n]*", r"asks_stillborn: \d+ of [^\n]*"
    running.expect(rf"(?s){done[0]}.*{done[1]}|{done[1]}.*{done[0]}", timeout=240)
    before = {keeper: len(steps(running.text, keeper)) for keeper in KEEPERS}
    while any(len(steps(running.text, keeper)) == before[keeper] for keeper in KEEPERS):
        running.expect(r"keeper\d: \d+ steps", timeout=120)
    console = running.text

    assert f"asks_faulty: {RECOVERIES + 1} of {RECOVERIES + 1} calls answered" in console
    p50, p99, longest = map(int, re.search(rf"{RECOVERIES} recoveries: p50 (\d+) us, p99 (\d+) us, longest (\d+) us", console).groups())
    assert BACKOFF_FAULTY < p50 <= P50_MOST
    assert p99 <= P99_MOST, (p50, p99, longest)

    starts = [int(us) for us in re.findall(r"stillborn: starts at (\d+) us", console)]
    waits = [(second - first) / 1000 for first, second in zip(starts, starts[1:], strict=False)]
    assert len(waits) == len(BACKOFF)
    assert all(declared <= wait <= declared + RESTART_MOST for declared, wait in zip(BACKOFF, waits, strict=True)), waits
    assert console.count("sup: error: stillborn: given up") == 1
    assert re.search(rf"asks_stillborn: 0 of \d+ calls answered, the others with status {PEER_GONE}$", console, re.MULTILINE)

    failed = re.findall(r"sup: warning: (\w+): write fault", console)
    assert (failed.count("faulty"), failed.count("stillborn")) == (RECOVERIES, len(BACKOFF) + 1)
    others = re.sub(r"sup: (warning|error): (faulty|stillborn): ", "", console)
    assert not re.findall(r"^.*(?:panic|error:|warning:).*$", others, re.MULTILINE)
    assert set(re.findall(r"sup: (\w+): restart", console)) == {"faulty", "stillborn"}


# --- Escalation ------------------------------------------------------------------------------------------

HALTED = 1      # the code with which a system ends because a component has


@one_core("what was said last is written or not, as the cores are")
def test_the_end_of_what_is_vital_goes_up_to_the_system_s(machine, board: Start) -> None:
    running = machine("store", board, "escalation", icount=True)
    assert running.wait(timeout=120) == HALTED
    console = running.text

    # Two starts in each of the supervisor's three lives; what was said last, before the system ended, may not be written any more.
    assert len(re.findall(r"vital: starts at", console)) in (5, 6)
    for words in ("sup: error: vital: given up", "sup: error: its supervisor ends as well", "root: warning: sup: exit code 1", "root: sup: restart in"):
        assert console.count(words) == 2
    assert set(re.findall(r"(\w+): restart in", console)) == {"vital", "sup"}
