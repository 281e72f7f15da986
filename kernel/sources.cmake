# The kernel's source files, relative to kernel/. Listed, not globbed, so that a forgotten file is noticed.
# SPDX-License-Identifier: BSD-2-Clause
set(KERNEL_SOURCES)
set(KERNEL_ARCH_SOURCES) # below arch/${TENON_ARCH}/
