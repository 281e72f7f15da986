// Host test of kernel/object/component.c: how components end, and how they come back.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/notification.h>
#include <kernel/timer.h>

#include <string.h>

static uint64_t control(unsigned component, uint64_t operation, uint64_t argument)
{
    return sys(SYS_COMPONENT_CONTROL, S_COMPONENT + component, operation, argument, 0, 0);
}

// Sup restarts a component; the kernel repeats the call until it is through.
static void restart(unsigned component)
{
    const uint64_t arguments[] = {S_COMPONENT + component, COMPONENT_OP_RESTART, 0, 0};

    if (running() != T_SUP)
        system_run(T_SUP);
    struct arch_frame *frame = frame_of(T_SUP);
    uint64_t pc = frame->pc;

    memcpy(frame->x, arguments, sizeof arguments);
    for (unsigned i = 0; i < 1000 && frame->pc == pc; i++) {
        CHECK_EQUAL(running(), T_SUP);
        host_syscall(SYS_COMPONENT_CONTROL);
    }
    CHECK_EQUAL(frame->x[0], STATUS_OK);
}

TEST(a_fault_is_a_state_that_can_be_read)
{
    system_start();
    system_run(T_FILES);
    frame_of(T_FILES)->pc = 0x200123;
    frame_of(T_FILES)->x[29] = 0x210f00;
    host_fault(FAULT_ALIGNMENT, 0x77, 0);
    CHECK_EQUAL(running(), T_SUP);
    CHECK_EQUAL(word_of(T_SUP, 0), 1 << FILES);
    CHECK_EQUAL(sys(SYS_COMPONENT_STATE, S_COMPONENT + FILES, 0, 0, 0, 0), STATUS_OK);
    const uint64_t *x = frame_of(T_SUP)->x;

    CHECK_EQUAL(x[1], COMPONENT_FAULTED | FAULT_ALIGNMENT << 16);
    CHECK_EQUAL(x[2], 0x77);
    CHECK_EQUAL(x[3], 0x200123);
    CHECK_EQUAL(x[4], 1);
    CHECK_EQUAL(x[6], 0x210f00);
}

TEST(an_exit_keeps_its_code)
{
    system_start();
    system_run(T_FILES);
    frame_of(T_FILES)->x[0] = 7;
    host_syscall(SYS_EXIT);
    CHECK_EQUAL(running(), T_SUP);
    CHECK_EQUAL(components[FILES].state, COMPONENT_EXITED);
    CHECK_EQUAL(components[FILES].fault_address, 7);
    CHECK(!strstr(host.console, "failed"));  // its supervisor is told
}

TEST(an_exit_with_a_code_that_no_supervisor_sees_is_printed)
{
    system_start();
    system_run(T_SUP);
    frame_of(T_SUP)->x[0] = 7;
    host_syscall(SYS_EXIT);
    CHECK(strstr(host.console, "tenon: component sup failed: exit code 7\n"));
}

TEST(an_end_stops_all_threads_of_the_component)
{
    system_start();
    system_run(T_SHELL);
    notification_signal(&notifications[T_SHELL2], WAKE);
    host_syscall(SYS_EXIT);
    CHECK_EQUAL(threads[T_SHELL].state, THREAD_INACTIVE);
    CHECK_EQUAL(threads[T_SHELL2].state, THREAD_INACTIVE);
    CHECK(!threads[T_SHELL2].queued);
}

TEST(a_restart_puts_memory_back_to_the_image_state)
{
    system_start();
    memset(memory(FILES, DATA_ADDRESS), 0xee, DATA_PAGES * PAGE_SIZE);
    memset(memory(FILES, STACK_ADDRESS), 0xdd, STACK_PAGES * PAGE_SIZE);
    restart(FILES);
    CHECK(memcmp(memory(FILES, DATA_ADDRESS), test_initial[FILES], DATA_INITIAL) == 0);
    for (unsigned i = DATA_INITIAL; i < DATA_PAGES * PAGE_SIZE; i++)
        CHECK_EQUAL(memory(FILES, DATA_ADDRESS)[i], 0);
    for (unsigned i = 0; i < STACK_PAGES * PAGE_SIZE; i++)
        CHECK_EQUAL(memory(FILES, STACK_ADDRESS)[i], 0);
    CHECK_EQUAL(components[FILES].generation, 2);
    CHECK_EQUAL(components[FILES].state, COMPONENT_RUNNING);
}

