// Host test of kernel/syscall/: each call with each argument wrong, one at a time, beside the same call done
// right. A wrong call leaves its status and changes nothing else. SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/entropy.h>

#include <string.h>

#define BAD_POINTER 0x1000ull

// A call of `thread` that does not block, and what must come out.
struct row {
    unsigned thread;
    uint64_t number;
    uint64_t arguments[5];
    enum status status;
};

static const struct row rows[] = {
    {T_APP, SYS_REPLY, {0, 0}, STATUS_STALE},
    {T_APP, SYS_REPLY, {0, UINT64_MAX}, STATUS_STALE},

    {T_APP, SYS_SIGNAL, {S_SIGNAL_OWN}, STATUS_OK},
    {T_APP, SYS_SIGNAL, {S_SIGNAL_MUTE}, STATUS_DENIED},
    {T_APP, SYS_SIGNAL, {S_CLOCK}, STATUS_BAD_TYPE},
    {T_APP, SYS_SIGNAL, {SLOTS}, STATUS_BAD_SLOT},

    {T_APP, SYS_COPY_IN, {0, 0, 0, STACK_ADDRESS, 0}, STATUS_STALE},
    {T_APP, SYS_COPY_OUT, {1, 0, 0, STACK_ADDRESS, 8}, STATUS_STALE},

    {T_DISK, SYS_INTERRUPT_ACK, {S_INTERRUPT}, STATUS_OK},
    {T_DISK, SYS_INTERRUPT_ACK, {S_TIMER}, STATUS_BAD_TYPE},
    {T_DISK, SYS_INTERRUPT_ACK, {S_EMPTY}, STATUS_BAD_SLOT},

    {T_DISK, SYS_TIMER_SET, {S_TIMER, 1000000000}, STATUS_OK},
    {T_DISK, SYS_TIMER_SET, {S_INTERRUPT, 1000000000}, STATUS_BAD_TYPE},
    {T_DISK, SYS_TIMER_SET, {UINT64_MAX, 1000000000}, STATUS_BAD_SLOT},

    {T_APP, SYS_CLOCK, {S_CLOCK}, STATUS_OK},
    {T_APP, SYS_CLOCK, {S_ENTROPY}, STATUS_BAD_TYPE},
    {T_APP, SYS_CLOCK, {0}, STATUS_BAD_SLOT},

    {T_APP, SYS_ENTROPY, {S_ENTROPY}, STATUS_OK},
    {T_APP, SYS_ENTROPY, {S_CLOCK}, STATUS_BAD_TYPE},
    {T_APP, SYS_ENTROPY, {S_EMPTY}, STATUS_BAD_SLOT},

    {T_APP, SYS_READY, {0}, STATUS_OK},

    {T_SUP, SYS_COMPONENT_STATE, {S_COMPONENT + DISK}, STATUS_OK},
    {T_SUP, SYS_COMPONENT_STATE, {S_COMPONENT_CONTROL}, STATUS_DENIED},
    {T_SUP, SYS_COMPONENT_STATE, {S_DISK}, STATUS_BAD_TYPE},
    {T_APP, SYS_COMPONENT_STATE, {S_COMPONENT + DISK}, STATUS_BAD_SLOT},

    {T_SUP, SYS_COMPONENT_CONTROL, {S_COMPONENT_READ, COMPONENT_OP_STOP}, STATUS_DENIED},
    {T_SUP, SYS_COMPONENT_CONTROL, {S_DISK, COMPONENT_OP_STOP}, STATUS_BAD_TYPE},
    {T_SUP, SYS_COMPONENT_CONTROL, {S_EMPTY, COMPONENT_OP_STOP}, STATUS_BAD_SLOT},
    {T_SUP, SYS_COMPONENT_CONTROL, {S_COMPONENT + DISK, COMPONENT_OPS}, STATUS_BAD_ARGUMENT},
    {T_SUP, SYS_COMPONENT_CONTROL, {S_COMPONENT + SUP, COMPONENT_OP_STOP}, STATUS_BUSY},
    {T_SUP, SYS_COMPONENT_CONTROL, {S_COMPONENT + SPARE, COMPONENT_OP_STOP}, STATUS_OK},

    {T_PAGER, SYS_FRAME_READ, {S_THREAD_SHELL, DATA_ADDRESS}, STATUS_BUSY},
    {T_PAGER, SYS_FRAME_READ, {S_POOL, DATA_ADDRESS}, STATUS_BAD_TYPE},
    {T_PAGER, SYS_FRAME_READ, {S_EMPTY, DATA_ADDRESS}, STATUS_BAD_SLOT},
    {T_PAGER, SYS_FRAME_WRITE, {S_THREAD_SHELL, DATA_ADDRESS}, STATUS_BUSY},
    {T_PAGER, SYS_FRAME_WRITE, {S_THREAD_GUEST2, DATA_ADDRESS}, STATUS_DENIED},

    {T_DISK, SYS_REGION_INFO, {S_DMA}, STATUS_OK},
    {T_DISK, SYS_REGION_INFO, {S_TIMER}, STATUS_BAD_TYPE},
    {T_DISK, SYS_REGION_INFO, {S_EMPTY}, STATUS_BAD_SLOT},

    {T_DISK, SYS_PORT_READ, {S_PORTS, 0, 1}, STATUS_OK},
    {T_DISK, SYS_PORT_READ, {S_PORTS, PORTS_COUNT - 1, 1}, STATUS_OK},
    {T_DISK, SYS_PORT_READ, {S_PORTS, PORTS_COUNT, 1}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_PORTS, PORTS_COUNT - 2, 2}, STATUS_OK},
    {T_DISK, SYS_PORT_READ, {S_PORTS, PORTS_COUNT - 1, 2}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_PORTS, PORTS_COUNT - 4, 4}, STATUS_OK},
    {T_DISK, SYS_PORT_READ, {S_PORTS, PORTS_COUNT - 3, 4}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_PORTS, UINT64_MAX, 2}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_PORTS, 0, 0}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_PORTS, 0, 3}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_PORTS, 0, 8}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_PORTS, 0, 1ull << 32 | 1}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_READ, {S_DMA, 0, 1}, STATUS_BAD_TYPE},
    {T_APP, SYS_PORT_READ, {S_PORTS, 0, 1}, STATUS_BAD_SLOT},
    {T_DISK, SYS_PORT_WRITE, {S_PORTS, PORTS_COUNT - 1, 1, 1}, STATUS_OK},
    {T_DISK, SYS_PORT_WRITE, {S_PORTS, PORTS_COUNT - 1, 2, 1}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_WRITE, {S_PORTS, UINT64_MAX, 1, 1}, STATUS_BAD_ARGUMENT},
    {T_DISK, SYS_PORT_WRITE, {S_DMA, 0, 1, 1}, STATUS_BAD_TYPE},
    {T_SUP, SYS_PORT_READ, {S_PORTS, 0, 1}, STATUS_OK},
    {T_SUP, SYS_PORT_WRITE, {S_PORTS, 0, 1, 1}, STATUS_DENIED},

    {T_APP, SYS_CAP_DROP, {S_DYNAMIC}, STATUS_OK},
    {T_APP, SYS_CAP_DROP, {S_DYNAMIC - 1}, STATUS_BAD_SLOT},
    {T_APP, SYS_CAP_DROP, {SLOTS}, STATUS_BAD_SLOT},

    {T_APP, SYS_CAP_REVOKE, {S_DISK}, STATUS_DENIED},
    {T_APP, SYS_CAP_REVOKE, {S_EMPTY}, STATUS_BAD_SLOT},

    {T_APP, SYS_CONSOLE_WRITE, {S_CONSOLE, DATA_ADDRESS, CONSOLE_WRITE_MAX}, STATUS_OK},
    {T_APP, SYS_CONSOLE_WRITE, {S_CONSOLE, DATA_ADDRESS, CONSOLE_WRITE_MAX + 1}, STATUS_BAD_ARGUMENT},
    {T_APP, SYS_CONSOLE_WRITE, {S_CONSOLE, BAD_POINTER, 1}, STATUS_BAD_ADDRESS},
    {T_APP, SYS_CONSOLE_WRITE, {S_CONSOLE, STACK_TOP - 1, 2}, STATUS_BAD_ADDRESS},
    {T_APP, SYS_CONSOLE_WRITE, {S_CONSOLE, UINT64_MAX, 2}, STATUS_BAD_ADDRESS},
    {T_APP, SYS_CONSOLE_WRITE, {S_CONSOLE, BAD_POINTER, 0}, STATUS_OK},
    {T_APP, SYS_CONSOLE_WRITE, {S_CLOCK, DATA_ADDRESS, 1}, STATUS_BAD_TYPE},
    {T_APP, SYS_CONSOLE_WRITE, {S_EMPTY, DATA_ADDRESS, 1}, STATUS_BAD_SLOT},

    {T_SUP, SYS_POWER, {S_POWER, POWER_OPS, 0}, STATUS_BAD_ARGUMENT},
    {T_SUP, SYS_POWER, {S_POWER, POWER_OFF, 256}, STATUS_BAD_ARGUMENT},
    {T_SUP, SYS_POWER, {S_CLOCK, POWER_OFF, 0}, STATUS_BAD_TYPE},
    {T_APP, SYS_POWER, {S_POWER, POWER_OFF, 0}, STATUS_BAD_SLOT},

    {T_SUP, SYS_INSPECT, {S_INSPECT, INSPECT_SYSTEM}, STATUS_OK},
    {T_SUP, SYS_INSPECT, {S_INSPECT, INSPECT_WHATS}, STATUS_BAD_ARGUMENT},
    {T_SUP, SYS_INSPECT, {S_CLOCK, INSPECT_SYSTEM}, STATUS_BAD_TYPE},
    {T_SUP, SYS_INSPECT, {S_EMPTY, INSPECT_SYSTEM}, STATUS_BAD_SLOT},

    {T_APP, SYS_COUNT, {0}, STATUS_BAD_SYSCALL},
    {T_APP, 0xffff, {0}, STATUS_BAD_SYSCALL},
    {T_APP, UINT64_MAX, {0}, STATUS_BAD_SYSCALL},
};

