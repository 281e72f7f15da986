// What the terminal should show for what is typed, collected until there is enough or nothing more comes.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

void echo(const char *text);
void echo_flush(void);
