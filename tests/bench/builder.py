"""What a user waits for: seconds and processor seconds of the builder's commands, each a process of its own.

`check` reads and checks a description. `generate` does that, plans, and writes glue, config.h, linker scripts and tables; again:
when all of it is there and equal. `pack` is the other half of a build, with the ELF files of all instances: stacks measured,
memory laid out, layout.c. The systems are those of tests/scale_system.py. Edits are of a component's code and of a priority, so
that the image changes; `a line more` is a comment on top of the description. Best of three; the largest once.

On a machine with other work the processor seconds are the ones to read.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from builder.project import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from project_copy import project_copy  # noqa: E402: it is beside this folder
from scale_system import write_app  # noqa: E402

SIZES = (10, 100, 1000, 10000)
BUILT = 100
TRIES, TRIES_LARGE = 3, 1
APPS = {"hello": ("components/asker/asker.c", "priority: 100"),
        "datalogger": ("components/sampler/sampler.c", "priority: 100")}
BOARDS = ("qemu-aarch64", "qemu-riscv64")


def measure(bench) -> dict:
    with project_copy() as root:
        for size in SIZES:
            write_app(root, f"scale{size}", size)
        figures = {"hello": _passes(root, "hello", bench.folder)}
        figures |= {f"{size} instances": _passes(root, f"scale{size}", bench.folder) for size in SIZES}
        figures[f"{BUILT} instances"] |= _build(root, f"scale{BUILT}")
        return figures | {f"{app} on {board}": _edits(root, app, board) for app in APPS for board in BOARDS}


def _timed(root: Path, *words: object) -> tuple[float, float]:
    """Wall and processor seconds of a command that must succeed."""
    env = {**os.environ, "TENON_NO_INSTALL": "1"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([root / "tenon", *map(str, words)], cwd=root, env=env, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"tenon {' '.join(map(str, words))}: {done.stdout}{done.stderr}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _figure(times: list[tuple[float, float]]) -> dict[str, float]:
    return {"seconds": round(min(wall for wall, _ in times), 3),
            "processor seconds": round(min(processor for _, processor in times), 3)}


def _passes(root: Path, app: str, folder: Path) -> dict:
    generate = ("generate", "--app", app, "--out")
    out = [folder / f"{app}_{number}" for number in range(TRIES_LARGE if app == f"scale{SIZES[-1]}" else TRIES)]
    return {"check": _figure([_timed(root, "check", app) for _ in out]),
            "generate": _figure([_timed(root, *generate, path) for path in out]),
            "generate again": _figure([_timed(root, *generate, path) for path in out])}


def _build(root: Path, app: str) -> dict:
    """From nothing, C library and all; then the packing alone."""
    folder = f"build/{app}-qemu-aarch64"
    subprocess.run(["rm", "-rf", root / folder], check=True)
    build = _figure([_timed(root, "build", app)])
    pack = _figure([_timed(root, "pack", "--app", app, "--build", folder) for _ in range(TRIES)])
    return {"build from nothing": build, "pack": pack}


def _edits(root: Path, app: str, board: str) -> dict:
    build = ("build", app, "--board", board)
    source, priority = APPS[app]
    _timed(root, *build)
    _timed(root, *build)    # the first build after a configuration may configure once more
    description = root / "apps" / app / "system.yaml"
    lower = re.sub(r"\d+", lambda number: str(int(number[0]) - 1), priority)
    return {
        "nothing changed": _figure([_timed(root, *build) for _ in range(TRIES)]),
        "edited C": _edited(root, root / "apps" / app / source, build, lambda text, n: text +
                            f'\nconst char edited[] __attribute__((used, retain)) = "{n}";\n'),
        "edited YAML": _edited(root, description, build, lambda text, n: text.replace(priority, lower) if n % 2 else text),
        "a line more in YAML": _edited(root, description, build, lambda text, n: "# one line more\n" * (n % 2) + text)}


def _edited(root: Path, file: Path, build: tuple[str, ...], edit: Callable[[str, int], str]) -> dict:
    """Builds after each of some edits; number `n` differs from the one before it. The file is as it was afterwards."""
    text = file.read_text()
    times = []
    for n in range(1, TRIES + 1):
        changed = edit(text, n)
        if n == 1 and changed == text:
            raise RuntimeError(f"{file.relative_to(root)} is not as expected: the edit changes nothing")
        file.write_text(changed)
        times.append(_timed(root, *build))
    file.write_text(text)
    _timed(root, *build)
    return _figure(times)
