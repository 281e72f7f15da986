// See tenon/persistent.h. A new life runs after the old one on the same core, so the compiler is all that has to be told.
// SPDX-License-Identifier: BSD-2-Clause

#include <stdatomic.h>

#include <tenon/persistent.h>

void persistent_order(void)
{
    atomic_signal_fence(memory_order_seq_cst);
}
