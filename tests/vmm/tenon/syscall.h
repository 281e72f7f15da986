// The system calls that the VMM's parts make, as functions of the test.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/report.h>
#include <abi/syscall.h>

typedef uint32_t slot_t;
typedef uint64_t token_t;

struct message {
    uint64_t info;
    token_t token;
    uint64_t words[MESSAGE_WORDS];
};

static inline uint64_t message_info(unsigned label, unsigned words, unsigned lends, bool capability)
{
    return label | words << INFO_WORDS_SHIFT | lends << INFO_LENDS_SHIFT | (unsigned)capability << INFO_CAP_BIT;
}

enum status sys_object_set(slot_t object, enum object_set what, uint64_t a, uint64_t b);
enum status sys_timer_set(slot_t timer, uint64_t when);
enum status sys_frame_write(slot_t thread, const struct thread_registers *frame);
enum status sys_reply(struct message *message);
enum status sys_component_control(slot_t component, enum component_operation operation, uint64_t argument);
