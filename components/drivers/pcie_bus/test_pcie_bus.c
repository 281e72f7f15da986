// Host test of the PCI bus: a fake configuration space, whose functions are what the description says, or lie.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <string.h>

#include <tenon/mmio.h>

#include <pci_functions.h>

#define SLOTS     32
#define FUNCTIONS 8
#define WORDS     64

// What of each register can be written, and what it holds.
struct fake_function {
    uint32_t words[WORDS], writable[WORDS];
    unsigned writes, bar_writes_while_on;
};

static struct fake_function space[SLOTS][FUNCTIONS];

static struct fake_function *at(uintptr_t address, unsigned *word)
{
    uintptr_t offset = address - DEVICE_ECAM_BASE;

    CHECK(offset < 1 << 20 && offset % 4 == 0);
    CHECK((offset & 0xfff) < 256);
    *word = (offset & 0xff) / 4;
    return &space[offset >> 15][offset >> 12 & 7];
}

uint32_t arch_mmio_read32(uintptr_t address)
{
    unsigned word;
    struct fake_function *function = at(address, &word);

    return function->words[0] == 0 ? ~0u : function->words[word];
}

void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    unsigned word;
    struct fake_function *function = at(address, &word);

    CHECK(function->words[0] != 0);
    function->writes++;
    if (word >= 4 && word < 10 && function->words[1] & 3)
        function->bar_writes_while_on++;
    if (word == 1)
        CHECK_EQUAL(value >> 16, 0);  // would clear state
    function->words[word] = (function->words[word] & ~function->writable[word]) | (value & function->writable[word]);
}

void on_peer_log_lines(void)
{
}

// --- Making functions ------------------------------------------------------------------------------

static struct fake_function *make(unsigned slot, unsigned function, uint16_t vendor, uint16_t device, uint16_t class)
{
    struct fake_function *f = &space[slot][function];

    *f = (struct fake_function){.words = {device * 0x10000u + vendor, 0, class * 0x10000u}};
    f->writable[1] = 0x547;
    return f;
}

static void make_bar(struct fake_function *f, unsigned bar, uint32_t bytes, uint32_t flags)
{
    f->words[4 + bar] = flags;
    f->writable[4 + bar] = ~(bytes - 1) & ~0xfu;
    if ((flags & 7) == 4)
        f->writable[5 + bar] = ~0u;
}

static void make_virtio_capability(struct fake_function *f, unsigned word, unsigned next, unsigned type, uint32_t offset)
{
    uint32_t cap[] = {0x09 | next << 8 | 20u << 16 | type << 24, 4, offset, 0x1000, 4};

    memcpy(&f->words[word], cap, sizeof cap);
}

static void make_virtio(unsigned slot, uint16_t device)
{
    struct fake_function *f = make(slot, 0, 0x1af4, device, 0x0180);

    f->words[1] = 1u << 20;
    f->words[13] = 0x40;  // first capability
    make_bar(f, 1, 0x1000, 0);
    make_bar(f, 4, 0x4000, 0xc);
    f->words[12] = 1;  // the ROM is on
    f->writable[12] = ~0x7feu;
    f->words[16] = 0x11 | 0x58 << 8 | 0x80000000;  // MSI-X, on
    f->writable[16] = 0xc0000000;
    make_virtio_capability(f, 0x58 / 4, 0x70, 1, 0);
    make_virtio_capability(f, 0x70 / 4, 0x88, 3, 0x1000);
    make_virtio_capability(f, 0x88 / 4, 0xa0, 4, 0x2000);
    make_virtio_capability(f, 0xa0 / 4, 0, 2, 0x3000);
}

static void make_machine(void)
{
    memset(space, 0, sizeof space);
    make(0, 0, 0x8086, 0x29c0, 0x0600)->words[1] = 7;  // host bridge
    make_virtio(1, 0x1042);
    make_virtio(2, 0x1044);
    make_bar(make(3, 0, 0x1234, 0x11e8, 0x00ff), 0, 0x100000, 0);
    struct fake_function *isa = make(31, 0, 0x8086, 0x2918, 0x0601);

    isa->words[1] = 7;
    isa->words[3] = 1u << 23;
    make(31, 2, 0x8086, 0x2922, 0x0106)->words[1] = 7;  // what firmware booted from
    make(31, 3, 0x8086, 0x2930, 0x0c05)->words[1] = 3;
}

int component_main(void);

static void start(void)
{
    component_main();
}

static void run(void)
{
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
    for (unsigned slot = 0; slot < SLOTS; slot++)
        CHECK_EQUAL(space[slot][0].bar_writes_while_on, 0);
}

static uint32_t command(unsigned slot)
{
    return space[slot][0].words[1] & 0xffff;
}

// The others must be on.
static void runs_without(unsigned off)
{
    run();
    for (unsigned slot = 1; slot <= 3; slot++)
        CHECK_EQUAL(command(slot) & 7, slot == off ? 0u : 6u);
}

TEST(described_functions_get_their_addresses_and_are_switched_on)
{
    make_machine();
    runs_without(0);
    const uint32_t *words = space[1][0].words;

    CHECK_EQUAL(words[5], 0x10000000);
    CHECK_EQUAL(words[8], 0x10004000 | 0xc);
    CHECK_EQUAL(words[9], 0);
    CHECK_EQUAL(words[12] & 1, 0);
    CHECK_EQUAL(words[16] >> 31, 0);  // MSI-X is off
    CHECK_EQUAL(space[3][0].words[4], 0x10100000);
}

