"""Every promise of the kernel to guests, and to those beside them: apps/guest_tests, booted once for each start that can host them.

Virtual time counts instructions, so times are exact.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest
from builder import fixtures
from builder.starts import STARTS, Start, one_core, only_on

EXPECTED = """
    hypercall_brings_its_registers secure_monitor_call_is_an_exit frame_of_a_virtual_cpu_is_read call_is_behind_its_instruction
    result_arrives frame_of_one_that_waits_for_another_is_read other_virtual_cpu_waits_where_it_begins
    load_64 load_32 load_8 load_8_signed load_8_signed_to_32 load_16 load_16_signed load_32_signed load_nowhere loads_zero_extend
    loads_sign_extend wider_loads_sign_extend load_to_the_zero_register_leaves_sp store_64 store_32 store_8 store_zero
    access_without_a_syndrome_is_told and_skipped
    interrupt_before_it_begins_is_no_error it_is_ready interrupt_of_an_answer_is_taken and_ended interrupt_is_set_while_it_sleeps
    it_wakes_and_takes_it end_is_told level_comes_again after_it_was_ended second_end_is_told there_is_room_for_three and_no_more
    highest_comes_first refused_one_comes_back one_is_taken_back next_one_comes_then room_is_told_once
    interrupt_number_is_checked interrupt_flags_are_checked interrupt_is_marked_as_one interrupt_is_set_or_taken_back
    component_is_no_virtual_cpu
    timer_is_taken_in_the_guest timer_is_not_early timer_is_not_late timer_goes_on timer_is_taken_back then_nothing_comes
    timer_is_set_while_it_sleeps what_was_due_comes timer_that_always_fires_comes_each_time_it_is_ended
    guest_with_wild_registers_goes_on what_the_handler_may_do_traps what_is_undefined_is_the_guests
    identification_brings_the_real_value virtual_cpu_has_its_own_number
    nothing_but_its_memory_is_reached nor_executed last_byte_is_its_own
    exception_has_its_syndrome exception_has_its_address exception_is_at_its_instruction exception_keeps_the_state
    exception_masks_interrupts
    floating_point_works registers_are_its_own answer_can_end_it
    guest_is_restarted_a_hundred_times end_of_the_guest_is_told guest_that_runs_is_stopped its_state_says_so
    interrupt_for_one_that_ended_is_refused
    beat_goes_on keeper_goes_on registers_of_another_guest_are_kept
""".split()

# Instructions for a round trip, at most.
COSTS = {"hypercall": 2000, "load": 2000, "in_kernel": 500}
LATE_NS = 20_000    # of a component that wants to run each millisecond

pytestmark = only_on(["qemu-aarch64"], "the kernel of this architecture hosts no guests yet")


hosts = pytest.mark.parametrize("host", [start for start in STARTS if start.el == 2], ids=str)
at_el2 = one_core("several cores start at EL1 here, where a system with guests is refused")


@dataclass(frozen=True)
class Outcome:
    text: str
    exit_code: int | None

    def checks(self) -> list[tuple[str, str]]:
        return re.findall(r"^(pass|fail) trial (\w+)", self.text, re.MULTILINE)

    def costs(self, subject: str) -> dict[str, int]:
        return {name: int(number) for name, number in re.findall(rf"^cost {subject} (\w+) (\d+)$", self.text, re.MULTILINE)}


@cache
def boot(start: Start, settings: tuple[str, ...] = ()) -> Outcome:
    with fixtures.boot_product("guest_tests", start, settings=settings, icount=True) as machine:
        code = machine.wait(60)
        return Outcome(machine.text, code)


def booted(request: pytest.FixtureRequest, start: Start, settings: tuple[str, ...] = ()) -> Outcome:
    outcome = boot(start, settings)
    request.node.add_report_section("setup", "console", outcome.text)
    return outcome


@at_el2
@hosts
def test_every_check_passes(request: pytest.FixtureRequest, host: Start) -> None:
    outcome = booted(request, host)

    assert [name for result, name in outcome.checks() if result == "fail"] == []
    assert Counter(name for _, name in outcome.checks()) == Counter(EXPECTED)
    assert "done trial" in outcome.text


def test_without_el2_a_system_with_guests_is_refused(start: Start) -> None:
    with fixtures.boot_product("guest_tests", start, icount=True) as machine:
        if start.el == 2:
            machine.expect("pass trial hypercall_brings_its_registers")
        else:
            machine.expect("this system has guests, which need EL2, and was started at EL1")


@at_el2
@hosts
def test_an_exit_costs_what_is_promised(request: pytest.FixtureRequest, host: Start) -> None:
    costs = booted(request, host, ("build=release",)).costs("trial")

    assert costs.keys() == COSTS.keys()
    assert {name: cost for name, cost in costs.items() if cost > COSTS[name]} == {}


@at_el2
@hosts
def test_who_wants_to_run_each_millisecond_does(request: pytest.FixtureRequest, host: Start) -> None:
    assert booted(request, host).costs("beat")["late"] < LATE_NS
