"""The Debian packages in tools/packages.txt: which are missing, and how they get installed.

Looking takes a few milliseconds and asks no package manager, so every command can afford it.
"""

from __future__ import annotations

import glob
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

from .project import ROOT, Silent, UserError
from .terminal import say

LIST = ROOT / "tools" / "packages.txt"
APT = ["apt-get", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600"]


@dataclass(frozen=True, slots=True)
class Package:
    group: str
    name: str
    probe: str

    def is_there(self) -> bool:
        kind, _, what = self.probe.partition(":")
        if kind == "command":
            return shutil.which(what) is not None
        if kind == "module":
            return importlib.util.find_spec(what) is not None
        return bool(glob.glob(what))


def listed(groups: set[str] | None = None) -> list[Package]:
    """The packages of these groups, or of all."""
    rows = [line.split() for line in LIST.read_text().splitlines()]
    packages = [Package(*row) for row in rows if row and not row[0].startswith("#")]
    return [p for p in packages if groups is None or p.group in groups]


def missing(groups: set[str] | None = None) -> list[Package]:
    return [package for package in listed(groups) if not package.is_there()]


def names_of(packages: list[Package]) -> list[str]:
    """Each once: a package may be in several groups."""
    return list(dict.fromkeys(package.name for package in packages))


def install_line(packages: list[Package]) -> str:
    """What a person types to get them."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install -y --no-install-recommends {' '.join(names_of(packages))}"


def ensure(groups: set[str], verbose: bool = False) -> None:
    """Afterwards all packages of these groups are there, or UserError says what to type."""
    lacking = missing(groups)
    if lacking:
        install(lacking, verbose)


def ensure_for(arch: str, verbose: bool = False) -> None:
    """The same for what a board of an architecture needs; that of the default one is in `run`."""
    ensure({"run", arch}, verbose)


def install(packages: list[Package], verbose: bool) -> None:
    line = install_line(packages)
    say_how = f"type: {line}"
    names = ", ".join(names_of(packages))
    if os.environ.get("TENON_NO_INSTALL", "0") not in ("", "0"):
        raise UserError(f"missing packages, and TENON_NO_INSTALL is set: {names}", say_how)
    prefix = _become_root()
    if prefix is None or not shutil.which("apt-get"):
        raise UserError(f"missing packages, and this user cannot install them: {names}", say_how)
    say(f"installing {len(names_of(packages))} Debian packages: {line}")
    _apt_install(prefix, names_of(packages), verbose)
    importlib.invalidate_caches()
    still = [p.name for p in packages if not p.is_there()]
    if still:
        raise UserError(f"installed, but not found by its probe in {LIST.name}: {', '.join(still)}")


def _become_root() -> list[str] | None:
    """The words that go before a command to run it as root; None when there is no way."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if sys.stdin.isatty():
        return ["sudo"]
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n"] if allowed else None


def _apt_install(prefix: list[str], names: list[str], verbose: bool) -> None:
    """A first try with the package lists as they are; stale or absent lists are the usual reason to fail."""
    attempts = [["install", *names], ["update"], ["install", *names]]
    output = ""
    for words in attempts:
        command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *APT, *words]
        if verbose:
            say(" ".join(command))
        done = subprocess.run(command, stdin=None if sys.stdin.isatty() else subprocess.DEVNULL,
                              stdout=None if verbose else subprocess.PIPE,
                              stderr=None if verbose else subprocess.STDOUT, text=True)
        output += done.stdout or ""
        if words[0] == "install" and done.returncode == 0:
            return
    sys.stderr.write(output)
    say("apt-get failed; the packages are still missing")
    raise Silent
