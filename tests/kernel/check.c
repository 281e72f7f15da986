// Runs the tests of one file: all, or those whose name holds the argument.
// SPDX-License-Identifier: BSD-2-Clause
#include "check.h"

#include <string.h>

#define SECONDS 60

struct test *tests;

static bool passes(const struct test *test)
{
    int status;

    fflush(stdout);
    pid_t child = fork();

    if (child == 0) {
        alarm(SECONDS); // what hangs fails
        test->run();
        exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    unsigned run = 0, failed = 0;

    for (const struct test *test = tests; test; test = test->next) {
        if (argc > 1 && strstr(test->name, argv[1]) == NULL)
            continue;
        run++;
        if (!passes(test)) {
            failed++;
            printf("FAILED %s\n", test->name);
        }
    }
    printf("%u tests, %u failed\n", run, failed);
    return failed || run == 0;
}
