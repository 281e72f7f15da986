// Prober: says how many of its calls were answered, and with which status the first other one ended; and how
// long those took that met the end of a crasher and were answered by its next generation.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/time.h>

#define FIRST_ANSWER 1u  // of each generation of a crasher

static nanos_t recoveries[CONFIG_CALLS];  // sorted
static uint32_t recovered;

static void add(nanos_t took)
{
    uint32_t at = recovered++;

    for (; at > 0 && recoveries[at - 1] > took; at--)
        recoveries[at] = recoveries[at - 1];
    recoveries[at] = took;
}

// So many of a hundred took at most this long, in us, rounded up.
static uint64_t percentile(uint32_t percent)
{
    return (recoveries[(recovered * percent + 99) / 100 - 1] + MICROSECOND - 1) / MICROSECOND;
}

int main(void)
{
    uint32_t answered = 0;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < CONFIG_CALLS; i++) {
        nanos_t began = clock_now();
        uint64_t answer;
        enum status ended = server_now(&answer);

        if (ended == STATUS_OK && answered++ != 0 && answer == FIRST_ANSWER)
            add(clock_now() - began);
        else if (ended != STATUS_OK && status == STATUS_OK)
            status = ended;
    }
    log_info("%" PRIu32 " of %u calls answered, the others with status %d", answered, CONFIG_CALLS,
             (int)status);
    if (recovered != 0)
        log_info("%" PRIu32 " recoveries: p50 %" PRIu64 " us, p99 %" PRIu64 " us, longest %" PRIu64 " us",
                 recovered, percentile(50), percentile(99), percentile(100));
    event_loop_run();
}
