// Devices: registers, interrupts that are masked until asked for, quiescing; entropy, console, inspection.
// SPDX-License-Identifier: BSD-2-Clause

#include "../alarm/alarm.h"
#include "../supervise.h"

NO_SUPERVISION
NO_HANDLER(on_alarm_poke)
NO_HANDLER(on_alarm_nudge)

static uint64_t alarm(unsigned label, uint64_t word)
{
    uint64_t answer = 0, status = raw_call(SLOT_USE_ALARM, label, word, 0, &answer);

    return status == 0 ? answer : ~status;
}

// Interrupts come to the alarm's component before the kernel comes back to us, which stands below it.
static uint64_t count(void)
{
    return alarm(ALARM_COUNT, 0);
}

static void check_interrupts(void)
{
    check_equal("the_owner_reads_its_registers", alarm(ALARM_IDENTIFY, 0), true);
    alarm(ALARM_ENABLE, 1);
    alarm(ALARM_RAISE, 0);
    check_equal("before_it_is_asked_for_no_interrupt_comes", count(), 0);
    check_equal("the_owner_can_acknowledge", alarm(ALARM_ACK, 0), STATUS_OK);
    check_equal("then_it_comes", count(), 1);
    check_equal("it_is_masked_until_acknowledged", count(), 0);
    alarm(ALARM_ACK, 0);
    check_equal("a_line_that_is_still_high_comes_again", count(), 1);
    alarm(ALARM_CLEAR, 0);
    alarm(ALARM_ACK, 0);
    check_equal("a_line_that_is_low_does_not_come", count(), 0);
    alarm(ALARM_RAISE, 0);
    check_equal("the_next_one_comes_by_itself", count(), 1);
}

static void check_quiesce(void)
{
    alarm(ALARM_ENABLE, 1);
    // The interrupt is asked for and the line is low, so it could come at any time.
    alarm(ALARM_CLEAR, 0);
    alarm(ALARM_ACK, 0);
    uint64_t match = alarm(ALARM_MATCH, 0);

    check_equal("the_register_is_written_before_the_fault", alarm(ALARM_ENABLED, 0), 1);
    check_equal("the_driver_faults", alarm(ALARM_FAULT, 0), ~(uint64_t)STATUS_PEER_DIED);
    check_equal("the_driver_restarts", restart_child(SLOT_CHILD_ALARM), STATUS_OK);
    check_equal("the_quiesce_write_was_done", alarm(ALARM_ENABLED, 0), 0);
    check_equal("other_registers_are_as_they_were", alarm(ALARM_MATCH, 0), match);
    alarm(ALARM_ENABLE, 1);
    alarm(ALARM_RAISE, 0);
    check_equal("after_restart_the_interrupt_is_masked", count(), 0);
    alarm(ALARM_ACK, 0);
    check_equal("until_the_next_generation_asks", count(), 1);
    alarm(ALARM_ENABLE, 0);
}

static void check_dma(void)
{
    struct region_info info;
    volatile uint64_t *ring = (uint64_t *)DMA_RING_BASE;

    check_equal("region_info_works", sys_region_info(SLOT_DMA_RING, &info), STATUS_OK);
    check_equal("it_tells_the_size", info.bytes, DMA_RING_BYTES);
    check_equal("and_where_it_is_mapped", info.address, DMA_RING_BASE);
    check("and_the_device_address", info.device_address != 0 && info.device_address % 4096 == 0);
    *ring = 0xd3a;
    check_equal("dma_memory_is_memory", *ring, 0xd3a);
}

static void check_entropy(void)
{
    uint64_t first[4], second[4];

    check("entropy_works",
          sys_entropy(SLOT_ENTROPY, first) == STATUS_OK && sys_entropy(SLOT_ENTROPY, second) == STATUS_OK);
    bool differs = true;

    for (unsigned i = 0; i < 4; i++)
        differs &= first[i] != second[i] && first[i] != 0;
    check("no_two_words_of_it_are_equal", differs && first[0] != first[1] && first[2] != first[3]);
}

static void check_inspect(void)
{
    struct sys_result system = sys_inspect(SLOT_INSPECT, INSPECT_SYSTEM, 0, 0);
    struct sys_result thread = sys_inspect(SLOT_INSPECT, INSPECT_THREAD, 0, 0);

    check("inspect_counts_the_system",
          system.status == STATUS_OK && system.values[0] > 10 && system.values[1] > 10);
    check_equal("inspect_refuses_components_that_are_not",
                sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, system.values[0], 0).status,
                STATUS_BAD_ARGUMENT);
    check_equal("inspect_shows_the_last_component",
                sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, system.values[0] - 1, 0).status, STATUS_OK);
    check("inspect_shows_threads", thread.status == STATUS_OK && thread.values[2] > 0);
    check_equal("inspect_refuses_threads_that_are_not",
                sys_inspect(SLOT_INSPECT, INSPECT_THREAD, ~0ull, 0).status, STATUS_BAD_ARGUMENT);
    check_equal("inspect_refuses_slots_that_are_not",
                sys_inspect(SLOT_INSPECT, INSPECT_CAP, 0, 0xffff).status, STATUS_BAD_SLOT);
    check_equal("inspect_shows_an_empty_slot_as_empty",
                sys_inspect(SLOT_INSPECT, INSPECT_CAP, 0, 0).values[0], 0);
    check_equal("inspect_refuses_unknown_questions", sys_inspect(SLOT_INSPECT, INSPECT_WHATS, 0, 0).status,
                STATUS_BAD_ARGUMENT);
}

int main(void)
{
    check_interrupts();
    check_quiesce();
    check_dma();
    check_entropy();
    check_inspect();
    finish();
}
