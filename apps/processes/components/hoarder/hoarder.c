// hoarder: takes all the memory that it can get, uses it, and tells how much that was.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <stdlib.h>
#include <string.h>

#include <tenon/log.h>

#define PIECE 1024

int main(void)
{
    unsigned pieces = 0;
    void *piece;

    while ((piece = malloc(PIECE)) != NULL) {
        memset(piece, 0xa5, PIECE);
        pieces++;
    }
    log_info("got between 48 and 64 KiB: %s", pieces >= 48 && pieces < 64 ? "yes" : "no");
    return 0;
}
