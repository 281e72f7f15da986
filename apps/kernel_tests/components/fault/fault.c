// Faults: every reason, with a twin that is allowed.
// SPDX-License-Identifier: BSD-2-Clause

#include "../culprit/culprit.h"
#include "../supervise.h"

#include <instructions.h>
#include <machine.h>

NO_SUPERVISION
NO_HANDLER(on_culprit_poke)
NO_HANDLER(on_culprit_nudge)

// Far enough into our region that a small component has nothing at that address.
#define SECRET_ADDRESS (REGION_SECRET_BASE + (1 << 20))

static uint64_t culprit(unsigned act, uint64_t word)
{
    uint64_t answer = 0, status = raw_call(SLOT_USE_CULPRIT, act, word, 0, &answer);

    return status == 0 ? answer : ~status;
}

static uint64_t where(enum culprit_place place)
{
    return culprit(CULPRIT_WHERE, place);
}

static void check_allowed(const char *name, unsigned act, uint64_t word)
{
    check_equal(name, culprit(act, word), 0);
}

// Tries it, and has the culprit back afterwards. The address counts when `address` is not 0.
static void check_fault_at(const char *name, unsigned act, uint64_t word, enum fault_reason reason,
                           uint64_t address)
{
    uint64_t result = culprit(act, word);
    struct component_report report = state_of(SLOT_CHILD_CULPRIT);

    if (result != ~(uint64_t)STATUS_PEER_DIED || report_state(&report) != COMPONENT_FAULTED)
        check(name, false);
    else if (address && report.fault_address != address)
        check_equal(name, report.fault_address, address);
    else
        check_equal(name, report_reason(&report), reason);
    if (report_state(&report) == COMPONENT_FAULTED)
        restart_child(SLOT_CHILD_CULPRIT);
}

static void check_memory(void)
{
    check_allowed("own_data_can_be_read", CULPRIT_READ, where(CULPRIT_DATA));
    check_allowed("own_data_can_be_written", CULPRIT_WRITE, where(CULPRIT_DATA));
    check_allowed("own_text_can_be_read", CULPRIT_READ, where(CULPRIT_TEXT));
    check_allowed("own_text_can_be_executed", CULPRIT_JUMP, where(CULPRIT_TEXT));
    check_allowed("own_constants_can_be_read", CULPRIT_READ, where(CULPRIT_CONSTANT));
    check_fault_at("address_0_cannot_be_read", CULPRIT_READ, 0, FAULT_READ, 0);
    check_fault_at("address_0_cannot_be_executed", CULPRIT_JUMP, 0, FAULT_EXECUTE, 0);
    check_fault_at("unmapped_memory_cannot_be_read", CULPRIT_READ, 0x1000, FAULT_READ, 0x1000);
    check_fault_at("unmapped_memory_cannot_be_written", CULPRIT_WRITE, UNMAPPED, FAULT_WRITE, UNMAPPED);
    check_fault_at("own_text_cannot_be_written", CULPRIT_WRITE, where(CULPRIT_TEXT), FAULT_WRITE,
                   where(CULPRIT_TEXT));
    check_fault_at("own_constants_cannot_be_written", CULPRIT_WRITE, where(CULPRIT_CONSTANT), FAULT_WRITE,
                   where(CULPRIT_CONSTANT));
    check_fault_at("own_constants_cannot_be_executed", CULPRIT_JUMP, where(CULPRIT_CONSTANT) & ~3ull,
                   FAULT_EXECUTE, 0);
    check_fault_at("own_data_cannot_be_executed", CULPRIT_JUMP, where(CULPRIT_DATA), FAULT_EXECUTE,
                   where(CULPRIT_DATA));
    check_fault_at("the_stack_cannot_be_executed", CULPRIT_JUMP, where(CULPRIT_STACK), FAULT_EXECUTE, 0);
}

