"""tools/mirrordisk.py makes, checks and reads the disks of a mirror, and says so when there is nothing that it can read."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from builder.project import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import mirrordisk  # noqa: E402

CONTENT = b"".join(bytes([number % 5]) * 512 for number in range(130))  # three groups; each fifth block is never written


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "content").write_bytes(CONTENT)
    mirrordisk.make(tmp_path / "content", tmp_path / "left", tmp_path / "right")
    return tmp_path / "left", tmp_path / "right"


def change(path: Path, at: int, data: bytes) -> None:
    image = bytearray(path.read_bytes())
    image[at:at + len(data)] = data
    path.write_bytes(image)


def place(block: int) -> int:
    return (1 + block // 63 * 64 + 1 + block % 63) * 512


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "tools" / "mirrordisk.py", *map(str, words)], capture_output=True, text=True)


def test_what_was_made_is_whole_and_holds_the_content(pair: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("check", *pair)
    assert (done.returncode, done.stdout) == (0, "both sides are whole and equal\n")
    assert run("content", *pair, tmp_path / "out").returncode == 0
    assert (tmp_path / "out").read_bytes() == CONTENT
    assert pair[0].stat().st_size == (1 + 3 * 64) * 512


def test_the_checksum_is_crc32c() -> None:
    assert mirrordisk.crc32c(b"123456789") == 0xE3069283


def test_damage_is_named_and_the_other_side_is_read(pair: tuple[Path, Path]) -> None:
    change(pair[0], place(66), b"x")
    change(pair[1], 512 + 64 * 512 * 2, b"table")
    change(pair[0], place(65), b"never written")
    assert mirrordisk.problems(*pair) == ["left: block 66: damaged",
                                          *(f"right: block {n}: its table is damaged" for n in range(126, 130))]
    assert mirrordisk.content(*pair) == CONTENT


def test_an_older_side_is_named_and_not_read(pair: tuple[Path, Path], tmp_path: Path) -> None:
    raw = bytearray(pair[1].read_bytes()[512:1024])
    raw[7 * 8:8 * 8] = mirrordisk.ENTRY.pack(mirrordisk.crc32c(b"n" * 512), 2)
    raw[-4:] = mirrordisk.SUM.pack(mirrordisk.crc32c(bytes(8) + raw[:-4]))
    change(pair[1], 512, bytes(raw))
    change(pair[1], place(7), b"n" * 512)
    assert mirrordisk.problems(*pair) == ["left: block 7: version 1, not 2"]
    assert mirrordisk.content(*pair)[7 * 512:8 * 512] == b"n" * 512


def test_a_block_that_both_lost_is_an_error(pair: tuple[Path, Path], tmp_path: Path) -> None:
    for path in pair:
        change(path, place(66), b"x")
    assert "block 66 is lost" in mirrordisk.problems(*pair)
    done = run("content", *pair, tmp_path / "out")
    assert done.returncode == 1 and done.stderr == "mirrordisk: block 66 is lost\n"
    assert not (tmp_path / "out").exists()


def test_what_is_no_pair_is_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    assert "is the right disk, not the left one" in run("check", pair[1], pair[0]).stderr
    assert "block 0 is no header" in run("check", tmp_path / "content", pair[1]).stderr
    assert "No such file" in run("check", tmp_path / "absent", pair[1]).stderr
    mirrordisk.make(tmp_path / "content", tmp_path / "other", tmp_path / "others")
    assert "are not a pair" in run("check", pair[0], tmp_path / "others").stderr
    pair[0].write_bytes(pair[0].read_bytes()[:4096])
    assert "too few for 130 blocks" in run("check", *pair).stderr
    (tmp_path / "empty").write_bytes(b"")
    assert "too small for a header" in run("check", tmp_path / "empty", pair[1]).stderr


def test_it_tells_how_it_is_used() -> None:
    assert run("--help").returncode == 0 and "mirrordisk.py make" in run("--help").stdout
    assert run().returncode == 0
    assert run("check").returncode == 1
