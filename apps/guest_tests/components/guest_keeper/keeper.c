// Keeper: its guest keeps numbers in all registers, and says after each round whether they are the same.
// SPDX-License-Identifier: BSD-2-Clause

#include <config.h>
#include <glue.h>
#include <programs.h>
#include <tenon/event_loop.h>

#define SEED 0x5eed00000000000

static uint64_t rounds, wrong;

void on_guest_changed(void)
{
    wrong = ~0ull; // it does not end
}

void on_fault(struct message *exit)
{
    if (exit->words[EXIT_REASON] == FAULT_EXECUTE && exit->words[EXIT_ADDRESS] == GUEST_ENTRY) {
        load_program((void *)GUEST_MEMORY_BASE, program_keeper, program_keeper_end);
        set_start(SLOT_VCPU_0, GUEST_RAM, SEED);
    } else if (exit->words[EXIT_REASON] == FAULT_FOREIGN_CALL) {
        rounds++;
        if (exit->words[CALL_X0] != 0)
            wrong = exit->words[CALL_X0];
    } else {
        wrong = exit->words[EXIT_DETAIL] | 1ull << 63;
    }
    answer(exit, FAULT_REPLY_RESUME, 0, 0, 0);
}

enum status progress_read(const struct call *call, uint64_t *count, uint64_t *worst)
{
    (void)call;
    *count = rounds;
    *worst = wrong;
    return STATUS_OK;
}

int main(void)
{
    event_loop_run();
}
