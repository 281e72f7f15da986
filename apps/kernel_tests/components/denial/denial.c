// Every system call that takes a capability, with slots that it must refuse, and with the one that works.
// The twins of calls that would end the test are elsewhere: power in finish, component control in death,
// frames, capabilities and mappings in maker. SPDX-License-Identifier: BSD-2-Clause

#include "denial.h"

#include <machine.h>

NO_HANDLER(on_other_poke)
NO_HANDLER(on_other_nudge)
NO_HANDLER(on_timer_tick)
NO_HANDLER(on_interrupt_bus)

#define SLOT_EMPTY    (SLOT_POOL + 2)  // dynamic, and nothing arrived in it
#define SLOT_OUTSIDE  (SLOT_POOL + 1000)
#define SLOT_HUGE     0xffffffff00000001  // its low half is a good slot
#define SLOT_NEGATIVE ~0ull

#define CASE(number) \
    case number: return arch_syscall(number, a, b, c, d, 0, 0).status

// The number is part of the instruction, so there is one for each.
static uint64_t invoke(unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    switch (number) {
        CASE(SYS_SIGNAL);
        CASE(SYS_INTERRUPT_ACK);
        CASE(SYS_TIMER_SET);
        CASE(SYS_CLOCK);
        CASE(SYS_ENTROPY);
        CASE(SYS_COMPONENT_STATE);
        CASE(SYS_COMPONENT_CONTROL);
        CASE(SYS_FRAME_READ);
        CASE(SYS_FRAME_WRITE);
        CASE(SYS_REGION_INFO);
        CASE(SYS_CAP_DROP);
        CASE(SYS_CAP_REVOKE);
        CASE(SYS_CONSOLE_WRITE);
        CASE(SYS_POWER);
        CASE(SYS_INSPECT);
        CASE(SYS_POOL_CREATE);
        CASE(SYS_POOL_DESTROY);
        CASE(SYS_MAP);
        CASE(SYS_UNMAP);
        CASE(SYS_OBJECT_SET);
        CASE(SYS_CAP_COPY);
    default: return ~0ull;
    }
}

// How a call is made so that only its slot can be wrong.
struct trial {
    const char *name;
    unsigned number;
    uint64_t b, c, d;
    slot_t wrong_type;  // 0: any type will do
    slot_t right;       // 0: the twin is elsewhere
};

static const char text[] = "note: the console works\n";
static struct thread_registers frame;

static const struct trial trials[] = {
    {"signal", SYS_SIGNAL, 0, 0, 0, SLOT_CLOCK, SLOT_EVENT_RAW_POKE_0},
    {"interrupt_ack", SYS_INTERRUPT_ACK, 0, 0, 0, SLOT_CLOCK, SLOT_INTERRUPT_BUS},
    {"timer_set", SYS_TIMER_SET, 0, 0, 0, SLOT_CLOCK, SLOT_TIMER_TICK},
    {"clock", SYS_CLOCK, 0, 0, 0, SLOT_ENTROPY, SLOT_CLOCK},
    {"entropy", SYS_ENTROPY, 0, 0, 0, SLOT_CLOCK, SLOT_ENTROPY},
    {"component_state", SYS_COMPONENT_STATE, 0, 0, 0, SLOT_CLOCK, SLOT_AFTER_MAKER},
    {"component_control", SYS_COMPONENT_CONTROL, COMPONENT_OP_STOP, 0, 0, SLOT_CLOCK, 0},
    {"frame_read", SYS_FRAME_READ, (uintptr_t)&frame, 0, 0, SLOT_CLOCK, 0},
    {"frame_write", SYS_FRAME_WRITE, (uintptr_t)&frame, 0, 0, SLOT_CLOCK, 0},
    {"region_info", SYS_REGION_INFO, 0, 0, 0, SLOT_CLOCK, SLOT_DMA_RING},
    {"cap_revoke", SYS_CAP_REVOKE, 0, 0, 0, 0, 0},
    {"console_write", SYS_CONSOLE_WRITE, (uintptr_t)text, sizeof text - 1, 0, SLOT_CLOCK, SLOT_CONSOLE},
    {"power", SYS_POWER, POWER_OFF, 0, 0, SLOT_CLOCK, 0},
    {"inspect", SYS_INSPECT, INSPECT_SYSTEM, 0, 0, SLOT_CLOCK, SLOT_INSPECT},
    {"pool_create", SYS_POOL_CREATE, CAP_REGION, 1, 0, SLOT_CLOCK, SLOT_POOL},
    {"pool_destroy", SYS_POOL_DESTROY, SLOT_CLOCK, 0, 0, SLOT_CLOCK, 0},
    {"map", SYS_MAP, 0, WINDOW, RIGHT_READ, SLOT_CLOCK, 0},
    {"unmap", SYS_UNMAP, 0, 0, 0, SLOT_CLOCK, 0},
    {"cap_copy", SYS_CAP_COPY, SLOT_CLOCK, 1, 0, 0, 0},
};

