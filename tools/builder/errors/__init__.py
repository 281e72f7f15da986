"""The error codes: what each means, why it is an error, and a wrong and a right example.

`tenon explain CODE` prints an entry. Codes are never reused. The hundreds say which pass found it:
E00 reading text, E01 shape of a file, E02 settings and expressions, E03 board and devices, E04 names and
composition, E05 interfaces, E06 components, E07 rules about the whole system, E08 layout, E09 linked images.
One module for each of them.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from . import board, component, composition, image, interface, reading, settings, shape, system
from .code import ErrorCode

GROUPS = (reading, shape, settings, board, composition, interface, component, system, image)
ERRORS: dict[str, ErrorCode] = {entry.code: entry for group in GROUPS for entry in group.ENTRIES}
