// Handlers: what a handler learns of a fault or a foreign system call, and what it can do about it.
// SPDX-License-Identifier: BSD-2-Clause

#include "child.h"

static struct child child;
static slot_t handler;  // a capability to our own endpoint

// Starts the child; what it does first comes to us as a message.
static void start(const uint8_t *code, uint64_t argument, uint64_t reflect, struct message *message)
{
    if (child_state(child.component) != COMPONENT_STOPPED)
        (void)!sys_component_control(child.component, COMPONENT_OP_STOP, 0);
    (void)!sys_object_set(child.thread, SET_HANDLER, handler, reflect);
    child_set(&child, code, argument);
    restart_child(child.component);
    receive_kind(KIND_FAULT, message);
}

static void check_fault(void)
{
    struct message message;
    struct thread_registers registers;

    start(code_read, 0x123450, 0, &message);
    check_equal("a_fault_comes_to_the_handler", message_kind(&message), KIND_FAULT);
    check_equal("with_its_badge", message_badge(&message), CHILD_BADGE);
    check_equal("with_its_reason", message.words[0], FAULT_READ);
    check_equal("with_its_address", message.words[1], 0x123450);
    check_equal("with_its_pc", message.words[2], CHILD_TEXT + (uint64_t)(code_read - code_start));
    check_equal("meanwhile_the_component_runs", child_state(child.component), COMPONENT_RUNNING);
    check_equal("the_handler_reads_the_registers", sys_frame_read(child.thread, &registers), STATUS_OK);
    check("they_are_those_of_the_fault", registers.x[CHILD_ARGUMENT] == 0x123450 &&
                                             registers.pc == message.words[2] &&
                                             registers.sp == CHILD_STACK + CHILD_PAGE);
    registers.x[CHILD_ARGUMENT] = CHILD_DATA;
    registers.pstate = ~0ull;  // only the condition flags count
    check_equal("the_handler_writes_the_registers", sys_frame_write(child.thread, &registers), STATUS_OK);
    check("of_the_flags_only_the_conditions", sys_frame_read(child.thread, &registers) == STATUS_OK &&
                                                  registers.x[CHILD_ARGUMENT] == CHILD_DATA &&
                                                  registers.pstate == CHILD_FLAGS);
    check_equal("the_reply_resumes", raw_answer(message.token, FAULT_REPLY_RESUME, 0), STATUS_OK);
    child_wait(&child);
    check("and_it_goes_on_with_them", child_state(child.component) == COMPONENT_EXITED);
    check_equal("a_thread_that_is_not_faulting_has_no_registers", sys_frame_read(child.thread, &registers),
                STATUS_BUSY);
    check_equal("nor_can_they_be_written", sys_frame_write(child.thread, &registers), STATUS_BUSY);
}

static void check_stop(void)
{
    struct message message;

    start(code_read, 0x54320, 0, &message);
    check_equal("the_handler_can_stop_it", raw_answer(message.token, FAULT_REPLY_STOP, 0), STATUS_OK);
    check_equal("then_it_is_faulted", child_state(child.component), COMPONENT_FAULTED);
    check_equal("for_its_own_reason", state_of(child.component).fault_address, 0x54320);
    check_equal("the_token_is_used_up", raw_answer(message.token, FAULT_REPLY_RESUME, 0), STATUS_STALE);

    start(code_read, 0x54320, 0, &message);
    struct thread_registers registers;

    check_equal("the_registers_must_be_in_memory", sys_frame_read(child.thread, (void *)0x1000),
                STATUS_BAD_ADDRESS);
    check_equal("that_is_ours", sys_frame_read(child.thread, (void *)KERNEL_RAM), STATUS_BAD_ADDRESS);
    check_equal("and_writable", sys_frame_read(child.thread, (void *)code_start), STATUS_BAD_ADDRESS);
    check_equal("or_readable", sys_frame_write(child.thread, (void *)0x1000), STATUS_BAD_ADDRESS);
    registers = (struct thread_registers){.pc = KERNEL_TEXT};
    check_equal("a_pc_in_the_kernel_does_not_help", sys_frame_write(child.thread, &registers), STATUS_OK);
    raw_answer(message.token, FAULT_REPLY_RESUME, 0);
    receive_kind(KIND_FAULT, &message);
    check_equal("it_faults_again", message.words[0], FAULT_EXECUTE);
    check_equal("it_can_be_stopped_in_a_fault", sys_component_control(child.component, COMPONENT_OP_STOP, 0),
                STATUS_OK);
    check_equal("then_its_token_is_stale", raw_answer(message.token, FAULT_REPLY_RESUME, 0), STATUS_STALE);
}

