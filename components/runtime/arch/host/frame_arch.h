// Frame records of the host: the frame pointer points at {caller's frame pointer, return address}.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define FRAME_RECORD_ALIGN 16
#define FRAME_RECORD_OFFSET 0
