"""A disk that is made from a folder: `fsck.minix` finds nothing wrong, and a reader that shares no code finds the same files."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from builder.minix_image import BLOCK, minix_image, read_tree
from builder.project import UserError
from minixdisk import read_files

SIZES = (0, 1, BLOCK, 7 * BLOCK, 7 * BLOCK + 1, (7 + 256) * BLOCK, (7 + 256) * BLOCK + 1, 700_001)
SIZE = 16 << 20


def some_files(folder: Path) -> dict[str, bytes]:
    noise = random.Random(1)
    files = {f"/{size}": noise.randbytes(size) for size in SIZES} | {"/a/b/c.html": b"c", "/a/" + "n" * 60: b"n"}
    files |= {f"/many/{number}": b"%d" % number for number in range(200)}
    for path, data in files.items():
        target = folder / path[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (folder / "empty").mkdir()
    return files


@pytest.mark.parametrize("size", [4 << 20, SIZE, (16 << 20) + 512])
def test_a_disk_has_the_files_of_the_folder(tmp_path: Path, size: int) -> None:
    folder, image = tmp_path / "folder", tmp_path / "image"
    files = some_files(folder)
    image.write_bytes(minix_image(read_tree(folder), size))

    assert read_files(image) == files and image.stat().st_size == size
    checked = subprocess.run(["/usr/sbin/fsck.minix", "-f", "-v", image], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_same_files_are_the_same_disk() -> None:
    assert minix_image({"b": b"1", "a": {"c": b""}}, SIZE) == minix_image({"a": {"c": b""}, "b": b"1"}, SIZE)


@pytest.mark.parametrize("tree, problem", [({"x": bytes(SIZE)}, "the disk is full"), ({"n" * 61: b""}, "is no name for a file"),
                                           ({str(n): b"" for n in range(6000)}, "no inode left")])
def test_what_does_not_fit_is_said(tree: dict, problem: str) -> None:
    with pytest.raises(UserError, match=problem):
        minix_image(tree, SIZE)
