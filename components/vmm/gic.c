// The guest's interrupt controller, a GICv3 with one security state and affinity routing (Arm IHI 0069): distributor and redistributors. The
// interfaces of the processors are the real machine's, in which the kernel puts what is pending here. Each interrupt is put there with the wish
// to hear of its end, so at most once, and what it is then is decided again.
// SPDX-License-Identifier: BSD-2-Clause

#include "vmm.h"

#define PRIVATE 32u
#define SHARED 32u // as many lines
#define NUMBERS (PRIVATE + SHARED)
#define TIMER (16u + GUEST_TIMER_LINE)

#define GICD_CTLR 0x0000u
#define GICD_TYPER 0x0004u
#define GICD_IIDR 0x0008u
#define IGROUPR 0x0080u
#define ISENABLER 0x0100u
#define ICENABLER 0x0180u
#define ISPENDR 0x0200u
#define ICPENDR 0x0280u
#define ISACTIVER 0x0300u
#define ICACTIVER 0x0380u
#define IPRIORITYR 0x0400u
#define ICFGR 0x0c00u
#define GICD_IROUTER 0x6000u
#define PIDR2 0xffe8u

#define GICR_CTLR 0x0000u
#define GICR_IIDR 0x0004u
#define GICR_TYPER 0x0008u
#define GICR_WAKER 0x0014u
#define GICR_PRIVATE 0x10000u

#define CTLR_ENABLE (1u << 1)
#define CTLR_ALWAYS (1u << 4 | 1u << 6) // affinity routing, one security state
#define TYPER (SHARED / 32 | 9u << 19)  // lines, 10 bits of numbers
#define IIDR 0x43bu
#define ARCHITECTURE_3 0x3bu
#define TYPER_LAST (1u << 4)
#define WAKER_SLEEP (1u << 1)
#define WAKER_ASLEEP (1u << 2)

// The private interrupts of one virtual CPU, or the shared ones: a bit each.
struct bank {
    uint32_t enabled, pending, level, edge, group, busy; // busy: it is with the virtual CPU
    uint8_t priority[32];
};

static struct bank private[GUEST_VCPUS], shared;
static uint8_t target[SHARED]; // virtual CPU
static uint32_t control, waker[GUEST_VCPUS];

static uint64_t word_of(const struct bank *bank, unsigned number)
{
    return GUEST_INTERRUPT | (uint64_t)bank->priority[number % 32] << GUEST_INTERRUPT_PRIORITY_SHIFT | number;
}

static enum status set(unsigned vcpu, uint64_t word, bool on)
{
    return sys_object_set(vcpu_slot(vcpu), (enum object_set)SET_INTERRUPT, word, on);
}

// --- Towards the virtual CPUs --------------------------------------------------------------------

static uint32_t due(const struct bank *bank)
{
    return control & CTLR_ENABLE ? (bank->pending | (bank->level & ~bank->edge)) & bank->enabled & bank->group & ~bank->busy : 0;
}

// False: there is no room.
static bool put(unsigned vcpu, struct bank *bank, unsigned number)
{
    if (set(vcpu, word_of(bank, number) | GUEST_INTERRUPT_END, true) != STATUS_OK)
        return false;
    bank->busy |= 1u << number % 32;
    bank->pending &= ~(1u << number % 32);
    return true;
}

void gic_deliver(unsigned vcpu)
{
    for (uint32_t bits = due(&private[vcpu]) & ~(1u << TIMER); bits; bits &= bits - 1) {
        if (!put(vcpu, &private[vcpu], (unsigned)__builtin_ctz(bits)))
            return;
    }
    for (uint32_t bits = due(&shared); bits; bits &= bits - 1) {
        unsigned line = (unsigned)__builtin_ctz(bits);

        if (target[line] == vcpu && !put(vcpu, &shared, PRIVATE + line))
            return;
    }
}

static void deliver_all(void)
{
    for (unsigned i = 0; i < GUEST_VCPUS; i++)
        gic_deliver(i);
}

static struct bank *bank_of(unsigned vcpu, unsigned number)
{
    return number < PRIVATE ? &private[vcpu] : &shared;
}

void gic_ended(unsigned vcpu, unsigned number)
{
    if (number < NUMBERS)
        bank_of(vcpu, number)->busy &= ~(1u << number % 32);
}

