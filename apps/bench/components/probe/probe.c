// Probe: each operation SAMPLES times after a warm-up; prints `figure NAME LEAST MOST`, in instructions.
// Both ends of a call read the same counter, so one way can be told from the other. A plugin of QEMU that counts more is told
// which readings were of what.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

#include <counter_arch.h>
#include <tenon/log.h>
#include <tenon/panic.h>

#include <bare.h>
#include <tell.h>

#include "../stamps.h"

#define WARM_UP 8
#define SAMPLES 32
#define CALIBRATION 1000000
#define BARE_CALLS 64

static struct stamps *const stamps = (struct stamps *)REGION_STAMPS_BASE;
static char page[4096] __attribute__((aligned(4096)));
static uint64_t overhead; // of reading the counter

struct figure {
    const char *name;
    struct tell_readings readings;
    uint64_t least, most;
    unsigned count;
};

static void figure_add(struct figure *figure, uint64_t value)
{
    if (figure->count++ < WARM_UP)
        return;
    if (figure->count == WARM_UP + 1 || value < figure->least)
        figure->least = value;
    if (value > figure->most)
        figure->most = value;
}

static void figure_print(const struct figure *figure)
{
    tell_operation(figure->name, figure->readings);
    log_info("figure %s %lu %lu", figure->name, (unsigned long)figure->least, (unsigned long)figure->most);
}

static uint64_t since(uint64_t start, uint64_t end)
{
    return end - start - overhead;
}

static void calibrate(void)
{
    struct figure reading = {.name = "counter", .readings = {2, 0, 1, 1}};
    struct figure loop = {.name = "calibration", .readings = {2, 0, 1, 1}};

    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        uint64_t start = arch_counter(), end = arch_counter();

        figure_add(&reading, end - start);
    }
    overhead = reading.least;
    figure_print(&reading);
    for (unsigned i = 0; i < WARM_UP + 2; i++) {
        uint64_t start = arch_counter();

        for (unsigned turn = 0; turn < CALIBRATION; turn++)
            __asm__ volatile("");
        figure_add(&loop, since(start, arch_counter()));
    }
    figure_print(&loop);
}

// Nothing but system calls on both sides, many for each sample: a timer's tick in between is shared by them.
static void measure_bare(const char *name, unsigned words)
{
    struct figure bare = {.name = name, .readings = {2, 0, 1, BARE_CALLS}};
    uint64_t info = message_info(1, words, 0, false) | (uint64_t)SLOT_USE_MIRROR << INFO_SLOT_SHIFT;

    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        uint64_t start = arch_counter();

        bare_calls(info, BARE_CALLS);
        figure_add(&bare, since(start, arch_counter()) / BARE_CALLS - BARE_LOOP);
    }
    figure_print(&bare);
}

// One kind of call. The message is built anew each time, outside of what is measured.
static void measure_call(const char *there, const char *round, unsigned label, unsigned words, unsigned bytes)
{
    struct figure to = {.name = there, .readings = {3, 0, 1, 1}}, both = {.name = round, .readings = {3, 0, 2, 1}};

    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        struct message message = {.info = message_info(label, words, bytes ? 1 : 0, false)};

        if (bytes)
            message_lend(&message, 0, page, bytes, LEND_READ);
        uint64_t start = arch_counter();
        enum status status = sys_call(bytes ? SLOT_USE_BORROWER : SLOT_USE_ECHO, &message);
        uint64_t end = arch_counter();

        if (status != STATUS_OK || message_label(&message) != 0)
            panic("a call ended with status %u, result %u", (unsigned)status, message_label(&message));
        figure_add(&to, since(start, stamps->arrival));
        figure_add(&both, since(start, end));
    }
    figure_print(&to);
    figure_print(&both);
}

// To the server of measure_call, through a generated stub.
static void measure_stubs(void)
{
    struct figure nothing = {.name = "stub_call_reply_0", .readings = {3, 0, 2, 1}};
    struct figure ten = {.name = "stub_call_reply_10", .readings = {3, 0, 2, 1}};
    uint64_t words[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        uint64_t start = arch_counter();

        if (echo_nop() != STATUS_OK)
            panic("the stub's call failed");
        figure_add(&nothing, since(start, arch_counter()));
    }
    figure_print(&nothing);
    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        uint64_t answer[10], start = arch_counter();

        if (echo_ten(words, answer) != STATUS_OK)
            panic("the stub's call with ten words failed");
        figure_add(&ten, since(start, arch_counter()));
        if (memcmp(words, answer, sizeof words) != 0)
            panic("ten words do not come back");
    }
    figure_print(&ten);
}

