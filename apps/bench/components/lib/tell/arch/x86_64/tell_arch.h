// x86_64, see tell.h: a no-op of seven bytes; nothing is read from its operand (Intel SDM, NOP). SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define TELL(number) __asm__ volatile("nopl %c0(%%rax)" : : "i"(0x10000 + (number))) // too large for a displacement of one byte
