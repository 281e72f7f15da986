"""What each pass makes of hello, compared with golden files; UPDATE_GOLDEN=1 writes them anew.

Compiled code would make the files differ with every compiler, so the layout is that of stand-ins of fixed
size. The glue has tests of its own. SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from builder import elf, text
from builder.allocate import allocate
from builder.commands.generate import write_product
from builder.diagnostic import Diagnostics
from builder.front import load_system
from builder.kernel_stacks import StackUse
from builder.measure import Need
from builder.place import Result, place
from builder.commands.pack import write_layout
from builder.report import Built, report, report_text

GOLDEN = Path(__file__).parent / "golden" / "hello"
SYMBOLS = {"__image_start": 0, "__text_end": 0x8000, "__rodata_end": 0x14000, "__data_start": 0x14000,
           "__data_end": 0x15000, "__bss_start": 0x15000, "__bss_end": 0x30000, "__image_end": 0x30000}


@cache
def hello():
    system, problems = load_system("hello", "qemu-aarch64")
    assert not problems
    plan, problems = allocate(system)
    assert not problems
    return system, plan


def linked() -> Result:
    problems = Diagnostics()
    _, plan = hello()
    elves = []
    for planned in plan.instances:
        at = planned.image_address
        elves.append(elf.Elf(at, (elf.Segment(at, b"text of both", 12, 5),
                                  elf.Segment(at + 0x1000, planned.name.encode(), 0x1800, 4),
                                  elf.Segment(at + 0x3000, b"data", 0x900, 6)), ()))
    result = place(plan, elves, problems)
    assert not problems
    return result


def built() -> Built:
    system, plan = hello()
    kernel = elf.Elf(0, (), tuple(elf.Symbol(name, address, 0, False) for name, address in SYMBOLS.items()))
    needs = tuple((Need("main", 1000, (("_start", 0), ("main", 1000))),) for _ in plan.instances)
    stacks = (StackUse("kernel", 8192, 800, (("aarch64_main", 300), ("panic", 500))),)
    return Built(system, linked(), needs, kernel, stacks, 0x15000)


def everything(folder: Path) -> dict[str, str]:
    """All outputs by file name."""
    write_product(*hello(), folder)
    write_layout(linked(), folder)
    text.write(folder / "report.json", text.to_json(report(built())))
    text.write(folder / "report.txt", report_text(report(built())))
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith("glue.")}


FILES = ["asker/component.ld", "asker/config.h", "greeter/component.ld", "greeter/config.h", "layout.c", "layout.json",
         "payload.S", "payload/asker_data.bin", "payload/asker_rodata.bin", "payload/asker_text.bin",
         "payload/greeter_data.bin", "payload/greeter_rodata.bin", "plan.json", "product.cmake", "programs.json", "report.json",
         "report.txt", "run.json", "settings.h"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    files = everything(tmp_path_factory.mktemp("gen"))
    if os.environ.get("UPDATE_GOLDEN"):
        for name, content in files.items():
            text.write(GOLDEN / name, content)
    return files


def test_every_output_has_a_golden_file(made: dict[str, str]) -> None:
    assert sorted(made) == FILES
    assert sorted(str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*") if path.is_file()) == FILES


@pytest.mark.parametrize("name", FILES)
def test_output_is_the_golden_one(made: dict[str, str], name: str) -> None:
    assert made[name] == (GOLDEN / name).read_text()


def test_outputs_do_not_name_this_machine(made: dict[str, str]) -> None:
    for name, content in made.items():
        assert str(Path.home()) not in content and str(Path.cwd()) not in content, name


def test_a_file_that_did_not_change_is_not_written(tmp_path: Path) -> None:
    assert text.write(tmp_path / "a", "1") is True
    before = (tmp_path / "a").stat().st_mtime_ns
    assert text.write(tmp_path / "a", "1") is False
    assert (tmp_path / "a").stat().st_mtime_ns == before
    assert text.write(tmp_path / "a", "2") is True
