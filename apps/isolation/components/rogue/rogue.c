// Rogue: a driver that works, until it is asked not to.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/panic.h>
#include <tenon/time.h>

#include <virtio_driver.h>

#include "wrongs.h"

#define TYPE_ENTROPY 4u
#define ANSWER_BYTES 32u

static struct virtio_driver driver = {
    .type = TYPE_ENTROPY, .queues = 1, .entries = 8, .timeout = 500 * MILLISECOND};
static uint64_t buffer_address;
static bool storms;

enum status random_read(const struct call *call, uint8_t data[ANSWER_BYTES])
{
    struct ring_buffer wanted = {buffer_address, ANSWER_BYTES, true};
    uint32_t written = 0;

    (void)call;
    if (virtio_driver_request(&driver, &wanted, 1, &written) != VIRTIO_DONE)
        return RANDOM_ERROR_IO;
    memcpy(data, (const void *)DMA_BUFFER_BASE, ANSWER_BYTES);
    return STATUS_OK;
}

// As many requests as the ring holds, for ever: each that is done interrupts.
static void ask_for_more(void)
{
    struct ring_buffer wanted = {buffer_address, ANSWER_BYTES, true};
    uint32_t written;
    uint16_t head;

    while (ring_take(&driver.rings[0], &head, &written) == RING_TAKEN)
        ;
    while (ring_add(&driver.rings[0], &wanted, 1) != RING_NONE)
        ;
    transport_notify(&driver.transport, 0);
}

void on_interrupt_dev(void)
{
    virtio_driver_interrupt(&driver);
    if (storms) {
        ++*(volatile uint64_t *)REGION_TALLY_BASE;
        ask_for_more();
    }
}

void on_timer_request(void)
{
}

enum status mischief_begin(const struct call *call, uint32_t kind, uint64_t seed)
{
    (void)call;
    if (kind == WRONG_STORM) {
        storms = true;
        ask_for_more();
    } else {
        do_wrong((enum wrong)kind, seed);
    }
    return STATUS_OK;
}

int main(void)
{
    struct region_info info;

    if (sys_region_info(SLOT_DMA_BUFFER, &info) != STATUS_OK)
        panic("the buffer has no device address");
    buffer_address = info.device_address;
    if (!virtio_driver_start(&driver))
        panic("the device cannot be started");
    event_loop_run();
}
