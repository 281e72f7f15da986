// Pool: pages of one RAM region, and the objects made from them.
//
// A page is free (and zero), data of a region, a page table, a capability table, or a slab of objects of one type.
// Slab pages keep their type for ever: a stale capability finds an object of its type with another generation,
// never somebody's data. Data pages are zeroed when they are given back, page by page, so making is quick.
// Invariant: a free record in a slab has type CAP_NONE; a page of a live region is POOL_DATA.
// Runs on the owner's core; the objects live on that core too.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/pool.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/layout.h>
#include <kernel/lend.h>
#include <kernel/sched.h>

#define PAGES_PER_STEP 8 // zeroed or unmapped with interrupts off
#define ASIDS 256        // components that can exist besides those of the layout

struct region_mapping {
    struct component *component; // NULL: unused
    uaddr_t address;
};

// The records of the slabs. Each begins with its object's head.
struct pool_region {
    struct region region;
    struct region_mapping mapped[POOL_MAPPINGS];
};

struct pool_thread {
    struct thread thread;
    struct notification notification;
    struct endpoint endpoint;
    uint64_t gone;
};

struct pool_component {
    struct component component;
    struct layout_component layout;
};
_Static_assert(sizeof(struct pool_thread) <= PAGE_SIZE && sizeof(struct pool_component) <= PAGE_SIZE, "one page");

static uint64_t asids_used[ASIDS / 64]; // atomic: pools may be on several cores

// --- Pages -----------------------------------------------------------------------------------

static void *page_pointer(const struct pool *pool, uint32_t page)
{
    return arch_physical(pool->region->base + page * PAGE_SIZE);
}

static uint32_t page_at(const struct pool *pool, const void *pointer)
{
    return (uint32_t)(((const char *)pointer - (const char *)page_pointer(pool, 0)) / PAGE_SIZE);
}

// First fit, for data from the end: what has records or tables stays within pool->low pages, which is all that searches
// for those look at. Returns pool->pages when there is no such run.
static uint32_t take_pages(struct pool *pool, uint32_t count, enum pool_page kind)
{
    uint32_t run = 0;

    for (uint32_t i = 0; i < pool->pages; i++) {
        uint32_t page = kind == POOL_DATA ? pool->pages - 1 - i : i;

        run = pool->kinds[page] == POOL_FREE ? run + 1 : 0;
        if (run < count)
            continue;
        uint32_t first = kind == POOL_DATA ? page : page - count + 1;

        __builtin_memset(&pool->kinds[first], kind, count);
        if (kind != POOL_DATA && pool->low < first + count)
            pool->low = first + count;
        return first;
    }
    return pool->pages;
}

static uint32_t take_table(struct pool *pool, uint16_t asid)
{
    uint32_t page = take_pages(pool, 1, POOL_TABLE);

    if (page < pool->pages)
        pool->asids[page] = asid;
    return page;
}

static void give_page(struct pool *pool, uint32_t page)
{
    __builtin_memset(page_pointer(pool, page), 0, PAGE_SIZE);
    pool->kinds[page] = POOL_FREE;
}

// --- Records ---------------------------------------------------------------------------------

static uint64_t record_size(enum pool_page kind)
{
    switch (kind) {
    case POOL_REGIONS: return sizeof(struct pool_region);
    case POOL_THREADS: return sizeof(struct pool_thread);
    default: return sizeof(struct pool_component);
    }
}

// struct thread has its frame first; the others begin with the head.
static struct kobject *record_head(void *record, enum pool_page kind)
{
    return kind == POOL_THREADS ? &((struct pool_thread *)record)->thread.head : record;
}

// The one behind `last`, or the first for NULL, free or not; NULL when there are no more.
static void *next_record(const struct pool *pool, enum pool_page kind, const void *last)
{
    char *start = page_pointer(pool, 0);
    uint64_t size = record_size(kind), at = last ? (uint64_t)((const char *)last - start) + size : 0;

    while (at < pool->low * PAGE_SIZE) {
        if (pool->kinds[at / PAGE_SIZE] == kind && at % PAGE_SIZE + size <= PAGE_SIZE)
            return start + at;
        at = (at / PAGE_SIZE + 1) * PAGE_SIZE;
    }
    return NULL;
}

