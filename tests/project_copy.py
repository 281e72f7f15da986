"""A copy of the project below build/, in which a test may make apps and change files as a user does.

The copy keeps its own build folder between runs, so only what changed is built again. One test at a time has it:
each begins with the project's files as they are now, and nothing else.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import contextlib
import fcntl
import filecmp
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from builder.project import BUILD, ROOT

COPY = BUILD / "project-copy"
LEFT_OUT = {"build", ".git", ".vscode", "__pycache__", ".hypothesis", ".pytest"}


@contextlib.contextmanager
def project_copy() -> Iterator[Path]:
    """The copy's root, fresh, as long as the block lasts."""
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / ".project-copy.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _refresh(COPY)
        yield COPY


def _refresh(copy: Path) -> None:
    wanted = {path.relative_to(ROOT) for path in _files(ROOT)}
    for path in list(_files(copy)):
        if path.relative_to(copy) not in wanted:
            path.unlink()
    for name in wanted:
        _bring(ROOT / name, copy / name)
    _remove_empty_folders(copy)
    _share_cache(copy)


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        yield from (Path(folder) / name for name in files)


def _bring(source: Path, target: Path) -> None:
    """Equal files stay untouched: their time says that nothing has to be built."""
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    shutil.copymode(source, target)


def _remove_empty_folders(copy: Path) -> None:
    for folder, folders, files in os.walk(copy, topdown=False):
        if not LEFT_OUT & set(Path(folder).relative_to(copy).parts) and not os.listdir(folder):
            os.rmdir(folder)


def _share_cache(copy: Path) -> None:
    """The unpacked libc is the same for all copies."""
    (BUILD / "cache").mkdir(exist_ok=True)
    (copy / "build").mkdir(exist_ok=True)
    link = copy / "build" / "cache"
    if not link.is_symlink():
        link.symlink_to(BUILD / "cache")
