// Trial: runs one program after the other in its guest, and looks at its exits.
// SPDX-License-Identifier: BSD-2-Clause

#include <stdarg.h>
#include <stdio.h>

#include <config.h>
#include <glue.h>
#include <programs.h>
#include <tenon/event_loop.h>

#define TIMER_INTERRUPT 27
#define PRIORITY(value) ((uint64_t)(value) << GUEST_INTERRUPT_PRIORITY_SHIFT)
#define INTERRUPT(number) (GUEST_INTERRUPT | PRIORITY(0xa0) | (number))
#define TIMER (INTERRUPT(TIMER_INTERRUPT) | GUEST_INTERRUPT_TIMER)

#define CLASS_OF(syndrome) ((syndrome) >> 26)
#define CLASS_SYSTEM 0x18
#define SYNDROME_ABORT 0x96000010 // data abort of EL1 itself, external

static struct message event;
static uint64_t ended; // times that the kernel told of an end of the guest

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    char line[CONSOLE_WRITE_MAX];
    va_list list;

    va_start(list, format);
    int bytes = vsnprintf(line, sizeof line, format, list);

    va_end(list);
    sys_console_write(SLOT_CONSOLE, line, bytes < (int)sizeof line ? (size_t)bytes : sizeof line - 1);
}

static void check_equal(const char *name, uint64_t got, uint64_t expected)
{
    if (got == expected)
        say("pass %s %s\n", INSTANCE_NAME, name);
    else
        say("fail %s %s: expected 0x%lx, got 0x%lx\n", INSTANCE_NAME, name, (unsigned long)expected, (unsigned long)got);
}

static void check(const char *name, bool right)
{
    say("%s %s %s\n", right ? "pass" : "fail", INSTANCE_NAME, name);
}

void on_guest_changed(void)
{
    ended++;
}

// Lets others run until then: only those above it, unless it sleeps. So it sleeps.
static void wait_for(nanos_t time)
{
    struct message other = {0};

    sys_timer_set(SLOT_TIMER_WAKE, time);
    do {
        other.token = 0;
        sys_reply_wait(&other);
        if (message_kind(&other) == KIND_NOTIFICATION && other.words[0] & BIT_GUEST)
            on_guest_changed();
    } while (message_kind(&other) != KIND_NOTIFICATION || !(other.words[0] & BIT_TIMER_WAKE));
}

void on_timer_wake(void)
{
}

// --- Exits -----------------------------------------------------------------------------------

// The next exit of virtual CPU 0, in `event`, after the answer that is in it. The other one waits where it begins.
static void next_exit(void)
{
    for (;;) {
        sys_reply_wait(&event);
        if (message_kind(&event) == KIND_FAULT && message_badge(&event) == 0)
            return;
        if (message_kind(&event) == KIND_NOTIFICATION)
            on_guest_changed();
        event.token = 0;
    }
}

static void resume(unsigned label, uint64_t result, uint64_t interrupt)
{
    answer(&event, label, result, interrupt, 0);
    next_exit();
}

// Loads the program, starts the guest anew and lets it run up to its first exit.
static void begin(const char *program, const char *end, uint64_t argument)
{
    event.token = 0;
    if (sys_component_control(SLOT_GUEST, COMPONENT_OP_RESTART, 0) != STATUS_OK)
        check("restart", false);
    load_program((void *)GUEST_MEMORY_BASE, program, end);
    next_exit();
    if (event.words[EXIT_REASON] != FAULT_EXECUTE || event.words[EXIT_ADDRESS] != GUEST_ENTRY ||
        set_start(SLOT_VCPU_0, GUEST_RAM, argument) != STATUS_OK)
        check("start", false);
}

