"""Source packages: what is fetched, by an apt-get that the test writes, and what is refused.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from builder import source_archive, source_package
from builder.commands import doctor
from builder.project import UserError

NAME = "stack_1.0.orig.tar.xz"
FILES = {"stack-1.0/stack.c": b"int stack;\n", "stack-1.0/include/stack.h": b"extern int stack;\n"}


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


GOOD = archive(FILES)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A project with the library, on a machine whose apt-get does what the script says; its library's folder."""
    for module in (source_package, source_archive):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "CACHE", tmp_path / "build" / "cache")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")

    def make(script: str = "exit 1", sha256: str = hashlib.sha256(GOOD).hexdigest(), source: str = "stack.c") -> Path:
        tool, library = tmp_path / "bin" / "apt-get", tmp_path / "components" / "lib" / "stack"
        for folder in (tool.parent, library, source_package.CACHE):
            folder.mkdir(parents=True, exist_ok=True)
        tool.write_text(f"#!/bin/sh\necho \"$@\" >> {tmp_path}/calls\n{script}\n")
        tool.chmod(0o755)
        (library / "package.txt").write_text(
            f"package stack\narchive {NAME}\nsha256 {sha256}\ninclude include\nsource {source}\n")
        return library

    return make


def delivering(tmp_path: Path, data: bytes, name: str = NAME) -> str:
    (tmp_path / "delivered").write_bytes(data)
    return f'case "$*" in *"source --download-only"*) cp {tmp_path}/delivered {name};; esac'


def refused(library: Path) -> UserError:
    with pytest.raises(UserError) as problem:
        source_archive.ensure([library])
    return problem.value


def nothing_is_unpacked() -> bool:
    return [path.name for path in source_package.CACHE.iterdir() if path.is_dir()] == []


def test_what_apt_delivers_is_unpacked_once(project, tmp_path: Path) -> None:
    library = project(delivering(tmp_path, GOOD))

    source_archive.ensure([library])
    calls = (tmp_path / "calls").read_text()
    source_archive.ensure([library])

    package = source_package.of_library(library)
    assert [(tmp_path / name).read_bytes() for name in package.sources] == [FILES["stack-1.0/stack.c"]]
    assert all((tmp_path / name).is_dir() for name in package.folders)
    assert calls.splitlines()[-1].endswith("source --download-only stack")
    assert (tmp_path / "calls").read_text() == calls


def test_an_archive_that_lies_there_needs_no_apt(project, tmp_path: Path) -> None:
    library = project()
    (source_package.CACHE / NAME).write_bytes(GOOD)

    source_archive.ensure([library])

    assert not (tmp_path / "calls").exists() and not nothing_is_unpacked()


def test_an_apt_that_fails_is_told_in_its_own_words(project) -> None:
    problem = refused(project("echo reading >&2; echo 'E: no network' >&2; exit 100"))

    assert str(problem) == "the sources of Debian's package stack cannot be fetched: E: no network"
    assert NAME in problem.hint and nothing_is_unpacked()


def test_a_machine_without_apt_is_told_so(project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = project()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    assert "cannot be fetched: [Errno 2] No such file or directory" in str(refused(library))


def test_an_apt_that_hangs_is_ended(project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_archive, "SECONDS", 0.2)

    assert "timed out" in str(refused(project("exec sleep 60")))


def test_a_list_that_is_out_of_reach_does_no_harm_if_another_has_the_package(project, tmp_path: Path) -> None:
    source_archive.ensure([project(delivering(tmp_path, GOOD) + '\ncase "$*" in *update*) exit 100;; esac')])

    assert not nothing_is_unpacked()


def test_another_version_is_named(project, tmp_path: Path) -> None:
    problem = refused(project(delivering(tmp_path, GOOD, "stack_2.0.orig.tar.xz")))

    assert str(problem).endswith("the package has stack_2.0.orig.tar.xz in its place")


def test_an_archive_of_another_hash_is_not_unpacked(project, tmp_path: Path) -> None:
    other = archive({"stack-1.0/stack.c": b"int evil;\n"})
    problem = refused(project(delivering(tmp_path, other)))

    assert f"SHA-256 {hashlib.sha256(other).hexdigest()}" in str(problem)
    assert hashlib.sha256(GOOD).hexdigest() in problem.hint and nothing_is_unpacked()


def test_an_archive_without_a_source_is_not_unpacked(project, tmp_path: Path) -> None:
    problem = refused(project(delivering(tmp_path, GOOD), source="queue.c"))

    assert "lacks sources that package.txt of stack names" in str(problem) and nothing_is_unpacked()


def test_what_is_no_archive_is_not_unpacked(project, tmp_path: Path) -> None:
    problem = refused(project(delivering(tmp_path, b"noise"), sha256=hashlib.sha256(b"noise").hexdigest()))

    assert "cannot be unpacked" in str(problem) and nothing_is_unpacked()


def test_a_broken_package_file_is_told_with_its_line(project) -> None:
    library = project(source="../../etc/passwd")

    assert str(refused(library)) == f"{library}/package.txt:5:1: this is no `source`"


def test_the_doctor_fetches_what_all_libraries_need(project, tmp_path: Path) -> None:
    project(delivering(tmp_path, GOOD))
    doctor.fetch_sources()

    assert not nothing_is_unpacked()


def test_the_doctor_says_what_cannot_be_fetched_and_goes_on(project, capfd: pytest.CaptureFixture) -> None:
    project("exit 1")
    doctor.fetch_sources()

    assert "the sources of Debian's package stack cannot be fetched: apt-get failed; put " in capfd.readouterr().err
