"""One entry of the table of error codes."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """`title` completes "error: ...", `why` is for a reader who wonders; the examples are YAML or a command."""

    code: str
    title: str
    why: str
    wrong: str
    right: str
