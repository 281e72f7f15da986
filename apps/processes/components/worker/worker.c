// worker: computes for as many milliseconds as its arguments say, "SEED MILLISECONDS", and ends with a number
// that the seed determines. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <stdlib.h>

#include <tenon/program.h>
#include <tenon/time.h>

#include <worker_steps.h>

static uint64_t step(uint64_t state, nanos_t until)
{
    while (clock_now() < until)
        ;
    return worker_step(state);
}

int main(void)
{
    char *end;
    uint64_t state = strtoul(program_arguments(), &end, 10);
    unsigned milliseconds = (unsigned)strtoul(end, NULL, 10);

    for (unsigned i = 0; i < WORKER_STEPS; i++)
        state = step(state, clock_now() + milliseconds * MILLISECOND / WORKER_STEPS);
    return worker_code(state);
}
