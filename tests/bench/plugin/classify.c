// SPDX-License-Identifier: BSD-2-Clause
#include "classify.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TELL_ZERO 0x650u
#define TELL_ONE 0x651u

static unsigned told(uint32_t number)
{
    return number == TELL_ZERO ? CLASS_ZERO : number == TELL_ONE ? CLASS_ONE : 0;
}

// Arm ARM C4.1.89: barriers, system instructions, moves to and from system registers.
static unsigned classify_aarch64(uint32_t word)
{
    if ((word & 0xfffff01f) == 0xd503301f) { // barriers but for clrex: dsb nXS, dsb, dmb, isb, sb
        unsigned kind = word >> 5 & 7;

        return kind == 1 || kind >= 4 ? CLASS_BARRIER : 0;
    }
    if ((word & 0xfff8e000) == 0xd5088000) // sys with CRn 8 or 9: tlbi
        return CLASS_TLB;
    if ((word & 0xfff8ffe0) == 0xd5182000) // msr ttbr0_el1, or that of another level
        return CLASS_SWITCH;
    if ((word & 0xffffffe0) == 0xd53b9d00) // mrs pmccntr_el0
        return CLASS_READING;
    return (word & 0xffe0001f) == 0xd280001f ? told(word >> 5 & 0xffff) : 0; // movz xzr
}

// Unprivileged ISA, "RV32I base instruction set", Zicsr, Zifencei; privileged ISA, "Supervisor instructions".
static unsigned classify_riscv64(uint32_t word)
{
    unsigned opcode = word & 0x7f, function = word >> 12 & 7, source = word >> 15 & 31, register_number = word >> 20;

    if (opcode == 0x0f) // fence, fence.i; not the hint `pause`
        return function <= 1 && word != 0x0100000f ? CLASS_BARRIER : 0;
    if (opcode == 0x13 && function == 3 && (word >> 7 & 31) == 0 && source == 0) // sltiu x0, x0
        return told(register_number);
    if (opcode != 0x73)
        return 0;
    if (function == 0) {
        unsigned operation = word >> 25;

        if ((word >> 7 & 31) != 0)
            return 0;
        if (operation == 0x09 || operation == 0x0b || operation == 0x11 || operation == 0x31) // sfence.vma, sinval.vma, hfence
            return CLASS_TLB;
        return word == 0x18000073 || word == 0x18100073 ? CLASS_BARRIER : 0; // sfence.w.inval, sfence.inval.ir
    }
    if (register_number == 0xc00 && function == 2 && source == 0) // csrrs cycle, x0
        return CLASS_READING;
    // satp: csrrw always writes, csrrs and csrrc where they have something to set or clear
    return register_number == 0x180 && ((function & 3) == 1 || source != 0) ? CLASS_SWITCH : 0;
}

// Of 0f 01, by the whole second byte or its register field (SDM 2A, opcode map).
static unsigned classify_0f01(uint8_t form, bool repeated)
{
    if (form == 0xe8 && !repeated) // serialize
        return CLASS_BARRIER;
    if (form == 0xdf || form == 0xfe || form == 0xff) // invlpga, invlpgb, tlbsync
        return CLASS_TLB;
    if (form >> 6 == 3)
        return 0;
    unsigned field = form >> 3 & 7;

    return field == 7 ? CLASS_TLB : field == 2 || field == 3 ? CLASS_BARRIER : 0; // invlpg; lgdt, lidt
}

// SDM 3A 9.3 lists what is serialising. Locked instructions, which order too, are not counted.
static unsigned classify_x86_64(const uint8_t *code, size_t bytes)
{
    uint8_t padded[24] = {0}, rex = 0; // an instruction has 15 bytes at most
    bool small = false, repeated = false;
    const uint8_t *at = padded;

    memcpy(padded, code, bytes < 15 ? bytes : 15);
    for (; at < padded + 14 && (*at >> 4 == 4 || memchr("\x66\x67\xf0\xf2\xf3\x26\x2e\x36\x3e\x64\x65", *at, 11) != NULL); at++) {
        small = small || *at == 0x66;
        repeated = repeated || *at == 0xf2 || *at == 0xf3;
        rex = *at >> 4 == 4 ? *at : 0;
    }
    if (*at == 0xcf) // iret
        return CLASS_BARRIER;
    if (*at++ != 0x0f)
        return 0;
    uint8_t second = *at++, form = *at;
    unsigned field = form >> 3 & 7;

    switch (second) {
    case 0x00: return field == 2 || field == 3 ? CLASS_BARRIER : 0; // lldt, ltr
    case 0x01: return classify_0f01(form, repeated);
    case 0x08: case 0x09: return CLASS_BARRIER; // invd, wbinvd
    case 0x1f: {
        uint32_t displacement;

        memcpy(&displacement, at + 1, sizeof displacement);
        return form == 0x80 && displacement >> 16 == 1 ? told(displacement & 0xffff) : 0;
    }
    case 0x22: return rex & 4 ? 0 : field == 3 ? CLASS_TLB | CLASS_SWITCH : CLASS_BARRIER; // to a control register; not CR8
    case 0x23: return CLASS_BARRIER; // to a debug register
    case 0x30: return CLASS_BARRIER; // wrmsr
    case 0x31: return CLASS_READING; // rdtsc
    case 0x38: return small && form == 0x82 ? CLASS_TLB : 0; // invpcid
    case 0xa2: return CLASS_BARRIER; // cpuid
    case 0xae: return !small && !repeated && form >> 6 == 3 && field >= 5 ? CLASS_BARRIER : 0; // lfence, mfence, sfence
    default: return 0;
    }
}

unsigned classify(const char *target, const void *instruction, size_t bytes)
{
    uint32_t word = 0;

    memcpy(&word, instruction, bytes < sizeof word ? bytes : sizeof word);
    if (strcmp(target, "aarch64") == 0)
        return classify_aarch64(word);
    if (strcmp(target, "riscv64") == 0)
        return bytes == sizeof word ? classify_riscv64(word) : 0; // a compressed one is none of these
    return strcmp(target, "x86_64") == 0 ? classify_x86_64(instruction, bytes) : 0;
}
