"""Which checks apps/kernel_tests must report, by subject; and what a boot of it reported.

A check that is not listed here is a failure too, so that the list stays complete.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

EXPECTED: dict[str, tuple[str, ...]] = {
    "ipc": (
        *(f"call_with_{words:02}_words" for words in range(11)),
        "queued_callers_are_served_in_order_of_arrival", "replies_come_out_of_order", "a_token_answers_once",
        "another_thread_replies", "the_reply_of_another_thread_arrives",
        "a_token_of_another_component_is_refused", "a_token_with_another_number_is_refused",
        "a_token_of_no_thread_is_refused", "token_0_is_refused", "the_right_token_works",
        "a_call_in_service_times_out", "in_service_within_a_granule", "a_late_reply_is_stale",
        "a_queued_call_that_timed_out_is_not_received", "a_queued_call_times_out", "queued_within_a_granule",
        "without_timeout_a_call_waits", "poll_finds_nothing", "poll_finds_a_call",
        "x12_to_x18_are_0_after_a_call", "x19_to_x28_are_kept_by_a_call", "x12_to_x18_are_0_at_the_server",
        "other_calls_keep_what_they_do_not_return",
        "a_sender_cannot_choose_the_kind", "an_unknown_label_is_refused_by_the_server",
    ),
    "finish": ("power_off_refuses_an_exit_code_above_255", "power_refuses_an_unknown_operation"),
}

LINE = re.compile(r"^(pass|fail|done) (\S+) ?(.*)$", re.MULTILINE)


@dataclass(slots=True)
class Outcome:
    """What one boot said."""

    exit_code: int | None
    text: str
    passed: dict[str, list[str]] = field(default_factory=dict)  # by subject
    failed: dict[str, list[str]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for word, subject, rest in LINE.findall(self.text):
            if word == "done":
                self.done.add(subject)
            else:
                found = self.passed if word == "pass" else self.failed
                found.setdefault(subject, []).append(rest)

    def problems(self, subject: str) -> list[str]:
        """What is wrong with a subject: failures, checks that did not come, and those that nobody expects."""
        expected, passed = set(EXPECTED[subject]), self.passed.get(subject, [])
        named = {text.partition(":")[0] for text in self.failed.get(subject, [])} | set(passed)
        return [*(f"failed: {text}" for text in self.failed.get(subject, [])),
                *(f"did not come: {name}" for name in EXPECTED[subject] if name not in named),
                *(f"not in the list: {name}" for name in sorted(named - expected)),
                *(f"came twice: {name}" for name in sorted({n for n in passed if passed.count(n) > 1})),
                *([] if subject in self.done else ["the subject did not end"])]
