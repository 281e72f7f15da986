// Floating point: the registers of two components that have it, in turns.
// SPDX-License-Identifier: BSD-2-Clause

#include "../culprit/culprit.h"
#include "../floater/floater.h"
#include "../supervise.h"

#include <instructions.h>

NO_SUPERVISION
NO_HANDLER(on_first_poke)
NO_HANDLER(on_first_nudge)
NO_HANDLER(on_second_poke)
NO_HANDLER(on_second_nudge)
NO_HANDLER(on_culprit_poke)
NO_HANDLER(on_culprit_nudge)

#define FIRST_VALUE  0x1111000000000000
#define SECOND_VALUE 0x2222000000000000

static uint64_t ask(slot_t floater, unsigned label, uint64_t word)
{
    uint64_t answer = 0, status = raw_call(floater, label, word, 0, &answer);

    return status == 0 ? answer : ~status;
}

int main(void)
{
    check_equal("the_registers_are_0_at_boot", ask(SLOT_USE_FIRST, FLOAT_AT_START, 0), 0);
    check_equal("floating_point_works", ask(SLOT_USE_FIRST, FLOAT_SET, FIRST_VALUE), 0);
    check_equal("the_registers_are_kept", ask(SLOT_USE_FIRST, FLOAT_CHECK, FIRST_VALUE), 0);
    check_equal("nothing_leaks_to_another_thread", ask(SLOT_USE_SECOND, FLOAT_AT_START, 0), 0);
    ask(SLOT_USE_SECOND, FLOAT_SET, SECOND_VALUE);
    check_equal("another_thread_has_its_own", ask(SLOT_USE_FIRST, FLOAT_CHECK, FIRST_VALUE), 0);
    check_equal("and_the_other_too", ask(SLOT_USE_SECOND, FLOAT_CHECK, SECOND_VALUE), 0);
    check_equal("a_check_can_fail", ask(SLOT_USE_SECOND, FLOAT_CHECK, FIRST_VALUE),
                ask(SLOT_USE_FIRST, FLOAT_COUNT, 0));
    check_equal("while_an_owner_has_it_others_still_fault",
                ask(SLOT_USE_CULPRIT, CULPRIT_INSTRUCTION, INSTRUCTION_FPU), ~(uint64_t)STATUS_PEER_DIED);
    check_equal("the_owner_ends", ask(SLOT_USE_SECOND, FLOAT_FAULT, 0), ~(uint64_t)STATUS_PEER_DIED);
    check_equal("the_owner_restarts", restart_child(SLOT_CHILD_FLOATER2), STATUS_OK);
    check_equal("the_registers_are_0_after_restart", ask(SLOT_USE_SECOND, FLOAT_AT_START, 0), 0);
    check_equal("the_others_are_kept", ask(SLOT_USE_FIRST, FLOAT_CHECK, FIRST_VALUE), 0);
    finish();
}
