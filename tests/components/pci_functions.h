// What the functions are to be in the host test of components/drivers/pcie_bus.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <pci_function.h>

#define PCI_FUNCTIONS 3

static const struct pci_function pci_functions[PCI_FUNCTIONS] = {
    {.slot = 1, .vendor = 0x1af4, .device = 0x1042, .bars = {[1] = {0x10000000, 0x1000}, [4] = {0x10004000, 0x4000}},
     .has_virtio = true, .virtio = {4, 0, 0x1000, 0x2000, 0x3000, 4}},
    {.slot = 2, .vendor = 0x1af4, .device = 0x1044, .bars = {[1] = {0x10001000, 0x1000}, [4] = {0x10008000, 0x4000}},
     .has_virtio = true, .virtio = {4, 0, 0x1000, 0x2000, 0x3000, 4}},
    {.slot = 3, .vendor = 0x1234, .device = 0x11e8, .bars = {[0] = {0x10100000, 0x100000}}},
};
