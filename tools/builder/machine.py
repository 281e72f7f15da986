"""A running QEMU: its console, its exit code, its end. Used by `tenon run` and by the system tests.

There is no reader thread: the console is read while somebody waits for something, which is always.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from .qmp import Qmp


class ConsoleError(AssertionError):
    """What was waited for on the console did not come; the text says what and why."""


class Machine:
    """`show`, when given, gets each piece of console text as it comes.

    With `interactive` the machine's console is our own terminal's, and `send` must not be used.
    """

    def __init__(self, command: list[str], show: Callable[[str], None] | None = None,
                 interactive: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tenon-"))
        self._socket = self._folder / "qmp"
        self._show = show
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._position = 0  # where the next `expect` begins to look
        self._qmp: Qmp | None = None
        self._open = True
        self.text = ""      # the console so far, lines ended by \n alone
        self.command = [*command, "-qmp", f"unix:{self._socket},server=on,wait=off"]
        self.process = subprocess.Popen(self.command, stdin=None if interactive else subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def is_open(self) -> bool:
        """False once the console has been read to its end."""
        return self._open

    @property
    def exit_code(self) -> int | None:
        return self.process.poll()

    @property
    def qmp(self) -> Qmp:
        if self._qmp is None:
            self._qmp = Qmp(self._socket)
        return self._qmp

    def read(self, seconds: float) -> str:
        """New console text; empty when none came in that time or the console has ended."""
        stream = self.process.stdout.fileno()
        if not self._open or not select.select([stream], [], [], max(seconds, 0))[0]:
            return ""
        data = os.read(stream, 65536)
        self._open = bool(data)
        new = self._decoder.decode(data, final=not data).replace("\r", "")
        self.text += new
        if self._show and new:
            self._show(new)
        return new

    def send(self, text: str) -> None:
        """Types the text; the caller adds the newline."""
        try:
            self.process.stdin.write(text.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended; whoever waits for the answer will say so

    def expect(self, pattern: str, timeout: float = 60) -> re.Match:
        """Waits until the regular expression matches text after the last match; ConsoleError otherwise."""
        regex = re.compile(pattern, re.MULTILINE)
        deadline = time.monotonic() + timeout
        while True:
            match = regex.search(self.text, self._position)
            if match:
                self._position = match.end()
                return match
            left = deadline - time.monotonic()
            if not self._open or left <= 0:
                why = f"within {timeout:g} s" if self._open else "before the system ended"
                raise ConsoleError(f"`{pattern}` did not come {why}; last lines:\n{self.tail()}")
            self.read(left)

    def command_line(self, line: str, answer: str, timeout: float = 60) -> re.Match:
        """Types a line and waits for its answer."""
        self.send(line + "\n")
        return self.expect(answer, timeout)

    def wait(self, timeout: float = 60) -> int:
        """Reads on until the machine ends; its exit code. ConsoleError when it does not end in time."""
        deadline = time.monotonic() + timeout
        while self._open:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ConsoleError(f"the system did not end within {timeout:g} s; last lines:\n{self.tail()}")
            self.read(left)
        return self._exit_code(self.process.wait(10))

    def _exit_code(self, code: int) -> int:
        """What the system ended with: QEMU's debug exit makes 2n + 1 of n, and is not used for 0."""
        by_debug_exit = any("isa-debug-exit" in str(word) for word in self.process.args)
        return code >> 1 if by_debug_exit and code > 1 else code

    def tail(self, lines: int = 15) -> str:
        return "\n".join("  | " + line for line in self.text.splitlines()[-lines:])

    def kill(self) -> None:
        """Ends it at once: an idle guest under icount may never let QEMU notice a polite signal."""
        if self._qmp:
            self._qmp.close()
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                _close(stream)
        shutil.rmtree(self._folder, ignore_errors=True)


def _close(stream) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        pass  # unsent input for a machine that is gone
