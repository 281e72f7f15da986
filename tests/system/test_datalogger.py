"""The data logger on QEMU: its shell, its supervisor, and its records when drivers are killed.

Nothing here depends on how fast the machine is: tests wait for text and count events.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from builder import fixtures
from builder.project import ROOT
from builder.starts import Start, one_core

sys.path.insert(0, str(ROOT / "tools"))
from logdisk import read_log  # noqa: E402

APP = "datalogger"
TARGETS = ("uart", "rtc", "rng", "disk", "store")
KILLS = 20
IN_FLIGHT_LEAST = 15
PROMPT = r"^> "


def unsupervised(start: Start) -> list[str]:
    """Those that nobody restarts. A board without other devices has them on its PCI bus, which then needs a driver."""
    return ["sup", "pcie"] if start.arch == "x86_64" else ["sup"]


def started(machine, start: Start, **options):
    running = machine(APP, start, **options)
    running.expect("type `help`", timeout=120)
    running.expect(PROMPT)
    return running


def power_off(running) -> int:
    """Turns it off; the number of records it says it stored."""
    stored = running.command_line("poweroff", r"power off, (\d+) records stored")
    assert running.wait() == 0
    return int(stored[1])


def wait_for_records(running, least: int) -> None:
    while int(running.command_line("log 1", r"^(\d+) records on the disk")[1]) < least:
        pass


def restarts(running) -> dict[str, int]:
    """What `ps` says, by instance."""
    rows = running.command_line("ps", r"^instance .*restarts\n((?:.+\n)+)> ")[1].splitlines()
    return {row.split()[0]: int(row.split()[-1]) for row in rows if re.search(r" (yes|no) +\d+ +\d+$", row)}


# --- The shell -------------------------------------------------------------------------------------------

def test_help_lists_the_commands(machine, board: Start) -> None:
    running = started(machine, board)

    text = running.command_line("help", r"^poweroff .*")
    listing = running.text[:text.end()]

    for command in ("help", "ps", "top", "caps", "log", "kill", "poweroff"):
        assert re.search(rf"^{command} ", listing, re.MULTILINE)
    power_off(running)


def test_ps_shows_all_instances_running(machine, board: Start) -> None:
    running = started(machine, board)

    assert restarts(running) == dict.fromkeys((*TARGETS, "sampler", "shell", *unsupervised(board)), 0)
    power_off(running)


@one_core("the shares are of one core's time")
def test_top_shares_add_up_to_the_whole(machine, board: Start) -> None:
    running = started(machine, board)
    running.command_line("top", r"^\(idle\) .*\n> ")  # with the boot, which is nobody's time
    wait_for_records(running, 1)

    listing = running.command_line("top", r"^in \d+ ms:\n((?:.+\n)+)> ")[1]
    shares = re.findall(r"^[a-z()]+ +(\d+)\.(\d) % +\d+ us$", listing, re.MULTILINE)

    assert len(shares) == 8 + len(unsupervised(board))
    # Each line is rounded down, and what the kernel does between two threads is in none.
    assert 800 <= sum(10 * int(whole) + int(tenth) for whole, tenth in shares) <= 1000
    power_off(running)


def test_caps_names_the_slots_of_an_instance(machine, board: Start) -> None:
    running = started(machine, board)

    running.command_line("caps disk", r"^ +\d+  interrupt_dev +interrupt +c ")
    running.expect(r"^ +\d+  dma_buffer +region +rd ")
    power_off(running)


def test_log_shows_the_records(machine, board: Start) -> None:
    running = started(machine, board)
    wait_for_records(running, 1)

    running.command_line("log 1", r"^ +\d+  20\d\d-\d\d-\d\d \d\d:\d\d:\d\d  sample \d+: [0-9a-f]{8}\n\d+ records")
    power_off(running)


@pytest.mark.parametrize("line, answer", [
    ("caps", "usage: caps NAME"),
    ("caps nobody", "caps: no instance `nobody`"),
    ("kill", "usage: kill NAME"),
    ("kill sup", "kill: no supervised instance `sup`"),
    ("kill " + "x" * 60, "kill: no supervised instance `x+`"),
    ("log none", "log: `none` is no number"),
    ("log 0", "log: `0` is no number"),
    ("log 99999999999999999999", "log: `9+` is no number"),
    ("ps all", "usage: ps"),
    ("nonsense and more", "no command `nonsense`"),
])
def test_bad_input_gets_one_clear_answer(shared, line: str, answer: str) -> None:
    shared.command_line(line, "^" + answer)
    shared.expect(PROMPT)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, board: Start):
    """One machine for tests that only talk to the shell."""
    with fixtures.boot_product(APP, board, "", disk_folder=tmp_path_factory.mktemp("shared")) as running:
        running.expect("type `help`", timeout=120)
        running.expect(PROMPT)
        yield running


def test_a_long_line_is_cut_and_the_shell_goes_on(shared) -> None:
    shared.command_line("y" * 300, "no command `y{127}`")
    shared.command_line("help", "^help ")


def test_backspace_and_control_c_edit_the_line(shared) -> None:
    shared.command_line("hepx\x7f\x7flp", r"^poweroff ")
    shared.send("nonsense\x03")
    shared.expect(r"\^C\n> ")
    shared.command_line("", PROMPT)


# --- The disk --------------------------------------------------------------------------------------------

def test_records_are_on_the_disk_and_go_on_after_a_reboot(machine, tmp_path: Path, board: Start) -> None:
    running = started(machine, board)
    wait_for_records(running, 2)
    first = power_off(running)
    second = started(machine, board)
    wait_for_records(second, first + 1)
    total = power_off(second)

    assert f"store: {first} records so far" in second.text
    log = read_log(tmp_path / "disk.img")

    assert log.problems == ()
    assert len(log.records) == total > first
    assert [record.id for record in log.records] == list(range(1, total + 1))


def test_a_disk_with_something_else_is_left_alone(machine, tmp_path: Path, board: Start) -> None:
    image = tmp_path / "disk.img"
    content = b"somebody else's data" + bytes((1 << 20) - 20)
    image.write_bytes(content)

    running = machine(APP, board)
    # The store and the shell start side by side: their lines come in either order.
    running.expect(r"(?s)holds something else.*^> |^> .*holds something else", timeout=120)
    running.command_line("log", "log: the log store does not answer")
    running.command_line("poweroff", "power off; the log store does not answer")

    assert running.wait() == 0
    assert image.read_bytes() == content


def test_a_damaged_block_costs_its_record_only(machine, tmp_path: Path, board: Start) -> None:
    image = tmp_path / "disk.img"
    running = started(machine, board)
    wait_for_records(running, 2)
    stored = power_off(running)
    data = bytearray(image.read_bytes())
    data[512 + 100] ^= 1  # text of record 0
    image.write_bytes(data)

    running = machine(APP, board)
    running.expect("store: warning: 1 damaged blocks", timeout=120)
    running.expect(rf"sampler: begins with sample {stored + 1}")
    power_off(running)

    log = read_log(image)
    assert "block 1 is damaged" in log.problems
    assert [record.id for record in log.records][0] == 2


@pytest.mark.parametrize("build", ["debug", "release"])
def test_it_works_on_every_kind_of_processor_and_build(machine, tmp_path: Path, start: Start, build: str) -> None:
    running = started(machine, start, settings=(f"build={build}",))
    wait_for_records(running, 1)
    power_off(running)

    assert read_log(tmp_path / "disk.img").problems == ()


# --- The supervisor --------------------------------------------------------------------------------------

FAILING = {"faulty": "fault (2), failures: 4, lately: 4", "leaver": "exit (3), failures: 4, lately: 4",
           "sleeper": "hang (0), failures: 4, lately: 4", "stillborn": "fault (2), failures: 5, lately: 4, given up",
           "final": "exit (3), failures: 1, lately: 0, given up", "refuser": "refused (78), failures: 1, lately: 0, given up"}


@pytest.fixture(scope="module")
def failing(tmp_path_factory, board: Start):
    """The console of a run of the variant `failing`, after all its clients have spoken."""
    with fixtures.boot_product(APP, board, "failing", disk_folder=tmp_path_factory.mktemp("failing")) as running:
        for _ in range(6):
            running.expect(r"asks_\w+: \d+ of 9 calls answered.*", timeout=120)
        for name in FAILING:
            running.command_line(f"why {name}", rf"^{name}: .*, lately: \d+")
        running.send("poweroff\n")
        running.wait()
        yield running.text


spins = one_core("a component that spins takes the one thread that plays PCI beside several cores", "qemu-x86_64")


@spins
@pytest.mark.parametrize("name, cause", [
    ("faulty", "write fault at 0x0"), ("leaver", "exit code 3"), ("sleeper", "no answer within 50 ms")])
def test_a_failure_is_a_delay_to_the_client(failing: str, name: str, cause: str) -> None:
    assert failing.count(f"sup: warning: {name}: {cause}") == 4
    assert f"asks_{name}: 9 of 9 calls answered" in failing


@spins
def test_backoff_doubles_up_to_its_end_and_the_limit_gives_up(failing: str) -> None:
    waits = re.findall(r"sup: stillborn: restart in (\d+) ms", failing)

    assert waits == ["10", "20", "40", "40"]
    assert failing.count("sup: error: stillborn: given up") == 1


@spins
def test_calls_to_what_was_given_up_end_with_peer_gone(failing: str) -> None:
    assert "asks_stillborn: 0 of 9 calls answered, the others with status 14" in failing


@spins
@pytest.mark.parametrize("name", FAILING)
def test_the_shell_tells_why_each_ended(failing: str, name: str) -> None:
    assert re.search(rf"^{name}: {re.escape(FAILING[name])}\s*$", failing, re.MULTILINE)


@spins
@pytest.mark.parametrize("name, cause", [("final", "exit code 3"), ("refuser", "refuses to go on")])
def test_an_end_the_policy_does_not_name_is_final(failing: str, name: str, cause: str) -> None:
    assert f"sup: warning: {name}: {cause}" in failing
    assert f"sup: {name}: restart" not in failing
    assert f"asks_{name}: 2 of 9 calls answered, the others with status 14" in failing


def test_kill_restarts_and_counts(machine, board: Start) -> None:
    running = started(machine, board)

    for name in ("disk", "uart", "rtc", "rng", "store", "sampler"):
        running.command_line(f"kill {name}", f"^{name}: killed")
    running.command_line("kill shell", "type `help`")
    found = restarts(running)

    assert found == dict.fromkeys((*TARGETS, "sampler", "shell"), 1) | dict.fromkeys(unsupervised(board), 0)
    power_off(running)


# --- On the PCI bus ----------------------------------------------------------------------------------------

def test_drivers_on_the_pci_bus_outlive_the_driver_of_the_bus(machine, tmp_path: Path, board: Start) -> None:
    running = started(machine, board, variant="pci")
    wait_for_records(running, 1)
    for name, count in (("pcie", 1), ("disk", 1), ("pcie", 2), ("rng", 1), ("pcie", 3)):
        running.command_line(f"kill {name}", f"^{name}: killed")
        while restarts(running)[name] < count:
            pass
    before = int(running.command_line("log 1", r"^(\d+) records on the disk")[1])
    wait_for_records(running, before + 2)

    assert restarts(running) == dict.fromkeys((*TARGETS, "sampler", "shell", "sup"), 0) | {"pcie": 3, "disk": 1, "rng": 1}
    stored = power_off(running)
    log = read_log(tmp_path / "disk.img")
    assert log.problems == () and len(log.records) >= stored


def test_a_function_that_nobody_described_decodes_nothing(machine, board: Start) -> None:
    """QEMU's `edu`, a DMA engine, and one of the described functions as its permitted twin."""
    running = started(machine, board, variant="pci", extra=("-device", "edu,addr=7"))
    listing = running.qmp.monitor("info pci")
    edu, disk = ([part for part in re.split(r"\n(?= +Bus)", listing) if re.search(f"{device}", part)] for device in ("1234:11e8", "1af4:1042"))

    assert len(edu) == len(disk) == 1
    assert re.search(r"BAR0: 32 bit memory \(not mapped\)|BAR0: 32 bit memory at 0xffffffffffffffff", edu[0])
    assert re.search(r"BAR4: 64 bit (prefetchable )?memory at 0x[0-9a-f]{8} ", disk[0])
    power_off(running)


