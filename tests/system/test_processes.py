"""apps/processes on QEMU: what a program can do and cannot, and that nobody notices when pm is ended. See apps/processes/README.md.

A short slice; `tests/system/processes_campaign.py --full` is the whole length.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from pathlib import Path

import pytest

from builder.starts import Start, one_core
from minixdisk import read_files
from system.processes_campaign import carry_out, ends_told, kills, met, starts

KILLS = 10
TOUR = """\
tour: greet: exit code 7
tour: faulty: fault 2 at 0x10
tour: hoarder: exit code 0
tour: /bin/hungry is not spawned: too much memory
tour: /bin/nobody is not spawned: absent
tour: /note is not spawned: absent
tour: /bin/notes is not spawned: not a program
tour: guess: exit code 1
tour: /bin/greet is not spawned: no such use
tour: /bin/greet is not spawned: no capability
tour: scribe: exit code 0
tour: /bin/scribe is not spawned: something is missing
tour: /note: written by a process
tour: worker: as computed
tour: processes while it runs: 1
tour: endless: killed
tour: it was that one: yes, and a second time: absent
tour: /bin/endless is not spawned: too many
tour: 8 at a time, 8 killed, 0 are left
tour: parent: exit code 0
tour: processes after it: 0
tour: done, 0 processes
"""
SAID = ("greet: hello, world", "hoarder: got between 48 and 64 KiB: yes", "guess: something is in slot 1", "greet: hello, from below")


@pytest.mark.timeout(300)
def test_a_process_has_what_was_passed_on_to_it_and_nothing_else(machine, board: Start, tmp_path: Path) -> None:
    running = machine("processes", board)

    assert running.wait(timeout=120) == 0
    assert "".join(line + "\n" for line in running.text.splitlines() if line.startswith("tour: ")) == TOUR
    for words in SAID:
        assert running.text.count(f"\n{words}\n") == 1, words
    files = read_files(tmp_path / "disk.img")
    assert files["/note"] == b"written by a process"


@one_core("the process manager and all its processes are on one core")
@pytest.mark.timeout(600)
def test_processes_run_on_when_pm_is_ended(tmp_path: Path, board: Start) -> None:
    wrong, console = carry_out(board, KILLS, 1, tmp_path, patience=300)

    assert not wrong, console
    assert len(kills(console)) == KILLS
    assert sum(number for who, number in met(console).items() if who != "nothing") >= 2, console
    assert sum(run for run, _ in starts(console)[1:]) >= KILLS, console
    assert sum(ended for _, ended in starts(console)[1:]) >= 1, console
    assert ends_told(console) >= 20