// The first that is live or free; NULL if there is none.
static void *find_record(const struct pool *pool, enum pool_page kind, bool live)
{
    void *record = NULL;

    do {
        record = next_record(pool, kind, record);
    } while (record && (record_head(record, kind)->type != CAP_NONE) != live);
    return record;
}

static void *take_record(struct pool *pool, enum pool_page kind)
{
    void *record = find_record(pool, kind, false);
    uint32_t page = record ? 0 : take_pages(pool, 1, kind);

    return record || page == pool->pages ? record : page_pointer(pool, page);
}

// The generation goes on counting over all lives of the record.
static struct kobject next_life(const struct kobject *head, enum cap_type type)
{
    return (struct kobject){.generation = head->generation + 1, .type = (uint8_t)type};
}

// --- Regions ---------------------------------------------------------------------------------

enum status pool_make_region(struct pool *pool, uint64_t pages, uint32_t *slot)
{
    if (pages == 0 || pages > POOL_REGION_PAGES_MAX)
        return STATUS_BAD_ARGUMENT;
    if (!cap_find_free(pool->owner))
        return STATUS_NO_SLOT;
    struct pool_region *record = take_record(pool, POOL_REGIONS);

    if (record == NULL)
        return STATUS_NO_MEMORY;
    uint32_t first = take_pages(pool, (uint32_t)pages, POOL_DATA);

    if (first == pool->pages)
        return STATUS_NO_MEMORY;
    *record = (struct pool_region){.region = {.head = next_life(&record->region.head, CAP_REGION),
                                              .base = pool->region->base + first * PAGE_SIZE,
                                              .bytes = pages * PAGE_SIZE,
                                              .pool = pool}};
    *slot = cap_make(pool->owner, &record->region.head,
                     RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE | RIGHT_GRANT | RIGHT_REVOKE, 0);
    return STATUS_OK;
}

static struct region_mapping *find_mapping(struct region *region, const struct component *component)
{
    struct region_mapping *mapped = CONTAINER_OF(region, struct pool_region, region)->mapped;

    for (unsigned i = 0; i < POOL_MAPPINGS; i++) {
        if (mapped[i].component == component)
            return &mapped[i];
    }
    return NULL;
}

// An unused record; NULL if there is none, or the region is mapped there already.
static struct region_mapping *new_mapping(struct region *region, const struct component *component)
{
    struct region_mapping *mapped = CONTAINER_OF(region, struct pool_region, region)->mapped, *unused = NULL;

    for (unsigned i = 0; i < POOL_MAPPINGS; i++) {
        if (mapped[i].component == component)
            return NULL;
        if (mapped[i].component == NULL)
            unused = &mapped[i];
    }
    return unused;
}

// Other cores copy from and to the memory of those whose threads are abroad.
static void unmap_pages(struct region *region, struct component *component, uaddr_t address, uint64_t pages)
{
    user_forget(component);
    arch_unmap(&component->vspace, address, pages);
    if (component->abroad)
        region->unmapped = ++component->core->unmaps;
}

// A page for which tables are missing: they come from the component's pool.
static NOINLINE enum status map_with_table(const struct region *region, struct component *component, uaddr_t address, paddr_t page,
                                           uint8_t rights)
{
    enum status status;

    do {
        uint32_t table = take_table(component->pool, component->layout->asid);

        if (table == component->pool->pages)
            return STATUS_NO_MEMORY;
        arch_supply_table(&component->vspace, address, component->pool->region->base + table * PAGE_SIZE);
        status = arch_map(&component->vspace, address, page, rights, region->attribute);
    } while (status == STATUS_NO_TABLE);
    return status;
}

