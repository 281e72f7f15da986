// The debug console: boot messages, what components print through a console capability, and panics.
//
// When a component claims the UART, the kernel stops using it once that component runs, and comes back only to panic.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

#include <stdarg.h>

// Maps the UART. Nothing is printed before.
void console_init(void);

// Formats: %s %c %u (unsigned) %lu (uint64_t) %x %lx (hexadecimal). Silent while the console is claimed.
__attribute__((format(printf, 1, 2))) void print(const char *format, ...);
void print_list(const char *format, va_list list);
// A core wants to write a piece of a line, its last one or not. False: another core is within a line, try again.
bool console_begin_piece(struct core *core, bool last);
// Raw bytes, as they are.
void console_write(const char *text, uint64_t bytes);

// From now on the claiming component has the UART. Until console_take().
void console_yield(void);
void console_take(void); // by a panic: only this core writes from now on

// What is printed from now on is also put into this text, cut at its end, with a final 0. NULL: no more.
void console_keep(char *text, uint64_t bytes);

// One line on why the component of this thread failed, and its backtrace.
void console_report_fault(const struct component *component, const struct thread *thread);