#define BEGIN(program, argument)                      \
    do {                                              \
        begin(program, program##_end, argument);      \
        resume(FAULT_REPLY_RESUME, 0, 0);             \
    } while (0)

static bool is_call(void)
{
    return event.words[EXIT_REASON] == FAULT_FOREIGN_CALL;
}

static bool is_call_with(uint64_t x0)
{
    return is_call() && event.words[CALL_X0] == x0;
}

static enum status set_interrupt(uint64_t word, bool on)
{
    return sys_object_set(SLOT_VCPU_0, (enum object_set)SET_INTERRUPT, word, on);
}

// --- Subjects --------------------------------------------------------------------------------

static void calls(void)
{
    BEGIN(program_calls, 0);
    check("hypercall_brings_its_registers", is_call() && event.words[CALL_X8] == 0x88 && event.words[CALL_X0] == 0x10 &&
                                                event.words[CALL_X1] == 0x11 && event.words[CALL_X2] == 0x12 &&
                                                event.words[CALL_X3] == 0x13 && event.words[CALL_X4] == 0x14 &&
                                                event.words[CALL_X5] == 0x15);
    resume(FAULT_REPLY_RESULT, 0x55, 0);
    check("secure_monitor_call_is_an_exit", is_call() && event.words[CALL_X1] == 0x55);

    struct thread_registers registers;

    check_equal("frame_of_a_virtual_cpu_is_read", sys_frame_read(SLOT_VCPU_0, &registers), STATUS_OK);
    check_equal("call_is_behind_its_instruction", registers.pc, GUEST_RAM + 10 * 4);
    resume(FAULT_REPLY_RESULT, 0x66, 0);
    check("result_arrives", is_call_with(0x67));
    wait_for(sys_clock(SLOT_CLOCK) + 1000000);
    check_equal("frame_of_one_that_waits_for_another_is_read", sys_frame_read(SLOT_VCPU_1, &registers), STATUS_OK);
    check_equal("other_virtual_cpu_waits_where_it_begins", registers.pc, GUEST_ENTRY);
}

struct load {
    const char *name;
    uint64_t address, value;
};

static void accesses(void)
{
    static const struct load loads[] = {
        {"load_64", 0, 0x8877665544332211},   {"load_32", 4, 0xffffffff99887766}, {"load_8", 1, 0x1ff},
        {"load_8_signed", 2, 0x80},           {"load_8_signed_to_32", 3, 0x80},   {"load_16", 2, 0x1fedc},
        {"load_16_signed", 4, 0x8001},        {"load_32_signed", 8, 0x80000001},  {"load_nowhere", 16, ~0ull},
    };

    BEGIN(program_accesses, DEVICE);
    for (unsigned i = 0; i < sizeof loads / sizeof *loads; i++) {
        check(loads[i].name, event.words[EXIT_REASON] == FAULT_READ && event.words[EXIT_ADDRESS] == DEVICE + loads[i].address);
        resume(FAULT_REPLY_RESULT, loads[i].value, 0);
    }
    check("loads_zero_extend", is_call() && event.words[CALL_X0] == 0x8877665544332211 && event.words[CALL_X1] == 0x99887766 &&
                                   event.words[CALL_X2] == 0xff && event.words[CALL_X5] == 0xfedc);
    check("loads_sign_extend", event.words[CALL_X3] == ~0x7full && event.words[CALL_X4] == 0xffffff80);
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("wider_loads_sign_extend", is_call() && event.words[CALL_X0] == 0xffffffffffff8001 && event.words[CALL_X1] == 0xffffffff80000001);
    check_equal("load_to_the_zero_register_leaves_sp", event.words[CALL_X2], 0);
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("store_64", event.words[EXIT_REASON] == FAULT_WRITE && event.words[EXIT_VALUE] == 0x1122334455667788);
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("store_32", event.words[EXIT_ADDRESS] == DEVICE + 36 && (uint32_t)event.words[EXIT_VALUE] == 0x55667788);
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("store_8", event.words[EXIT_ADDRESS] == DEVICE + 40 && (uint8_t)event.words[EXIT_VALUE] == 0x88);
    resume(FAULT_REPLY_RESULT, 0, 0);
    check_equal("store_zero", event.words[EXIT_VALUE], 0);
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("access_without_a_syndrome_is_told", event.words[EXIT_REASON] == FAULT_READ && !(event.words[EXIT_DETAIL] >> 24 & 1));
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("and_skipped", is_call());
}

static void interrupts(void)
{
    begin(program_interrupts, program_interrupts_end, 0);
    check_equal("interrupt_before_it_begins_is_no_error", set_interrupt(INTERRUPT(40), false), STATUS_OK);
    resume(FAULT_REPLY_RESUME, 0, 0);
    check("it_is_ready", is_call_with(-2ull));
    // In the answer
    resume(FAULT_REPLY_RESULT, 0, INTERRUPT(40));
    check("interrupt_of_an_answer_is_taken", is_call_with(40));
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("and_ended", is_call_with(-1ull) && event.words[CALL_X1] == 1);

    // While it sleeps: the answer lets it run into its WFI, since nobody else is ready
    answer(&event, FAULT_REPLY_RESULT, 0, 0, 0);
    sys_reply(&event);
    nanos_t until = sys_clock(SLOT_CLOCK) + 3000000;

    wait_for(until);
    check_equal("interrupt_is_set_while_it_sleeps", set_interrupt(INTERRUPT(41) | GUEST_INTERRUPT_END, true), STATUS_OK);
    event.token = 0;
    next_exit();
    check("it_wakes_and_takes_it", is_call_with(41));
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("end_is_told", event.words[EXIT_REASON] == FAULT_OTHER && event.words[EXIT_DETAIL] == GUEST_ENDED && event.words[EXIT_ADDRESS] == 41);
    // The level is high still
    resume(FAULT_REPLY_RESUME, 0, INTERRUPT(41) | GUEST_INTERRUPT_END);
    check("level_comes_again", is_call_with(-1ull));
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("after_it_was_ended", is_call_with(41));
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("second_end_is_told", event.words[EXIT_REASON] == FAULT_OTHER && event.words[EXIT_ADDRESS] == 41);
    resume(FAULT_REPLY_RESUME, 0, 0);

    // Priorities, and more than there is room for
    bool room_for_three = true;

    for (unsigned i = 1; i < 4; i++)
        room_for_three &= set_interrupt(GUEST_INTERRUPT | PRIORITY(0x80 - 16 * i) | (50 + i), true) == STATUS_OK;
    check("there_is_room_for_three", room_for_three);
    check_equal("and_no_more", set_interrupt(INTERRUPT(60), true), STATUS_BUSY);
    resume(FAULT_REPLY_RESULT, 0, INTERRUPT(61));
    check("highest_comes_first", is_call_with(53));
    check_equal("refused_one_comes_back", event.words[EXIT_REFUSED], INTERRUPT(61));
    check_equal("one_is_taken_back", set_interrupt(INTERRUPT(51), false), STATUS_OK);
    unsigned order = 0, room = 0;

    for (unsigned i = 0; i < 10 && (order == 0 || room == 0); i++) {
        resume(event.words[EXIT_REASON] == FAULT_OTHER ? FAULT_REPLY_RESUME : FAULT_REPLY_RESULT, 0, 0);
        if (event.words[EXIT_REASON] == FAULT_OTHER && event.words[EXIT_DETAIL] == GUEST_ROOM)
            room++;
        else if (is_call_with(52))
            order++;
    }
    check_equal("next_one_comes_then", order, 1);
    check_equal("room_is_told_once", room, 1);
}

static void refused_words(void)
{
    check_equal("interrupt_number_is_checked", set_interrupt(GUEST_INTERRUPT | 1 << 12, true), STATUS_BAD_ARGUMENT);
    check_equal("interrupt_flags_are_checked", set_interrupt(INTERRUPT(40) | 1ull << 40, true), STATUS_BAD_ARGUMENT);
    check_equal("interrupt_is_marked_as_one", set_interrupt(40, true), STATUS_BAD_ARGUMENT);
    check_equal("interrupt_is_set_or_taken_back", sys_object_set(SLOT_VCPU_0, (enum object_set)SET_INTERRUPT, INTERRUPT(40), 2),
                STATUS_BAD_ARGUMENT);
    check_equal("component_is_no_virtual_cpu", sys_object_set(SLOT_GUEST, (enum object_set)SET_INTERRUPT, INTERRUPT(40), 1),
                STATUS_BAD_TYPE);
}

static void timer(void)
{
    begin(program_timer, program_timer_end, 10000);
    resume(FAULT_REPLY_RESUME, 0, TIMER);
    check("timer_is_taken_in_the_guest", is_call_with(TIMER_INTERRUPT));
    check("timer_is_not_early", event.words[CALL_X1] >= 10000);
    check("timer_is_not_late", event.words[CALL_X1] < 11000);
    bool goes_on = true;

    for (unsigned i = 0; i < 10; i++) {
        resume(FAULT_REPLY_RESULT, 0, 0);
        goes_on &= is_call_with(TIMER_INTERRUPT) && event.words[CALL_X1] >= 10000 && event.words[CALL_X1] < 11000;
    }
    check("timer_goes_on", goes_on);
    check_equal("timer_is_taken_back", set_interrupt(TIMER, false), STATUS_OK);
    answer(&event, FAULT_REPLY_RESULT, 0, 0, 0);
    sys_reply(&event);
    wait_for(sys_clock(SLOT_CLOCK) + 3000000);
    sys_poll(&event);
    check_equal("then_nothing_comes", message_kind(&event), KIND_NONE);
    check_equal("timer_is_set_while_it_sleeps", set_interrupt(TIMER, true), STATUS_OK);
    event.token = 0;
    next_exit();
    check("what_was_due_comes", is_call_with(TIMER_INTERRUPT));

    begin(program_storm, program_storm_end, 1000);
    resume(FAULT_REPLY_RESUME, 0, TIMER);
    check("timer_that_always_fires_comes_each_time_it_is_ended", is_call_with(TIMER_INTERRUPT));
}

static void wild(void)
{
    unsigned traps = 0;
    uint64_t pfr0 = 0;

    BEGIN(program_wild, 0);
    while (event.words[EXIT_REASON] == FAULT_INSTRUCTION && traps < 100) {
        if (CLASS_OF(event.words[EXIT_DETAIL]) == CLASS_SYSTEM && event.words[EXIT_DETAIL] & 1)
            pfr0 = event.words[EXIT_ADDRESS];
        traps++;
        resume(FAULT_REPLY_RESULT, 0, 0);
    }
    check("guest_with_wild_registers_goes_on", is_call_with(0));
    check("what_the_handler_may_do_traps", traps >= 15);
    check("what_is_undefined_is_the_guests", event.words[CALL_X1] >= 4);
    check("identification_brings_the_real_value", (pfr0 & 0xff) != 0);
    check_equal("virtual_cpu_has_its_own_number", event.words[CALL_X3], 1ull << 31);
}

static void reach(void)
{
    static const uint64_t places[] = {0,          0x1000,       GUEST_RAM - 4096, GUEST_RAM + GUEST_MEMORY_BYTES, 0x80000000,
                                      1ull << 37, 1ull << 38,   (1ull << 39) - 8, 0x9000000,                      0x8000000};
    uint64_t *list = (uint64_t *)(GUEST_MEMORY_BASE + 0x10000);
    bool right = true;

    begin(program_reach, program_reach_end, GUEST_RAM + 0x10000);
    for (unsigned i = 0; i <= sizeof places / sizeof *places; i++)
        list[i] = i < sizeof places / sizeof *places ? places[i] | 8 : 0; // 8: the zero ends the list
    resume(FAULT_REPLY_RESUME, 0, 0);
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        right &= event.words[EXIT_REASON] == FAULT_READ && event.words[EXIT_ADDRESS] == (places[i] | 8);
        resume(FAULT_REPLY_RESULT, i + 1, 0);
        right &= event.words[EXIT_REASON] == FAULT_WRITE && event.words[EXIT_ADDRESS] == (places[i] | 8) && event.words[EXIT_VALUE] == i + 1;
        resume(FAULT_REPLY_RESULT, 0, 0);
    }
    check("nothing_but_its_memory_is_reached", right && is_call_with(0));
    resume(FAULT_REPLY_RESULT, 0, 0);
    check("nor_executed", event.words[EXIT_REASON] == FAULT_EXECUTE && event.words[EXIT_ADDRESS] == DEVICE);
    check_equal("last_byte_is_its_own", *(uint8_t *)(GUEST_MEMORY_BASE + GUEST_MEMORY_BYTES - 1), 0);
}

