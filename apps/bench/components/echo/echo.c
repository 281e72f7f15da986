// Echo: the shortest server loop there is, without the generated dispatch, so that the kernel is what is measured.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

#include <counter_arch.h>

#include "../stamps.h"

#define LABEL_TAKE 4

static struct stamps *const stamps = (struct stamps *)REGION_STAMPS_BASE;
static char buffer[4096];

int main(void)
{
    struct message message = {0};

    ready();
    for (;;) {
        sys_reply_wait(&message);
        stamps->arrival = arch_counter();
        if (message_label(&message) == LABEL_TAKE) {
            uint64_t bytes = message.words[LEND_FIRST_WORD + 1] & ~LEND_FLAGS;

            if (sys_copy_in(message.token, 0, 0, buffer, bytes) != STATUS_OK)
                message.info = message_info(STATUS_BAD_MESSAGE, 0, 0, false);
            else
                message.info = 0;
        } else {
            message.info &= (uint64_t)INFO_WORDS_MASK << INFO_WORDS_SHIFT; // result 0, as many words back
        }
    }
}
