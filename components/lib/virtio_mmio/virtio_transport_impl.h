// The MMIO transport's own part of <virtio_transport.h>.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

struct virtio_transport {
    uintptr_t registers;
};
