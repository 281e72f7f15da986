// Host test of what the VMM plays to its guest: interrupt controller, serial port, power, system registers. Everything that a guest can say comes
// from it, so at the end it says anything.
// SPDX-License-Identifier: BSD-2-Clause
#include "check.h"

#include <string.h>

#include "vmm.h"

#include <glue.h>

#define ENABLE 2u
#define GICD(offset) (offset)
#define PRIVATE_FRAME 0x10000u
#define LINE (32u + GUEST_UART_LINE)
#define TIMER (16u + GUEST_TIMER_LINE)

// --- The kernel, and who is behind the console -----------------------------------------------------

static uint64_t set_words[64], set_on[64];
static slot_t set_slots[64];
static unsigned sets;
static enum status answer = STATUS_OK;
static char written[4096];
static size_t written_bytes;
static const char *typed = "";
static struct thread_registers frame;
static struct message reply;
static enum component_operation operation;

enum status sys_object_set(slot_t object, enum object_set what, uint64_t a, uint64_t b)
{
    set_slots[sets % 64] = object;
    set_words[sets % 64] = a;
    set_on[sets % 64] = b;
    sets++;
    return (unsigned)what == (unsigned)SET_INTERRUPT ? answer : STATUS_BAD_ARGUMENT;
}

enum status sys_timer_set(slot_t timer, uint64_t when)
{
    (void)timer;
    (void)when;
    return STATUS_OK;
}

enum status sys_frame_write(slot_t thread, const struct thread_registers *from)
{
    (void)thread;
    frame = *from;
    return STATUS_OK;
}

enum status sys_reply(struct message *message)
{
    reply = *message;
    return STATUS_OK;
}

enum status sys_component_control(slot_t component, enum component_operation what, uint64_t argument)
{
    (void)component;
    (void)argument;
    operation = what;
    return STATUS_OK;
}

int console_write(const void *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        written[written_bytes++ % sizeof written] = ((const char *)text)[i];
    return 0;
}

bool console_typed_take(uint8_t *item)
{
    if (*typed == '\0')
        return false;
    *item = (uint8_t)*typed++;
    return true;
}

slot_t vcpu_slot(unsigned vcpu)
{
    return SLOT_VCPU_0 + vcpu;
}

// --- Helpers ---------------------------------------------------------------------------------------

static uint64_t distributor(uint64_t offset, bool write, uint64_t value)
{
    struct access access = {.offset = offset, .width = 4, .write = write, .value = value};

    gic_access_distributor(&access);
    return access.value;
}

static uint64_t redistributor(unsigned vcpu, uint64_t offset, bool write, uint64_t value)
{
    struct access access = {.offset = offset, .width = 4, .write = write, .value = value};

    gic_access_redistributor(vcpu, &access);
    return access.value;
}

static uint64_t uart(uint64_t offset, bool write, uint64_t value)
{
    struct access access = {.offset = offset, .width = 4, .write = write, .value = value};

    uart_access(&access);
    return access.value;
}

// Sets of this interrupt since `from`, for this virtual CPU, but for the timer's.
static unsigned count_sets(unsigned from, unsigned vcpu, unsigned number)
{
    unsigned count = 0;

    for (unsigned i = from; i < sets; i++)
        count += set_slots[i % 64] == SLOT_VCPU_0 + vcpu && (set_words[i % 64] & GUEST_INTERRUPT_NUMBER) == number &&
                 !(set_words[i % 64] & GUEST_INTERRUPT_TIMER) && set_on[i % 64];
    return count;
}

static void start(void)
{
    answer = STATUS_OK;
    typed = "";
    written_bytes = 0;
    gic_reset();
    uart_reset();
    vcpu_reset_all();
}

static void enable_line(void)
{
    distributor(0x84, true, ~0u);             // group 1
    distributor(0x104, true, 1u << LINE % 32); // enabled
    distributor(0, true, ENABLE);
}

