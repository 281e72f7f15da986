"""A small client of QEMU's control socket (QMP), for tests that must look at the machine from outside."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path


class QmpError(Exception):
    """QEMU refused a command; the text is QEMU's."""


class Qmp:
    def __init__(self, path: Path, timeout: float = 10) -> None:
        self._socket = _connect(path, timeout)
        self._file = self._socket.makefile("rw", encoding="utf-8")
        self.events: list[dict] = []
        self._receive()  # the greeting
        self.command("qmp_capabilities")

    def command(self, name: str, **arguments) -> object:
        """Sends one command and returns its answer; events that come in between are kept."""
        json.dump({"execute": name, "arguments": arguments}, self._file)
        self._file.write("\n")
        self._file.flush()
        while True:
            answer = self._receive()
            if "error" in answer:
                raise QmpError(answer["error"]["desc"])
            if "return" in answer:
                return answer["return"]
            self.events.append(answer)

    def monitor(self, line: str) -> str:
        """A command of the human monitor, such as `info registers` or `xp /4xw 0x40000000`."""
        return str(self.command("human-monitor-command", **{"command-line": line})).replace("\r", "")

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _receive(self) -> dict:
        line = self._file.readline()
        if not line:
            raise QmpError("QEMU has ended")
        return json.loads(line)


def _connect(path: Path, timeout: float) -> socket.socket:
    """QEMU makes the socket a moment after its start."""
    deadline = time.monotonic() + timeout
    while True:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(timeout)
        try:
            client.connect(str(path))
            return client
        except OSError as problem:
            client.close()
            if time.monotonic() > deadline:
                raise QmpError(f"QEMU does not answer on {path}: {problem}") from problem
            time.sleep(0.02)
