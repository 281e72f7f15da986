// Debug builds: the capabilities that exist, as lines a test compares with the layout.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Prints `cap INSTANCE SLOT TYPE RIGHTS BADGE OBJECT` for every static capability, in hexadecimal but the slot.
void dump_capabilities(void);
