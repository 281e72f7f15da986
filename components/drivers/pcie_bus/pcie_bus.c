// The owner of PCI configuration space: functions that the system uses are switched on, all others off.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/log.h>

#include <configuration.h>
#include <pci_functions.h>

#define SLOTS     32
#define FUNCTIONS 8

static const struct pci_function *described(unsigned slot, unsigned function)
{
    for (unsigned i = 0; i < PCI_FUNCTIONS && function == 0; i++) {
        if (pci_functions[i].slot == slot)
            return &pci_functions[i];
    }
    return NULL;
}

static void switch_off_slot(unsigned slot)
{
    if (!function_is_there(slot, 0))
        return;
    unsigned functions = function_is_one_of_several(slot) ? FUNCTIONS : 1;

    for (unsigned function = 0; function < functions; function++) {
        if (described(slot, function) == NULL && function_is_there(slot, function))
            function_switch_off(slot, function);
    }
}

// All that is not wanted is off before anything is switched on: nothing then answers at an address of another.
int main(void)
{
    for (unsigned slot = 0; slot < SLOTS; slot++)
        switch_off_slot(slot);
    const char *wrong[PCI_FUNCTIONS + 1];

    for (unsigned i = 0; i < PCI_FUNCTIONS; i++) {
        wrong[i] = function_check(&pci_functions[i]);
        if (wrong[i])
            log_error("slot %u, %04x:%04x: %s; it stays off", pci_functions[i].slot, pci_functions[i].vendor,
                      pci_functions[i].device, wrong[i]);
    }
    for (unsigned i = 0; i < PCI_FUNCTIONS; i++) {
        if (wrong[i] == NULL)
            function_switch_on(&pci_functions[i]);
    }
    event_loop_run();
}
