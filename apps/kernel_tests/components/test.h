// What every component of the kernel tests shares: a line on the console for each check, and raw messages.
// tests/system/kernel_checks.py knows the name of each check; one that does not come is a failure too.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <config.h>
#include <glue.h>
#include <tenon/event_loop.h>
#include <tenon/stub.h>
#include <tenon/syscall.h>

#define MILLISECOND 1000000ull
#define UNUSED      __attribute__((unused))

#ifdef SLOT_CONSOLE
__attribute__((format(printf, 1, 2))) UNUSED static void say(const char *format, ...)
{
    char line[CONSOLE_WRITE_MAX];
    va_list list;

    va_start(list, format);
    int bytes = vsnprintf(line, sizeof line, format, list);

    va_end(list);
    sys_console_write(SLOT_CONSOLE, line, bytes < (int)sizeof line ? (size_t)bytes : sizeof line - 1);
}

// `pass SUBJECT NAME`, or `fail ...` with what was seen.
UNUSED static void check_equal(const char *name, uint64_t got, uint64_t expected)
{
    if (got == expected)
        say("pass %s %s\n", INSTANCE_NAME, name);
    else
        say("fail %s %s: expected 0x%lx, got 0x%lx\n", INSTANCE_NAME, name, (unsigned long)expected,
            (unsigned long)got);
}

UNUSED static void check_between(const char *name, uint64_t got, uint64_t least, uint64_t most)
{
    if (got >= least && got <= most)
        say("pass %s %s\n", INSTANCE_NAME, name);
    else
        say("fail %s %s: expected %lu to %lu, got %lu\n", INSTANCE_NAME, name, (unsigned long)least,
            (unsigned long)most, (unsigned long)got);
}

UNUSED static void check(const char *name, bool right)
{
    say("%s %s %s\n", right ? "pass" : "fail", INSTANCE_NAME, name);
}

// Ends a subject: the next one, which starts after it, goes on.
UNUSED static noreturn void finish(void)
{
    say("done %s\n", INSTANCE_NAME);
    event_loop_run();
}
#endif

// --- Raw messages -----------------------------------------------------------------------------

// A call without lends: label, and two of the words.
UNUSED static struct message raw_message(unsigned label, uint64_t word0, uint64_t word1)
{
    return (struct message){.info = message_info(label, 2, 0, false), .words = {word0, word1}};
}

// The status of the call, or, when the server answered, the label of its answer; *word0 is its first word.
UNUSED static uint64_t raw_call(slot_t slot, unsigned label, uint64_t word0, uint64_t word1, uint64_t *answer)
{
    struct message message = raw_message(label, word0, word1);
    enum status status = sys_call(slot, &message);

    if (answer)
        *answer = message.words[0];
    return status != STATUS_OK ? status : message_label(&message);
}

// Answers a call with a label and one word. The message's token is used up.
UNUSED static enum status raw_answer(token_t token, unsigned label, uint64_t word0)
{
    struct message message = {.info = message_info(label, 1, 0, false), .token = token, .words = {word0}};

    return sys_reply(&message);
}

// Receives the next thing, whatever it is.
UNUSED static unsigned raw_receive(struct message *message)
{
    *message = (struct message){0};
    sys_reply_wait(message);
    return message_kind(message);
}

#ifdef SLOT_CLOCK
UNUSED static void spin(nanos_t time)
{
    nanos_t until = sys_clock(SLOT_CLOCK) + time;

    while (sys_clock(SLOT_CLOCK) < until)
        ;
}
#endif

// A notification bit that the subject waits for itself instead of by the event loop.
#define NO_HANDLER(name) \
    void name(void)      \
    {                    \
    }
