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

from . import board_table, product, qemu
from .machine import Machine
from .project import ROOT
from .starts import STARTS, Start, columns

BUILT: dict[product.Product, Path] = {}  # products this process has brought up to date


def built(chosen: product.Product) -> Path:
    if chosen not in BUILT:
        BUILT[chosen] = product.build(product.checked(chosen))
    return BUILT[chosen]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only_on(boards, reason): the test has nothing to say on other boards")
    config.addinivalue_line("markers", "one_core(reason, boards...): the test has nothing to say when one of these boards (none named: any) "
                                       "has several cores")


def _marks(item: pytest.Item) -> tuple[pytest.Mark | None, ...]:
    return tuple(item.get_closest_marker(name) for name in ("only_on", "one_core"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The arguments `start` and `board`: see starts.py."""
    marks = _marks(metafunc.definition)
    for argument, chosen in (("start", STARTS), ("board", tuple(columns().values()))):
        if argument in metafunc.fixturenames:
            chosen = [start for start in chosen if not board_table.why_absent(start, *marks)]
            metafunc.parametrize(argument, chosen, ids=str, scope="session")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tells the results' file where each result stands in the table of tests and boards, and keeps the tests of one
    product with one worker: each of them builds it, or boots it, once."""
    for item in items:
        values = item.callspec.params.values() if hasattr(item, "callspec") else ()
        start = next((value for value in values if isinstance(value, Start)), None)
        marks = only_on, _ = _marks(item)
        if start or only_on:
            item.user_properties += board_table.properties(item.path.stem, item.originalname, start, *marks)
        if start and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}-{start.column}"))


def product_of(app: str, start: Start, variant: str = "", settings: tuple[str, ...] = ()) -> product.Product:
    return product.Product(app, start.board, variant, tuple(sorted((*start.settings, *settings))))


def boot_product(app: str, start: Start, variant: str = "", settings: tuple[str, ...] = (),
                 **options: object) -> Machine:
    """Builds it and boots it; for whoever keeps the machine longer than a test lasts."""
    folder = built(product_of(app, start, variant, settings))
    wanted = qemu.Options(**{"cpu": start.cpu, "el": start.el, "smp": start.smp, **options})
    return Machine(qemu.command(folder, qemu.read_board(start.board), qemu.read_needs(folder), wanted))


@pytest.fixture
def machine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Machine]]:
    """Boots a product: `machine("hello", start)`, or `machine("hello", el=2)`. Options are those of
    builder.qemu.Options; a start brings its own.

    Disk images are the test's own: `tmp_path / "NAME.img"`.
    """
    running: list[Machine] = []

    def boot(app: str = product.DEFAULT_APP, start: Start = STARTS[0], variant: str = "",
             settings: tuple[str, ...] = (), **options: object) -> Machine:
        running.append(boot_product(app, start, variant, settings, **{"disk_folder": tmp_path, **options}))
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
