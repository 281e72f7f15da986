// The PCI transport's own part of <virtio_transport.h>.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

struct virtio_transport {
    uintptr_t common;
    uintptr_t notify[VIRTIO_QUEUES_MAX]; // the queue's place among the notifications; 0: it has none
};
