"""The product `server`: files of its disk over HTTP, and the shell that looks after them. `system.server_campaign` does the same at length."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import hashlib
import re
import socket
import subprocess
from collections.abc import Iterator

import pytest

from builder.starts import Start, one_core
from minixdisk import read_files
from system.network_host import HOST, SECONDS, sha256
from system.server_campaign import AT_ONCE, SITE, VICTIMS, Server, load

REQUESTS = 150
pytestmark = one_core("the network's tests spread a server's parts over cores")


@pytest.fixture(scope="module")
def server(board: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One machine for the tests below: each leaves it as it was."""
    running = Server(board, tmp_path_factory.mktemp("disk"))
    try:
        running.wait()
        yield running
    finally:
        running.machine.kill()


def test_files_of_the_disk_are_served_as_they_are(server: Server) -> None:
    files = sorted(path for path in SITE.rglob("*") if path.is_file())

    assert len(files) > 4
    for path in files:
        assert sha256(server.curl(f"/{path.relative_to(SITE)}")) == sha256(path.read_bytes())


def test_a_browser_is_told_what_it_gets(server: Server) -> None:
    head = server.curl("/docs/", "--head").decode().lower()

    assert "content-type: text/html" in head
    assert f"content-length: {(SITE / 'docs/index.html').stat().st_size}\r\n" in head
    assert b"Location: /docs/\r\n" in server.curl("/docs", "--include")


def test_what_is_not_to_be_had_is_refused(server: Server) -> None:
    expected = [
        (200, "//index.html", ()), (301, "/docs", ()), (404, "/nothing", ()), (404, "/index.html/x", ()),
        (403, "/../www/index.html", ()), (403, "/%2e%2E/www/index.html", ()), (400, "/docs%2findex.html", ()), (400, "/%00", ()),
        (405, "/", ("--data", "x=y")), (405, "/", ("--request", "DELETE")), (400, "/", ("--header", "Host:")),
        (414, "/" + "n" * 600, ()), (431, "/", ("--header", "X: " + "x" * 3000))]

    assert [(server.status(target, *options), target) for _, target, options in expected] == [(code, target) for code, target, _ in expected]


def test_no_request_fails(server: Server) -> None:
    for keep in (False, True):
        found = load(server, REQUESTS, keep)
        assert (found.complete, found.failed, found.kept) == (REQUESTS, 0, REQUESTS if keep else 0)


def test_no_request_fails_while_drivers_and_servers_die(server: Server) -> None:
    found = load(server, 4 * REQUESTS, False, "/seeds.svg", VICTIMS)

    assert (found.complete, found.failed) == (4 * REQUESTS, 0)
    assert found.kills >= 2


def test_clients_that_do_not_go_on_stop_nobody(server: Server) -> None:
    """Two that have sent half a request, two that ask for much and take nothing."""
    slow = [socket.create_connection((HOST, server.web), timeout=SECONDS) for _ in range(4)]
    for number, connection in enumerate(slow):
        connection.sendall(b"GET /seeds.svg HTTP/1.1\r\nHost: x\r\n" + b"\r\n" * (number % 2))
    try:
        assert load(server, REQUESTS, False).failed == 0
        slow[0].sendall(b"Connection: close\r\n\r\n")
        with slow[0].makefile("rb") as answer:
            assert answer.read().endswith((SITE / "seeds.svg").read_bytes())
    finally:
        for connection in slow:
            connection.close()


def test_what_the_shell_writes_is_served_and_on_the_disk(server: Server) -> None:
    server.type("mkdir /www/made", "> ")
    server.type("write /www/made/part.txt Good   morning", "> ")
    server.type("mv /www/made/part.txt /www/made/hello.txt", "> ")
    assert server.curl("/made/hello.txt") == b"Good   morning\n"
    server.type("append /www/made/hello.txt again", "> ")
    assert server.curl("/made/hello.txt") == b"Good   morning\nagain\n"
    server.type("cat /www/made/hello.txt", "^Good   morning\nagain$")
    server.type("ls /www/made", "^ +21  hello.txt$")
    server.type("stat /www", "^directory, ")
    server.type("sync /www/made/hello.txt", "^/www/made/hello.txt: safe$")

    assert read_files(server.image)["/www/made/hello.txt"] == b"Good   morning\nagain\n"
    server.type("rm /www/made/hello.txt", "> ")
    server.type("rm /www/made", "> ")
    server.type("ls /www/made", "^/www/made: is not there$")
    assert server.status("/made/hello.txt") == 404


def test_the_shell_calls_a_server_of_the_host(server: Server) -> None:
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(SECONDS)
        server.machine.send(f"nc 10.0.2.2 {listener.getsockname()[1]}\r")
        with listener.accept()[0] as peer, peer.makefile("rb") as lines:
            peer.settimeout(SECONDS)
            peer.sendall(b"from the host\x1b[2J\n")
            server.machine.expect(r"^from the host\.\[2J$")
            server.machine.send("to the host\r")
            assert lines.readline() == b"to the host\n"
            server.machine.send("\x04")
            assert lines.read() == b""
        server.machine.expect("^nc: the peer has ended$")
    server.type("help", "^nc +HOST PORT")


def test_what_comes_on_the_echo_port_goes_back(server: Server) -> None:
    with socket.create_connection((HOST, server.echo), timeout=SECONDS) as connection:
        connection.sendall(b"there and back")
        assert connection.recv(100) == b"there and back"


def test_after_the_death_of_the_network_new_connections_are_served(server: Server) -> None:
    server.kill("net")
    server.machine.expect("^.*http: the network was restarted$")
    server.machine.expect("^.*net: address FEC0::")

    assert load(server, AT_ONCE, True).failed == 0


def test_after_its_own_death_the_server_serves_as_before(server: Server) -> None:
    server.kill("http")
    server.machine.expect("http: listening on port 80")

    assert load(server, AT_ONCE, True).failed == 0


def test_the_disk_is_clean_when_it_was_mounted_again(server: Server) -> None:
    """Last: what is left after all the deaths above is complete once the file system has started again."""
    server.kill("mfs")
    server.type("write /www/end.txt end", "> ")
    server.type("sync /www/end.txt", "^/www/end.txt: safe$")
    checked = subprocess.run(["/usr/sbin/fsck.minix", "-f", server.image], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    site = {f"/www/{path.relative_to(SITE)}": hashlib.sha256(path.read_bytes()).hexdigest() for path in SITE.rglob("*") if path.is_file()}
    on_disk = {path: hashlib.sha256(data).hexdigest() for path, data in read_files(server.image).items()}
    assert site.items() <= on_disk.items()
    assert not re.findall(r"^.*(?:panic|error:).*$", server.machine.text, re.MULTILINE)