// To a listener above us: it runs before the system call returns. To one below: the call just returns.
static void measure_signals(void)
{
    struct figure high = {.name = "signal_high", .readings = {4, 0, 1, 1}};
    struct figure low = {.name = "signal_low", .readings = {4, 2, 3, 1}};

    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        uint64_t start = arch_counter();

        sys_signal(SLOT_EVENT_TICKS_TICK_0);
        figure_add(&high, since(start, stamps->signal));
        start = arch_counter();
        sys_signal(SLOT_EVENT_TICKS_TICK_1);
        figure_add(&low, since(start, arch_counter()));
    }
    figure_print(&high);
    figure_print(&low);
}

// The victim is below us: it runs, and faults, when we wait.
static void measure_faults(void)
{
    struct figure fault = {.name = "fault_to_supervisor", .readings = {4, 0, 1, 1}};
    struct figure restart = {.name = "restart", .readings = {4, 2, 3, 1}};

    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        struct message message = {0};

        sys_reply_wait(&message);
        uint64_t end = arch_counter();

        figure_add(&fault, since(stamps->fault, end));
        uint64_t start = arch_counter();
        enum status status = sys_component_control(SLOT_CHILD_VICTIM, COMPONENT_OP_RESTART, 0);

        figure_add(&restart, since(start, arch_counter()));
        if (status != STATUS_OK)
            panic("the restart ended with status %u", (unsigned)status);
    }
    figure_print(&fault);
    figure_print(&restart);
}

// A thread without memory of its own: the first instruction faults, each time we let it go on. We are its handler.
static void measure_handler(void)
{
    struct figure handler = {.name = "fault_round_trip", .readings = {2, 0, 1, 1}};
    struct message message = {0};
    slot_t component, thread, endpoint;

    if (sys_pool_create(SLOT_POOL, CAP_COMPONENT, 0, 0, &component) != STATUS_OK ||
        sys_pool_create(SLOT_POOL, CAP_THREAD, component, 0, &thread) != STATUS_OK ||
        sys_pool_create(SLOT_POOL, CAP_ENDPOINT, SLOT_NULL, 0, &endpoint) != STATUS_OK ||
        sys_object_set(thread, SET_START, WINDOW, 0) != STATUS_OK || sys_object_set(thread, SET_RUN, 0, 50) != STATUS_OK ||
        sys_object_set(thread, SET_HANDLER, endpoint, 0) != STATUS_OK ||
        sys_component_control(component, COMPONENT_OP_RESTART, 0) != STATUS_OK)
        panic("there is nothing that faults");
    do
        sys_reply_wait(&message); // the victim has faulted, too
    while (message_kind(&message) != KIND_FAULT);
    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        if (message_kind(&message) != KIND_FAULT)
            panic("it does not fault");
        message.info = FAULT_REPLY_RESUME;
        uint64_t start = arch_counter();

        sys_reply_wait(&message);
        figure_add(&handler, since(start, arch_counter()));
    }
    figure_print(&handler);
    if (sys_pool_destroy(SLOT_POOL, component) != STATUS_OK)
        panic("it does not end");
}

// A page of our pool, where a page table is already.
static void measure_map(void)
{
    struct figure map = {.name = "map_page", .readings = {4, 0, 1, 1}}, unmap = {.name = "unmap_page", .readings = {4, 2, 3, 1}};
    slot_t region;

    if (sys_pool_create(SLOT_POOL, CAP_REGION, 1, 0, &region) != STATUS_OK)
        panic("there is no page");
    for (unsigned i = 0; i < WARM_UP + SAMPLES; i++) {
        uint64_t start = arch_counter();
        enum status status = sys_map(region, SLOT_NULL, WINDOW, RIGHT_READ | RIGHT_WRITE);

        figure_add(&map, since(start, arch_counter()));
        start = arch_counter();
        if (status == STATUS_OK)
            status = sys_unmap(region, SLOT_NULL);
        figure_add(&unmap, since(start, arch_counter()));
        if (status != STATUS_OK)
            panic("a page is not mapped: status %u", (unsigned)status);
    }
    figure_print(&map);
    figure_print(&unmap);
}

int main(void)
{
    log_info("figure boot %lu %lu", (unsigned long)sys_clock(SLOT_CLOCK), (unsigned long)sys_clock(SLOT_CLOCK));
    calibrate();
    measure_bare("call_reply_0", 0);
    measure_bare("call_reply_10", 10);
    measure_call("call_memory_0", "call_reply_memory_0", 1, 0, 0);
    measure_call("call_memory_4", "call_reply_memory_4", 2, 4, 0);
    measure_call("call_memory_10", "call_reply_memory_10", 3, 10, 0);
    measure_call("call_lend_64", "call_reply_lend_64", 4, 0, 64);
    measure_call("call_lend_4096", "call_reply_lend_4096", 4, 0, 4096);
    measure_stubs();
    measure_signals();
    measure_map();
    measure_faults();
    measure_handler();
    sys_power(SLOT_POWER, POWER_OFF, 0);
    return 1;
}
