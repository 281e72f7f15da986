"""Every promise of the kernel, on each kind of core and exception level: apps/kernel_tests, booted once for each.

Virtual time counts instructions, so that waiting costs no time and times are exact.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from functools import cache

import pytest

from builder import fixtures
from builder.machine import ConsoleError
from builder.starts import Start

from system.dump import dumped_rows, layout_rows
from system.kernel_checks import EXPECTED, READ_BY_COUNTERS, Outcome

POWER_OFF_CODE = 42  # apps/kernel_tests/components/finish


def variant(start: Start) -> str:
    """On several cores the helpers whose order a check is about stay with their subject."""
    return "cores" if start.cores > 1 else ""


@cache
def boot(start: Start, settings: tuple[str, ...] = ()) -> Outcome:
    with fixtures.boot_product("kernel_tests", start, variant(start), settings, icount=True) as machine:
        try:
            return Outcome(machine.wait(150), machine.text)
        except ConsoleError:
            return Outcome(None, machine.text)


def booted(request: pytest.FixtureRequest, start: Start) -> Outcome:
    outcome = boot(start)
    request.node.add_report_section("setup", "console", outcome.text)
    return outcome


@pytest.mark.parametrize("subject", EXPECTED)
def test_every_check_of_the_subject_passes(request: pytest.FixtureRequest, start: Start, subject: str) -> None:
    assert booted(request, start).problems(subject, start) == []


def test_power_off_gives_its_exit_code(request: pytest.FixtureRequest, start: Start) -> None:
    assert booted(request, start).exit_code == POWER_OFF_CODE


def test_the_banner_names_the_level_that_the_kernel_runs_at(start: Start) -> None:
    banner = boot(start).text.splitlines()

    assert any(line.startswith(f"tenon: kernel_tests on {start.board}, layout ") and line.endswith(f", {start.mode}")
               for line in banner)


def test_the_capability_dump_is_the_layout(start: Start) -> None:
    expected = layout_rows(fixtures.built(fixtures.product_of("kernel_tests", start, variant(start))))

    assert expected
    assert dumped_rows(boot(start).text) == expected


def test_with_the_setting_counters_a_component_may_read_cycles_and_no_more(start: Start) -> None:
    """The twin of the check that it may not."""
    problems = boot(start, ("counters=true",)).problems("fault", start)

    assert problems == [f"failed: instruction_{name}" for name in READ_BY_COUNTERS[start.arch]]
