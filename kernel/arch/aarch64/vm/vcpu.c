// Virtual CPUs: what a guest may do by itself, its exits and their answers. Exception classes: Arm ARM D17.2.37, ESR_EL2.
// SPDX-License-Identifier: BSD-2-Clause
#include "vm.h"

#include <kernel/component.h>
#include <kernel/sched.h>

// HCR_EL2 for a guest, by its bits in order: second stage, set/way writes clean too, a table walk in device memory faults (VM, SWIO, PTW);
// interrupts and errors are the kernel's (FMO, IMO, AMO); invalidations and barriers reach the inner shareable domain (FB, BSU); traps of WFI
// and WFE (TWI, TWE), of identification registers, SMC, what is implementation defined, ACTLR, set/way (TID3, TSC, TIDCP, TACR, TSW); EL1 is AArch64
// (RW); traps of limited ordering and error records, errors are ours (TLOR, TERR, TEA). Pointer keys, tags and the like, which are not saved,
// trap while their bits are 0.
#define HCR_GUEST (0x3full | 3ull << 9 | 3ull << 13 | 0x1full << 18 | 1ull << 31 | 7ull << 35)
#define HCR_E2H (1ull << 34)

// CPTR_EL2 for a guest: trace and activity counters trap, SVE and SME too; floating point when the registers are another's.
#define CPTR_VHE (1ull << 28 | 1ull << 30)
#define CPTR_VHE_FPU (3ull << 20)
#define CPTR_STUB (0x33ffull | 1ull << 20 | 1ull << 30)
#define CPTR_STUB_NO_FPU (1ull << 10)

// VTCR_EL2: 39-bit addresses from level 1, 4 KiB, inner shareable, write-back walks, 8-bit VMIDs. TCR_EL2: as TCR_VALUE, one range.
#define VTCR_VALUE (25 | 1 << 6 | 1 << 8 | 1 << 10 | 3 << 12 | 1ull << 31)
#define TCR_EL2_VALUE (25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 1ull << 31)
#define RANGE_SHIFT 16
#define RANGE_MIN 2 // 40 bits

#define PSTATE_RESET 0x3c5 // EL1h, all masked
#define PSTATE_KEPT 0xf1400000ull // over an exception: flags, DIT, PAN
#define PSTATE_AARCH32 (1u << 4)

#define CLASS_WFI 0x01
#define CLASS_FPU 0x07
#define CLASS_HVC 0x16
#define CLASS_SMC 0x17
#define CLASS_SYSTEM 0x18
#define CLASS_INSTRUCTION_ABORT 0x20
#define CLASS_DATA_ABORT 0x24
#define CLASS_ABORT_SAME_LEVEL 0x25 // of data; of instructions without bit 2

#define ESR_LENGTH_4 (1ull << 25)
#define ESR_VALID (1ull << 24)
#define ESR_SIGNED (1ull << 21)
#define ESR_64 (1ull << 15)
#define ESR_CACHE (1ull << 8)
#define ESR_WRITE (1ull << 6)
#define HPFAR_ADDRESS 0xffffffffff0ull

// --- Core ------------------------------------------------------------------------------------

static void init_vhe(uint64_t range)
{
    WRITE_REGISTER(vtcr_el2, VTCR_VALUE | range << RANGE_SHIFT);
    WRITE_REGISTER(S3_4_C12_C9_5, 7); // ICC_SRE_EL2: a guest cannot change what EL1 has
    __asm__ volatile("isb\n\ttlbi alle1\n\tdsb sy\n\tisb" : : : "memory");
}

static uint64_t init_stub(struct core *core, uint64_t range)
{
    static uint64_t root;

    if (root == 0)
        root = guest_stub_tables();
    struct stub_setup setup = {(uint64_t)guest_cores[core->index].kernel, root, TCR_EL2_VALUE | range << RANGE_SHIFT,
                               VTCR_VALUE | range << RANGE_SHIFT};

    return guest_stub_init(&setup);
}

