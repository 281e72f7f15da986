"""The smallest system: the reply that the second component computes, on each kind of start.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Callable

from builder.machine import Machine
from builder.starts import Start


def test_hello_prints_the_greeters_answer_and_ends_well(machine: Callable[..., Machine], start: Start) -> None:
    running = machine("hello", start)

    running.expect(rf"^tenon: hello on {start.board}, layout [0-9a-f]+, {start.mode}$")
    running.expect(r"^asker: at 9 o'clock the greeter says: good morning$")
    assert running.wait() == 0


def test_the_answer_is_the_greeters_own(machine: Callable[..., Machine], board: Start) -> None:
    """A greeter that fails leaves nothing to print; the call ends and the exit code says so."""
    running = machine("hello", board, variant="failing")

    running.expect(r"^greeter: panic: asked to fail$")
    running.expect(r"^tenon: backtrace greeter( 0x[0-9a-f]+){5,}$")
    running.expect(r"^asker: error: the greeter does not answer, status")
    assert running.wait() == 1
    assert "good morning" not in running.text


def test_hello_is_quieter_in_a_release(machine: Callable[..., Machine], board: Start) -> None:
    running = machine("hello", board, settings=("build=release",))

    assert running.wait() == 0
    assert "good morning" in running.text and "\ncap " not in running.text
