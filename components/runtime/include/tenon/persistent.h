// Memory that outlives a restart (`regions: {NAME: {persistent: true}}`). Its component may end between any two stores to it, so
// what is there has to make sense at each moment: what makes something valid is stored last, and cleared first.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Stores before it are made before those after it, as the next life sees them.
void persistent_order(void);
