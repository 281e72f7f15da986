"""The sources of a Debian source package, fetched once.

apt fetches the archive, and its signatures vouch for it; the hash in package.txt says that it is the same one everywhere. It
is kept in build/cache and unpacked there. An archive that somebody puts there himself is as good.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .project import ROOT, UserError
from .source_package import CACHE, SourcePackage, of_library
from .terminal import say

LISTS = "deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)"   # apt's own words for where its packages come from
SECONDS = 300


def ensure(folders: Iterable[Path]) -> None:
    """Afterwards the sources of these libraries' packages lie unpacked in the cache; UserError says what is missing."""
    for package in filter(None, map(of_library, folders)):
        if not (ROOT / package.place).is_dir():
            CACHE.mkdir(parents=True, exist_ok=True)
            with open(CACHE / f"{package.name}.lock", "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not (ROOT / package.place).is_dir():
                    _unpack(package, _archive(package))


def _archive(package: SourcePackage) -> Path:
    path = CACHE / package.archive
    if not path.exists():
        say(f"fetching the sources of Debian's package {package.name}")
        _fetch(package, path)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise UserError(f"{path.relative_to(ROOT)} is not the archive that it should be: SHA-256 {found}",
                        f"remove it; expected is {package.sha256}")
    return path


def _fetch(package: SourcePackage, path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="apt-", dir=CACHE) as name:
        scratch = Path(name)
        problem = _download(package.name, scratch)
        fetched = scratch / package.archive
        if not fetched.exists():
            there = ", ".join(sorted(found.name for found in scratch.glob("*.orig.tar.*"))) or "nothing"
            raise _missing(package, problem or f"the package has {there} in its place")
        fetched.rename(path)


def _download(name: str, scratch: Path) -> str:
    """What went wrong first, if anything did; a list that is out of reach need not be the one that counts.

    With lists and a cache of its own: the machine's are left alone, may be empty, and root's rights are not needed.
    """
    for folder in ("lists", "archives"):
        (scratch / folder / "partial").mkdir(parents=True)
    options = ["-q", "-o", f"Dir::State::lists={scratch}/lists", "-o", f"Dir::Cache={scratch}", "-o", "APT::Sandbox::User=root",
               "-o", f"Dir::Etc::sourcelist={scratch}/sources.list", "-o", "Dir::Etc::sourceparts=-"]
    lists, problem = _apt(["indextargets", "--no-release-info", "--format", LISTS, "Identifier: Packages"], scratch)
    (scratch / "sources.list").write_text("\n".join(sorted(set(lists.splitlines()))) + "\n")
    for words in (["update"], ["source", "--download-only", name]):
        _, another = _apt([*options, *words], scratch)
        problem = problem or another
    return problem


def _apt(words: list[str], folder: Path) -> tuple[str, str]:
    """What it prints, and what went wrong, in its own words."""
    try:
        done = subprocess.run(["apt-get", *words], cwd=folder, timeout=SECONDS, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return "", str(problem)
    complaints = done.stderr.strip().splitlines() or ["apt-get failed"]
    return done.stdout, complaints[-1] if done.returncode != 0 else ""


def _missing(package: SourcePackage, why: str) -> UserError:
    return UserError(f"the sources of Debian's package {package.name} cannot be fetched: {why}",
                     f"put {package.archive} into {CACHE.relative_to(ROOT)} yourself, or try again with a network")


def _unpack(package: SourcePackage, archive: Path) -> None:
    """Unpacked beside its place and renamed at the end, so that an interrupted run leaves nothing half done."""
    with tempfile.TemporaryDirectory(prefix="unpack-", dir=CACHE) as name:
        try:
            with tarfile.open(archive) as file:
                file.extractall(name)  # of a known hash
        except (OSError, EOFError, tarfile.TarError) as problem:
            raise UserError(f"{archive.relative_to(ROOT)} cannot be unpacked: {problem}") from None
        top = next((path for path in Path(name).iterdir() if all((path / file).is_file() for file in package.files)), None)
        if top is None:
            raise UserError(f"{archive.relative_to(ROOT)} lacks sources that package.txt of {package.name} names")
        shutil.move(top, ROOT / package.place)
