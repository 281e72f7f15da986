// Bystander: waits for ever.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

int main(void)
{
    event_loop_run();
}
