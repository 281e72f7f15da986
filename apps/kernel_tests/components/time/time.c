// Time: clock, timers, priorities, yielding, budgets. Virtual time counts instructions, so the numbers are
// exact. SPDX-License-Identifier: BSD-2-Clause

#include "../spinner/spinner.h"
#include "../supervise.h"
#include "../ticker/ticker.h"

#include <registers.h>

NO_SUPERVISION
NO_HANDLER(on_ticker_poke)
NO_HANDLER(on_ticker_nudge)
NO_HANDLER(on_server_poke)
NO_HANDLER(on_server_nudge)
NO_HANDLER(on_timer_first)
NO_HANDLER(on_timer_second)

#define BOARD ((struct spin_board *)REGION_BOARD_BASE)
#define LATE  (MILLISECOND / 20)  // an interrupt and the way to the thread

// Places on the board, see system.yaml.
enum { LOW, EQUAL, HIGH, POOR };

// Of `high` and `poor`, and the setting server_reserve; see system.yaml.
#define BUDGET      (MILLISECOND / 5)
#define PERIOD      (MILLISECOND)
#define POOR_BUDGET (MILLISECOND / 10)
#define POOR_PERIOD (2 * MILLISECOND)
#define RESERVE     (MILLISECOND / 10)

static nanos_t now(void)
{
    return sys_clock(SLOT_CLOCK);
}

static void order(uint32_t client, unsigned place, enum spin_order what, uint64_t time)
{
    BOARD->order[place] = what;
    BOARD->time[place] = time;
    raw_poke_signal(client);
}

static uint64_t wait_for_bits(void)
{
    struct message message;

    while (raw_receive(&message) != KIND_NOTIFICATION)
        ;
    return message.words[0];
}

static void check_clock(void)
{
    nanos_t start = now(), last = start;
    bool forward = true;

    for (unsigned i = 0; i < 1000; i++) {
        nanos_t next = now();

        forward &= next >= last;
        last = next;
    }
    check("the_clock_goes_forward", forward && last > start);
}

static void check_timers(void)
{
    nanos_t when = now() + 2 * MILLISECOND;

    check_equal("a_timer_can_be_set", sys_timer_set(SLOT_TIMER_FIRST, when), STATUS_OK);
    check_equal("its_bit_comes", wait_for_bits(), BIT_TIMER_FIRST);
    check_between("a_timer_fires_at_its_time", now(), when, when + LATE);
    when = now();
    sys_timer_set(SLOT_TIMER_FIRST, 1);
    check_equal("a_time_that_has_passed_fires", wait_for_bits(), BIT_TIMER_FIRST);
    check_between("and_at_once", now(), when, when + LATE);

    when = now();
    sys_timer_set(SLOT_TIMER_FIRST, when + MILLISECOND);
    sys_timer_set(SLOT_TIMER_SECOND, when + 2 * MILLISECOND);
    check_equal("a_timer_can_be_cancelled", sys_timer_set(SLOT_TIMER_FIRST, 0), STATUS_OK);
    check_equal("a_cancelled_timer_does_not_fire", wait_for_bits(), BIT_TIMER_SECOND);

    when = now();
    sys_timer_set(SLOT_TIMER_FIRST, when + 3 * MILLISECOND);
    sys_timer_set(SLOT_TIMER_SECOND, when + 2 * MILLISECOND);
    sys_timer_set(SLOT_TIMER_FIRST, when + MILLISECOND);
    check_equal("setting_it_again_moves_it", wait_for_bits(), BIT_TIMER_FIRST);
    check_between("to_the_new_time", now(), when + MILLISECOND, when + MILLISECOND + LATE);
    check_equal("timers_fire_in_order", wait_for_bits(), BIT_TIMER_SECOND);
    check_between("each_at_its_own_time", now(), when + 2 * MILLISECOND, when + 2 * MILLISECOND + LATE);
}

static void check_priorities(void)
{
    order(CLIENT_LOW_BOSS, LOW, SPIN_MARK, 0);
    check_equal("a_lower_priority_waits", BOARD->count[LOW], 0);
    order(CLIENT_EQUAL_BOSS, EQUAL, SPIN_MARK, 0);
    check_equal("an_equal_priority_waits", BOARD->count[EQUAL], 0);
    order(CLIENT_HIGH_BOSS, HIGH, SPIN_MARK, 0);
    check_equal("a_higher_priority_runs_at_once", BOARD->count[HIGH], 1);
    check_equal("who_was_preempted_goes_on_before_its_equals", BOARD->count[EQUAL], 0);
    sys_yield();
    check_equal("yielding_lets_an_equal_priority_run", BOARD->count[EQUAL], 1);
    check_equal("but_not_a_lower_one", BOARD->count[LOW], 0);
    sys_timer_set(SLOT_TIMER_FIRST, now() + MILLISECOND);
    wait_for_bits();
    check_equal("which_runs_when_we_wait", BOARD->count[LOW], 1);
}