static void exceptions(void)
{
    BEGIN(program_exception, DEVICE + 0x123 * 8);
    answer(&event, FAULT_REPLY_EXCEPTION, SYNDROME_ABORT, 0, DEVICE + 0x123 * 8);
    next_exit();
    check("exception_has_its_syndrome", is_call_with(SYNDROME_ABORT));
    check_equal("exception_has_its_address", event.words[CALL_X1], DEVICE + 0x123 * 8);
    check_equal("exception_is_at_its_instruction", event.words[CALL_X2], 0);
    check("exception_keeps_the_state", (event.words[CALL_X3] & 0xf) == 5 && event.words[CALL_X4] == 4);
    check_equal("exception_masks_interrupts", event.words[CALL_X5], 0x3c0);
}

static void floats(void)
{
    BEGIN(program_float, 0);
    check("floating_point_works", is_call_with(0));
    resume(FAULT_REPLY_RESULT, 0x4000000000000000, 0);
    wait_for(sys_clock(SLOT_CLOCK) + 2000000); // the keeper has them
    resume(FAULT_REPLY_RESULT, 1, 0);
    check("registers_are_its_own", is_call_with(0x4000000000000000));
}

static void restarts(void)
{
    struct component_report report;

    bool restarted = true;

    for (unsigned i = 0; i < 100; i++) {
        BEGIN(program_calls, 0);
        restarted &= is_call_with(0x10);
        resume(FAULT_REPLY_RESULT, i, 0);
        restarted &= is_call() && event.words[CALL_X1] == i;
    }
    check("guest_is_restarted_a_hundred_times", restarted);
    check("end_of_the_guest_is_told", ended > 0);

    // While it runs, and does not stop by itself
    begin(program_spin, program_spin_end, 0);
    answer(&event, FAULT_REPLY_RESUME, 0, 0, 0);
    sys_reply(&event);
    wait_for(sys_clock(SLOT_CLOCK) + 2000000);
    check_equal("guest_that_runs_is_stopped", sys_component_control(SLOT_GUEST, COMPONENT_OP_STOP, 7), STATUS_OK);
    check("its_state_says_so", sys_component_state(SLOT_GUEST, &report) == STATUS_OK && report_state(&report) == COMPONENT_STOPPED &&
                                   report.fault_address == 7);
    check_equal("interrupt_for_one_that_ended_is_refused", set_interrupt(INTERRUPT(40), true), STATUS_BUSY);
}

