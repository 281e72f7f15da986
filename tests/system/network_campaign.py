#!/usr/bin/python3
"""Ends the server `net` of the product `network` under load, and looks at what becomes of its connections and listeners.

    tests/system/network_campaign.py --full
    tests/system/network_campaign.py --board qemu-riscv64 --kills 20 --seed 7

Each time a stream goes in and out through the echo server until a seeded number of bytes have come back; then `net` ends. The connection must end
soon, with nothing but what was sent having come back, and new ones must be served. --full: 100 times on each board.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import argparse
import random
import socket
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]
from builder.starts import Start, columns  # noqa: E402
from system.network_host import CHUNK, Network, through_echo  # noqa: E402

FULL = 100
MOST = 512 << 10    # bytes that come back before the end
AFTER = 64 << 10    # through a new connection


@dataclass
class Load:
    """A stream in and out on a connection, until that ends."""

    connection: socket.socket
    seed: int
    wanted: int                             # bytes that come back until `reached`
    reached: threading.Event = field(default_factory=threading.Event)
    received: int = 0
    wrong: str = ""                         # empty: it ended, and nothing came back but what was sent

    def __post_init__(self) -> None:
        self.threads = [threading.Thread(target=self._send), threading.Thread(target=self._receive)]
        for thread in self.threads:
            thread.start()

    def _chunks(self):
        source = random.Random(self.seed)
        while True:
            yield source.randbytes(CHUNK)

    def _send(self) -> None:
        try:
            for chunk in self._chunks():
                self.connection.sendall(chunk)
        except TimeoutError:
            self.wrong = self.wrong or "the connection goes on for ever: nothing is taken any more"
        except OSError:
            pass

    def _receive(self) -> None:
        expected, chunks = b"", self._chunks()
        try:
            while part := self.connection.recv(CHUNK):
                while len(expected) < len(part):
                    expected += next(chunks)
                if part != expected[:len(part)]:
                    self.wrong = f"something else came back after {self.received} bytes"
                    break
                expected = expected[len(part):]
                self.received += len(part)
                if self.received >= self.wanted:
                    self.reached.set()
        except TimeoutError:
            self.wrong = self.wrong or "the connection goes on for ever: nothing comes any more"
        except OSError:
            pass
        self.reached.set()
        self.connection.close()     # ends the sender, too

    def join(self) -> str:
        for thread in self.threads:
            thread.join()
        return self.wrong


def end_once(network: Network, seed: int) -> str:
    """What was wrong; empty: nothing."""
    load = Load(network.connect(network.echo), seed, random.Random(seed).randrange(1, MOST))
    load.reached.wait()
    if load.received < load.wanted:
        return f"the connection ended by itself after {load.received} bytes: {load.join()}"
    network.ask("kill net").close()     # whose answer would have to come through it
    wrong = load.join()
    if wrong:
        return wrong
    network.machine.expect("^echo: the network was restarted$")
    network.machine.expect("^net: address 10.0.2.15")
    with network.connect(network.echo) as connection:
        sent, received = through_echo(connection, iter([random.Random(~seed).randbytes(AFTER)]))
    return "" if sent == received else "a new connection brings back something else"


def end_again(network: Network, kills: int, seed: int) -> None:
    for number in range(kills):
        wrong = end_once(network, seed * kills + number)
        if wrong:
            raise AssertionError(f"end {number + 1} of net, seed {seed}: {wrong}; last lines:\n{network.machine.tail()}")


def campaign(start: Start, kills: int, seed: int) -> None:
    network = Network(start)
    try:
        network.wait()
        end_again(network, kills, seed)
    finally:
        network.machine.kill()


def main() -> int:
    boards = {start.board: start for start in columns().values() if start.cores == 1}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help=f"{FULL} times on each board")
    parser.add_argument("--board", choices=sorted(boards), default="qemu-aarch64")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    failed = False
    for board in sorted(boards) if arguments.full else [arguments.board]:
        kills = FULL if arguments.full else arguments.kills
        try:
            campaign(boards[board], kills, arguments.seed)
            print(f"{board}: net ended {kills} times; connections ended, listeners served", flush=True)
        except AssertionError as error:
            print(f"{board}: {error}", flush=True)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
