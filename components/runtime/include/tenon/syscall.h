// The kernel as a component sees it: one function for each system call.
// Portable; the few instructions behind it are in <syscall_arch.h>, which the build finds in
// components/runtime/arch/<arch>/ (arch/host: a table of functions instead of a kernel).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include <abi/report.h>
#include <abi/syscall.h>

#define MUST_CHECK    __attribute__((warn_unused_result))
#define ALWAYS_INLINE static inline __attribute__((always_inline))

// Result registers after the status that any call uses: SYS_COMPONENT_STATE and SYS_INSPECT fill six.
#define SYS_RESULTS 6

typedef uint64_t nanos_t;  // nanoseconds since boot
typedef uint32_t slot_t;   // index into this component's capability table
typedef uint64_t token_t;  // names a call that waits for its reply; 0 is none

// The twelve message registers in order. Local ones never reach memory: every use below is inlined.
struct message {
    uint64_t info;
    token_t token;
    uint64_t words[MESSAGE_WORDS];
};

struct sys_result {
    uint64_t status;
    uint64_t values[SYS_RESULTS];
};

// --- What each architecture owes ----------------------------------------------------------------

// One IPC system call (SYS_CALL, SYS_REPLY_WAIT, SYS_REPLY, SYS_POLL): registers in, registers out.
ALWAYS_INLINE void arch_ipc(unsigned number, struct message *message);

// Any other system call; `number` is a constant.
ALWAYS_INLINE struct sys_result arch_syscall(unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                             uint64_t e, uint64_t f);

#include <syscall_arch.h>

// --- Messages -----------------------------------------------------------------------------------

ALWAYS_INLINE unsigned message_label(const struct message *message)
{
    return (uint16_t)message->info;
}

ALWAYS_INLINE unsigned message_words(const struct message *message)
{
    return message->info >> INFO_WORDS_SHIFT & INFO_WORDS_MASK;
}

ALWAYS_INLINE unsigned message_lends(const struct message *message)
{
    return message->info >> INFO_LENDS_SHIFT & INFO_LENDS_MASK;
}

ALWAYS_INLINE bool message_has_capability(const struct message *message)
{
    return message->info >> INFO_CAP_BIT & 1;
}

ALWAYS_INLINE unsigned message_kind(const struct message *message)
{
    return message->info >> INFO_KIND_SHIFT & INFO_KIND_MASK;
}

ALWAYS_INLINE uint32_t message_badge(const struct message *message)
{
    return message->info >> INFO_SLOT_SHIFT;
}

// The info word of a request or a reply.
ALWAYS_INLINE uint64_t message_info(unsigned label, unsigned words, unsigned lends, bool capability)
{
    return (uint64_t)label | (uint64_t)words << INFO_WORDS_SHIFT | (uint64_t)lends << INFO_LENDS_SHIFT |
           (uint64_t)capability << INFO_CAP_BIT;
}

// --- IPC ----------------------------------------------------------------------------------------

// Calls the endpoint in `slot` and blocks until the call ends. The message becomes the reply when OK.
ALWAYS_INLINE enum status sys_call(slot_t slot, struct message *message)
{
    message->info |= (uint64_t)slot << INFO_SLOT_SHIFT;
    arch_ipc(SYS_CALL, message);
    return (enum status)message_kind(message);
}

// Replies when the token is not 0, then receives into the same message.
ALWAYS_INLINE void sys_reply_wait(struct message *message)
{
    arch_ipc(SYS_REPLY_WAIT, message);
}

// Replies and goes on. STATUS_STALE: that call has ended.
ALWAYS_INLINE enum status sys_reply(struct message *message)
{
    arch_ipc(SYS_REPLY, message);
    return (enum status)message->info;
}

// Receives without blocking: KIND_NONE when nothing is there.
ALWAYS_INLINE void sys_poll(struct message *message)
{
    *message = (struct message){0};
    arch_ipc(SYS_POLL, message);
}

ALWAYS_INLINE enum status sys_signal(slot_t notification)
{
    return (enum status)arch_syscall(SYS_SIGNAL, notification, 0, 0, 0, 0, 0).status;
}