TEST(shared_and_dma_memory_outlives_a_restart)
{
    system_start();
    memory(DISK, SHARED_ADDRESS)[5] = 0x55;
    memory(DISK, DMA_ADDRESS)[6] = 0x66;
    restart(DISK);
    CHECK_EQUAL(memory(DISK, SHARED_ADDRESS)[5], 0x55);
    CHECK_EQUAL(memory(DISK, DMA_ADDRESS)[6], 0x66);
}

TEST(threads_start_again_at_their_entry_with_nothing_of_the_past)
{
    system_start();
    system_run(T_DISK);
    for (unsigned i = 0; i < 31; i++)
        frame_of(T_DISK)->x[i] = 0xabc;
    restart(DISK);
    block_until(T_DISK);
    CHECK_EQUAL(frame_of(T_DISK)->pc, TEXT_ADDRESS);
    CHECK_EQUAL(frame_of(T_DISK)->sp, STACK_TOP);
    for (unsigned i = 0; i < 31; i++)
        CHECK_EQUAL(frame_of(T_DISK)->x[i], 0);
    CHECK_EQUAL(frame_of(T_WORKER)->x[0], 1);
    CHECK_EQUAL(notifications[T_DISK].pending, 0);
}

TEST(a_restart_quiesces_the_devices_before_memory_is_touched)
{
    system_start();
    host.enabled[LINE_LEVEL] = host.enabled[LINE_EDGE] = true;
    host.write_count = 0;
    restart(DISK);
    CHECK_EQUAL(host.write_count, 2);
    CHECK(host.writes[0].offset == 0x70 && host.writes[0].value == 0 && host.writes[0].width == 4);
    CHECK(host.writes[1].offset == 0x10 && host.writes[1].value == 0xbeef && host.writes[1].width == 2);
    CHECK_EQUAL(host.ports[PORTS_FIRST + 1], PORTS_QUIESCED);
    CHECK(!host.enabled[LINE_LEVEL] && !host.enabled[LINE_EDGE]);
    host_raise(LINE_EDGE);
    CHECK(!arch_interrupt_pending());
}

TEST(a_restart_cancels_timers)
{
    system_start();
    system_run(T_DISK);
    sys(SYS_TIMER_SET, S_TIMER, 100, 0, 0, 0);
    restart(DISK);
    CHECK_EQUAL(timers[TIMER_DISK].heap_index, 0);
    host.now = 200;
    CHECK_EQUAL(notifications[T_DISK].pending, 0);
}

TEST(a_restart_empties_dynamic_slots_and_keeps_static_ones)
{
    system_start();
    CHECK_EQUAL(cap_install(&components[FILES], &components[APP].caps[S_DISK]), S_DYNAMIC);
    restart(FILES);
    CHECK(components[FILES].caps[S_DYNAMIC].object == NULL);
    CHECK(components[FILES].caps[S_DISK].object == &endpoints[E_DISK].head);
    block_until(T_FILES);
    call(S_DISK, 3, NULL, 0);
    CHECK_EQUAL(running(), T_DISK);
}

TEST(static_capabilities_to_a_restarted_component_stay_good)
{
    system_start();
    restart(FILES);
    block_until(THREADS);
    system_run(T_APP);
    call(S_FILES, 3, NULL, 0);
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(info_of(T_FILES) & 0xffff, 3);
}

TEST(a_restart_ends_the_calls_of_the_old_generation)
{
    system_start();
    system_run(T_SHELL);
    call(S_FILES, 1, NULL, 0);
    uint64_t token = token_of(T_FILES);

    reply_wait(0, 0);
    restart(SHELL);
    block_until(T_FILES);
    CHECK_EQUAL(kind_of(T_FILES), KIND_CLIENT_GONE);
    CHECK_EQUAL(badge_of(T_FILES), SHELL);
    CHECK_EQUAL(reply(token, 0), STATUS_STALE);
    CHECK_EQUAL(frame_of(T_SHELL)->x[0], 0);
}

TEST(the_supervisor_is_told_of_the_end)
{
    system_start();
    restart(APP);
    CHECK_EQUAL(notifications[T_SUP].pending, 1 << APP);
}

