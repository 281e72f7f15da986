"""The random run against the reference model, on real machines.

tests/model/machine/record_calls writes down a random run of the portable kernel and the model, side by side: which
thread does which system call with which registers, and a digest of all that comes of it. Here the kernel of each board
carries out the same steps, and must come to the same digests: with its fast paths in assembly, and without them.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import atexit
import fcntl
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from builder import qemu
from builder.commands.test import HOST, HOST_BUILD
from builder.machine import ConsoleError, Machine
from builder.project import BUILD
from builder.starts import Start, columns, one_core

from system.model_image import MODEL, link_image

pytestmark = one_core("its layout has one core")

SEEDS = (1, 2, 3, 4)
STEPS = 5000
NEEDS = {"disks": [], "rng": [], "net": [], "cores": 1}
DIGEST = "^s [0-9a-f]{8} [0-9a-f]{16}$"
SILENCE = 10            # seconds without a digest: a machine makes hundreds in that time
MUTANTS = yaml.safe_load((MODEL / "mutants.yaml").read_text())


@dataclass(frozen=True, slots=True)
class Recorded:
    script: Path
    digests: tuple[str, ...]


@cache
def recorded(seed: int) -> Recorded:
    """The run is written by each process that wants it, and is the same for the same seed."""
    folder = Path(tempfile.mkdtemp(prefix="tenon-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    script, digests = folder / "script", folder / "digests"
    with open(BUILD / ".host-tests.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["cmake", "-S", HOST, "-B", HOST_BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug"], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run(["ninja", "-C", HOST_BUILD, "record_calls"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([HOST_BUILD / "record_calls", "--seed", str(seed), "--steps", str(STEPS), script, digests],
                   check=True, stdout=subprocess.DEVNULL)
    lines = tuple(digests.read_text().splitlines())
    assert len(lines) > STEPS // 40
    return Recorded(script, lines)


def first_difference(image: Path, start: Start, expected: tuple[str, ...]) -> str:
    """Between what the machine prints and what it should; empty when there is none."""
    options = qemu.Options(cpu=start.cpu, el=start.el, smp=start.smp, icount=True)
    with Machine(qemu.command(image, qemu.read_board(start.board), NEEDS, options)) as machine:
        for line in expected:
            try:
                found = machine.expect(DIGEST, SILENCE)[0]
            except ConsoleError as error:
                return f"`{line}` should come. {error}"
            if found != line:
                return f"`{found}` instead of `{line}`"
    return ""


def difference_of(run: Recorded, start: Start, work: Path, fast: bool = True, change: tuple[str, str] | None = None) -> str:
    return first_difference(link_image(start, run.script, work, fast, change), start, run.digests)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_machine_comes_to_the_digests_of_the_model(tmp_path: Path, board: Start, seed: int) -> None:
    assert difference_of(recorded(seed), board, tmp_path) == ""


def test_it_does_on_every_kind_of_core_and_level(tmp_path: Path, start: Start) -> None:
    assert difference_of(recorded(SEEDS[0]), start, tmp_path) == ""


@pytest.mark.parametrize("seed", SEEDS)
def test_without_its_fast_paths_it_does_too(tmp_path: Path, board: Start, seed: int) -> None:
    assert difference_of(recorded(seed), board, tmp_path, fast=False) == ""


@one_core("the fast paths are for one core")
@pytest.mark.parametrize("way, mutant", [pytest.param(start, mutant, id=f"{start}-{mutant['name']}")
                                         for start in columns().values() if start.cores == 1
                                         for mutant in MUTANTS[start.arch]])
def test_a_seeded_bug_in_a_fast_path_is_noticed(tmp_path: Path, way: Start, mutant: dict[str, str]) -> None:
    change = (mutant["old"], mutant["new"])

    assert any(difference_of(recorded(seed), way, tmp_path, change=change) for seed in SEEDS), mutant["why"]
