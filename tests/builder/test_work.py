"""How much work the builder does, counted: nothing grows faster than the system, and replicas are one program.

Wall time says nothing on a shared machine, so these count what Python runs, and files.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from builder import programs
from builder.allocate import allocate
from builder.commands.generate import write_product
from builder.commands.pack import write_layout
from builder.diagnostic import Diagnostics
from builder.elf import Elf, Segment
from builder.front import load
from builder.place import place
from builder.project import ROOT
from builder.text import code
from scale_system import write_app

SMALL, LARGE = 200, 400
AT_MOST = 2.03      # twice the system, twice the work


def steps(work: Callable[[], object]) -> int:
    """Lines of Python that are run, one for each turn of a loop within a line: the same number in each run."""
    count = 0

    def see(_frame: object, event: str, _argument: object):
        nonlocal count
        count += event == "line"
        return see

    gc.collect()
    gc.disable()  # or what earlier tests left would be cleared away while lines are counted
    before = sys.gettrace()
    sys.settrace(see)
    try:
        work()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two synthetic systems, one twice as large."""
    folder = tmp_path_factory.mktemp("scale")
    shutil.copytree(ROOT / "cmake" / "boards", folder / "cmake" / "boards")
    shutil.copy(ROOT / "settings.yaml", folder)
    (folder / "components" / "interfaces").mkdir(parents=True)
    for size in (10, SMALL, LARGE):
        write_app(folder, f"scale{size}", size)
    pack(*planned(folder, 10), folder / "warm")       # imports and templates are no work of a pass
    generate(folder, 10, folder / "warm")
    return folder


def loaded(root: Path, size: int):
    found = load(f"scale{size}", "qemu-aarch64", None, (), root)
    assert not found.problems
    return found.system


def planned(root: Path, size: int):
    system = loaded(root, size)
    plan, problems = allocate(system)
    assert not problems
    return system, plan


def generate(root: Path, size: int, out: Path) -> None:
    write_product(*planned(root, size), out)


def pack(system, plan, out: Path) -> None:
    problems = Diagnostics()
    elves = [Elf(i.image_address, (Segment(i.image_address, b"text", 4, 5),
                                   Segment(i.image_address + 0x1000, i.name.encode(), 0x100, 4)), ())
             for i in plan.instances]
    write_layout(place(plan, elves, problems), out)
    assert not problems


def doubles(small: Callable[[], object], large: Callable[[], object]) -> None:
    fewer, more = steps(small), steps(large)
    print(f"{more / fewer:.3f} times")
    assert more <= AT_MOST * fewer, f"{fewer} steps for {SMALL} instances, {more} for {LARGE}"


def test_reading_and_checking_twice_the_system_is_twice_the_work(root: Path) -> None:
    doubles(lambda: loaded(root, SMALL), lambda: loaded(root, LARGE))


def test_allocating_twice_the_system_is_twice_the_work(root: Path) -> None:
    small, large = loaded(root, SMALL), loaded(root, LARGE)
    doubles(lambda: allocate(small), lambda: allocate(large))


def test_generating_twice_the_system_is_twice_the_work(root: Path, tmp_path: Path) -> None:
    small, large = planned(root, SMALL), planned(root, LARGE)
    doubles(lambda: write_product(*small, tmp_path / "small"), lambda: write_product(*large, tmp_path / "large"))


def test_packing_twice_the_system_is_twice_the_work(root: Path, tmp_path: Path) -> None:
    small, large = planned(root, SMALL), planned(root, LARGE)
    doubles(lambda: pack(*small, tmp_path / "small"), lambda: pack(*large, tmp_path / "large"))


def test_a_hub_of_many_clients_is_linear(tmp_path: Path) -> None:
    """One server for all: a client's badge is looked up, not searched."""
    source = write_hub(tmp_path)
    doubles(lambda: source(SMALL), lambda: source(LARGE))


