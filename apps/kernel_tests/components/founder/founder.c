// Founder: see founder.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "founder.h"

#include "../test.h"

#include <machine.h>

#define TEXT 0x400000

static uint64_t count_pages(void)
{
    slot_t slots[40];
    uint64_t count = 0;

    while (count < 40 && sys_pool_create(SLOT_POOL, CAP_REGION, 1, 0, &slots[count]) == STATUS_OK)
        count++;
    for (uint64_t i = 0; i < count; i++)
        (void)!sys_pool_destroy(SLOT_POOL, slots[i]);
    return count;
}

static enum status found(void)
{
    slot_t component, thread, text;
    enum status status = sys_pool_create(SLOT_POOL, CAP_COMPONENT, 0, 0, &component);

    if (status == STATUS_OK)
        status = sys_pool_create(SLOT_POOL, CAP_THREAD, component, 0, &thread);
    if (status == STATUS_OK)
        status = sys_pool_create(SLOT_POOL, CAP_REGION, 1, 0, &text);
    if (status == STATUS_OK)
        status = sys_map(text, SLOT_NULL, WINDOW, RIGHT_READ | RIGHT_WRITE);
    if (status != STATUS_OK)
        return status;
    *(volatile uint32_t *)WINDOW = CODE_SPIN;
    status = sys_map(text, component, TEXT, RIGHT_READ | RIGHT_EXECUTE);
    if (status == STATUS_OK)
        status = sys_object_set(thread, SET_START, TEXT, 0);
    if (status == STATUS_OK)
        status = sys_object_set(thread, SET_RUN, 0, 1);
    if (status == STATUS_OK)
        status = sys_component_control(component, COMPONENT_OP_RESTART, 0);
    return status;
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        sys_reply_wait(&message);
        if (message_kind(&message) == KIND_CALL)
            message = (struct message){
                .info = message_info(0, 1, 0, false),
                .token = message.token,
                .words = {message_label(&message) == FOUNDER_COUNT ? count_pages() : found()}};
        else
            message.token = 0;
    }
}