TEST(stop_keeps_its_argument_and_start_is_a_restart)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(control(FILES, COMPONENT_OP_STOP, 0x42), STATUS_OK);
    CHECK_EQUAL(components[FILES].state, COMPONENT_STOPPED);
    CHECK_EQUAL(components[FILES].fault_address, 0x42);
    restart(FILES);
    CHECK_EQUAL(components[FILES].state, COMPONENT_RUNNING);
    restart(SPARE);  // never ran
    CHECK_EQUAL(components[SPARE].state, COMPONENT_RUNNING);
    CHECK_EQUAL(components[SPARE].generation, 1);
}

TEST(nobody_controls_itself_or_without_the_right)
{
    system_start();
    system_run(T_SUP);
    for (unsigned operation = 0; operation < COMPONENT_OPS; operation++)
        CHECK_EQUAL(control(SUP, operation, 0), STATUS_BUSY);
    CHECK_EQUAL(control(FILES, COMPONENT_OPS, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(control(FILES, UINT64_MAX, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT_READ, COMPONENT_OP_STOP, 0, 0, 0), STATUS_DENIED);
    CHECK_EQUAL(sys(SYS_COMPONENT_STATE, S_COMPONENT_CONTROL, 0, 0, 0, 0), STATUS_DENIED);
    for (unsigned i = 1; i <= 6; i++)
        CHECK_EQUAL(frame_of(T_SUP)->x[i], 0);
}

TEST(what_was_given_up_cannot_be_stopped_but_restarted)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(control(FILES, COMPONENT_OP_GIVE_UP, 0), STATUS_OK);
    CHECK_EQUAL(control(FILES, COMPONENT_OP_STOP, 0), STATUS_BUSY);
    CHECK_EQUAL(components[FILES].state, COMPONENT_DEAD);
    restart(FILES);
    CHECK_EQUAL(components[FILES].state, COMPONENT_RUNNING);
}

TEST(what_comes_while_it_is_down_waits_for_the_next_generation)
{
    system_start();
    notification_signal(&notifications[T_FILES], 1);
    system_run(T_SUP);
    control(FILES, COMPONENT_OP_STOP, 0);  // forgets the bit
    notification_signal(&notifications[T_FILES], 2);
    restart(FILES);
    block_until(T_FILES);
    reply_wait(0, 0);
    block_until(T_FILES);
    CHECK_EQUAL(kind_of(T_FILES), KIND_NOTIFICATION);
    CHECK_EQUAL(word_of(T_FILES, 0), 2);
}

static unsigned polls;

static void raise_at_fourth_poll(void)
{
    if (++polls == 4)
        host_raise(LINE_EDGE);
}

TEST(an_interrupt_comes_in_between_the_steps_of_a_restart)
{
    const uint64_t arguments[] = {S_COMPONENT + FILES, COMPONENT_OP_RESTART, 0, 0};

    system_start();
    system_run(T_SUP);
    control(FILES, COMPONENT_OP_STOP, 0);
    reply_wait(0, 0);  // takes the news
    block_until(THREADS);
    system_run(T_SUP);
    host.enabled[LINE_EDGE] = true;
    polls = 0;
    host.on_poll = raise_at_fourth_poll;
    memcpy(frame_of(T_SUP)->x, arguments, sizeof arguments);
    uint64_t pc = frame_of(T_SUP)->pc;

    threads[T_DISK].priority = 201;
    host_syscall(SYS_COMPONENT_CONTROL);
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(components[FILES].state, COMPONENT_RESTARTING);
    CHECK_EQUAL(frame_of(T_SUP)->pc, pc);
    call(S_FILES, 9, NULL, 0);  // waits
    CHECK_EQUAL(running(), T_SUP);
    host_syscall(SYS_COMPONENT_CONTROL);
    CHECK_EQUAL(frame_of(T_SUP)->x[0], STATUS_OK);
    CHECK_EQUAL(components[FILES].state, COMPONENT_RUNNING);
    CHECK_EQUAL(threads[T_DISK].state, THREAD_CALLING);
}

static unsigned poll_to_raise_at;

static void raise_at_chosen_poll(void)
{
    if (++polls == poll_to_raise_at)
        host_raise(LINE_EDGE);
}

// Files ends with a caller in service while disk, one of its servers, waits. Whenever the interrupt comes,
// app learns that files died, disk gets its interrupt and hears of the client that is gone.
static void end_with_interrupt_at(unsigned poll)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    host.enabled[LINE_EDGE] = true;
    polls = 0;
    poll_to_raise_at = poll;
    host.on_poll = raise_at_chosen_poll;
    host_fault(FAULT_READ, 0, 0);
    host.on_poll = NULL;
    CHECK(polls >= poll);  // there were that many steps
    CHECK_EQUAL(kind_of(T_APP), STATUS_PEER_DIED);
    bool interrupted = false, told = false;

    for (unsigned i = 0; i < 10 && !(interrupted && told); i++) {
        block_until(T_DISK);
        interrupted |= kind_of(T_DISK) == KIND_NOTIFICATION && word_of(T_DISK, 0) == BIT_EDGE;
        told |= kind_of(T_DISK) == KIND_CLIENT_GONE && badge_of(T_DISK) == FILES;
        reply_wait(0, 0);
    }
    CHECK(interrupted && told);
}

