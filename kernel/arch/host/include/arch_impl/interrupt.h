// The fake interrupt controller numbers few lines, so that a number out of range is easy to make.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define ARCH_INTERRUPTS 128
