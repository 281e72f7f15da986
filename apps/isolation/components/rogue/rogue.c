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

static struct virtio_driver driver = {.type = TYPE_ENTROPY, .queues = 1, .entries = 8, .timeout = 500 * MILLISECOND};
static uint64_t buffer_address;
static bool storms;
static uint64_t stormed;

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

// The device holds its interrupt until it is acknowledged there.
void on_interrupt_dev(void)
{
    if (storms) {
        stormed++;
        sys_interrupt_ack(SLOT_INTERRUPT_DEV);
    } else {
        virtio_driver_interrupt(&driver);
    }
}

void on_timer_request(void)
{
}

enum status mischief_begin(const struct call *call, uint32_t kind, uint64_t seed)
{
    struct ring_buffer wanted = {buffer_address, ANSWER_BYTES, true};

    (void)call;
    if (kind == WRONG_STORM) {
        storms = true;
        if (ring_add(&driver.rings[0], &wanted, 1) == RING_NONE)
            panic("the ring is full");
        transport_notify(&driver.transport, 0);
    } else {
        do_wrong((enum wrong)kind, seed);
    }
    return STATUS_OK;
}

enum status mischief_storm(const struct call *call, uint64_t *interrupts)
{
    (void)call;
    *interrupts = stormed;
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
