"""What the commands say about themselves goes to standard error, through here."""

from __future__ import annotations

import os
import sys
from types import TracebackType

STYLES = {"error": "1;31", "good": "32", "name": "1", "dim": "2"}


def use_color(stream=None) -> bool:
    """NO_COLOR wins, then FORCE_COLOR, then whether a person is looking."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or sys.stderr).isatty()


def paint(text: str, style: str, stream=None) -> str:
    return f"\033[{STYLES[style]}m{text}\033[0m" if use_color(stream) else text


def say(text: str) -> None:
    print(f"tenon: {text}", file=sys.stderr, flush=True)


def error(text: str, hint: str = "") -> None:
    print(f"{paint('tenon: ' + text, 'error')}", file=sys.stderr)
    if hint:
        print(f"  {hint}", file=sys.stderr)


class Progress:
    """A line that counts while a person watches, and is one plain line in a log.

    Nothing is printed before the first `step`, so work that turns out to be none stays quiet.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.shown = False

    def step(self, count: str = "") -> None:
        if self.live:
            print(f"\r\033[K{self.title} {count}", end="", file=sys.stderr, flush=True)
        elif not self.shown:
            print(f"{self.title} ...", file=sys.stderr, flush=True)
        self.shown = True

    def clear(self) -> None:
        """Takes the line away, so that something else can be printed."""
        if self.live and self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.clear()
