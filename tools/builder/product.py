"""A product (app, board, variant, changed settings) and its build folder; used by build, run and tests.

CMake configures once per folder; afterwards ninja alone decides what is to be done, so a build of what
is built costs ninja's start. A lock per folder lets tests on several cores share it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import packages, qemu
from .cli import did_you_mean
from .project import BUILD, ROOT, Silent, UserError
from .terminal import Progress, error, say, use_color

DEFAULT_APP = "hello"
DEFAULT_BOARD = "qemu-aarch64"
STATUS = re.compile(r"\[(\d+/\d+)\] ")
SHORT_ENDING = "CMake Error at cmake/generate.cmake"


@dataclass(frozen=True, slots=True)
class Product:
    app: str = DEFAULT_APP
    board: str = DEFAULT_BOARD
    variant: str = ""
    settings: tuple[str, ...] = ()  # sorted `key=value`

    @property
    def title(self) -> str:
        return f"{self.app}{'/' + self.variant if self.variant else ''} for {self.board}"

    @property
    def folder(self) -> Path:
        words = [self.app, self.board, self.variant]
        if self.settings:
            words.append(hashlib.sha256("\n".join(self.settings).encode()).hexdigest()[:8])
        return BUILD / "-".join(word for word in words if word)

    @property
    def cache(self) -> dict[str, str]:
        """What CMake must be told, and what its cache says when it was."""
        return {"TENON_APP": self.app, "TENON_BOARD": self.board, "TENON_VARIANT": self.variant,
                "TENON_SET": ";".join(self.settings), "Python3_ROOT_DIR": "/usr"}


def add_arguments(parser) -> None:
    """The arguments that choose a product, the same in every command that has them."""
    parser.add_argument("app", nargs="?", default=DEFAULT_APP, metavar="APP",
                        help=f"a folder below apps/ (default {DEFAULT_APP})")
    parser.add_argument("--board", default=DEFAULT_BOARD, metavar="B",
                        help=f"a folder below cmake/boards/ (default {DEFAULT_BOARD})")
    parser.add_argument("--variant", default="", metavar="V", help="a variant of the app")
    parser.add_argument("--set", action="append", default=[], dest="settings", metavar="KEY=VALUE",
                        help="change a setting; may be repeated")


def from_arguments(args) -> Product:
    return checked(Product(args.app, args.board, args.variant, tuple(sorted(set(args.settings)))))


def checked(product: Product) -> Product:
    """The same product; UserError when one of its names leads to no file."""
    _must_exist("app", product.app, ROOT / "apps", "system.yaml")
    _must_exist("board", product.board, ROOT / "cmake" / "boards", "board.yaml")
    for setting in product.settings:
        if "=" not in setting or ";" in setting:
            raise UserError(f"`--set {setting}` is not KEY=VALUE")
    return product


def _must_exist(kind: str, name: str, folder: Path, file: str) -> None:
    known = sorted(path.parent.name for path in folder.glob(f"*/{file}"))
    if name not in known:
        raise UserError(f"no {kind} `{name}`{did_you_mean(name, known)}",
                        f"there {'is' if len(known) == 1 else 'are'}: {', '.join(known) or 'none'}")


def build(product: Product, verbose: bool = False) -> Path:
    """Brings the product up to date and returns its folder; what went wrong is shown, then Silent."""
    folder = product.folder
    packages.ensure_for(qemu.read_board(product.board)["arch"], verbose)
    with _locked(folder), Progress(f"building {product.title}") as progress:
        if not _is_configured(product):
            progress.step()
            _configure(product, progress, verbose)
        _ninja(product, progress, verbose)
    return folder


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / f".{folder.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_configured(product: Product) -> bool:
    """Whether the folder was configured for this product and in this place."""
    cache = product.folder / "CMakeCache.txt"
    if not cache.exists() or not (product.folder / "build.ninja").exists():
        return False
    values = dict(re.findall(r"^(\w+):\w+=(.*)$", cache.read_text(), re.MULTILINE))
    if values.get("CMAKE_HOME_DIRECTORY") != str(ROOT):
        shutil.rmtree(product.folder)
        return False
    return all(values.get(key) == value for key, value in product.cache.items())


def _configure(product: Product, progress: Progress, verbose: bool) -> None:
    command = ["cmake", "-S", str(ROOT), "-B", str(product.folder), "-G", "Ninja"]
    command += [f"-D{key}={value}" for key, value in product.cache.items()]
    if _stream(command, progress, verbose) != 0:
        _give_up(product)


def _ninja(product: Product, progress: Progress, verbose: bool) -> None:
    command = ["ninja", "-C", str(product.folder)] + (["-v"] if verbose else [])
    if _stream(command, progress, verbose) != 0:
        _give_up(product)


def _give_up(product: Product) -> None:
    error(f"building {product.title} failed")
    raise Silent


def _stream(command: list[str], progress: Progress, verbose: bool) -> int:
    """Runs a build tool: counts its steps, shows whatever else than progress it has to say."""
    if verbose:
        say(" ".join(command))
    env = os.environ | {"NINJA_STATUS": "[%f/%t] "}
    if use_color():
        env |= {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}
    chatter = Chatter()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=env, text=True, errors="replace") as tool:
        for line in tool.stdout:
            count = STATUS.match(line)
            if count:
                progress.step(count.group(1))
            if verbose or chatter.is_worth_showing(line):
                progress.clear()
                print(line, end="", flush=True)
    return tool.returncode


class Chatter:
    """Tells what ninja, CMake and the compilers have to say from their talk about themselves."""

    def __init__(self) -> None:
        self.command_follows = False
        self.stopped = False

    def is_worth_showing(self, line: str) -> bool:
        if self.command_follows:  # ninja repeats the failed step's command line, which says nothing new
            self.command_follows = False
            return False
        if line.startswith(SHORT_ENDING):  # the builder has said it all; CMake's ending adds nothing
            self.stopped = True
        if line.startswith("FAILED: "):
            self.command_follows = True
            return False
        return not (self.stopped or STATUS.match(line) or line.startswith(("-- ", "ninja: ")))
