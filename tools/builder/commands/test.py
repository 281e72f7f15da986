"""`tenon test`: the C unit tests on this machine, then pytest (the builder, the system in QEMU)."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path

from .. import terminal
from ..board_table import BoardTable
from ..project import BUILD, ROOT

NAME = "test"
HELP = "run the tests"
EXAMPLE = "./tenon test console -v"
NEEDS = "run riscv64 x86_64 test format uboot uefi"

TESTS = ROOT / "tests"
HOST = TESTS / "host"
HOST_BUILD = BUILD / "host-tests"
RESULTS = BUILD / "test-results"
COMPILER = {"CMAKE_C_COMPILER_LAUNCHER": str(TESTS / "cached_compiler")}  # of the products that tests build


@dataclass(slots=True)
class Tally:
    """What the JUnit files of the runners add up to. A runner that leaves no file counts as a failure."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)  # name: reason
    boards: BoardTable = field(default_factory=BoardTable)

    def add(self, path: Path) -> None:
        if not path.exists():
            self.failed += 1
            return
        for case in xml.parse(path).getroot().iter("testcase"):
            self.add_case(case)

    def add_case(self, case: xml.Element) -> None:
        skip = case.find("skipped")
        failed = self.failed
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            self.failed += 1
        elif skip is not None or case.get("status") in ("disabled", "notrun"):
            reason = skip.get("message", "") if skip is not None else "not run"
            self.skipped.append(f"{case.get('name')}: {reason}")
        else:
            self.passed += 1
        if skip is None:
            self.boards.add(case, self.failed == failed)


def add_arguments(parser) -> None:
    parser.add_argument("pattern", nargs="?", default="", metavar="PATTERN",
                        help="only tests whose name holds this word, or the tests of this file or folder")
    parser.add_argument("-k", default="", metavar="EXPRESSION", help="only these of the pytest tests; see pytest -k")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 2, metavar="N",
                        help="how many tests at a time (default: one for each core)")


def run(args) -> int:
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.glob("*.xml"):
        old.unlink()
    tally = Tally()
    path = _as_path(args.pattern)
    if HOST.exists() and not args.k and not path:
        _run_host_tests(tally, args)
    _run_pytest(tally, args, path)
    return _summary(tally, whole=not args.pattern and not args.k)


def _test_folders() -> list[str]:
    """All of tests/, and the tests that apps and components keep in their own folders."""
    own = [*ROOT.glob("apps/*/tests"), *ROOT.glob("components/**/tests")]
    return [str(TESTS), *sorted(str(folder) for folder in own if any(folder.glob("test_*.py")))]


def _as_path(pattern: str) -> Path | None:
    """The file or folder the pattern names, seen from here or from the project's root."""
    for base in (Path.cwd(), ROOT, TESTS):
        if pattern and (base / pattern).exists() and (base / pattern).resolve().is_relative_to(ROOT):
            return (base / pattern).resolve()
    return None


def _run_host_tests(tally: Tally, args) -> None:
    """Configure, build, ctest; nothing is shown of what goes well."""
    print("host tests", flush=True)
    steps = [["cmake", "-S", str(HOST), "-B", str(HOST_BUILD), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug"],
             ["ninja", "-C", str(HOST_BUILD)]]
    if not all(_quiet(step, args.verbose) for step in steps):
        tally.failed += 1
        return
    results = RESULTS / "ctest.xml"
    ctest = ["ctest", "--test-dir", str(HOST_BUILD), "-j", str(args.j), "--output-on-failure",
             "--output-junit", str(results)] + (["-R", args.pattern] if args.pattern else [])
    _quiet(ctest, args.verbose)
    tally.add(results)


def _quiet(command: list[str], verbose: bool) -> bool:
    if verbose:
        terminal.say(" ".join(command))
        return subprocess.run(command).returncode == 0
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        print(done.stdout, end="", flush=True)
    return done.returncode == 0


def _run_pytest(tally: Tally, args, path: Path | None) -> None:
    results = RESULTS / "pytest.xml"
    command = [sys.executable, "-m", "pytest", "-c", str(TESTS / "pytest.ini"), f"--junitxml={results}",
               "-p", "builder.fixtures", "-n", str(args.j), "--dist", "loadgroup", "-v" if args.verbose else "-q", "--no-header",
               *([str(path)] if path else _test_folders())]
    words = [args.k] if args.k else [] if path or not args.pattern else [args.pattern]
    for word in words:
        command += ["-k", word]
    if args.verbose:
        terminal.say(" ".join(command))
    code = subprocess.run(command, cwd=ROOT, env=COMPILER | os.environ).returncode
    nothing_selected = 5
    if code != nothing_selected:
        tally.add(results)
    if code not in (0, 1, nothing_selected):
        tally.failed += 1  # pytest itself stumbled: a conftest that does not load, an interrupt


def _summary(tally: Tally, whole: bool) -> int:
    """`whole`: all tests ran, so the table of boards must have no hole."""
    print()
    for line in tally.boards.lines(whole):
        print(line)
    for hole in tally.boards.missing() if whole else ():
        terminal.error(hole)
        tally.failed += 1
    for line in tally.skipped:
        print(f"skipped {line}")
    if not tally.passed and not tally.failed:
        terminal.error("no test has that name")
        return 1
    if tally.skipped:
        print(f"{len(tally.skipped)} skipped")
    line = f"{tally.passed} passed, {tally.failed} failed"
    print(terminal.paint(line, "error" if tally.failed else "good", sys.stdout))
    return 1 if tally.failed else 0
