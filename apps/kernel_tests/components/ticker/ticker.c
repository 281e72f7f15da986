// Ticker: see ticker.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "ticker.h"

#include "../test.h"

NO_HANDLER(on_timer_tick)

static nanos_t when;
static uint64_t late;

static uint64_t serve(const struct message *message)
{
    if (message_label(message) == TICK_LATE)
        return late;
    late = TICK_NOT_YET;
    when = sys_clock(SLOT_CLOCK) + message->words[0];
    return sys_timer_set(SLOT_TIMER_TICK, when);
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        sys_reply_wait(&message);
        if (message_kind(&message) == KIND_NOTIFICATION)
            late = sys_clock(SLOT_CLOCK) - when;
        if (message_kind(&message) == KIND_CALL)
            message = (struct message){
                .info = message_info(0, 1, 0, false), .token = message.token, .words = {serve(&message)}};
        else
            message.token = 0;
    }
}
