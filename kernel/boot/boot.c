// Boot: checks the machine against the layout, makes every object ready, starts every component.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/boot.h>

#include <arch/boot.h>
#include <arch/core.h>
#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/console.h>
#include <kernel/entropy.h>
#include <kernel/facts.h>
#include <kernel/inspect.h>
#include <kernel/interrupt.h>
#include <kernel/layout.h>
#include <kernel/mailbox.h>
#include <kernel/panic.h>
#include <kernel/sched.h>

static void read_facts(paddr_t handed)
{
    struct boot_facts facts;

    facts_read(handed, arch_ram_base, &facts);
    uint64_t left = facts.memory_base + facts.memory_bytes - arch_ram_base;

    if (arch_ram_base < facts.memory_base || left < layout_ram_bytes)
        panic("this board has %lu KiB of memory behind the image, the layout needs %lu KiB", left / 1024,
              layout_ram_bytes / 1024);
    entropy_seed(facts.seed, facts.seed_bytes);
}

static void init_region(uint32_t index)
{
    const struct layout_region *described = &layout_regions[index];
    struct region *region = &regions[index];

    region->bytes = described->bytes;
    region->attribute = described->attribute;
    if (described->source == MEMORY_IMAGE)
        region->base = arch_image_physical(described->image);
    else if (described->source == MEMORY_RAM)
        region->base = arch_ram_base + described->offset;
    else
        region->base = described->offset;
    // Persistent memory too starts as zeroes: what survives a reset is only the kernel's crash log.
    if (described->source == MEMORY_RAM && !(described->flags & REGION_INITIALISED))
        __builtin_memset(arch_physical(region->base), 0, region->bytes);
}

// The kernel reaches a device only to stop it, so only those it must stop are mapped.
static void map_quiesced_devices(const struct layout_component *layout)
{
    for (uint32_t i = 0; i < layout->quiesce_count; i++) {
        const struct layout_quiesce *write = &layout_quiesce[layout->quiesce_first + i];
        struct region *region = &regions[write->region];

        if (write->ports)
            continue;
        if (region->device == NULL)
            region->device = arch_map_device(region->base, region->bytes);
        if (region->device == NULL)
            panic("layout: no room to map the devices of %s", layout->name);
    }
}

// The boot core is core 0; the others follow in the board's order.
static void number_cores(void)
{
    uint32_t next = 1;

    for (uint32_t i = 0; i < core_count; i++) {
        cores[i].index = i;
        cores[i].threads = thread_table;
        cores[i].thread_count = thread_table_count;
        cores[i].heap = layout_timer_heaps[i];
    }
    for (uint32_t i = 0; i < layout_core_id_count && next < core_count; i++) {
        if (layout_core_ids[i] != cores[0].hardware_id)
            cores[next++].hardware_id = layout_core_ids[i];
    }
}

static void init_core(struct core *core)
{
    sched_context_init(&core->visits, 0, 0);
    core->ticking = true;
    core->charged_until = arch_clock();
    core->next_tick = core->charged_until + layout_timeout_granularity_ns;
    core->rearm = true;
}

static void init_objects(void)
{
    for (uint32_t i = 0; i < layout_region_count; i++)
        init_region(i);
    for (uint32_t i = 0; i < component_count; i++) {
        map_quiesced_devices(&layout_components[i]);
        component_init(&components[i]);
    }
    interrupts_init(); // each goes to the core of its component
}

static void start_components(struct core *core)
{
    guest_core_init(core);
    for (uint32_t i = 0; i < component_count; i++) {
        if (components[i].core == core && layout_components[i].autostart)
            component_start(&components[i]);
    }
}

static void start_other_cores(void)
{
    for (uint32_t i = 1; i < core_count; i++) {
        entropy_fork(&cores[i].entropy);
        if (!arch_core_start(&cores[i]))
            panic("this board has no core %lu, the layout needs %u cores", cores[i].hardware_id, core_count);
    }
}

struct thread *kernel_start_core(struct core *core)
{
    arch_check_cpu();
    arch_core_devices_init(core);
    init_core(core);
    if (layout_user_counters)
        arch_allow_counters();
    start_components(core);
    mailbox_open(core); // what was sent before kicks could be taken
    return sched_leave(core);
}

struct thread *kernel_main(paddr_t firmware)
{
    struct core *core = arch_core();

    console_init();
    arch_check_cpu();
    arch_devices_init();
    read_facts(firmware);
    if (!arch_map_ram(arch_ram_base, layout_ram_bytes))
        panic("layout: %lu MiB of memory is more than this kernel maps", layout_ram_bytes >> 20);
    print("tenon: %s on %s, layout %lx, %s\n", layout_name, layout_board.name, layout_hash, arch_mode_name());
    crash_log_report();
    number_cores();
    init_core(core);
    init_objects();
    if (layout_user_counters)
        arch_allow_counters();
    if (layout_build_debug)
        dump_capabilities();
    if (layout_board.console_component)
        console_yield();
    start_other_cores();
    start_components(core);
    return sched_leave(core);
}
