"""The kernel stays as small as it promises (`./tenon lines`)."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from builder.commands import lines

WHOLE, ONE_IMAGE = 10_000, 6_000


def test_the_kernel_stays_within_its_size() -> None:
    files = lines.count_files()

    assert lines.total(lines.by_folder(files)) <= WHOLE
    assert {arch: count for arch, count in lines.one_image(files).items() if count > ONE_IMAGE} == {}
