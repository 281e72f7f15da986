"""The product `network` with clients and servers on the host, while its driver and its server die."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import random
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from builder.fixtures import built, product_of
from builder.project import ROOT
from builder.source_package import of_library
from builder.starts import Start, one_core
from system import network_campaign
from system.network_host import Network, curl, curl_put, in_parts, requests, serve_once, sha256, stream, through_echo

PART = 128 << 10
KILLS = 3
pytestmark = one_core("the stack's parts are on several cores of the aarch64 board", "qemu-riscv64", "qemu-x86_64")


@pytest.fixture(scope="module")
def network(board: Start) -> Iterator[Network]:
    """One machine for the tests below: each leaves it as it was."""
    running = Network(board)
    try:
        running.wait()
        yield running
    finally:
        running.machine.kill()


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def is_over(connection: socket.socket) -> bool:
    """QEMU closes its side when the system resets a connection."""
    try:
        return connection.recv(100) == b""
    except ConnectionResetError:
        return True


def test_a_browser_gets_the_page_and_what_is_not_there_is_not_found(network: Network) -> None:
    assert b"<title>Tenon</title>" in curl(network, "/")
    missing = curl(network, "/nothing", "--write-out", "%{http_code}")

    assert missing.endswith(b"404")


def test_a_stream_arrives_as_it_was_made(network: Network) -> None:
    assert sha256(curl(network, "/stream/7/300001")) == sha256(stream(7, 300001))


def test_what_is_put_arrives_as_it_was_sent(network: Network) -> None:
    data = noise(300001)

    assert curl_put(network, "/digest", len(data), iter([data])) == sha256(data)


def test_many_clients_are_served_whether_the_source_of_random_numbers_lives_or_dies(network: Network) -> None:
    for _ in range(3):
        network.kill("rng")
        assert requests(network, 20, 8) == 0


def test_a_connection_survives_the_death_of_the_network_driver(network: Network) -> None:
    with network.connect(network.echo) as connection:
        sent, received = through_echo(connection, in_parts(network, "nic", noise((KILLS + 1) * PART), KILLS))

    assert sent == received


def test_a_connection_survives_a_driver_that_dies_again_and_again(network: Network) -> None:
    begin, killed = network.kill_every(200)
    with network.connect(network.echo) as connection:
        assert len(set(through_echo(connection, iter([noise(4 * PART)])))) == 1
    time.sleep(1)   # a fast host was done before
    end, killed_now = network.kill_every(0)

    assert 0 < killed_now - killed <= (end - begin) // 200_000_000


def test_an_upload_survives_the_death_of_the_network_driver(network: Network) -> None:
    data = noise((KILLS + 1) * PART)

    assert curl_put(network, "/digest", len(data), in_parts(network, "nic", data, KILLS)) == sha256(data)


def calls_out(network: Network, family: int, ours: str, name: str) -> None:
    data = noise(100001)
    port, thread, answer = serve_once(family, ours, data)
    with network.ask(f"call {name} {port}") as asking:
        assert asking.recv(1500).decode() == f"echoed {len(data)}"
    thread.join()
    assert sha256(answer[0]) == sha256(data)


def test_a_component_calls_a_server_over_ipv4(network: Network) -> None:
    calls_out(network, socket.AF_INET, "127.0.0.1", "10.0.2.2")


def test_a_component_calls_a_server_over_ipv6(network: Network) -> None:
    calls_out(network, socket.AF_INET6, "::1", "fec0::2")


def test_a_build_whose_fetched_sources_are_gone_fetches_them_again(board: Start) -> None:
    folder = built(product_of("network", board, "tested"))
    configured = subprocess.run(["ninja", "-C", folder, "-t", "query", "build.ninja"], capture_output=True, text=True, check=True).stdout

    assert all(str(ROOT / source) in configured for source in of_library(ROOT / "components/lib/lwip").sources)


def test_after_the_death_of_the_server_connections_are_over_and_listeners_come_back(network: Network) -> None:
    with network.connect(network.echo) as connection:
        connection.sendall(b"before")
        assert connection.recv(100) == b"before"
        network.ask("kill net").close()  # whose answer would have to come through it
        network.machine.expect("^echo: the network was restarted$")
        network.machine.expect("^net: address FEC0::")
        connection.sendall(b"after")
        assert is_over(connection)

    assert b"Tenon" in curl(network, "/")
    with network.connect(network.echo) as connection:
        assert len(set(through_echo(connection, iter([noise(PART)])))) == 1


def test_the_server_s_end_under_load_ends_connections_and_nothing_else(network: Network) -> None:
    """A short slice of tests/system/network_campaign.py."""
    network_campaign.end_again(network, KILLS, seed=1)
