// What our virtio drivers have in common: bringing the device up, and one request at a time with a deadline, on queue 0.
//
// A component that links this calls its device `dev`, has `dma: {ring: 4KiB}` and `timers: [request]`, `needs: [clock]`, and
// writes 0 to the device's status as its quiesce step. One request at a time also means that a request of a client that
// died ends before one of its successor begins. A driver whose queues are under way all the time uses the rings itself.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <split_ring.h>
#include <virtio_transport.h>

#include <tenon/syscall.h>

#define VIRTIO_F_VERSION_1 (1ull << 32)

struct virtio_driver {
    struct virtio_transport transport;
    struct split_ring rings[VIRTIO_QUEUES_MAX];
    uint32_t type;
    unsigned queues;       // how many it uses
    uint16_t entries;      // of each queue, which the device must have at least
    uint64_t wanted;       // features the driver can use
    uint64_t features;     // those of them that the device has
    nanos_t timeout;       // of one request
    bool config_changed;   // the device said so; the driver resets it
};

// Starts the device with its queues. False: there is no such device, or it refuses (logged).
MUST_CHECK bool virtio_driver_start(struct virtio_driver *driver);

enum virtio_outcome {
    VIRTIO_DONE,
    VIRTIO_FAILED,  // it took too long or answered nonsense (logged); the device was reset and works again
    VIRTIO_LOST,    // as FAILED, and the device does not come back
};

// Runs one request to its end. `written`: bytes the device wrote into the buffers, never more than they hold.
MUST_CHECK enum virtio_outcome virtio_driver_request(struct virtio_driver *driver, const struct ring_buffer *buffers,
                                                     unsigned count, uint32_t *written);

// For the handler of the interrupt's bit: one that came outside of a request.
void virtio_driver_interrupt(struct virtio_driver *driver);
