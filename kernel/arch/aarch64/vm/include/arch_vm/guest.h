// aarch64: inline body.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define INTID_MAINTENANCE 25
#define INTID_VIRTUAL_TIMER 27

static inline bool guest_interrupt(uint32_t intid)
{
    return intid == INTID_MAINTENANCE || intid == INTID_VIRTUAL_TIMER;
}