static const char *name_of(const struct row *row)
{
    static char text[100];

    snprintf(text, sizeof text, "row %u: call %llu", (unsigned)(row - rows), (unsigned long long)row->number);
    return text;
}

TEST(each_call_says_which_argument_is_wrong)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct row *row = &rows[i];
        const uint64_t *a = row->arguments;

        pid_t child = fork();
        int status;

        if (child == 0) {
            system_start();
            system_run(row->thread);
            uint64_t found = sys(row->number, a[0], a[1], a[2], a[3], a[4]);

            if (found != row->status)
                printf("%s: status %llu, expected %u\n", name_of(row), (unsigned long long)found,
                       row->status);
            CHECK(found == row->status);
            // The kept registers are kept.
            CHECK_EQUAL(running(), row->thread);
            exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
}

TEST(registers_that_carry_no_result_stay)
{
    system_start();
    system_run(T_APP);
    for (unsigned i = 19; i < 31; i++)
        frame_of(T_APP)->x[i] = i;
    frame_of(T_APP)->sp = 0x210800;
    sys(SYS_CLOCK, S_CLOCK, 0, 0, 0, 0);
    reply_wait(0, 0);
    CHECK_EQUAL(frame_of(T_APP)->sp, 0x210800);
    for (unsigned i = 19; i < 31; i++)
        CHECK_EQUAL(frame_of(T_APP)->x[i], i);
}

