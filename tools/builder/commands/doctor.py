"""`tenon doctor`: what this machine has, what it lacks, and the line that mends it."""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys

from .. import packages, source_archive, source_package, terminal
from ..project import UserError

NAME = "doctor"
HELP = "say what is installed, what is missing, and what to type"
EXAMPLE = "./tenon doctor --install test"
NEEDS = ""

PROGRAMS = {"cmake": "cmake", "ninja": "ninja", "compiler": "aarch64-linux-gnu-gcc",
            "qemu": "qemu-system-aarch64", "device tree compiler": "dtc",
            "compiler for riscv64": "riscv64-linux-gnu-gcc", "qemu for riscv64": "qemu-system-riscv64",
            "compiler for x86_64": "x86_64-linux-gnu-gcc", "qemu for x86_64": "qemu-system-x86_64"}


def add_arguments(parser) -> None:
    parser.add_argument("--install", metavar="GROUP", choices=["run", "test"],
                        help="install what is missing: `run` to build and boot, `test` for everything")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args) -> int:
    if args.install:
        packages.ensure({"run"} if args.install == "run" else set(groups()), args.verbose)
    if args.install == "test":
        fetch_sources()
    findings = examine()
    if args.json:
        print(json.dumps(findings, indent=2))
    else:
        show(findings)
    return 1 if any(m["group"] == "run" for m in findings["missing"]) else 0


def fetch_sources() -> None:
    """Those of Debian's source packages, so that tests need no network. Most can do without: who needs them will say so."""
    try:
        source_archive.ensure(source_package.libraries())
    except UserError as problem:
        terminal.say(f"{problem}; {problem.hint}")


def groups() -> list[str]:
    return list(dict.fromkeys(p.group for p in packages.listed()))


def examine() -> dict:
    lacking = packages.missing()
    return {
        "system": _debian(),
        "python": {"path": sys.executable, "version": platform.python_version()},
        "programs": {name: version(program) for name, program in PROGRAMS.items()},
        "found": [p.name for p in packages.listed() if p not in lacking],
        "missing": [{"package": p.name, "group": p.group} for p in lacking],
        "install": packages.install_line(lacking) if lacking else None,
    }


def version(program: str) -> str | None:
    """The first number with dots that the program says of itself; None when it is not there."""
    try:
        text = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20).stdout
    except OSError:
        return None
    number = re.search(r"\d+(\.\d+)+", text.partition(")")[2] if program.endswith("gcc") else text)
    return number.group() if number else "unknown"


def show(findings: dict) -> None:
    print(f"system: {findings['system']}")
    print(f"python: {findings['python']['version']} ({findings['python']['path']})")
    for name, found in findings["programs"].items():
        print(f"{name}: {found or terminal.paint('missing', 'error', sys.stdout)}")
    for group in groups():
        lacking = [m["package"] for m in findings["missing"] if m["group"] == group]
        print(f"packages for {group}: {'missing ' + ', '.join(lacking) if lacking else 'all there'}")
    if findings["install"]:
        print(f"type: {findings['install']}")


def _debian() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform()
