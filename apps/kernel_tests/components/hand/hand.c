// A hand: one call for each poke of its boss. See ../hands.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "../hands.h"

#ifndef SLOT_USE_TARGET
#define SLOT_USE_TARGET SLOT_NULL
#endif
#ifndef SLOT_USE_SLOW
#define SLOT_USE_SLOW SLOT_NULL
#endif

static void work_once(void)
{
    struct message work = raw_message(HAND_FETCH, 0, 0);

    if (sys_call(SLOT_USE_BOSS, &work) != STATUS_OK)
        return;
    slot_t slot = work.words[0] == HAND_TARGET ? SLOT_USE_TARGET : SLOT_USE_SLOW;
    uint64_t answer;
    nanos_t start = sys_clock(SLOT_CLOCK);
    uint64_t result = raw_call(slot, (unsigned)work.words[1], work.words[2], work.words[3], &answer);
    struct message report = {.info = message_info(HAND_REPORT, 3, 0, false),
                             .words = {result, answer, sys_clock(SLOT_CLOCK) - start}};

    sys_call(SLOT_USE_BOSS, &report);
}

NO_HANDLER(on_boss_poke)
NO_HANDLER(on_boss_nudge)

int main(void)
{
    for (;;) {
        wait_bits(BIT_EVENT_BOSS_POKE);
        work_once();
    }
}
