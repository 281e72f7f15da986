# cmake -DTENON_ARCH=name -P list_kernel.cmake: the kernel's sources for the architecture, relative to kernel/, a line each.
# SPDX-License-Identifier: BSD-2-Clause
include(${CMAKE_CURRENT_LIST_DIR}/../kernel/sources.cmake)
list(APPEND KERNEL_ARCH_SOURCES ${KERNEL_ARCH_NO_GUEST_SOURCES})
list(TRANSFORM KERNEL_ARCH_SOURCES PREPEND arch/${TENON_ARCH}/)
list(JOIN KERNEL_SOURCES "\n" portable)
list(JOIN KERNEL_ARCH_SOURCES "\n" arch)
message(NOTICE "${portable}\n${arch}")
