// Virtio over memory-mapped registers, version 2 of the layout (virtio 1.2, 4.2.2).
// SPDX-License-Identifier: BSD-2-Clause

#include <virtio_transport.h>

#include <tenon/mmio.h>

#define MAGIC_VALUE         0x000
#define VERSION             0x004
#define DEVICE_ID           0x008
#define DEVICE_FEATURES     0x010
#define DEVICE_FEATURES_SEL 0x014
#define DRIVER_FEATURES     0x020
#define DRIVER_FEATURES_SEL 0x024
#define QUEUE_SEL           0x030
#define QUEUE_SIZE_MAX      0x034
#define QUEUE_SIZE          0x038
#define QUEUE_READY         0x044
#define QUEUE_NOTIFY        0x050
#define INTERRUPT_STATUS    0x060
#define INTERRUPT_ACK       0x064
#define STATUS              0x070
#define QUEUE_DESC_LOW      0x080
#define QUEUE_DRIVER_LOW    0x090
#define QUEUE_DEVICE_LOW    0x0a0
#define CONFIG_GENERATION   0x0fc
#define CONFIG              0x100

#define MAGIC             0x74726976u // "virt"
#define VERSION_MODERN    2u
#define CONFIG_READS_MAX  8 // a configuration that changes more often than we can read is a broken device

static uint32_t get(const struct virtio_transport *transport, unsigned offset)
{
    return mmio_read32(transport->registers + offset);
}

static void put(const struct virtio_transport *transport, unsigned offset, uint32_t value)
{
    mmio_write32(transport->registers + offset, value);
}

// An address goes into two registers, the low half first.
static void put_address(const struct virtio_transport *transport, unsigned offset, uint64_t address)
{
    put(transport, offset, (uint32_t)address);
    put(transport, offset + 4, (uint32_t)(address >> 32));
}

bool transport_probe(struct virtio_transport *transport, uintptr_t registers, uint32_t type)
{
    transport->registers = registers;
    return get(transport, MAGIC_VALUE) == MAGIC && get(transport, VERSION) == VERSION_MODERN &&
           get(transport, DEVICE_ID) == type;
}

uint32_t transport_status(const struct virtio_transport *transport)
{
    return get(transport, STATUS);
}

void transport_set_status(const struct virtio_transport *transport, uint32_t status)
{
    device_write_barrier();
    put(transport, STATUS, status);
}

uint64_t transport_offered_features(const struct virtio_transport *transport)
{
    uint64_t features = 0;

    for (unsigned half = 0; half < 2; half++) {
        put(transport, DEVICE_FEATURES_SEL, half);
        features |= (uint64_t)get(transport, DEVICE_FEATURES) << 32 * half;
    }
    return features;
}

void transport_accept_features(const struct virtio_transport *transport, uint64_t features)
{
    for (unsigned half = 0; half < 2; half++) {
        put(transport, DRIVER_FEATURES_SEL, half);
        put(transport, DRIVER_FEATURES, (uint32_t)(features >> 32 * half));
    }
}

uint32_t transport_queue_size(const struct virtio_transport *transport, unsigned queue)
{
    put(transport, QUEUE_SEL, queue);
    return get(transport, QUEUE_SIZE_MAX);
}

void transport_queue_enable(struct virtio_transport *transport, unsigned queue, uint32_t size,
                            uint64_t descriptors, uint64_t available, uint64_t used)
{
    put(transport, QUEUE_SEL, queue);
    put(transport, QUEUE_SIZE, size);
    put_address(transport, QUEUE_DESC_LOW, descriptors);
    put_address(transport, QUEUE_DRIVER_LOW, available);
    put_address(transport, QUEUE_DEVICE_LOW, used);
    device_write_barrier();
    put(transport, QUEUE_READY, 1);
}

void transport_notify(const struct virtio_transport *transport, unsigned queue)
{
    device_write_barrier();
    put(transport, QUEUE_NOTIFY, queue);
}

uint32_t transport_take_interrupt(const struct virtio_transport *transport)
{
    uint32_t reasons = get(transport, INTERRUPT_STATUS);

    put(transport, INTERRUPT_ACK, reasons);
    device_read_barrier();
    return reasons;
}

bool transport_config64(const struct virtio_transport *transport, unsigned offset, uint64_t *value)
{
    for (unsigned i = 0; i < CONFIG_READS_MAX; i++) {
        uint32_t before = get(transport, CONFIG_GENERATION);
        uint32_t low = get(transport, CONFIG + offset), high = get(transport, CONFIG + offset + 4);

        if (get(transport, CONFIG_GENERATION) == before) {
            *value = (uint64_t)high << 32 | low;
            return true;
        }
    }
    return false;
}
