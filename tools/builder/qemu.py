"""QEMU's command line for a built product: the board's part, the app's declared devices, the user's wishes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from . import formats
from .cli import did_you_mean
from .minix_image import minix_image, read_tree, with_file
from .project import ROOT, UserError

IMAGE = formats.FILES["image"]
DRIVES = {"disk": "ide-hd", "iso": "ide-cd"}
UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


@dataclass(frozen=True, slots=True)
class Forward:
    """Who connects to the port on this machine, and only on it, reaches the port of the system that runs."""

    protocol: str   # tcp | udp
    host: int
    guest: int


def parse_forward(text: str) -> Forward:
    match = re.fullmatch(r"(tcp|udp):(\d{1,5}):(\d{1,5})", text)
    if not match or not all(0 < int(port) < 1 << 16 for port in match.group(2, 3)):
        raise UserError(f"`{text}` is not a port to forward", "such as tcp:8080:80: port 8080 here is port 80 of the system")
    return Forward(match.group(1), int(match.group(2)), int(match.group(3)))


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose for one run; None is the board's default."""

    cpu: str | None = None
    el: int | None = None               # 1 where the system has no guests, which need 2
    firmware: str | None = None         # boots from its medium; None: QEMU loads the image itself
    smp: int | None = None              # as many cores as the product runs on
    memory: str | None = None
    icount: bool = False
    gdb: bool = False
    interactive: bool = False           # the console is the user's terminal; Ctrl-A X ends it
    disks: tuple[Path, ...] = ()        # take the place of the declared disks' images, in order
    disk_folder: Path | None = None     # where declared disks' images are made; the build folder
    forwards: tuple[Forward, ...] = ()  # to the app's first network device
    extra: tuple[str, ...] = ()         # further arguments, for tests


def read_board(name: str) -> dict:
    import yaml

    text = (ROOT / "cmake" / "boards" / name / "board.yaml").read_text()
    return yaml.load(text, Loader=yaml.CSafeLoader)


def read_needs(folder: Path) -> dict:
    """What the app declares of its run: gen/run.json, written by the builder."""
    needs = {"expect": "poweroff", "disks": [], "rng": [], "net": [], "cores": 1, "guests": False}
    return needs | json.loads((folder / "gen" / "run.json").read_text())


def command(folder: Path, board: dict, needs: dict, options: Options) -> list[str]:
    """The whole command line. Makes the images of declared disks that are not there yet, or whose programs
    are newer, and what firmware boots."""
    check(board, options.firmware)
    if options.forwards and not needs["net"]:
        raise UserError("ports are forwarded, but the app has no network device")
    return [*_machine(board, needs, options), *_console(options), *_devices(folder, board, needs, options),
            *options.extra, *_boot(folder, board, options)]


def size_in_bytes(size: int | str) -> int:
    match = re.fullmatch(r"(\d+) ?(KiB|MiB|GiB|)", str(size))
    if not match:
        raise UserError(f"`{size}` is not a size such as 64MiB")
    return int(match.group(1)) * UNITS[match.group(2)]


def _machine(board: dict, needs: dict, options: Options) -> list[str]:
    qemu = board["qemu"]
    cpu = options.cpu or qemu["cpu"]
    if cpu not in qemu["cpus"]:
        raise UserError(f"board {board['board']} has no cpu `{cpu}`{did_you_mean(cpu, qemu['cpus'])}",
                        f"there are: {', '.join(qemu['cpus'])}")
    if options.el == 2 and not qemu.get("el2"):
        raise UserError(f"board {board['board']} has no exception level 2", "leave out --el")
    machine = qemu["machine"] + (f",{qemu['el2']}" if (options.el or (2 if needs.get("guests") else 1)) == 2 else "")
    memory = size_in_bytes(options.memory or board["memory"]) >> 20
    cores = options.smp or needs["cores"]
    words = [qemu["binary"], "-machine", machine, "-cpu", cpu, "-m", f"{memory}M", "-smp", str(cores)]
    words += _arguments(qemu["arguments"], needs)
    if cores > 1 and any("slot" in device for kind in ("disks", "rng", "net") for device in needs[kind]):
        words += ["-accel", "tcg,thread=single"]  # docs/design-notes.md, Tests
    if options.icount:
        words += ["-icount", "shift=0,sleep=off"]
    if options.gdb:
        words += ["-gdb", "tcp::1234", "-S"]
    return words


SEMIHOSTING = "-semihosting-config"


def _arguments(arguments: list[str], needs: dict) -> list[str]:
    """The board's. QEMU lets a guest's kernel call the host by semihosting, so with guests there is none."""
    if not needs.get("guests") or SEMIHOSTING not in arguments:
        return arguments
    at = arguments.index(SEMIHOSTING)
    return [*arguments[:at], *arguments[at + 2:]]


