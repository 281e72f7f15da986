"""How a system ends: reset, a component that fails for good, a panic and what is left of it after the reset.

A panic is a bug of the kernel, so a test has to make one: it boots an image in which one function of the kernel
begins with an undefined instruction.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile

from builder import fixtures, formats, product, qemu
from builder.machine import Machine
from builder.starts import Start, one_core

pytestmark = one_core("how a system ends does not depend on its cores")

PANIC_CODE = 2                    # kernel/boot/panic.c
CRASH_MAGIC = 0x3A68736172436E54  # kernel/boot/panic.c: struct crash_log
CRASH_TEXT = 200
IMAGE_BASE = 0xFFFFFFFF80000000   # kernel/arch/*/kernel.ld
RAM_ALIGNMENT = 2 << 20


@dataclass(frozen=True, slots=True)
class Machinery:
    """What these tests know of an architecture and its board."""

    undefined: bytes      # an instruction that is none
    forever: bytes        # one that branches to itself
    panic: str            # what the kernel says when it stumbles over the first
    image_address: int    # where QEMU and its firmware put the image
    too_little: str       # memory for the image of kernel_tests, not for what its components need behind it


MACHINERY = {
    "aarch64": Machinery(bytes(4), struct.pack("<I", 0x14000000),
                         "kernel exception: esr 0x[0-9a-f]+ far 0x[0-9a-f]+ sp 0x[0-9a-f]+", 0x40200000, "7MiB"),
    "riscv64": Machinery(bytes(4), struct.pack("<I", 0x0000006F),
                         "kernel trap: cause 0x[0-9a-f]+ value 0x[0-9a-f]+ sp 0x[0-9a-f]+", 0x80200000, "7MiB"),
    "x86_64": Machinery(b"\x0f\x0b", b"\xeb\xfe", "kernel trap: [^\n]+", 0x2000000, "36MiB"),
}


def test_a_reset_boots_again(machine: Callable[..., Machine], start: Start) -> None:
    running = machine("kernel_end", start)

    for _ in range(3):
        running.expect("^tenon: kernel_end on ")
        running.expect("^ender: here")
    assert "still here" not in running.text


def test_a_dead_component_ends_a_system_that_says_so(machine: Callable[..., Machine], board: Start) -> None:
    running = machine("kernel_end", board, variant="dead")

    running.expect("^tenon: component ender failed: exit code 9\n")
    assert running.wait() == 1


# --- Panic -------------------------------------------------------------------------------------------

def folder_of(app: str, start: Start) -> Path:
    return fixtures.built(fixtures.product_of(app, start))


def address_of(folder: Path, symbol: str) -> int:
    symbols = subprocess.run(["nm", folder / "tenon.elf"], check=True, capture_output=True, text=True)
    return next(int(line.split()[0], 16) for line in symbols.stdout.splitlines() if line.split()[2] == symbol)


def place_in(file: Path, address: int) -> int:
    """Where in the file the byte of that address is."""
    with open(file, "rb") as stream:
        if stream.read(4) != b"\x7fELF":
            return address - IMAGE_BASE
        return next(ELFFile(stream).address_offsets(address))


def changed(app: str, start: Start, function: str, instruction: bytes, target: Path) -> Path:
    """A folder with a copy of the app's image in which that function of the kernel begins with the instruction."""
    folder = folder_of(app, start)
    name = formats.FILES[formats.LOADED[start.arch]]
    image = bytearray((folder / name).read_bytes())
    offset = place_in(folder / name, address_of(folder, function))
    assert image[offset:offset + len(instruction)] != instruction
    image[offset:offset + len(instruction)] = instruction
    (target / name).write_bytes(image)
    return target


def broken(app: str, start: Start, function: str, target: Path) -> Path:
    """The same, with a function in which the kernel stumbles."""
    return changed(app, start, function, MACHINERY[start.arch].undefined, target)


def boot(folder: Path, start: Start, **options: object) -> Machine:
    needs = {"disks": [], "rng": [], "net": [], "cores": 1}
    chosen = qemu.Options(cpu=start.cpu, el=start.el, smp=start.smp, **options)
    return Machine(qemu.command(folder, qemu.read_board(start.board), needs, chosen))