void gic_forget(unsigned vcpu)
{
    private[vcpu].busy = 0;
    for (unsigned line = 0; line < SHARED; line++) {
        if (target[line] == vcpu)
            shared.busy &= ~(1u << line);
    }
}

void gic_refused(unsigned vcpu, uint64_t word)
{
    unsigned number = word & GUEST_INTERRUPT_NUMBER;

    gic_ended(vcpu, number);
    if (number < NUMBERS)
        bank_of(vcpu, number)->pending |= 1u << number % 32;
}

void gic_set_level(unsigned line, bool high)
{
    uint32_t bit = 1u << line % SHARED;

    if (high && !(shared.level & bit) && shared.edge & bit)
        shared.pending |= bit;
    shared.level = high ? shared.level | bit : shared.level & ~bit;
    if (high)
        gic_deliver(target[line % SHARED]);
}

// Affinity 0 of the targets in one bit each; the other levels are 0 here.
void gic_send(unsigned from, uint64_t value)
{
    uint32_t bit = 1u << (value >> 24 & 15);
    bool others = value >> 40 & 1;

    for (unsigned i = 0; i < GUEST_VCPUS; i++) {
        bool named = !(value & 0x00ff00ff00ff0000ull) && i < 16 && value >> i & 1;

        if (others ? i != from : named) {
            private[i].pending |= bit;
            gic_deliver(i);
        }
    }
}

// The timer's interrupt is the kernel's to raise, as long as it is on.
static void set_timer(unsigned vcpu)
{
    const struct bank *bank = &private[vcpu];
    bool on = control & CTLR_ENABLE && bank->enabled & bank->group & 1u << TIMER;

    (void)set(vcpu, word_of(bank, TIMER) | GUEST_INTERRUPT_TIMER, on);
}

static void changed(void)
{
    for (unsigned i = 0; i < GUEST_VCPUS; i++)
        set_timer(i);
    deliver_all();
}

// --- Registers -------------------------------------------------------------------------------

static uint32_t configuration(const struct bank *bank, unsigned half)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < 16; i++)
        value |= (bank->edge >> (half * 16 + i) & 1) << (2 * i + 1);
    return value;
}

static void configure(struct bank *bank, unsigned half, uint32_t value)
{
    for (unsigned i = 0; i < 16; i++) {
        uint32_t bit = 1u << (half * 16 + i);

        bank->edge = value >> (2 * i + 1) & 1 ? bank->edge | bit : bank->edge & ~bit;
    }
}

static uint32_t read_bank(const struct bank *bank, unsigned offset)
{
    if (offset >= IPRIORITYR) {
        unsigned i = (offset - IPRIORITYR) & ~3u;

        return bank->priority[i] | bank->priority[i + 1] << 8 | bank->priority[i + 2] << 16 | (uint32_t)bank->priority[i + 3] << 24;
    }
    switch (offset) {
    case IGROUPR: return bank->group;
    case ISENABLER:
    case ICENABLER: return bank->enabled;
    case ISPENDR:
    case ICPENDR: return bank->pending | (bank->level & ~bank->edge);
    case ISACTIVER:
    case ICACTIVER: return bank->busy;
    default: return 0;
    }
}

static void write_bank(struct bank *bank, unsigned offset, uint32_t value, unsigned width)
{
    if (offset >= IPRIORITYR) {
        for (unsigned i = 0; i < width && i < 4 && offset - IPRIORITYR + i < 32; i++)
            bank->priority[offset - IPRIORITYR + i] = (uint8_t)(value >> 8 * i);
        return;
    }
    switch (offset) {
    case IGROUPR: bank->group = value; break;
    case ISENABLER: bank->enabled |= value; break;
    case ICENABLER: bank->enabled &= ~value; break;
    case ISPENDR: bank->pending |= value; break;
    case ICPENDR: bank->pending &= ~value; break;
    default: break;
    }
}

