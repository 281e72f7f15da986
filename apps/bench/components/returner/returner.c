// Mirror: a server of two instructions and a system call.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

#include <bare.h>

int main(void)
{
    ready();
    bare_serve();
    return 1;
}
