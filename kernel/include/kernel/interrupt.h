// Interrupts as objects: masked on delivery, unmasked by the driver's acknowledgement.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// Called by the interrupt controller's code for each interrupt taken, which it has masked.
void interrupt_deliver(uint32_t intid);
void interrupt_acknowledge(struct interrupt *interrupt);
// Sets all up, masked, at boot.
void interrupts_init(void);
// Masked until the next instance of its owner acknowledges it.
void interrupt_quiesce(struct interrupt *interrupt);
