// Panic and backtrace.
// SPDX-License-Identifier: BSD-2-Clause

#include <assert.h>
#include <integer_printf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include <tenon/instance.h>
#include <tenon/log_write.h>
#include <tenon/panic.h>

#include <frame_arch.h>

#include "line.h"

#define BACKTRACE_FRAMES 12  // of "0x" and 16 digits and a blank: with the words in front, one line

struct frame_record {
    uintptr_t caller; // its frame pointer
    uintptr_t return_address;
};

static const struct frame_record *record_at(uintptr_t frame_pointer)
{
    return (const struct frame_record *)(frame_pointer + FRAME_RECORD_OFFSET);
}

// The nearest stack top above an address of this thread; 0 if there is none.
static uintptr_t stack_top_above(uintptr_t address)
{
    uintptr_t best = 0;

    for (unsigned i = 0; i < instance.threads; i++) {
        uintptr_t top = instance_threads[i].stack_top;

        if (top > address && (best == 0 || top < best))
            best = top;
    }
    return best;
}

// Whether a frame record can be read there: a broken chain must not fault while we tell about a bug.
static bool frame_is_sane(const struct frame_record *frame, uintptr_t above, uintptr_t top)
{
    uintptr_t address = (uintptr_t)frame;

    return address > above && address % FRAME_RECORD_ALIGN == 0 && address < top &&
           top - address >= sizeof *frame;
}

static void write_backtrace(const struct frame_record *frame)
{
    char text[LOG_LINE_BYTES];
    size_t bytes = (size_t)sniprintf(text, sizeof text, "tenon: backtrace %.32s", instance.name);
    uintptr_t below = (uintptr_t)frame - 1;
    uintptr_t top = stack_top_above(below);

    for (unsigned i = 0; i < BACKTRACE_FRAMES && frame_is_sane(frame, below, top); i++) {
        if (sizeof text - bytes < sizeof " 0x0123456789abcdef\n" || frame->return_address == 0)
            break;
        // The first address of a backtrace is taken as it is: within the call, not behind it.
        bytes += (size_t)sniprintf(text + bytes, sizeof text - bytes, " 0x%" PRIxPTR,
                                   frame->return_address - (i == 0));
        below = (uintptr_t)frame;
        frame = record_at(frame->caller);
    }
    text[bytes++] = '\n';
    instance_log(LOG_LEVEL_ERROR, text, bytes);
}

void panic(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line_write(LOG_LEVEL_ERROR, "panic: ", format, arguments);
    va_end(arguments);
    write_backtrace(record_at((uintptr_t)__builtin_frame_address(0)));
    sys_exit(PANIC_EXIT_CODE);
}

void refuse(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line_write(LOG_LEVEL_ERROR, "refuses: ", format, arguments);
    va_end(arguments);
    sys_exit(REFUSE_EXIT_CODE);
}

// The C library's way to give up.
noreturn void abort(void)
{
    panic("abort");
}

void __assert_func(const char *file, int line, const char *function, const char *expression)
{
    panic("%s:%d: %s: %s is not true", file, line, function, expression);
}
