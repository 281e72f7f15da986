// How many interrupt lines the architecture's controller numbers.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <arch_impl/interrupt.h> // ARCH_INTERRUPTS
