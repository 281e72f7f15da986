"""tools/logdisk.py finds what is wrong with a disk, and nothing on a good one."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from builder.project import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import logdisk  # noqa: E402

CAPACITY = 8


def super_block(capacity: int = CAPACITY) -> bytes:
    rest = struct.pack("<Q", capacity).ljust(496, b"\0")
    return struct.pack("<8sII", b"TENONLOG", 1, logdisk.crc32c(rest)) + rest


def record(sequence: int, number: int, client: int = 5) -> bytes:
    text = f"record {number}".encode()
    rest = struct.pack("<QQQII256s", sequence, number, 1_700_000_000, client, len(text), text).ljust(504, b"\0")
    return struct.pack("<4sI", b"TREC", logdisk.crc32c(rest)) + rest


def image(folder: Path, records: list[bytes], head: bytes = super_block()) -> Path:
    file = folder / "disk.img"
    file.write_bytes((head + b"".join(records)).ljust(512 * (1 + CAPACITY), b"\0"))
    return file


def problems(folder: Path, records: list[bytes], head: bytes = super_block()) -> tuple[str, ...]:
    return logdisk.read_log(image(folder, records, head)).problems


def test_the_checksum_is_crc32c() -> None:
    assert logdisk.crc32c(b"123456789") == 0xE3069283


def test_a_good_disk_has_no_problems(tmp_path: Path) -> None:
    log = logdisk.read_log(image(tmp_path, [record(n, n + 1) for n in range(5)]))

    assert log.problems == ()
    assert [r.text for r in log.records] == [f"record {n}" for n in range(1, 6)]


def test_a_disk_that_went_round_is_good(tmp_path: Path) -> None:
    blocks = [record(n, n + 1) for n in range(8, 11)] + [record(n, n + 1) for n in range(3, 8)]

    assert problems(tmp_path, blocks) == ()


@pytest.mark.parametrize("blocks, problem", [
    ([record(0, 1), record(1, 2)[:-1] + b"x"], "block 2 is damaged"),
    ([record(0, 1), b"\0" * 512, record(2, 3)], "record 2 follows where 1 should be"),
    ([record(0, 1), record(0, 1)], "block 2 holds record 0, which belongs elsewhere"),
    ([record(0, 1), record(1, 1)], "record 1 has id 1 after id 1 of the same client"),
    ([record(0, 2), record(1, 1)], "record 1 has id 1 after id 2 of the same client"),
])
def test_what_is_wrong_is_named(tmp_path: Path, blocks: list[bytes], problem: str) -> None:
    assert problem in problems(tmp_path, blocks)


@pytest.mark.parametrize("head", [b"\0" * 512, b"TENONLOG".ljust(512, b"\1"), super_block(10 ** 9), super_block(0)])
def test_a_disk_of_something_else_is_refused(tmp_path: Path, head: bytes) -> None:
    assert problems(tmp_path, [record(0, 1)], head)


def test_two_clients_count_for_themselves(tmp_path: Path) -> None:
    assert problems(tmp_path, [record(0, 1, 5), record(1, 1, 6), record(2, 2, 5)]) == ()


@pytest.mark.parametrize("words, code", [(["good"], 0), (["bad"], 1), (["missing"], 2), ([], 2), (["empty"], 1)])
def test_the_exit_code_tells(tmp_path: Path, words: list[str], code: int) -> None:
    image(tmp_path, [record(0, 1)]).rename(tmp_path / "good")
    image(tmp_path, [record(0, 1), record(1, 1)]).rename(tmp_path / "bad")
    (tmp_path / "empty").touch()

    done = subprocess.run([sys.executable, str(ROOT / "tools" / "logdisk.py"), *words], cwd=tmp_path, text=True,
                          capture_output=True)

    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