// --- Interrupts --------------------------------------------------------------------------------------

TEST(a_level_comes_once_until_it_is_ended_and_again_while_it_is_high)
{
    start();
    enable_line();
    unsigned before = sets;

    gic_set_level(GUEST_UART_LINE, true);
    gic_deliver(0);
    CHECK(count_sets(before, 0, LINE) == 1);
    CHECK(set_words[(sets - 1) % 64] & GUEST_INTERRUPT_END);
    gic_ended(0, LINE);
    gic_deliver(0);
    CHECK(count_sets(before, 0, LINE) == 2);
    gic_set_level(GUEST_UART_LINE, false);
    gic_ended(0, LINE);
    gic_deliver(0);
    CHECK(count_sets(before, 0, LINE) == 2);
}

TEST(nothing_comes_that_is_not_enabled)
{
    start();
    unsigned before = sets;

    gic_set_level(GUEST_UART_LINE, true);
    distributor(0x84, true, ~0u);
    distributor(0, true, ENABLE);
    CHECK(count_sets(before, 0, LINE) == 0);
    distributor(0x104, true, 1u << LINE % 32);
    CHECK(count_sets(before, 0, LINE) == 1);
}

TEST(what_finds_no_room_stays_pending)
{
    start();
    enable_line();
    answer = STATUS_BUSY;
    gic_set_level(GUEST_UART_LINE, true);
    CHECK(distributor(0x204, false, 0) & 1u << LINE % 32);
    answer = STATUS_OK;
    unsigned before = sets;

    gic_deliver(0);
    CHECK(count_sets(before, 0, LINE) == 1);
    gic_refused(0, LINE);
    gic_deliver(0);
    CHECK(count_sets(before, 0, LINE) == 2);
}

TEST(an_interrupt_goes_to_the_virtual_cpu_that_it_is_routed_to)
{
    start();
    enable_line();
    struct access route = {.offset = 0x6000 + 8 * LINE, .width = 8, .write = true, .value = 1};

    gic_access_distributor(&route);
    unsigned before = sets;

    gic_set_level(GUEST_UART_LINE, true);
    CHECK(count_sets(before, 0, LINE) == 0);
    CHECK(count_sets(before, 1, LINE) == 1);
    route.value = 77; // there is no such virtual CPU
    gic_access_distributor(&route);
    route.write = false;
    gic_access_distributor(&route);
    CHECK(route.value == 0);
}

TEST(a_virtual_cpu_that_starts_anew_gets_what_was_with_it_before_again)
{
    start();
    enable_line();
    unsigned before = sets;

    gic_set_level(GUEST_UART_LINE, true);
    gic_deliver(0);
    CHECK(count_sets(before, 0, LINE) == 1);
    vcpu_begins(0, 7);
    CHECK(vcpu_start(0, 0, 0));
    gic_deliver(0);
    CHECK(count_sets(before, 0, LINE) == 2);
}

TEST(one_virtual_cpu_sends_to_others)
{
    start();
    distributor(0, true, ENABLE);
    for (unsigned i = 0; i < GUEST_VCPUS; i++) {
        redistributor(i, PRIVATE_FRAME + 0x80, true, ~0u);
        redistributor(i, PRIVATE_FRAME + 0x100, true, ~0u);
    }
    unsigned before = sets;

    gic_send(0, 3ull << 24 | 1u << 1);
    CHECK(count_sets(before, 1, 3) == 1 && count_sets(before, 0, 3) == 0);
    gic_send(0, 4ull << 24 | 1ull << 40); // all others
    CHECK(count_sets(before, 1, 4) == 1 && count_sets(before, 0, 4) == 0);
    gic_send(1, 5ull << 24 | 1ull << 16 | 1); // another cluster
    CHECK(count_sets(before, 0, 5) == 0);
}

