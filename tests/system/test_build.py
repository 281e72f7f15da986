"""The same description gives the same image, wherever and however it is built, and nothing is built twice.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.product import DEFAULT_BOARD
from builder.project import ROOT
from builder.starts import Start, one_core, only_on

pytestmark = [pytest.mark.xdist_group("build"),  # the copies are made once
              one_core("what is built does not depend on how it starts")]
needs_no_board = only_on([DEFAULT_BOARD], "what a build does again does not depend on the board")

LEFT_OUT = (".git", "build", "__pycache__", ".hypothesis", ".pytest_cache")


def copy_of_project(place: Path, root: Path = ROOT) -> Path:
    """The sources, and those of the C library that an earlier build unpacked; each copy compiles its own."""
    shutil.copytree(root, place, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for unpacked in (root / "build" / "cache").glob("newlib-[0-9]*[0-9]"):
        shutil.copytree(unpacked, place / "build" / "cache" / unpacked.name)
    return place


def build(root: Path, folder: str, jobs: int, seed: str, board: str, launcher: str = "") -> Path:
    """Configures and builds with plain CMake; the build folder. Nothing comes from the tests' cache of objects, unless
    the launcher of compilers is that cache."""
    env = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": f"UTC-{jobs}", "CMAKE_C_COMPILER_LAUNCHER": launcher}
    made = root / folder
    subprocess.run(["cmake", "-S", root, "-B", made, "-G", "Ninja", f"-DTENON_BOARD={board}"], env=env, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", made, f"-j{jobs}"], env=env, check=True, stdout=subprocess.DEVNULL)
    return made


def ninja_says(folder: Path) -> str:
    return subprocess.run(["ninja", "-C", folder, "-n"], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Two copies of the project."""
    folder = tmp_path_factory.mktemp("places")
    one = copy_of_project(folder / "one" / "tenon")
    yield one, copy_of_project(folder / "quite another place")
    shutil.rmtree(folder)


