"""Where the project lies, and the errors that are its user's to mend."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


class UserError(Exception):
    """Something the user can put right: shown as `tenon: TEXT`, exit code 1.

    `hint`, when given, is printed below on a line of its own: what to type instead.
    """

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.hint = hint


class Silent(UserError):
    """A failure that was already explained to the user: exit code 1, nothing more is printed."""

    def __init__(self) -> None:
        super().__init__("")
