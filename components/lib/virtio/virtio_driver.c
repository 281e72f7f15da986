// Device start (virtio 1.2, 3.1) and requests.
// SPDX-License-Identifier: BSD-2-Clause

#include <virtio_driver.h>

#include <inttypes.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/time.h>

#define STATUS_ACKNOWLEDGE 1u
#define STATUS_DRIVER      2u
#define STATUS_DRIVER_OK   4u
#define STATUS_FEATURES_OK 8u

#define RESET_POLLS_MAX 100000 // a reset takes a few reads on any device that works
#define REQUEST_QUEUE   0

_Static_assert(VIRTIO_QUEUES_MAX * sizeof(struct ring_memory) <= DMA_RING_BYTES, "dma: {ring: 4KiB}");

static bool reset(struct virtio_driver *driver)
{
    transport_set_status(&driver->transport, 0);
    for (unsigned i = 0; i < RESET_POLLS_MAX; i++) {
        if (transport_status(&driver->transport) == 0)
            return true;
    }
    log_error("the device does not end its reset");
    return false;
}

static bool agree_on_features(struct virtio_driver *driver)
{
    uint64_t offered = transport_offered_features(&driver->transport);

    driver->features = offered & (driver->wanted | VIRTIO_F_VERSION_1);
    if (!(driver->features & VIRTIO_F_VERSION_1)) {
        log_error("the device is older than virtio 1 (features 0x%" PRIx64 ")", offered);
        return false;
    }
    transport_accept_features(&driver->transport, driver->features);
    transport_set_status(&driver->transport, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
    if (transport_status(&driver->transport) & STATUS_FEATURES_OK)
        return true;
    log_error("the device refuses the features 0x%" PRIx64 " that it offered", driver->features);
    return false;
}

static bool set_up_queue(struct virtio_driver *driver, unsigned queue, uint64_t device_address)
{
    uint32_t most = transport_queue_size(&driver->transport, queue);
    uint64_t at = device_address + queue * sizeof(struct ring_memory);

    if (most < driver->entries) {
        log_error("the device's queue %u has %" PRIu32 " entries, we need %u", queue, most, driver->entries);
        return false;
    }
    ring_init(&driver->rings[queue], (volatile struct ring_memory *)DMA_RING_BASE + queue, driver->entries);
    transport_queue_enable(&driver->transport, queue, driver->entries, at + offsetof(struct ring_memory, descriptors),
                           at + offsetof(struct ring_memory, available), at + offsetof(struct ring_memory, used));
    return true;
}

static bool set_up_queues(struct virtio_driver *driver)
{
    struct region_info info;

    if (sys_region_info(SLOT_DMA_RING, &info) != STATUS_OK) {
        log_error("the rings have no device address");
        return false;
    }
    for (unsigned queue = 0; queue < driver->queues; queue++) {
        if (!set_up_queue(driver, queue, info.device_address))
            return false;
    }
    return true;
}

bool virtio_driver_start(struct virtio_driver *driver)
{
    if (!transport_probe(&driver->transport, DEVICE_DEV_BASE, driver->type)) {
        log_error("no virtio device of type %" PRIu32 " here", driver->type);
        return false;
    }
    if (!reset(driver))
        return false;
    transport_set_status(&driver->transport, STATUS_ACKNOWLEDGE);
    transport_set_status(&driver->transport, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
    if (!agree_on_features(driver) || !set_up_queues(driver))
        return false;
    transport_set_status(&driver->transport,
                         STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
    sys_interrupt_ack(SLOT_INTERRUPT_DEV);
    return true;
}

// The device is acknowledged before the line is opened again, and the ring is looked at after both: nothing
// that the device does in between goes unseen.
void virtio_driver_interrupt(struct virtio_driver *driver)
{
    if (transport_take_interrupt(&driver->transport) & VIRTIO_INTERRUPT_CONFIG)
        driver->config_changed = true;
    sys_interrupt_ack(SLOT_INTERRUPT_DEV);
}

// Waits until the device is done with what it has.
static enum ring_taken wait_for_device(struct virtio_driver *driver, nanos_t deadline, uint32_t *written)
{
    enum ring_taken taken;
    uint16_t head;

    while ((taken = ring_take(&driver->rings[REQUEST_QUEUE], &head, written)) == RING_EMPTY) {
        if (clock_now() >= deadline) {
            log_error("the device did not answer within %" PRIu64 " ms", driver->timeout / MILLISECOND);
            return RING_EMPTY;
        }
        if (wait_bits(BIT_INTERRUPT_DEV | BIT_TIMER_REQUEST) & BIT_INTERRUPT_DEV)
            virtio_driver_interrupt(driver);
    }
    if (taken == RING_BROKEN)
        log_error("the device answers a request that it does not have, or wrote more than it may");
    return taken;
}

enum virtio_outcome virtio_driver_request(struct virtio_driver *driver, const struct ring_buffer *buffers,
                                          unsigned count, uint32_t *written)
{
    nanos_t deadline = clock_now() + driver->timeout;

    if (ring_add(&driver->rings[REQUEST_QUEUE], buffers, count) == RING_NONE)
        return VIRTIO_LOST;
    sys_timer_set(SLOT_TIMER_REQUEST, deadline);
    transport_notify(&driver->transport, REQUEST_QUEUE);
    enum ring_taken taken = wait_for_device(driver, deadline, written);

    timer_cancel(SLOT_TIMER_REQUEST);
    if (taken == RING_TAKEN)
        return VIRTIO_DONE;
    // Whatever it still does with the buffers ends with the reset.
    return virtio_driver_start(driver) ? VIRTIO_FAILED : VIRTIO_LOST;
}
