#!/bin/sh
# Makes board.dts again from the tree that QEMU hands to the kernel, with the machine of board.yaml.
# Random seeds are taken out, so the result is the same each time. Run by hand after a QEMU update.
# With an argument the tree goes to that file instead.
# SPDX-License-Identifier: BSD-2-Clause
set -eu

here=$(dirname -- "$(readlink -f -- "$0")")
blob=$(mktemp)
trap 'rm -f "$blob"' EXIT

qemu-system-aarch64 -machine "virt,gic-version=3,dumpdtb=$blob" -cpu cortex-a53 -m 256M -smp 4 -nodefaults -nographic \
    -global virtio-mmio.force-legacy=false -semihosting-config enable=on,target=native 2> /dev/null

{
    echo "// The device tree of QEMU's virt machine (GICv3, 256 MiB, 4 cores), made by make-dts.sh. Do not edit."
    dtc -q -I dtb -O dts -s "$blob" | grep -v -e '^[[:space:]]*kaslr-seed = ' -e '^[[:space:]]*rng-seed = '
} > "${1:-$here/board.dts}"
