"""What `tenon run --input` types to the console.

A file with a line that starts with `wait ` or `send ` is a script:
    wait REGEX     until the console shows it (after the last thing waited for)
    send TEXT      types the text and a newline
    sleep SECONDS
Blank lines and lines starting with # are skipped. Any other file is plain text, typed line by line, each
line as soon as the console has been silent for a moment.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from .project import UserError

SILENCE = 0.3  # seconds without output after which a system is taken to wait for input


@dataclass(frozen=True, slots=True)
class Step:
    verb: str  # wait, send, sleep or silence
    text: str = ""


def parse_script(text: str, name: str) -> list[Step]:
    lines = text.splitlines()
    if not any(line.startswith(("wait ", "send ")) for line in lines):
        return [step for line in lines for step in (Step("silence"), Step("send", line))]
    return [_parse_line(line, f"{name}:{number}") for number, line in enumerate(lines, 1)
            if line.strip() and not line.startswith("#")]


def _parse_line(line: str, place: str) -> Step:
    verb, _, text = line.partition(" ")
    if verb not in ("wait", "send", "sleep"):
        raise UserError(f"{place}: `{verb}` is none of wait, send, sleep")
    try:
        if verb == "wait":
            re.compile(text)
        if verb == "sleep":
            float(text)
    except (re.error, ValueError) as problem:
        raise UserError(f"{place}: {problem}") from None
    return Step(verb, text)


class Typist:
    """Goes through the steps; `advance` is called whenever the console or the clock has moved."""

    def __init__(self, steps: list[Step], send: Callable[[str], None]) -> None:
        self._steps = list(steps)
        self._send = send
        self._position = 0   # of the console text, where the next `wait` begins to look
        self._seen = 0       # length of the console text at the last look
        self._output_at = self._step_at = time.monotonic()

    @property
    def is_done(self) -> bool:
        return not self._steps

    @property
    def waits_for(self) -> str:
        return self._steps[0].text if self._steps and self._steps[0].verb == "wait" else ""

    def advance(self, text: str) -> None:
        if len(text) > self._seen:
            self._seen = len(text)
            self._output_at = time.monotonic()
        while self._steps and self._may_pass(self._steps[0], text):
            self._steps.pop(0)
            self._step_at = time.monotonic()

    def _may_pass(self, step: Step, text: str) -> bool:
        now = time.monotonic()
        if step.verb == "send":
            self._send(step.text + "\n")
            return True
        if step.verb == "sleep":
            return now - self._step_at >= float(step.text)
        if step.verb == "silence":
            return self._seen > 0 and now - max(self._output_at, self._step_at) >= SILENCE
        match = re.compile(step.text, re.MULTILINE).search(text, self._position)
        if match:
            self._position = match.end()
        return match is not None
