// CRC-32C (Castagnoli), as in iSCSI (RFC 3720, appendix B.4).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(const void *bytes, size_t count);
