// The debug console over a polled UART, and the small formatter behind it.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/console.h>

#include <arch/mmu.h>
#include <kernel/layout.h>
#include <kernel/lend.h>
#include <kernel/uart.h>

#define BACKTRACE_MAX 16

static volatile void *uart;
static bool claimed;
static char *kept; // see console_keep()
static uint64_t kept_room;

void console_init(void)
{
    if (layout_board.console_base)
        uart = arch_map_device(layout_board.console_base, PAGE_SIZE);
}

void console_yield(void)
{
    claimed = true;
}

void console_take(void)
{
    claimed = false;
}

void console_keep(char *text, uint64_t bytes)
{
    kept = text;
    kept_room = text ? bytes : 0;
    if (kept_room)
        *kept = 0;
}

static void keep(char c)
{
    if (kept_room < 2)
        return;
    *kept++ = c;
    *kept = 0;
    kept_room--;
}

static void put(char c)
{
    if (c == '\n')
        uart_put(uart, '\r');
    uart_put(uart, c);
}

void console_write(const char *text, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes && kept; i++)
        keep(text[i]);
    if (uart == NULL || claimed)
        return;
    for (uint64_t i = 0; i < bytes; i++)
        put(text[i]);
}

static void print_string(const char *text)
{
    console_write(text, __builtin_strlen(text));
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
    case 's': print_string(va_arg(*list, const char *)); break;
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
    while (*format) {
        const char *start = format;

        while (*format && *format != '%')
            format++;
        console_write(start, (uint64_t)(format - start));
        if (*format)
            format = print_one(format + 1, &rest);
    }
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

        if (user_read(component, record, frame_record(frame), sizeof record) != STATUS_OK || record[1] == 0)
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

    print("tenon: component %s failed: %s at 0x%lx, pc 0x%lx\n", component->layout->name, fault_names[reason],
          component->fault_address, frame_pc(&thread->frame));
    print_backtrace(component, component->fault_pc, component->fault_frame);
}
