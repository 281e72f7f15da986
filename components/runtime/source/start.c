// Where each thread begins. Data and bss are already in place: the kernel put them there.
// SPDX-License-Identifier: BSD-2-Clause

#include <tenon/event_loop.h>
#include <tenon/instance.h>
#include <tenon/log_write.h>
#include <tenon/panic.h>

#include <frame_arch.h>

int main(void);
noreturn void runtime_start(uint64_t thread);

static bool dependency_settled(const struct instance_dependency *dependency)
{
    struct component_report report;
    enum status status = sys_component_state(dependency->component, &report);

    if (status != STATUS_OK)
        panic("state of %s cannot be read: %d", dependency->name, (int)status);
    if (report_state(&report) == COMPONENT_DEAD) {
        log_write(LOG_LEVEL_WARNING, "%s, which this starts after, was given up", dependency->name);
        return true;
    }
    return report_is_ready(&report);
}

// `after:`. One that was given up counts as settled: calls to it end, so this component can say so itself.
static void wait_for_dependencies(void)
{
    for (unsigned i = 0; i < instance.dependency_count; i++) {
        const struct instance_dependency *dependency = &instance.dependencies[i];

        while (!dependency_settled(dependency))
            wait_bits(dependency->ready_bit);
    }
}

// A thread other than main may end before its component does.
static noreturn void park(unsigned thread)
{
    for (;;)
        wait_bits_thread(thread, 0);
}

void runtime_start(uint64_t thread)
{
    instance_threads[thread].stack_top = (uintptr_t)__builtin_frame_address(0) + FRAME_RECORD_OFFSET +
                                        2 * sizeof(uintptr_t);
    if (thread != 0) {
        instance_run_thread((unsigned)thread);
        park((unsigned)thread);
    }
    wait_for_dependencies();
    sys_exit((uint64_t)(unsigned)main());
}
