// Helpers of the tests on several cores: system.h's, for calls whose caller and server are on different ones.
// What a thread does is posted as mail; nothing arrives before the test says so (deliver_mail(), open_mail()).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "system.h"

#include <arch/cpu.h>

#define ONE_LEND (1ull << INFO_LENDS_SHIFT)
#define WITH_CAP (1ull << INFO_CAP_BIT)

static inline unsigned home_of(unsigned thread)
{
    return (unsigned)(threads[thread].component->core - cores);
}

// It is the one that runs on its core, when those above it have blocked; its core runs from here on.
static inline void runs(unsigned thread)
{
    on_core(home_of(thread));
    block_until(thread);
}

// `thread`, which waits or has heard of something, runs.
static inline void wake(unsigned thread)
{
    if (threads[thread].state == THREAD_RECEIVING)
        system_run(thread);
    runs(thread);
}

// All mail arrives, and then this thread runs.
static inline void arrives_at(unsigned thread)
{
    deliver_mail();
    runs(thread);
}

// `thread` calls through `slot`; on another core, that is only on its way.
static inline void calls(unsigned thread, uint64_t slot, uint64_t label)
{
    wake(thread);
    call(slot, label, NULL, 0);
}

// The running thread answers, with a capability of its own.
static inline void reply_with_cap(uint64_t token, uint64_t slot)
{
    struct arch_frame *frame = &arch_core()->current->frame;

    frame->x[0] = 7 | WITH_CAP;
    frame->x[1] = token;
    frame->x[2 + CAP_WORD] = slot;
    host_syscall(SYS_REPLY);
}

// The running thread lends [address, +bytes) in a call through `slot`.
static inline void call_lending(uint64_t slot, uint64_t address, uint64_t bytes)
{
    const uint64_t words[MESSAGE_WORDS] = {[6] = address, [7] = bytes | LEND_READ | LEND_WRITE};

    call(slot, 1, words, ONE_LEND);
}

// It lends on what it was lent by the call `outer`.
static inline void call_lending_on(uint64_t slot, uint64_t outer, uint64_t bytes)
{
    const uint64_t words[MESSAGE_WORDS] = {[7] = bytes | LEND_READ | LEND_WRITE | LEND_BORROWED, [8] = outer};

    call(slot, 1, words, ONE_LEND);
}

// The running thread writes a byte of its stack to the first byte of what `token` lends.
static inline uint64_t write_lent(uint64_t token, uint8_t byte)
{
    unsigned component = (unsigned)(arch_core()->current->component - components);

    *memory(component, STACK_ADDRESS) = byte;
    return sys(SYS_COPY_OUT, token, 0, 0, STACK_ADDRESS, 1);
}

// One entry of the running thread into the control of a component; what follows from it waits.
static inline void begin_control(uint64_t slot, uint64_t operation)
{
    struct arch_frame *frame = &arch_core()->current->frame;

    frame->x[0] = slot;
    frame->x[1] = operation;
    frame->x[2] = frame->x[3] = 0;
    host_syscall_only(SYS_COMPONENT_CONTROL);
    leave_shared();
}

// The same until it has its result, all mail going round meanwhile.
static inline uint64_t control(uint64_t slot, uint64_t operation)
{
    struct thread *thread = arch_core()->current;
    uint64_t pc = thread->frame.pc;

    for (unsigned i = 0; i < 1000; i++) {
        begin_control(slot, operation);
        deliver_mail();
        runs((unsigned)(thread - threads));
        if (thread->frame.pc != pc)
            return thread->frame.x[0];
    }
    CHECK(!"the control of a component ends");
    return 0;
}

// Time passes on one core.
static inline void pass(unsigned core, nanos_t time)
{
    nanos_t end = host.now + time;

    on_core(core);
    while (host.timer <= end) {
        if (host.now < host.timer)
            host.now = host.timer;
        host_take_interrupts();
    }
    host.now = end;
}

// The thread is at home, and its last call ended with this status.
static inline void check_ended(unsigned thread, enum status status)
{
    CHECK(threads[thread].core == threads[thread].component->core);
    CHECK_EQUAL(threads[thread].component->abroad, 0);
    CHECK_EQUAL(kind_of(thread), status);
}
