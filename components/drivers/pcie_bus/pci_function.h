// What the description says of a PCI function. The builder makes a table of them, pci_functions.h.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PCI_BARS 6

struct pci_bar {
    uint32_t address;  // on the bus
    uint32_t bytes;    // 0: the function has no such BAR, or it is one for I/O ports
};

// Offsets into one BAR.
struct pci_virtio {
    uint32_t bar, common, isr, device, notify;
    uint32_t notify_step;
};

struct pci_function {
    uint8_t slot;  // function 0 of it, on bus 0
    uint16_t vendor, device;
    struct pci_bar bars[PCI_BARS];
    bool has_virtio;
    struct pci_virtio virtio;
};
