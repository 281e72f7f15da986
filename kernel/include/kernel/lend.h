// Lending: a blocked caller's memory, for exactly the server that holds the call.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/syscall.h>

// Reads the lends of the call in the thread's frame into the thread. BAD_ARGUMENT for malformed descriptors.
MUST_CHECK enum status lend_decode(struct thread *caller);

// The call leaves this core: what it lends on here is marked, so that those calls do not end while it is copied elsewhere.
void lend_mark_across(struct thread *caller);

// Shows the receiver what was lent: length and rights, not addresses.
void lend_describe(const struct thread *caller, struct arch_frame *receiver);

// One step, at most a page long and up to a page boundary on either side, of a copy between the lend `index` of the call `token` and the
// borrower's own memory. `right` is what the borrower does with the lend: RIGHT_READ or RIGHT_WRITE.
// *done is the number of bytes copied.
MUST_CHECK enum status lend_copy(struct component *borrower, uint64_t token, uint64_t index, uint64_t offset,
                                 uaddr_t address, uint64_t bytes, uint8_t right, uint64_t *done);

// SYS_COPY_IN and SYS_COPY_OUT of 1 to PAGE_SIZE bytes.
quick_handler lend_copy_in_quick, lend_copy_out_quick;

// Copies between kernel memory and a component's, all or up to the first page that is not mapped so: reads the component's for
// RIGHT_READ, writes it for RIGHT_WRITE.
MUST_CHECK enum status user_copy(const struct component *component, uaddr_t address, void *kernel, uint64_t bytes, uint8_t right);

// What was found is no longer so: something is about to be unmapped.
static inline void user_forget(struct component *component)
{
    component->found[0].number = component->found[1].number = UINT64_MAX;
}