def test_a_panic_is_told_again_after_the_reset(tmp_path: Path, start: Start) -> None:
    with boot(broken("hello", start, "sys_power", tmp_path), start) as machine:
        panic = machine.expect(f"^tenon: panic: ({MACHINERY[start.arch].panic})\n")
        backtrace = machine.expect("^(tenon: backtrace kernel (0x[0-9a-f]+) 0x[0-9a-f]+)\n")
        machine.expect("^tenon: hello on ")
        told = machine.expect("^tenon: the last run ended in a panic after [0-9]+ ns: (.*)\n(.*)\n")

    assert int(backtrace.group(2), 16) == address_of(folder_of("hello", start), "sys_power")
    assert told.group(1) == panic.group(1)
    assert told.group(2) == backtrace.group(1)


def test_a_system_that_halts_on_panic_ends_with_its_code(tmp_path: Path, board: Start) -> None:
    with boot(broken("kernel_tests", board, "sys_power", tmp_path), board, icount=True) as machine:
        assert machine.wait() == PANIC_CODE
    assert machine.text.count("tenon: panic:") == 1


def test_a_board_with_too_little_memory_is_refused(tmp_path: Path, board: Start) -> None:
    with boot(folder_of("kernel_tests", board), board, memory=MACHINERY[board.arch].too_little) as machine:
        machine.expect("^tenon: panic: this board has [0-9]+ KiB of memory behind the image, the layout needs [0-9]+ KiB\n")
        assert machine.wait() == PANIC_CODE


# --- The record of a panic ---------------------------------------------------------------------------

def crash_sum(magic: int, when: int, text: bytes) -> int:
    total = magic ^ when
    for byte in text:
        total = ((total << 5 | total >> 59) & (1 << 64) - 1) ^ byte
    return total


def record(text: str, change: int = 0) -> bytes:
    padded = text.encode().ljust(CRASH_TEXT, b"\0")
    return struct.pack("<QQQ", CRASH_MAGIC, crash_sum(CRASH_MAGIC, 77, padded) + change, 77) + padded


def record_address(start: Start) -> int:
    """The first page of the memory behind the image of hello."""
    end = MACHINERY[start.arch].image_address + address_of(folder_of("hello", start), "__image_end") - IMAGE_BASE
    return (end + RAM_ALIGNMENT - 1) // RAM_ALIGNMENT * RAM_ALIGNMENT


def boot_with_record(tmp_path: Path, start: Start, data: bytes, folder: Path | None = None) -> Machine:
    """hello, with that in memory where the kernel looks for a record."""
    file = tmp_path / "record.bin"
    file.write_bytes(data)
    loader = f"loader,file={file},addr={record_address(start):#x},force-raw=on"
    return boot(folder or folder_of("hello", start), start, extra=("-device", loader))


def test_a_valid_record_is_told(tmp_path: Path, board: Start) -> None:
    with boot_with_record(tmp_path, board, record("the moon fell")) as machine:
        assert machine.wait() == 0

    assert "tenon: the last run ended in a panic after 77 ns: the moon fell\n" in machine.text


def test_a_record_with_a_wrong_sum_is_not_told(tmp_path: Path, board: Start) -> None:
    with boot_with_record(tmp_path, board, record("the moon fell", change=1)) as machine:
        assert machine.wait() == 0

    assert "the last run" not in machine.text


def test_a_record_is_told_once(tmp_path: Path, board: Start) -> None:
    """The record is not valid any more when it has been told. The kernel stays in sys_power, so that we can look."""
    staying = changed("hello", board, "sys_power", MACHINERY[board.arch].forever, tmp_path)
    with boot_with_record(tmp_path, board, record("the moon fell"), staying) as machine:
        machine.expect("^tenon: the last run ended in a panic after 77 ns: the moon fell\n")
        machine.expect("^asker: .*\n")
        assert machine.qmp.monitor(f"xp /1gx {record_address(board):#x}").split()[-1] == "0x0000000000000000"
