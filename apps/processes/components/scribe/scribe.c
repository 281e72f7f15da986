// scribe: writes its arguments to the file /note, by a capability to Files that was passed on to it. It ends
// with the step that failed. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/program.h>

int main(void)
{
    const char *text = program_arguments();
    uint32_t file;

    if (files_begin() != STATUS_OK)
        return 1;
    if (files_open(1, FILES_MODE_WRITE | FILES_MODE_CREATE | FILES_MODE_TRUNCATE, "/note", &file) !=
        STATUS_OK)
        return 2;
    if (files_write(2, file, text, strlen(text)) != STATUS_OK)
        return 3;
    return files_sync(file) == STATUS_OK && files_close(3, file) == STATUS_OK ? 0 : 4;
}
