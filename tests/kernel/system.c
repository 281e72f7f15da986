// See system.h.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/notification.h>
#include <kernel/sched.h>

unsigned running(void)
{
    struct thread *thread = arch_core()->current;

    if (thread == NULL)
        return THREADS;
    return thread >= threads && thread < threads + THREADS ? (unsigned)(thread - threads) : MADE_THREAD;
}

struct arch_frame *frame_of(unsigned thread)
{
    return &threads[thread].frame;
}

uint64_t sys(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    struct thread *thread = arch_core()->current;
    const uint64_t arguments[] = {a, b, c, d, e};

    CHECK(thread != NULL);
    for (unsigned i = 0; i < 5; i++)
        thread->frame.x[i] = arguments[i];
    uint64_t pc = thread->frame.pc;

    do {
        host_syscall_only(number);
        if (thread->frame.pc == pc)
            host_leave();
    } while (thread->frame.pc == pc && arch_core()->current == thread);
    uint64_t status = thread->frame.x[0];

    host_leave();
    return status;
}

static void set_message(struct arch_frame *frame, uint64_t info, uint64_t token, const uint64_t *words)
{
    frame->x[0] = info;
    frame->x[1] = token;
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        frame->x[2 + i] = words ? words[i] : 0;
    for (unsigned i = 12; i <= 18; i++)
        frame->x[i] = 0xdead;  // must not get through
}

void call(uint64_t slot, uint64_t label, const uint64_t words[MESSAGE_WORDS], uint64_t flags)
{
    set_message(&arch_core()->current->frame, slot << INFO_SLOT_SHIFT | label | flags, 0, words);
    host_syscall(SYS_CALL);
}

void reply_wait(uint64_t token, uint64_t label)
{
    set_message(&arch_core()->current->frame, label, token, NULL);
    host_syscall(SYS_REPLY_WAIT);
}

uint64_t reply(uint64_t token, uint64_t label)
{
    struct thread *thread = arch_core()->current;

    set_message(&thread->frame, label, token, NULL);
    host_syscall_only(SYS_REPLY);
    uint64_t status = thread->frame.x[0];

    host_leave();
    return status;
}

static void sleep_without_end(void)
{
    host_escape(HOST_IDLE);
}

void on_core(unsigned core)
{
    if (arch_core() != &cores[core])
        host_switch(&cores[core]);
}

static unsigned polls;
static bool was_cut[CORES]; // in the middle of its way out of the kernel

// A core that waits in the kernel for others asks for interrupts meanwhile: it goes on after they did.
static void cut_short(void)
{
    if (++polls < 100)
        return;
    was_cut[arch_core()->index] = true;
    host_escape(HOST_IDLE);
}

static void go_on(struct thread *(*enter)(void))
{
    polls = 0;
    was_cut[arch_core()->index] = false;
    host.on_poll = cut_short;
    enter();
    host.on_poll = NULL;
}

void leave_shared(void)
{
    go_on(host_leave);
}

bool is_inside(unsigned core)
{
    return was_cut[core];
}

void take_interrupts(unsigned core)
{
    on_core(core);
    go_on(host_take_interrupts);
}

bool open_mail(unsigned core)
{
    unsigned before = arch_core()->index;
    bool waits = cores[core].arch.kicked || was_cut[core];

    if (waits) {
        take_interrupts(core);
        on_core(before);
    }
    return waits;
}

void deliver_mail(void)
{
    bool any;

    do {
        any = false;
        for (unsigned i = 0; i < CORES; i++)
            any |= open_mail(i);
    } while (any);
}

void system_start(void)
{
    host_init();
    host.on_idle = sleep_without_end;
    CHECK(host_boot() != NULL);
    // The guest's system calls are reflected, so it is stopped where it stands: it is not runnable until
    // woken.
    threads[T_GUEST].reflect = false;
    block_until(THREADS);
    for (unsigned i = 1; i < CORES; i++) {
        host_start_core(&cores[i]);
        block_until(THREADS);
    }
    on_core(0);
    CHECK_EQUAL(host.end, HOST_IDLE);
    threads[T_GUEST].reflect = true;
}

void block_until(unsigned thread)
{
    for (unsigned i = 0; running() != thread; i++) {
        CHECK(i < 10 * THREADS && running() != THREADS);
        reply_wait(0, 0);
    }
}

void system_run(unsigned thread)
{
    on_core(CORE_OF((unsigned)(threads[thread].component - components)));
    CHECK_EQUAL(threads[thread].state, THREAD_RECEIVING);
    notification_signal(threads[thread].notification, WAKE);
    host_leave();
    block_until(thread);
}

uint64_t info_of(unsigned thread)
{
    return frame_of(thread)->x[0];
}

uint64_t kind_of(unsigned thread)
{
    return info_of(thread) >> INFO_KIND_SHIFT & INFO_KIND_MASK;
}

uint64_t badge_of(unsigned thread)
{
    return info_of(thread) >> INFO_SLOT_SHIFT;
}

uint64_t token_of(unsigned thread)
{
    return frame_of(thread)->x[1];
}

uint64_t word_of(unsigned thread, unsigned n)
{
    return frame_of(thread)->x[2 + n];
}

uint8_t *memory(unsigned component, uint64_t address)
{
    uint8_t *pointer = arch_user_pointer(&components[component].vspace, address, RIGHT_READ);

    CHECK(pointer != NULL);
    return pointer;
}
