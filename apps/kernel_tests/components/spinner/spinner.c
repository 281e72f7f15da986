// Spinner: see spinner.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "spinner.h"

#include "../responder/responder.h"
#include "../test.h"

NO_HANDLER(on_boss_poke)
NO_HANDLER(on_boss_nudge)
#if SERVER_IS_CONNECTED
NO_HANDLER(on_server_poke)
NO_HANDLER(on_server_nudge)
#endif
#ifndef SLOT_USE_SERVER
#define SLOT_USE_SERVER SLOT_NULL
#endif

#define BOARD ((struct spin_board *)REGION_BOARD_BASE)
#define ME    CONFIG_PLACE

static void count_for_ever(void)
{
    for (;;)
        BOARD->count[ME]++;
}

static void log_and_yield(void)
{
    for (uint64_t i = 0; i < BOARD->time[ME]; i++) {
        BOARD->log[BOARD->logged++ % SPIN_LOG] = ME;
        sys_yield();
    }
}

static void have_worked(void)
{
    nanos_t start = sys_clock(SLOT_CLOCK);

    BOARD->status[ME] = raw_call(SLOT_USE_SERVER, RESPOND_SPIN, BOARD->time[ME], 0, NULL);
    BOARD->took[ME] = sys_clock(SLOT_CLOCK) - start;
    BOARD->count[ME]++;
}

int main(void)
{
    for (;;) {
        wait_bits(BIT_EVENT_BOSS_POKE);
        switch (BOARD->order[ME]) {
        case SPIN_COUNT: count_for_ever(); break;
        case SPIN_YIELD: log_and_yield(); break;
        case SPIN_CALL: have_worked(); break;
        default: BOARD->count[ME]++; break;
        }
    }
}
