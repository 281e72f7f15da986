"""Requests to the product `server` from ab, while its drivers and servers are killed, or not:

    PYTHONPATH=tools:tests /usr/bin/python3 -m system.server_campaign --requests 10000
    PYTHONPATH=tools:tests /usr/bin/python3 -m system.server_campaign --board qemu-riscv64 --requests 20000 --victims "disk mfs vfs nic"

Half of the requests are on connections that stay open. Instructions are those of all levels, the firmware's too, while ab runs and nobody is
killed; a plugin of QEMU counts them.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import argparse
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.commands.bench import Bench
from builder.fixtures import boot_product
from builder.machine import Machine
from builder.project import ROOT
from builder.qemu import Forward
from builder.starts import Start, columns
from system.network_host import ECHO, HOST, SECONDS, WEB, free_port
from system.network_throughput import Counter

SITE = ROOT / "apps/server/disks/disk/www"
AT_ONCE = 8
SETTLED = 0.2   # seconds between two kills
VICTIMS = ("disk", "vfs", "nic", "mfs")


class Server:
    """A running product `server`, and how to reach it."""

    def __init__(self, start: Start, folder: Path, **options: object) -> None:
        self.web, self.echo = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
        self.image = folder / "disk.img"
        forwards = (Forward("tcp", self.web, WEB), Forward("tcp", self.echo, ECHO))
        self.machine: Machine = boot_product("server", start, disk_folder=folder, forwards=forwards, **options)

    def wait(self) -> None:
        """Until it has an address and its servers listen, in whichever order."""
        deadline = time.monotonic() + SECONDS
        for text in ("http: listening", "echo: listening", "type `help`", "net: address 10.0.2.15", "net: address FEC0::"):
            while text not in self.machine.text:
                if not self.machine.is_open or time.monotonic() > deadline:
                    raise AssertionError(f"`{text}` did not come; last lines:\n{self.machine.tail()}")
                self.machine.read(1)

    def type(self, line: str, answer: str) -> re.Match:
        """A line for the shell, and what it says, which may stand behind the prompt."""
        self.machine.send(line + "\r")
        self.machine.expect(f"{re.escape(line)}\n", SECONDS)
        return self.machine.expect(answer, SECONDS)

    def kill(self, name: str) -> None:
        self.type(f"kill {name}", f"{name}: killed")

    def curl(self, target: str, *options: str) -> bytes:
        words = ["curl", "--silent", "--show-error", "--path-as-is", "--max-time", str(SECONDS), *options, f"http://{HOST}:{self.web}{target}"]
        return subprocess.run(words, stdout=subprocess.PIPE, check=True, timeout=2 * SECONDS).stdout

    def status(self, target: str, *options: str) -> int:
        return int(self.curl(target, "--output", "/dev/null", "--write-out", "%{http_code}", *options))


@dataclass(frozen=True, slots=True)
class Load:
    """What ab has found."""

    complete: int
    failed: int     # with those that were answered by another status than 200
    kept: int       # on a connection that had been used before
    seconds: float
    kills: int = 0


def number(report: str, name: str) -> float:
    found = re.search(rf"^{name}:\s+([\d.]+)", report, re.MULTILINE)
    return float(found[1]) if found else 0


def load(server: Server, requests: int, keep: bool, target: str = "/", victims: Sequence[str] = (), at_once: int = AT_ONCE) -> Load:
    """That many requests, so many at a time; the victims die in turn until all are answered."""
    words = ["ab", "-q", "-s", str(SECONDS), "-n", str(requests), "-c", str(at_once), *(["-k"] if keep else []), f"http://{HOST}:{server.web}{target}"]
    kills = 0
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        try:
            while victims and running.poll() is None:
                server.kill(victims[kills % len(victims)])
                kills += 1
                time.sleep(SETTLED)
            report = running.communicate(timeout=60 + requests)[0]
        finally:
            running.kill()
    if running.returncode != 0:
        raise AssertionError(f"ab ended with {running.returncode}:\n{report}\n{server.machine.tail()}")
    failed = number(report, "Failed requests") + number(report, "Non-2xx responses")
    return Load(int(number(report, "Complete requests")), int(failed), int(number(report, "Keep-Alive requests")),
                number(report, "Time taken for tests"), kills)


def campaign(start: Start, requests: int, victims: Sequence[str]) -> bool:
    """Whether all were answered."""
    good = True
    with tempfile.TemporaryDirectory() as folder, Bench(start.board, start.cpu, start.el, verbose=False) as bench:
        counter = Counter(bench)
        server = Server(start, Path(folder), settings=("build=release",), extra=counter.options)
        try:
            server.wait()
            load(server, 50, True)
            for keep in (False, True):
                for who in ((), *([victims] if victims else [])):
                    before = counter.read()
                    found = load(server, requests // 2, keep, victims=who)
                    each = "" if who else f", {(counter.read() - before) / found.complete:,.0f} instructions each"
                    print(f"{start.board}: {found.complete} requests{' on kept connections' if keep else ''}, {found.failed} failed, {found.kills} kills, "
                          f"{found.complete / found.seconds:.0f} a second{each}", flush=True)
                    good &= found.complete == requests // 2 and found.failed == 0
        finally:
            server.machine.kill()
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board", action="append", help="may be repeated; default: all")
    parser.add_argument("--requests", type=int, default=10000, help="in all, and as many again while somebody dies")
    parser.add_argument("--victims", default=" ".join(VICTIMS), help="who dies, in turn; '' is nobody")
    arguments = parser.parse_args()
    boards = arguments.board or [name for name, start in columns().items() if start.cores == 1]
    return int(not all([campaign(columns()[name], arguments.requests, arguments.victims.split()) for name in boards]))


if __name__ == "__main__":
    sys.exit(main())
