// Echo: the shortest server loop there is, without the generated dispatch, so that the kernel is what is measured.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

#include <counter_arch.h>

#include "../stamps.h"

static struct stamps *const stamps = (struct stamps *)REGION_STAMPS_BASE;

int main(void)
{
    struct message message = {0};

    ready();
    for (;;) {
        sys_reply_wait(&message);
        stamps->arrival = arch_counter();
        message.info &= (uint64_t)INFO_WORDS_MASK << INFO_WORDS_SHIFT; // result 0, as many words back
    }
}
