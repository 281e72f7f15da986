// See file_errors.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "file_errors.h"

#include <glue.h>

const char *file_error(enum status status)
{
    switch ((unsigned)status) {
    case FILES_ERROR_ABSENT: return "is not there";
    case FILES_ERROR_NOT_DIRECTORY: return "a part of the path is no directory";
    case STATUS_BAD_ARGUMENT:
    case FILES_ERROR_BAD_PATH: return "is no path";
    case FILES_ERROR_NOT_FILE: return "is no file";
    case FILES_ERROR_EXISTS: return "is there already";
    case FILES_ERROR_BUSY: return "is open";
    case FILES_ERROR_NOT_EMPTY: return "is not empty";
    case FILES_ERROR_NO_SPACE: return "the disk is full";
    case FILES_ERROR_TOO_LARGE: return "would be too large";
    case FILES_ERROR_READ_ONLY: return "the disk can only be read";
    case FILES_ERROR_DENIED: return "may not be opened so";
    case FILES_ERROR_DAMAGED: return "the disk is damaged";
    case FILES_ERROR_INSIDE_ITSELF: return "would be inside itself";
    default: return "the file system does not answer";
    }
}