void arch_guest_core_init(struct core *core)
{
    uint64_t range = least(READ_REGISTER(id_aa64mmfr0_el1) & 0xf, 5), lists; // 5: 48 bits

    if (aarch64_mode == MODE_EL1)
        panic("this system has guests, which need EL2, and was started at EL1");
    if (range < RANGE_MIN)
        panic("this core has too few address bits for guests");
    if (aarch64_mode == MODE_EL2_VHE) {
        init_vhe(range);
        lists = READ_REGISTER(S3_4_C12_C11_1); // ICH_VTR_EL2
    } else {
        lists = init_stub(core, range);
    }
    if ((lists & 0x1f) < 3 || (lists >> 26 & 7) > 4)
        panic("this interrupt controller has too few list registers, or too many priorities, for guests");
    arch_interrupt_setup(INTID_MAINTENANCE, false, core);
    arch_interrupt_unmask(INTID_MAINTENANCE);
    arch_interrupt_setup(INTID_VIRTUAL_TIMER, false, core);
    arch_interrupt_unmask(INTID_VIRTUAL_TIMER);
}

// --- Registers -------------------------------------------------------------------------------

static void reset_registers(struct thread *thread)
{
    struct vcpu *vcpu = vcpu_of(thread);

    __builtin_memset(vcpu->registers, 0, 8 * WORLD_REGISTERS);
    vcpu->registers[WORLD_SCTLR] = SCTLR_EL1_RESET;
    thread->frame.pstate = PSTATE_RESET;
    vcpu->starved = false;
}

void arch_vcpu_reset(struct thread *thread)
{
    reset_registers(thread);
    vcpu_of(thread)->hcr = HCR_GUEST | (aarch64_mode == MODE_EL2_VHE ? HCR_E2H : 0);
}

void arch_guest_enter(struct core *core, struct thread *thread)
{
    struct vcpu *vcpu = vcpu_of(thread);

    if (aarch64_mode == MODE_EL2_VHE) {
        vcpu->cptr = CPTR_VHE | (core->fpu_open ? CPTR_VHE_FPU : 0);
        guest_enter(vcpu, thread);
    }
    vcpu->cptr = CPTR_STUB | (core->fpu_open ? 0 : CPTR_STUB_NO_FPU);
    guest_enter_by_stub(vcpu, thread);
}

static uint64_t read_register(const struct thread *thread, uint64_t number)
{
    return number < 31 ? thread->frame.x[number] : 0;
}

static void write_register(struct thread *thread, uint64_t number, uint64_t value)
{
    if (number < 31)
        thread->frame.x[number] = value;
}

// --- Exits -----------------------------------------------------------------------------------

// Of a trapped MSR or MRS: ISS encoding Arm ARM D17.2.37.
static uint64_t system_register_value(const struct thread *thread, uint64_t esr)
{
    uint64_t number = esr >> 5 & 0x1f, op2 = esr >> 17 & 7, crm = esr >> 1 & 0xf;

    if (!(esr & 1))
        return read_register(thread, number);
    // Op0 3, Op1 0, CRn 0, CRm 1 to 7
    if ((esr & 0x3ffc00 & ~(7ull << 17)) != 3ull << 20 || crm < 1 || crm > 7)
        return 0;
    return guest_id_register(arch_index((crm - 1) * 8 + op2, 56));
}

static void abort_exit(struct core *core, struct thread *thread, uint64_t esr, uint64_t address)
{
    enum fault_reason reason = esr >> 26 == CLASS_INSTRUCTION_ABORT ? FAULT_EXECUTE
                               : esr & (ESR_WRITE | ESR_CACHE)      ? FAULT_WRITE
                                                                    : FAULT_READ;

    thread_fault(core, thread, reason, address, esr);
}

static void synchronous(struct core *core, struct thread *thread, uint64_t esr, uint64_t address)
{
    switch (esr >> 26) {
    case CLASS_WFI:
        thread->frame.pc += 4;
        if (esr & 1) // WFE, by one virtual CPU that waits for another
            sched_yield(core);
        else
            guest_halt(core, thread);
        break;
    case CLASS_FPU: fpu_take(core, thread); break;
    case CLASS_SMC: thread->frame.pc += 4; // as behind an HVC
    // fall through
    case CLASS_HVC: thread_fault(core, thread, FAULT_FOREIGN_CALL, 0, esr); break;
    case CLASS_SYSTEM: thread_fault(core, thread, FAULT_INSTRUCTION, system_register_value(thread, esr), esr); break;
    case CLASS_INSTRUCTION_ABORT:
    case CLASS_DATA_ABORT: abort_exit(core, thread, esr, address); break;
    default: thread_fault(core, thread, FAULT_INSTRUCTION, 0, esr); break;
    }
}