TEST(the_timers_interrupt_is_the_kernels_while_it_is_enabled)
{
    start();
    distributor(0, true, ENABLE);
    redistributor(0, PRIVATE_FRAME + 0x80, true, ~0u);
    redistributor(0, PRIVATE_FRAME + 0x41b, true, 0xa0);
    redistributor(0, PRIVATE_FRAME + 0x100, true, 1u << TIMER);
    bool on = false;

    for (unsigned i = 0; i < 64; i++)
        on |= set_slots[i] == SLOT_VCPU_0 && set_on[i] && set_words[i] & GUEST_INTERRUPT_TIMER && (set_words[i] & GUEST_INTERRUPT_NUMBER) == TIMER;
    CHECK(on);
    redistributor(0, PRIVATE_FRAME + 0x180, true, 1u << TIMER);
    CHECK(!set_on[(sets - 2) % 64]);
}

TEST(registers_hold_what_is_written)
{
    start();
    CHECK(distributor(0xffe8, false, 0) == 0x3b && redistributor(1, 0xffe8, false, 0) == 0x3b);
    CHECK((redistributor(0, 8, false, 0) & 0x10) == 0 && redistributor(1, 8, false, 0) & 0x10);
    distributor(0x420, true, 0x11223344);
    CHECK(distributor(0x420, false, 0) == 0x11223344);
    distributor(0xc08, true, 0xaaaaaaaa);
    CHECK(distributor(0xc08, false, 0) == 0xaaaaaaaa);
    CHECK(distributor(0x104, false, 0) == 0);
    redistributor(0, 0x14, true, 0);
    CHECK(redistributor(0, 0x14, false, 0) == 0 && redistributor(1, 0x14, false, 0) == 6);
}

// --- Serial port -------------------------------------------------------------------------------------

TEST(a_line_goes_out_whole)
{
    start();
    for (const char *text = "hello\r\n"; *text; text++)
        uart(0, true, (uint8_t)*text);
    CHECK(written_bytes == 6 && memcmp(written, "hello\n", 6) == 0);
    uart(0, true, '$');
    CHECK(written_bytes == 6);
    on_timer_flush();
    CHECK(written_bytes == 7);
}

TEST(what_is_typed_is_read_in_order_and_raises_its_interrupt)
{
    start();
    enable_line();
    uart(0x38, true, 0x50); // receive
    unsigned before = sets;

    typed = "abc";
    on_console_typed();
    CHECK(count_sets(before, 0, LINE) == 1);
    CHECK(!(uart(0x18, false, 0) & 0x10));
    CHECK(uart(0, false, 0) == 'a' && uart(0, false, 0) == 'b' && uart(0, false, 0) == 'c');
    CHECK(uart(0x18, false, 0) & 0x10);
    CHECK(uart(0x40, false, 0) == 0);
}

TEST(more_than_there_is_room_for_waits)
{
    start();
    typed = "0123456789012345678901234567890123456789";
    on_console_typed();
    for (unsigned i = 0; i < 40; i++)
        CHECK(uart(0, false, 0) == '0' + i % 10);
}

// --- Power, system registers ---------------------------------------------------------------------------

static enum outcome call(unsigned vcpu, uint64_t function, uint64_t a, uint64_t b, uint64_t c, uint64_t *result)
{
    struct message exit = {.token = 99, .words = {FAULT_FOREIGN_CALL, 0, function, a, b, c}};

    return psci_call(vcpu, &exit, result);
}

