// The matrix of calls and statuses, and which pairs can be reached.
// SPDX-License-Identifier: BSD-2-Clause
#include "random_calls.h"

struct matrix *matrix;

#define S(name) (1u << STATUS_##name)
#define CAPABILITY (S(OK) | S(BAD_SLOT) | S(BAD_TYPE) | S(DENIED))

// What can come out of each call in the tests' layout; everything else must not.
static const struct {
    const char *name;
    unsigned statuses;
} rows[SYS_COUNT + 1] = {
    [SYS_CALL] = {"CALL", CAPABILITY | S(PEER_DIED) | S(TIMED_OUT) | S(PEER_GONE) | S(BAD_ARGUMENT)},
    [SYS_REPLY_WAIT] = {"REPLY_WAIT", S(OK)},
    [SYS_REPLY] = {"REPLY", S(OK) | S(STALE)},
    [SYS_POLL] = {"POLL", S(OK)},
    [SYS_SIGNAL] = {"SIGNAL", CAPABILITY},
    [SYS_COPY_IN] = {"COPY_IN", S(OK) | S(STALE) | S(DENIED) | S(BAD_ARGUMENT) | S(BAD_ADDRESS)},
    [SYS_COPY_OUT] = {"COPY_OUT", S(OK) | S(STALE) | S(DENIED) | S(BAD_ARGUMENT) | S(BAD_ADDRESS)},
    [SYS_INTERRUPT_ACK] = {"INTERRUPT_ACK", CAPABILITY},
    [SYS_TIMER_SET] = {"TIMER_SET", CAPABILITY},
    [SYS_CLOCK] = {"CLOCK", CAPABILITY},
    [SYS_ENTROPY] = {"ENTROPY", CAPABILITY},
    [SYS_YIELD] = {"YIELD", S(OK)},
    [SYS_EXIT] = {"EXIT", S(OK)},
    [SYS_READY] = {"READY", S(OK)},
    [SYS_COMPONENT_STATE] = {"COMPONENT_STATE", CAPABILITY},
    [SYS_COMPONENT_CONTROL] = {"COMPONENT_CONTROL", CAPABILITY | S(BAD_ARGUMENT) | S(BUSY)},
    [SYS_FRAME_READ] = {"FRAME_READ", CAPABILITY | S(BAD_ADDRESS) | S(BUSY)},
    [SYS_FRAME_WRITE] = {"FRAME_WRITE", CAPABILITY | S(BAD_ADDRESS) | S(BUSY)},
    [SYS_REGION_INFO] = {"REGION_INFO", S(OK) | S(BAD_SLOT) | S(BAD_TYPE)},
    [SYS_CAP_DROP] = {"CAP_DROP", S(OK) | S(BAD_SLOT)},
    [SYS_CAP_REVOKE] = {"CAP_REVOKE", S(OK) | S(BAD_SLOT) | S(DENIED)},
    [SYS_CONSOLE_WRITE] = {"CONSOLE_WRITE", CAPABILITY | S(BAD_ARGUMENT) | S(BAD_ADDRESS)},
    [SYS_POWER] = {"POWER", CAPABILITY | S(BAD_ARGUMENT)},
    [SYS_INSPECT] = {"INSPECT", CAPABILITY | S(BAD_ARGUMENT)},
    // The random run makes no objects; tests/kernel/test_pool.c does.
    [SYS_POOL_CREATE] = {"POOL_CREATE", S(BAD_SLOT) | S(BAD_TYPE)},
    [SYS_POOL_DESTROY] = {"POOL_DESTROY", S(BAD_SLOT) | S(BAD_TYPE)},
    [SYS_MAP] = {"MAP", S(BAD_SLOT) | S(BAD_TYPE) | S(DENIED) | S(BAD_ARGUMENT)},
    [SYS_UNMAP] = {"UNMAP", S(BAD_SLOT) | S(BAD_TYPE) | S(DENIED) | S(BAD_ARGUMENT)},
    [SYS_OBJECT_SET] = {"OBJECT_SET", CAPABILITY | S(BAD_ARGUMENT) | S(BUSY)},
    [SYS_CAP_COPY] = {"CAP_COPY", CAPABILITY | S(BAD_ARGUMENT)},
    [SYS_PORT_READ] = {"PORT_READ", CAPABILITY | S(BAD_ARGUMENT)},
    [SYS_PORT_WRITE] = {"PORT_WRITE", CAPABILITY | S(BAD_ARGUMENT)},
    [SYS_COUNT] = {"(no call)", S(BAD_SYSCALL)},
};

static const char *const status_names[STATUS_COUNT] = {"OK",      "DIED",  "TIMEOUT", "MESSAGE", "SLOT",    "TYPE",
                                                       "DENIED",  "ARG",   "ADDRESS", "STALE",   "MEMORY",  "BUSY",
                                                       "NO_SLOT", "NO_SYS", "GONE",   "NO_TABLE"};

void matrix_count(uint64_t number, int status)
{
    unsigned row = number < SYS_COUNT ? (unsigned)number : SYS_COUNT;

    matrix->calls[row][status]++;
    if (!(rows[row].statuses & 1u << status))
        differs("%s ended with %s, which should not be possible", rows[row].name, status_names[status]);
}

void matrix_print(void)
{
    printf("%-18s", "");
    for (unsigned status = 0; status < STATUS_COUNT; status++)
        printf("%9s", status_names[status]);
    printf("\n");
    for (unsigned row = 0; row <= SYS_COUNT; row++) {
        printf("%-18s", rows[row].name);
        for (unsigned status = 0; status < STATUS_COUNT; status++) {
            if (rows[row].statuses & 1u << status)
                printf("%9lu", matrix->calls[row][status]);
            else
                printf("%9s", ".");
        }
        printf("\n");
    }
}

unsigned matrix_missing(void)
{
    unsigned missing = 0;

    for (unsigned row = 0; row <= SYS_COUNT; row++) {
        for (unsigned status = 0; status < STATUS_COUNT; status++) {
            if (!(rows[row].statuses & 1u << status) || matrix->calls[row][status])
                continue;
            printf("never seen: %s with %s\n", rows[row].name, status_names[status]);
            missing++;
        }
    }
    return missing;
}

unsigned long matrix_total(void)
{
    unsigned long total = 0;

    for (unsigned row = 0; row <= SYS_COUNT; row++) {
        for (unsigned status = 0; status < STATUS_COUNT; status++)
            total += matrix->calls[row][status];
    }
    return total;
}

unsigned matrix_percent_good(void)
{
    unsigned long good = 0, total = matrix_total();

    for (unsigned row = 0; row <= SYS_COUNT; row++)
        good += matrix->calls[row][STATUS_OK];
    return total ? (unsigned)(good * 100 / total) : 0;
}
