// Virtual interrupts: the list registers of the GICv3 (Arm IHI 0069, 8.4.4), of which four are used, and the virtual timer.
// The first list is the timer's. It is linked to the real interrupt: that is active from when the guest is told until it ends it, so that it
// does not come again meanwhile; and while the guest's timer raises none at all.
// SPDX-License-Identifier: BSD-2-Clause
#include "vm.h"

#include <kernel/timer.h>

#define LISTS 4
#define TIMER_LIST 0
#define PENDING (1ull << 62)
#define ACTIVE (1ull << 63)
#define HARDWARE (1ull << 61)
#define GROUP_1 (1ull << 60)
#define PRIORITY_SHIFT 48
#define REAL_SHIFT 32 // with HARDWARE
#define TELL_END (1ull << 41) // without
#define NUMBER 0xffffffffull

#define CONTROL_ENABLE 1
#define CONTROL_UNDERFLOW 2 // an interrupt when no more than one is in use

#define GICD_ISACTIVER 0x300
#define GICD_ICACTIVER 0x380

#define TIMER_ENABLE 1
#define TIMER_MASK 2

static uint64_t *find(struct vcpu *vcpu, uint64_t number)
{
    for (unsigned i = 0; i < LISTS; i++) {
        if (vcpu->lists[i] && (vcpu->lists[i] & NUMBER) == number)
            return &vcpu->lists[i];
    }
    return NULL;
}

uint64_t *lists_find_free(struct vcpu *vcpu)
{
    for (unsigned i = TIMER_LIST + 1; i < LISTS; i++) {
        if (vcpu->lists[i] == 0)
            return &vcpu->lists[i];
    }
    return NULL;
}

void lists_collect(struct core *core, struct vcpu *vcpu)
{
    uint64_t *lists = vcpu->lists;

    if (lists[TIMER_LIST] && !(lists[TIMER_LIST] & (PENDING | ACTIVE))) {
        lists[TIMER_LIST] = 0;
        guest_cores[core->index].timer_blocked = false; // its end was the real one's as well
    }
    for (unsigned i = TIMER_LIST + 1; i < LISTS; i++) {
        if (!(lists[i] & (PENDING | ACTIVE | TELL_END)))
            lists[i] = 0;
    }
}

int64_t lists_take_ended(struct vcpu *vcpu)
{
    for (unsigned i = TIMER_LIST + 1; i < LISTS; i++) {
        int64_t number = vcpu->lists[i] & NUMBER;

        if (vcpu->lists[i] && !(vcpu->lists[i] & (PENDING | ACTIVE))) {
            vcpu->lists[i] = 0;
            return number;
        }
    }
    return -1;
}

static uint64_t list_of(uint64_t word)
{
    return PENDING | GROUP_1 | (word >> GUEST_INTERRUPT_PRIORITY_SHIFT & 0xff) << PRIORITY_SHIFT | (word & GUEST_INTERRUPT_NUMBER);
}

static void take_back(uint64_t *list)
{
    *list &= ~PENDING;
    if (!(*list & ACTIVE))
        *list = 0;
}

// One number is in one list at most; and the timer's is nobody else's.
static enum status set_timer(struct vcpu *vcpu, uint64_t word, bool on)
{
    const uint64_t *list = find(vcpu, word & GUEST_INTERRUPT_NUMBER);

    if (on && list && list != &vcpu->lists[TIMER_LIST])
        return STATUS_BUSY;
    vcpu->timer = on ? word : 0;
    return STATUS_OK;
}

enum status arch_vcpu_interrupt(struct vcpu *vcpu, uint64_t word, bool on)
{
    uint64_t number = word & GUEST_INTERRUPT_NUMBER, *list = find(vcpu, number);

    if (word & GUEST_INTERRUPT_TIMER)
        return set_timer(vcpu, word, on);
    if (list == &vcpu->lists[TIMER_LIST] || (vcpu->timer && (vcpu->timer & GUEST_INTERRUPT_NUMBER) == number))
        return STATUS_BAD_ARGUMENT;
    if (!on) {
        if (list)
            take_back(list);
        return STATUS_OK;
    }
    if (list == NULL)
        list = lists_find_free(vcpu);
    if (list == NULL) {
        vcpu->starved = true;
        return STATUS_BUSY;
    }
    *list = list_of(word) | (*list & ACTIVE) | (word & GUEST_INTERRUPT_END ? TELL_END : 0);
    return STATUS_OK;
}

bool arch_vcpu_interrupt_pending(const struct vcpu *vcpu)
{
    return (vcpu->lists[0] | vcpu->lists[1] | vcpu->lists[2] | vcpu->lists[3]) & PENDING;
}

// --- Timer -----------------------------------------------------------------------------------

static bool timer_counts(const struct vcpu *vcpu)
{
    return vcpu->timer && (vcpu->timer_control & (TIMER_ENABLE | TIMER_MASK)) == TIMER_ENABLE;
}

#define NANOS_PER_SECOND 1000000000ull
#define FARTHEST (1ull << 32) // seconds

nanos_t arch_vcpu_alarm(const struct vcpu *vcpu)
{
    uint64_t now = READ_REGISTER(cntvct_el0), frequency = READ_REGISTER(cntfrq_el0);

    if (!timer_counts(vcpu))
        return NEVER;
    if (vcpu->timer_compare <= now)
        return 0;
    uint64_t seconds = (vcpu->timer_compare - now) / frequency, rest = (vcpu->timer_compare - now) % frequency;

    return seconds < FARTHEST ? seconds * NANOS_PER_SECOND + rest * NANOS_PER_SECOND / frequency + 1 : NEVER;
}

static void block(struct core *core, bool on)
{
    if (on == guest_cores[core->index].timer_blocked)
        return;
    *(volatile uint32_t *)(core->arch.private_interrupts + (on ? GICD_ISACTIVER : GICD_ICACTIVER)) = 1u << INTID_VIRTUAL_TIMER;
    guest_cores[core->index].timer_blocked = on;
}

void arch_vcpu_timer(struct core *core, struct vcpu *vcpu)
{
    uint64_t *list = &vcpu->lists[TIMER_LIST];
    bool fires = timer_counts(vcpu) && vcpu->timer_compare <= READ_REGISTER(cntvct_el0);

    if (fires && *list == 0)
        *list = list_of(vcpu->timer) | HARDWARE | (uint64_t)INTID_VIRTUAL_TIMER << REAL_SHIFT;
    else if (!fires && *list && !(*list & ACTIVE))
        *list = 0; // no longer true, and not yet taken
    block(core, *list || vcpu->timer == 0);
    vcpu->lists_control = CONTROL_ENABLE | (vcpu->starved ? CONTROL_UNDERFLOW : 0);
}
