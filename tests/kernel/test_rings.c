// Host test of what goes round four cores: ends, and callers whose lends were lent on. See test_cores.c.
// SPDX-License-Identifier: BSD-2-Clause
#include "abroad.h"

#include <kernel/component.h>

TEST(mail_arrives_in_the_order_in_which_it_was_sent)
{
    system_start();
    calls(T_APP, S_DISK, 1);
    calls(T_FILES, S_DISK, 2);
    system_run(T_SHELL);
    call(S_DISK, 3, NULL, 0);
    CHECK(open_mail(1));
    runs(T_DISK);
    CHECK_EQUAL(info_of(T_DISK) & 0xffff, 1);
    reply_wait(0, 0);
    CHECK_EQUAL(info_of(T_DISK) & 0xffff, 2);
    reply_wait(0, 0);
    CHECK_EQUAL(info_of(T_DISK) & 0xffff, 3);
}

TEST(an_end_passes_every_core_once)
{
    system_start();
    system_run(T_SUP);
    begin_control(S_COMPONENT + APP, COMPONENT_OP_STOP);
    for (unsigned i = 1; i < CORES; i++) {
        CHECK(component_is_ending(&components[APP]));
        CHECK(open_mail(i));
    }
    CHECK(component_is_ending(&components[APP]));
    CHECK(open_mail(0));
    CHECK(!component_is_ending(&components[APP]));
    for (unsigned i = 0; i < CORES; i++)
        CHECK(!open_mail(i));
}

// App (core 0) has lent to spare (3), which has lent it on to disk (1). Returns disk's token.
static uint64_t lent_on_behind(void)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + SPARE, COMPONENT_OP_RESTART), STATUS_OK);
    on_core(3);
    block_until(THREADS);
    system_run(T_APP);
    call_lending(S_SPARE, DATA_ADDRESS, 100);
    arrives_at(T_SPARE);
    call_lending_on(S_DISK, token_of(T_SPARE), 100);
    arrives_at(T_DISK);
    uint64_t token = token_of(T_DISK);

    CHECK_EQUAL(write_lent(token, 0xa5), STATUS_OK);
    return token;
}

TEST(an_end_waits_until_no_core_can_write_what_was_lent_on)
{
    uint64_t token = lent_on_behind();

    system_run(T_SUP);
    begin_control(S_COMPONENT + APP, COMPONENT_OP_STOP);
    CHECK(open_mail(1)); // it may be in the middle of a copy after this: app's call has not ended yet
    runs(T_DISK);
    CHECK_EQUAL(write_lent(token, 0x5a), STATUS_OK);
    CHECK(open_mail(2));
    CHECK(open_mail(3));
    runs(T_DISK);
    CHECK_EQUAL(write_lent(token, 0x11), STATUS_STALE);
    deliver_mail();
    CHECK(!component_is_ending(&components[APP]));
    CHECK_EQUAL(components[APP].abroad, 0);
}

TEST(an_end_does_not_overtake_the_last_copy)
{
    lent_on_behind();
    system_run(T_SUP);
    begin_control(S_COMPONENT + APP, COMPONENT_OP_STOP);
    CHECK(open_mail(1));
    CHECK(open_mail(2));
    CHECK(open_mail(3));
    // From here on core 1 does not come to open its mail: a copy takes so long.
    for (bool any = true; any;) {
        any = open_mail(0);
        any |= open_mail(2);
        any |= open_mail(3);
    }
    CHECK(component_is_ending(&components[APP]));
    deliver_mail();
    CHECK(!component_is_ending(&components[APP]));
}

TEST(a_thread_from_a_dead_component_does_not_stay_anywhere)
{
    system_start();
    // Shell's two threads are on two cores.
    system_run(T_SHELL);
    call(S_FILES, 1, NULL, 0);
    system_run(T_SHELL2);
    call(S_DISK, 2, NULL, 0);
    deliver_mail();
    CHECK_EQUAL(components[SHELL].abroad, 2);
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + SHELL, COMPONENT_OP_STOP), STATUS_OK);
    CHECK_EQUAL(components[SHELL].abroad, 0);
    CHECK(threads[T_SHELL].core == &cores[2] && threads[T_SHELL2].core == &cores[2]);
}
