// The host's C library has one printf for everything.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdio.h>

#define sniprintf  snprintf
#define vsniprintf vsnprintf
