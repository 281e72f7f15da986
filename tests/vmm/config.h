// As the builder would write it for a guest with two virtual CPUs.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define GUEST_VCPUS 2
#define GUEST_UART_ADDRESS 0x9000000
#define GUEST_GICD_ADDRESS 0x8000000
#define GUEST_GICR_ADDRESS 0x80a0000
#define GUEST_UART_LINE 1
#define GUEST_TIMER_LINE 11
#define SLOT_VCPU_0 10
#define SLOT_TIMER_FLUSH 20
#define SLOT_GUEST 30