# --- Chaos: drivers killed while the sampler logs ----------------------------------------------------------

@one_core("the race ends components on several cores")
@pytest.mark.parametrize("variant, seed", [("chaos", 1), ("chaos", 2), ("pci_chaos", 1)])
def test_no_acknowledged_record_is_lost_or_doubled(machine, tmp_path: Path, board: Start, variant: str, seed: int) -> None:
    running = machine(APP, board, variant=variant, settings=(f"chaos_seed={seed}",))
    running.expect("chaos: done", timeout=300)
    stored = power_off(running)
    console = running.text

    for target in TARGETS:
        flights = re.findall(rf"^(?:.*?)chaos: kill \d+ of {target}, in flight: (\w+)", console, re.MULTILINE)
        assert len(flights) == KILLS, target
        assert sum(flight != "nothing" for flight in flights) >= IN_FLIGHT_LEAST, target
    log = read_log(tmp_path / "disk.img")
    on_disk = {(record.id, record.sequence) for record in log.records}
    acknowledged = {(int(a), int(b)) for a, b in re.findall(r"acknowledged (\d+) as (\d+)\n", console)}

    assert log.problems == ()
    assert acknowledged and acknowledged <= on_disk
    # The sampler numbers without gaps. It goes on between the shell's count and the end of power, so there may be more.
    assert [record.id for record in log.records] == list(range(1, len(log.records) + 1))
    assert len(log.records) >= stored
    # Of those counted, at most the record under way at the count was not acknowledged.
    assert stored - len({record for record, _ in acknowledged if record <= stored}) <= 1
    # A delay and nothing else: no client gave up, failed or was restarted.
    assert "sampler: begins with sample 1\n" in console
    assert console.count("sampler: begins") == 1
    assert "error:" not in console and "warning:" not in console


def test_typed_input_is_lost_at_most_where_the_driver_dies(machine, board: Start) -> None:
    """The driver's README: at most one byte for each death. Here a line is typed after each kill of the uart."""
    running = machine(APP, board, variant="chaos")
    sent = 0
    for number in range(1, KILLS + 1):
        running.expect(rf"chaos: kill {number} of uart", timeout=120)
        if "type `help`" not in running.text:  # the first kill may come before the shell is there
            running.expect("type `help`", timeout=120)
        for _ in range(5):
            running.send(f"word{sent:04}\n")
            sent += 1
    running.expect("chaos: done", timeout=300)
    running.command_line("last-word", "no command `last-word`")
    power_off(running)

    answered = set(re.findall(r"no command `word(\d{4})`", running.text))
    # A lost byte spoils a line, or two when it was the end of one.
    assert len(answered) >= sent - 2 * KILLS
