// What an alarm does, by the label of the call: alarm_device.h says what the first ones mean.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum alarm_request {
    ALARM_IDENTIFY = 1,
    ALARM_ENABLE,  // (0 or 1)
    ALARM_ENABLED,
    ALARM_RAISE,
    ALARM_CLEAR,
    ALARM_MATCH,
    ALARM_ACK,    // result: status
    ALARM_COUNT,  // how often the interrupt came since the last such call
    ALARM_FAULT,
};
