// Borrower: takes what each call lends.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

#include <counter_arch.h>

#include "../stamps.h"

static struct stamps *const stamps = (struct stamps *)REGION_STAMPS_BASE;
static char buffer[4096] __attribute__((aligned(4096)));

int main(void)
{
    struct message message = {0};

    ready();
    for (;;) {
        sys_reply_wait(&message);
        stamps->arrival = arch_counter();
        uint64_t bytes = message.words[LEND_FIRST_WORD + 1] & ~LEND_FLAGS;
        enum status status = sys_copy_in(message.token, 0, 0, buffer, bytes);

        message.info = message_info(status == STATUS_OK ? STATUS_OK : STATUS_BAD_MESSAGE, 0, 0, false);
    }
}
