// Values of control registers and offsets that assembly needs. Offsets are checked in asm_check.c.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define FRAME_PC (32 * 8)
#define FRAME_STATUS (33 * 8)
#define CORE_CURRENT 0
#define CORE_KERNEL_STACK 8
#define CORE_PANIC_STACK 16
#define CORE_TOP 24
#define CORE_THREADS 32
#define CORE_THREAD_COUNT 40
#define THREAD_CAPS 288
#define THREAD_CAP_LIMIT 296
#define THREAD_ORDER 304 // arrived, priority, call, state: one byte each
#define THREAD_ARRIVED 304
#define THREAD_PRIORITY 305
#define THREAD_CALL 306
#define THREAD_STATE 307
#define THREAD_TOKEN 312
#define THREAD_SERVER 320
#define THREAD_COMPONENT 328
#define THREAD_SCHED_CONTEXT 336
#define THREAD_CHARGE 344
#define THREAD_TIMEOUT 352 // then lends
#define ENDPOINT_RECEIVER 8
#define CAP_TYPE 12
#define CAP_RIGHTS 13
#define CAP_BADGE 16
#define NOTIFICATION_RECEIVER 8
#define NOTIFICATION_PENDING 16
#define COMPONENT_ROOT 24
#define COMPONENT_ACCOUNT 32
#define COMPONENT_CORE 40

// enum cap_type and enum thread_state, which only C can read.
#define CAP_TYPE_ENDPOINT 1
#define CAP_TYPE_NOTIFICATION 2
#define STATE_READY 1
#define STATE_RECEIVING 5
#define STATE_AWAITING 4

#define SSTATUS_SPIE (1 << 5)
#define SSTATUS_FS (3 << 13)
#define CAUSE_USER_ECALL 8