TEST(the_clock_tells_the_time)
{
    system_start();
    host.now = 123456;
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_CLOCK, S_CLOCK, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(frame_of(T_APP)->x[1], 123456);
}

TEST(entropy_fills_four_registers)
{
    uint64_t first[4];

    system_start();
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_ENTROPY, S_ENTROPY, 0, 0, 0, 0), STATUS_OK);
    memcpy(first, frame_of(T_APP)->x + 1, sizeof first);
    CHECK_EQUAL(sys(SYS_ENTROPY, S_ENTROPY, 0, 0, 0, 0), STATUS_OK);
    for (unsigned i = 0; i < 4; i++)
        CHECK(first[i] != 0 && first[i] != frame_of(T_APP)->x[1 + i]);
}

TEST(region_info_tells_the_device_address_only_with_the_right)
{
    system_start();
    system_run(T_DISK);
    const uint64_t *x = frame_of(T_DISK)->x;

    CHECK_EQUAL(sys(SYS_REGION_INFO, S_DMA, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(x[1], PAGE_SIZE);
    CHECK_EQUAL(x[2], HOST_RAM_BASE + DMA_OFFSET);
    CHECK_EQUAL(x[3], DMA_ADDRESS);
    CHECK_EQUAL(sys(SYS_REGION_INFO, S_SHARED, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(x[2], 0);
    CHECK_EQUAL(x[3], SHARED_ADDRESS);
    CHECK_EQUAL(sys(SYS_REGION_INFO, S_EMPTY, 0, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK(x[1] == 0 && x[2] == 0 && x[3] == 0);
}

TEST(console_text_arrives_as_it_is)
{
    static const char text[] = "a line\nand \x01 more";

    system_start();
    host.console_length = 0;
    memcpy(memory(APP, DATA_ADDRESS), text, sizeof text);
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_CONSOLE_WRITE, S_CONSOLE, DATA_ADDRESS, sizeof text - 1, 0, 0), STATUS_OK);
    CHECK(strcmp(host.console, text) == 0);
}

TEST(power_off_carries_its_code)
{
    system_start();
    system_run(T_SUP);
    frame_of(T_SUP)->x[0] = S_POWER;
    frame_of(T_SUP)->x[1] = POWER_OFF;
    frame_of(T_SUP)->x[2] = 255;
    CHECK(host_syscall(SYS_POWER) == NULL);
    CHECK_EQUAL(host.end, HOST_POWER_OFF);
    CHECK_EQUAL(host.code, 255);
}

TEST(reset_resets)
{
    system_start();
    system_run(T_SUP);
    frame_of(T_SUP)->x[0] = S_POWER;
    frame_of(T_SUP)->x[1] = POWER_RESET;
    frame_of(T_SUP)->x[2] = 0;
    CHECK(host_syscall(SYS_POWER) == NULL);
    CHECK_EQUAL(host.end, HOST_RESET);
}

TEST(every_number_is_answered)
{
    system_start();
    components[APP].caps[S_POWER].object = NULL;
    for (uint64_t number = 0; number < SYS_COUNT + 4; number++) {
        if (number == SYS_EXIT || number == SYS_REPLY_WAIT)
            continue;
        if (running() != T_APP)
            system_run(T_APP);
        for (unsigned i = 0; i < 31; i++)
            frame_of(T_APP)->x[i] = UINT64_MAX;
        host_syscall(number);
        CHECK_EQUAL(running(), T_APP);
        CHECK(number <= SYS_POLL || number == SYS_YIELD || number == SYS_READY ||
              frame_of(T_APP)->x[0] != STATUS_OK);
        CHECK(frame_of(T_APP)->x[0] != UINT64_MAX);
    }
}
