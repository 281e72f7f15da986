"""Numbers that kernel and builder share, read from their one owner: kernel/include/abi/syscall.h and guest.h.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from functools import cache

from .project import ROOT

HEADERS = [ROOT / "kernel" / "include" / "abi" / name for name in ("syscall.h", "guest.h")]
NUMBER = r"(0x[0-9a-fA-F]+|\d+)"
DEFINE = re.compile(rf"^#define +(\w+) +\(?{NUMBER}(?:u?l?l?)(?: *<< *(\d+))?\)?\s", re.MULTILINE)
MEMBERS = re.compile(rf"\b([A-Z]\w+) = {NUMBER}")
ENUM = re.compile(r"^enum \w+ \{(.*?)\};", re.MULTILINE | re.DOTALL)

PAGE = 4096               # of every architecture; kernel/base.h: PAGE_SIZE
NOTIFICATION_BITS = 64    # a notification is one word


@cache
def constants() -> dict[str, int]:
    """Every number the headers define, by name."""
    text = "".join(header.read_text() for header in HEADERS)
    found = {name: int(number, 0) << int(shift or 0) for name, number, shift in DEFINE.findall(text)}
    for body in ENUM.findall(text):
        found.update((name, int(number, 0)) for name, number in MEMBERS.findall(body))
    return found


def constant(name: str) -> int:
    return constants()[name]
