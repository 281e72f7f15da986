// What an alarm does, by the label of the call.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum alarm_request {
    ALARM_READ = 1,  // (register)
    ALARM_WRITE,     // (register, value)
    ALARM_ACK,       // result: status
    ALARM_COUNT,     // how often the interrupt came since the last such call
    ALARM_FAULT,
};

// Registers of the PL031 (Arm DDI 0224).
#define RTC_DATA       0x00
#define RTC_MATCH      0x04
#define RTC_MASK       0x10
#define RTC_RAW_STATUS 0x14
#define RTC_CLEAR      0x1c
#define RTC_PART       0xfe0
#define RTC_PART_VALUE 0x31
