"""apps/files on QEMU: two writers' files are on the disk as they were written, whoever was ended meanwhile.

A short slice; `tests/system/files_campaign.py --full` is the whole length.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.starts import Start, one_core
from system.files_campaign import Run, carry_out, flights

TARGETS = ("disk", "mfs", "vfs")
MIRRORED = Run(size=512 << 10, kills=3, targets=("disk", "left", "right", "liar", "mfs"), gap="10ms", variant="mirror")
RUN = Run(size=2 << 20, kills=20, targets=TARGETS, gap="10ms")


@one_core("the race ends components on several cores")
@pytest.mark.timeout(600)
def test_the_files_are_as_written_whoever_is_ended(tmp_path: Path, board: Start) -> None:
    wrong, console = carry_out(board, RUN, tmp_path, patience=300)

    assert not wrong, console
    for target in TARGETS:
        assert flights(console, target).count("nothing") <= 1, console


@one_core("what a disk that lies does to its neighbour does not depend on the cores")
@pytest.mark.timeout(600)
def test_the_files_are_as_written_though_one_disk_lies(tmp_path: Path, board: Start) -> None:
    wrong, console = carry_out(board, MIRRORED, tmp_path, patience=300)

    assert not wrong, console
    assert re.search(r"disk: warning: repaired since the start: \d+ blocks left, [1-9]\d* right", console), console