def _boot(folder: Path, board: dict, options: Options) -> list[str]:
    """By firmware: its medium is a SATA disk or CD, on a controller of its own, so that no declared disk moves."""
    if options.firmware is None:
        return ["-kernel", str(folder / formats.FILES[formats.LOADED[board["arch"]]])]
    medium = formats.MEDIUM[options.firmware]
    file = formats.made(folder, medium)
    return [*board["qemu"]["firmware"][options.firmware], "-device", "ich9-ahci,id=firmware",
            "-drive", f"file={file},format=raw,if=none,id=boot,snapshot=on",
            "-device", f"{DRIVES[medium]},drive=boot,bus=firmware.0,bootindex=0"]


def check(board: dict, firmware: str | None) -> None:
    """UserError when the board is not one of QEMU's, or has no such firmware there."""
    if "qemu" not in board:
        raise UserError(f"board {board['board']} does not run in QEMU", "see ./tenon build --format")
    known = board["qemu"].get("firmware", {})
    if firmware is not None and firmware not in known:
        raise UserError(f"board {board['board']} has no firmware `{firmware}`",
                        f"there is: {', '.join(known)}" if known else "leave out --firmware")


def _console(options: Options) -> list[str]:
    if options.interactive:
        return ["-serial", "mon:stdio"]
    return ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console", "-monitor", "none"]


def _devices(folder: Path, board: dict, needs: dict, options: Options) -> list[str]:
    words = []
    for number, (disk, image) in enumerate(_images(folder, needs["disks"], options)):
        words += ["-drive", f"file={image},format=raw,if=none,id=disk{number}",
                  "-device", _virtio("blk", board, disk, f",drive=disk{number}")]
    for source in needs["rng"]:
        words += ["-device", _virtio("rng", board, source)]
    for number, port in enumerate(needs["net"]):
        words += ["-netdev", f"user,id=net{number}" + (_forwards(options) if number == 0 else ""),
                  "-device", _virtio("net", board, port, f",netdev=net{number}")]
    return words


def _forwards(options: Options) -> str:
    return "".join(f",hostfwd={f.protocol}:127.0.0.1:{f.host}-:{f.guest}" for f in options.forwards)


def _images(folder: Path, disks: list[dict], options: Options) -> list[tuple[dict, Path]]:
    if len(options.disks) > len(disks):
        raise UserError(f"{len(options.disks)} disks given, but the app declares {len(disks)}")
    place = options.disk_folder or folder / "disks"
    images = []
    for number, disk in enumerate(disks):
        if number < len(options.disks):
            images.append((disk, options.disks[number]))
            continue
        image = place / f"{disk['name']}.img"
        programs = {path: folder / file for path, file in disk.get("programs", {}).items()}
        if not image.exists() or any(file.stat().st_mtime > image.stat().st_mtime for file in programs.values()):
            _check_contents((ROOT / disk["files"]).parent, {each["name"] for each in disks})
            place.mkdir(parents=True, exist_ok=True)
            _make_disk(image, size_in_bytes(disk["size"]), ROOT / disk["files"], programs)
        images.append((disk, image))
    return images


def _check_contents(folder: Path, disks: set[str]) -> None:
    """UserError when the app has contents for a disk that it does not have."""
    lost = sorted({path.name for path in folder.iterdir()} - disks) if folder.is_dir() else []
    if lost:
        raise UserError(f"{folder.relative_to(ROOT)}/{lost[0]} is the contents of no disk{did_you_mean(lost[0], sorted(disks))}",
                        f"the instances with a disk are: {', '.join(sorted(disks))}")


def _make_disk(image: Path, size: int, files: Path, programs: dict[str, Path]) -> None:
    """With a file system of the folder's files and the programs, or empty where there are neither."""
    tree = read_tree(files) if files.is_dir() else {}
    for path, file in programs.items():
        tree = with_file(tree, path, file.read_bytes())
    if tree or files.is_dir():
        image.write_bytes(minix_image(tree, size))
        return
    with open(image, "wb") as file:
        file.truncate(size)


def _virtio(kind: str, board: dict, device: dict, more: str = "") -> str:
    """In a slot of the PCI bus, as a device of virtio 1 and nothing older, or on a bus of its own."""
    if "slot" in device:
        return f"virtio-{kind}-pci,addr={device['slot']:#x},disable-legacy=on{more}"
    return f"virtio-{kind}-device,bus={_bus(board, device)}{more}"


def _bus(board: dict, device: dict) -> str:
    """QEMU's name of the bus; the builder may name it, number it, or give the node's address."""
    if isinstance(device["bus"], str):
        return device["bus"]
    buses = board["qemu"]["virtio_mmio"]
    number = device["bus"]
    if number >= buses["first"]:
        number = (number - buses["first"]) // buses["step"]
    return f"{buses['bus']}.{number}"
