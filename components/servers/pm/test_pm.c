// Host test of pm: who may do what, what is reported, and what is there after a restart. Calls are made as
// any of its clients. SPDX-License-Identifier: BSD-2-Clause

#include "fake_peers.h"

#include "processes.h"

#define LOG 20u  // a slot of ours, as it arrives

static const struct call shell = {.token = 1, .client = 0}, other = {.token = 2, .client = 1};
static const struct processes_limits limits = {.memory = 1 << 20, .priority = 30};
static uint64_t request;

// Our next life knows what the nursery knows.
static void restart(void)
{
    for (unsigned i = 0; i < PLACES; i++)
        *process_at(i) = (struct process){0};
    processes_read(true);
    processes_sweep();
}

static void use_program(unsigned count)
{
    static const char *const names[] = {"log", "files"};

    fake_program_make(names, count);
}

static enum status prepare(const struct call *call, uint64_t *process)
{
    bool started;

    return processes_prepare(call, ++request, &limits, "/bin/it", process, &started);
}

static uint64_t spawn(const struct call *call)
{
    uint64_t process;

    use_program(0);
    CHECK_EQUAL(prepare(call, &process), STATUS_OK);
    CHECK_EQUAL(processes_start(call, process, "words"), STATUS_OK);
    return process;
}

// A call of that process.
static struct call from(uint64_t process)
{
    for (uint32_t i = 0; i < PLACES; i++) {
        if (fake_places[i].seen.serial == process)
            return (struct call){.token = 100 + i, .client = CLIENT_MADE_PROCESSES_0 + i};
    }
    CHECK(false);
    return shell;
}

static uint64_t spawn_from(uint64_t process)
{
    struct call call = from(process);

    return spawn(&call);
}

static void end(uint64_t process, uint64_t code)
{
    end_process(process, NURSERY_END_EXITED, code);
    on_nursery_changed();
}

static enum status wait_for(const struct call *call, uint64_t process, struct processes_process *ended)
{
    *ended = (struct processes_process){0};
    return processes_wait(call, process, ended);
}

static unsigned count_of(const struct call *call)
{
    struct processes_process found = {0};
    unsigned count = 0;

    while (processes_list(call, found.process, &found) == STATUS_OK)
        count++;
    return count;
}

TEST(an_end_is_reported_until_it_is_released)
{
    struct processes_process ended;
    uint64_t process = spawn(&shell);

    CHECK_EQUAL(wait_for(&shell, process, &ended), CALL_DEFERRED);
    end(process, 7);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQUAL(wait_for(&shell, 0, &ended), STATUS_OK);
        CHECK(ended.process == process && ended.end == PROCESSES_END_EXITED && ended.value == 7);
    }
    CHECK_EQUAL(processes_release(&shell, process), STATUS_OK);
    CHECK_EQUAL(processes_release(&shell, process), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(wait_for(&shell, 0, &ended), PROCESSES_ERROR_ABSENT);
}

TEST(who_waits_is_answered_when_it_ends)
{
    struct processes_process ended;
    uint64_t first = spawn(&shell), second = spawn(&shell);

    CHECK_EQUAL(wait_for(&shell, 0, &ended), CALL_DEFERRED);
    CHECK_EQUAL(host_reply_count, 0);
    end(second, 1);
    CHECK_EQUAL(host_reply_count, 1);
    CHECK_EQUAL(host_replies[0].token, shell.token);
    CHECK_EQUAL(wait_for(&shell, first, &ended), CALL_DEFERRED);
}

TEST(an_end_while_pm_is_down_is_reported)
{
    struct processes_process ended;
    uint64_t process = spawn(&shell);

    end_process(process, NURSERY_END_FAULTED, 16);
    restart();
    CHECK_EQUAL(wait_for(&shell, 0, &ended), STATUS_OK);
    CHECK(ended.process == process && ended.end == PROCESSES_END_FAULTED && ended.value == 16);
    CHECK(memcmp(ended.name, "it", 3) == 0);
}

TEST(a_spawn_that_is_repeated_is_the_same_process)
{
    bool started;
    uint64_t process = spawn(&shell), again;

    restart();
    CHECK_EQUAL(processes_prepare(&shell, request, &limits, "/bin/it", &again, &started), STATUS_OK);
    CHECK(started && again == process);
    CHECK_EQUAL(processes_start(&shell, process, "words"), STATUS_OK);
    CHECK_EQUAL(processes_prepare(&other, request, &limits, "/bin/it", &again, &started), STATUS_OK);
    CHECK(!started && again != process);  // another client's number is another spawn
}

