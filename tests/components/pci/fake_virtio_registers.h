// The fake virtio device's structures over PCI; part of fake_virtio.h. Each field is accessed in its own width.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// What device it is was checked before the driver began.
static inline bool fake_pretend(unsigned way)
{
    (void)way;
    return false;
}

uint8_t arch_mmio_read8(uintptr_t address)
{
    if (address == DEVICE_DEV_1_BASE) {
        uint32_t reasons = fake.interrupt;

        fake.interrupt = 0;
        return (uint8_t)reasons;
    }
    switch (address - DEVICE_DEV_BASE) {
    case 0x14: return (uint8_t)fake.status;
    case 0x15: return (uint8_t)(fake.config_changes > 0 ? fake.config_changes-- : 0);
    default: CHECK(false);
    }
    return 0;
}

void arch_mmio_write8(uintptr_t address, uint8_t value)
{
    CHECK_EQUAL(address, DEVICE_DEV_BASE + 0x14);
    fake_set_status(value);
}

uint16_t arch_mmio_read16(uintptr_t address)
{
    switch (address - DEVICE_DEV_BASE) {
    case 0x18: return (uint16_t)fake.queue_size;
    case 0x1e: return fake.notify_off;
    default: CHECK(false);
    }
    return 0;
}

void arch_mmio_write16(uintptr_t address, uint16_t value)
{
    if (address >= DEVICE_DEV_3_BASE && address < DEVICE_DEV_3_BASE + DEVICE_DEV_3_BYTES) {
        CHECK_EQUAL(address - DEVICE_DEV_3_BASE, (unsigned)fake.notify_off * DEVICE_DEV_NOTIFY_STEP);
        fake_notified(value);
        return;
    }
    switch (address - DEVICE_DEV_BASE) {
    case 0x16: fake_select(value); break;
    case 0x18: fake_set_size(value); break;
    case 0x1c: fake.queues[fake.selected].ready = value; break;
    default: CHECK(false);
    }
}

uint32_t arch_mmio_read32(uintptr_t address)
{
    if (address >= DEVICE_DEV_2_BASE && address < DEVICE_DEV_2_BASE + 8)
        return (uint32_t)(fake.config >> 8 * (address - DEVICE_DEV_2_BASE));
    CHECK_EQUAL(address, DEVICE_DEV_BASE + 0x04);
    return (uint32_t)(fake.features >> 32 * fake.feature_half);
}

void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    unsigned offset = (unsigned)(address - DEVICE_DEV_BASE);

    switch (offset) {
    case 0x00: fake.feature_half = value & 1; break;
    case 0x08: fake.accepted_half = value & 1; break;
    case 0x0c: fake_set_half(&fake.accepted, fake.accepted_half, value); break;
    case 0x20: case 0x24: case 0x28: case 0x2c: case 0x30: case 0x34:
        fake_set_half(&fake.queues[fake.selected].rings[(offset - 0x20) / 8], offset / 4 & 1, value);
        break;
    default: CHECK(false);
    }
}
