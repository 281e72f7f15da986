// Crasher: answers a few calls, then fails as configured. Each generation anew.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

static volatile int *volatile nowhere;  // NULL, without telling the compiler

static void fail(void)
{
    switch (CONFIG_MODE) {
    case CONFIG_MODE_EXIT: sys_exit(3);
    case CONFIG_MODE_REFUSE: refuse("the next call");
    case CONFIG_MODE_HANG:
        for (;;)
            __asm__ volatile("");
    default: *nowhere = 0;
    }
}

enum status time_now(const struct call *call, uint64_t *seconds)
{
    static unsigned answered;

    (void)call;
    if (answered == CONFIG_ANSWERS)
        fail();
    *seconds = ++answered;
    return STATUS_OK;
}

int main(void)
{
    if (CONFIG_MODE == CONFIG_MODE_START) {
        log_info("starts at %" PRIu64 " us", clock_now() / MICROSECOND);
        fail();
    }
    event_loop_run();
}
