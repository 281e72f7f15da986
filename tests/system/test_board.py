"""The boards as data: QEMU starts as board.yaml says, on each CPU and exception level, before any kernel."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from builder import qemu
from builder.machine import Machine
from builder.project import ROOT, UserError
from builder.starts import Start, one_core, only_on

BOARD = qemu.read_board("qemu-aarch64")
NEEDS = {"disks": [], "rng": [], "net": [], "cores": 1}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with an image that exits with the exception level it was started at."""
    elf = tmp_path / "level.elf"
    source = Path(__file__).with_name("exit_with_level.S")
    subprocess.run(["aarch64-linux-gnu-gcc", "-nostdlib", "-static", "-Wl,-Ttext=0x40080000,-e,0x40080000",
                    "-Wl,--build-id=none", source, "-o", elf], check=True)
    subprocess.run(["aarch64-linux-gnu-objcopy", "-O", "binary", elf, tmp_path / qemu.IMAGE], check=True)
    return tmp_path


@only_on(["qemu-aarch64"], "these boards have one level to start at, which their kernel tests name")
@one_core("what the image of some instructions does")
@pytest.mark.parametrize("el", [1, 2])
@pytest.mark.parametrize("cpu", BOARD["qemu"]["cpus"])
def test_each_cpu_starts_at_the_asked_level_and_gives_its_exit_code(image: Path, cpu: str, el: int) -> None:
    with Machine(qemu.command(image, BOARD, NEEDS, qemu.Options(cpu=cpu, el=el))) as machine:
        machine.expect("^level$")
        assert machine.wait() == el


def test_virtual_time_can_count_instructions(image: Path) -> None:
    with Machine(qemu.command(image, BOARD, NEEDS, qemu.Options(icount=True))) as machine:
        assert machine.wait() == 1


def test_a_declared_disk_sits_on_the_bus_of_its_node(image: Path) -> None:
    needs = NEEDS | {"disks": [{"name": "log", "size": "1MiB", "files": "no/such/folder", "bus": 0xa003c00}], "rng": [{"bus": 31}]}
    line = qemu.command(image, BOARD, needs, qemu.Options(extra=("-S",)))

    with Machine(line) as machine:
        tree = machine.qmp.monitor("info qtree")
    assert (image / "disks" / "log.img").stat().st_size == 1 << 20
    assert "virtio-blk-device" in _bus(tree, 30)
    assert "virtio-rng-device" in _bus(tree, 31)


@pytest.mark.parametrize("cores, place, one_thread", [(4, {"slot": 3}, True), (1, {"slot": 3}, False), (4, {"bus": 31}, False)],
                         ids=["pci beside others", "pci alone", "no pci"])
def test_pci_beside_several_cores_is_played_by_one_thread(tmp_path: Path, cores: int, place: dict, one_thread: bool) -> None:
    line = qemu.command(tmp_path, BOARD, NEEDS | {"rng": [place], "cores": cores}, qemu.Options())

    assert ("tcg,thread=single" in line) == one_thread


def test_more_disks_than_declared_are_refused(image: Path) -> None:
    with pytest.raises(UserError, match="1 disks given, but the app declares 0"):
        qemu.command(image, BOARD, NEEDS, qemu.Options(disks=(image / "x",)))


@only_on(["qemu-aarch64", "qemu-riscv64"], "a PC hands out no tree: its own is written by hand")
def test_the_boards_device_tree_is_the_one_that_qemu_gives(board: Start, tmp_path: Path) -> None:
    folder = ROOT / "cmake" / "boards" / board.board
    subprocess.run([folder / "make-dts.sh", tmp_path / "again.dts"], check=True)

    assert (tmp_path / "again.dts").read_text() == (folder / "board.dts").read_text()


def _bus(tree: str, number: int) -> str:
    """The part of QEMU's device tree listing that belongs to one virtio bus."""
    return tree.split(f"bus: virtio-mmio-bus.{number}\n")[1].split("virtio-mmio-bus.")[0]