// Copies from what the caller behind `token` lent us.
MUST_CHECK ALWAYS_INLINE enum status sys_copy_in(token_t token, unsigned lend, size_t offset, void *to,
                                                 size_t bytes)
{
    return (enum status)arch_syscall(SYS_COPY_IN, token, lend, offset, (uintptr_t)to, bytes, 0).status;
}

// Copies to what the caller behind `token` lent us.
MUST_CHECK ALWAYS_INLINE enum status sys_copy_out(token_t token, unsigned lend, size_t offset,
                                                  const void *from, size_t bytes)
{
    return (enum status)arch_syscall(SYS_COPY_OUT, token, lend, offset, (uintptr_t)from, bytes, 0).status;
}

// --- Devices, time ------------------------------------------------------------------------------

// Lets the next interrupt of that line come.
ALWAYS_INLINE enum status sys_interrupt_ack(slot_t interrupt)
{
    return (enum status)arch_syscall(SYS_INTERRUPT_ACK, interrupt, 0, 0, 0, 0, 0).status;
}

// Fires once at or after `when`; 0 cancels.
ALWAYS_INLINE enum status sys_timer_set(slot_t timer, nanos_t when)
{
    return (enum status)arch_syscall(SYS_TIMER_SET, timer, when, 0, 0, 0, 0).status;
}

ALWAYS_INLINE nanos_t sys_clock(slot_t clock)
{
    return arch_syscall(SYS_CLOCK, clock, 0, 0, 0, 0, 0).values[0];
}

MUST_CHECK ALWAYS_INLINE enum status sys_entropy(slot_t entropy, uint64_t random[4])
{
    struct sys_result result = arch_syscall(SYS_ENTROPY, entropy, 0, 0, 0, 0, 0);

    for (unsigned i = 0; i < 4; i++)
        random[i] = result.values[i];
    return (enum status)result.status;
}

ALWAYS_INLINE void sys_yield(void)
{
    arch_syscall(SYS_YIELD, 0, 0, 0, 0, 0, 0);
}

// --- Components ---------------------------------------------------------------------------------

// Ends this component.
static inline noreturn void sys_exit(uint64_t code)
{
    for (;;)
        arch_syscall(SYS_EXIT, code, 0, 0, 0, 0, 0);
}

ALWAYS_INLINE void sys_ready(void)
{
    arch_syscall(SYS_READY, 0, 0, 0, 0, 0, 0);
}

ALWAYS_INLINE enum component_state report_state(const struct component_report *report)
{
    return (enum component_state)(report->state & 0xff);
}

ALWAYS_INLINE bool report_is_ready(const struct component_report *report)
{
    return report->state >> 8 & 0xff;
}

ALWAYS_INLINE enum fault_reason report_reason(const struct component_report *report)
{
    return (enum fault_reason)(report->state >> 16 & 0xff);
}

