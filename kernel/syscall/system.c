// System calls on the whole system: console, power, inspection.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/console.h>
#include <kernel/inspect.h>
#include <kernel/lend.h>

struct kobject console_object = {.generation = 1, .type = CAP_CONSOLE};
struct kobject power_object = {.generation = 1, .type = CAP_POWER};

static enum status find(struct thread *thread, enum cap_type type)
{
    struct cap *cap;

    return cap_find(thread->component, frame_argument(&thread->frame, 0), type, RIGHT_CALL, &cap);
}

// A UART is slow: this many characters are sent with interrupts off, the call is repeated for the rest.
#define CONSOLE_PIECE 16

// BUSY as long as there is more to send; the arguments are the progress.
static enum status write_console(struct core *core, struct thread *thread)
{
    uint64_t address = frame_argument(&thread->frame, 1), bytes = frame_argument(&thread->frame, 2);
    uint64_t piece = bytes < CONSOLE_PIECE ? bytes : CONSOLE_PIECE;
    char text[CONSOLE_PIECE];
    enum status status = find(thread, CAP_CONSOLE);

    if (status != STATUS_OK)
        return status;
    if (bytes > CONSOLE_WRITE_MAX)
        return STATUS_BAD_ARGUMENT;
    status = user_read(thread->component, text, address, piece);
    if (status != STATUS_OK)
        return status;
    if (!console_begin_piece(core, bytes == piece))
        return STATUS_BUSY;
    console_write(text, piece);
    frame_set_argument(&thread->frame, 1, address + piece);
    frame_set_argument(&thread->frame, 2, bytes - piece);
    return bytes == piece ? STATUS_OK : STATUS_BUSY;
}

void sys_console_write(struct core *core, struct thread *thread)
{
    enum status status = write_console(core, thread);

    if (status == STATUS_BUSY)
        frame_repeat_syscall(&thread->frame);
    else
        frame_set_result(&thread->frame, 0, status);
}

void sys_power(struct core *core, struct thread *thread)
{
    uint64_t operation = frame_argument(&thread->frame, 1), code = frame_argument(&thread->frame, 2);
    enum status status = find(thread, CAP_POWER);

    (void)core;
    if (status == STATUS_OK && (operation >= POWER_OPS || code > UINT8_MAX))
        status = STATUS_BAD_ARGUMENT;
    if (status == STATUS_OK && operation == POWER_RESET)
        arch_reset();
    if (status == STATUS_OK) {
        print("tenon: power off, code %lu\n", code);
        arch_power_off((uint8_t)code);
    }
    frame_set_result(&thread->frame, 0, status);
}

void sys_inspect(struct core *core, struct thread *thread)
{
    uint64_t out[INSPECT_WORDS] = {0};
    enum status status = find(thread, CAP_INSPECT);

    (void)core;
    if (status == STATUS_OK)
        status = inspect(frame_argument(&thread->frame, 1), frame_argument(&thread->frame, 2),
                         frame_argument(&thread->frame, 3), out);
    frame_set_result(&thread->frame, 0, status);
    for (unsigned i = 0; i < INSPECT_WORDS; i++)
        frame_set_result(&thread->frame, 1 + i, out[i]);
}
