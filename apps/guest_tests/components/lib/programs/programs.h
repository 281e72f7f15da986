// Programs for guests, and what a handler does with its guest. They run where they are copied to, with translation off.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/guest.h>
#include <string.h>
#include <tenon/syscall.h>

// Of programs.S: from NAME to NAME_end.
#define PROGRAM(name) extern const char name[], name##_end[]
PROGRAM(program_calls);
PROGRAM(program_accesses);
PROGRAM(program_interrupts);
PROGRAM(program_timer);
PROGRAM(program_storm);
PROGRAM(program_wild);
PROGRAM(program_reach);
PROGRAM(program_exception);
PROGRAM(program_float);
PROGRAM(program_keeper);
PROGRAM(program_costs);
PROGRAM(program_spin);

// Devices that the handlers play: nothing is mapped there.
#define DEVICE 0x9000000

// Words of an exit.
enum { EXIT_REASON, EXIT_ADDRESS, EXIT_PC, EXIT_DETAIL, EXIT_VALUE, EXIT_REFUSED = MESSAGE_WORDS - 1 };
// Of a call: registers 8, 0, 1 and so on.
enum { CALL_X8 = 1, CALL_X0, CALL_X1, CALL_X2, CALL_X3, CALL_X4, CALL_X5 };

static inline void load_program(void *memory, const char *from, const char *end)
{
    memcpy(memory, from, (size_t)(end - from));
    __asm__ volatile("dsb sy" : : : "memory");
}

// The guest's answer becomes its exit's: label and words.
static inline void answer(struct message *exit, unsigned label, uint64_t result, uint64_t interrupt, uint64_t address)
{
    *exit = (struct message){
        .info = message_info(label, 3, 0, false), .token = exit->token, .words = {result, interrupt, address}};
}

// Where a virtual CPU goes on that waits for its first answer.
static inline enum status set_start(slot_t vcpu, uint64_t pc, uint64_t argument)
{
    struct thread_registers registers = {.pc = pc};

    registers.x[0] = argument;
    return sys_frame_write(vcpu, &registers);
}
