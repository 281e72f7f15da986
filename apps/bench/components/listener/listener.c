// Listener: notes the counter at each signal.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

#include <counter_arch.h>

#include "../stamps.h"

static struct stamps *const stamps = (struct stamps *)REGION_STAMPS_BASE;

int main(void)
{
    ready();
    for (;;) {
        struct message message = {0};

        sys_reply_wait(&message);
        stamps->signal = arch_counter();
    }
}
