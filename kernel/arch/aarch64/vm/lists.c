// Virtual interrupts: the list registers of the GICv3 (Arm IHI 0069, 8.4.4), of which four are used, and the virtual timer.
// The timer's interrupt is linked to the real one: that is active from when the guest is told until it ends it, so that it does not
// come again meanwhile; and while the guest's timer raises none at all.
// SPDX-License-Identifier: BSD-2-Clause
#include "vm.h"

#include <kernel/timer.h>

#define LISTS 4
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

static uint64_t *lists_of(struct vcpu *vcpu)
{
    return &vcpu->registers[WORLD_LISTS];
}

static uint64_t *find(struct vcpu *vcpu, uint64_t number)
{
    uint64_t *lists = lists_of(vcpu);

    for (unsigned i = 0; i < LISTS; i++) {
        if (lists[i] && (lists[i] & NUMBER) == number)
            return &lists[i];
    }
    return NULL;
}

static uint64_t *find_free(struct vcpu *vcpu)
{
    uint64_t *lists = lists_of(vcpu);

    for (unsigned i = 0; i < LISTS; i++) {
        if (lists[i] == 0)
            return &lists[i];
    }
    return NULL;
}

bool lists_have_room(const struct vcpu *vcpu)
{
    return find_free((struct vcpu *)vcpu) != NULL;
}

void lists_collect(struct core *core, struct vcpu *vcpu)
{
    uint64_t *lists = lists_of(vcpu);

    for (unsigned i = 0; i < LISTS; i++) {
        if (lists[i] & (PENDING | ACTIVE))
            continue;
        if (lists[i] & HARDWARE)
            guest_cores[core->index].timer_blocked = false; // its end was the real one's as well
        if (lists[i] & HARDWARE || !(lists[i] & TELL_END))
            lists[i] = 0;
    }
}

int64_t lists_take_ended(struct vcpu *vcpu)
{
    uint64_t *lists = lists_of(vcpu);

    for (unsigned i = 0; i < LISTS; i++) {
        if (lists[i] && !(lists[i] & (PENDING | ACTIVE))) {
            int64_t number = lists[i] & NUMBER;

            lists[i] = 0;
            return number;
        }
    }
    return -1;
}

static uint64_t list_of(uint64_t word)
{
    return PENDING | GROUP_1 | (word >> GUEST_INTERRUPT_PRIORITY_SHIFT & 0xff) << PRIORITY_SHIFT | (word & GUEST_INTERRUPT_NUMBER);
}

static void take_back(struct vcpu *vcpu, uint64_t number)
{
    uint64_t *list = find(vcpu, number);

    if (list == NULL)
        return;
    *list &= ~PENDING;
    if (!(*list & ACTIVE))
        *list = 0;
}

enum status arch_vcpu_interrupt(struct vcpu *vcpu, uint64_t word, bool on)
{
    uint64_t number = word & GUEST_INTERRUPT_NUMBER, *list = find(vcpu, number);

    if (!on) {
        take_back(vcpu, number);
        return STATUS_OK;
    }
    if (list && *list & (HARDWARE | PENDING))
        return STATUS_OK; // it is pending, or its timer says when it is
    if (list == NULL || !(*list & ACTIVE))
        list = list ? list : find_free(vcpu);
    if (list == NULL) {
        vcpu->starved = true;
        return STATUS_BUSY;
    }
    *list = list_of(word) | (*list & ACTIVE) | (word & GUEST_INTERRUPT_END ? TELL_END : 0);
    return STATUS_OK;
}

bool arch_vcpu_interrupt_pending(const struct vcpu *vcpu)
{
    const uint64_t *lists = &vcpu->registers[WORLD_LISTS];

    return (lists[0] | lists[1] | lists[2] | lists[3]) & PENDING;
}

// --- Timer -----------------------------------------------------------------------------------

nanos_t arch_vcpu_alarm(const struct vcpu *vcpu)
{
    uint64_t compare = vcpu->registers[WORLD_TIMER_COMPARE], now = READ_REGISTER(cntvct_el0);
    unsigned __int128 nanos = (unsigned __int128)(compare - now) * 1000000000u;

    if (vcpu->timer == 0 || (vcpu->registers[WORLD_TIMER_CONTROL] & (TIMER_ENABLE | TIMER_MASK)) != TIMER_ENABLE)
        return NEVER;
    if (compare <= now)
        return 0;
    nanos = nanos / READ_REGISTER(cntfrq_el0) + 1;
    return nanos < NEVER / 4 ? (nanos_t)nanos : NEVER;
}

static void block(struct core *core, bool on)
{
    volatile uint32_t *active = (volatile uint32_t *)(core->arch.private_interrupts + (on ? GICD_ISACTIVER : GICD_ICACTIVER));

    if (on == guest_cores[core->index].timer_blocked)
        return;
    *active = 1u << INTID_VIRTUAL_TIMER;
    guest_cores[core->index].timer_blocked = on;
}

static uint64_t *find_timer(struct vcpu *vcpu)
{
    uint64_t *lists = lists_of(vcpu);

    for (unsigned i = 0; i < LISTS; i++) {
        if (lists[i] & HARDWARE)
            return &lists[i];
    }
    return NULL;
}

void arch_vcpu_timer(struct core *core, struct vcpu *vcpu)
{
    uint64_t *list = find_timer(vcpu);
    bool fires = arch_vcpu_alarm(vcpu) == 0;

    if (list && !fires && !(*list & ACTIVE)) {
        *list = 0; // no longer true, and not yet taken
        list = NULL;
    }
    if (list == NULL && fires && find(vcpu, vcpu->timer & GUEST_INTERRUPT_NUMBER) == NULL) {
        list = find_free(vcpu);
        if (list)
            *list = list_of(vcpu->timer) | HARDWARE | (uint64_t)INTID_VIRTUAL_TIMER << REAL_SHIFT;
        else
            vcpu->starved = true;
    }
    block(core, fires || list || vcpu->timer == 0);
    vcpu->lists_control = CONTROL_ENABLE | (vcpu->starved ? CONTROL_UNDERFLOW : 0);
}