enum status region_map(struct region *region, struct component *component, uaddr_t address, uint8_t rights)
{
    if (region->pool == NULL || component->pool == NULL)
        return STATUS_BAD_ARGUMENT;
    // A component of the layout keeps what the layout maps; its own additions go to the dynamic half.
    if (component == component->pool->owner && address < ARCH_DYNAMIC_BASE)
        return STATUS_BAD_ARGUMENT;
    struct region_mapping *mapping = new_mapping(region, component);

    if (mapping == NULL)
        return STATUS_BUSY;
    for (uint64_t offset = 0; offset < region->bytes; offset += PAGE_SIZE) {
        enum status status = arch_map(&component->vspace, address + offset, region->base + offset, rights, region->attribute);

        if (UNLIKELY(status == STATUS_NO_TABLE))
            status = map_with_table(region, component, address + offset, region->base + offset, rights);
        if (UNLIKELY(status != STATUS_OK)) {
            unmap_pages(region, component, address, offset / PAGE_SIZE); // nothing half done
            return status;
        }
    }
    *mapping = (struct region_mapping){component, address};
    if (rights & RIGHT_EXECUTE)
        arch_sync_instructions(arch_physical(region->base), region->bytes);
    return STATUS_OK;
}

enum status region_unmap(struct region *region, struct component *component)
{
    struct region_mapping *mapping = region->pool ? find_mapping(region, component) : NULL;

    if (mapping == NULL)
        return STATUS_BAD_ARGUMENT;
    // At most POOL_REGION_PAGES_MAX entries, a few instructions each.
    unmap_pages(region, component, mapping->address, region->bytes / PAGE_SIZE);
    *mapping = (struct region_mapping){0};
    return STATUS_OK;
}

static bool unmap_somewhere(struct pool_region *record)
{
    for (unsigned i = 0; i < POOL_MAPPINGS; i++) {
        if (record->mapped[i].component)
            return region_unmap(&record->region, record->mapped[i].component) == STATUS_OK;
    }
    return false;
}

// The region shrinks from its end, so an interrupted destruction leaves a smaller region, never a dirty free page.
enum status pool_destroy_region(struct region *region)
{
    struct pool *pool = region->pool;
    struct pool_region *record = CONTAINER_OF(region, struct pool_region, region);

    if (pool == NULL)
        return STATUS_BAD_ARGUMENT;
    if (unmap_somewhere(record) || region->unmapped > pool->owner->core->passed)
        return STATUS_BUSY;
    for (unsigned i = 0; i < PAGES_PER_STEP && region->bytes > 0; i++) {
        region->bytes -= PAGE_SIZE;
        give_page(pool, (uint32_t)((region->base + region->bytes - pool->region->base) / PAGE_SIZE));
    }
    if (region->bytes > 0)
        return STATUS_BUSY;
    *record = (struct pool_region){.region.head = next_life(&region->head, CAP_NONE)};
    return STATUS_OK;
}

// --- Components ------------------------------------------------------------------------------

// Returns ASIDS if all are taken.
static uint32_t take_asid(void)
{
    for (uint32_t i = 0; i < ASIDS; i++) {
        uint64_t bit = 1ull << i % 64;

        if (!(__atomic_fetch_or(&asids_used[i / 64], bit, __ATOMIC_RELAXED) & bit))
            return i;
    }
    return ASIDS;
}

static void give_asid(const struct layout_component *layout)
{
    uint32_t i = layout->asid - 1u - component_count;

    __atomic_fetch_and(&asids_used[i / 64], ~(1ull << i % 64), __ATOMIC_RELAXED);
}

