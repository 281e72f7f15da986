"""`tenon bench`: runs the measurements in tests/bench and prints one JSON or table.

A measurement is a file tests/bench/NAME.py with a function `measure(bench)` that returns numbers by name,
nested as it likes: {"call": {"0 words": 312}}. `bench` is a `Bench`: it builds, boots and cleans up.
Figures are guest instructions, unless their name says seconds or bytes.
"""

from __future__ import annotations

import importlib.util
import json
import platform
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType

from .. import bench_page, product, qemu, terminal
from ..machine import Machine
from ..project import ROOT, UserError
from .doctor import version

NAME = "bench"
HELP = "measure the kernel and the builder"
EXAMPLE = "./tenon bench ipc --json"

FOLDER = ROOT / "tests" / "bench"


class Bench:
    """What a measurement may use. Machines count instructions: virtual time is 1 ns for each."""

    def __init__(self, board: str, cpu: str | None, el: int, verbose: bool) -> None:
        self.board = board
        self.cpu = cpu
        self.el = el
        self._verbose = verbose
        self._running: list[Machine] = []
        self._folder = tempfile.TemporaryDirectory(prefix="tenon-bench-")

    @property
    def folder(self) -> Path:
        """A folder for whatever a measurement wants to write; gone afterwards."""
        return Path(self._folder.name)

    def build(self, app: str, variant: str = "", settings: tuple[str, ...] = ()) -> Path:
        chosen = product.Product(app, self.board, variant, tuple(sorted(settings)))
        return product.build(product.checked(chosen), self._verbose)

    def boot(self, app: str, variant: str = "", settings: tuple[str, ...] = (), **options: object) -> Machine:
        folder = self.build(app, variant, settings)
        wanted = {"cpu": self.cpu, "el": self.el, "icount": True, "disk_folder": self.folder} | options
        board, needs = qemu.read_board(self.board), qemu.read_needs(folder)
        line = qemu.command(folder, board, needs, qemu.Options(**wanted))
        if self._verbose:
            terminal.say(" ".join(line))
        self._running.append(Machine(line))
        return self._running[-1]

    def plugin(self, name: str, *more: str) -> Path:
        """A QEMU plugin of tests/bench/plugin, compiled: of the file of that name and some more."""
        made = self.folder / f"{name}.so"
        sources = [FOLDER / "plugin" / f"{source}.c" for source in (name, *more)]
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", made, *sources], check=True)
        return made

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self._running:
            machine.kill()
        self._folder.cleanup()


def add_arguments(parser) -> None:
    parser.add_argument("pattern", nargs="?", default="", metavar="NAME",
                        help="only measurements whose name holds this")
    parser.add_argument("--board", default=product.DEFAULT_BOARD, metavar="B", help="the board (default %(default)s)")
    parser.add_argument("--cpu", metavar="C", help="one of the board's CPU models")
    parser.add_argument("--el", type=int, choices=[1, 2], default=1, help="exception level to start at (default 1)")
    parser.add_argument("--json", action="store_true", help="print JSON, with what was measured where")
    parser.add_argument("--record", action="store_true",
                        help="keep the kernel's figures on this board as those that the tests compare with")
    parser.add_argument("--write", metavar="FILE", help="write the figures as a page, with the anchors beside them")


def run(args) -> int:
    files = sorted(path for path in FOLDER.glob("[a-z]*.py") if args.pattern in path.stem)
    if not files:
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("[a-z]*.py")))
        raise UserError(f"no measurement has `{args.pattern}` in its name" if known else "no measurement yet",
                        f"there are: {known}" if known else "add a file in tests/bench")
    results = {}
    for path in files:
        terminal.say(f"measuring {path.stem}")
        with Bench(args.board, args.cpu, args.el, args.verbose) as bench:
            results[path.stem] = load(path.stem).measure(bench)
    if args.record:
        if "ipc" not in results:
            raise UserError("nothing to record: the kernel's figures are those of `ipc`", "./tenon bench ipc --record")
        bench_page.record(_columns(args, results["ipc"]))
    if args.write:
        Path(args.write).write_text(bench_page.page(where(args), results))
    elif args.json:
        print(json.dumps({"where": where(args), "results": results}, indent=2))
    else:
        for line in rows(results, qemu.read_board(args.board)["arch"], bench_page.anchors()):
            print(line)
    return 0


def where(args) -> dict:
    """All that a figure depends on."""
    board = qemu.read_board(args.board)
    return {"board": args.board, "arch": board["arch"], "cpu": args.cpu or board["qemu"]["cpu"], "el": args.el,
            "qemu": version(board["qemu"]["binary"]), "compiler": version(f"{board['arch']}-linux-gnu-gcc"),
            "commit": _commit(), "python": platform.python_version()}


def rows(results: dict, arch: str, anchors: dict, path: tuple[str, ...] = ()) -> list[str]:
    """A line for each figure, with bar and anchor beside it; the first name of a path is the measurement's."""
    lines = []
    for name, value in results.items():
        here = (*path, str(name))
        label = "  " * len(path) + str(name)
        if path and path[-1] == "operations":
            lines.append(f"{label:50} " + ", ".join(f"{kind} {count}" for kind, count in value.items()))
            continue
        if isinstance(value, dict):
            lines += [label, *rows(value, arch, anchors, here)]
            continue
        number = f"{value:>14,}" if isinstance(value, (int, float)) else str(value)
        bar, others = bench_page.beside(anchors, ".".join(here[1:]), arch)
        notes = ", ".join(note for note in (f"bar {bar}" if bar else "", others) if note)
        lines.append(f"{label:50} {number}   {notes}".rstrip())
    return lines


def load(name: str) -> ModuleType:
    """The measurement of that name."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _columns(args, figures: dict) -> dict[str, dict]:
    """What is recorded of the measurement: of its own start, and of those at EL2."""
    of_the_kernel = load("ipc").of_the_kernel
    cpu = where(args)["cpu"]
    found = {bench_page.column(args.board, cpu, args.el): of_the_kernel(figures)}
    return found | {bench_page.column(args.board, cpu, 2): of_the_kernel(other) for cpu, other in figures.get("el2", {}).items()}


def _commit() -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"],
                              capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() or None
