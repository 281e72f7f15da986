"""What `tenon run` makes of a console, an exit code and the clock; QEMU is played by fake_qemu.py."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

import pytest

from builder import qemu
from builder.commands import run
from builder.machine import ConsoleError, Machine
from builder.minix_image import minix_image
from builder.project import UserError
from builder.script import Step, parse_script
from builder.watch import Watch, Wishes
from minixdisk import read_files

FAKE = [sys.executable, str(Path(__file__).with_name("fake_qemu.py"))]


def watched(*acts: str, expects: tuple[str, ...] = (), script: str = "", ending: str = "poweroff",
            seconds: float = 10) -> str:
    """What is said of a machine that does these acts."""
    patterns = [re.compile(text, re.MULTILINE) for text in expects]
    wishes = Wishes(patterns, parse_script(script, "script") if script else [], ending, seconds)
    with Machine([*FAKE, *acts]) as machine:
        return Watch(machine, wishes).run()


def test_a_run_that_powers_off_as_declared_is_good() -> None:
    assert watched("say:hello\\n") == ""


def test_an_exit_code_makes_the_run_fail() -> None:
    assert watched("say:hello\\n", "exit:3") == "the system ended with exit code 3"


def test_a_system_that_should_power_off_and_does_not_fails_when_time_is_up() -> None:
    problem = watched("say:hello\\n", "sleep:20", expects=("hello",), seconds=0.5)

    assert problem == "time is up after 0.5 s: the system is declared to power off and did not"


def test_expected_texts_must_come_in_order() -> None:
    acts = ("say:one\\ntwo\\n",)

    assert watched(*acts, expects=("one", "two")) == ""
    assert watched(*acts, expects=("two", "one")) == "the system ended too early: the expected text `one` did not come"


def test_an_expected_text_may_come_in_pieces_and_its_lines_have_no_carriage_return() -> None:
    assert watched("say:ans", "sleep:0.1", "say:wer\\n", expects=("^answer$",)) == ""


def test_a_missing_text_is_named_when_time_is_up() -> None:
    problem = watched("sleep:20", expects=("hello",), seconds=0.3)

    assert problem == "time is up after 0.3 s: the expected text `hello` did not come"


def test_a_running_system_is_stopped_as_soon_as_it_has_shown_what_was_asked_for() -> None:
    assert watched("say:ready\\n", "sleep:20", expects=("ready",), ending="running") == ""


def test_a_running_system_may_run_until_time_is_up() -> None:
    assert watched("sleep:20", ending="running", seconds=0.3) == ""


def test_a_running_system_must_not_end() -> None:
    assert watched("say:x", ending="running") == "the system ended, but it is declared to keep running"


@pytest.mark.parametrize("line", ["panic: page fault", "component sampler failed: exit 1"])
def test_a_failure_on_the_console_makes_the_run_fail(line: str) -> None:
    assert watched(f"say:tenon: {line}\\n") == f"the system failed: {line}"


def test_a_failure_that_was_expected_is_none() -> None:
    assert watched("say:tenon: component sampler failed: exit 1\\n", expects=("sampler failed",)) == ""


def test_a_panic_does_not_wait_for_the_whole_time() -> None:
    assert watched("say:tenon: panic: halted\\n", "sleep:30", seconds=25) == "the system failed: panic: halted"


def test_a_script_waits_and_types() -> None:
    script = "# a comment\nwait > $\nsend status\nsleep 0.1\nsend quit\n"

    assert watched("say:> ", "hear:status", "say:fine\\n", "hear:quit", script=script, expects=("fine",)) == ""


def test_plain_input_is_typed_line_by_line() -> None:
    assert watched("say:ready\\n", "hear:one", "hear:two", "say:done\\n", script="one\ntwo\n", expects=("done",)) == ""


def test_a_script_that_waits_in_vain_is_named() -> None:
    problem = watched("say:x\\n", script="wait never\nsend x\n")

    assert problem == "the system ended too early: the input script still waits for `never`"


@pytest.mark.parametrize("line, problem", [("wiat x", "`wiat` is none of wait, send, sleep"), ("wait (", "missing"),
                                           ("sleep long", "could not convert")])
def test_a_mistake_in_a_script_is_named_with_its_line(line: str, problem: str) -> None:
    with pytest.raises(UserError, match=f"boot.txt:2: .*{problem}"):
        parse_script(f"send a\n{line}\n", "boot.txt")


def test_a_text_without_wait_and_send_is_no_script() -> None:
    assert parse_script("help\n", "x") == [Step("silence"), Step("send", "help")]


def test_a_machine_says_what_it_saw_instead() -> None:
    with Machine([*FAKE, "say:other\\n"]) as machine, pytest.raises(ConsoleError, match="before the system ended"):
        machine.expect("hello")
    assert "other" in machine.text


def test_a_machine_answers_what_is_typed() -> None:
    with Machine([*FAKE, "say:> ", "hear:ps", "say:3 components\\n", "exit:7"]) as machine:
        machine.expect("> ")
        assert machine.command_line("ps", r"(\d+) components").group(1) == "3"
        assert machine.wait() == 7


def test_forwarded_ports_lead_to_the_first_network_device(tmp_path: Path) -> None:
    needs = {"disks": [], "rng": [], "net": [{"bus": 30}, {"bus": 31}], "cores": 1}
    forwards = tuple(map(qemu.parse_forward, ("tcp:8080:80", "udp:65535:1")))
    line = qemu.command(tmp_path, qemu.read_board("qemu-aarch64"), needs, qemu.Options(forwards=forwards))
    networks = [word for option, word in zip(line, line[1:]) if option == "-netdev"]

    assert networks == ["user,id=net0,hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=udp:127.0.0.1:65535-:1", "user,id=net1"]


BOARD = qemu.read_board("qemu-aarch64")
DISK = {"name": "disk", "size": "4MiB", "files": "apps/it/disks/disk", "bus": 31}


def disk_line(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """QEMU's command line for an app of that project with a disk."""
    monkeypatch.setattr(qemu, "ROOT", root)
    needs = {"disks": [DISK], "rng": [], "net": [], "cores": 1}
    return qemu.command(root, BOARD, needs, qemu.Options())


