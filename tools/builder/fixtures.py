"""Fixtures of all tests (a pytest plugin, so that the tests of an app in its own folder have them too).

`machine` builds a product by the same code as `./tenon run` and boots it; the console of a failed test is
shown with its report. `tenon` runs the command itself.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from . import product, qemu
from .machine import Machine
from .project import ROOT
from .starts import STARTS, columns

BUILT: dict[product.Product, Path] = {}  # products this process has brought up to date


def built(chosen: product.Product) -> Path:
    if chosen not in BUILT:
        BUILT[chosen] = product.build(product.checked(chosen))
    return BUILT[chosen]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The arguments `start` and `board`: see starts.py."""
    for argument, chosen in (("start", STARTS), ("board", tuple(columns().values()))):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, chosen, ids=str, scope="session")


@pytest.fixture
def machine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Machine]]:
    """Boots a product: `machine("hello", el=2)`. Options are those of builder.qemu.Options.

    Disk images are the test's own: `tmp_path / "NAME.img"`.
    """
    running: list[Machine] = []

    def boot(app: str = product.DEFAULT_APP, board: str = product.DEFAULT_BOARD, variant: str = "",
             settings: tuple[str, ...] = (), **options: object) -> Machine:
        chosen = product.Product(app, board, variant, tuple(sorted(settings)))
        folder = built(chosen)
        wanted = qemu.Options(**{"disk_folder": tmp_path, **options})
        line = qemu.command(folder, qemu.read_board(board), qemu.read_needs(folder), wanted)
        running.append(Machine(line))
        return running[-1]

    yield boot
    for number, each in enumerate(running, 1):
        each.kill()
        request.node.add_report_section("teardown", f"console of machine {number}", each.text)


@pytest.fixture
def tenon() -> Callable[..., subprocess.CompletedProcess]:
    """Runs `./tenon WORDS...` as a user does; the result has returncode, stdout and stderr."""

    def run(*words: str, cwd: Path = ROOT, timeout: float = 120, **env: str) -> subprocess.CompletedProcess:
        clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
        return subprocess.run([str(ROOT / "tenon"), *words], cwd=cwd, timeout=timeout, env=clean | env,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    return run