// The part of a bank's registers that an offset lies in, cut to those of one bank: `index` of 32 interrupts. False: none.
static bool find_in_bank(unsigned offset, unsigned *in_bank, unsigned *index)
{
    static const struct {
        unsigned base, bytes;
    } kinds[] = {{IGROUPR, 4},   {ISENABLER, 4}, {ICENABLER, 4}, {ISPENDR, 4},    {ICPENDR, 4},
                 {ISACTIVER, 4}, {ICACTIVER, 4}, {ICFGR, 8},     {IPRIORITYR, 32}};

    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        unsigned end = kinds[i].base + kinds[i].bytes * (NUMBERS / 32);

        if (offset >= kinds[i].base && offset < end) {
            *index = (offset - kinds[i].base) / kinds[i].bytes;
            *in_bank = kinds[i].base + (offset - kinds[i].base) % kinds[i].bytes;
            return true;
        }
    }
    return false;
}

static void access_bank(struct bank *bank, unsigned offset, struct access *access)
{
    bool is_configuration = offset >= ICFGR;
    unsigned aligned = offset & ~3u;

    if (access->write && is_configuration)
        configure(bank, (aligned - ICFGR) / 4, (uint32_t)access->value);
    else if (access->write)
        write_bank(bank, access->width < 4 ? offset : aligned, (uint32_t)access->value, access->width);
    else
        access->value = (is_configuration ? configuration(bank, (aligned - ICFGR) / 4) : read_bank(bank, aligned)) >> (offset & 3) * 8;
}

static uint64_t read_distributor(unsigned offset)
{
    if (offset >= GICD_IROUTER + 8 * PRIVATE && offset < GICD_IROUTER + 8 * NUMBERS)
        return target[(offset - GICD_IROUTER) / 8 - PRIVATE];
    switch (offset) {
    case GICD_CTLR: return control | CTLR_ALWAYS;
    case GICD_TYPER: return TYPER;
    case GICD_IIDR: return IIDR;
    case PIDR2: return ARCHITECTURE_3;
    default: return 0;
    }
}

static void write_distributor(unsigned offset, uint64_t value)
{
    if (offset == GICD_CTLR)
        control = value & CTLR_ENABLE;
    else if (offset >= GICD_IROUTER + 8 * PRIVATE && offset < GICD_IROUTER + 8 * NUMBERS && offset % 8 == 0)
        target[(offset - GICD_IROUTER) / 8 - PRIVATE] = (value & 0xff) < GUEST_VCPUS ? (uint8_t)value : 0;
}

void gic_access_distributor(struct access *access)
{
    unsigned offset = (unsigned)access->offset, in_bank, index;

    if (find_in_bank(offset, &in_bank, &index)) {
        if (index > 0) // those below are private
            access_bank(&shared, in_bank, access);
        else if (!access->write)
            access->value = 0;
    } else if (access->write) {
        write_distributor(offset, access->value);
    } else {
        access->value = read_distributor(offset);
    }
    if (access->write)
        changed();
}

static uint64_t read_redistributor(unsigned vcpu, unsigned offset)
{
    switch (offset) {
    case GICR_IIDR: return IIDR;
    case GICR_TYPER: return (uint64_t)vcpu << 32 | vcpu << 8 | (vcpu == GUEST_VCPUS - 1 ? TYPER_LAST : 0);
    case GICR_TYPER + 4: return vcpu;
    case GICR_WAKER: return waker[vcpu] & WAKER_SLEEP ? WAKER_SLEEP | WAKER_ASLEEP : 0;
    case PIDR2: return ARCHITECTURE_3;
    default: return 0;
    }
}

void gic_access_redistributor(unsigned vcpu, struct access *access)
{
    unsigned offset = (unsigned)access->offset, in_bank, index;

    if (offset >= GICR_PRIVATE && find_in_bank(offset - GICR_PRIVATE, &in_bank, &index)) {
        if (index == 0)
            access_bank(&private[vcpu], in_bank, access);
        else if (!access->write)
            access->value = 0;
    } else if (!access->write) {
        access->value = offset < GICR_PRIVATE ? read_redistributor(vcpu, offset) : 0;
    } else if (offset == GICR_WAKER) {
        waker[vcpu] = (uint32_t)access->value;
    }
    if (access->write)
        changed();
}

void gic_reset(void)
{
    control = 0;
    shared = (struct bank){0};
    for (unsigned i = 0; i < SHARED; i++)
        target[i] = 0;
    for (unsigned i = 0; i < GUEST_VCPUS; i++) {
        private[i] = (struct bank){.edge = 0xffff}; // those that virtual CPUs send each other
        waker[i] = WAKER_SLEEP;
    }
}
