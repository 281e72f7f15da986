// What the next life of a supervisor has to know: the policy of each child, in the persistent region `kept`.
//
// The region is optional: without it the next life begins with what the kernel says alone. The supervisor may
// end between any two stores, so a policy is written beside the one that counts, which is changed last.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "policy.h"

// As it was saved last. All 0 when it never was, or makes no sense.
void kept_load(unsigned child, struct policy *policy, nanos_t now);

void kept_save(unsigned child, const struct policy *policy);
