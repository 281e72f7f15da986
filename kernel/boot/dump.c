// The capability dump of debug builds. OBJECT is the index of the object among those of its type.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/dump.h>

#include <kernel/console.h>
#include <kernel/inspect.h>
#include <kernel/layout.h>

static void dump_cap(const char *name, uint32_t slot, const struct cap *cap)
{
    print("cap %s %u %x %x %lx %u\n", name, slot, (unsigned)cap->type, (unsigned)cap->rights, cap->badge,
          inspect_object_index(cap));
}

void dump_capabilities(void)
{
    for (uint32_t i = 0; i < component_count; i++) {
        for (uint32_t slot = 0; slot < components[i].cap_dynamic; slot++) {
            if (components[i].caps[slot].object)
                dump_cap(layout_components[i].name, slot, &components[i].caps[slot]);
        }
    }
    print("cap end\n");
}