def test_a_new_disk_has_the_files_of_its_folder_and_an_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents, image = tmp_path / "apps/it/disks/disk", tmp_path / "disks/disk.img"
    (contents / "www").mkdir(parents=True)
    (contents / "www/a.html").write_text("first")
    line = disk_line(tmp_path, monkeypatch)
    (contents / "www/a.html").write_text("second")
    disk_line(tmp_path, monkeypatch)

    assert f"file={image},format=raw,if=none,id=disk0" in line
    assert image.stat().st_size == 4 << 20 and read_files(image) == {"/www/a.html": b"first"}


def test_programs_lie_on_the_disk_and_newer_ones_make_a_new_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image, program = tmp_path / "disks/disk.img", tmp_path / "programs/greet"
    program.parent.mkdir()
    program.write_bytes(b"first")
    monkeypatch.setitem(DISK, "programs", {"bin/greet": "programs/greet"})
    disk_line(tmp_path, monkeypatch)
    assert read_files(image) == {"/bin/greet": b"first"}

    image.write_bytes(minix_image({"mine": b"kept"}, 4 << 20))
    disk_line(tmp_path, monkeypatch)
    assert read_files(image) == {"/mine": b"kept"}

    program.write_bytes(b"second")
    os.utime(program, (image.stat().st_mtime + 1,) * 2)
    disk_line(tmp_path, monkeypatch)
    assert read_files(image) == {"/bin/greet": b"second"}


def test_a_program_does_not_take_a_file_s_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps/it/disks/disk").mkdir(parents=True)
    (tmp_path / "apps/it/disks/disk/bin").write_text("a file")
    (tmp_path / "greet").write_bytes(b"a program")
    monkeypatch.setitem(DISK, "programs", {"bin/greet": "greet"})
    with pytest.raises(UserError, match="^`bin` is a file of the disk"):
        disk_line(tmp_path, monkeypatch)


def test_contents_of_a_disk_that_is_not_there_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps/it/disks/dsk").mkdir(parents=True)
    with pytest.raises(UserError, match="^apps/it/disks/dsk is the contents of no disk"):
        disk_line(tmp_path, monkeypatch)

    assert not (tmp_path / "disks").exists()


@pytest.mark.parametrize("text", ["", "8080:80", "tcp:8080", "tcp:0:80", "tcp:80:65536", "tcp:-1:80", "sctp:1:1", "tcp:1:1,guestfwd=x", "tcp:1:1\n"])
def test_what_is_no_port_to_forward_is_said(text: str) -> None:
    with pytest.raises(UserError, match="is not a port to forward"):
        qemu.parse_forward(text)


def test_ports_are_not_forwarded_to_a_system_without_a_network(tmp_path: Path) -> None:
    needs = {"disks": [], "rng": [], "net": [], "cores": 1}
    with pytest.raises(UserError, match="no network device"):
        qemu.command(tmp_path, qemu.read_board("qemu-aarch64"), needs, qemu.Options(forwards=(qemu.parse_forward("tcp:1:1"),)))


def test_a_port_that_is_typed_is_forwarded() -> None:
    parser = argparse.ArgumentParser()
    run.add_arguments(parser)
    chosen = run._options(parser.parse_args(["network", "--forward", "tcp:8080:80", "--forward", "udp:9:9"]), False)

    assert chosen.forwards == (qemu.Forward("tcp", 8080, 80), qemu.Forward("udp", 9, 9))