TEST(all_others_are_switched_off_and_bridges_do_no_dma)
{
    make_machine();
    run();
    CHECK_EQUAL(command(0), 3);
    CHECK_EQUAL(command(31), 3);
    CHECK_EQUAL(space[31][2].words[1], 0);
    CHECK_EQUAL(space[31][3].words[1], 0);
}

TEST(what_firmware_had_programmed_is_programmed_again)
{
    make_machine();
    space[1][0].words[1] |= 0x407;
    space[1][0].words[5] = 0xfebd1000;
    space[1][0].words[8] = 0xfe000000 | 0xc;
    space[1][0].words[9] = 0x80;
    runs_without(0);
    CHECK_EQUAL(command(1) & 0x407, 6);
    CHECK_EQUAL(space[1][0].words[8], 0x10004000 | 0xc);
    CHECK_EQUAL(space[1][0].words[9], 0);
}

TEST(a_restart_writes_nothing_to_functions_that_run)
{
    make_machine();
    run();
    for (unsigned slot = 1; slot <= 3; slot++)
        space[slot][0].writes = 0;
    run();
    for (unsigned slot = 1; slot <= 3; slot++)
        CHECK_EQUAL(space[slot][0].writes, 0);
}

TEST(a_function_that_was_changed_since_is_put_right_by_a_restart)
{
    make_machine();
    run();
    space[1][0].words[8] = 0x10008000 | 0xc;  // upon the other one's
    space[2][0].words[16] |= 0x80000000;
    runs_without(0);
    CHECK_EQUAL(space[1][0].words[8], 0x10004000 | 0xc);
    CHECK_EQUAL(space[2][0].words[16] >> 31, 0);
}

TEST(an_empty_slot_disturbs_nobody)
{
    make_machine();
    memset(&space[1], 0, sizeof space[1]);
    run();
    CHECK_EQUAL(command(2) & 7, 6);
}

TEST(another_device_stays_off)
{
    make_machine();
    space[1][0].words[0] = 0x10411af4;
    space[1][0].words[1] |= 7;
    runs_without(1);
}

TEST(a_bridge_stays_off)
{
    make_machine();
    space[3][0].words[3] = 1 << 16;
    runs_without(3);
}

TEST(bars_of_another_size_or_kind_keep_a_function_off)
{
    make_machine();
    make_bar(&space[1][0], 4, 0x8000, 0xc);
    runs_without(1);
    make_machine();
    make_bar(&space[1][0], 4, 0x2000, 0xc);
    runs_without(1);
    make_machine();
    make_bar(&space[1][0], 4, 0x4000, 1);  // for I/O
    runs_without(1);
    make_machine();
    make_bar(&space[3][0], 1, 0x1000, 0);  // one more
    runs_without(3);
    make_machine();
    space[3][0].writable[4] = 0;           // none at all
    runs_without(3);
    make_machine();
    make_bar(&space[3][0], 5, 0x1000, 4);  // 64 bits in the last
    runs_without(3);
}

TEST(bars_for_ports_are_left_alone)
{
    make_machine();
    make_bar(&space[3][0], 1, 0x100, 1);
    runs_without(0);
    CHECK_EQUAL(command(3) & 1, 0);
}

TEST(virtio_structures_in_other_places_keep_a_function_off)
{
    static const struct {
        unsigned word;
        uint32_t value;
    } lies[] = {
        {0x5c / 4, 1},          // common: another BAR
        {0x60 / 4, 0x1000},     // another offset
        {0x64 / 4, 55},         // too short
        {0x78 / 4, 0},          // interrupt status
        {0x90 / 4, 0x3000},     // the device's own
        {0xa8 / 4, 0xffffffff}, // notifications
        {0xb0 / 4, 0x1000},     // their step
        {0xa0 / 4, 0x09},       // none
        {0x34 / 4, 0},          // no list
    };

    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        make_machine();
        space[1][0].words[lies[i].word] = lies[i].value;
        runs_without(1);
    }
}

TEST(a_device_without_configuration_of_its_own_needs_no_structure_for_it)
{
    make_machine();
    make_virtio_capability(&space[2][0], 0x88 / 4, 0xa0, 5, 0);
    runs_without(0);
}

TEST(lists_of_capabilities_that_go_round_or_nowhere_end)
{
    make_machine();
    space[1][0].words[0xa0 / 4] = 0x09 | 0x58 << 8;
    runs_without(1);
    make_machine();
    space[1][0].words[0x34 / 4] = 0x10;  // into the header
    runs_without(1);
    make_machine();
    make_virtio_capability(&space[1][0], 0xa0 / 4, 0, 9, 0);
    space[1][0].words[0xa0 / 4] = 0x09 | 0xf8 << 8;
    space[1][0].words[0xf8 / 4] = 0x09 | 2u << 24;  // would reach behind the space
    runs_without(1);
}

TEST(a_function_that_ran_and_lies_now_is_switched_off_by_a_restart)
{
    make_machine();
    run();
    space[1][0].words[0x5c / 4] = 1;
    runs_without(1);
}