static uint64_t with_slot(const struct trial *trial, uint64_t slot)
{
    return invoke(trial->number, slot, trial->b, trial->c, trial->d);
}

static void check_named(const char *name, const char *what, uint64_t got, uint64_t expected)
{
    char full[64];

    snprintf(full, sizeof full, "%s_%s", name, what);
    check_equal(full, got, expected);
}

static void check_trial(const struct trial *trial)
{
    static const uint64_t outside[] = {SLOT_OUTSIDE, SLOT_HUGE, 1ull << 32, 1ull << 63, SLOT_NEGATIVE};
    bool refused = true;

    check_named(trial->name, "refuses_slot_0", with_slot(trial, SLOT_NULL), STATUS_BAD_SLOT);
    check_named(trial->name, "refuses_an_empty_slot", with_slot(trial, SLOT_EMPTY), STATUS_BAD_SLOT);
    for (unsigned i = 0; i < sizeof outside / sizeof outside[0]; i++)
        refused &= with_slot(trial, outside[i]) == STATUS_BAD_SLOT;
    check_named(trial->name, "refuses_slots_outside_the_table", refused, true);
    if (trial->wrong_type)
        check_named(trial->name, "refuses_another_type", with_slot(trial, trial->wrong_type),
                    STATUS_BAD_TYPE);
    if (trial->right)
        check_named(trial->name, "works_with_its_slot", with_slot(trial, trial->right), STATUS_OK);
}

