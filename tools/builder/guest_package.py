"""Packages of Debian for guests: fetched by apt for the guest's architecture into build/cache, as tools/guests.lock names them.

With lists, a cache and a package state of its own: the machine's are left alone, and root's rights are not needed. A file that somebody puts into the
cache himself is as good, as the hash says that it is the same one.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .project import ROOT, UserError
from .source_package import CACHE
from .terminal import say

LOCK = ROOT / "tools" / "guests.lock"
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    package: str
    version: str
    arch: str
    sha256: str

    @property
    def file(self) -> Path:
        return CACHE / f"{self.package}_{self.version.partition(':')[2] or self.version}_{self.arch}.deb"

    @property
    def folder(self) -> Path:
        """Where it lies unpacked."""
        return CACHE / f"{self.package}-{self.sha256[:16]}"


@cache
def known() -> dict[str, Package]:
    lines = [line.split() for line in LOCK.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {words[0]: Package(*words) for words in lines}


def ensure(name: str) -> Path:
    """The folder where the package of that name is unpacked; UserError says why there is none."""
    package = known()[name]
    if not package.folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with open(CACHE / f"{package.package}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not package.folder.is_dir():
                _unpack(package, _file(package))
    return package.folder


def _file(package: Package) -> Path:
    if not package.file.exists():
        say(f"fetching Debian's package {package.package} {package.version}, {package.arch}")
        _fetch(package)
    found = hashlib.sha256(package.file.read_bytes()).hexdigest()
    if found != package.sha256:
        raise UserError(f"{package.file.relative_to(ROOT)} is not the package that it should be: SHA-256 {found}",
                        f"remove it; {LOCK.relative_to(ROOT)} expects {package.sha256}")
    return package.file


def _fetch(package: Package) -> None:
    with tempfile.TemporaryDirectory(prefix="apt-", dir=CACHE) as name:
        scratch = Path(name)
        problem = _download(package, scratch)
        fetched = sorted(scratch.glob("*.deb"))
        if not fetched:
            raise UserError(f"Debian's package {package.package} {package.version} cannot be fetched: {problem or 'nothing came'}",
                            f"try again with a network, put it into {CACHE.relative_to(ROOT)} as {package.file.name}, or, when that version is gone, name a "
                            f"newer one in {LOCK.relative_to(ROOT)}")
        fetched[0].rename(package.file)


def _download(package: Package, scratch: Path) -> str:
    """What went wrong first, if anything did."""
    for folder in ("lists/partial", "archives/partial", "state"):
        (scratch / folder).mkdir(parents=True)
    (scratch / "state" / "status").touch()
    options = ["-q", "-o", f"Dir::State::lists={scratch}/lists", "-o", f"Dir::Cache={scratch}", "-o", f"Dir::State::status={scratch}/state/status",
               "-o", f"APT::Architecture={package.arch}", "-o", f"APT::Architectures::={package.arch}", "-o", "APT::Sandbox::User=root"]
    problem = ""
    for words in (["update"], ["download", f"{package.package}={package.version}"]):
        problem = problem or _run(["apt-get", *options, *words], scratch)
    return problem


def _run(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, timeout=SECONDS, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    complaints = done.stderr.strip().splitlines() or [f"{command[0]} failed"]
    return complaints[-1] if done.returncode != 0 else ""


def _unpack(package: Package, file: Path) -> None:
    """Beside its place and renamed at the end, so that an interrupted run leaves nothing half done."""
    with tempfile.TemporaryDirectory(prefix="unpack-", dir=CACHE) as name:
        problem = _run(["dpkg-deb", "-x", str(file), f"{name}/all"], Path(name))
        if problem:
            raise UserError(f"{file.relative_to(ROOT)} cannot be unpacked: {problem}")
        (Path(name) / "all").rename(package.folder)
