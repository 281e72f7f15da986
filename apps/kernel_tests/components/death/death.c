// How components end: fault, exit, stop, restart, giving up; seen by clients, servers and the supervisor.
// SPDX-License-Identifier: BSD-2-Clause

#include "../hands.h"
#include "../mortal/mortal.h"
#include "../responder/responder.h"
#include "../supervise.h"

NO_SUPERVISION
NO_HANDLER(on_mortal_poke)
NO_HANDLER(on_mortal_nudge)
NO_HANDLER(on_frail_poke)
NO_HANDLER(on_frail_nudge)
NO_HANDLER(on_responder_poke)
NO_HANDLER(on_responder_nudge)

#define VALUE 0x7777

static uint64_t mortal(unsigned label, uint64_t word)
{
    uint64_t answer = 0, status = raw_call(SLOT_USE_MORTAL, label, word, 0, &answer);

    return status == 0 ? answer : ~status;
}

static uint64_t respond(unsigned label, uint64_t word)
{
    uint64_t answer = 0;

    return raw_call(SLOT_USE_RESPONDER, label, word, 0, &answer) == 0 ? answer : ~0ull;
}

static bool is_one_bit(uint64_t bits)
{
    return bits != 0 && (bits & (bits - 1)) == 0;
}

static uint64_t bits_now(void)
{
    struct message message;

    sys_poll(&message);
    hand_sort(&message);
    uint64_t bits = bits_seen;

    bits_seen = 0;
    return bits;
}

// On several cores the supervisor is told when the end has been round all of them.
static uint64_t bits_soon(void)
{
    uint64_t bits = 0;

    for (unsigned i = 0; bits == 0 && i < 10000; i++)
        bits = bits_now();
    return bits;
}

static void check_image_state(const char *data, const char *bss, const char *stack)
{
    check_equal(data, mortal(MORTAL_READ, MORTAL_DATA), MORTAL_DATA_AT_START);
    check_equal(bss, mortal(MORTAL_READ, MORTAL_BSS), 0);
    check_equal(stack, mortal(MORTAL_READ, MORTAL_STACK), 0);
}

static void check_fault(void)
{
    check_image_state("data_is_as_linked_at_boot", "bss_is_0_at_boot", "the_stack_is_0_at_boot");
    check_equal("the_first_generation_is_1", state_of(SLOT_CHILD_MORTAL).generation, 1);
    check_equal("a_running_component_is_running", child_state(SLOT_CHILD_MORTAL), COMPONENT_RUNNING);
    struct component_report report = state_of(SLOT_CHILD_MORTAL);

    check("a_ready_component_is_ready", report_is_ready(&report));
    mortal(MORTAL_WRITE, VALUE);
    check_equal("written_data_can_be_read", mortal(MORTAL_READ, MORTAL_DATA), VALUE);
    bits_now();
    check_equal("a_call_in_service_ends_when_the_server_faults", mortal(MORTAL_FAULT, 0),
                ~(uint64_t)STATUS_PEER_DIED);
    report = state_of(SLOT_CHILD_MORTAL);
    check_equal("a_faulted_component_is_faulted", report_state(&report), COMPONENT_FAULTED);
    check_equal("the_reason_can_be_read", report_reason(&report), FAULT_READ);
    check_equal("the_fault_address_can_be_read", report.fault_address, MORTAL_BAD_ADDRESS);
    check("the_pc_can_be_read",
          report.fault_pc > STACK_MAIN_BASE && report.fault_pc < STACK_MAIN_BASE + (1 << 20));
    check("a_faulted_component_is_not_ready", !report_is_ready(&report));
    check_equal("the_supervisor_is_signalled", bits_soon(), BIT_CHILD_MORTAL);
    check_equal("the_state_stays_readable", child_state(SLOT_CHILD_MORTAL), COMPONENT_FAULTED);
}

