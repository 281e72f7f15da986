"""Rules about shared regions and the memory of the board."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable

from ..diagnostic import Note, Span, did_you_mean
from ..model import Instance
from ..units import format_size
from .rule import Context, rule


@rule("E0419")
def mandatory_regions_are_bound(context: Context, add: Callable) -> None:
    """A region that a component expects is bound by the system."""
    bound = {(user.instance.name, user.use.name) for region in context.linked.regions.values() for user in region.users}
    bound |= context.linked.missed_uses
    for i in context.instances:
        for use in i.component.regions.values():
            if not use.optional and (i.name, use.name) not in bound:
                near = did_you_mean(use.name, context.linked.regions)
                region = f"{{size: 4KiB, users: {{{i.name}.{use.name}: {use.rights}}}}}"
                add(i.span, f"`{i.name}` expects a region `{use.name}`, and none is bound",
                    suggestion=f"regions: {{{near or use.name}: {region}}}",
                    notes=[Note("it is expected here", use.span)])


@rule("E0421")
def regions_are_bound_once(context: Context, add: Callable) -> None:
    """One region stands behind each region of a component."""
    first: dict[tuple[str, str], Span] = {}
    users = [user for region in context.linked.regions.values() for user in region.users]
    for user in sorted(users, key=lambda user: user.span):
        span = first.setdefault((user.instance.name, user.use.name), user.span)
        if span != user.span:
            add(user.span, f"the region `{user.use.name}` of `{user.instance.name}` is bound twice",
                notes=[Note("first bound here", span)])


@rule("E0422")
def regions_have_a_writer_and_a_user(context: Context, add: Callable) -> None:
    """Somebody uses a region, and unless it is persistent somebody writes it."""
    if not context.linked.whole:
        return
    for region in context.linked.regions.values():
        if not region.users and not context.linked.drafts.keys() - context.linked.instances.keys():
            if not context.linked.missed_uses:
                add(region.span, f"nobody uses the region `{region.name}`",
                    expected="at least one of its users in the system")
        elif region.users and all(user.rights == "r" for user in region.users):
            add(region.span, f"nobody writes the region `{region.name}`", expected="one user with rw")


@rule("E0718")
def memory_fits_the_board(context: Context, add: Callable) -> None:
    """What stacks, heaps, DMA and regions need together is there."""
    if context.board is None:
        return
    needs = {i.name: _memory_of(i) for i in context.instances} | {
        region.name: region.bytes for region in context.linked.regions.values()} | {
        guest.name: guest.memory for guest in context.linked.guests.values()}
    total = sum(needs.values())
    if total > context.board.memory:
        name = max(sorted(needs), key=lambda name: needs[name])
        holder = context.linked.instances.get(name) or context.linked.regions.get(name) or context.linked.guests[name]
        add(holder.span, f"the system does not fit in the memory of `{context.board.name}`",
            found=f"{_shown_size(total)} of stacks, heaps, pools, DMA memory, regions and guests; `{name}` needs "
                  f"{_shown_size(needs[name])}",
            expected=f"at most {format_size(context.board.memory)}")


def _memory_of(i: Instance) -> int:
    pool = i.component.pool.bytes if i.component.pool else 0
    return (i.component.heap + pool + sum(i.stack_of(thread) for thread in i.component.threads)
            + sum(dma.bytes for dma in i.component.dma.values()))


def _shown_size(value: int) -> str:
    return f"{value / (1 << 20):.1f}MiB"
