// What kernel/vm/include/vm/guest.h offers, in an image without guests: nothing, at no cost.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

static inline void guest_core_init(struct core *core)
{
}

static inline void guest_load(struct core *core, struct thread *thread)
{
}

static inline uint8_t guest_call(const struct thread *thread)
{
    return 0;
}

static inline uint64_t guest_value(const struct thread *thread)
{
    return 0;
}

static inline uint64_t guest_refused(struct thread *thread)
{
    return 0;
}

static inline void guest_answer(struct thread *thread, const struct arch_frame *answer, uint64_t result)
{
}

static inline enum status guest_set_interrupt(struct thread *thread, uint64_t what)
{
    return STATUS_BAD_ARGUMENT;
}

static inline bool guest_interrupt(uint32_t intid)
{
    return false;
}
