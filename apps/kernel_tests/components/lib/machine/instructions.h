// Instructions that a component tries, each with what it must end in: MACHINE_INSTRUCTIONS(X) is a row of
// X(name, text, reason). FAULT_NONE: it is allowed. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/syscall.h>

// For what only some cores have: no floating point there, undefined elsewhere.
#define FAULT_FPU_IF_THERE (0x100 | FAULT_FPU)

#include <instructions_arch.h>

#define INSTRUCTION_ENUM(name, text, reason) INSTRUCTION_##name,
enum instruction { MACHINE_INSTRUCTIONS(INSTRUCTION_ENUM) INSTRUCTION_COUNT };
