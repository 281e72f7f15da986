#!/usr/bin/python3
"""Seeded kernel bugs: each must be caught by a test, or the tests are not worth much.

    run.py BUILD [NAME...]     BUILD: where tests/host was built; NAME: only these mutants

A mutant is one replacement in one kernel file (mutants.yaml). The file (for a header: the file named as `unit`) is compiled with it, every test of the kernel is
linked with that object instead of the good one and run until one fails: first the random run beside the model (or
the test that the mutant names as `first`), then the unit tests. Exit code 0 when all were caught.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
RANDOM_RUN = ["--seed", "1", "--steps", "60000", "--quick"]
HANGS_AFTER = 15  # seconds: a test that is still running then has noticed too


class Problem(Exception):
    """Something about a mutant that its author has to put right."""


@dataclass(frozen=True, slots=True)
class Mutant:
    name: str
    why: str
    file: str
    old: str
    new: str
    first: str = "random_calls"
    unit: str = ""  # of a header: the file that is compiled with it

    @property
    def compiled(self) -> str:
        return self.unit or self.file

    def source(self) -> str:
        """The kernel file with the bug in it."""
        text = (ROOT / self.file).read_text()
        found = text.count(self.old)
        if found != 1:
            raise Problem(f"{self.name}: `old` is {found} times in {self.file}, expected once; adapt the mutant")
        return text.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Build:
    """What CMake and Ninja made of tests/host."""

    folder: Path
    commands: list[dict]  # compile_commands.json

    @classmethod
    def read(cls, folder: Path) -> Build:
        return cls(folder.resolve(), json.loads((folder / "compile_commands.json").read_text()))

    def compile(self, mutant: Mutant) -> Path:
        """Compiles the mutant as the good file is compiled. Returns the object file."""
        good = self._command_for(ROOT / mutant.compiled)
        folder = self.folder / "mutants" / mutant.name
        changed = folder / mutant.file.removeprefix("kernel/include/")
        changed.parent.mkdir(parents=True, exist_ok=True)
        changed.write_text(mutant.source())
        source = ROOT / mutant.unit if mutant.unit else changed
        out = folder / "mutant.o"
        words = shlex.split(good["command"])
        arguments = [words[0], "-I", str(folder), *words[1:words.index("-o")], "-iquote", str((ROOT / mutant.file).parent),
                     "-Wno-error", "-o", str(out), "-c", str(source)]
        done = subprocess.run(arguments, cwd=good["directory"], capture_output=True, text=True)
        if done.returncode != 0:
            raise Problem(f"{mutant.name} does not compile:\n{done.stderr}")
        return out

    def _command_for(self, source: Path) -> dict:
        for entry in self.commands:
            if Path(entry["file"]).resolve() == source:
                return entry
        raise Problem(f"{source} is not compiled for the host tests")

    def tests(self, mutant: Mutant) -> dict[str, list[str]]:
        """Name of each test that has the mutated file in it: the object files that are its own."""
        tests: dict[str, list[str]] = {}
        for entry in self.commands:
            out = entry["output"] if "output" in entry else shlex.split(entry["command"])[-3]
            target = out.split(".dir/")[0].split("/")[-1]
            if target == "random_calls" or target.startswith(("test_", "random_cores_")):
                tests.setdefault(target, []).append(out)
        return {test: own for test, own in tests.items() if self._has_whole_kernel(own) or _holds(own, mutant)}

    @staticmethod
    def _has_whole_kernel(objects: list[str]) -> bool:
        """With the tests' layout it is linked with all of the kernel; the others hold the one file that they test."""
        return any(o.endswith("/layout.c.o") for o in objects)

    def link(self, test: str, objects: list[str], mutant: Mutant, mutated: Path) -> Path:
        """The mutated object comes first, so the library's good one is not taken."""
        out = mutated.parent / test
        own = [o for o in objects if not _holds([o], mutant)]
        command = ["cc", "-g", "-fsanitize=address,undefined", "-o", str(out), *own, str(mutated), "libkernel_host.a"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise Problem(f"{mutant.name}: {test} does not link:\n{done.stderr[:2000]}")
        return out


def _holds(objects: list[str], mutant: Mutant) -> bool:
    return any(o.endswith(f"/{mutant.compiled}.o") for o in objects)


def catches(program: Path, arguments: list[str]) -> str | None:
    """How the test noticed; None if it did not. What hangs is ended with all that it started."""
    with subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          start_new_session=True) as test:
        try:
            output, _ = test.communicate(timeout=HANGS_AFTER)
        except subprocess.TimeoutExpired:
            os.killpg(test.pid, signal.SIGKILL)
            return "it hangs"
        finally:
            program.unlink()
    if test.returncode == 0:
        return None
    lines = [line for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("step ", "FAILED ")) or "runtime error" in line]
    return (telling or lines or ["it fails"])[0]


def order_of_tests(tests: dict[str, list[str]], mutant: Mutant) -> list[str]:
    """The random run or what the mutant names, the tests of the mutated file, then the others."""
    stem = Path(mutant.compiled).stem
    return sorted(tests, key=lambda test: (not test.startswith(mutant.first), test != f"test_{stem}", test))


def run(mutant: Mutant, build: Build) -> bool:
    mutated = build.compile(mutant)
    tests = build.tests(mutant)
    for test in order_of_tests(tests, mutant):
        program = build.link(test, tests[test], mutant, mutated)
        how = catches(program, RANDOM_RUN if test == "random_calls" else [])
        if how:
            print(f"{mutant.name}: caught by {test}: {how}", flush=True)
            return True
    print(f"{mutant.name}: NOT CAUGHT ({mutant.why})", flush=True)
    return False


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    mutants = [Mutant(**entry) for entry in yaml.safe_load((HERE / "mutants.yaml").read_text())]
    names = arguments[1:] or [mutant.name for mutant in mutants]
    build = Build.read(Path(arguments[0]))
    chosen = [mutant for mutant in mutants if mutant.name in names]
    try:
        if len(chosen) != len(names):
            raise Problem(f"no mutant {', '.join(sorted(set(names) - {m.name for m in chosen}))}")
        results = [run(mutant, build) for mutant in chosen]
    except Problem as problem:
        print(problem)
        return 1
    if len(results) > 1:
        print(f"{sum(results)} of {len(results)} mutants caught")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
