"""Every promise of the kernel, on each kind of core and exception level: apps/kernel_tests, booted once for each.

Virtual time counts instructions, so that waiting costs no time and times are exact.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from functools import cache

import pytest

from builder import fixtures, product, qemu
from builder.machine import ConsoleError, Machine

from system.kernel_checks import EXPECTED, Outcome

POWER_OFF_CODE = 42  # apps/kernel_tests/components/finish

# Core, exception level it starts at, what the banner calls that.
MODES = [("cortex-a53", 1, "EL1"), ("cortex-a53", 2, "EL1 below a resident EL2 stub"), ("neoverse-n1", 1, "EL1"),
         ("neoverse-n1", 2, "EL2 with VHE"), ("max", 2, "EL2 with VHE")]
MODE_NAMES = [f"{cpu}-el{el}" for cpu, el, _ in MODES]


@cache
def boot(cpu: str, el: int, settings: tuple[str, ...] = ()) -> Outcome:
    folder = fixtures.built(product.checked(product.Product("kernel_tests", product.DEFAULT_BOARD, "", settings)))
    options = qemu.Options(cpu=cpu, el=el, icount=True)
    line = qemu.command(folder, qemu.read_board(product.DEFAULT_BOARD), qemu.read_needs(folder), options)
    with Machine(line) as machine:
        try:
            return Outcome(machine.wait(40), machine.text)
        except ConsoleError:
            return Outcome(None, machine.text)


def booted(request: pytest.FixtureRequest, cpu: str, el: int) -> Outcome:
    outcome = boot(cpu, el)
    request.node.add_report_section("setup", "console", outcome.text)
    return outcome


@pytest.mark.parametrize("subject", EXPECTED)
@pytest.mark.parametrize("cpu, el, mode", MODES, ids=MODE_NAMES)
def test_every_check_of_the_subject_passes(request: pytest.FixtureRequest, cpu: str, el: int, mode: str,
                                           subject: str) -> None:
    assert booted(request, cpu, el).problems(subject, mode) == []


@pytest.mark.parametrize("cpu, el, mode", MODES, ids=MODE_NAMES)
def test_power_off_gives_its_exit_code(request: pytest.FixtureRequest, cpu: str, el: int, mode: str) -> None:
    assert booted(request, cpu, el).exit_code == POWER_OFF_CODE


@pytest.mark.parametrize("cpu, el, mode", MODES, ids=MODE_NAMES)
def test_the_banner_names_the_level_that_the_kernel_runs_at(cpu: str, el: int, mode: str) -> None:
    banner = boot(cpu, el).text.splitlines()[0]

    assert banner.startswith("tenon: kernel_tests on qemu-aarch64, layout ")
    assert banner.endswith(f", {mode}")


@pytest.mark.parametrize("cpu, el, mode", MODES, ids=MODE_NAMES)
def test_with_the_setting_counters_a_component_may_read_cycles_and_no_more(cpu: str, el: int, mode: str) -> None:
    """The twin of the check that it may not."""
    problems = boot(cpu, el, ("counters=true",)).problems("fault", mode)

    assert problems == ["failed: instruction_READ_CYCLES"]