static void check_kernel_memory(void)
{
    check_fault_at("kernel_text_cannot_be_read", CULPRIT_READ, KERNEL_TEXT, FAULT_READ, KERNEL_TEXT);
    check_fault_at("kernel_text_cannot_be_executed", CULPRIT_JUMP, KERNEL_TEXT, FAULT_EXECUTE, KERNEL_TEXT);
    check_fault_at("the_kernels_view_of_ram_cannot_be_read", CULPRIT_READ, KERNEL_RAM, FAULT_READ,
                   KERNEL_RAM);
    check_fault_at("the_kernels_devices_cannot_be_read", CULPRIT_READ, KERNEL_WINDOW, FAULT_READ,
                   KERNEL_WINDOW);
    check_fault_at("beyond_the_user_half_cannot_be_read", CULPRIT_READ, USER_END, FAULT_READ, USER_END);
    check_fault_at("a_tagged_address_is_another_address", CULPRIT_READ, where(CULPRIT_DATA) | TAG, FAULT_READ,
                   0);
    check_fault_at("physical_ram_cannot_be_read", CULPRIT_READ, BOARD_RAM, FAULT_READ, BOARD_RAM);
    check_fault_at("an_unowned_uart_cannot_be_read", CULPRIT_READ, BOARD_UART, FAULT_READ, BOARD_UART);
    check_fault_at("an_unowned_clock_cannot_be_read", CULPRIT_READ, BOARD_CLOCK, FAULT_READ, BOARD_CLOCK);
    check_fault_at("the_interrupt_controller_cannot_be_read", CULPRIT_READ, BOARD_INTERRUPT_CONTROLLER,
                   FAULT_READ, BOARD_INTERRUPT_CONTROLLER);
}

static void check_foreign_memory(void)
{
    volatile uint64_t *secret = (uint64_t *)SECRET_ADDRESS;

    *secret = 0x5ec7e7;
    check_equal("its_owner_can_read_a_region", *secret, 0x5ec7e7);
    check_fault_at("others_cannot_read_it", CULPRIT_READ, SECRET_ADDRESS, FAULT_READ, SECRET_ADDRESS);
}

static void check_alignment(void)
{
    check_allowed("an_aligned_exclusive_load_works", CULPRIT_EXCLUSIVE, where(CULPRIT_DATA));
    if (ALIGNED_LOADS)
        check_fault_at("an_unaligned_exclusive_load_faults", CULPRIT_EXCLUSIVE, where(CULPRIT_DATA) + 1,
                   FAULT_ALIGNMENT, where(CULPRIT_DATA) + 1);
    check_allowed("an_unaligned_load_works", CULPRIT_READ, where(CULPRIT_DATA) + 1);
    if (UNALIGNED_PC)
        check_fault_at("an_unaligned_pc_faults", CULPRIT_JUMP, where(CULPRIT_TEXT) + UNALIGNED_PC,
                       FAULT_ALIGNMENT, 0);
}

static void check_stack(void)
{
    check_fault_at("a_stack_overflow_hits_the_page_below", CULPRIT_STACK_DOWN, 0, FAULT_WRITE,
                   where(CULPRIT_STACK_BASE) - 8);
    check_fault_at("a_stack_underflow_hits_the_page_above", CULPRIT_STACK_UP, 0, FAULT_READ,
                   where(CULPRIT_STACK_TOP));
}

#define INSTRUCTION_ROW(name, text, reason) {"instruction_" #name, reason},
static const struct {
    const char *name;
    unsigned reason;
} instructions[] = {MACHINE_INSTRUCTIONS(INSTRUCTION_ROW)};

static void check_fault_if_there(const char *name, unsigned number)
{
    culprit(CULPRIT_INSTRUCTION, number);
    enum fault_reason reason = child_reason(SLOT_CHILD_CULPRIT);

    check(name, reason == FAULT_FPU || reason == FAULT_INSTRUCTION);
    restart_child(SLOT_CHILD_CULPRIT);
}

static void check_instructions(void)
{
    for (unsigned i = 0; i < INSTRUCTION_COUNT; i++) {
        if (instructions[i].reason == FAULT_NONE)
            check_allowed(instructions[i].name, CULPRIT_INSTRUCTION, i);
        else if (instructions[i].reason == FAULT_FPU_IF_THERE)
            check_fault_if_there(instructions[i].name, i);
        else
            check_fault_at(instructions[i].name, CULPRIT_INSTRUCTION, i, instructions[i].reason, 0);
    }
    check_equal("the_first_number_without_a_system_call", culprit(CULPRIT_NUMBER, 0), STATUS_BAD_SYSCALL);
    check_equal("the_last_number_without_a_system_call", culprit(CULPRIT_LAST_NUMBER, 0), STATUS_BAD_SYSCALL);
}

int main(void)
{
    check_memory();
    check_kernel_memory();
    check_foreign_memory();
    check_alignment();
    check_stack();
    check_instructions();
    finish();
}
