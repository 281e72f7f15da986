"""The host's side of the network tests: clients and servers of the product `network`, and the kills of its parts."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import contextlib
import hashlib
import http.client
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from builder.fixtures import boot_product
from builder.machine import Machine
from builder.qemu import Forward
from builder.starts import Start

HOST = "127.0.0.1"
WEB, ECHO, REMOTE = 80, 7, 9
SECONDS = 60
CHUNK = 64 << 10
MASK = (1 << 64) - 1


def free_port(kind: int, family: int = socket.AF_INET) -> int:
    """One that nobody has now. A test that finds it taken a moment later fails at its start."""
    with socket.socket(family, kind) as probe:
        probe.bind(("localhost" if family == socket.AF_INET else "::1", 0))
        return probe.getsockname()[1]


def stream(seed: int, size: int) -> bytes:
    """What /stream/SEED/SIZE is: SplitMix64, little endian."""
    words = []
    for number in range(1, (size + 7) // 8 + 1):
        value = (seed + number * 0x9E3779B97F4A7C15) & MASK
        value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK
        words.append(value ^ value >> 31)
    return struct.pack(f"<{len(words)}Q", *words)[:size]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Network:
    """A running product `network`, variant `tested`, and how to reach it."""

    def __init__(self, start: Start, **options: object) -> None:
        self.web, self.echo = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
        self._remote = free_port(socket.SOCK_DGRAM)
        forwards = (Forward("tcp", self.web, WEB), Forward("tcp", self.echo, ECHO), Forward("udp", self._remote, REMOTE))
        self.machine: Machine = boot_product("network", start, variant="tested", forwards=forwards, **options)

    def wait(self) -> None:
        """Until it has an address and its servers listen, in whichever order."""
        deadline = time.monotonic() + SECONDS
        for text in ("web: listening", "echo: listening", "remote: commands", "net: address 10.0.2.15", "net: address FEC0::"):
            while text not in self.machine.text:
                if not self.machine.is_open or time.monotonic() > deadline:
                    raise AssertionError(f"`{text}` did not come; last lines:\n{self.machine.tail()}")
                self.machine.read(1)

    def command(self, text: str, timeout: float = SECONDS) -> str:
        """Says it to `remote` until an answer comes: a datagram may be lost, with a killed driver above all."""
        deadline = time.monotonic() + timeout
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.connect((HOST, self._remote))
            while time.monotonic() < deadline:
                asking.settimeout(1)
                try:
                    asking.send(text.encode())
                    return asking.recv(1500).decode()
                except (TimeoutError, ConnectionRefusedError):
                    pass
        raise AssertionError(f"no answer to `{text}`; last lines:\n{self.machine.tail()}")

    def ask(self, text: str) -> socket.socket:
        """Says it once, and leaves the answer to the caller."""
        asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asking.settimeout(SECONDS)
        asking.connect((HOST, self._remote))
        asking.send(text.encode())
        return asking

    def kill(self, name: str) -> None:
        answer = self.command(f"kill {name}")
        if answer != "killed":
            raise AssertionError(f"{name} cannot be killed: {answer}")

    def kill_every(self, milliseconds: int, name: str = "nic") -> tuple[int, int]:
        """From now on, or no more where that is 0; the system's time in nanoseconds, and how many such kills there were."""
        answer, *numbers = self.command(f"every {milliseconds} {name}").split()
        if answer != "at":
            raise AssertionError(f"{name} cannot be killed again and again: {answer}")
        return int(numbers[0]), int(numbers[1])

    def connect(self, port: int) -> socket.socket:
        return socket.create_connection((HOST, port), timeout=SECONDS)

    def get(self, target: str) -> tuple[int, bytes]:
        with contextlib.closing(http.client.HTTPConnection(HOST, self.web, timeout=SECONDS)) as connection:
            connection.request("GET", target)
            answer = connection.getresponse()
            return answer.status, answer.read()


def curl(network: Network, target: str, *options: str) -> bytes:
    """What it gets."""
    return subprocess.run(curl_words(network, target, *options), stdout=subprocess.PIPE, check=True, timeout=2 * SECONDS).stdout


def curl_put(network: Network, target: str, size: int, parts: Iterator[bytes]) -> str:
    """What is answered to a body that comes in parts."""
    words = curl_words(network, target, "--upload-file", "-", "--header", f"Content-Length: {size}", "--header", "Transfer-Encoding:")
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        for part in parts:
            running.stdin.write(part)
            running.stdin.flush()
        return running.communicate()[0].decode().strip()


def curl_words(network: Network, target: str, *options: str) -> list[str]:
    return ["curl", "--silent", "--show-error", "--max-time", str(SECONDS), *options, f"http://{HOST}:{network.web}{target}"]


def in_parts(network: Network, victim: str, data: bytes, kills: int) -> Iterator[bytes]:
    """The data, with a death after each part but the last: on its way out, for whoever sends parts as they come."""
    size = -(-len(data) // (kills + 1))
    for number in range(kills + 1):
        if number > 0:
            network.kill(victim)
        yield data[number * size:(number + 1) * size]


def through_echo(connection: socket.socket, chunks: Iterator[bytes]) -> tuple[str, str]:
    """Sends all and reads all back at the same time; the digests of both."""
    sent, received = hashlib.sha256(), hashlib.sha256()

    def send() -> None:
        for chunk in chunks:
            sent.update(chunk)
            connection.sendall(chunk)
        connection.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    while data := connection.recv(CHUNK):
        received.update(data)
    sender.join()
    return sent.hexdigest(), received.hexdigest()


def requests(network: Network, count: int, at_once: int) -> int:
    """So many requests of the page, each on a connection of its own; how many failed."""
    def one(_: int) -> bool:
        try:
            status, body = network.get("/")
            return status == 200 and b"Tenon" in body
        except OSError:
            return False

    with ThreadPoolExecutor(at_once) as pool:
        return count - sum(pool.map(one, range(count)))


def serve_once(family: int, address: str, data: bytes) -> tuple[int, threading.Thread, list[bytes]]:
    """A server on the host that sends the data to one client and keeps what comes back: its port, its thread, its answer."""
    listener = socket.create_server((address, 0), family=family)
    answer: list[bytes] = []

    def run() -> None:
        with listener, listener.accept()[0] as peer:
            peer.settimeout(SECONDS)
            peer.sendall(data)
            peer.shutdown(socket.SHUT_WR)
            parts = []
            while part := peer.recv(CHUNK):
                parts.append(part)
            answer.append(b"".join(parts))

    listener.settimeout(SECONDS)
    thread = threading.Thread(target=run)
    thread.start()
    return listener.getsockname()[1], thread, answer