static void wire_component(struct pool *pool, struct pool_component *record, uint32_t caps, uint32_t root,
                           uint32_t asid)
{
    *record = (struct pool_component){
        .component = {.head = next_life(&record->component.head, CAP_COMPONENT),
                      .caps = page_pointer(pool, caps),
                      .cap_count = POOL_SLOTS,
                      .cap_dynamic = SLOT_FIRST,
                      .core = pool->owner->core,
                      .pool = pool,
                      .account = pool->owner->account},
        .layout = {.name = "dynamic", .asid = (uint16_t)(1 + component_count + asid)}};
    record->component.layout = &record->layout;
    sched_context_init(&record->component.sched_context, 0, 0);
    sched_context_init(&record->component.reserve, 0, 0);
    arch_vspace_init(&record->component.vspace, page_pointer(pool, root), 1, record->layout.asid);
    user_forget(&record->component);
}
_Static_assert(POOL_SLOTS * sizeof(struct cap) == PAGE_SIZE, "a capability table is one page");

enum status pool_make_component(struct pool *pool, uint32_t *slot)
{
    if (!cap_find_free(pool->owner))
        return STATUS_NO_SLOT;
    struct pool_component *record = take_record(pool, POOL_COMPONENTS);
    uint32_t caps = record ? take_pages(pool, 1, POOL_CAPS) : pool->pages;
    uint32_t root = caps < pool->pages ? take_pages(pool, 1, POOL_TABLE) : pool->pages;
    uint32_t asid = root < pool->pages ? take_asid() : ASIDS;

    if (asid == ASIDS) {
        if (root < pool->pages)
            give_page(pool, root);
        if (caps < pool->pages)
            give_page(pool, caps);
        return STATUS_NO_MEMORY;
    }
    wire_component(pool, record, caps, root, asid);
    pool->asids[root] = record->layout.asid;
    *slot = cap_make(pool->owner, &record->component.head,
                     RIGHT_READ | RIGHT_CONTROL | RIGHT_WRITE | RIGHT_REVOKE, 0);
    return STATUS_OK;
}

// Each pool has ids of its own, so that none can take another's. Returns 0 when none is free.
static uint32_t take_thread_id(const struct pool *pool, struct thread *thread)
{
    for (uint32_t id = pool->thread_first; id < pool->thread_first + pool->threads; id++) {
        if (thread_table[id] == NULL) {
            thread_table[id] = thread;
            return id;
        }
    }
    return 0;
}

enum status pool_make_thread(struct pool *pool, struct component *of, uint32_t *slot)
{
    if (of->pool != pool || of == pool->owner)
        return STATUS_BAD_ARGUMENT;
    if (!component_is_stopped(of))
        return STATUS_BUSY;
    if (!cap_find_free(pool->owner))
        return STATUS_NO_SLOT;
    struct pool_thread *record = take_record(pool, POOL_THREADS);
    uint32_t id = record ? take_thread_id(pool, &record->thread) : 0;

    if (id == 0)
        return STATUS_NO_MEMORY;
    struct kobject head = next_life(&record->thread.head, CAP_THREAD);

    *record = (struct pool_thread){.thread = {.head = head,
                                              .id = (uint16_t)id,
                                              // Ids are used again: no server holds a token of a call still to be made.
                                              .token = pool->last_number << TOKEN_THREAD_BITS | id,
                                              .component = of,
                                              .core = of->core,
                                              .priority = 1,
                                              .sibling = of->threads,
                                              .receives = &record->endpoint,
                                              .notification = &record->notification},
                                   .notification = {.head = {head.generation, CAP_NOTIFICATION}},
                                   .endpoint = {.head = {head.generation, CAP_ENDPOINT},
                                                .gone = &record->gone,
                                                .clients = POOL_CLIENTS}};
    record->notification.receiver = &record->thread;
    record->endpoint.receiver = &record->thread;
    of->threads = &record->thread;
    thread_allow_fast_path(&record->thread);
    *slot = cap_make(pool->owner, &record->thread.head, RIGHT_READ | RIGHT_WRITE, 0);
    return STATUS_OK;
}