TEST(virtual_cpus_go_on_and_off)
{
    uint64_t result;

    start();
    vcpu_begins(1, 7);
    CHECK(call(0, 0xc4000004, 1, 0, 0, &result) == OUTCOME_DONE && result == 1);
    CHECK(call(0, 0xc4000003, 1, 0x40080000, 5, &result) == OUTCOME_DONE && result == 0);
    CHECK(frame.pc == 0x40080000 && frame.x[0] == 5 && reply.token == 7);
    CHECK((reply.info & 0xffff) == FAULT_REPLY_RESET);
    CHECK(call(0, 0xc4000003, 1, 0, 0, &result) == OUTCOME_DONE && result == (uint64_t)-4);
    CHECK(call(0, 0xc4000003, 2, 0, 0, &result) == OUTCOME_DONE && result == (uint64_t)-2);
    CHECK(call(1, 0x84000002, 0, 0, 0, &result) == OUTCOME_WAIT);
    CHECK(call(0, 0xc4000004, 1, 0, 0, &result) == OUTCOME_DONE && result == 1);
    CHECK(call(0, 0x84000008, 0, 0, 0, &result) == OUTCOME_END && operation == COMPONENT_OP_STOP);
    CHECK(call(0, 0x84000009, 0, 0, 0, &result) == OUTCOME_END && operation == COMPONENT_OP_RESTART);
    CHECK(call(0, 0x12345678, 0, 0, 0, &result) == OUTCOME_DONE && result == (uint64_t)-1);
}

#define ENCODING(op0, op1, crn, crm, op2) ((uint64_t)(op0) << 20 | (op2) << 17 | (op1) << 14 | (crn) << 10 | (crm) << 1)

TEST(what_the_kernel_does_not_switch_is_not_there)
{
    uint64_t value = ~0ull;

    CHECK(system_register(0, ENCODING(3, 0, 0, 4, 0) | 1, &value) == OUTCOME_DONE);
    CHECK((value >> 32 & 0xf) == 0 && (value >> 28 & 0xf) == 0 && (value >> 24 & 0xf) == 1); // SVE, RAS, GIC
    value = ~0ull;
    CHECK(system_register(0, ENCODING(3, 0, 0, 6, 1) | 1, &value) == OUTCOME_DONE);
    CHECK((value & 0xff0) == 0 && (value >> 24 & 0xff) == 0); // pointer keys
    value = ~0ull;
    CHECK(system_register(0, ENCODING(3, 0, 0, 7, 1) | 1, &value) == OUTCOME_DONE);
    CHECK((value >> 8 & 0xf) == 0 && (value >> 16 & 0xf) == 0); // virtualisation, limited ordering
    value = ~0ull;
    CHECK(system_register(0, ENCODING(2, 0, 0, 2, 2), &value) == OUTCOME_DONE);
    CHECK(system_register(0, ENCODING(3, 0, 2, 1, 0), &value) == OUTCOME_STRANGE); // a pointer key
}

// --- Anything ------------------------------------------------------------------------------------------

static uint64_t state = 88172645463325252ull;

static uint64_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

TEST(a_guest_that_says_anything_breaks_nothing)
{
    start();
    for (unsigned i = 0; i < 300000; i++) {
        uint64_t choice = random_word(), result = random_word();
        unsigned vcpu = choice >> 8 & 1;
        struct access access = {.offset = random_word() & 0x1ffff, .width = 1u << (choice >> 10 & 3), .write = choice >> 12 & 1, .value = random_word()};

        answer = choice >> 13 & 3 ? STATUS_OK : STATUS_BUSY;
        typed = choice >> 20 & 1 ? "typed" : "";
        switch (choice % 8) {
        case 0: access.offset &= 0xffff; gic_access_distributor(&access); break;
        case 1: gic_access_redistributor(vcpu, &access); break;
        case 2: access.offset &= 0xfff; uart_access(&access); break;
        case 3: gic_send(vcpu, random_word()); break;
        case 4: gic_ended(vcpu, (unsigned)random_word() & 0x3ff); break;
        case 5: gic_refused(vcpu, random_word()); break;
        case 6: (void)system_register(vcpu, random_word(), &result); break;
        default: (void)call(vcpu, 0x84000000 | (random_word() & 0x4000001f), random_word() & 3, random_word(), random_word(), &result); break;
        }
        if (i % 64 == 0)
            on_console_typed();
    }
    CHECK(sets > 0);
}