TEST(an_interrupt_comes_in_between_any_two_steps_of_an_end)
{
    for (unsigned poll = 1; poll <= 6; poll++) {
        pid_t child = fork();
        int status;

        if (child == 0) {
            end_with_interrupt_at(poll);
            exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
}

TEST(callers_that_wait_for_a_restart_learn_when_it_is_called_off)
{
    const uint64_t arguments[] = {S_COMPONENT + APP, COMPONENT_OP_RESTART, 0, 0};

    system_start();
    system_run(T_SUP);
    control(APP, COMPONENT_OP_STOP, 0);  // app is not restartable: no call waits for it now
    reply_wait(0, 0);
    block_until(THREADS);
    system_run(T_SUP);
    host.enabled[LINE_EDGE] = true;
    polls = 0;
    host.on_poll = raise_at_fourth_poll;
    memcpy(frame_of(T_SUP)->x, arguments, sizeof arguments);
    threads[T_DISK].priority = 201;
    host_syscall(SYS_COMPONENT_CONTROL);
    CHECK_EQUAL(running(), T_DISK);
    call(S_APP, 9, NULL, 0);
    CHECK_EQUAL(threads[T_DISK].state, THREAD_CALLING);
    CHECK_EQUAL(running(), T_SUP);
    control(APP, COMPONENT_OP_STOP, 0);
    CHECK_EQUAL(threads[T_DISK].state, THREAD_READY);
    CHECK_EQUAL(kind_of(T_DISK), STATUS_PEER_GONE);
}

TEST(ready_is_shown_until_the_end)
{
    system_start();
    system_run(T_FILES);
    CHECK_EQUAL(sys(SYS_READY, 0, 0, 0, 0, 0), STATUS_OK);
    CHECK(components[FILES].ready);
    restart(FILES);
    CHECK(!components[FILES].ready);
}

TEST(run_time_is_kept_over_generations)
{
    system_start();
    system_run(T_FILES);
    host_run_for(1234);
    reply_wait(0, 0);
    restart(FILES);
    CHECK_EQUAL(components[FILES].sched_context.run_time, 1234);
}

TEST(control_is_for_one_generation)
{
    system_start();
    system_run(T_SUP);
    for (uint64_t operation = 0; operation < COMPONENT_OPS; operation++)
        CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + FILES, operation, 0, 7, 0), STATUS_OK);
    CHECK_EQUAL(components[FILES].state, COMPONENT_RUNNING);
    CHECK_EQUAL(components[FILES].generation, 1);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + FILES, COMPONENT_OP_STOP, 0, 1, 0), STATUS_OK);
    CHECK_EQUAL(components[FILES].state, COMPONENT_STOPPED);
}