// The hand is above us: when hand_start() returns, it has called.
static void check_restart(void)
{
    struct message message;

    hand_start(CLIENT_HAND3_BOSS, HAND_TARGET, MORTAL_READ, MORTAL_DATA, 0);
    sys_poll(&message);
    check_equal("a_call_to_a_dead_server_waits", message_kind(&message), KIND_NONE);
    check_equal("restart_works", restart_child(SLOT_CHILD_MORTAL), STATUS_OK);
    struct hand_report report = hand_wait(CLIENT_HAND3_BOSS);

    check("the_next_generation_serves_it", report.result == 0 && report.word == MORTAL_DATA_AT_START);
    check_equal("restart_counts_the_generation", state_of(SLOT_CHILD_MORTAL).generation, 2);
    check_equal("after_restart_it_is_running", child_state(SLOT_CHILD_MORTAL), COMPONENT_RUNNING);
    check_equal("after_restart_there_is_no_reason", child_reason(SLOT_CHILD_MORTAL), FAULT_NONE);
    check_image_state("data_is_as_linked_after_restart", "bss_is_0_after_restart",
                      "the_stack_is_0_after_restart");
    check_equal("a_persistent_region_is_kept", mortal(MORTAL_READ, MORTAL_REGION), VALUE);
}

static void check_exit_and_stop(void)
{
    check_equal("a_call_in_service_ends_when_the_server_exits", mortal(MORTAL_EXIT, 7),
                ~(uint64_t)STATUS_PEER_DIED);
    check_equal("an_exited_component_is_exited", child_state(SLOT_CHILD_MORTAL), COMPONENT_EXITED);
    check_equal("the_exit_code_can_be_read", state_of(SLOT_CHILD_MORTAL).fault_address, 7);
    check_equal("an_exited_component_can_be_restarted", restart_child(SLOT_CHILD_MORTAL), STATUS_OK);

    hand_start(CLIENT_HAND3_BOSS, HAND_TARGET, MORTAL_HOLD, 0, 0);
    check_equal("stop_works", sys_component_control(SLOT_CHILD_MORTAL, COMPONENT_OP_STOP, 9), STATUS_OK);
    check_equal("a_call_in_service_ends_when_the_server_is_stopped", hand_wait(CLIENT_HAND3_BOSS).result,
                STATUS_PEER_DIED);
    check_equal("a_stopped_component_is_stopped", child_state(SLOT_CHILD_MORTAL), COMPONENT_STOPPED);
    check_equal("the_code_of_a_stop_can_be_read", state_of(SLOT_CHILD_MORTAL).fault_address, 9);
    restart_child(SLOT_CHILD_MORTAL);

    hand_start(CLIENT_HAND3_BOSS, HAND_TARGET, MORTAL_HOLD, 0, 0);
    uint64_t generation = state_of(SLOT_CHILD_MORTAL).generation;

    check_equal("a_running_component_can_be_restarted", restart_child(SLOT_CHILD_MORTAL), STATUS_OK);
    check_equal("a_call_in_service_ends_when_the_server_is_restarted", hand_wait(CLIENT_HAND3_BOSS).result,
                STATUS_PEER_DIED);
    check_equal("each_restart_counts_once", state_of(SLOT_CHILD_MORTAL).generation, generation + 1);
    check_equal("a_restarted_server_serves", mortal(MORTAL_READ, MORTAL_DATA), MORTAL_DATA_AT_START);
    check_equal("an_unknown_operation_is_refused", sys_component_control(SLOT_CHILD_MORTAL, COMPONENT_OPS, 0),
                STATUS_BAD_ARGUMENT);
}

static void check_timer(void)
{
    mortal(MORTAL_ARM, MILLISECOND);
    spin(2 * MILLISECOND);
    check_equal("a_timer_comes_to_its_component", mortal(MORTAL_READ, MORTAL_TICKS), 1);
    mortal(MORTAL_ARM, MILLISECOND);
    restart_child(SLOT_CHILD_MORTAL);
    spin(2 * MILLISECOND);
    check_equal("a_timer_ends_with_its_component", mortal(MORTAL_READ, MORTAL_TICKS), 0);
}

// Three things are there at once: a state that changed, a client that is gone, a call.
static void check_order(void)
{
    struct message message;

    hand_start(CLIENT_HAND4_BOSS, HAND_SLOW, 1, 0, 0);
    check_equal("a_client_can_be_stopped_while_another_waits",
                sys_component_control(SLOT_CHILD_HAND3, COMPONENT_OP_STOP, 0), STATUS_OK);
    sys_poll(&message);
    check_equal("bits_come_first", message_kind(&message), KIND_NOTIFICATION);
    sys_poll(&message);
    check_equal("then_clients_that_are_gone", message_kind(&message), KIND_CLIENT_GONE);
    sys_poll(&message);
    check_equal("then_callers", message_kind(&message), KIND_CALL);
    raw_answer(message.token, 0, 0);
    hand_wait(CLIENT_HAND4_BOSS);
    restart_child(SLOT_CHILD_HAND3);
}

