// Faults: every reason, with a twin that is allowed.
// SPDX-License-Identifier: BSD-2-Clause

#include "../culprit/culprit.h"
#include "../supervise.h"

NO_SUPERVISION
NO_HANDLER(on_culprit_poke)
NO_HANDLER(on_culprit_nudge)

#define KERNEL_TEXT          0xffffffff80000000
#define KERNEL_RAM           0xffffff8000000000
#define KERNEL_WINDOW        0xffffffffc0000000
#define BEYOND_USER          0x8000000000  // the first address that page tables of components do not reach
#define TAG                  0x5500000000000000  // a top byte that must not be ignored
#define RAM                  0x40000000  // physical addresses of the board, none of which is mapped there
#define UART                 0x9000000
#define CLOCK                0x9010000
#define INTERRUPT_CONTROLLER 0x8000000
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
    check_fault_at("unmapped_memory_cannot_be_written", CULPRIT_WRITE, 0x40000000, FAULT_WRITE, 0x40000000);
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
    check_fault_at("beyond_the_user_half_cannot_be_read", CULPRIT_READ, BEYOND_USER, FAULT_READ, BEYOND_USER);
    check_fault_at("a_tagged_address_is_another_address", CULPRIT_READ, where(CULPRIT_DATA) | TAG, FAULT_READ,
                   0);
    check_fault_at("physical_ram_cannot_be_read", CULPRIT_READ, RAM, FAULT_READ, RAM);
    check_fault_at("an_unowned_uart_cannot_be_read", CULPRIT_READ, UART, FAULT_READ, UART);
    check_fault_at("an_unowned_clock_cannot_be_read", CULPRIT_READ, CLOCK, FAULT_READ, CLOCK);
    check_fault_at("the_interrupt_controller_cannot_be_read", CULPRIT_READ, INTERRUPT_CONTROLLER, FAULT_READ,
                   INTERRUPT_CONTROLLER);
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
    check_fault_at("an_unaligned_exclusive_load_faults", CULPRIT_EXCLUSIVE, where(CULPRIT_DATA) + 1,
                   FAULT_ALIGNMENT, where(CULPRIT_DATA) + 1);
    check_allowed("an_unaligned_load_works", CULPRIT_READ, where(CULPRIT_DATA) + 1);
    check_fault_at("an_unaligned_pc_faults", CULPRIT_JUMP, where(CULPRIT_TEXT) + 2, FAULT_ALIGNMENT, 0);
}

static void check_stack(void)
{
    check_fault_at("a_stack_overflow_hits_the_page_below", CULPRIT_STACK_DOWN, 0, FAULT_WRITE,
                   where(CULPRIT_STACK_BASE) - 8);
    check_fault_at("a_stack_underflow_hits_the_page_above", CULPRIT_STACK_UP, 0, FAULT_READ,
                   where(CULPRIT_STACK_TOP));
}

// What the instruction must end with. SVE is undefined where the core has none.
static enum fault_reason reason_of(enum culprit_instruction number)
{
    switch (number) {
    case CULPRIT_BREAKPOINT: return FAULT_BREAKPOINT;
    case CULPRIT_FPU:
    case CULPRIT_SIMD: return FAULT_FPU;
    default: return FAULT_INSTRUCTION;
    }
}

#define INSTRUCTION_NAME(name, text) "instruction_" #name,
static const char *const instruction_names[] = {CULPRIT_INSTRUCTIONS(INSTRUCTION_NAME)};

static void check_sve(void)
{
    culprit(CULPRIT_INSTRUCTION, CULPRIT_SVE);
    enum fault_reason reason = child_reason(SLOT_CHILD_CULPRIT);

    check(instruction_names[CULPRIT_SVE], reason == FAULT_FPU || reason == FAULT_INSTRUCTION);
    restart_child(SLOT_CHILD_CULPRIT);
}

static void check_instructions(void)
{
    for (unsigned i = 0; i < CULPRIT_INSTRUCTION_COUNT; i++) {
        if (i <= CULPRIT_THREAD_POINTER)
            check_allowed(instruction_names[i], CULPRIT_INSTRUCTION, i);
        else if (i == CULPRIT_SVE)
            check_sve();
        else
            check_fault_at(instruction_names[i], CULPRIT_INSTRUCTION, i, reason_of(i), 0);
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
