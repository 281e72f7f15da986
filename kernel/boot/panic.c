// Panic: print, keep, end. The text is kept in a page of RAM that boot does not clear.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/panic.h>

#include <arch/boot.h>
#include <arch/core.h>
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/console.h>
#include <kernel/layout.h>

#define CRASH_MAGIC 0x3a68736172436e54ull

struct crash_log {
    uint64_t magic;
    uint64_t sum;
    uint64_t when; // ns since the boot that crashed
    char text[200];
};

static struct crash_log *crash_log(void)
{
    return arch_physical(arch_ram_base + layout_board.crash_log_offset);
}

static uint64_t crash_sum(const struct crash_log *log)
{
    uint64_t sum = log->magic ^ log->when;

    for (unsigned i = 0; i < sizeof log->text; i++)
        sum = (sum << 5 | sum >> 59) ^ (uint8_t)log->text[i];
    return sum;
}

void crash_log_report(void)
{
    struct crash_log *log = crash_log();

    if (log == NULL || log->magic != CRASH_MAGIC || log->sum != crash_sum(log))
        return;
    log->text[sizeof log->text - 1] = 0;
    print("tenon: the last run ended in a panic after %lu ns: %s\n", log->when, log->text);
    log->magic = 0;
    arch_clean(log, sizeof *log);
}

void system_fail(uint8_t policy)
{
    if (policy == FAIL_RESET)
        arch_reset();
    if (policy == FAIL_HALT)
        arch_power_off(1);
}

void panic(const char *format, ...)
{
    static struct core *panicking; // atomic
    struct core *first = NULL;
    struct crash_log *log = crash_log();
    va_list list;

    if (__atomic_compare_exchange_n(&panicking, &first, arch_core(), false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        console_take();
        va_start(list, format);
        print("\ntenon: panic: ");
        // What is printed from here on goes to the record, which counts once it has its sum.
        if (log) {
            *log = (struct crash_log){.when = arch_clock()};
            console_keep(log->text, sizeof log->text);
        }
        print_list(format, list);
        console_keep(NULL, 0);
        if (log) {
            log->magic = CRASH_MAGIC;
            log->sum = crash_sum(log);
            arch_clean(log, sizeof *log);
        }
        print("\n");
        va_end(list);
    }
    while (first && first != arch_core())
        arch_core_relax(); // another core's panic ends the system
    // A panic within a panic prints nothing more.
    if (layout_failure.on_panic == FAIL_RESET)
        arch_reset();
    arch_power_off(2);
}
