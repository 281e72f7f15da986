// Frame records of x86_64 (System V ABI 3.2.2): rbp points at {caller's rbp, return address}.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define FRAME_RECORD_ALIGN 16
#define FRAME_RECORD_OFFSET 0
