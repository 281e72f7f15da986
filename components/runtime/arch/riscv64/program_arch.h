// What a program's file says of the machine that it is for (ELF, e_machine).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define ARCH_ELF_MACHINE 243
