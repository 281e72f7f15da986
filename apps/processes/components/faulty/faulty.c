// faulty: writes where nothing is.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

int main(void)
{
    volatile uintptr_t nowhere = 16;

    *(volatile unsigned *)nowhere = 1;
    return 0;
}
