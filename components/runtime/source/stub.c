// The parts of generated stubs that are the same for all methods and off the fast path.
// SPDX-License-Identifier: BSD-2-Clause

#include <tenon/stub.h>

static bool is_error(unsigned label, unsigned errors)
{
    return label >= RESULT_FIRST && label - RESULT_FIRST < errors;
}

enum status call_failure_status(uint64_t info, unsigned errors)
{
    unsigned label = (uint16_t)info;
    unsigned status = info >> INFO_KIND_SHIFT & INFO_KIND_MASK;

    if (status != STATUS_OK)
        return (enum status)status;
    return is_error(label, errors) ? (enum status)label : STATUS_BAD_MESSAGE;
}

bool message_take_lend(const struct message *message, unsigned index, uint64_t right, size_t least,
                       size_t most, struct lend *lend)
{
    uint64_t descriptor = message->words[LEND_FIRST_WORD + 2 * index + 1];
    uint64_t bytes = descriptor & ~LEND_FLAGS;

    *lend = (struct lend){.token = message->token, .index = index, .bytes = (uint32_t)bytes};
    return (descriptor & right) != 0 && bytes >= least && bytes <= most;
}

void message_fail(struct message *message, enum status status, unsigned errors)
{
    unsigned label = is_error(status, errors) ? status : STATUS_BAD_MESSAGE;

    *message = (struct message){.info = message_info(label, 0, 0, false), .token = message->token};
}

// A capability that nobody asked for would stay until the component ends, and the slots with it.
void message_refuse(struct message *message)
{
    if (message_kind(message) == KIND_CALL && message_has_capability(message) && message->words[CAP_WORD] != SLOT_NULL)
        sys_cap_drop((slot_t)message->words[CAP_WORD]);
    message_fail(message, STATUS_BAD_MESSAGE, 0);
}
