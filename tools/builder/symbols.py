"""Gives backtraces on the console their functions, files and lines.

A line `tenon: backtrace NAME 0xADDR 0xADDR ...` begins with the address that was being executed; the
others are return addresses, so the call is just before them.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from .project import ROOT

LINE = re.compile(r"tenon: backtrace (\S+)((?: 0x[0-9a-f]+)+)")


class Symbols:
    def __init__(self, folder: Path, arch: str) -> None:
        self._folder = folder
        self._tool = f"{arch}-linux-gnu-addr2line"

    def annotate(self, line: str) -> list[str]:
        """The lines to print below this one; none when it is no backtrace or nothing is known."""
        match = LINE.search(line)
        if not match:
            return []
        addresses = match.group(2).split()
        places = self._places(self._elf(match.group(1)), addresses)
        return [f"  {address} {place}" for address, place in zip(addresses, places)]

    def _elf(self, name: str) -> Path:
        if name == "kernel":
            return self._folder / "tenon.elf"
        return self._folder / "components" / f"{name}.elf"

    def _places(self, elf: Path, addresses: list[str]) -> list[str]:
        calls = [hex(int(address, 16) - (number > 0)) for number, address in enumerate(addresses)]
        try:
            done = subprocess.run([self._tool, "-e", elf, "-f", *calls], capture_output=True, text=True)
        except OSError:
            return []
        lines = done.stdout.splitlines()
        return [f"{function} {_shorter(place)}" for function, place in zip(lines[::2], lines[1::2])]


def _shorter(place: str) -> str:
    """Images name files relative to the project or the build folder, with `./` from the compiler in front."""
    return re.sub(r"^(\./)+", "", place.removeprefix(f"{ROOT}/")).split(" (discriminator")[0]
