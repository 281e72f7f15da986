// GICv3 without LPIs: INTID 0 to 1019 (Arm IHI 0069, 2.2).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define ARCH_INTERRUPTS 1020
