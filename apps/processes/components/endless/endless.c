// endless: never ends by itself, and never lets go of the processor.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

int main(void)
{
    for (volatile unsigned count = 0;; count++)
        ;
}
