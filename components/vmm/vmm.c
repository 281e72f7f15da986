// VMM: the machine that one guest sees around its processors. It holds that guest's memory, its virtual CPUs and the connections
// that the description gives it; so whatever it does stays with its guest.
//
// The guest is started anew whenever this component is, since what is known of its devices is gone then.
// SPDX-License-Identifier: BSD-2-Clause

#include "vmm.h"

#include <glue.h>
#include <tenon/event_loop.h>
#include <tenon/log.h>

#define CLASS_SYSTEM 0x18u
#define SYNDROME_UNDEFINED 0x02000000u
#define SYNDROME_ABORT 0x96000010u // data abort, external

#define ESR_VALID (1ull << 24)
#define ESR_WRITE (1ull << 6)

slot_t vcpu_slot(unsigned vcpu)
{
    return SLOT_VCPU_0 + vcpu;
}

static void answer(struct message *exit, unsigned label, uint64_t value, uint64_t address)
{
    *exit = (struct message){.info = message_info(label, 3, 0, false), .token = exit->token, .words = {value, 0, address}};
}

static void start_again(void)
{
    if (sys_component_control(SLOT_GUEST, COMPONENT_OP_RESTART, 0) != STATUS_OK)
        log_error("the guest does not start");
}

// --- Exits -----------------------------------------------------------------------------------

static bool within(uint64_t address, uint64_t base, uint64_t bytes)
{
    return address >= base && address - base < bytes;
}

// False: there is no device.
static bool access_device(uint64_t address, struct access *access)
{
    if (within(address, GUEST_UART_ADDRESS, 0x1000)) {
        access->offset = address - GUEST_UART_ADDRESS;
        uart_access(access);
    } else if (within(address, GUEST_GICD_ADDRESS, 0x10000)) {
        access->offset = address - GUEST_GICD_ADDRESS;
        gic_access_distributor(access);
    } else if (within(address, GUEST_GICR_ADDRESS, GUEST_VCPUS * 0x20000ull)) {
        access->offset = (address - GUEST_GICR_ADDRESS) % 0x20000;
        gic_access_redistributor((unsigned)((address - GUEST_GICR_ADDRESS) / 0x20000), access);
    } else {
        return false;
    }
    return true;
}

static void handle_access(struct message *exit)
{
    uint64_t syndrome = exit->words[EXIT_DETAIL];
    struct access access = {
        .width = 1u << (syndrome >> 22 & 3), .write = syndrome & ESR_WRITE, .value = exit->words[EXIT_VALUE]};

    if (syndrome & ESR_VALID && access_device(exit->words[EXIT_ADDRESS], &access))
        answer(exit, FAULT_REPLY_RESULT, access.value, 0);
    else // as a real machine answers an access to nothing
        answer(exit, FAULT_REPLY_EXCEPTION, SYNDROME_ABORT, exit->words[EXIT_ADDRESS]);
}

static void handle_event(unsigned vcpu, struct message *exit)
{
    if (exit->words[EXIT_DETAIL] == GUEST_ENDED)
        gic_ended(vcpu, (unsigned)exit->words[EXIT_ADDRESS]);
    answer(exit, FAULT_REPLY_RESUME, 0, 0);
}

static void finish(enum outcome outcome, struct message *exit, uint64_t value)
{
    switch (outcome) {
    case OUTCOME_DONE: answer(exit, FAULT_REPLY_RESULT, value, 0); break;
    case OUTCOME_STRANGE: answer(exit, FAULT_REPLY_EXCEPTION, SYNDROME_UNDEFINED, 0); break;
    default: exit->token = 0; break;
    }
}

// The first virtual CPU begins with the kernel; the others when it asks for them.
static void begin(unsigned vcpu, struct message *exit)
{
    vcpu_begins(vcpu, exit->token);
    exit->token = 0;
    if (vcpu != 0)
        return;
    gic_reset();
    uart_reset();
    if (!load_guest() || !vcpu_start(0, GUEST_KERNEL_ADDRESS, GUEST_TREE_ADDRESS))
        log_error("the guest cannot be loaded");
}

void on_fault(struct message *exit)
{
    unsigned vcpu = message_badge(exit);
    uint64_t value = exit->words[EXIT_ADDRESS];

    if (vcpu >= GUEST_VCPUS) {
        exit->token = 0;
        return;
    }
    if (exit->words[EXIT_REFUSED])
        gic_refused(vcpu, exit->words[EXIT_REFUSED]);
    switch (exit->words[EXIT_REASON]) {
    case FAULT_READ:
    case FAULT_WRITE: handle_access(exit); break;
    case FAULT_FOREIGN_CALL: finish(psci_call(vcpu, exit, &value), exit, value); break;
    case FAULT_OTHER: handle_event(vcpu, exit); break;
    case FAULT_EXECUTE:
        if (exit->words[EXIT_ADDRESS] == GUEST_ENTRY) {
            begin(vcpu, exit);
            return;
        }
        answer(exit, FAULT_REPLY_STOP, 0, 0);
        break;
    case FAULT_INSTRUCTION:
        if (exit->words[EXIT_DETAIL] >> 26 == CLASS_SYSTEM)
            finish(system_register(vcpu, exit->words[EXIT_DETAIL], &value), exit, value);
        else
            finish(OUTCOME_STRANGE, exit, 0);
        break;
    default: answer(exit, FAULT_REPLY_STOP, 0, 0); break;
    }
    gic_deliver(vcpu);
}

// It has ended: by a stop of ours, which is what it asked for, or because of what it did.
void on_guest_changed(void)
{
    struct component_report report;

    if (sys_component_state(SLOT_GUEST, &report) != STATUS_OK || report_state(&report) != COMPONENT_FAULTED)
        return;
    log_error("the guest failed at %lx", (unsigned long)report.fault_pc);
    vcpu_reset_all();
    start_again();
}

int main(void)
{
    start_again();
    event_loop_run();
}
