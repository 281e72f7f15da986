// Virtio over PCI (virtio 1.2, 4.1.4): four structures, a page each, in the order of the device's node: common configuration,
// interrupt status, the device's configuration, notifications.
// SPDX-License-Identifier: BSD-2-Clause

#include <virtio_transport.h>

#include <config.h>
#include <tenon/mmio.h>

// The common configuration (4.1.4.3).
#define DEVICE_FEATURE_SELECT 0x00
#define DEVICE_FEATURE        0x04
#define DRIVER_FEATURE_SELECT 0x08
#define DRIVER_FEATURE        0x0c
#define DEVICE_STATUS         0x14  // 8 bits
#define CONFIG_GENERATION     0x15  // 8 bits
#define QUEUE_SELECT          0x16  // 16 bits
#define QUEUE_SIZE            0x18  // 16 bits
#define QUEUE_ENABLE          0x1c  // 16 bits
#define QUEUE_NOTIFY_OFF      0x1e  // 16 bits
#define QUEUE_DESC            0x20
#define QUEUE_DRIVER          0x28
#define QUEUE_DEVICE          0x30

#define CONFIG_READS_MAX 8  // a configuration that changes more often than we can read is a broken device

#define ISR_BASE    DEVICE_DEV_1_BASE
#define OWN_BASE    DEVICE_DEV_2_BASE
#define NOTIFY_BASE DEVICE_DEV_3_BASE

static uint32_t get(const struct virtio_transport *transport, unsigned offset)
{
    return mmio_read32(transport->common + offset);
}

static void put(const struct virtio_transport *transport, unsigned offset, uint32_t value)
{
    mmio_write32(transport->common + offset, value);
}

static void put16(const struct virtio_transport *transport, unsigned offset, uint16_t value)
{
    mmio_write16(transport->common + offset, value);
}

// Fields of 64 bits are written as two of 32 (4.1.3.1).
static void put_address(const struct virtio_transport *transport, unsigned offset, uint64_t address)
{
    put(transport, offset, (uint32_t)address);
    put(transport, offset + 4, (uint32_t)(address >> 32));
}

// The device's type is its PCI id, which was checked before it was switched on.
bool transport_probe(struct virtio_transport *transport, uintptr_t registers, uint32_t type)
{
    *transport = (struct virtio_transport){.common = registers};
    return DEVICE_DEV_VIRTIO_TYPE == type;
}

uint32_t transport_status(const struct virtio_transport *transport)
{
    return mmio_read8(transport->common + DEVICE_STATUS);
}

void transport_set_status(const struct virtio_transport *transport, uint32_t status)
{
    device_write_barrier();
    mmio_write8(transport->common + DEVICE_STATUS, (uint8_t)status);
}

uint64_t transport_offered_features(const struct virtio_transport *transport)
{
    uint64_t features = 0;

    for (unsigned half = 0; half < 2; half++) {
        put(transport, DEVICE_FEATURE_SELECT, half);
        features |= (uint64_t)get(transport, DEVICE_FEATURE) << 32 * half;
    }
    return features;
}

void transport_accept_features(const struct virtio_transport *transport, uint64_t features)
{
    for (unsigned half = 0; half < 2; half++) {
        put(transport, DRIVER_FEATURE_SELECT, half);
        put(transport, DRIVER_FEATURE, (uint32_t)(features >> 32 * half));
    }
}

// A queue whose notifications are not on our page is none that we can use.
static bool find_notification(const struct virtio_transport *transport, uintptr_t *notify)
{
    uint32_t off = mmio_read16(transport->common + QUEUE_NOTIFY_OFF);
    uint64_t at = (uint64_t)off * DEVICE_DEV_NOTIFY_STEP;

    *notify = NOTIFY_BASE + (uintptr_t)at;
    return at % 2 == 0 && at <= DEVICE_DEV_3_BYTES - 2;
}

uint32_t transport_queue_size(const struct virtio_transport *transport, unsigned queue)
{
    uintptr_t notify;

    put16(transport, QUEUE_SELECT, (uint16_t)queue);
    return find_notification(transport, &notify) ? mmio_read16(transport->common + QUEUE_SIZE) : 0;
}

void transport_queue_enable(struct virtio_transport *transport, unsigned queue, uint32_t size, uint64_t descriptors,
                            uint64_t available, uint64_t used)
{
    put16(transport, QUEUE_SELECT, (uint16_t)queue);
    if (!find_notification(transport, &transport->notify[queue]))
        transport->notify[queue] = 0;
    put16(transport, QUEUE_SIZE, (uint16_t)size);
    put_address(transport, QUEUE_DESC, descriptors);
    put_address(transport, QUEUE_DRIVER, available);
    put_address(transport, QUEUE_DEVICE, used);
    device_write_barrier();
    put16(transport, QUEUE_ENABLE, 1);
}

void transport_notify(const struct virtio_transport *transport, unsigned queue)
{
    device_write_barrier();
    if (transport->notify[queue])
        mmio_write16(transport->notify[queue], (uint16_t)queue);
}

// Reading the status acknowledges what it says (4.1.4.5).
uint32_t transport_take_interrupt(const struct virtio_transport *transport)
{
    uint32_t reasons = mmio_read8(ISR_BASE);

    (void)transport;
    device_read_barrier();
    return reasons;
}

bool transport_config64(const struct virtio_transport *transport, unsigned offset, uint64_t *value)
{
    for (unsigned i = 0; i < CONFIG_READS_MAX; i++) {
        uint8_t before = mmio_read8(transport->common + CONFIG_GENERATION);
        uint32_t low = mmio_read32(OWN_BASE + offset), high = mmio_read32(OWN_BASE + offset + 4);

        if (mmio_read8(transport->common + CONFIG_GENERATION) == before) {
            *value = (uint64_t)high << 32 | low;
            return true;
        }
    }
    return false;
}
