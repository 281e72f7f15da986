// See worker_steps.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "worker_steps.h"

// SplitMix64 (Steele, Lea, Flood 2014): a wrong or a missing step shows.
uint64_t worker_step(uint64_t state)
{
    uint64_t z = state + 0x9e3779b97f4a7c15ull;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

int worker_code(uint64_t state)
{
    return (int)(state & 0x7fffffff);
}

int worker_end(uint64_t seed)
{
    for (unsigned i = 0; i < WORKER_STEPS; i++)
        seed = worker_step(seed);
    return worker_code(seed);
}
