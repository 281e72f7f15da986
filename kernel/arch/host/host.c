// Running the fake machine: what entry code does on a real one, between user code and the kernel.
// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <arch/cpu.h>
#include <kernel/boot.h>
#include <kernel/component.h>
#include <kernel/lend.h>
#include <kernel/sched.h>
#include <kernel/timeout.h>
#include <kernel/syscall.h>
#include <kernel/timer.h>

struct host host;

void host_init(void)
{
    host = (struct host){.timer = NEVER, .memory_bytes = HOST_RAM_BYTES};
}

// Each of these runs `step` with the machine's ends caught.
static struct thread *catch_end(struct thread *(*step)(void))
{
    jmp_buf escape, *outer = host.escape;
    struct thread *thread = NULL;

    if (host.end == HOST_IDLE)
        host.end = HOST_RUNS;  // the test goes on where the core sleeps
    host.escape = &escape;
    if (setjmp(escape) == 0)
        thread = step();
    host.escape = outer;
    return thread;
}

static struct thread *boot(void)
{
    return kernel_main(HOST_TREE);
}

struct thread *host_boot(void)
{
    return catch_end(boot);
}

void host_switch(struct core *core)
{
    host_core->arch.timer = host.timer;
    host_core = core;
    host.timer = core->arch.timer;
}

static struct thread *start(void)
{
    return kernel_start_core(arch_core());
}

struct thread *host_start_core(struct core *core)
{
    core->arch.timer = NEVER;
    host_switch(core);
    return catch_end(start);
}

static uint64_t number_now;

// The quick system calls.
static bool goes_fast(struct thread *thread)
{
    if (thread->cap_limit == 0 || number_now >= SYS_COUNT || quick_handlers[number_now] == NULL)
        return false;
    uint64_t result = quick_call(quick_handlers[number_now], thread);

    if (result == STATUS_REPEAT)
        return false;
    syscall_finish(thread, result < STATUS_COUNT ? (enum status)result : STATUS_OK);
    return true;
}

static struct thread *dispatch(void)
{
    struct core *core = arch_core();
    struct thread *thread = core->current;

    thread->frame.pc += HOST_SYSCALL_BYTES;
    if (!goes_fast(thread))
        syscall_finish(thread, syscall_dispatch(thread, number_now));
    return core->current;
}

void host_syscall_only(uint64_t number)
{
    number_now = number;
    (void)catch_end(dispatch);
}

static void leave_once(struct core *core)
{
    sched_leave(core);
    if (host.on_leave)
        host.on_leave();
}

static struct thread *leave(void)
{
    struct core *core = arch_core();

    leave_once(core);
    // User code would be interrupted before its first instruction.
    while (host_interrupt_pending()) {
        arch_interrupt_dispatch(core);
        leave_once(core);
    }
    return core->current;
}

struct thread *host_leave(void)
{
    return host.end == HOST_RUNS || host.end == HOST_IDLE ? catch_end(leave) : NULL;
}

struct thread *host_syscall(uint64_t number)
{
    host_syscall_only(number);
    return host_leave();
}

static enum fault_reason reason_now;
static uint64_t address_now, detail_now;

static struct thread *fault(void)
{
    struct core *core = arch_core();

    thread_fault(core, core->current, reason_now, address_now, detail_now);
    return core->current;
}

void host_fault_only(enum fault_reason reason, uint64_t address, uint64_t detail)
{
    reason_now = reason, address_now = address, detail_now = detail;
    (void)catch_end(fault);
}

struct thread *host_fault(enum fault_reason reason, uint64_t address, uint64_t detail)
{
    host_fault_only(reason, address, detail);
    return host_leave();
}

static struct thread *take(void)
{
    struct core *core = arch_core();
    bool sleeps = core->current == NULL;

    arch_interrupt_dispatch(core);
    if (sleeps)
        timeout_wake(core); // as idle() goes on, from where a test took it away
    return leave();
}

struct thread *host_take_interrupts(void)
{
    return catch_end(take);
}

struct thread *host_run_for(nanos_t time)
{
    nanos_t end = host.now + time;
    struct thread *thread = arch_core()->current;

    while (thread && host.timer <= end) {
        if (host.timer > host.now)
            host.now = host.timer;
        thread = host_take_interrupts();
    }
    if (thread && host.now < end)
        host.now = end;
    return thread;
}
