// Host test of kernel/object/cap.c: what a slot names, and who gets which slot.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <kernel/cap.h>

static enum status find(uint64_t slot, enum cap_type type, uint8_t rights)
{
    struct cap *cap = NULL;
    enum status status = cap_find(&components[SUP], slot, type, rights, &cap);

    CHECK((status == STATUS_OK) == (cap && cap->type == type && (cap->rights & rights) == rights));
    return status;
}

TEST(slot_zero_is_never_valid)
{
    system_start();
    CHECK_EQUAL(find(SLOT_NULL, CAP_ENDPOINT, 0), STATUS_BAD_SLOT);
}

TEST(an_empty_slot_and_one_behind_the_table_are_bad)
{
    system_start();
    CHECK_EQUAL(find(S_EMPTY, CAP_ENDPOINT, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(find(SLOTS, CAP_TYPES, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(find(UINT64_MAX, CAP_TYPES, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(find(1ull << 32 | S_DISK, CAP_TYPES, 0), STATUS_BAD_SLOT);
}

TEST(another_type_is_told_before_a_missing_right)
{
    system_start();
    CHECK_EQUAL(find(S_DISK, CAP_TIMER, RIGHT_CONTROL), STATUS_BAD_TYPE);
    CHECK_EQUAL(find(S_DISK, CAP_ENDPOINT, RIGHT_CONTROL), STATUS_DENIED);
    CHECK_EQUAL(find(S_DISK, CAP_ENDPOINT, RIGHT_CALL | RIGHT_REVOKE), STATUS_DENIED);
    CHECK_EQUAL(find(S_DISK, CAP_ENDPOINT, RIGHT_CALL | RIGHT_GRANT), STATUS_OK);
}

TEST(a_revoked_capability_is_an_empty_slot)
{
    system_start();
    endpoints[E_DISK].head.generation++;
    CHECK_EQUAL(find(S_DISK, CAP_ENDPOINT, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(find(S_FILES, CAP_ENDPOINT, 0), STATUS_OK);
}

TEST(capabilities_arrive_in_the_first_free_dynamic_slot)
{
    struct cap *source = &components[SUP].caps[S_DISK];

    system_start();
    for (uint32_t slot = S_DYNAMIC; slot < SLOTS; slot++)
        CHECK_EQUAL(cap_install(&components[APP], source), slot);
    CHECK_EQUAL(cap_install(&components[APP], source), 0);
    cap_clear_dynamic(&components[APP], S_DYNAMIC + 2, S_DYNAMIC + 3);
    CHECK_EQUAL(cap_install(&components[APP], source), S_DYNAMIC + 2);
}

TEST(a_revoked_capability_leaves_its_slot_to_the_next)
{
    system_start();
    CHECK_EQUAL(cap_install(&components[APP], &components[SUP].caps[S_DISK]), S_DYNAMIC);
    endpoints[E_DISK].head.generation++;
    CHECK_EQUAL(cap_install(&components[APP], &components[SUP].caps[S_FILES]), S_DYNAMIC);
}

TEST(only_dynamic_slots_are_cleared)
{
    system_start();
    cap_install(&components[APP], &components[SUP].caps[S_DISK]);
    cap_clear_dynamic(&components[APP], 0, UINT32_MAX);
    CHECK(components[APP].caps[S_DISK].object == &endpoints[E_DISK].head);
    CHECK(components[APP].caps[S_DYNAMIC].object == NULL);
    CHECK(components[APP].caps[SLOTS - 1].object == NULL);
}

TEST(cap_drop_empties_dynamic_slots_only)
{
    system_start();
    cap_install(&components[APP], &components[SUP].caps[S_DISK]);
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_CAP_DROP, S_DISK, 0, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(sys(SYS_CAP_DROP, SLOTS, 0, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(sys(SYS_CAP_DROP, UINT64_MAX, 0, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK(components[APP].caps[S_DYNAMIC].object != NULL);
    CHECK_EQUAL(sys(SYS_CAP_DROP, S_DYNAMIC, 0, 0, 0, 0), STATUS_OK);
    CHECK(components[APP].caps[S_DYNAMIC].object == NULL);
    CHECK_EQUAL(sys(SYS_CAP_DROP, SLOTS - 1, 0, 0, 0, 0), STATUS_OK);  // empty already
}

TEST(revoking_needs_the_right_and_ends_every_capability_to_the_object)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_CAP_REVOKE, S_SPARE, 0, 0, 0, 0), STATUS_DENIED);
    CHECK_EQUAL(sys(SYS_CAP_REVOKE, S_EMPTY, 0, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(sys(SYS_CAP_REVOKE, S_REVOKE, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_CAP_REVOKE, S_REVOKE, 0, 0, 0, 0), STATUS_BAD_SLOT);
    system_run(T_APP);
    call(S_SPARE, 1, NULL, 0);
    CHECK_EQUAL(kind_of(T_APP), STATUS_BAD_SLOT);
}

TEST(a_copy_needs_the_right_to_grant_and_a_component_to_write_to)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_EMPTY, S_COMPONENT + APP, S_DYNAMIC, 0xff, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_SPARE, S_COMPONENT + APP, S_DYNAMIC, 0xff, 0), STATUS_DENIED);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, S_COMPONENT + FILES, S_DYNAMIC, 0xff, 0), STATUS_DENIED);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, S_FILES, S_DYNAMIC, 0xff, 0), STATUS_BAD_TYPE);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, S_COMPONENT + APP, S_DYNAMIC - 1, 0xff, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, S_COMPONENT + APP, SLOTS, 0xff, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, S_COMPONENT + APP, S_DYNAMIC + 1, RIGHT_CALL, 0), STATUS_OK);
    struct cap *copy = &components[APP].caps[S_DYNAMIC + 1];

    CHECK(copy->object == &endpoints[E_DISK].head);
    CHECK_EQUAL(copy->rights, RIGHT_CALL);
    CHECK_EQUAL(copy->badge, SUP);
    CHECK_EQUAL(copy->timeout, 3);
}
