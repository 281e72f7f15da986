// System calls of a component that runs as a host process: a table the test fills in.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// What stands in for the kernel. Entries see exactly the registers a kernel would see.
struct host_kernel {
    void (*ipc)(unsigned number, struct message *message);
    struct sys_result (*syscall)(unsigned number, const uint64_t arguments[6]);
};

extern const struct host_kernel *host_kernel;

ALWAYS_INLINE void arch_ipc(unsigned number, struct message *message)
{
    host_kernel->ipc(number, message);
}

ALWAYS_INLINE struct sys_result arch_syscall(unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                             uint64_t e, uint64_t f)
{
    return host_kernel->syscall(number, (const uint64_t[6]){a, b, c, d, e, f});
}
