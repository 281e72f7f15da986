// What a file is, going by the ending of its name.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

const char *content_type(const char *path);
