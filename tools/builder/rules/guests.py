"""Rules about guests: the boards that can host them, and the instances that handle them."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable

from ..diagnostic import Note, did_you_mean
from ..guest_package import known
from ..model import GUEST_ARCHS, Board, Guest
from .rule import Context, rule

GUESTS_MAX = 255    # the number of a guest's address space has 8 bits, and 0 is the kernel's


@rule("E0720")
def guests_have_a_handler(context: Context, add: Callable) -> None:
    """The `vmm` of a guest is of a component that says `guest: true`, and has no other guest."""
    first: dict[str, Guest] = {}
    for guest in context.linked.guests.values():
        vmm = guest.vmm
        other = first.setdefault(vmm.name, guest)
        if not vmm.component.guest:
            able = [i.name for i in context.instances if i.component.guest]
            add(guest.where("vmm"), f"`{vmm.name}` cannot handle the guest `{guest.name}`",
                found=f"the component `{vmm.component.name}` without `guest: true`", suggestion=f"vmm: {able[0] if able else 'NAME'}",
                notes=[Note("the component", vmm.component.span)])
        elif other is not guest:
            add(guest.where("vmm"), f"`{vmm.name}` handles two guests", expected="an instance for each",
                notes=[Note("the other one", other.span)])


@rule("E0721")
def handlers_have_a_guest(context: Context, add: Callable) -> None:
    """An instance of a component that handles a guest is the `vmm` of one."""
    handled = {guest.vmm.name for guest in context.linked.guests.values()}
    if not context.linked.whole:
        return
    for i in context.instances:
        if i.component.guest and i.name not in handled:
            add(i.span, f"`{i.name}` has no guest to handle", suggestion=f"guests: {{NAME: {{vmm: {i.name}, memory: 64MiB, priority: "
                f"{max(1, i.priority - 1)}}}}}", notes=[Note("the component", i.component.span)])


@rule("E0722")
def guests_are_below_their_handlers(context: Context, add: Callable) -> None:
    """A guest's priority is below that of the instance that handles it, as a client's is."""
    for guest in context.linked.guests.values():
        if context.linked.sure(guest.vmm, "priority") and guest.priority >= guest.vmm.priority:
            add(guest.where("priority"), f"the guest `{guest.name}` is not below `{guest.vmm.name}`, which handles it",
                found=f"{guest.priority}, `{guest.vmm.name}`: {guest.vmm.priority}", expected=f"at most {guest.vmm.priority - 1}")


@rule("E0723")
def the_board_can_host_guests(context: Context, add: Callable) -> None:
    """Guests run on an architecture whose kernel hosts them, and not more of them than it can tell apart."""
    guests = list(context.linked.guests.values())
    if context.board is None or not guests:
        return
    reason = _why_not(context.board)
    if reason:
        add(guests[0].span, f"the board `{context.board.name}` cannot host guests", found=reason,
            expected=f"a board of {' or '.join(GUEST_ARCHS)} that can start at exception level 2")
    elif len(guests) > GUESTS_MAX:
        add(guests[GUESTS_MAX].span, "there are too many guests", found=str(len(guests)), expected=f"at most {GUESTS_MAX}")


def _why_not(board: Board) -> str:
    if board.arch not in GUEST_ARCHS:
        return board.arch
    return "QEMU without `el2`" if board.qemu and not board.qemu.el2 else ""


@rule("E0724")
def guests_have_names_of_their_own(context: Context, add: Callable) -> None:
    """A guest and an instance are not called the same: both are components for the kernel."""
    for guest in context.linked.guests.values():
        other = context.linked.instances.get(guest.name)
        if other is not None:
            add(guest.span, f"a guest and an instance are both called `{guest.name}`", notes=[Note("the instance", other.span)])


@rule("E0725")
def guests_parts_are_there(context: Context, add: Callable) -> None:
    """The package of a guest's kernel is in tools/guests.lock, the folder of its `initrd` is there, and it has an `init`; without a kernel there is none."""
    for guest in context.linked.guests.values():
        if guest.kernel and guest.kernel not in known():
            kernels = [f"debian:{name}" for name in known() if name.startswith("linux-image")]
            add(guest.where("kernel"), f"tools/guests.lock has no package `{guest.kernel}`", expected="one of " + ", ".join(kernels),
                suggestion=did_you_mean(f"debian:{guest.kernel}", kernels))
        if guest.initrd is None:
            continue
        if guest.kernel is None:
            add(guest.where("initrd"), f"`{guest.name}` has an `initrd` and no kernel", suggestion=f"kernel: debian:{next(iter(known()))}")
        elif not (context.root / guest.initrd / "init").is_file():
            add(guest.where("initrd"), f"the `initrd` of `{guest.name}` is not there", expected=f"a file {guest.initrd}/init")
