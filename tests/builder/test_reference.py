"""docs/description.md is what the declarations say now.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from builder import grammar, reference
from builder.commands.reference import PAGE


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == reference.text(), "type: ./tenon reference"


def test_every_file_kind_is_on_the_page() -> None:
    roots = [root for _, _, maps in reference.FILES for root in maps]

    assert all(shape in roots for shape, _ in grammar.FILE_KINDS.values())


def test_a_key_is_shown_with_its_value_its_meaning_and_its_default() -> None:
    page = reference.text()

    assert "| `priority` | a number from 1 to 254 | 1 (low) to 254 (high)." in page
    assert "| `stack` | a size from 4KiB to 4GiB, a multiple of 4KiB | Stack of its main thread. Default: `16KiB`. |" in page
    assert "| `component` | a name of small letters, digits and `_`, a letter first, at most 40 | " in page
    assert "Default: `false`" in page and "Default: `None`" not in page
