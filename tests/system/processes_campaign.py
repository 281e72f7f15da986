#!/usr/bin/python3
"""Runs the app `processes` while pm is ended, and checks that nobody noticed.

    tests/system/processes_campaign.py --full
    tests/system/processes_campaign.py --board qemu-riscv64 --kills 30 --seed 7

--full: 100 kills on each board.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from builder import fixtures  # noqa: E402
from builder.starts import Start, columns  # noqa: E402

FULL = 100


def kills(console: str) -> list[tuple[str, str]]:
    """The moment of each, and who was met."""
    return re.findall(r"chaos: kill \d+ of pm, (in flight|inside): (\w+)", console)


def met(console: str) -> dict[str, int]:
    """How many kills met pm in the middle of a call of its own, by whom it called."""
    inside = [who for moment, who in kills(console) if moment == "inside"]
    return {who: inside.count(who) for who in sorted(set(inside))}


def starts(console: str) -> list[tuple[int, int]]:
    """How many processes ran at each start of pm, and how many had ended, untold."""
    return [(int(run), int(ended)) for run, ended in re.findall(r"pm: (\d+) processes run, (\d+) have ended", console)]


def ends_told(console: str) -> int:
    return max((int(told) for told in re.findall(r"crowd: \d+ spawned, (\d+) ends told", console)), default=0)


def problems(count: int, console: str) -> list[str]:
    found = [line for line in console.splitlines() if re.search(r"error:|panic|warning", line)]
    if len(kills(console)) != count:
        found.append(f"pm was ended {len(kills(console))} times")
    if len(starts(console)) != count + 1:
        found.append(f"pm was started {len(starts(console))} times")
    return found


def carry_out(start: Start, count: int, seed: int, folder: Path, patience: float) -> tuple[list[str], str]:
    """What was wrong, and the console."""
    settings = (f"processes_seed={seed}", f"processes_kills={count}")
    machine = fixtures.boot_product("processes", start, "kills", settings, disk_folder=folder)
    try:
        machine.expect(r"chaos: done, \d+ kills", timeout=patience)
        last = ends_told(machine.text)
        while ends_told(machine.text) <= last:      # it goes on afterwards
            machine.expect(r"crowd: \d+ spawned, \d+ ends told", timeout=patience)
    finally:
        machine.kill()
    return problems(count, machine.text), machine.text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--board", action="append", help="may be repeated; default: all")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=600, help="seconds for one run")
    args = parser.parse_args()
    count = FULL if args.full else args.kills
    failed = False
    for name in args.board or [name for name, start in columns().items() if start.cores == 1]:
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            wrong, console = carry_out(columns()[name], count, args.seed, Path(folder), args.patience)
        inside = ", ".join(f"{number} {who}" for who, number in met(console).items())
        untold = sum(ended for _, ended in starts(console)[1:])
        print(f"{name}: pm ended {len(kills(console))} times, in the middle of calls to: {inside}; readopted {sum(run for run, _ in starts(console)[1:])} "
              f"processes that ran and {untold} that had ended; {ends_told(console)} ends told, {time.monotonic() - begin:.0f} s: "
              f"{'; '.join(wrong) or 'nobody noticed'}", flush=True)
        failed |= bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
