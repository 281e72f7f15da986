// The script that record_calls wrote, as a part of the image.
// SPDX-License-Identifier: BSD-2-Clause
#include "step.h"

    .section .payload.script, "a"
    .balign 4096
    .global script
script:
    .incbin "script.bin"
    .org    script + SCRIPT_BYTES_MAX
