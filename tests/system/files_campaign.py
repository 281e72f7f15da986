#!/usr/bin/python3
"""Runs the app `files` while its servers are ended, and compares what is on the disk with what was written.

    tests/system/files_campaign.py --full
    tests/system/files_campaign.py --board qemu-riscv64 --size 8MiB --kills 50 --targets "disk mfs vfs" --seed 7
    tests/system/files_campaign.py --variant mirror --targets "disk left right liar"

--full: 64 MiB on each board, with the disk's driver ended at 20 random points, and again once per second.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import argparse
import hashlib
import re
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from builder import fixtures  # noqa: E402
from builder.qemu import size_in_bytes  # noqa: E402
from builder.starts import Start, columns  # noqa: E402
import mirrordisk  # noqa: E402
from minixdisk import read_files  # noqa: E402

WRITERS = ("writer0", "writer1")
LIVES = 10      # of the leaver
MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Run:
    size: int                   # of both files together
    kills: int                  # of each target
    targets: tuple[str, ...] = ("disk",)
    gap: str = "30ms"
    every: str = "0ms"
    seed: int = 1
    variant: str = ""

    @property
    def settings(self) -> tuple[str, ...]:
        return (f"files_seed={self.seed}", f"files_bytes={self.size // len(WRITERS)}", f"files_kills={self.kills}",
                f"files_gap={self.gap}", f"files_every={self.every}", f"files_targets={' '.join(self.targets)}")


def mixed(z: int) -> int:
    """SplitMix64's output for a state."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def expected(seed: int, writer: str, size: int) -> str:
    """The SHA-256 of what a writer writes: apps/files/components/writer/writer.c."""
    for letter in writer.encode():
        seed = mixed((seed + (letter + 1) * GAMMA) & MASK)
    digest = hashlib.sha256()
    for first in range(0, size, 1 << 20):
        count = min(1 << 20, size - first)
        words = [mixed((seed + (n + 1) * GAMMA) & MASK) for n in range(first // 8, (first + count + 7) // 8)]
        digest.update(struct.pack(f"<{len(words)}Q", *words)[:count])
    return digest.hexdigest()


def make_disk(image: Path, size: int) -> None:
    with image.open("wb") as file:
        file.truncate(size * 5 // 4 + (4 << 20))
    subprocess.run(["/usr/sbin/mkfs.minix", "-3", str(image)], check=True, capture_output=True)


def mirrored(folder: Path) -> tuple[Path, Path]:
    """The two of the variant `mirror`."""
    return folder / "left.img", folder / "right.img"


def flights(console: str, target: str) -> list[str]:
    """Whose request each end of the target met."""
    return re.findall(rf"chaos: kill \d+ of {target}, in flight: (\w+)", console)


def problems(image: Path, run: Run, code: int | None, console: str) -> list[str]:
    found = []
    if code != 0 or "director: all writers have ended well" not in console:
        found.append(f"exit code {code}")
    if run.every == "0ms":
        found += [f"{target} was ended {len(flights(console, target))} times" for target in run.targets
                  if len(flights(console, target)) != run.kills]
    found += [line for line in console.splitlines() if re.search(r"error:|panic", line)]
    checked = subprocess.run(["/usr/sbin/fsck.minix", "-f", str(image)], capture_output=True, text=True)
    if checked.returncode != 0:
        found.append(f"fsck.minix: {checked.stdout}{checked.stderr}")
    files = read_files(image)
    if files.pop("/lives", None) != LIVES * b"x":
        found.append(f"/lives has not {LIVES} bytes")
    if console.count("nobody told vfs") > len(flights(console, "vfs")):
        found.append("a client's end was not told more often than vfs ended")
    on_disk = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    for writer in WRITERS:
        if on_disk.pop(f"/{writer}/data", None) != expected(run.seed, writer, run.size // len(WRITERS)):
            found.append(f"/{writer}/data is not what was written")
    return found + [f"{path} was left" for path in on_disk]


def carry_out(start: Start, run: Run, folder: Path, patience: float) -> tuple[list[str], str]:
    """What was wrong, and the console."""
    image = folder / "disk.img"
    make_disk(image, run.size)
    if run.variant == "mirror":
        mirrordisk.make(image, *mirrored(folder))
    machine = fixtures.boot_product("files", start, run.variant, run.settings, disk_folder=folder)
    try:
        code = machine.wait(patience)
    finally:
        machine.kill()
    if run.variant == "mirror":
        image.write_bytes(mirrordisk.content(*mirrored(folder)))
    return problems(image, run, code, machine.text), machine.text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--board", action="append", help="may be repeated; default: all")
    parser.add_argument("--size", default="1MiB", help="of both files together")
    parser.add_argument("--kills", type=int, default=6, help="of each target")
    parser.add_argument("--targets", default="disk", help="who is ended, in turn")
    parser.add_argument("--gap", default="30ms", help="the longest time between two ends")
    parser.add_argument("--every", default="0ms", help="the time between two ends, if it is always the same")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", default="", choices=("", "mirror"))
    parser.add_argument("--patience", type=float, default=3600, help="seconds for one run")
    args = parser.parse_args()
    targets, size = tuple(args.targets.split()), size_in_bytes(args.size)
    runs = [Run(size, args.kills, targets, args.gap, args.every, args.seed, args.variant)]
    if args.full:
        runs = [Run(64 << 20, 20, targets, gap="800ms", seed=args.seed), Run(64 << 20, 100_000, targets, every="1s", seed=args.seed)]
    failed = False
    for name in args.board or [name for name, start in columns().items() if start.cores == 1]:
        for run in runs:
            begin = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                wrong, console = carry_out(columns()[name], run, Path(folder), args.patience)
            met = [flight for target in run.targets for flight in flights(console, target)]
            print(f"{name}: {run.size >> 20} MiB, {len(met)} ended, {len(met) - met.count('nothing')} with a request in flight, "
                  f"{time.monotonic() - begin:.0f} s: {'; '.join(wrong) or 'as written'}", flush=True)
            failed |= bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
