// System calls on the whole system: console, power, inspection.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/console.h>
#include <kernel/inspect.h>
#include <kernel/lend.h>

struct kobject console_object = {.generation = 1, .type = CAP_CONSOLE};
struct kobject power_object = {.generation = 1, .type = CAP_POWER};

// A UART is slow: this many characters are sent with interrupts off, the call is repeated for the rest.
#define CONSOLE_PIECE 16

// Repeats itself as long as there is more to send; the arguments are the progress.
enum status sys_console_write(struct thread *thread, struct cap *cap)
{
    uint64_t address = frame_get(&thread->frame, 1), bytes = frame_get(&thread->frame, 2);
    uint64_t piece = least(bytes, CONSOLE_PIECE);
    char text[CONSOLE_PIECE];

    if (bytes > CONSOLE_WRITE_MAX)
        return STATUS_BAD_ARGUMENT;
    enum status status = user_copy(thread->component, address, text, piece, RIGHT_READ);

    if (status != STATUS_OK)
        return status;
    if (!console_begin_piece(thread->core, bytes == piece))
        return STATUS_REPEAT;
    console_write(text, piece);
    frame_set(&thread->frame, 1, address + piece);
    frame_set(&thread->frame, 2, bytes - piece);
    return bytes == piece ? STATUS_OK : STATUS_REPEAT;
}

enum status sys_power(struct thread *thread, struct cap *cap)
{
    uint64_t operation = frame_get(&thread->frame, 1), code = frame_get(&thread->frame, 2);

    if (operation >= POWER_OPS || code > UINT8_MAX)
        return STATUS_BAD_ARGUMENT;
    if (operation == POWER_RESET)
        arch_reset();
    print("tenon: power off, code %lu\n", code);
    arch_power_off((uint8_t)code);
    return STATUS_OK;
}

enum status sys_inspect(struct thread *thread, struct cap *cap)
{
    const struct arch_frame *frame = &thread->frame;
    uint64_t out[INSPECT_WORDS];
    enum status status = inspect(frame_get(frame, 1), frame_get(frame, 2), frame_get(frame, 3), out);

    for (unsigned i = 0; i < INSPECT_WORDS; i++)
        frame_set(&thread->frame, 1 + i, out[i]);
    return status;
}
