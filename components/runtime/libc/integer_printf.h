// printf without floating point, whatever the component has: sniprintf and vsniprintf of newlib.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdio.h>
