// Configuration space of PCI functions. Registers are read and written as 32 bits.
// SPDX-License-Identifier: BSD-2-Clause

#include <configuration.h>

#include <stddef.h>

#include <config.h>
#include <tenon/mmio.h>

#define ID                0x00
#define COMMAND           0x04  // and state, whose bits are cleared by writing them
#define CLASS             0x08
#define HEADER            0x0c
#define BAR               0x10
#define ROM               0x30
#define CAPABILITIES      0x34

#define NOBODY            0xffffu  // as a vendor
#define COMMAND_IO        (1u << 0)
#define COMMAND_MEMORY    (1u << 1)
#define COMMAND_MASTER    (1u << 2)
#define COMMAND_NO_INTX   (1u << 10)
#define COMMAND_ON        (COMMAND_MEMORY | COMMAND_MASTER)
#define COMMAND_CHECKED   (COMMAND_IO | COMMAND_ON | COMMAND_NO_INTX)
#define STATE_HAS_LIST    (1u << 20)
#define CLASS_HOST_BRIDGE 0x0600u
#define CLASS_ISA_BRIDGE  0x0601u
#define HEADER_TYPE(h)    ((h) >> 16 & 0x7f)
#define HEADER_SEVERAL    (1u << 23)
#define BAR_IO            (1u << 0)
#define BAR_TYPE          (3u << 1)
#define BAR_TYPE_64       (2u << 1)
#define BAR_FLAGS         0xfu
#define ROM_ON            (1u << 0)

#define LIST_FIRST        0x40u
#define LIST_LENGTH_MAX   48  // capabilities of four bytes fill the space behind the header
#define CAP_MSI           0x05u
#define CAP_VENDOR        0x09u
#define CAP_MSIX          0x11u
#define MSI_ON            (1u << 16)
#define MSIX_ON           (1u << 31)

// A virtio capability (virtio 1.2, 4.1.4).
#define VIRTIO_TYPE(c)    ((c) >> 24)
#define VIRTIO_BAR        4
#define VIRTIO_OFFSET     8
#define VIRTIO_LENGTH     12
#define VIRTIO_STEP       16
#define VIRTIO_CAP_BYTES  20u
#define COMMON_BYTES      56  // up to the queue's addresses (virtio 1.2, 4.1.4.3)
#define VIRTIO_COMMON     1u
#define VIRTIO_NOTIFY     2u
#define VIRTIO_ISR        3u
#define VIRTIO_DEVICE     4u

static uintptr_t place(unsigned slot, unsigned function, unsigned offset)
{
    return DEVICE_ECAM_BASE + (slot << 15 | function << 12 | offset);
}

static uint32_t get(unsigned slot, unsigned function, unsigned offset)
{
    return mmio_read32(place(slot, function, offset));
}

static void put(unsigned slot, unsigned function, unsigned offset, uint32_t value)
{
    mmio_write32(place(slot, function, offset), value);
}

bool function_is_there(unsigned slot, unsigned function)
{
    return (get(slot, function, ID) & 0xffff) != NOBODY;
}

bool function_is_one_of_several(unsigned slot)
{
    return get(slot, 0, HEADER) & HEADER_SEVERAL;
}

// The upper half is written as zeroes, which changes nothing of the state.
static void set_command(unsigned slot, unsigned function, uint32_t keep)
{
    put(slot, function, COMMAND, get(slot, function, COMMAND) & keep & 0xffff);
}

void function_switch_off(unsigned slot, unsigned function)
{
    uint32_t class = get(slot, function, CLASS) >> 16;

    if (class == CLASS_HOST_BRIDGE || class == CLASS_ISA_BRIDGE)
        set_command(slot, function, ~COMMAND_MASTER);
    else
        set_command(slot, function, ~(COMMAND_IO | COMMAND_ON));
}

// --- Capabilities --------------------------------------------------------------------------------

// Calls `visit` with the offset of each capability, until it says true. False: the list makes no sense.
static bool each_capability(unsigned slot, bool (*visit)(unsigned slot, unsigned offset, void *data), void *data)
{
    if (!(get(slot, 0, COMMAND) & STATE_HAS_LIST))
        return true;
    uint32_t offset = get(slot, 0, CAPABILITIES) & 0xfc;

    for (unsigned i = 0; offset != 0; i++) {
        if (offset < LIST_FIRST || i == LIST_LENGTH_MAX)
            return false;
        if (visit(slot, offset, data))
            return true;
        offset = get(slot, 0, offset) >> 8 & 0xfc;
    }
    return true;
}

static bool silence_messages(unsigned slot, unsigned offset, void *data)
{
    uint32_t head = get(slot, 0, offset);
    uint32_t on = (head & 0xff) == CAP_MSI ? MSI_ON : (head & 0xff) == CAP_MSIX ? MSIX_ON : 0;

    (void)data;
    if (head & on)
        put(slot, 0, offset, head & ~on);
    return false;
}

static bool messages_are_on(unsigned slot, unsigned offset, void *data)
{
    uint32_t head = get(slot, 0, offset);

    if (((head & 0xff) == CAP_MSI && head & MSI_ON) || ((head & 0xff) == CAP_MSIX && head & MSIX_ON))
        *(bool *)data = true;
    return *(bool *)data;
}

struct search {
    const struct pci_virtio *virtio;
    uint32_t type, offset, bytes;  // what is looked for; `bytes` at least
    bool seen;   // there are structures of the type
    bool found;  // and one is right
};

