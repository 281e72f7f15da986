// Components from a pool: see child.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "child.h"

static bool made(enum cap_type type, uint64_t argument, slot_t *slot)
{
    return sys_pool_create(SLOT_POOL, type, argument, 0, slot) == STATUS_OK;
}

// The page, seen through our own window for a moment.
static bool copy_code(slot_t text)
{
    if (sys_map(text, SLOT_NULL, WINDOW, RIGHT_READ | RIGHT_WRITE) != STATUS_OK)
        return false;
    memcpy((void *)WINDOW, code_start, (size_t)(code_end - code_start));
    return sys_unmap(text, SLOT_NULL) == STATUS_OK;
}

static bool map_all(const struct child *child)
{
    return sys_map(child->text, child->component, CHILD_TEXT, RIGHT_READ | RIGHT_EXECUTE) == STATUS_OK &&
           sys_map(child->data, child->component, CHILD_DATA, RIGHT_READ | RIGHT_WRITE) == STATUS_OK &&
           sys_map(child->stack, child->component, CHILD_STACK, RIGHT_READ | RIGHT_WRITE) == STATUS_OK;
}

bool child_make(struct child *child)
{
    *child = (struct child){0};
    if (!made(CAP_COMPONENT, 0, &child->component) || !made(CAP_THREAD, child->component, &child->thread))
        return false;
    if (!made(CAP_REGION, 1, &child->text) || !made(CAP_REGION, 1, &child->data) ||
        !made(CAP_REGION, 1, &child->stack))
        return false;
    return copy_code(child->text) && map_all(child) &&
           sys_object_set(child->component, SET_WATCH, CHILD_BIT, 0) == STATUS_OK;
}

enum status child_set(const struct child *child, const uint8_t *code, uint64_t argument)
{
    uint64_t entry = CHILD_TEXT + (uint64_t)(code - code_start);
    enum status status = sys_object_set(child->thread, SET_START, entry, CHILD_STACK + CHILD_PAGE);

    return status == STATUS_OK ? sys_object_set(child->thread, SET_RUN, argument, 90) : status;
}

uint64_t clients_gone;

static void receive(struct message *message)
{
    if (raw_receive(message) == KIND_CLIENT_GONE)
        clients_gone |= 1ull << message_badge(message);
}

void receive_kind(unsigned kind, struct message *message)
{
    do
        receive(message);
    while (message_kind(message) != kind);
}

void child_wait(const struct child *child)
{
    struct message message;

    while (child_state(child->component) == COMPONENT_RUNNING)
        receive(&message);
}

void child_run(const struct child *child)
{
    if (restart_child(child->component) == STATUS_OK)
        child_wait(child);
}

struct child_registers child_invoke(const struct child *child, unsigned number,
                                    struct child_registers registers)
{
    struct child_registers *window = (struct child_registers *)WINDOW;

    if (sys_map(child->data, SLOT_NULL, WINDOW, RIGHT_READ | RIGHT_WRITE) != STATUS_OK)
        return (struct child_registers){.x = {~0ull}};
    *window = registers;
    if (child_state(child->component) != COMPONENT_STOPPED)
        (void)!sys_component_control(child->component, COMPONENT_OP_STOP, 0);
    if (child_set(child, code_invoke, number) == STATUS_OK)
        child_run(child);
    registers = *window;
    if (sys_unmap(child->data, SLOT_NULL) != STATUS_OK)
        registers.x[0] = ~0ull;
    return registers;
}

void child_destroy(const struct child *child)
{
    const slot_t slots[] = {child->component, child->text, child->data, child->stack};

    for (unsigned i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        if (slots[i])
            (void)!sys_pool_destroy(SLOT_POOL, slots[i]);
    }
}