static uint64_t status_of_call(uint64_t info)
{
    struct message message = {.info = info, .words = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
    uint64_t words = 0;

    arch_ipc(SYS_CALL, &message);
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        words |= message.words[i];
    return words || message.token ? ~0ull : message_kind(&message);
}

// The slot of a call has 32 bits of the info word.
static void check_ipc(void)
{
    check_equal("call_refuses_slot_0", status_of_call(1), STATUS_BAD_SLOT);
    check_equal("call_refuses_an_empty_slot", status_of_call((uint64_t)SLOT_EMPTY << INFO_SLOT_SHIFT),
                STATUS_BAD_SLOT);
    check_equal("call_refuses_slots_outside_the_table", status_of_call(0xffffffffull << INFO_SLOT_SHIFT),
                STATUS_BAD_SLOT);
    check_equal("call_refuses_another_type", status_of_call((uint64_t)SLOT_CLOCK << INFO_SLOT_SHIFT),
                STATUS_BAD_TYPE);
    check_equal("call_works_with_its_slot", raw_call(SLOT_USE_OTHER, 1, 0, 0, NULL), 0);
}

// The second slot of those that take two.
static void check_second_slots(void)
{
    check_equal("pool_destroy_refuses_slot_0_as_object", invoke(SYS_POOL_DESTROY, SLOT_POOL, 0, 0, 0),
                STATUS_BAD_SLOT);
    check_equal("pool_destroy_refuses_what_no_pool_made",
                invoke(SYS_POOL_DESTROY, SLOT_POOL, SLOT_DMA_RING, 0, 0), STATUS_BAD_TYPE);
    check_equal("pool_destroy_refuses_a_clock", invoke(SYS_POOL_DESTROY, SLOT_POOL, SLOT_CLOCK, 0, 0),
                STATUS_BAD_TYPE);
    check_equal("map_refuses_what_no_pool_made", invoke(SYS_MAP, SLOT_DMA_RING, 0, WINDOW, RIGHT_READ),
                STATUS_BAD_ARGUMENT);
    check_equal("unmap_refuses_what_no_pool_made", invoke(SYS_UNMAP, SLOT_DMA_RING, 0, 0, 0),
                STATUS_BAD_ARGUMENT);
    check_equal("map_for_writing_needs_the_right",
                invoke(SYS_MAP, SLOT_DMA_RING, 0, WINDOW, RIGHT_READ | RIGHT_WRITE), STATUS_DENIED);
    check_equal("map_into_another_component_needs_the_right",
                invoke(SYS_MAP, SLOT_DMA_RING, SLOT_AFTER_MAKER, WINDOW, RIGHT_READ), STATUS_DENIED);
    check_equal("control_needs_the_right",
                invoke(SYS_COMPONENT_CONTROL, SLOT_AFTER_MAKER, COMPONENT_OP_STOP, 0, 0), STATUS_DENIED);
    check_equal("copying_needs_the_right", invoke(SYS_CAP_COPY, SLOT_CLOCK, SLOT_AFTER_MAKER, 1, 0xff),
                STATUS_DENIED);
    check_equal("revoking_needs_the_right", invoke(SYS_CAP_REVOKE, SLOT_DMA_RING, 0, 0, 0), STATUS_DENIED);
    check_equal("object_set_refuses_another_type", invoke(SYS_OBJECT_SET, SLOT_CLOCK, SET_START, 0, 0),
                STATUS_BAD_TYPE);
    check_equal("object_set_refuses_an_empty_slot", invoke(SYS_OBJECT_SET, SLOT_EMPTY, SET_START, 0, 0),
                STATUS_BAD_SLOT);
    check_equal("object_set_refuses_a_running_component", invoke(SYS_OBJECT_SET, SLOT_NULL, SET_START, 0, 0),
                STATUS_BUSY);
    check_equal("making_a_thread_refuses_another_type",
                invoke(SYS_POOL_CREATE, SLOT_POOL, CAP_THREAD, SLOT_CLOCK, 0), STATUS_BAD_TYPE);
    check_equal("making_an_endpoint_refuses_another_type",
                invoke(SYS_POOL_CREATE, SLOT_POOL, CAP_ENDPOINT, SLOT_CLOCK, 0), STATUS_BAD_TYPE);
}

static void check_drop(void)
{
    slot_t region;

    check_equal("cap_drop_refuses_slot_0", invoke(SYS_CAP_DROP, SLOT_NULL, 0, 0, 0), STATUS_BAD_SLOT);
    check_equal("cap_drop_refuses_static_slots", invoke(SYS_CAP_DROP, SLOT_POOL, 0, 0, 0), STATUS_BAD_SLOT);
    check_equal("cap_drop_refuses_slots_outside_the_table", invoke(SYS_CAP_DROP, SLOT_OUTSIDE, 0, 0, 0),
                STATUS_BAD_SLOT);
    check_equal("what_is_dropped_was_there", sys_pool_create(SLOT_POOL, CAP_REGION, 1, 0, &region),
                STATUS_OK);
    check_equal("cap_drop_works_with_its_slot", invoke(SYS_CAP_DROP, region, 0, 0, 0), STATUS_OK);
}

int main(void)
{
    for (unsigned i = 0; i < sizeof trials / sizeof trials[0]; i++)
        check_trial(&trials[i]);
    check_ipc();
    check_second_slots();
    check_drop();
    check_arguments();
    finish();
}