// What an interrupt was about, if it was about the guest's own.
static void tell_handler(struct core *core, struct thread *thread, struct vcpu *vcpu)
{
    int64_t ended = lists_take_ended(vcpu);

    if (ended >= 0) {
        thread_fault(core, thread, FAULT_OTHER, (uint64_t)ended, GUEST_ENDED);
    } else if (vcpu->starved && lists_find_free(vcpu)) {
        vcpu->starved = false;
        thread_fault(core, thread, FAULT_OTHER, 0, GUEST_ROOM);
    }
}

struct thread *guest_exit(struct thread *thread, uint64_t esr, uint64_t far, uint64_t hpfar, uint64_t kind)
{
    struct core *core = arch_core();
    struct vcpu *vcpu = vcpu_of(thread);

    sched_enter(core, thread);
    lists_collect(core, vcpu);
    if (kind == EXIT_SYNCHRONOUS) {
        synchronous(core, thread, esr, (hpfar & HPFAR_ADDRESS) << 8 | far % PAGE_SIZE);
    } else if (kind == EXIT_ERROR) {
        thread_fault(core, thread, FAULT_BUS, 0, esr);
    } else {
        arch_interrupt_dispatch(core);
        if (core->current == thread)
            tell_handler(core, thread, vcpu);
        // Virtual CPUs wait for each other without a pause: those of one priority take turns.
        if (core->current == thread && core->ready[thread->priority].first)
            sched_yield(core);
    }
    return sched_leave(core);
}

uint64_t guest_value(const struct thread *thread)
{
    uint64_t esr = thread->fault_detail;

    if (!thread_is_guest(thread) || thread->fault_reason != FAULT_WRITE || !(esr & ESR_VALID))
        return 0;
    return read_register(thread, esr >> 16 & 0x1f);
}

// --- Answers ---------------------------------------------------------------------------------

// What a load of that syndrome makes of the value.
static uint64_t loaded(uint64_t esr, uint64_t value)
{
    unsigned bits = 8u << (esr >> 22 & 3), above = 64 - bits;

    value = esr & ESR_SIGNED ? (uint64_t)((int64_t)(value << above) >> above) : value << above >> above;
    return esr & ESR_64 ? value : (uint32_t)value;
}

static void finish_instruction(struct thread *thread, uint64_t value)
{
    uint64_t esr = thread->fault_detail;

    switch (thread->fault_reason) {
    case FAULT_READ:
        if (esr & ESR_VALID)
            write_register(thread, esr >> 16 & 0x1f, loaded(esr, value));
        break;
    case FAULT_INSTRUCTION:
        if (esr >> 26 == CLASS_SYSTEM && esr & 1)
            write_register(thread, esr >> 5 & 0x1f, value);
        break;
    case FAULT_WRITE: break;
    default: return; // a call is done already
    }
    thread->frame.pc += esr & ESR_LENGTH_4 ? 4 : 2;
}

static void take_exception(struct thread *thread, uint64_t syndrome, uint64_t address)
{
    uint64_t *registers = vcpu_of(thread)->registers, pstate = thread->frame.pstate;
    uint64_t vector = pstate & PSTATE_AARCH32 ? 0x600 : (pstate & 0xf) == 0 ? 0x400 : pstate & 1 ? 0x200 : 0;

    if (vector >= 0x400 && (syndrome >> 26 | 4) == CLASS_ABORT_SAME_LEVEL)
        syndrome &= ~(1ull << 26); // it comes from the level below
    registers[WORLD_ELR] = thread->frame.pc;
    registers[WORLD_SPSR] = pstate;
    registers[WORLD_ESR] = (uint32_t)syndrome;
    registers[WORLD_FAR] = address;
    thread->frame.pc = registers[WORLD_VBAR] + vector;
    thread->frame.pstate = (pstate & PSTATE_KEPT) | PSTATE_RESET;
}

void arch_guest_answer(struct thread *thread, uint64_t result, uint64_t value, uint64_t address)
{
    switch (result) {
    case FAULT_REPLY_RESULT: finish_instruction(thread, value); break;
    case FAULT_REPLY_EXCEPTION: take_exception(thread, value, address); break;
    case FAULT_REPLY_RESET: reset_registers(thread); break;
    default: break;
    }
}
