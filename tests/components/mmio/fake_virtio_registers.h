// The fake virtio device's registers over MMIO; part of fake_virtio.h.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Makes it another device than it should be: a network card, a legacy one. False: there is no `way` more.
static inline bool fake_pretend(unsigned way)
{
    if (way == 0)
        fake.type = 1;
    else
        fake.version = 1;
    return way < 2;
}

uint32_t arch_mmio_read32(uintptr_t address)
{
    switch (address - DEVICE_DEV_BASE) {
    case 0x000: return 0x74726976;
    case 0x004: return fake.version;
    case 0x008: return fake.type;
    case 0x010: return (uint32_t)(fake.features >> 32 * fake.feature_half);
    case 0x034: return fake.queue_size;
    case 0x060: return fake.interrupt;
    case 0x070: return fake.status;
    case 0x0fc: return fake.config_changes > 0 ? fake.config_changes-- : 0;
    case 0x100: return (uint32_t)fake.config;
    case 0x104: return (uint32_t)(fake.config >> 32);
    default: CHECK(false);
    }
    return 0;
}

void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    unsigned offset = (unsigned)(address - DEVICE_DEV_BASE);

    switch (offset) {
    case 0x014: fake.feature_half = value & 1; break;
    case 0x020: fake_set_half(&fake.accepted, fake.accepted_half, value); break;
    case 0x024: fake.accepted_half = value & 1; break;
    case 0x030: fake_select(value); break;
    case 0x038: fake_set_size(value); break;
    case 0x044: fake.queues[fake.selected].ready = value; break;
    case 0x050: fake_notified(value); break;
    case 0x064: fake.interrupt &= ~value; break;
    case 0x070: fake_set_status(value); break;
    case 0x080: case 0x084: case 0x090: case 0x094: case 0x0a0: case 0x0a4:
        fake_set_half(&fake.queues[fake.selected].rings[(offset - 0x80) / 0x10], offset / 4 & 1, value);
        break;
    default: CHECK(false);
    }
}
