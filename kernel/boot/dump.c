// The capability dump of debug builds. OBJECT is the index of the object among those of its type.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/inspect.h>

#include <kernel/console.h>
#include <kernel/layout.h>

void dump_capabilities(void)
{
    for (uint32_t i = 0; i < component_count; i++) {
        for (uint32_t slot = 0; slot < components[i].cap_dynamic; slot++) {
            const struct cap *cap = &components[i].caps[slot];

            if (cap->object)
                print("cap %s %u %x %x %lx %u\n", layout_components[i].name, slot, (unsigned)cap->type,
                      (unsigned)cap->rights, cap->badge, inspect_object_index(cap));
        }
    }
    print("cap end\n");
}