TEST(a_registers_frame_can_be_read_and_written_while_the_handler_holds_the_fault)
{
    struct thread_registers registers;

    system_start();
    system_run(T_GUEST);
    frame_of(T_GUEST)->x[5] = 0x55;
    frame_of(T_GUEST)->tls = 0x7777;
    host_fault(FAULT_READ, 0, 0);
    uint64_t token = token_of(T_PAGER);

    CHECK_EQUAL(sys(SYS_FRAME_READ, S_THREAD_GUEST, DATA_ADDRESS, 0, 0, 0), STATUS_OK);
    memcpy(&registers, memory(PAGER, DATA_ADDRESS), sizeof registers);
    CHECK_EQUAL(registers.x[5], 0x55);
    CHECK_EQUAL(registers.tls, 0x7777);
    registers.x[5] = 0x66;
    registers.pc = 0x200800;
    registers.pstate = UINT64_MAX;
    memcpy(memory(PAGER, DATA_ADDRESS), &registers, sizeof registers);
    CHECK_EQUAL(sys(SYS_FRAME_WRITE, S_THREAD_GUEST, DATA_ADDRESS, 0, 0, 0), STATUS_OK);
    reply_wait(token, FAULT_REPLY_RESUME);
    CHECK_EQUAL(running(), T_GUEST);
    CHECK_EQUAL(frame_of(T_GUEST)->x[5], 0x66);
    CHECK_EQUAL(frame_of(T_GUEST)->pc, 0x200800);
    CHECK_EQUAL(frame_of(T_GUEST)->pstate, 0xf0000000);  // flags only
}

TEST(frames_of_threads_that_do_not_wait_for_their_handler_are_closed)
{
    system_start();
    system_run(T_PAGER);
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_THREAD_GUEST, DATA_ADDRESS, 0, 0, 0), STATUS_BUSY);
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_THREAD_SHELL, DATA_ADDRESS, 0, 0, 0), STATUS_BUSY);
    CHECK_EQUAL(sys(SYS_FRAME_WRITE, S_THREAD_GUEST2, DATA_ADDRESS, 0, 0, 0), STATUS_DENIED);
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_CLOCK, DATA_ADDRESS, 0, 0, 0), STATUS_BAD_TYPE);
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_EMPTY, DATA_ADDRESS, 0, 0, 0), STATUS_BAD_SLOT);
}

TEST(the_frame_of_a_thread_that_called_its_handler_is_closed)
{
    system_start();
    system_run(T_SHELL);
    call(S_PAGER, 1, NULL, 0);
    CHECK_EQUAL(running(), T_PAGER);
    CHECK_EQUAL(threads[T_SHELL].state, THREAD_AWAITING);
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_THREAD_SHELL, DATA_ADDRESS, 0, 0, 0), STATUS_BUSY);
}

TEST(frames_go_to_memory_that_the_handler_has)
{
    system_start();
    system_run(T_GUEST);
    host_fault(FAULT_READ, 0, 0);
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_THREAD_GUEST, TEXT_ADDRESS, 0, 0, 0), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(sys(SYS_FRAME_WRITE, S_THREAD_GUEST, STACK_TOP - 8, 0, 0, 0), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(sys(SYS_FRAME_WRITE, S_THREAD_GUEST, STACK_TOP - sizeof(struct thread_registers), 0, 0, 0),
                STATUS_OK);
}

TEST(fpu_registers_do_not_survive_a_restart)
{
    system_start();
    threads[T_SHELL].fpu->v[2] = 99;
    arch_core()->fpu_owner = &threads[T_SHELL];
    restart(SHELL);
    CHECK_EQUAL(threads[T_SHELL].fpu->v[2], 0);
    CHECK(arch_core()->fpu_owner == NULL);
}

TEST(a_component_can_end_while_it_is_out_of_budget)
{
    system_start();
    system_run(T_SHELL);
    host_run_for(SHELL_BUDGET);
    CHECK(threads[T_SHELL].parked_on != NULL);
    restart(SHELL);
    CHECK(components[SHELL].sched_context.parked.first == NULL);
    block_until(THREADS);  // servers are told, then shell is parked again: a restart pays no debts
    CHECK(threads[T_SHELL].parked_on == &components[SHELL].sched_context);
}

TEST(a_chain_of_calls_breaks_where_its_server_dies)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    call(S_DISK, 1, NULL, 0);
    uint64_t inner = token_of(T_DISK);

    reply_wait(0, 0);
    restart(FILES);  // in the middle
    CHECK_EQUAL(kind_of(T_APP), STATUS_PEER_DIED);
    CHECK_EQUAL(threads[T_APP].state, THREAD_READY);
    block_until(T_DISK);
    CHECK_EQUAL(kind_of(T_DISK), KIND_CLIENT_GONE);
    CHECK_EQUAL(badge_of(T_DISK), FILES);
    CHECK_EQUAL(reply(inner, 0), STATUS_STALE);
}