def steps(folder: Path) -> list[str]:
    """Builds, and says what ninja did: one line for each step, sorted, without the folders of objects."""
    done = subprocess.run(["ninja", "-C", folder], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^\[\d+/\d+\] (.*)", done, re.MULTILINE)
    return sorted(re.sub(r"object CMakeFiles/(\w+)\.dir/(?:.*/)?([\w.]+)\.o\w*$", r"\1/\2", step) for step in found)


@pytest.fixture(scope="module")
def one(places: tuple[Path, Path]) -> Path:
    return build(places[0], f"build/{DEFAULT_BOARD}", 2, "1", DEFAULT_BOARD)


def test_the_image_does_not_depend_on_folder_seed_or_jobs(places: tuple[Path, Path], board: Start) -> None:
    one = build(places[0], f"build/{board.board}", 2, "1", board.board)
    other = build(places[1], f"out put/{board.board}", 1, "4711", board.board)
    for name in ("tenon.img", "gen/layout.json", "gen/layout.c", "report.json", "components/asker.elf"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_the_image_does_not_name_the_place_where_it_was_built(places: tuple[Path, Path], board: Start) -> None:
    one = build(places[0], f"build/{board.board}", 2, "1", board.board)
    for name in ("tenon.img", "tenon.elf", "components/greeter.elf"):
        assert str(places[0]).encode() not in (one / name).read_bytes(), name


@needs_no_board
def test_objects_from_the_cache_make_the_same_image(one: Path, places: tuple[Path, Path]) -> None:
    root = places[0]
    for folder in ("fills", "uses"):
        cached = build(root, f"build/{folder}", 2, "1", DEFAULT_BOARD, str(root / "tests" / "cached_compiler"))
        for name in ("tenon.img", "gen/layout.json", "report.json"):
            assert (one / name).read_bytes() == (cached / name).read_bytes(), (folder, name)
    told = subprocess.run(["ccache", "--print-stats"], env=os.environ | {"CCACHE_DIR": str(root / "build/cache/ccache")},
                          capture_output=True, text=True, check=True).stdout
    counts = dict(line.split() for line in told.splitlines())
    assert int(counts["direct_cache_hit"]) >= 0.5 * int(counts["cache_miss"]), told


@needs_no_board
def test_a_second_build_runs_zero_steps(one: Path) -> None:
    assert "no work to do" in ninja_says(one)


@needs_no_board
def test_a_changed_priority_compiles_no_component_again(one: Path) -> None:
    description = one.parents[1] / "apps/hello/system.yaml"
    before = {path: path.stat().st_mtime_ns for path in one.glob("components/*.elf")}
    image = (one / "tenon.img").read_bytes()
    description.write_text(description.read_text().replace("priority: 120", "priority: 121"))
    subprocess.run(["ninja", "-C", one], check=True, stdout=subprocess.DEVNULL)

    assert (one / "tenon.img").read_bytes() != image
    assert {path: path.stat().st_mtime_ns for path in one.glob("components/*.elf")} == before
    assert "no work to do" in ninja_says(one)


LINK_IMAGE = ["Building ASM kernel/payload.S", "Building C kernel/layout.c", "Laying out the image",
              "Linking C executable tenon.elf", "tenon.img"]


@needs_no_board
def test_an_edited_file_is_compiled_once_and_nothing_else_is(one: Path) -> None:
    source = one.parents[1] / "apps/hello/components/asker/asker.c"
    good = source.read_text()
    source.write_text(good.replace("the greeter says", "that greeter says"))
    changed = steps(one)
    source.write_text(good)
    steps(one)
    source.write_text(good + "\n// the same code\n")
    commented = steps(one)
    source.write_text(good)
    steps(one)

    # Addresses and sizes are the same, so layout.c is.
    layout = {"Building C kernel/layout.c"}
    assert set(changed) == {"Building C program_asker/asker.c", "Linking C executable components/asker.elf",
                            *LINK_IMAGE} - layout
    assert commented == ["Building C program_asker/asker.c", "Laying out the image", "Linking C executable components/asker.elf"]


@needs_no_board
def test_an_edited_line_of_the_description_compiles_no_component(one: Path) -> None:
    """Nor does a line more, which moves all places that comments in the generated code name."""
    description = one.parents[1] / "apps/hello/system.yaml"
    good = description.read_text()
    for text in (good.replace("priority: 100", "priority: 99"), good, "# one line more\n" + good, good):
        description.write_text(text)
        done = steps(one)

        assert done[-1] == "tenon.img" and set(done) <= {"Re-running CMake...", *LINK_IMAGE}, done
        assert "no work to do" in ninja_says(one)


@needs_no_board
def test_a_mistake_in_the_description_stops_the_build_and_mending_it_goes_on(one: Path) -> None:
    description = one.parents[1] / "apps/hello/system.yaml"
    good = description.read_text()
    description.write_text(good.replace("component: greeter", "component: greter"))
    failed = subprocess.run(["ninja", "-C", one], capture_output=True, text=True)
    description.write_text(good)
    mended = subprocess.run(["ninja", "-C", one], capture_output=True, text=True)

    assert failed.returncode != 0
    assert "apps/hello/system.yaml:7" in failed.stdout + failed.stderr and "Traceback" not in failed.stdout + failed.stderr
    assert mended.returncode == 0, mended.stdout


@needs_no_board
def test_a_stack_that_is_too_small_stops_the_build(one: Path) -> None:
    source = one.parents[1] / "apps/hello/components/asker/asker.c"
    good = source.read_text()
    room = "int main(void)\n{\n    volatile char room[8000];\n\n    room[0] = 0;\n    (void)room[0];"
    source.write_text(good.replace("int main(void)\n{", room))
    failed = subprocess.run(["ninja", "-C", one], capture_output=True, text=True)
    source.write_text(good)
    subprocess.run(["ninja", "-C", one], check=True, stdout=subprocess.DEVNULL)

    assert failed.returncode != 0 and "error[E0902]" in failed.stdout and "stack: 12KiB" in failed.stdout


@needs_no_board
def test_each_part_of_the_builder_that_makes_a_product_makes_it_anew_when_it_changes(one: Path, places: tuple[Path, Path]) -> None:
    tools = places[0] / "tools"
    program = ("import sys, builder.commands.generate, builder.commands.pack\n"
               "print(*(m.__file__ for m in sys.modules.values() if m.__name__.split('.')[0] == 'builder'), sep='\\n')")
    done = subprocess.run(["/usr/bin/python3", "-sP", "-c", program], env={"PYTHONPATH": str(tools)}, capture_output=True,
                          text=True, check=True)
    rules = (one / "build.ninja").read_text()

    used = [Path(name).relative_to(tools) for name in done.stdout.split()]
    watched = [name for name in used if str(name) in rules]
    assert [str(name) for name in used if name not in watched and name.name != "__init__.py"] == []


@needs_no_board
def test_products_share_one_c_library_which_is_compiled_anew_when_its_sources_change(one: Path) -> None:
    root, arch = one.parents[1], DEFAULT_BOARD.removeprefix("qemu-")

    def compiled() -> dict[Path, int]:
        return {file: file.stat().st_mtime_ns for file in (root / "build/cache").glob(f"newlib-{arch}-*/libnewlib.a")}

    before, image = compiled(), (one / "tenon.img").read_bytes()
    configure = ["cmake", "-S", root, "-B", root / "build/another", "-G", "Ninja", f"-DTENON_BOARD={DEFAULT_BOARD}"]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
    assert len(before) == 1 and compiled() == before

    source = root / "components/runtime/libc/qsort.c"
    good = source.read_text()
    source.write_text(good + "int changed_library(void);\nint changed_library(void) { return 1; }\n")
    subprocess.run(["ninja", "-C", one], check=True, stdout=subprocess.DEVNULL)
    (library,) = compiled().keys() - before.keys()
    assert b"changed_library" in library.read_bytes() and (one / "newlib").resolve() == library.parent

    source.write_text(good)
    subprocess.run(["ninja", "-C", one], check=True, stdout=subprocess.DEVNULL)
    assert (one / "newlib").resolve() / "libnewlib.a" in before and (one / "tenon.img").read_bytes() == image
    assert "no work to do" in ninja_says(one)


@needs_no_board
def test_a_library_that_was_half_compiled_is_compiled_from_the_start(one: Path) -> None:
    place = (one / "newlib").resolve()
    part = place.rename(f"{place}.part")
    (part / "libnewlib.a").write_bytes(b"half")
    subprocess.run(["cmake", one], check=True, stdout=subprocess.DEVNULL)

    assert not part.exists() and (place / "libnewlib.a").stat().st_size > 4