static void check_yield(void)
{
    bool alternate = true;

    BOARD->logged = 0;
    order(CLIENT_EQUAL_BOSS, EQUAL, SPIN_YIELD, 4);
    for (unsigned i = 0; i < 4; i++) {
        BOARD->log[BOARD->logged++] = HIGH;  // stands for us
        sys_yield();
    }
    for (unsigned i = 0; i < 8; i++)
        alternate &= BOARD->log[i] == (i % 2 ? EQUAL : HIGH);
    check("threads_of_one_priority_take_turns_by_yielding", alternate);
}

// We make no system call while the time passes.
static void check_preemption(void)
{
    uint64_t late;

    raw_call(SLOT_USE_TICKER, TICK_ARM, MILLISECOND, 0, NULL);
    for (volatile unsigned i = 0; i < 1000000; i++)
        ;
    raw_call(SLOT_USE_TICKER, TICK_LATE, 0, 0, &late);
    check_between("a_timer_preempts_who_makes_no_system_call", late, 1, LATE);
}

static void check_interrupted(void)
{
    uint64_t in[REGISTERS], out[REGISTERS], late;
    bool kept = true;

    for (unsigned i = 0; i < REGISTERS; i++)
        in[i] = 0x9e3779b97f4a7c15 * (i + 1);
    raw_call(SLOT_USE_TICKER, TICK_ARM, MILLISECOND / 5, 0, NULL);
    registers_spin(in, out);
    raw_call(SLOT_USE_TICKER, TICK_LATE, 0, 0, &late);
    for (unsigned i = 0; i < REGISTERS; i++)
        kept &= out[i] == in[i];
    check("an_interrupt_keeps_every_register", kept && late != TICK_NOT_YET);
}

// `high` spins above us, with BUDGET in each PERIOD.
static void check_budget(void)
{
    uint64_t before = state_of(SLOT_CHILD_HIGH).run_time;
    nanos_t start = now();

    order(CLIENT_HIGH_BOSS, HIGH, SPIN_COUNT, 0);
    check_between("a_budget_ends", now() - start, BUDGET - LATE, BUDGET + LATE);
    uint64_t counted = BOARD->count[HIGH];

    spin(20 * PERIOD - (now() - start));
    uint64_t used = state_of(SLOT_CHILD_HIGH).run_time - before;

    check_between("a_budget_bounds_what_is_used", used, 19 * BUDGET, 21 * BUDGET);
    check("and_it_is_used", BOARD->count[HIGH] > 10 * counted);
    check_equal("a_spinner_can_be_stopped", sys_component_control(SLOT_CHILD_HIGH, COMPONENT_OP_STOP, 0),
                STATUS_OK);
    before = state_of(SLOT_CHILD_HIGH).run_time;
    spin(2 * PERIOD);
    check_equal("a_stopped_one_uses_nothing", state_of(SLOT_CHILD_HIGH).run_time, before);
}

// `poor` calls a server above it that works longer than its budget.
static void check_reserve(void)
{
    uint64_t server = state_of(SLOT_CHILD_SERVER).run_time, poor = state_of(SLOT_CHILD_POOR).run_time;

    order(CLIENT_POOR_BOSS, POOR, SPIN_CALL, POOR_BUDGET / 2);
    check("a_call_within_the_budget_is_served", BOARD->count[POOR] == 1 && BOARD->status[POOR] == 0);
    check_between("on_the_budget_of_the_caller", state_of(SLOT_CHILD_POOR).run_time - poor, POOR_BUDGET / 2,
                  POOR_BUDGET);
    check_between("not_of_the_server", state_of(SLOT_CHILD_SERVER).run_time - server, 0, LATE / 4);

    spin(2 * POOR_PERIOD);
    nanos_t start = now();

    order(CLIENT_POOR_BOSS, POOR, SPIN_CALL, POOR_BUDGET + RESERVE / 2);
    check_between("a_server_finishes_on_its_reserve", now() - start, POOR_BUDGET + RESERVE / 2,
                  POOR_BUDGET + RESERVE / 2 + LATE);
    check_equal("its_caller_has_run_dry", BOARD->count[POOR], 1);
    spin(2 * POOR_PERIOD);
    check("and_goes_on_in_its_next_period", BOARD->count[POOR] == 2 && BOARD->status[POOR] == 0);

    start = now();
    order(CLIENT_POOR_BOSS, POOR, SPIN_CALL, POOR_BUDGET + 2 * RESERVE);
    check_between("a_reserve_ends_too", now() - start, POOR_BUDGET + RESERVE - LATE / 4,
                  POOR_BUDGET + RESERVE + LATE);
    spin(8 * POOR_PERIOD);
    check("and_the_call_with_it_in_a_later_period", BOARD->count[POOR] == 3 && BOARD->status[POOR] == 0);
    check_between("the_overrun_is_charged_to_the_caller", BOARD->took[POOR], 2 * POOR_PERIOD,
                  4 * POOR_PERIOD);
}

int main(void)
{
    check_clock();
    check_timers();
    check_priorities();
    check_yield();
    check_preemption();
    check_interrupted();
    check_budget();
    check_reserve();
    finish();
}
