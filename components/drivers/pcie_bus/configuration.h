// Configuration space of one function (PCI Local Bus 3.0, chapter 6): 256 bytes in registers of four. What it says is the device's
// claim and is checked.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <pci_function.h>

// Whether anything answers in this slot.
bool function_is_there(unsigned slot, unsigned function);

// Whether other functions than 0 may be in the slot.
bool function_is_one_of_several(unsigned slot);

// It decodes nothing and does no DMA; a bridge to the machine's own devices decodes on.
void function_switch_off(unsigned slot, unsigned function);

// NULL: it is what the description says. Else what is not. The function is switched off, unless it is as function_switch_on()
// leaves it; then nothing is written.
const char *function_check(const struct pci_function *function);

// Gives it its addresses, then memory decoding and DMA. For a function that was just checked. One that is on stays as it is.
void function_switch_on(const struct pci_function *function);
