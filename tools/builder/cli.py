"""The command line: finds the command, parses its arguments, turns what went wrong into an exit code.

Exit codes: 0 good, 1 the user's mistake (or a failed run or test), 2 ours.

Each command is a module in commands/ with NAME, HELP, EXAMPLE, add_arguments(parser) and run(args);
NEEDS names the package groups (tools/packages.txt) that it wants, `run` when it does not say.
The list of commands is read from the source text, so `--help` loads none of them, and nothing outside
the standard library is imported before `packages.ensure` had its say.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import re
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from . import packages, terminal
from .project import UserError

COMMANDS = Path(__file__).parent / "commands"
CONSTANT = re.compile(r'^(NAME|HELP|NEEDS) *= *"([^"]*)"', re.MULTILINE)
INTRODUCTION = """usage: tenon COMMAND [ARGUMENTS]

Builds a system of isolated components from its description, and runs it.

commands:
"""
ENDING = """
example: ./tenon run hello
`tenon COMMAND --help` tells more. -v shows the commands that are run.
"""


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    help: str
    needs: str
    module: str


def commands() -> dict[str, Command]:
    """All commands by name, without importing any."""
    found = {}
    for path in sorted(COMMANDS.glob("[a-z]*.py")):
        constants = dict(CONSTANT.findall(path.read_text()))
        if "NAME" in constants:
            found[constants["NAME"]] = Command(constants["NAME"], constants.get("HELP", ""),
                                               constants.get("NEEDS", "run"), path.stem)
    return found


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are ours: one line, a suggestion, exit code 1."""

    def error(self, message: str):
        raise UserError(f"{self.prog.removeprefix('tenon ')}: {message}", f"type: {self.prog} --help")

    def parse_known(self, argv: list[str]) -> argparse.Namespace:
        args, unknown = self.parse_known_args(argv)
        if unknown:
            option = unknown[0].split("=")[0]
            near = did_you_mean(option, list(self._option_string_actions))
            self.error(f"unknown argument `{unknown[0]}`{near}")
        return args


def did_you_mean(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"; did you mean `{near[0]}`?" if near else ""


def parser_of(command: Command, module: ModuleType) -> Parser:
    parser = Parser(prog=f"tenon {command.name}", description=command.help, allow_abbrev=False,
                    epilog=f"example: {module.EXAMPLE}", formatter_class=argparse.RawDescriptionHelpFormatter)
    module.add_arguments(parser)
    if "-v" not in parser._option_string_actions:
        parser.add_argument("-v", "--verbose", action="store_true", help="show the commands that are run")
    return parser


def run_command(argv: list[str]) -> int:
    known = commands()
    if not argv or argv[0] in ("-h", "--help", "help"):
        width = max(len(name) for name in known)
        lines = [f"  {command.name:{width}}  {command.help}\n" for command in known.values()]
        print(INTRODUCTION + "".join(lines) + ENDING, end="")
        return 0 if argv else 1
    command = known.get(argv[0])
    if command is None:
        raise UserError(f"unknown command `{argv[0]}`{did_you_mean(argv[0], list(known))}", "type: tenon --help")
    asks_for_help = "-h" in argv or "--help" in argv
    if not asks_for_help:
        packages.ensure(set(command.needs.split()), "-v" in argv or "--verbose" in argv)
    module = load(command)
    return module.run(parser_of(command, module).parse_known(argv[1:]))


def load(command: Command) -> ModuleType:
    """Only `--help` comes here with packages missing; then it says so, if the command cannot load without them."""
    try:
        return importlib.import_module(f".commands.{command.module}", __package__)
    except ModuleNotFoundError as problem:
        lacking = packages.missing(set(command.needs.split()))
        if not lacking:
            raise
        raise UserError(f"{command.name}: {problem}", f"type: {packages.install_line(lacking)}") from problem


def main(argv: list[str]) -> int:
    verbose = "-v" in argv or "--verbose" in argv
    try:
        return run_command(argv[1:] + argv[:1] if argv[:1] == ["-v"] and argv[1:] else argv)
    except UserError as problem:
        if str(problem):
            terminal.error(str(problem), problem.hint)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as problem:  # whatever else happens is our bug, and is said to be
        if verbose:
            traceback.print_exc()
        terminal.error(f"internal error: {type(problem).__name__}: {problem}; please report this",
                       "" if verbose else "add -v to see where it happened")
        return 2
