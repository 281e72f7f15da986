// Both sides of a step: the kernel on the fake machine does something, then the model does, then they are
// compared. SPDX-License-Identifier: BSD-2-Clause
#include "random_calls.h"

#include <arch/cpu.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool verbose;
uint64_t sequence_seed;
unsigned long step_number;
bool comes_again[THREADS];
bool in_syscall;
static uint64_t call_number[THREADS];
static bool in_call_before[THREADS];  // for the matrix: a call may end much later

void differs(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    printf("step %lu at %llu ns: ", step_number, (unsigned long long)host.now);
    vprintf(format, list);
    va_end(list);
    printf("\nrepeat with --seed %llu --steps %lu --verbose\n", (unsigned long long)sequence_seed,
           step_number + 1);
    fflush(stdout);
    _exit(1);
}

void say(const char *format, ...)
{
    va_list list;

    if (!verbose)
        return;
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    fflush(stdout);
}

// --- Both are at rest: the model learns what was the kernel's to choose, then they are compared --

static void learn_timeouts(void)
{
    for (unsigned i = 0; i < THREADS; i++) {
        const struct model_thread *m = &model.threads[i];
        bool waits = m->state == M_CALLING || m->state == M_AWAITING;

        if (!waits || m->fault || threads[i].state != THREAD_READY)
            continue;
        if (threads[i].frame.x[0] != (uint64_t)STATUS_TIMED_OUT << INFO_KIND_SHIFT)
            continue;
        if (!model_learn_timeout(i))
            differs("the call of thread %u timed out too early", i);
        say("    thread %u timed out\n", i);
    }
    int late = model_overdue();

    if (late != NOBODY)
        differs("the call of thread %d should have timed out", late);
}

static void learn_tokens(void)
{
    for (unsigned i = 0; i < THREADS; i++) {
        if (model.threads[i].token_of != NOBODY && !model_learn_token(i, threads[i].frame.x[1]))
            differs("thread %u got the token 0x%llx", i, (unsigned long long)threads[i].frame.x[1]);
    }
}

// Calls that have ended since.
static void count_ended_calls(void)
{
    for (unsigned i = 0; i < THREADS; i++) {
        const struct model_thread *m = &model.threads[i];
        bool waits = (m->state == M_CALLING || m->state == M_AWAITING) && !m->fault;

        if (in_call_before[i] && !waits && m->state == M_READY)
            matrix_count(SYS_CALL, (int)(m->x[0] >> INFO_KIND_SHIFT & INFO_KIND_MASK));
        in_call_before[i] = waits;
    }
}

void settle(void)
{
    learn_timeouts();
    model_leave();
    learn_tokens();
    count_ended_calls();
    if (step_number % 64 == 0)
        compare_all();
    else
        compare();
}

// --- Steps -----------------------------------------------------------------------------------

void drive_call(unsigned t, uint64_t chosen)
{
    static uint64_t done[31];
    struct thread *k = &threads[t];
    bool reflected = model.threads[t].reflect;

    if (!comes_again[t])
        call_number[t] = chosen;
    uint64_t number = call_number[t], pc = k->frame.pc, x0 = k->frame.x[0];

    in_syscall = true;
    host_syscall_only(number);
    in_syscall = false;
    // A thread whose component ended in the call, or that was started anew, repeats nothing.
    comes_again[t] = k->frame.pc == pc && host.end == HOST_RUNS && !reflected;
    memcpy(done, k->frame.x, sizeof done);
    int status = model_syscall(number, comes_again[t], done);

    say("%lu: thread %u call %llu (0x%llx 0x%llx 0x%llx 0x%llx 0x%llx) -> %d%s\n", step_number, t,
        (unsigned long long)number, (unsigned long long)x0, (unsigned long long)done[1],
        (unsigned long long)done[2], (unsigned long long)done[3], (unsigned long long)done[4], status,
        comes_again[t] ? ", again" : "");
    if ((status == GOES_ON) != comes_again[t] && number != SYS_CALL && !reflected)
        differs("call %llu of thread %u %s", (unsigned long long)number, t,
                comes_again[t] ? "comes again without reason" : "ended too early");
    if (status != GOES_ON)
        matrix_count(number, status);
    if (model.powered_off != (host.end == HOST_POWER_OFF || host.end == HOST_RESET))
        differs("power");
    if (host.end == HOST_RUNS)
        host_leave();
}

void drive_fault(unsigned t, enum fault_reason reason, uint64_t address, uint64_t detail)
{
    say("%lu: thread %u faults, reason %u\n", step_number, t, (unsigned)reason);
    comes_again[t] = false;
    // The two in the kernel's order: the fault, then the way out.
    host_fault_only(reason, address, detail);
    model_fault(reason, address, detail);
    host_leave();
}

// A thread that was started anew repeats nothing.
void forget_repeats(const uint64_t *generations)
{
    for (unsigned i = 0; i < THREADS; i++) {
        unsigned component = model.threads[i].component;

        if (generations[component] != model.components[component].generation)
            comes_again[i] = in_call_before[i] = false;
    }
}
