// Calls without anything around them; the architecture's part is in arch/<isa>/bare_arch.h:
//   BARE_LOOP                       instructions of both loops, for each call, besides the two system calls
//   void bare_calls(info, count)    `count` calls (at least one), each with this info word; the other words are whatever there is
//   void bare_serve(void)           answers each call with the message that came; does not return
//   WINDOW                          from where on a component may map what it makes
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/syscall.h>

#include <bare_arch.h>
