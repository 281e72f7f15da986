// Keeper: see keeper.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "keeper.h"

#include "../test.h"

static uint64_t serve(const struct message *message, uint64_t *second)
{
    slot_t slot = (slot_t)message->words[0];
    struct region_info info;
    uint64_t status;

    switch (message_label(message)) {
    case KEEP_TAKE: return message->words[CAP_WORD];
    case KEEP_INFO:
        status = sys_region_info(slot, &info);
        *second = info.bytes;
        return status;
    case KEEP_DROP: return sys_cap_drop(slot);
    case KEEP_SIGNAL: return sys_signal(slot);
    case KEEP_REVOKE: return sys_cap_revoke(slot);
    default: return ~0ull;
    }
}

static void reply(struct message *message)
{
    uint64_t second = 0, first = serve(message, &second);

    *message = (struct message){
        .info = message_info(0, 2, 0, false), .token = message->token, .words = {first, second}};
}

static void give(struct message *message)
{
    uint64_t slot = message->words[0];

    *message = (struct message){.info = message_info(0, 0, 0, true), .token = message->token};
    message->words[CAP_WORD] = slot;
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        sys_reply_wait(&message);
        if (message_kind(&message) != KIND_CALL)
            message.token = 0;
        else if (message_label(&message) == KEEP_GIVE)
            give(&message);
        else
            reply(&message);
    }
}
