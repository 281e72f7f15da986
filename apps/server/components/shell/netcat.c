// See netcat.h. A line that is typed is kept until the network has taken all of it, and the next one waits in
// the terminal.
// SPDX-License-Identifier: BSD-2-Clause

#include "netcat.h"

#include <glue.h>

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "say.h"
#include "say_text.h"

#define LINE_BYTES_MAX 256u

static uint32_t peer;   // 0: there is none
static bool ends_side;  // after the line
static size_t line_bytes, line_sent;
static char line[LINE_BYTES_MAX + 1];

static void is_over(const char *why)
{
    say("nc: %s\n", why);
    netcat_close();
}

void command_nc(unsigned count, char *const words[])
{
    struct sockets_endpoint to = {0};
    char *end;
    unsigned long port = strtoul(words[2], &end, 10);

    (void)count;
    if (*end != 0 || port == 0 || port > UINT16_MAX) {
        say("nc: `%s` is no port\n", words[2]);
        return;
    }
    to.port = (uint16_t)port;
    if (sockets_resolve(words[1], SOCKETS_FAMILY_ANY, to.address) != STATUS_OK) {
        say("nc: no address of `%s`\n", words[1]);
        return;
    }
    if (sockets_connect(&to, &peer) != STATUS_OK) {
        peer = 0;
        say("nc: no connection\n");
        return;
    }
    line_bytes = line_sent = 0;
    ends_side = false;
}

bool netcat_is_on(void)
{
    return peer != 0;
}

bool netcat_takes_more(void)
{
    return line_sent == line_bytes && !ends_side;
}

static void send_line(void)
{
    while (peer != 0 && line_sent < line_bytes) {
        uint32_t taken = 0;
        enum status status = sockets_send(peer, line + line_sent, line_bytes - line_sent, &taken);

        if (status == SOCKETS_ERROR_WOULD_BLOCK)
            return;
        if (status != STATUS_OK || taken > line_bytes - line_sent)
            is_over("the connection failed");
        else
            line_sent += taken;
    }
    // One that is not there yet cannot end its side: `reset` is for what failed.
    if (peer != 0 && ends_side && sockets_shutdown(peer) == STATUS_OK)
        ends_side = false;
}

void netcat_send_line(const char *text, size_t bytes)
{
    line_bytes = bytes < LINE_BYTES_MAX ? bytes : LINE_BYTES_MAX;
    memcpy(line, text, line_bytes);
    line[line_bytes++] = '\n';
    line_sent = 0;
    send_line();
}

void netcat_end_side(void)
{
    ends_side = true;
    send_line();
}

void netcat_close(void)
{
    (void)!sockets_close(peer);
    netcat_forget();
}

void netcat_forget(void)
{
    peer = 0;
    line_bytes = line_sent = 0;
    ends_side = false;
}

static void show_what_came(void)
{
    static char piece[2048];
    enum status status = STATUS_OK;
    size_t bytes = 1;

    while (status == STATUS_OK && bytes > 0) {
        status = sockets_receive(peer, piece, sizeof piece, &bytes);
        if (status == STATUS_OK)
            say_text(piece, bytes);
    }
    if (status == STATUS_OK)
        is_over("the peer has ended");
    else if (status != SOCKETS_ERROR_WOULD_BLOCK)
        is_over("the connection failed");
}

void netcat_serve(void)
{
    send_line();
    if (peer != 0)
        show_what_came();
}
