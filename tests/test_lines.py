"""The kernel stays as small as it promises (`./tenon lines`)."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from builder.commands import lines

WHOLE, ONE_IMAGE, GUESTS = 10_000, 6_000, 1_000


def test_the_kernel_stays_within_its_size() -> None:
    files, _ = lines.split(lines.count_files())

    assert lines.total(lines.by_folder(files)) <= WHOLE
    assert {arch: count for arch, count in lines.one_image(files).items() if count > ONE_IMAGE} == {}


def test_the_support_of_guests_stays_within_its_size() -> None:
    _, files = lines.split(lines.count_files())
    counted = lines.guests(files)

    assert "aarch64" in counted
    assert {arch: count for arch, count in counted.items() if count > GUESTS} == {}
