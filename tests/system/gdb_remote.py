"""A client of QEMU's gdb server, for what no guest can do to itself: stopping one core, and moving it elsewhere.

The protocol is GDB's remote serial protocol ("Remote Protocol" in the GDB manual). Threads are cores, counted from 1.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path


class GdbRemote:
    def __init__(self, path: Path, timeout: float = 60) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._socket.connect(str(path))
                break
            except OSError:  # QEMU has not come so far
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self._ask("qXfer:features:read:target.xml:0,fff")  # QEMU writes registers only for who has read what there are

    def __enter__(self) -> GdbRemote:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _send(self, text: str) -> None:
        self._socket.sendall(f"${text}#{sum(text.encode()) % 256:02x}".encode())

    def _ask(self, text: str) -> str:
        """The answer to a packet, acknowledged."""
        self._send(text)
        data = b""
        while not (match := re.search(rb"\$([^#]*)#..", data)):
            new = self._socket.recv(4096)
            if not new:
                raise ConnectionError(f"QEMU ended before it answered `{text}`")
            data += new
        self._socket.sendall(b"+")
        return match.group(1).decode()

    def _must(self, text: str) -> None:
        answer = self._ask(text)
        if answer != "OK":
            raise RuntimeError(f"`{text}` was answered with `{answer}`")

    def run_to(self, address: int, only: int | None = None) -> int:
        """Lets all cores run, or only one, until one is about to execute what is there; which core, from 0."""
        self._must(f"Z1,{address:x},4")
        answer = self._ask("c" if only is None else f"vCont;c:{only + 1:x}")
        self._must(f"z1,{address:x},4")
        return int(re.search(r"thread:(?:p\w+\.)?(\w+)", answer).group(1), 16) - 1

    def set_registers(self, core: int, registers: dict[int, int]) -> None:
        """By GDB's numbers; each has 64 bits."""
        self._must(f"Hg{core + 1:x}")
        for number, value in registers.items():
            self._must(f"P{number:x}={value.to_bytes(8, 'little').hex()}")

    def go_on(self) -> None:
        self._send("c")
