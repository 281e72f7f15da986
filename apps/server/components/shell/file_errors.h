// What people are told of a request to Files that did not succeed.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/stub.h>

const char *file_error(enum status status);
