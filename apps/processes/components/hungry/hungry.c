// hungry: wants more memory than a process may have, so it never runs.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <stdlib.h>

int main(void)
{
    return malloc(1) == NULL;
}