static void failure(void)
{
    struct component_report report;

    BEGIN(program_calls, 0);
    answer(&event, FAULT_REPLY_STOP, 0, 0, 0);
    sys_reply(&event);
    check("answer_can_end_it", sys_component_state(SLOT_GUEST, &report) == STATUS_OK && report_state(&report) == COMPONENT_FAULTED &&
                                   report_reason(&report) == FAULT_FOREIGN_CALL);
}

static void costs(void)
{
    enum { ROUNDS = 1000 };
    struct message last;

    BEGIN(program_costs, ROUNDS);
    while (!is_call_with(2))
        resume(FAULT_REPLY_RESULT, 0, 0);
    last = event;
    uint64_t loop = last.words[CALL_X1];

    // A tick of the counter is 16 ns, and a nanosecond an instruction where virtual time counts them.
    say("cost %s hypercall %lu\n", INSTANCE_NAME, (unsigned long)((last.words[CALL_X2] - loop) * 16 / ROUNDS));
    say("cost %s load %lu\n", INSTANCE_NAME, (unsigned long)((last.words[CALL_X3] - loop) * 16 / ROUNDS));

    // Its timer's interrupt: out to the kernel, in again with it, and the guest's own few instructions.
    begin(program_storm, program_storm_end, ROUNDS);
    resume(FAULT_REPLY_RESUME, 0, TIMER);
    say("cost %s in_kernel %lu\n", INSTANCE_NAME, (unsigned long)(event.words[CALL_X1] * 16 / ROUNDS));
}

static void beside(void)
{
    uint64_t beats = 0, late = 0, rounds = 0, wrong = ~0ull;

    check("beat_goes_on", beat_read(&beats, &late) == STATUS_OK && beats > 5);
    say("cost beat late %lu\n", (unsigned long)late);
    check("keeper_goes_on", keeper_read(&rounds, &wrong) == STATUS_OK && rounds > 5);
    check_equal("registers_of_another_guest_are_kept", wrong, 0);
}

int main(void)
{
    calls();
    accesses();
    interrupts();
    refused_words();
    timer();
    wild();
    reach();
    exceptions();
    floats();
    failure();
    restarts();
    costs();
    beside();
    say("done %s\n", INSTANCE_NAME);
    sys_power(SLOT_POWER, POWER_OFF, 0);
    return 1;
}
