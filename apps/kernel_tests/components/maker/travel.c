// Capabilities that travel: in messages, by copy, with fewer rights; and that they can be taken back.
// SPDX-License-Identifier: BSD-2-Clause

#include "../keeper/keeper.h"
#include "child.h"

static uint64_t keeper(unsigned label, uint64_t word, uint64_t *second)
{
    struct message message = raw_message(label, word, 0);

    if (sys_call(SLOT_USE_KEEPER, &message) != STATUS_OK)
        return ~0ull;
    if (second)
        *second = message.words[1];
    return message.words[0];
}

// The slot it arrives in, there.
static uint64_t send(slot_t slot)
{
    struct message message = {.info = message_info(KEEP_TAKE, 0, 0, true)};

    message.words[CAP_WORD] = slot;
    return sys_call(SLOT_USE_KEEPER, &message) == STATUS_OK ? message.words[0] : ~0ull;
}

static slot_t ask_back(uint64_t slot)
{
    struct message message = raw_message(KEEP_GIVE, slot, 0);

    return sys_call(SLOT_USE_KEEPER, &message) == STATUS_OK ? (slot_t)message.words[CAP_WORD] : 0;
}

static slot_t make(enum cap_type type, uint64_t a, uint64_t b)
{
    slot_t slot = 0;

    return sys_pool_create(SLOT_POOL, type, a, b, &slot) == STATUS_OK ? slot : 0;
}

static void check_messages(void)
{
    uint64_t bytes, first, second;
    slot_t region = make(CAP_REGION, 2, 0), other = make(CAP_REGION, 1, 0);

    first = send(region);
    check("a_capability_travels_in_a_call",
          first != 0 && keeper(KEEP_INFO, first, &bytes) == STATUS_OK && bytes == 2 * CHILD_PAGE);
    second = send(other);
    check("a_second_one_gets_another_slot", second != 0 && second != first);
    check_equal("without_a_free_slot_none_arrives", send(region), 0);
    check_equal("a_capability_can_be_dropped", keeper(KEEP_DROP, second, NULL), STATUS_OK);
    check_equal("then_its_slot_is_empty", keeper(KEEP_INFO, second, NULL), STATUS_BAD_SLOT);
    check_equal("an_empty_slot_gives_nothing", send(0), 0);
    check_equal("a_slot_outside_the_table_gives_nothing", send(0xffff), 0);
    check_equal("without_the_right_to_grant_nothing_travels", send(SLOT_CONSOLE), 0);
    slot_t back = ask_back(first);
    struct region_info info;

    check("a_capability_travels_in_a_reply", back != 0 && back != region &&
                                                 sys_region_info(back, &info) == STATUS_OK &&
                                                 info.bytes == 2 * CHILD_PAGE);
    check_equal("ours_still_works", sys_region_info(region, &info), STATUS_OK);
    sys_cap_drop(back);
    check_equal("one_that_is_dropped_does_not", sys_region_info(back, &info), STATUS_BAD_SLOT);
    check_equal("static_slots_cannot_be_dropped", sys_cap_drop(SLOT_CONSOLE), STATUS_BAD_SLOT);

    second = send(other);
    check_equal("revoking_works", sys_cap_revoke(region), STATUS_OK);
    check_equal("a_revoked_capability_is_stale_there", keeper(KEEP_INFO, first, NULL), STATUS_BAD_SLOT);
    check_equal("and_here", sys_region_info(region, &info), STATUS_BAD_SLOT);
    check_equal("others_are_not", keeper(KEEP_INFO, second, NULL), STATUS_OK);
    check_equal("revoking_needs_its_right", sys_cap_revoke(SLOT_CONSOLE), STATUS_DENIED);
    check_equal("a_stale_slot_is_free_again", send(other), first);
    check_equal("restart_works", restart_child(SLOT_CHILD_KEEPER), STATUS_OK);
    check("restart_empties_what_was_received", keeper(KEEP_INFO, first, NULL) == STATUS_BAD_SLOT &&
                                                   keeper(KEEP_INFO, second, NULL) == STATUS_BAD_SLOT);
    check_equal("destroying_works", sys_pool_destroy(SLOT_POOL, other), STATUS_OK);
}

static void check_signal(void)
{
    struct message message;
    slot_t notification = make(CAP_NOTIFICATION, SLOT_NULL, 1ull << 50);
    uint64_t slot = send(notification);

    check_equal("the_right_to_signal_travels", keeper(KEEP_SIGNAL, slot, NULL), STATUS_OK);
    receive_kind(KIND_NOTIFICATION, &message);
    check_equal("with_its_bits", message.words[0] & 1ull << 50, 1ull << 50);
    check_equal("without_the_right_it_cannot_be_revoked", keeper(KEEP_REVOKE, slot, NULL), STATUS_DENIED);
    sys_cap_drop(notification);
}

static struct child child;

static uint64_t invoke(unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    return child_invoke(&child, number, (struct child_registers){.x = {a, b, c, d}}).x[0];
}

static uint64_t invoke_call(uint64_t slot)
{
    return invoke(SYS_CALL, slot << INFO_SLOT_SHIFT, 0, 0, 0) >> INFO_KIND_SHIFT & INFO_KIND_MASK;
}

// What the child has ends with each of its runs, so it gets the capability anew before each.
static uint64_t invoke_with(slot_t capability, uint64_t rights, unsigned number, uint64_t b, uint64_t c,
                            uint64_t d)
{
    enum status status = sys_cap_copy(capability, child.component, 1, (unsigned)rights);

    return status == STATUS_OK ? invoke(number, 1, b, c, d) : ~(uint64_t)status;
}