ALWAYS_INLINE enum status report_from_result(struct sys_result result, struct component_report *report)
{
    *report = (struct component_report){result.values[0], result.values[1], result.values[2],
                                        result.values[3], result.values[4], result.values[5]};
    return (enum status)result.status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_component_state(slot_t component, struct component_report *report)
{
    return report_from_result(arch_syscall(SYS_COMPONENT_STATE, component, 0, 0, 0, 0, 0), report);
}

MUST_CHECK ALWAYS_INLINE enum status
sys_component_control(slot_t component, enum component_operation operation, uint64_t argument)
{
    return (enum status)arch_syscall(SYS_COMPONENT_CONTROL, component, operation, argument, 0, 0, 0).status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_frame_read(slot_t thread, struct thread_registers *frame)
{
    return (enum status)arch_syscall(SYS_FRAME_READ, thread, (uintptr_t)frame, 0, 0, 0, 0).status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_frame_write(slot_t thread, const struct thread_registers *frame)
{
    return (enum status)arch_syscall(SYS_FRAME_WRITE, thread, (uintptr_t)frame, 0, 0, 0, 0).status;
}

// --- Ports --------------------------------------------------------------------------------------

// An access of 1, 2 or 4 bytes, `offset` bytes into the range.
MUST_CHECK ALWAYS_INLINE enum status sys_port_read(slot_t ports, uint64_t offset, unsigned width, uint32_t *value)
{
    struct sys_result result = arch_syscall(SYS_PORT_READ, ports, offset, width, 0, 0, 0);

    *value = (uint32_t)result.values[0];
    return (enum status)result.status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_port_write(slot_t ports, uint64_t offset, unsigned width, uint32_t value)
{
    return (enum status)arch_syscall(SYS_PORT_WRITE, ports, offset, width, value, 0, 0).status;
}

// --- Memory, capabilities -----------------------------------------------------------------------

struct region_info {
    uint64_t bytes;
    uint64_t device_address;  // 0 without RIGHT_DMA
    uint64_t address;
};

MUST_CHECK ALWAYS_INLINE enum status sys_region_info(slot_t region, struct region_info *info)
{
    struct sys_result result = arch_syscall(SYS_REGION_INFO, region, 0, 0, 0, 0, 0);

    *info = (struct region_info){result.values[0], result.values[1], result.values[2]};
    return (enum status)result.status;
}

ALWAYS_INLINE enum status sys_cap_drop(slot_t slot)
{
    return (enum status)arch_syscall(SYS_CAP_DROP, slot, 0, 0, 0, 0, 0).status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_cap_revoke(slot_t slot)
{
    return (enum status)arch_syscall(SYS_CAP_REVOKE, slot, 0, 0, 0, 0, 0).status;
}

// Copies to a slot of a component that was made from a pool; it gets the rights in `rights` that we have.
MUST_CHECK ALWAYS_INLINE enum status sys_cap_copy(slot_t source, slot_t component, slot_t target,
                                                  unsigned rights)
{
    return (enum status)arch_syscall(SYS_CAP_COPY, source, component, target, rights, 0, 0).status;
}

// What `a` and `b` are depends on the type: see SYS_POOL_CREATE in abi/syscall.h.
MUST_CHECK ALWAYS_INLINE enum status sys_pool_create(slot_t pool, enum cap_type type, uint64_t a, uint64_t b,
                                                     slot_t *made)
{
    struct sys_result result = arch_syscall(SYS_POOL_CREATE, pool, type, a, b, 0, 0);

    *made = (slot_t)result.values[0];
    return (enum status)result.status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_pool_destroy(slot_t pool, slot_t object)
{
    return (enum status)arch_syscall(SYS_POOL_DESTROY, pool, object, 0, 0, 0, 0).status;
}

// Maps all of a region that was made from a pool; component 0 is our own.
MUST_CHECK ALWAYS_INLINE enum status sys_map(slot_t region, slot_t component, uint64_t address,
                                             unsigned rights)
{
    return (enum status)arch_syscall(SYS_MAP, region, component, address, rights, 0, 0).status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_unmap(slot_t region, slot_t component)
{
    return (enum status)arch_syscall(SYS_UNMAP, region, component, 0, 0, 0, 0).status;
}

MUST_CHECK ALWAYS_INLINE enum status sys_object_set(slot_t object, enum object_set what, uint64_t a,
                                                    uint64_t b)
{
    return (enum status)arch_syscall(SYS_OBJECT_SET, object, what, a, b, 0, 0).status;
}

// --- Whole system -------------------------------------------------------------------------------

ALWAYS_INLINE enum status sys_console_write(slot_t console, const char *text, size_t bytes)
{
    return (enum status)arch_syscall(SYS_CONSOLE_WRITE, console, (uintptr_t)text, bytes, 0, 0, 0).status;
}

// Does not come back when the capability allows it.
ALWAYS_INLINE enum status sys_power(slot_t power, enum power_operation operation, unsigned exit_code)
{
    return (enum status)arch_syscall(SYS_POWER, power, operation, exit_code, 0, 0, 0).status;
}

ALWAYS_INLINE struct sys_result sys_inspect(slot_t inspect, enum inspect_what what, uint64_t index,
                                            uint64_t index2)
{
    return arch_syscall(SYS_INSPECT, inspect, what, index, index2, 0, 0);
}
