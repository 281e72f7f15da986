"""Sizes and durations as people write them: `64KiB`, `10ms`; bytes and nanoseconds inside."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re

SIZES = {"GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10, "B": 1}
DURATIONS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
SIZE_PATTERN = r"[0-9]{1,18}(B|KiB|MiB|GiB)?"
DURATION_PATTERN = r"[0-9]{1,18}(ns|us|ms|s)"
NUMBER = re.compile(r"([0-9]{1,18})([A-Za-z]*)\Z")


def parse_size(text: str) -> int | None:
    """Bytes, or None when it is not a size."""
    return _parse(text, SIZES, 1)


def parse_duration(text: str) -> int | None:
    """Nanoseconds, or None when it is not a duration. A number without a unit is none."""
    return _parse(text, DURATIONS, None)


def _parse(text: str, units: dict[str, int], without: int | None) -> int | None:
    match = NUMBER.match(text)
    if match is None:
        return None
    unit = units.get(match[2]) if match[2] else without
    return int(match[1]) * unit if unit is not None else None


def format_size(value: int) -> str:
    """The shortest way to write it exactly."""
    return _format(value, SIZES, "")


def format_duration(value: int) -> str:
    return _format(value, DURATIONS, "ns")


def _format(value: int, units: dict[str, int], smallest: str) -> str:
    for unit, factor in units.items():
        if factor > 1 and value and value % factor == 0:
            return f"{value // factor}{unit}"
    return f"{value}{smallest}"
