// Host test of the network driver over PCI: the same as over MMIO.
// SPDX-License-Identifier: BSD-2-Clause

#include "test_virtio_net.c"