// The first of a type counts: a driver may take any (virtio 1.2, 4.1.4.1), and ours takes what the description says.
static bool find_structure(unsigned slot, unsigned offset, void *data)
{
    struct search *search = data;
    uint32_t head = get(slot, 0, offset);

    if ((head & 0xff) != CAP_VENDOR || VIRTIO_TYPE(head) != search->type || offset + VIRTIO_CAP_BYTES > 256)
        return false;
    search->seen = true;
    search->found = (get(slot, 0, offset + VIRTIO_BAR) & 0xff) == search->virtio->bar &&
                    get(slot, 0, offset + VIRTIO_OFFSET) == search->offset &&
                    get(slot, 0, offset + VIRTIO_LENGTH) >= search->bytes &&
                    (search->type != VIRTIO_NOTIFY ||
                     get(slot, 0, offset + VIRTIO_STEP) == search->virtio->notify_step);
    return search->found;
}

static bool structures_are_there(const struct pci_function *function)
{
    const struct pci_virtio *virtio = &function->virtio;
    struct search searches[] = {
        {virtio, VIRTIO_COMMON, virtio->common, COMMON_BYTES, false, false},
        {virtio, VIRTIO_ISR, virtio->isr, 1, false, false},
        {virtio, VIRTIO_NOTIFY, virtio->notify, 2, false, false},
        {virtio, VIRTIO_DEVICE, virtio->device, 1, false, false},
    };

    for (unsigned i = 0; i < sizeof searches / sizeof searches[0]; i++) {
        struct search *search = &searches[i];

        if (!each_capability(function->slot, find_structure, search))
            return false;
        // An entropy source has no configuration of its own (virtio 1.2, 5.4).
        if (!search->found && (search->seen || search->type != VIRTIO_DEVICE))
            return false;
    }
    return true;
}

// --- Base address registers ------------------------------------------------------------------------

// Whether the function is as function_switch_on() leaves it.
static bool is_on(const struct pci_function *function)
{
    unsigned slot = function->slot;
    bool messages = false;

    if ((get(slot, 0, COMMAND) & COMMAND_CHECKED) != COMMAND_ON || get(slot, 0, ROM) & ROM_ON)
        return false;
    if (!each_capability(slot, messages_are_on, &messages) || messages)
        return false;
    for (unsigned i = 0; i < PCI_BARS; i++) {
        uint32_t value = get(slot, 0, BAR + 4 * i);

        if (function->bars[i].bytes == 0 && value & BAR_IO)
            continue;
        if ((value & ~BAR_FLAGS) != function->bars[i].address || value & BAR_IO)
            return false;
        if ((value & BAR_TYPE) == BAR_TYPE_64 && (++i == PCI_BARS || get(slot, 0, BAR + 4 * i) != 0))
            return false;
    }
    return true;
}

// What the address bits that can be set say of the size; 0: there is no such register.
static uint32_t sizing(unsigned slot, unsigned bar)
{
    uint32_t before = get(slot, 0, BAR + 4 * bar);

    put(slot, 0, BAR + 4 * bar, ~0u);
    uint32_t bits = get(slot, 0, BAR + 4 * bar);

    put(slot, 0, BAR + 4 * bar, before);
    return bits;
}

// NULL: the registers are those of the description. Memory decoding is off.
static const char *check_bars(const struct pci_function *function)
{
    for (unsigned i = 0; i < PCI_BARS; i++) {
        uint32_t bits = sizing(function->slot, i), size = (bits & ~BAR_FLAGS) == 0 ? 0 : ~(bits & ~BAR_FLAGS) + 1;

        if (bits & BAR_IO) {
            if (function->bars[i].bytes != 0)
                return "a BAR is for I/O ports";
            continue;  // I/O decoding stays off
        }
        if (size != function->bars[i].bytes)
            return function->bars[i].bytes ? "a BAR has another size" : "it has a BAR that is not described";
        if (size == 0 || (bits & BAR_TYPE) != BAR_TYPE_64)
            continue;
        if (++i == PCI_BARS || function->bars[i].bytes != 0)
            return "a BAR of 64 bits leaves no room for the next";
    }
    return NULL;
}

const char *function_check(const struct pci_function *function)
{
    unsigned slot = function->slot;

    if (!function_is_there(slot, 0))
        return "nothing is there";
    if (get(slot, 0, ID) != ((uint32_t)function->device << 16 | function->vendor)) {
        function_switch_off(slot, 0);
        return "another device is there";
    }
    bool running = is_on(function);

    if (!running)
        function_switch_off(slot, 0);
    const char *wrong = NULL;

    if (HEADER_TYPE(get(slot, 0, HEADER)) != 0)
        wrong = "it is a bridge";
    if (wrong == NULL && !running)
        wrong = check_bars(function);
    if (wrong == NULL && function->has_virtio && !structures_are_there(function))
        wrong = "its virtio structures are not where the description says";
    if (wrong != NULL && running)
        function_switch_off(slot, 0);
    return wrong;
}

void function_switch_on(const struct pci_function *function)
{
    unsigned slot = function->slot;

    if (is_on(function))
        return;
    for (unsigned i = 0; i < PCI_BARS; i++) {
        if (function->bars[i].bytes == 0)
            continue;
        put(slot, 0, BAR + 4 * i, function->bars[i].address);
        if ((get(slot, 0, BAR + 4 * i) & BAR_TYPE) == BAR_TYPE_64 && i + 1 < PCI_BARS)
            put(slot, 0, BAR + 4 * (i + 1), 0);
    }
    put(slot, 0, ROM, 0);
    (void)each_capability(slot, silence_messages, NULL);
    put(slot, 0, COMMAND, (get(slot, 0, COMMAND) & 0xffff & ~COMMAND_CHECKED) | COMMAND_ON);
}
