// The words beside a status code (RFC 9110, 15).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Of a code that no server here uses: those of 500.
const char *http_phrase(unsigned code);
