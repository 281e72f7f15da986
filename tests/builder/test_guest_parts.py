"""What a guest is started with: device trees, archives, packages, and where all of it lies."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from builder import guest_package, model
from builder.allocate import allocate
from builder.cpio import DEVICE, EXECUTABLE, FILE, FOLDER, Entry, cpio
from builder.fdt import flatten, parse
from builder.front import load_system
from builder.guest_image import GuestImage, Part
from builder.guest_tree import SEED, guest_tree
from builder.project import UserError

RAM = 0x40000000


def tree(vcpus: int = 2, initrd: tuple[int, int] = (0x41000000, 0x41000123)):
    return parse(guest_tree(RAM, 64 << 20, vcpus, "console=ttyAMA0 quiet", initrd))


def test_a_tree_is_read_back_as_it_was_written() -> None:
    root = tree()

    assert parse(flatten(root)) == root


def test_the_standard_compiler_takes_a_guests_tree(tmp_path: Path) -> None:
    (tmp_path / "guest.dtb").write_bytes(guest_tree(RAM, 64 << 20, 2, "quiet", (0, 0)))
    done = subprocess.run(["dtc", "-I", "dtb", "-O", "dts", str(tmp_path / "guest.dtb")], capture_output=True, text=True)

    assert done.returncode == 0 and "Warning" not in done.stderr, done.stderr
    assert 'bootargs = "quiet"' in done.stdout


def test_a_guests_tree_has_its_memory_its_cpus_and_its_first_file_system() -> None:
    root = tree()
    chosen = root.child("chosen")

    assert root.child("memory@40000000").cells("reg") == (0, RAM, 0, 64 << 20)
    assert [cpu.cell("reg") for cpu in root.child("cpus").children] == [0, 1]
    assert struct.unpack(">QQ", chosen.properties["linux,initrd-start"] + chosen.properties["linux,initrd-end"]) == (0x41000000, 0x41000123)
    assert "kaslr-seed" not in chosen.properties and chosen.properties["rng-seed"] == SEED
    assert "linux,initrd-start" not in tree(initrd=(5, 5)).child("chosen").properties


def test_the_seed_is_there_once() -> None:
    assert guest_tree(RAM, 64 << 20, 1, "", (0, 0)).count(SEED) == 1


def test_an_archive_is_what_cpio_reads(tmp_path: Path) -> None:
    data = cpio([Entry("bin", FOLDER), Entry("bin/run", FILE | EXECUTABLE, b"abc"), Entry("console", DEVICE, device=(5, 1))])
    done = subprocess.run(["cpio", "-itv"], input=data, capture_output=True, check=True)

    assert [line.split()[0] for line in done.stdout.decode().splitlines()] == ["drwxr-xr-x", "-rwxr-xr-x", "crw-------"]


def test_an_archive_has_its_entries_in_order_and_an_end() -> None:
    data = cpio([Entry("a", FILE, b"12345")])

    assert data[:6] == b"070701" and data[110:112] == b"a\0" and data[112:117] == b"12345"
    assert len(data) % 4 == 0 and b"TRAILER!!!\0" in data


# --- Packages --------------------------------------------------------------------------------------

@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> guest_package.Package:
    monkeypatch.setattr(guest_package, "CACHE", tmp_path)
    monkeypatch.setattr(guest_package, "ROOT", tmp_path)
    monkeypatch.setattr(guest_package, "LOCK", tmp_path / "guests.lock")
    one = guest_package.Package("kernel", "linux-image-none", "1:2.3", "arm64", "0" * 64)
    monkeypatch.setattr(guest_package, "known", lambda: {"kernel": one})
    return one


def test_a_file_with_another_hash_is_refused(package: guest_package.Package) -> None:
    package.file.write_bytes(b"something else")

    with pytest.raises(UserError, match="is not the package that it should be"):
        guest_package.ensure("kernel")


def test_a_version_that_is_gone_is_said(package: guest_package.Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest_package, "_run", lambda command, folder: "Version '1:2.3' for 'linux-image-none' was not found")

    with pytest.raises(UserError, match="linux-image-none 1:2.3 cannot be fetched: Version '1:2.3' .* was not found"):
        guest_package.ensure("kernel")


def test_the_lock_names_packages_by_version_and_hash() -> None:
    assert {"linux-image-cloud-arm64", "busybox-static-arm64"} <= guest_package.known().keys()
    assert all(len(each.sha256) == 64 and each.arch == "arm64" for each in guest_package.known().values())


# --- Layout ----------------------------------------------------------------------------------------

def linux() -> model.System:
    system, problems = load_system("linux", "qemu-aarch64")

    assert system is not None, problems
    return system


def image(needs: int) -> dict[str, GuestImage]:
    return {"linux": GuestImage((Part("kernel", b"k" * 5000, RAM), Part("tree", b"t", RAM + 8192)), 0, needs)}


def test_the_parts_are_read_only_for_the_vmm() -> None:
    plan, problems = allocate(linux(), image(1 << 20))
    vmm = next(instance for instance in plan.instances if instance.name == "vmm")
    areas = {area.name: area for area in vmm.areas if area.kind == "guest"}

    assert problems == []
    assert areas["kernel"].rights == ("RIGHT_READ",) and areas["memory"].rights == ("RIGHT_READ", "RIGHT_WRITE")
    assert plan.regions[areas["kernel"].region].payload == "guest_linux_kernel"


def test_a_guest_that_does_not_fit_in_its_memory_is_an_error() -> None:
    _, problems = allocate(linux(), image(200 << 20))

    assert [problem.code for problem in problems] == ["E0805"]


def test_guests_are_components_behind_the_instances() -> None:
    system = linux()
    guest = replace(system.guests["linux"], vcpus=3)
    plan, _ = allocate(replace(system, guests={"linux": guest}), image(1 << 20))

    assert plan.guests[0].index == len(plan.instances)
    assert plan.guests[0].thread_first == len(plan.threads) and plan.guests[0].vcpus == 3
