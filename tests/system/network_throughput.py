"""How fast the product `network` echoes a stream over TCP: undisturbed, and while its network driver is killed again and again. And
what that takes beside Linux, on the same machine of QEMU:

    PYTHONPATH=tools:tests /usr/bin/python3 -m system.network_throughput --board qemu-aarch64 --mebibytes 64 --linux

Seconds are those of the system: a nanosecond for each instruction, and the host's while all wait (-icount), so that other work of the
host does not count. Instructions are those of all levels, the firmware's too; a plugin of QEMU counts them.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import argparse
import random
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from builder import qemu
from builder.commands.bench import Bench
from builder.fixtures import built, product_of
from builder.machine import Machine
from builder.qemu import Forward
from builder.starts import STARTS, Start
from system import linux_peer
from system.network_host import ECHO, HOST, SECONDS, Network, free_port, requests, through_echo

MEBIBYTE = 1 << 20
WARM_UP = 4     # MiB, before anything is measured
SETTINGS = ("build=release",)


class Counter:
    """The instructions that a machine has executed: started with the options, it counts in a file."""

    def __init__(self, bench: Bench) -> None:
        self._file = bench.folder / "instructions"
        self.options = ("-icount", "shift=0,sleep=on", "-plugin", f"file={bench.plugin('instructions')},out={self._file}")

    def read(self) -> int:
        return int.from_bytes(self._file.read_bytes()[:8], sys.byteorder)


@dataclass(frozen=True, slots=True)
class Transfer:
    mebibytes: int
    instructions: int
    seconds: float = 0
    kills: int = 0

    @property
    def rate(self) -> float:
        return self.mebibytes / self.seconds

    @property
    def million_instructions(self) -> float:
        """For each MiB."""
        return self.instructions / self.mebibytes / 1e6


def move(connection: socket.socket, mebibytes: int, counter: Counter) -> int:
    """That much in and out; the instructions for it."""
    source = random.Random(mebibytes)
    chunks: Iterator[bytes] = (source.randbytes(MEBIBYTE) for _ in range(mebibytes))
    before = counter.read()
    sent, received = through_echo(connection, chunks)
    if sent != received:
        raise AssertionError(f"what was sent is not what came back: SHA-256 {sent}, {received}")
    return counter.read() - before


def echo(port: int, mebibytes: int, counter: Counter) -> int:
    with socket.create_connection((HOST, port), timeout=SECONDS) as connection:
        return move(connection, mebibytes, counter)


def transfer(network: Network, counter: Counter, mebibytes: int, kill_every: int = 0) -> Transfer:
    """The driver dies each so many milliseconds from when the connection stands; 0: never. What QEMU gets for a device that
    its driver has not started yet it drops, and for a first segment its side waits six seconds before it sends it again."""
    with socket.create_connection((HOST, network.echo), timeout=SECONDS) as connection:
        begin, killed = network.kill_every(kill_every)
        instructions = move(connection, mebibytes, counter)
    end, killed_now = network.kill_every(0)
    return Transfer(mebibytes, instructions, (end - begin) / 1e9, killed_now - killed)


def linux(start: Start, bench: Bench, mebibytes: int) -> Transfer:
    """The same on Debian's kernel, on the machine of the product."""
    counter, port = Counter(bench), free_port(socket.SOCK_STREAM)
    folder = built(product_of("network", start, "tested", SETTINGS))
    options = qemu.Options(cpu=start.cpu, forwards=(Forward("tcp", port, ECHO),), extra=counter.options)
    line = qemu.command(folder, qemu.read_board(start.board), qemu.read_needs(folder), options)
    with Machine(linux_peer.command(start.arch, line, ECHO)) as machine:
        machine.expect("^linux: listening", 2 * SECONDS)
        echo(port, WARM_UP, counter)
        return Transfer(mebibytes, echo(port, mebibytes, counter))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board", default="qemu-aarch64")
    parser.add_argument("--mebibytes", type=int, default=64)
    parser.add_argument("--kill-every", type=float, nargs="*", default=[1, 0.1], help="seconds between two deaths of the network driver")
    parser.add_argument("--requests", type=int, default=1000, help="of the page, 8 at once, afterwards")
    parser.add_argument("--linux", action="store_true", help="the same on Debian's kernel, which apt fetches")
    arguments = parser.parse_args()
    start = next(start for start in STARTS if start.board == arguments.board)
    with Bench(start.board, start.cpu, start.el, verbose=False) as bench:
        counter = Counter(bench)
        network = Network(start, settings=SETTINGS, extra=counter.options)
        try:
            network.wait()
            echo(network.echo, WARM_UP, counter)
            whole = transfer(network, counter, arguments.mebibytes)
            print(f"undisturbed: {whole.rate:.2f} MiB/s, {whole.million_instructions:.2f} million instructions per MiB", flush=True)
            for seconds in arguments.kill_every:
                found = transfer(network, counter, arguments.mebibytes, round(seconds * 1000))
                print(f"driver killed every {seconds:g} s: {found.rate:.2f} MiB/s, {found.rate / whole.rate:.0%}, {found.kills} kills", flush=True)
            failed = requests(network, arguments.requests, 8)
            print(f"{arguments.requests} requests of the page, {failed} failed", flush=True)
        finally:
            network.machine.kill()
    if arguments.linux:
        with Bench(start.board, start.cpu, start.el, verbose=False) as bench:
            print(f"Linux: {linux(start, bench, arguments.mebibytes).million_instructions:.2f} million instructions per MiB")
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
