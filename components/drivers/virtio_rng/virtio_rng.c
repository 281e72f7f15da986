// A virtio entropy source (virtio 1.2, 5.4).
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <virtio_driver.h>

#define TYPE_ENTROPY  4u
#define ANSWER_BYTES  32u
#define TRIES         8 // the device may answer with as little as one byte (5.4.6.1)

_Static_assert(DMA_BUFFER_BYTES >= ANSWER_BYTES, "dma: {buffer: 4KiB}");

static volatile uint8_t *const buffer = (volatile uint8_t *)DMA_BUFFER_BASE;

static struct virtio_driver driver = {.type = TYPE_ENTROPY, .queues = 1, .entries = 8, .timeout = CONFIG_REQUEST_TIMEOUT};
static uint64_t buffer_address;

// Takes the bytes out of the buffer and leaves none there: nobody gets them twice.
static void move_out(uint8_t *to, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        to[i] = buffer[i];
        buffer[i] = 0;
    }
}

enum status random_read(const struct call *call, uint8_t data[ANSWER_BYTES])
{
    uint32_t have = 0, written = 0;

    (void)call;
    for (unsigned i = 0; i < TRIES && have < ANSWER_BYTES; i++) {
        struct ring_buffer wanted = {buffer_address, ANSWER_BYTES - have, true};

        switch (virtio_driver_request(&driver, &wanted, 1, &written)) {
        case VIRTIO_DONE: move_out(data + have, written); have += written; break;
        case VIRTIO_FAILED: break;
        case VIRTIO_LOST: panic("the device is lost");
        }
    }
    return have == ANSWER_BYTES ? STATUS_OK : RANDOM_ERROR_IO;
}

void on_interrupt_dev(void)
{
    virtio_driver_interrupt(&driver);
}

void on_timer_request(void)
{
    // Of a request that ended in time.
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
