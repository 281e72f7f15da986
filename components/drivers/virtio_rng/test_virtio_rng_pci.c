// Host test of the entropy driver over PCI: the same as over MMIO.
// SPDX-License-Identifier: BSD-2-Clause

#include "test_virtio_rng.c"
