// Core of the fake machine: frames, entropy, device writes.
// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <arch/boot.h>
#include <arch/cpu.h>
#include <arch/ports.h>
#include <kernel/layout.h>

struct core *host_core = &cores[0];

void arch_check_cpu(void)
{
}

void arch_allow_counters(void)
{
}

const char *arch_mode_name(void)
{
    return "host";
}

bool arch_entropy(uint64_t words[4])
{
    if (!host.has_entropy)
        return false;
    for (unsigned i = 0; i < 4; i++)
        words[i] = host.entropy++;
    return true;
}

void arch_device_write(void *address, uint64_t value, unsigned width)
{
    __builtin_memcpy(address, &value, width);
    if (host.write_count < HOST_DEVICE_WRITES) {
        uint64_t offset = (uint64_t)address - (uint64_t)arch_map_device(HOST_DEVICE_BASE, 1);

        host.writes[host.write_count++] = (struct host_device_write){offset, value, width};
    }
}

uint8_t *host_port(uint32_t port)
{
    return &host.ports[port];
}

// --- Frames ----------------------------------------------------------------------------------

void arch_frame_start(struct arch_frame *frame, uint64_t entry, uint64_t stack, uint64_t argument)
{
    *frame = (struct arch_frame){.sp = stack, .pc = entry};
    frame->x[0] = argument;
}

void arch_frame_export(const struct arch_frame *frame, struct thread_registers *out)
{
    __builtin_memcpy(out->x, frame->x, sizeof out->x);
    out->sp = frame->sp;
    out->pc = frame->pc;
    out->pstate = frame->pstate;
    out->tls = frame->tls;
}

void arch_frame_import(struct arch_frame *frame, const struct thread_registers *in)
{
    __builtin_memcpy(frame->x, in->x, sizeof frame->x);
    frame->sp = in->sp;
    frame->pc = in->pc;
    frame->pstate = in->pstate & 0xf0000000;  // condition flags
    frame->tls = in->tls;
}
