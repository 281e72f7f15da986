// Power of the guest and its virtual CPUs, by PSCI 1.0 (Arm DEN 0022). One that is off waits for an answer to its last exit.
// SPDX-License-Identifier: BSD-2-Clause

#include "vmm.h"

#include <tenon/log.h>

#define SMCCC_VERSION 0x80000000u
#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_OFF 0x84000002u
#define PSCI_CPU_ON 0xc4000003u
#define PSCI_AFFINITY_INFO 0xc4000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_FEATURES 0x8400000au

#define VERSION_1_0 0x10000u
#define VERSION_1_1 0x10001u
#define NOT_SUPPORTED (-1)
#define INVALID_PARAMETERS (-2)
#define ALREADY_ON (-4)
#define STATE_ON 0
#define STATE_OFF 1
#define MIGRATION_NOT_NEEDED 2

static token_t off[GUEST_VCPUS]; // of the exit that waits; 0: it is on

void vcpu_reset_all(void)
{
    for (unsigned i = 0; i < GUEST_VCPUS; i++)
        off[i] = 0;
}

void vcpu_begins(unsigned vcpu, token_t token)
{
    off[vcpu] = token;
}

unsigned vcpu_count_on(void)
{
    unsigned count = 0;

    for (unsigned i = 0; i < GUEST_VCPUS; i++)
        count += off[i] == 0;
    return count;
}

bool vcpu_start(unsigned vcpu, uint64_t pc, uint64_t argument)
{
    struct thread_registers registers = {.pc = pc};
    struct message reply = {.info = message_info(FAULT_REPLY_RESET, 2, 0, false), .token = off[vcpu]};

    registers.x[0] = argument;
    if (off[vcpu] == 0 || sys_frame_write(vcpu_slot(vcpu), &registers) != STATUS_OK)
        return false;
    off[vcpu] = 0;
    gic_forget(vcpu);
    return sys_reply(&reply) == STATUS_OK;
}

static int64_t turn_on(uint64_t target, uint64_t pc, uint64_t argument)
{
    if (target >= GUEST_VCPUS)
        return INVALID_PARAMETERS;
    if (off[target] == 0)
        return ALREADY_ON;
    return vcpu_start((unsigned)target, pc, argument) ? 0 : INVALID_PARAMETERS;
}

static int64_t affinity_info(uint64_t target)
{
    if (target >= GUEST_VCPUS)
        return INVALID_PARAMETERS;
    return off[target] ? STATE_OFF : STATE_ON;
}

static int64_t features(uint64_t function)
{
    switch (function) {
    case SMCCC_VERSION:
    case PSCI_VERSION:
    case PSCI_CPU_OFF:
    case PSCI_CPU_ON:
    case PSCI_AFFINITY_INFO:
    case PSCI_MIGRATE_INFO_TYPE:
    case PSCI_SYSTEM_OFF:
    case PSCI_SYSTEM_RESET:
    case PSCI_FEATURES: return 0;
    default: return NOT_SUPPORTED;
    }
}

// What is asked of the whole machine ends it: the kernel then forgets this exit too.
static enum outcome end(enum component_operation operation)
{
    log_info("the guest %s", operation == COMPONENT_OP_STOP ? "is off" : "starts again");
    vcpu_reset_all();
    if (sys_component_control(SLOT_GUEST, operation, 0) != STATUS_OK)
        log_error("the guest cannot be controlled");
    return OUTCOME_END;
}

enum outcome psci_call(unsigned vcpu, const struct message *exit, uint64_t *result)
{
    const uint64_t *words = exit->words;

    switch (words[CALL_X0]) {
    case SMCCC_VERSION: *result = VERSION_1_1; break;
    case PSCI_VERSION: *result = VERSION_1_0; break;
    case PSCI_CPU_OFF: off[vcpu] = exit->token; return OUTCOME_WAIT;
    case PSCI_CPU_ON: *result = (uint64_t)turn_on(words[CALL_X1], words[CALL_X2], words[CALL_X3]); break;
    case PSCI_AFFINITY_INFO: *result = (uint64_t)affinity_info(words[CALL_X1]); break;
    case PSCI_MIGRATE_INFO_TYPE: *result = MIGRATION_NOT_NEEDED; break;
    case PSCI_SYSTEM_OFF: return end(COMPONENT_OP_STOP);
    case PSCI_SYSTEM_RESET: return end(COMPONENT_OP_RESTART);
    case PSCI_FEATURES: *result = (uint64_t)features(words[CALL_X1]); break;
    default: *result = (uint64_t)NOT_SUPPORTED; break;
    }
    return OUTCOME_DONE;
}
