// What a worker computes: whoever knows its seed knows how it will end.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#define WORKER_STEPS 8

uint64_t worker_step(uint64_t state);

// The exit code of who has come to that state.
int worker_code(uint64_t state);

// The exit code of a worker with that seed.
int worker_end(uint64_t seed);