static void check_foreign(void)
{
    struct message message;
    struct thread_registers registers;
    bool arguments = true;

    start(code_foreign, 0, 1, &message);
    check("a_foreign_call_comes_to_the_handler",
          message_kind(&message) == KIND_FAULT && message.words[0] == FAULT_FOREIGN_CALL);
    check_equal("with_its_number", message.words[1], 0x40);
    for (unsigned i = 0; i < 6; i++)
        arguments &= message.words[2 + i] == 10 + i;
    check("with_its_arguments", arguments);
    check("the_pc_is_behind_the_call", sys_frame_read(child.thread, &registers) == STATUS_OK &&
                                           registers.pc > CHILD_TEXT + (uint64_t)(code_foreign - code_start));
    raw_answer(message.token, FAULT_REPLY_RESULT, 0x5d);
    receive_kind(KIND_FAULT, &message);
    check_equal("the_reply_is_its_result", message.words[1], 0x5d);
    check("other_registers_stay", sys_frame_read(child.thread, &registers) == STATUS_OK &&
                                      registers.x[CHILD_SECOND] == 11 &&
                                      registers.x[CHILD_MARKED] == CHILD_MARK);
    check_equal("even_an_exit_is_foreign", message.words[0], FAULT_FOREIGN_CALL);
    raw_answer(message.token, FAULT_REPLY_STOP, 0);
    child_wait(&child);
    check_equal("the_handler_ends_it", child_state(child.component), COMPONENT_FAULTED);
}

static void check_wrong_handlers(void)
{
    slot_t own, wrong;

    (void)!sys_component_control(child.component, COMPONENT_OP_STOP, 0);
    check_equal("a_badge_that_is_not_there_is_refused",
                sys_pool_create(SLOT_POOL, CAP_ENDPOINT, 0, INSTANCE_CLIENTS, &wrong), STATUS_BAD_ARGUMENT);
    check_equal("a_made_thread_has_an_endpoint",
                sys_pool_create(SLOT_POOL, CAP_ENDPOINT, child.thread, 0, &own), STATUS_OK);
    check_equal("it_cannot_handle_itself", sys_object_set(child.thread, SET_HANDLER, own, 0),
                STATUS_BAD_ARGUMENT);
    check_equal("reflect_is_yes_or_no", sys_object_set(child.thread, SET_HANDLER, handler, 2),
                STATUS_BAD_ARGUMENT);
    check_equal("a_handler_is_an_endpoint", sys_object_set(child.thread, SET_HANDLER, child.text, 0),
                STATUS_BAD_TYPE);
    check_equal("we_cannot_call_ourselves", raw_call(handler, 1, 0, 0, NULL), STATUS_BAD_ARGUMENT);
    sys_cap_drop(own);
}

void check_handlers(void)
{
    check("a_handled_child_can_be_made", child_make(&child));
    check_equal("a_capability_to_our_own_endpoint_can_be_made",
                sys_pool_create(SLOT_POOL, CAP_ENDPOINT, SLOT_NULL, CHILD_BADGE, &handler), STATUS_OK);
    check_equal("a_handler_can_be_set", sys_object_set(child.thread, SET_HANDLER, handler, 0), STATUS_OK);
    check_fault();
    check_stop();
    check_foreign();
    check_wrong_handlers();
    sys_cap_drop(handler);
    child_destroy(&child);
}
