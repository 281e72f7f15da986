"""One `tenon run`: watches the console until it can say whether the system did what was declared.

A run is good when every expected text came, in order, nothing failed meanwhile, and the system ended
(or went on) as its description declares.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from .machine import Machine
from .script import Step, Typist

FAILURE = re.compile(r"tenon: (panic\b|component \S+ failed\b).*")
SLICE = 0.05         # seconds between two looks at the clock
AFTER_FAILURE = 3.0  # seconds for the rest of what a failing system has to say


@dataclass(frozen=True, slots=True)
class Wishes:
    """What this run must show."""

    expects: list[re.Pattern] = field(default_factory=list)  # each must come, after the one before
    steps: list[Step] = field(default_factory=list)          # what is typed
    ending: str = "poweroff"                                 # or `running`: what the description declares
    seconds: float | None = 60                               # None: until it ends
    attended: bool = False                                   # somebody sits at the console


class Watch:
    def __init__(self, machine: Machine, wishes: Wishes) -> None:
        self._machine = machine
        self._wishes = wishes
        self._typist = Typist(wishes.steps, machine.send)
        self._expects = list(wishes.expects)
        self._matched = 0       # console text up to here belongs to expected texts that came
        self._examined = 0      # complete lines up to here were searched for failures
        self._failure = ""
        self._deadline = time.monotonic() + wishes.seconds if wishes.seconds else None

    def run(self) -> str:
        """Empty when all was good, or what was wrong in one line."""
        while self._machine.is_open:
            left = self._deadline - time.monotonic() if self._deadline else SLICE
            self._machine.read(min(SLICE, left))
            self._look()
            if self._is_enough():
                return self._failure
            if left <= 0:
                return self._when_time_is_up()
        return self._when_ended(self._machine.wait())

    def _look(self) -> None:
        text = self._machine.text
        self._typist.advance(text)
        while self._expects and (match := self._expects[0].search(text, self._matched)):
            self._matched = match.end()
            self._expects.pop(0)
        end = text.rfind("\n") + 1 if self._machine.is_open else len(text)
        for line in text[self._examined:end].splitlines():
            self._examine(line)
        self._examined = max(end, self._examined)

    def _examine(self, line: str) -> None:
        match = FAILURE.search(line)
        if not match or self._failure or any(regex.search(line) for regex in self._wishes.expects):
            return
        self._failure = f"the system failed: {match.group().removeprefix('tenon: ')}"
        if not self._wishes.attended:
            soon = time.monotonic() + AFTER_FAILURE
            self._deadline = min(self._deadline or soon, soon)

    def _is_enough(self) -> bool:
        """A system that is to run on may be stopped once it has shown all that was asked for."""
        asked = bool(self._wishes.expects or self._wishes.steps)
        return self._wishes.ending == "running" and asked and not self._expects and self._typist.is_done

    def _when_time_is_up(self) -> str:
        if self._failure or self._missing():
            return self._failure or f"time is up after {self._wishes.seconds:g} s: {self._missing()}"
        if self._wishes.ending == "poweroff":
            return f"time is up after {self._wishes.seconds:g} s: the system is declared to power off and did not"
        return ""

    def _when_ended(self, code: int) -> str:
        self._look()
        if self._failure:
            return self._failure
        if code != 0:
            return f"the system ended with exit code {code}"
        if self._missing():
            return f"the system ended too early: {self._missing()}"
        if self._wishes.ending == "running" and not self._wishes.attended and not self._wishes.steps:
            return "the system ended, but it is declared to keep running"
        return ""

    def _missing(self) -> str:
        if self._expects:
            return f"the expected text `{self._expects[0].pattern}` did not come"
        if self._typist.waits_for:
            return f"the input script still waits for `{self._typist.waits_for}`"
        return ""
