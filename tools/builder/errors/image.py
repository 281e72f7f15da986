"""E08 and E09: the layout, and the linked components."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0801", "more signals than bits",
        "A thread's notification has 64 bits; interrupts, timers, events, children, pings and ready signals have "
        "one each.",
        "timers: [t0, t1, ... t64]",
        "timers: [t0, t1, ... t31]        # and a second component with the others"),
    ErrorCode(
        "E0802", "a timeout that is too long",
        "The kernel counts timeouts in steps of `timeout_granularity`, in 16 bits.",
        "{from: a.echo, to: b.echo, timeout: 86400s}",
        "{from: a.echo, to: b.echo, timeout: none}"),
    ErrorCode(
        "E0803", "too many threads",
        "A reply token has 16 bits for the caller's thread.",
        "(more than 65534 threads)",
        "(fewer threads, or several images)"),
    ErrorCode(
        "E0804", "a component that does not fit in its addresses",
        "Stacks, DMA memory, regions and devices of one component lie in one address space.",
        "dma: {ring: 4GiB, more: 4GiB, ...}",
        "dma: {ring: 64KiB}"),
    ErrorCode(
        "E0805", "a guest that does not fit in its memory",
        "The kernel, its first file system and its device tree are put there when it starts.",
        "guests: {linux: {vmm: vmm, kernel: debian:linux-image-cloud-arm64, memory: 16MiB, priority: 10}}",
        "guests: {linux: {vmm: vmm, kernel: debian:linux-image-cloud-arm64, memory: 128MiB, priority: 10}}"),
    ErrorCode(
        "E0901", "a segment without a place",
        "A component is linked with the generated linker script; another one puts segments where they cannot go.",
        "target_link_options(echo PRIVATE -Ttext=0)",
        "(no linker options for addresses)"),
    ErrorCode(
        "E0902", "a stack that is too small",
        "The deepest path of calls, from the compiler's own records, needs more than the stack has.",
        "stack: 4KiB",
        "stack: 8KiB"),
    ErrorCode(
        "E0903", "recursion",
        "How deep a function calls itself cannot be seen in its code. Say how many bytes it needs in all, or write "
        "a loop.",
        "int depth(struct node *n) { return n ? 1 + depth(n->next) : 0; }",
        "for (; n; n = n->next) depth++;"),
    ErrorCode(
        "E0904", "a call through a pointer",
        "Where it leads is not in the code. Say which functions it may reach.",
        "handlers[kind](&event);",
        "stack_calls: {dispatch: [on_key, on_timer]}"),
    ErrorCode(
        "E0905", "a function without a record",
        "Assembly and prebuilt code have no record of their stack. Say how many bytes it needs.",
        "(memcpy.S without an entry)",
        "stack_extern: {memcpy: 0}"),
    ErrorCode(
        "E0906", "a frame without a fixed size",
        "alloca and arrays of variable length take as much stack as their argument says.",
        "char text[length];",
        "char text[TEXT_MAX];"),
    ErrorCode(
        "E0907", "an annotation of a function that is not there",
        "An annotation for the stack check names a function of the component or of what it links; a misspelt one "
        "would be trusted for nothing.",
        "stack_extern: {memcopy: 0}",
        "stack_extern: {memcpy: 0}"),
    ErrorCode(
        "E0908", "memory that does not fit",
        "The image and the memory of all components have to fit in the board's RAM. The report says who takes what.",
        "memory: 4MiB             # of the board, and components with 16 MiB",
        "memory: 256MiB"),
    ErrorCode(
        "E0909", "an entry of the kernel without a stack",
        "A kernel function that no C function calls is entered by assembly; the stack check must know on which "
        "stack. Users never see this.",
        "(a new vector in entry.S alone)",
        "stacks: {kernel: {entries: [aarch64_main, new_entry], ...}}"),
)
