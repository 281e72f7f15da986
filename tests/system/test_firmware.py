"""Images started the way hardware starts them: the firmware finds a disk, loads the image and jumps.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

from builder import boot_disk, boot_iso, fixtures, formats, product, qemu
from builder.machine import Machine
from builder.project import ROOT, UserError
from builder.starts import STARTS, Start, one_core, only_on
from system.test_datalogger import read_log, wait_for_records
from system.test_kernel_end import broken, folder_of

pytestmark = one_core("firmware starts one core, and the kernel the others")

BANNERS = {"uboot": "^U-Boot 20[0-9.]+.*", "uefi": "BdsDxe: starting Boot"}
TIMEOUT = 120
NEEDS = {"disks": [], "rng": [], "net": [], "cores": 1}
PLACES = {"qemu-aarch64": (0x40200000, 0x4A600000), "qemu-riscv64": (0x80200000, 0x8A600000)}
PC_RAM = 0x2200000  # the first 2 MiB behind the image of hello
# Each board and way to run once.
WAYS = {(start.board, start.mode): start for start in reversed(STARTS)}
BOARDS = {start.board: start for start in reversed(STARTS)}
PC = BOARDS["qemu-x86_64"]
WITH_DISK = [board for board in BOARDS if "disk" in qemu.read_board(board)["roles"]]
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=str)
every_board = pytest.mark.parametrize("way", BOARDS.values(), ids=str)
every_way_with_disk = pytest.mark.parametrize("way", [way for way in WAYS.values() if way.board in WITH_DISK], ids=str)
every_board_with_disk = pytest.mark.parametrize("way", [BOARDS[board] for board in WITH_DISK], ids=str)


def firmware_of(way: Start) -> str:
    return next(iter(qemu.read_board(way.board)["qemu"]["firmware"]))


def banner_of(way: Start) -> str:
    return BANNERS[firmware_of(way)]


@pytest.fixture
def by_firmware(machine) -> Callable[..., Machine]:
    """As `machine`, started by the board's firmware; the firmware's own banner has been seen."""

    def start(app: str, way: Start = STARTS[0], **options: object) -> Machine:
        running = machine(app, way, firmware=firmware_of(way), **options)
        running.expect(banner_of(way), timeout=TIMEOUT)
        return running

    return start


@every_way
def test_hello_says_the_same_when_firmware_starts_it(by_firmware, way: Start) -> None:
    running = by_firmware("hello", way)

    running.expect(rf"^tenon: hello on {way.board}, .*", timeout=TIMEOUT)
    running.expect(r"^asker: at 9 o'clock the greeter says: good morning$")
    assert running.wait() == 0


@every_board
def test_the_exit_code_of_a_failed_system_arrives(by_firmware, way: Start) -> None:
    running = by_firmware("hello", way, variant="failing")

    running.expect(r"^greeter: panic: asked to fail$", timeout=TIMEOUT)
    assert running.wait() == 1


@every_way_with_disk
def test_records_are_on_the_declared_disk_and_go_on_after_a_reboot(by_firmware, tmp_path: Path, way: Start) -> None:
    stored = [0]
    for _ in range(2):
        running = by_firmware("datalogger", way)
        running.expect(rf"store: {stored[-1]} records so far", timeout=TIMEOUT)
        wait_for_records(running, stored[-1] + 1)
        stored.append(int(running.command_line("poweroff", r"power off, (\d+) records stored")[1]))
        assert running.wait() == 0
    log = read_log(tmp_path / "disk.img")

    assert log.problems == ()
    assert [record.id for record in log.records] == list(range(1, stored[-1] + 1))


@every_board
def test_firmware_hands_over_every_core(by_firmware, way: Start) -> None:
    """On riscv64 any of them may be the one that boots."""
    running = by_firmware("race", way, settings=("spread=4",))

    running.expect(r"^race: all answers were right", timeout=TIMEOUT)
    assert running.wait() == 0


@every_board
def test_a_reset_goes_through_the_firmware_again(by_firmware, way: Start) -> None:
    running = by_firmware("kernel_end", way)

    running.expect("^ender: here", timeout=TIMEOUT)
    running.expect(banner_of(way), timeout=TIMEOUT)
    running.expect("^ender: here", timeout=TIMEOUT)


def test_a_panic_is_told_again_after_the_firmware(tmp_path: Path) -> None:
    """U-Boot leaves the page alone where the record lies."""
    board = qemu.read_board(product.DEFAULT_BOARD)
    options = qemu.Options(firmware="uboot")
    with Machine(qemu.command(broken("hello", STARTS[0], "sys_power", tmp_path), board, NEEDS, options)) as machine:
        panic = machine.expect("^tenon: panic: (.*)\n", timeout=TIMEOUT)
        machine.expect(BANNERS["uboot"], timeout=TIMEOUT)
        told = machine.expect("^tenon: the last run ended in a panic after [0-9]+ ns: (.*)\n", timeout=TIMEOUT)

    assert told[1] == panic[1]


# --- UEFI and BIOS ---------------------------------------------------------------------------------------

def pc_command(folder: Path, firmware: str = "uefi") -> list[str]:
    return qemu.command(folder, qemu.read_board(PC.board), NEEDS, qemu.Options(firmware=firmware))


def test_the_iso_boots_by_bios_too() -> None:
    with Machine(pc_command(fixtures.built(product.Product("hello", PC.board)), "bios")) as running:
        running.expect(r"^asker: at 9 o'clock the greeter says: good morning$", timeout=TIMEOUT)
        assert running.wait() == 0


def test_the_iso_boots_as_a_usb_stick_too() -> None:
    """For the firmware it is then a disk with a partition table, and not a CD."""
    line = pc_command(fixtures.built(product.Product("hello", PC.board)))

    with Machine([word.replace("ide-cd", "ide-hd") for word in line]) as running:
        running.expect("UEFI QEMU HARDDISK", timeout=TIMEOUT)
        running.expect(r"^asker: at 9 o'clock the greeter says: good morning$", timeout=TIMEOUT)
        assert running.wait() == 0


def test_the_iso_gives_grub_nothing_to_load_but_the_image(tmp_path: Path) -> None:
    iso = formats.made(fixtures.built(product.Product("hello", PC.board)), "iso")
    subprocess.run(["xorriso", "-osirrox", "on", "-indev", iso, "-extract", "/boot/tenon.elf", tmp_path / "elf"], check=True,
                   capture_output=True)
    with open(tmp_path / "elf", "rb") as file:
        sections = [section for section in ELFFile(file).iter_sections() if section["sh_size"]]

    assert [section.name for section in sections if not section["sh_flags"] & SH_FLAGS.SHF_ALLOC] == [".shstrtab"]


@pytest.mark.parametrize("offset, outcome", [
    (32 << 20, "^asker: at 9 o'clock"), (0, "^tenon: panic: this board has 0 KiB of memory behind the image"),
    (4096, "^tenon: panic: this board has 4 KiB of memory behind the image")],
    ids=["far away", "where memory begins", "in what is needed"])
def test_memory_that_uefi_keeps_is_not_used(tmp_path: Path, monkeypatch, offset: int, outcome: str) -> None:
    """GRUB takes a page out of the map that it was given, and hands on what is left."""
    shutil.copy(fixtures.built(product.Product("hello", PC.board)) / formats.FILES["elf"], tmp_path)
    monkeypatch.setattr(boot_iso, "MODULES", (*boot_iso.MODULES, "mmap"))
    page = PC_RAM + offset
    monkeypatch.setattr(boot_iso, "CONFIG", f"cutmem {page:#x} {page + 4096:#x}\n{boot_iso.CONFIG}")

    with Machine(pc_command(tmp_path)) as running:
        running.expect(outcome, timeout=TIMEOUT)


# --- U-Boot's own command --------------------------------------------------------------------------------

def loaded_by_hand(running: Machine, address: int) -> None:
    """Stops U-Boot before it boots by itself, and has it load the image."""
    running.expect("^Hit any key to stop autoboot", timeout=TIMEOUT)
    running.send("\n")
    running.expect("^=> ")
    running.command_line("pci enum; scsi scan", "Type: Hard Disk", timeout=TIMEOUT)
    running.expect("^=> ", timeout=TIMEOUT)
    running.command_line(f"load scsi 0:1 {address:#x} tenon.img", r"^\d+ bytes read")
    running.expect("^=> ")


@only_on(PLACES, "U-Boot's own command")
@pytest.mark.parametrize("way, address", [(BOARDS[name], place) for name, places in PLACES.items() for place in places],
                         ids=lambda value: hex(value) if isinstance(value, int) else str(value))
def test_booti_starts_it_wherever_it_was_loaded(by_firmware, way: Start, address: int) -> None:
    """Images for aarch64 run where they are, at any 2 MiB; on riscv64 U-Boot moves them to where they ask to be."""
    running = by_firmware("hello", way)
    loaded_by_hand(running, address)

    running.send(f"booti {address:#x} - ${{fdtcontroladdr}}\n")

    running.expect(r"^asker: at 9 o'clock the greeter says: good morning$", timeout=TIMEOUT)
    assert running.wait() == 0


@pytest.mark.parametrize("reserved, outcome", [
    (0x4A800000, "^asker: at 9 o'clock"), (0x40600000, "^tenon: panic: the device tree names no free memory at 0x40600000"),
    (0x40601000, "^tenon: panic: this board has 4 KiB of memory behind the image")],
    ids=["far away", "where memory begins", "in what is needed"])
def test_memory_that_the_device_tree_reserves_is_not_used(by_firmware, reserved: int, outcome: str) -> None:
    running = by_firmware("hello")
    loaded_by_hand(running, 0x40400000)
    running.command_line("fdt addr 0x40000000; fdt resize", "^=> ")
    running.command_line(f"fdt rsvmem add {reserved:#x} 0x1000", "^=> ")

    running.send("booti 0x40400000 - 0x40000000\n")

    running.expect(outcome, timeout=TIMEOUT)


# --- What is booted from ---------------------------------------------------------------------------------

@pytest.mark.parametrize("name", formats.MAKERS)
def test_what_is_booted_from_is_the_same_each_time_it_is_made(name: str, tmp_path: Path, monkeypatch) -> None:
    source, make = formats.MAKERS[name]
    start = next(start for start in STARTS if name in formats.FORMATS[start.arch])
    folder = folder_of("hello", start)
    image = folder / formats.FILES[source]
    media = []
    for part, zone in (("first", "Pacific/Auckland"), ("second", "America/New_York")):
        monkeypatch.setenv("TZ", zone)
        (tmp_path / part).mkdir()
        copy = tmp_path / part / "copy"
        copy.write_bytes(image.read_bytes())
        os.utime(copy, (len(media) * 86400, time.time()))
        media.append(make(copy, tmp_path / part).read_bytes())
        time.sleep(2.1)  # FAT counts in steps of two seconds

    assert media[0] == media[1]
    assert (folder / formats.FILES["image"]).read_bytes() in media[0]


def test_a_large_image_fits_its_disk(tmp_path: Path) -> None:
    image = tmp_path / "large.img"
    image.write_bytes(bytes(range(256)) * (40 << 12))

    disk = boot_disk.make(image, tmp_path)

    words = ["mcopy", "-i", f"{disk}@@{boot_disk.FIRST * boot_disk.SECTOR}", "::/tenon.img", tmp_path / "back.img"]
    subprocess.run(words, check=True)
    assert (tmp_path / "back.img").read_bytes() == image.read_bytes()


# --- The command -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, form", [("qemu-aarch64", "elf"), ("qemu-riscv64", "image"), ("qemu-aarch64", "disk"),
                                        ("qemu-x86_64", "iso")])
def test_build_says_where_the_format_is(tenon, name: str, form: str) -> None:
    done = tenon("build", "hello", "--board", name, "--format", form)

    assert done.returncode == 0
    assert done.stdout == f"build/hello-{name}/{formats.FILES[form]}\n"
    assert (ROOT / done.stdout.strip()).stat().st_size > 0


def test_a_format_that_the_board_has_not_is_refused_with_those_it_has(tenon) -> None:
    done = tenon("build", "hello", "--format", "iso")

    assert done.returncode == 1
    assert done.stderr == "tenon: board qemu-aarch64 has no format `iso`\n  there are: elf, image, disk\n"


def test_a_firmware_that_the_board_has_not_is_refused_with_those_it_has(tenon) -> None:
    done = tenon("run", "hello", "--firmware", "uefi")

    assert done.returncode == 1
    assert done.stderr == "tenon: board qemu-aarch64 has no firmware `uefi`\n  there is: uboot\n"


@pytest.mark.parametrize("facts, firmware, problem, hint", [
    ({"board": "bare", "qemu": {}}, "uboot", "board bare has no firmware `uboot`", "leave out --firmware"),
    ({"board": "metal"}, None, "board metal does not run in QEMU", "see ./tenon build --format")], ids=["bare", "metal"])
def test_what_cannot_be_run_is_said(facts: dict, firmware: str | None, problem: str, hint: str) -> None:
    with pytest.raises(UserError, match=problem) as caught:
        qemu.check(facts, firmware)
    assert caught.value.hint == hint


@every_board_with_disk
def test_run_types_its_input_to_the_system_and_not_to_the_firmware(tenon, tmp_path: Path, way: Start) -> None:
    (tmp_path / "input").write_text("help\npoweroff\n")
    disk = tmp_path / "disk.img"
    disk.write_bytes(bytes(1 << 20))

    done = tenon("run", "datalogger", "--board", way.board, "--firmware", firmware_of(way), "--disk",
                 str(disk), "--input", str(tmp_path / "input"), "--expect", "power off, [0-9]+ records")

    assert done.returncode == 0, done.stdout
    assert banner_of(way).strip("^.*")[:6] in done.stdout
