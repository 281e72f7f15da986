"""One folder for each mistake: bad/<code>-<what>/ holds the files that are wrong, the text that a user sees, and
the same files put right.

Folders are read as corpus.py says. After a deliberate change of a message, look at the new texts and run
`TENON_UPDATE_EXPECTED=1 ./tenon test tests/builder/test_bad.py`.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builder.errors import ERRORS

from corpus import HERE, check_case

CASES = sorted((HERE / "bad").iterdir())
TESTS_OF_IMAGES = ("test_guest_parts.py", "test_measure.py", "test_place.py", "test_allocate.py", "test_report.py", "test_kernel_stacks.py",
                   "test_limits.py")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_gives_its_one_message(case: Path, tmp_path: Path) -> None:
    problems, text = check_case(case / "wrong", tmp_path)

    if os.environ.get("TENON_UPDATE_EXPECTED"):
        (case / "expected.txt").write_text(text)
    assert [problem.code for problem in problems] == [case.name.partition("-")[0]]
    assert text == (case / "expected.txt").read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_mistake_put_right_is_good(case: Path, tmp_path: Path) -> None:
    _, text = check_case(case / "right", tmp_path)

    assert text == ""


def test_every_code_has_a_case() -> None:
    described = {case.name.partition("-")[0] for case in CASES}
    # What shows only in linked or hand-made systems is tested there.
    elsewhere = "".join((HERE / name).read_text() for name in TESTS_OF_IMAGES)
    missing = [code for code in ERRORS if code not in described and code not in elsewhere]

    assert missing == []


def test_a_case_has_a_wrong_and_a_right_side() -> None:
    for case in CASES:
        assert (case / "wrong").is_dir() and (case / "right").is_dir() and (case / "expected.txt").is_file(), case