static uint64_t call_with(slot_t capability, uint64_t rights)
{
    enum status status = sys_cap_copy(capability, child.component, 1, (unsigned)rights);

    return status == STATUS_OK ? invoke_call(1) : ~(uint64_t)status;
}

static void check_copied_rights(void)
{
    slot_t notification = make(CAP_NOTIFICATION, SLOT_NULL, 1ull << 51),
           endpoint = make(CAP_ENDPOINT, SLOT_NULL, 0);
    slot_t region = make(CAP_REGION, 1, 0);
    uint64_t read = RIGHT_READ, write = RIGHT_READ | RIGHT_WRITE, execute = RIGHT_READ | RIGHT_EXECUTE;

    check_equal("an_empty_table_has_nothing", invoke(SYS_SIGNAL, 1, 0, 0, 0), STATUS_BAD_SLOT);
    check_equal("nor_has_it_anything_to_call", invoke_call(1), STATUS_BAD_SLOT);
    check_equal("a_copied_capability_can_be_used", invoke_with(notification, 0xff, SYS_SIGNAL, 0, 0, 0),
                STATUS_OK);
    check_equal("without_its_right_a_signal_is_denied",
                invoke_with(notification, RIGHT_GRANT, SYS_SIGNAL, 0, 0, 0), STATUS_DENIED);
    check_equal("without_its_right_a_call_is_denied", call_with(endpoint, RIGHT_GRANT), STATUS_DENIED);
    check_equal("a_notification_cannot_be_called", call_with(notification, 0xff), STATUS_BAD_TYPE);
    check_equal("a_region_for_reading_cannot_be_written",
                invoke_with(region, read, SYS_MAP, 0, 0xa00000, write), STATUS_DENIED);
    check_equal("nor_executed", invoke_with(region, read, SYS_MAP, 0, 0xa00000, execute), STATUS_DENIED);
    check_equal("but_read", invoke_with(region, read, SYS_MAP, 0, 0xa00000, read), STATUS_OK);
    check_equal("with_all_rights_it_can_be_written",
                (invoke_with(region, 0xff, SYS_UNMAP, 0, 0, 0),
                 invoke_with(region, 0xff, SYS_MAP, 0, 0xa00000, write)),
                STATUS_OK);
    check_equal("without_its_right_it_cannot_be_revoked", invoke_with(region, read, SYS_CAP_REVOKE, 0, 0, 0),
                STATUS_DENIED);
    check_equal("a_child_drops_its_slot", invoke_with(notification, 0xff, SYS_CAP_DROP, 0, 0, 0), STATUS_OK);
    check_equal("a_child_ends_with_its_capabilities", invoke(SYS_SIGNAL, 1, 0, 0, 0), STATUS_BAD_SLOT);
    check_equal("with_its_right_a_child_revokes", invoke_with(region, 0xff, SYS_CAP_REVOKE, 0, 0, 0),
                STATUS_OK);
    sys_cap_drop(notification);
    sys_cap_drop(endpoint);
}

static void check_copies(void)
{
    slot_t region = make(CAP_REGION, 1, 0);

    check("a_child_for_copies_can_be_made", child_make(&child));
    check_copied_rights();
    check_equal("nothing_can_be_copied_to_the_layouts_components",
                sys_cap_copy(region, SLOT_CHILD_KEEPER, 1, 0xff), STATUS_DENIED);
    check_equal("nor_to_slot_0", sys_cap_copy(region, child.component, 0, 0xff), STATUS_BAD_ARGUMENT);
    check_equal("nor_past_the_table", sys_cap_copy(region, child.component, POOL_SLOTS, 0xff),
                STATUS_BAD_ARGUMENT);
    check_equal("but_to_its_last_slot", sys_cap_copy(region, child.component, POOL_SLOTS - 1, 0xff),
                STATUS_OK);
    check_equal("only_with_the_right_to_grant", sys_cap_copy(SLOT_CONSOLE, child.component, 5, 0xff),
                STATUS_DENIED);
    (void)!sys_pool_destroy(SLOT_POOL, region);
}

// The child calls us, by a capability that we gave it.
static void check_call(void)
{
    slot_t endpoint = make(CAP_ENDPOINT, SLOT_NULL, CHILD_BADGE);
    struct message message;

    clients_gone = 0;
    (void)!sys_cap_copy(endpoint, child.component, 3, RIGHT_CALL);
    (void)!sys_component_control(child.component, COMPONENT_OP_STOP, 0);
    child_set(&child, code_invoke, SYS_CALL);
    (void)!sys_map(child.data, SLOT_NULL, WINDOW, RIGHT_READ | RIGHT_WRITE);
    *(struct child_registers *)WINDOW =
        (struct child_registers){.x = {3ull << INFO_SLOT_SHIFT | 0x66, 0, 0x99}};
    restart_child(child.component);
    receive_kind(KIND_CALL, &message);
    check("a_made_component_calls_us", message_label(&message) == 0x66 && message.words[0] == 0x99);
    check_equal("with_the_badge_we_gave_it", message_badge(&message), CHILD_BADGE);
    raw_answer(message.token, 0, 0x9a);
    child_wait(&child);
    check_equal("and_gets_our_answer", ((struct child_registers *)WINDOW)->x[2], 0x9a);
    check_equal("when_it_ends_we_are_told", clients_gone, 1ull << CHILD_BADGE);
    clients_gone = 0;
    (void)!sys_cap_copy(endpoint, child.component, 3, RIGHT_CALL);
    restart_child(child.component);
    child_destroy(&child);
    receive_kind(KIND_CLIENT_GONE, &message);
    check_equal("when_it_is_destroyed_too", clients_gone, 1ull << CHILD_BADGE);
    sys_cap_drop(endpoint);
}

void check_travel(void)
{
    check_messages();
    check_signal();
    check_copies();
    check_call();
}
