"""Debian's Linux as an echo server on the machine that the product `network` runs on: what others need for the same work.

apt fetches the kernel and a static busybox into build/cache once, without root's rights; nothing is installed. The first RAM disk has
busybox, the modules of the network device and a script.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import lzma
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from builder.source_package import CACHE


@dataclass(frozen=True, slots=True)
class Debian:
    arch: str           # as Debian calls it
    kernel: str         # the package that names the newest one
    console: str
    release: str = ""   # where this machine's own has none for the architecture


PEERS = {"aarch64": Debian("arm64", "linux-image-cloud-arm64", "ttyAMA0"),
         "riscv64": Debian("riscv64", "linux-image-riscv64", "ttyS0", "trixie"),
         "x86_64": Debian("amd64", "linux-image-cloud-amd64", "ttyS0")}
LISTS = "$(REPO_URI) $(RELEASE) $(COMPONENT)"   # apt's own words for where its packages come from
# In the order of their needs; those that a kernel has built in are no files.
MODULES = ("virtio_ring", "virtio", "virtio_mmio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "failover",
           "net_failover", "virtio_net")
INIT = """#!/bin/busybox sh
for module in {modules}; do /bin/busybox insmod /$module.ko; done
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
/bin/busybox nc -ll -p {port} -e /bin/busybox cat &
until /bin/busybox grep -q ":{port:04X} .* 0A " /proc/net/tcp*; do /bin/busybox usleep 10000; done
echo linux: listening on $(/bin/busybox uname -r)
wait
"""
SECONDS = 300


def command(arch: str, product: list[str], port: int) -> list[str]:
    """The command line of a product with another kernel: it echoes what comes to the port."""
    peer, packages = PEERS[arch], fetched(PEERS[arch])
    kernel = next((packages / "boot").glob("vmlinu[xz]-*"))
    initial = packages / "initial.cpio"
    initial.write_bytes(ram_disk(packages, port))
    return [*product[:product.index("-kernel")], "-kernel", str(kernel), "-initrd", str(initial),
            "-append", f"console={peer.console} quiet"]


def fetched(peer: Debian) -> Path:
    """Where the packages lie unpacked."""
    folder = CACHE / f"linux-{peer.arch}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="apt-", dir=CACHE) as name:
            scratch = Path(name)
            for package in _download(peer, scratch):
                subprocess.run(["dpkg-deb", "-x", package, scratch / "unpacked"], check=True)
            (scratch / "unpacked").rename(folder)
    return folder


def _download(peer: Debian, scratch: Path) -> list[Path]:
    """By apt, whose signatures vouch for them, with lists and a cache of its own."""
    for part in ("lists/partial", "archives/partial"):
        (scratch / part).mkdir(parents=True)
    (scratch / "status").touch()
    options = ["-q", "-o", f"Dir::State::lists={scratch}/lists", "-o", f"Dir::State::status={scratch}/status", "-o", f"Dir::Cache={scratch}",
               "-o", "APT::Sandbox::User=root", "-o", f"Dir::Etc::sourcelist={scratch}/sources.list", "-o", "Dir::Etc::sourceparts=-",
               "-o", f"APT::Architecture={peer.arch}", "-o", f"APT::Architectures={peer.arch}"]
    lists = _apt("apt-get", ["indextargets", "--no-release-info", "--format", LISTS, "Identifier: Packages"], scratch).splitlines()
    if peer.release:
        first = next(line.split() for line in lists if not line.split()[1].endswith(("-updates", "-security")))
        lists = [f"{first[0]} {peer.release} {first[2]}"]
    (scratch / "sources.list").write_text("".join(f"deb {line}\n" for line in sorted(set(lists))))
    _apt("apt-get", [*options, "update"], scratch)
    depends = _apt("apt-cache", [*options, "depends", "--important", peer.kernel], scratch)
    kernel = next(word.split(":")[0] for word in depends.split() if word.startswith("linux-image-") and word[12].isdigit())
    _apt("apt-get", [*options, "download", kernel, "busybox-static"], scratch)
    return sorted(scratch.glob("*.deb"))


def _apt(program: str, words: list[str], folder: Path) -> str:
    return subprocess.run([program, *words], cwd=folder, timeout=SECONDS, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def ram_disk(packages: Path, port: int) -> bytes:
    """An archive in cpio's format newc, as Linux's documentation of initramfs describes it."""
    found = {module: path for module in MODULES for path in (packages / "lib/modules").rglob(f"{module}.ko*")}
    found |= {module: path for module in MODULES for path in (packages / "usr/lib/modules").rglob(f"{module}.ko*")}
    busybox = next(path for path in (packages / "bin/busybox", packages / "usr/bin/busybox") if path.exists())
    init = INIT.format(modules=" ".join(module for module in MODULES if module in found), port=port)
    files = [*((name, stat.S_IFDIR | 0o755, b"", (0, 0)) for name in ("bin", "dev", "proc")),
             ("dev/console", stat.S_IFCHR | 0o600, b"", (5, 1)), ("bin/busybox", stat.S_IFREG | 0o755, busybox.read_bytes(), (0, 0)),
             ("init", stat.S_IFREG | 0o755, init.encode(), (0, 0)),
             *((f"{module}.ko", stat.S_IFREG | 0o644, _unpacked(path), (0, 0)) for module, path in found.items()),
             ("TRAILER!!!", 0, b"", (0, 0))]
    return b"".join(_member(number, *file) for number, file in enumerate(files, 1))


def _unpacked(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def _member(number: int, name: str, mode: int, data: bytes, device: tuple[int, int]) -> bytes:
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return _padded(head) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