def write_hub(root: Path) -> Callable[[int], None]:
    shutil.copytree(ROOT / "cmake" / "boards", root / "cmake" / "boards")
    shutil.copy(ROOT / "settings.yaml", root)
    (root / "components" / "interfaces").mkdir(parents=True)
    for size in (10, SMALL, LARGE):
        write_app(root, f"hub{size}", 10)
        lines = [f"  user{n}: {{component: meter, priority: 10}}" for n in range(size)]
        wires = [f"  - user{n}.work -> hub.work" for n in range(size)]
        text = "\n".join([f"system: hub{size}", "instances:", "  hub: {component: quiet, priority: 50}", *lines,
                          "connections:", *wires, ""])
        (root / "apps" / f"hub{size}" / "system.yaml").write_text(text)
        quiet = root / "apps" / f"hub{size}" / "components" / "quiet"
        quiet.mkdir()
        (quiet / "component.yaml").write_text("component: quiet\nkind: server\nsources: [quiet.c]\n"
                                              "provides: {work: Silent}\n")
        (quiet / "quiet.c").write_text("")
        (quiet.parent / "interfaces" / "silent.yaml").write_text(
            "interface: Silent\nmethods:\n  step: {in: {amount: u32}, restart: idempotent}\n")
        meter = quiet.parent / "meter" / "component.yaml"
        meter.write_text("component: meter\nkind: app\nsources: [meter.c]\nuses: {work: Silent}\n")
        (meter.parent / "meter.c").write_text("")

    def work(size: int) -> None:
        system = load(f"hub{size}", "qemu-aarch64", None, (), root)
        assert not system.problems, system.problems
        plan, problems = allocate(system.system)
        assert not problems
        write_product(system.system, plan, root / "out" / str(size))

    work(10)
    return work


# --- Replicas ---

def test_replicas_are_one_program(root: Path, tmp_path: Path) -> None:
    generate(root, 10, tmp_path)
    found = programs.read(tmp_path)

    assert {found[f"customer0_{n}"] for n in range(5)} == {"customer0_0"}
    assert found["worker0_0"] != found["worker0_1"]     # their clients have other names
    lines = (tmp_path / "product.cmake").read_text()
    assert lines.count("customer.c") == 1 and lines.count("add_program(") == 6
    folders = [tmp_path / f"customer0_{n}" for n in range(2)]
    for name in ("config.h", "glue.h", "glue.c"):
        assert code((folders[0] / name).read_text()) == code((folders[1] / name).read_text())
    assert "customer0_1" in (folders[1] / "component.ld").read_text()


def test_an_instance_with_another_value_is_a_program_of_its_own(root: Path, tmp_path: Path) -> None:
    """Of two meters of one component, one waits for another recorder: other stubs, other constants."""
    generate(root, SMALL, tmp_path)
    found = programs.read(tmp_path)

    assert found["meter8"] == "meter8" and found["meter9"] == "meter9"


# --- Comments ---

def test_a_line_more_in_the_description_leaves_the_times_of_code(root: Path, tmp_path: Path) -> None:
    generate(root, 10, tmp_path)
    before = {path: (path.read_text(), path.stat().st_mtime_ns) for path in tmp_path.glob("*/*")}
    description = root / "apps" / "scale10" / "system.yaml"
    text = description.read_text()
    description.write_text("# one line more\n" + text)
    generate(root, 10, tmp_path)
    description.write_text(text)

    assert len(before) == 40
    for path, (content, time) in before.items():
        assert path.read_text() != content, path
        assert path.stat().st_mtime_ns == time, path


def test_a_changed_constant_changes_the_time_of_code(root: Path, tmp_path: Path) -> None:
    generate(root, 10, tmp_path)
    header = tmp_path / "worker0_0" / "config.h"
    before = header.stat().st_mtime_ns
    description = root / "apps" / "scale10" / "system.yaml"
    text = description.read_text()
    description.write_text(text.replace("rate: 20", "rate: 21"))
    generate(root, 10, tmp_path)
    description.write_text(text)

    assert "CONFIG_RATE 21u" in header.read_text() and header.stat().st_mtime_ns > before


@pytest.mark.parametrize("line,left", [
    ("#define A 1 // a.yaml:3", "#define A 1"),
    ("    .x = 2, /* why */", "    .x = 2,"),
    ("// all of it", ""),
    ('#define URL "http://here" // a.yaml:3', '#define URL "http://here" // a.yaml:3'),
    ("a = b / c;", "a = b / c;"),
])
def test_code_is_what_is_left_without_comments(line: str, left: str) -> None:
    assert code(line) == left
