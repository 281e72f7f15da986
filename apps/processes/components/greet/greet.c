// greet: the smallest program.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/log.h>
#include <tenon/program.h>

int main(void)
{
    log_info("hello, %s", program_arguments());
    return 7;
}
