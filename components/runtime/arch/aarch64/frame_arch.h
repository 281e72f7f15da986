// Frame records of aarch64 (AAPCS64 6.4.6): x29 points at {caller's x29, return address}.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define FRAME_RECORD_ALIGN 16
#define FRAME_RECORD_OFFSET 0
