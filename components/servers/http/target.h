// From the target of a request to the path of a file, which is below the root whatever the target says.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define PATH_BYTES_MAX 255u  // of Files

// The status code of what is wrong, 0 if nothing is. Names that begin with a dot are forbidden, `.` and `..`
// among them, written plainly or in percents (RFC 3986, 2.1); a directory's path becomes that of its index.
unsigned target_path(const char *target, const char *root, char path[PATH_BYTES_MAX + 1]);
