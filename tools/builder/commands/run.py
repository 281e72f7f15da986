"""`tenon run`: builds a product, starts it in QEMU, and says whether it did what it should."""

from __future__ import annotations

import contextlib
import re
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

from .. import formats, packages, product, qemu, terminal
from ..machine import Machine
from ..project import ROOT, UserError
from ..script import Step, parse_script
from ..watch import Watch, Wishes
from ..symbols import Symbols

NAME = "run"
HELP = "build an app and run it in QEMU"
EXAMPLE = "./tenon run hello --cpu cortex-a72 --el 2 --expect 'answer: 42' --timeout 20"

TIMEOUT = 60.0
BANNER = r"^tenon: \S+ on "  # before it, what is typed would go to the firmware and stop it


def add_arguments(parser) -> None:
    product.add_arguments(parser)
    machine = parser.add_argument_group("machine")
    machine.add_argument("--cpu", metavar="C", help="one of the board's CPU models")
    machine.add_argument("--el", type=int, choices=[1, 2], help="exception level to start at (default 1; 2 for a system with guests)")
    machine.add_argument("--firmware", choices=list(formats.MEDIUM),
                         help="boot as hardware does: this firmware loads the image from a disk or a CD")
    machine.add_argument("--smp", type=int, metavar="N", help="number of cores (default: as many as the product runs on)")
    machine.add_argument("--memory", metavar="SIZE", help="such as 512MiB (default: the board's)")
    machine.add_argument("--disk", action="append", default=[], metavar="FILE",
                         help="the image of the app's first (second, ...) disk; the default lies in the build folder")
    machine.add_argument("--forward", action="append", default=[], metavar="tcp:HOST:GUEST",
                         help="what connects to port HOST of this machine reaches port GUEST of the system; also udp")
    machine.add_argument("--icount", action="store_true", help="let the guest's clocks count instructions")
    machine.add_argument("--gdb", action="store_true", help="wait for a debugger on port 1234")
    wishes = parser.add_argument_group("what must happen")
    wishes.add_argument("--expect", action="append", default=[], metavar="REGEX",
                        help="text that must come; repeated: all of them, in order")
    wishes.add_argument("--input", metavar="FILE",
                        help="what to type: plain lines, or a script of `wait REGEX`, `send TEXT`, `sleep S`")
    wishes.add_argument("--timeout", type=float, metavar="S",
                        help=f"seconds (default {TIMEOUT:g}; none at a terminal without --expect and --input)")


def run(args) -> int:
    chosen = product.from_arguments(args)
    attended = sys.stdin.isatty() and sys.stdout.isatty() and not (args.expect or args.input)
    expects = [_pattern(text) for text in args.expect]
    steps = _steps(args.input)
    options = _options(args, attended)
    board = qemu.read_board(chosen.board)
    qemu.check(board, args.firmware)
    if args.firmware:
        packages.ensure(formats.PACKAGES[formats.MEDIUM[args.firmware]], args.verbose)
        steps = [Step("wait", BANNER), *steps] if steps else []
    folder = product.build(chosen, args.verbose)

    needs = qemu.read_needs(folder)
    command = qemu.command(folder, board, needs, options)
    if args.verbose:
        terminal.say(" ".join(command))
    if args.gdb:
        terminal.say(f"type: gdb-multiarch {folder.relative_to(ROOT)}/tenon.elf -ex 'target remote :1234'")
    seconds = args.timeout or (None if attended or args.gdb else TIMEOUT)
    wishes = Wishes(expects, steps, needs["expect"], seconds, attended)
    return report(play(command, wishes, Symbols(folder, board["arch"])))


def play(command: list[str], wishes: Wishes, symbols: Symbols) -> str:
    """Runs the machine with its console on our output; empty, or what was wrong."""
    screen = Screen(symbols)
    with _terminal_restored(), Machine(command, screen.show, wishes.attended) as machine:
        try:
            return Watch(machine, wishes).run()
        finally:
            screen.end_line()


def report(problem: str) -> int:
    if not problem:
        return 0
    terminal.error(problem)
    return 1


class Screen:
    """Passes the console on as it comes, and explains a backtrace below its line."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._line = ""

    def show(self, text: str) -> None:
        for piece in text.splitlines(keepends=True):
            sys.stdout.write(piece)
            self._line += piece
            if piece.endswith("\n"):
                sys.stdout.writelines(note + "\n" for note in self._symbols.annotate(self._line))
                self._line = ""
        sys.stdout.flush()

    def end_line(self) -> None:
        if self._line:
            print(flush=True)


def _options(args, attended: bool) -> qemu.Options:
    for disk in args.disk:
        if not Path(disk).is_file():
            raise UserError(f"no disk image {disk}")
    return qemu.Options(cpu=args.cpu, el=args.el, firmware=args.firmware, smp=args.smp, memory=args.memory, icount=args.icount,
                        gdb=args.gdb, interactive=attended, disks=tuple(Path(disk) for disk in args.disk),
                        forwards=tuple(map(qemu.parse_forward, args.forward)))


def _pattern(text: str) -> re.Pattern:
    try:
        return re.compile(text, re.MULTILINE)
    except re.error as problem:
        raise UserError(f"--expect `{text}` is not a regular expression: {problem}") from None


def _steps(name: str | None) -> list[Step]:
    if name is None:
        return []
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text()
    except (OSError, UnicodeDecodeError) as problem:
        raise UserError(f"--input {name}: {getattr(problem, 'strerror', None) or problem}") from None
    return parse_script(text, name)


@contextlib.contextmanager
def _terminal_restored() -> Iterator[None]:
    """QEMU sets the terminal to raw, and is killed before it can set it back."""
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