TEST(what_is_prepared_is_gone_after_a_restart)
{
    uint64_t process;

    use_program(1);
    CHECK_EQUAL(prepare(&shell, &process), STATUS_OK);
    restart();
    CHECK_EQUAL(processes_give(&shell, process, "log", false, LOG), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(processes_start(&shell, process, ""), PROCESSES_ERROR_ABSENT);
    for (unsigned i = 0; i < PLACES; i++)
        CHECK_EQUAL(fake_places[i].seen.state, NURSERY_STATE_FREE);
}

TEST(a_spawner_prepares_one_process_at_a_time)
{
    uint64_t first, second;

    use_program(0);
    CHECK_EQUAL(prepare(&shell, &first), STATUS_OK);
    CHECK_EQUAL(prepare(&shell, &second), STATUS_OK);
    CHECK_EQUAL(processes_start(&shell, first, ""), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(processes_start(&shell, second, ""), STATUS_OK);
}

TEST(a_program_starts_when_it_has_all_that_it_uses)
{
    uint64_t process;

    use_program(2);
    CHECK_EQUAL(prepare(&shell, &process), STATUS_OK);
    CHECK_EQUAL(processes_give(&shell, process, "log", true, LOG), STATUS_OK);
    CHECK_EQUAL(processes_start(&shell, process, ""), PROCESSES_ERROR_MISSING);
    CHECK_EQUAL(processes_give(&shell, process, "logs", false, LOG), PROCESSES_ERROR_NO_SUCH_USE);
    CHECK_EQUAL(processes_give(&shell, process, "files", false, SLOT_NULL), PROCESSES_ERROR_NO_CAPABILITY);
    CHECK_EQUAL(processes_give(&shell, process, "files", false, LOG), STATUS_OK);
    CHECK_EQUAL(processes_start(&shell, process, ""), STATUS_OK);
    CHECK_EQUAL(host_dropped[LOG], 3);
    CHECK(fake_place_called(process)->given == 2 && fake_place_called(process)->granted == 1);
}

TEST(the_right_to_spawn_cannot_be_passed_on)
{
    uint64_t process;

    use_program(1);
    CHECK_EQUAL(prepare(&shell, &process), STATUS_OK);
    CHECK_EQUAL(processes_give_processes(&shell, process, "log"), STATUS_OK);
    CHECK(fake_place_called(process)->given == 1 && fake_place_called(process)->granted == 0);
    CHECK_EQUAL(host_dropped[100], 1);
}

TEST(a_spawner_sees_its_own_and_those_below)
{
    struct processes_process ended;
    uint64_t child = spawn(&shell), grandchild = spawn_from(child), stranger = spawn(&other);
    struct call below = from(child);

    CHECK_EQUAL(count_of(&shell), 2);
    CHECK_EQUAL(count_of(&other), 1);
    CHECK_EQUAL(count_of(&below), 1);
    CHECK_EQUAL(processes_kill(&other, child), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(processes_kill(&below, child), PROCESSES_ERROR_ABSENT);  // nor itself
    CHECK_EQUAL(wait_for(&below, stranger, &ended), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(wait_for(&other, grandchild, &ended), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(processes_release(&other, grandchild), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(wait_for(&shell, grandchild, &ended), CALL_DEFERRED);
    CHECK_EQUAL(processes_kill(&shell, grandchild), STATUS_OK);
    CHECK_EQUAL(wait_for(&below, 0, &ended), STATUS_OK);
    CHECK(ended.process == grandchild && ended.end == PROCESSES_END_KILLED && ended.parent == child);
}

TEST(what_is_below_ends_with_its_spawner)
{
    uint64_t child = spawn(&shell), grandchild = spawn_from(child), great = spawn_from(grandchild);

    end(child, 0);
    CHECK(fake_place_called(child) != NULL);  // still to be told
    CHECK(fake_place_called(grandchild) == NULL && fake_place_called(great) == NULL);
}

TEST(what_is_below_ends_with_its_spawner_while_pm_is_down)
{
    uint64_t child = spawn(&shell), grandchild = spawn_from(child);

    (void)spawn_from(grandchild);
    end_process(child, NURSERY_END_EXITED, 0);
    restart();
    CHECK_EQUAL(count_of(&shell), 1);
}

TEST(a_client_that_is_gone_or_begins_anew_leaves_nothing)
{
    (void)spawn_from(spawn(&shell));
    uint64_t kept = spawn(&other);

    processes_client_gone(shell.client);
    CHECK_EQUAL(count_of(&shell), 0);
    (void)spawn_from(spawn(&shell));
    CHECK_EQUAL(processes_begin(&shell), STATUS_OK);
    CHECK_EQUAL(count_of(&shell), 0);
    CHECK(fake_place_called(kept) != NULL);
}

TEST(who_is_in_a_place_after_another_is_somebody_else)
{
    uint64_t first = spawn(&shell), child = spawn_from(first);
    struct call call = from(first);

    end(first, 0);
    CHECK(fake_place_called(child) == NULL);
    CHECK_EQUAL(count_of(&call), 0);  // nobody runs there
    CHECK_EQUAL(prepare(&call, &child), PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(processes_release(&shell, first), STATUS_OK);
    uint64_t second = spawn(&shell);

    CHECK_EQUAL(from(second).client, call.client);
    CHECK_EQUAL(count_of(&call), 0);
}

TEST(limits_hold)
{
    const struct processes_limits small = {.memory = 8192, .priority = 30}, none = {.memory = 1 << 20};
    const struct processes_limits high = {.memory = 1 << 20, .priority = CONFIG_PRIORITY_MAX + 1};
    const struct processes_limits above = {.memory = 1 << 20, .priority = 31};
    uint64_t process, child = spawn(&shell);
    struct call below = from(child);
    bool started;

    CHECK_EQUAL(processes_prepare(&shell, 1000, &small, "/bin/it", &process, &started),
                PROCESSES_ERROR_MEMORY);
    CHECK_EQUAL(processes_prepare(&shell, 1001, &none, "/bin/it", &process, &started),
                PROCESSES_ERROR_PRIORITY);
    CHECK_EQUAL(processes_prepare(&shell, 1002, &high, "/bin/it", &process, &started),
                PROCESSES_ERROR_PRIORITY);
    CHECK_EQUAL(processes_prepare(&below, 1003, &above, "/bin/it", &process, &started),
                PROCESSES_ERROR_PRIORITY);
    CHECK_EQUAL(processes_prepare(&below, 1004, &limits, "/bin/it", &process, &started), STATUS_OK);
}

TEST(a_component_has_so_many_processes_however_deep)
{
    uint64_t process, last = spawn(&shell);

    for (unsigned i = 1; i < CONFIG_PROCESSES_MAX; i++)
        last = spawn_from(last);
    struct call deepest = from(last);

    CHECK_EQUAL(prepare(&shell, &process), PROCESSES_ERROR_TOO_MANY);
    CHECK_EQUAL(prepare(&deepest, &process), PROCESSES_ERROR_TOO_MANY);
    for (unsigned i = CONFIG_PROCESSES_MAX; i < PLACES; i++)
        (void)spawn(&other);  // who has its own
    CHECK_EQUAL(prepare(&(struct call){.client = 2}, &process), PROCESSES_ERROR_TOO_MANY);
    CHECK_EQUAL(processes_kill(&shell, last), STATUS_OK);
    CHECK_EQUAL(processes_release(&shell, last), STATUS_OK);
    CHECK_EQUAL(prepare(&shell, &process), STATUS_OK);
}

TEST(a_spawn_that_fails_leaves_nothing)
{
    uint64_t process;
    bool started;

    use_program(0);
    for (nursery_room = 0; nursery_room < 5; nursery_room++) {
        unsigned room = nursery_room;

        CHECK_EQUAL(prepare(&shell, &process), PROCESSES_ERROR_NO_MEMORY);
        nursery_room = room;
        CHECK(open_count == 0 && fake_places[0].seen.state == NURSERY_STATE_FREE);
    }
    CHECK_EQUAL(processes_prepare(&shell, 1000, &limits, "/bin/other", &process, &started),
                PROCESSES_ERROR_ABSENT);
    CHECK_EQUAL(processes_prepare(&shell, 1001, &limits, "/bin/folder", &process, &started),
                PROCESSES_ERROR_ABSENT);
    put(AT_MACHINE, 0, 2);
    nursery_room = UINT32_MAX;
    CHECK_EQUAL(prepare(&shell, &process), PROCESSES_ERROR_NOT_PROGRAM);
    use_program(0);
    file_fails = (enum status)FILES_ERROR_DAMAGED;
    CHECK_EQUAL(prepare(&shell, &process), PROCESSES_ERROR_IO);
    CHECK(open_count == 0 && count_of(&shell) == 0);
}

// Otherwise whoever may pass something on could fill our table.
TEST(a_capability_in_a_message_that_is_refused_is_dropped)
{
    static const unsigned labels[] = {0, 1, UINT16_MAX};

    for (unsigned i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct message message = {
            .info = message_info(labels[i], 0, 0, true), .token = 1, .words[CAP_WORD] = LOG};

        instance_dispatch_call(0, &message);
        CHECK_EQUAL(message_label(&message), STATUS_BAD_MESSAGE);
        CHECK_EQUAL(host_dropped[LOG], i + 1);
    }
}

TEST(nothing_outside_the_folder_of_programs_can_be_named)
{
    static const char *const paths[] = {"/it",  "/bin/../bin/it", "/bin/./it", "/bin//it",
                                        "/bin", "bin/it",         "",          "/binary/it"};
    uint64_t process;
    bool started;

    use_program(0);
    for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        CHECK_EQUAL(processes_prepare(&shell, ++request, &limits, paths[i], &process, &started),
                    PROCESSES_ERROR_ABSENT);
        CHECK_EQUAL(file_asked, 0);
    }
}

TEST(a_note_that_is_not_ours_is_nobodys)
{
    (void)spawn(&shell);
    fake_places[0].note[0] ^= 1;
    restart();
    CHECK_EQUAL(fake_places[0].seen.state, NURSERY_STATE_FREE);
}
