// System registers that trap. Identification registers say what the real core has, without what the kernel does not switch; debug registers and
// counters read as zero and take writes; what else comes here is undefined.
// SPDX-License-Identifier: BSD-2-Clause

#include "vmm.h"

// A register by its encoding, as the syndrome has it: op0, op2, op1, CRn, CRm (Arm ARM D17.2.37).
#define REGISTER(op0, op1, crn, crm, op2) \
    ((uint64_t)(op0) << 20 | (uint64_t)(op2) << 17 | (uint64_t)(op1) << 14 | (uint64_t)(crn) << 10 | (uint64_t)(crm) << 1)
#define REGISTER_MASK REGISTER(3, 7, 15, 15, 7)
#define ICC_SGI1R REGISTER(3, 0, 12, 11, 5)
#define ICC_SRE REGISTER(3, 0, 12, 12, 5)

// Of identification registers: bits that are kept of the real value, and bits that are set.
struct known {
    uint64_t encoding, kept, set;
};

#define ID(crm, op2) REGISTER(3, 0, 0, crm, op2)

static const struct known known[] = {
    {ID(1, 2), 0, 0x00000006},                                  // ID_DFR0: debug of Armv8, no counters
    {ID(4, 0), 0xff00000000f000ffull | 0x00ff0000ull, 0x01000000}, // PFR0: EL0, EL1, FP, AdvSIMD; CSV; the GIC
    {ID(4, 1), 0x00000000000000ffull, 0},                       // PFR1: BTI, SSBS
    {ID(4, 4), 0, 0},                                           // ZFR0
    {ID(4, 5), 0, 0},                                           // SMFR0
    {ID(5, 0), 0, 0x00000006},                                  // DFR0: debug of Armv8, no counters, trace, profiling
    {ID(5, 1), 0, 0},                                           // DFR1
    {ID(5, 4), 0, 0},                                           // AFR0
    {ID(5, 5), 0, 0},                                           // AFR1
    {ID(6, 0), ~0ull, 0},                                       // ISAR0
    {ID(6, 1), 0x0ffffff000fff00full & ~0x00000000ff000000ull, 0}, // ISAR1: no pointer keys, no 64-byte stores
    {ID(6, 2), 0, 0},                                           // ISAR2
    {ID(7, 0), 0x00000000ffffff00ull | 0xf0ull, 0x1},            // MMFR0: 36 address bits
    {ID(7, 1), 0x00000000f0f0f0ffull, 0},                        // MMFR1: no EL2, no limited ordering
    {ID(7, 2), 0xf0f000fff0ff0fffull, 0},                        // MMFR2: no nested guests, no forced write-back
};

static enum outcome identification(uint64_t encoding, uint64_t *value)
{
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].encoding == encoding) {
            *value = (*value & known[i].kept) | known[i].set;
            return OUTCOME_DONE;
        }
    }
    if ((encoding >> 1 & 0xf) > 3)
        *value = 0; // those to come
    return OUTCOME_DONE;
}

static bool is_identification(uint64_t encoding)
{
    return (encoding & ~(REGISTER(0, 0, 0, 15, 7))) == REGISTER(3, 0, 0, 0, 0);
}

// Debug registers (op0 2), counters (CRn 9, 14 with op1 3), and the like.
static bool is_quiet(uint64_t encoding)
{
    uint64_t op0 = encoding >> 20 & 3, crn = encoding >> 10 & 15;

    return op0 == 2 || op0 == 1 || crn == 9 || crn == 14 || crn == 1 || crn == 10 || crn == 15;
}

enum outcome system_register(unsigned vcpu, uint64_t syndrome, uint64_t *value)
{
    uint64_t encoding = syndrome & REGISTER_MASK;
    bool read = syndrome & 1;

    if (encoding == ICC_SGI1R && !read) {
        gic_send(vcpu, *value);
        return OUTCOME_DONE;
    }
    if (encoding == ICC_SRE) {
        *value = 7;
        return OUTCOME_DONE;
    }
    if (is_identification(encoding) && read)
        return identification(encoding, value);
    if (!is_quiet(encoding))
        return OUTCOME_STRANGE;
    *value = 0;
    return OUTCOME_DONE;
}
