// Values of control registers.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define SSTATUS_SPIE (1 << 5)
#define SSTATUS_FS (3 << 13)
#define CAUSE_USER_ECALL 8