// hand3 -> mortal -> responder, and the middle is restarted.
static void check_cancel(void)
{
    respond(RESPOND_GONE, 0);
    hand_start(CLIENT_HAND3_BOSS, HAND_TARGET, MORTAL_BELOW, RESPOND_KEEP, 0);
    restart_child(SLOT_CHILD_MORTAL);
    check_equal("upstream_callers_get_peer_died", hand_wait(CLIENT_HAND3_BOSS).result, STATUS_PEER_DIED);
    check_equal("a_late_reply_from_downstream_is_stale", respond(RESPOND_ANSWER, 0), STATUS_STALE);
    check("the_server_below_is_told_that_its_client_is_gone", is_one_bit(respond(RESPOND_GONE, 0)));
    check_equal("it_is_told_once", respond(RESPOND_GONE, 0), 0);
    check_equal("after_it_nested_calls_work", mortal(MORTAL_BELOW, RESPOND_ECHO), 0);
}

static void check_client_death(void)
{
    clients_gone = 0;
    hand_start(CLIENT_HAND3_BOSS, HAND_SLOW, RESPOND_KEEP, 0, 0);
    check_equal("a_client_can_be_stopped_in_a_call",
                sys_component_control(SLOT_CHILD_HAND3, COMPONENT_OP_STOP, 0), STATUS_OK);
    check("its_server_is_told", is_one_bit(respond(RESPOND_GONE, 0)));
    check_equal("a_reply_to_a_dead_client_is_stale", respond(RESPOND_ANSWER, 1), STATUS_STALE);
    bits_now();
    bits_now();
    check_equal("so_are_we", clients_gone, 1ull << CLIENT_HAND3_BOSS);
    restart_child(SLOT_CHILD_HAND3);
    hand_start(CLIENT_HAND3_BOSS, HAND_SLOW, RESPOND_ECHO, 3, 0);
    check_equal("a_restarted_client_can_call", hand_wait(CLIENT_HAND3_BOSS).word, 3);

    // Queued, not in service.
    clients_gone = 0;
    struct message message;

    hand_start(CLIENT_HAND4_BOSS, HAND_SLOW, 1, 0, 0);
    check_equal("a_client_can_be_stopped_in_a_queue",
                sys_component_control(SLOT_CHILD_HAND4, COMPONENT_OP_STOP, 0), STATUS_OK);
    raw_receive(&message);
    check_equal("a_queued_call_dies_with_its_caller", message_kind(&message), KIND_NOTIFICATION);
    bits_now();
    bits_now();
    check_equal("and_every_connection_is_told", clients_gone,
                1ull << CLIENT_HAND4_BOSS | 1ull << CLIENT_HAND4_SLOW);
    restart_child(SLOT_CHILD_HAND4);
}

// frail is not restartable.
static void check_gone(void)
{
    hand_start(CLIENT_HAND4_BOSS, HAND_TARGET, MORTAL_HOLD, 0, 0);
    check_equal("without_restart_a_call_in_service_ends_too",
                raw_call(SLOT_USE_FRAIL, MORTAL_FAULT, 0, 0, NULL), STATUS_PEER_DIED);
    check_equal("all_calls_in_service_end", hand_wait(CLIENT_HAND4_BOSS).result, STATUS_PEER_DIED);
    check_equal("a_dead_server_without_restart_is_gone", raw_call(SLOT_USE_FRAIL, MORTAL_READ, 0, 0, NULL),
                STATUS_PEER_GONE);

    mortal(MORTAL_FAULT, 0);
    hand_start(CLIENT_HAND3_BOSS, HAND_TARGET, MORTAL_READ, 0, 0);
    check_equal("giving_up_works", sys_component_control(SLOT_CHILD_MORTAL, COMPONENT_OP_GIVE_UP, 0),
                STATUS_OK);
    check_equal("queued_callers_learn_that_it_is_gone", hand_wait(CLIENT_HAND3_BOSS).result,
                STATUS_PEER_GONE);
    check_equal("so_do_later_callers", mortal(MORTAL_READ, 0), ~(uint64_t)STATUS_PEER_GONE);
    check_equal("a_given_up_component_is_dead", child_state(SLOT_CHILD_MORTAL), COMPONENT_DEAD);
}

int main(void)
{
    check_fault();
    check_restart();
    check_exit_and_stop();
    check_timer();
    check_order();
    check_cancel();
    check_client_death();
    check_gone();
    finish();
}
