"""Names of the description become parts of C identifiers: they must stay different, and must not be C's own words."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterable

from .diagnostic import Diagnostics, Note, Span

RESERVED = frozenset("""auto break case char const continue default do double else enum extern float for goto if inline int
long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
asm typeof true false bool errno assert main noreturn alignas alignof thread_local static_assert nullptr""".split())


def check_names(names: Iterable[tuple[str, Span]], problems: Diagnostics, alone: str = "") -> None:
    """No two names become the same identifier (`a.b` and `a_b` do). `alone` says what a name is that stands in C
    without a prefix: then it is no word of C either."""
    seen: dict[str, tuple[str, Span]] = {}
    for name, span in names:
        mangled = name.replace(".", "_")
        if alone and mangled in RESERVED:
            problems.add("E0511", span, f"`{name}` is a word of C and cannot name {alone}", suggestion=f"{name}_value")
        elif mangled in seen:
            other, first = seen[mangled]
            problems.add("E0512", span, f"`{name}` is called the same in C as `{other}`", found=f"`{mangled}` for both",
                         notes=[Note("the other one", first)])
        else:
            seen[mangled] = name, span
