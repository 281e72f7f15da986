// Alarm: see alarm.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "alarm.h"

#include "../test.h"

#include <alarm_device.h>

NO_HANDLER(on_interrupt_rtc)

static uint64_t count;

static uint64_t serve(const struct message *message)
{
    uint64_t word = message->words[0], result;

    switch (message_label(message)) {
    case ALARM_IDENTIFY: return alarm_identify(DEVICE_RTC_BASE);
    case ALARM_ENABLE: alarm_enable(DEVICE_RTC_BASE, (uint32_t)word); return 0;
    case ALARM_ENABLED: return alarm_enabled(DEVICE_RTC_BASE);
    case ALARM_RAISE: alarm_raise(DEVICE_RTC_BASE); return 0;
    case ALARM_CLEAR: alarm_clear(DEVICE_RTC_BASE); return 0;
    case ALARM_MATCH: return alarm_match(DEVICE_RTC_BASE);
    case ALARM_ACK: return sys_interrupt_ack(SLOT_INTERRUPT_RTC);
    case ALARM_COUNT:
        result = count;
        count = 0;
        return result;
    default: __builtin_trap();
    }
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        sys_reply_wait(&message);
        if (message_kind(&message) == KIND_NOTIFICATION)
            count += message.words[0] == BIT_INTERRUPT_RTC;
        if (message_kind(&message) == KIND_CALL)
            message = (struct message){
                .info = message_info(0, 1, 0, false), .token = message.token, .words = {serve(&message)}};
        else
            message.token = 0;
    }
}
