// Prober: says how many of its calls were answered, and with which status the first other one ended.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>

int main(void)
{
    uint32_t answered = 0;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < CONFIG_CALLS; i++) {
        uint64_t seconds;
        enum status ended = server_now(&seconds);

        if (ended == STATUS_OK)
            answered++;
        else if (status == STATUS_OK)
            status = ended;
    }
    log_info("%" PRIu32 " of %u calls answered, the others with status %d", answered, CONFIG_CALLS, (int)status);
    event_loop_run();
}
