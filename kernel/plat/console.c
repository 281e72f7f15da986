// The debug console over a polled UART, and the small formatter behind it.
// One core writes at a time; `writer` is the kernel's only lock. It is held for one message, or one piece of one, and
// nothing is called under it but the UART. A panic does not ask for it.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/console.h>

#include <arch/core.h>
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/layout.h>
#include <kernel/lend.h>
#include <kernel/uart.h>

#define BACKTRACE_MAX 16

static volatile void *uart;
static bool claimed;
static struct core *writer;        // atomic: who holds the lock
static unsigned depth;             // how often
static const struct core *panicked; // the one that has it for good
static char *kept; // see console_keep()
static uint64_t kept_room;

void console_init(void)
{
    if (layout_board.console_base)
        uart = uart_map(layout_board.console_base);
}

void console_yield(void)
{
    claimed = true;
}

void console_take(void)
{
    panicked = arch_core();
    claimed = false;
}

static void lock(void)
{
    struct core *core = arch_core(), *nobody = NULL;

    while (__atomic_load_n(&writer, __ATOMIC_RELAXED) != core && panicked == NULL &&
           !__atomic_compare_exchange_n(&writer, &nobody, core, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        nobody = NULL;
        arch_core_relax();
    }
    depth++;
}

static void unlock(void)
{
    if (--depth == 0)
        __atomic_store_n(&writer, NULL, __ATOMIC_RELEASE);
}

void console_keep(char *text, uint64_t bytes)
{
    kept = text;
    kept_room = text ? bytes : 0;
    if (kept_room)
        *kept = 0;
}

void console_write(const char *text, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes && kept_room > 1; i++, kept_room--) {
        *kept++ = text[i];
        *kept = 0;
    }
    if (uart == NULL || claimed || (panicked && panicked != arch_core()))
        return;
    lock();
    for (uint64_t i = 0; i < bytes; i++) {
        if (text[i] == '\n')
            uart_put(uart, '\r');
        uart_put(uart, text[i]);
    }
    unlock();
}

// A thread's line goes out in pieces, between which others of its core may write. Those of other cores wait for its end,
// for a while: nobody depends on them coming on with it.
#define PATIENCE 1000

bool console_begin_piece(struct core *core, bool last)
{
    static struct core *line; // who is within a line
    static unsigned patience;
    bool mine;

    lock();
    mine = line == NULL || line == core || patience == 0;
    patience = mine ? PATIENCE : patience - 1;
    if (mine)
        line = last ? NULL : core;
    unlock();
    return mine;
}

static void print_number(uint64_t value, unsigned base)
{
    char digits[20];
    unsigned at = sizeof digits;

    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    console_write(digits + at, sizeof digits - at);
}

// One conversion; returns what follows it.
static const char *print_one(const char *format, va_list *list)
{
    bool wide = *format == 'l';

    format += wide;
    switch (*format) {
    case 's':
        for (const char *text = va_arg(*list, const char *); *text; text++)
            console_write(text, 1);
        break;
    case 'c': console_write(&(char){(char)va_arg(*list, int)}, 1); break;
    case 'u': print_number(wide ? va_arg(*list, uint64_t) : va_arg(*list, unsigned), 10); break;
    case 'x': print_number(wide ? va_arg(*list, uint64_t) : va_arg(*list, unsigned), 16); break;
    default: console_write("%", 1); return format;
    }
    return format + 1;
}

void print_list(const char *format, va_list list)
{
    va_list rest;

    va_copy(rest, list);
    lock();
    while (*format) {
        const char *start = format;

        while (*format && *format != '%')
            format++;
        console_write(start, (uint64_t)(format - start));
        if (*format)
            format = print_one(format + 1, &rest);
    }
    unlock();
    va_end(rest);
}

void print(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    print_list(format, list);
    va_end(list);
}

static const char *const fault_names[FAULT_REASONS] = {
    [FAULT_NONE] = "nothing",
    [FAULT_READ] = "read fault",
    [FAULT_WRITE] = "write fault",
    [FAULT_EXECUTE] = "execute fault",
    [FAULT_ALIGNMENT] = "alignment fault",
    [FAULT_INSTRUCTION] = "undefined or forbidden instruction",
    [FAULT_BREAKPOINT] = "breakpoint",
    [FAULT_FPU] = "floating point without `fpu: true`",
    [FAULT_FOREIGN_CALL] = "foreign system call",
    [FAULT_BUS] = "bus error",
    [FAULT_OTHER] = "unknown exception",
};

// Frame records are user memory: each is walked, and only upwards, so the loop ends.
static void print_backtrace(const struct component *component, uint64_t pc, uint64_t frame)
{
    print("tenon: backtrace %s 0x%lx", component->layout->name, pc);
    for (unsigned i = 0; i < BACKTRACE_MAX; i++) {
        uint64_t record[2]; // the caller's frame, the return address

        if (user_copy(component, frame_record(frame), record, sizeof record, RIGHT_READ) != STATUS_OK || record[1] == 0)
            break;
        print(" 0x%lx", record[1]);
        if (record[0] <= frame)
            break;
        frame = record[0];
    }
    print("\n");
}

void console_report_fault(const struct component *component, const struct thread *thread)
{
    unsigned reason = component->fault_reason < FAULT_REASONS ? component->fault_reason : FAULT_OTHER;

    lock(); // its lines stay together
    print("tenon: component %s failed: %s at 0x%lx, pc 0x%lx\n", component->layout->name, fault_names[reason],
          component->fault_address, thread->frame.pc);
    print_backtrace(component, component->fault_pc, component->fault_frame);
    unlock();
}
