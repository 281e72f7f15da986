// Frame records of riscv64 (psABI, frame pointer convention): s0 points behind {caller's s0, return address}.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define FRAME_RECORD_ALIGN 16
#define FRAME_RECORD_OFFSET (-16)
