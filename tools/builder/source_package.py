"""package.txt: a library of components/lib/ whose sources are a Debian source package. source_archive.py fetches it.

It has lines of a key and a value; `include`, `own` and `source` may be repeated:

    package   lwip
    archive   lwip_2.1.3+dfsg1.orig.tar.xz
    sha256    0a82...
    include   src/include                     a folder with headers, relative to the archive's top
    own       components/lib/lwip/port        a folder of the project with headers that the package asks for
    source    src/core/init.c                 relative to the archive's top

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .diagnostic import Diagnostics, Span, did_you_mean, whole_file
from .project import BUILD, ROOT, UserError

FILE = "package.txt"
CACHE = BUILD / "cache"
ONCE = {"package": r"[a-z0-9][a-z0-9+.-]+", "archive": r"[A-Za-z0-9][A-Za-z0-9+.~_-]*\.tar\.(gz|bz2|xz)", "sha256": r"[0-9a-f]{64}"}
INSIDE = r"(?!(.*/)?\.\.?(/|$))[A-Za-z0-9_.][A-Za-z0-9_./+-]*"   # a relative path that does not leave its folder
REPEATED = {"include": INSIDE, "own": INSIDE, "source": INSIDE}
KEYS = ONCE | REPEATED
EXPECTED = {"package": "the name of a Debian source package", "archive": "the name of a .tar.gz, .tar.bz2 or .tar.xz file",
            "sha256": "64 hexadecimal digits", **dict.fromkeys(REPEATED, "a relative path, without `..`")}


@dataclass(frozen=True, slots=True)
class SourcePackage:
    name: str
    archive: str
    sha256: str
    includes: tuple[str, ...]
    own: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it lies unpacked, below the project."""
        return str((CACHE / f"{self.name}-{self.sha256[:16]}").relative_to(ROOT))

    @property
    def sources(self) -> list[str]:
        return [f"{self.place}/{name}" for name in self.files]

    @property
    def folders(self) -> list[str]:
        return [*(f"{self.place}/{name}" for name in self.includes), *self.own]


def libraries() -> list[Path]:
    """The folders of all libraries with a package."""
    return sorted(path.parent for pattern in ("", "apps/*/") for path in ROOT.glob(f"{pattern}components/lib/*/{FILE}"))


def of_library(folder: Path) -> SourcePackage | None:
    """The package that the library's folder names; None: all its sources are its own."""
    path = folder / FILE
    if not path.exists():
        return None
    problems = Diagnostics()
    package = parse(path.read_text(errors="replace"), str(path), problems)
    if package is None:
        raise UserError(f"{problems[0].span}: {problems[0].message}")
    return package


def parse(text: str, file: str, problems: Diagnostics) -> SourcePackage | None:
    """None: something is wrong with it, and `problems` says what."""
    before = len(problems)
    values: dict[str, list[str]] = {key: [] for key in KEYS}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            _read_line(line, Span(file, number, 1, number, len(line) + 1), values, problems)
    missing = [key for key in (*ONCE, "source") if not values[key]]
    if missing and len(problems) == before:
        problems.add("E0614", whole_file(file), f"there is no `{missing[0]}`", expected=f"a line {missing[0]} and {EXPECTED[missing[0]]}")
    if len(problems) > before:
        return None
    return SourcePackage(values["package"][0], values["archive"][0], values["sha256"][0],
                         tuple(values["include"]), tuple(values["own"]), tuple(values["source"]))


def _read_line(line: str, span: Span, values: dict[str, list[str]], problems: Diagnostics) -> None:
    key, value = ([*line.split(None, 1), ""])[:2]
    if key not in KEYS:
        problems.add("E0614", span, f"`{key}` is no key of a package", expected="one of " + ", ".join(KEYS),
                     suggestion=did_you_mean(key, KEYS))
    elif not re.fullmatch(KEYS[key], value.strip()):
        problems.add("E0614", span, f"this is no `{key}`", expected=EXPECTED[key])
    elif key in ONCE and values[key]:
        problems.add("E0614", span, f"there is a second `{key}`", expected="one")
    else:
        values[key].append(value.strip())
