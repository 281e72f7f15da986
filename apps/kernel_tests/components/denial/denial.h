// The subject in two parts.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "../test.h"

void check_arguments(void);
