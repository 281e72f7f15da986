# The kernel's source files, relative to kernel/. Listed, not globbed, so that a forgotten file is noticed.
# SPDX-License-Identifier: BSD-2-Clause
set(KERNEL_SOURCES
  boot/boot.c
  boot/dump.c
  boot/panic.c
  mm/lend.c
  object/cap.c
  object/component.c
  object/endpoint.c
  object/entropy.c
  object/inspect.c
  object/interrupt.c
  object/notification.c
  object/pool.c
  object/timer.c
  plat/console.c
  sched/mailbox.c
  sched/sched.c
  sched/timeout.c
  sched/travel.c
  syscall/caps.c
  syscall/components.c
  syscall/devices.c
  syscall/ipc.c
  syscall/memory.c
  syscall/syscall.c
  syscall/system.c
)
# Of these: run once, or rarely, so that their size counts and not their speed.
set(KERNEL_COLD_SOURCES
  boot/boot.c
  boot/dump.c
  boot/facts_tree.c
  boot/fdt.c
  boot/panic.c
  object/cap.c
  object/entropy.c
  object/inspect.c
  object/pool.c
  plat/console.c
  sched/mailbox.c
  sched/travel.c
  syscall/caps.c
  syscall/components.c
  syscall/memory.c
  syscall/system.c
)
# Below arch/${TENON_ARCH}/: the same on each architecture, then what only some have. The console's UART, plat/*.c, is
# the board's choice.
set(KERNEL_ARCH_SOURCES
  cpu.c
  entry.S
  exception.c
  fastpath.S
  fpu.c
  head.S
  interrupt.c
  memory.S
  mmu.c
  power.c
  timer.c
)
# Guests, where the product has some: portable, and below arch/${TENON_ARCH}/.
set(KERNEL_GUEST_SOURCES vm/guest.c)
if(TENON_ARCH STREQUAL aarch64)
  set(KERNEL_ARCH_GUEST_SOURCES vm/lists.c vm/stage2.c vm/vcpu.c vm/world.S)
  set(KERNEL_ARCH_NO_GUEST_SOURCES el2_stub.S) # world.S takes its place
endif()
# How boot learns what memory there is: from firmware's device tree, or from an x86 loader's map.
if(TENON_ARCH STREQUAL x86_64)
  list(APPEND KERNEL_ARCH_SOURCES facts.c memory_map.c segments.c)
else()
  list(APPEND KERNEL_ARCH_SOURCES fpu_registers.S)
  list(APPEND KERNEL_SOURCES boot/facts_tree.c boot/fdt.c)
endif()