static void release_threads(struct component *component)
{
    while (component->threads) {
        struct thread *thread = component->threads;
        struct pool_thread *record = CONTAINER_OF(thread, struct pool_thread, thread);
        struct kobject head = next_life(&thread->head, CAP_NONE);
        uint64_t number = thread->token >> TOKEN_THREAD_BITS;

        if (number > component->pool->last_number)
            component->pool->last_number = number;
        component->threads = thread->sibling;
        arch_fpu_forget(component->core, thread);
        thread_table[thread->id] = NULL;
        *record = (struct pool_thread){.thread.head = head,
                                       .notification.head = {head.generation, CAP_NONE},
                                       .endpoint.head = {head.generation, CAP_NONE}};
    }
}

// Whoever runs on this component's contexts goes on with its own.
static void release_budgets(const struct component *component)
{
    for (uint32_t id = 1; id < thread_table_count; id++) {
        struct thread *thread = thread_table[id];

        if (thread == NULL || thread->component == component)
            continue;
        if (thread->sched_context == &component->sched_context || thread->sched_context == &component->reserve)
            thread->sched_context = thread->component->account;
    }
}

// A region may come from any pool whose owner granted it.
static void forget_mappings(const struct component *component)
{
    for (uint32_t i = 0; i < pool_count; i++) {
        for (struct pool_region *record = NULL; (record = next_record(&pools[i], POOL_REGIONS, record));) {
            struct region_mapping *mapping = find_mapping(&record->region, component);

            if (mapping)
                *mapping = (struct region_mapping){0};
        }
    }
}

// True when no table of this address space is left but its root: between two steps it is empty, and still one.
static bool give_tables(struct pool *pool, const struct component *component)
{
    unsigned given = 0;

    for (uint32_t page = 0; page < pool->low; page++) {
        if (pool->kinds[page] != POOL_TABLE || pool->asids[page] != component->layout->asid)
            continue;
        if (page_pointer(pool, page) == component->vspace.tables)
            continue;
        if (given++ == PAGES_PER_STEP)
            return false;
        give_page(pool, page);
    }
    return true;
}

enum status pool_destroy_component(struct component *component)
{
    struct pool *pool = component->pool;

    if (pool == NULL || pool->owner == component)
        return STATUS_BAD_ARGUMENT;
    if (component_is_up(component))
        component_end(component, COMPONENT_STOPPED, 0);
    if (component_is_ending(component))
        return STATUS_BUSY;
    struct pool_component *record = CONTAINER_OF(component, struct pool_component, component);

    forget_mappings(component);
    release_budgets(component);
    release_threads(component);
    user_forget(component);
    arch_drop_tables(&component->vspace, 0);
    if (!give_tables(pool, component))
        return STATUS_BUSY;
    give_asid(&record->layout);
    give_page(pool, page_at(pool, component->vspace.tables));
    give_page(pool, page_at(pool, component->caps));
    *record = (struct pool_component){.component.head = next_life(&component->head, CAP_NONE)};
    return STATUS_OK;
}

// --- The owner's end -------------------------------------------------------------------------

bool pool_end_step(struct component *owner)
{
    struct pool_component *record = NULL;

    if (owner->pool == NULL || owner->pool->owner != owner)
        return true;
    do {
        record = next_record(owner->pool, POOL_COMPONENTS, record);
    } while (record && !component_is_up(&record->component));
    if (record)
        component_end(&record->component, COMPONENT_STOPPED, 0);
    return record == NULL;
}

bool pool_reset_step(struct component *owner)
{
    struct pool *pool = owner->pool;

    if (pool == NULL || pool->owner != owner)
        return true;
    struct pool_component *component = find_record(pool, POOL_COMPONENTS, true);
    struct pool_region *region = find_record(pool, POOL_REGIONS, true);

    // What is busy or made way comes again in the next step.
    if (component || region) {
        (void)!(component ? pool_destroy_component(&component->component) : pool_destroy_region(&region->region));
        return false;
    }
    forget_mappings(owner);
    user_forget(owner);
    arch_drop_tables(&owner->vspace, ARCH_DYNAMIC_BASE);
    return give_tables(pool, owner);
}
