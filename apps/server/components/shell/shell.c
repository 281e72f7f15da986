// Shell: takes a line at a time from the terminal and runs it, or gives it to the connection of `nc`.
//
// A line is done with when the next one is read: one whose command was cut off by our end comes again.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/event_loop.h>

#include "commands.h"
#include "netcat.h"
#include "say.h"

#define PIECE_BYTES_MAX 256u

static uint64_t number;  // of the last piece

void say_out(const char *text, size_t bytes)
{
    (void)!tty_write(text, bytes);
}

static void prompt(void)
{
    if (!netcat_is_on())
        say("%s", CONFIG_PROMPT);
}

static void take_for_peer(enum tty_kind kind, const char *text, size_t bytes)
{
    switch (kind) {
    case TTY_KIND_LINE:
    case TTY_KIND_BYTES: netcat_send_line(text, bytes); break;
    case TTY_KIND_END: netcat_end_side(); break;
    case TTY_KIND_INTERRUPT: netcat_close(); break;
    }
}

static void take(enum tty_kind kind, char *text, size_t bytes)
{
    text[bytes] = 0;
    if (netcat_is_on())
        take_for_peer(kind, text, bytes);
    else if (kind == TTY_KIND_LINE)
        command_execute(text);
    prompt();
    say_flush();
}

void on_tty_input(void)
{
    char text[PIECE_BYTES_MAX + 1];
    enum tty_kind kind;
    size_t bytes;

    while ((!netcat_is_on() || netcat_takes_more()) &&
           tty_read(number, &number, &kind, text, PIECE_BYTES_MAX, &bytes) == STATUS_OK)
        take(kind, text, bytes);
}

static void look_at_connection(void)
{
    enum status status;
    uint64_t readiness;
    uint32_t socket;

    while ((status = sockets_next_ready(&socket, &readiness)) == STATUS_OK ||
           status == SOCKETS_ERROR_RESTARTED) {
        if (status == SOCKETS_ERROR_RESTARTED && netcat_is_on()) {
            say("nc: the network was restarted\n");
            netcat_forget();
        }
    }
    if (netcat_is_on())
        netcat_serve();
}

void on_sockets_ready(void)
{
    bool was_on = netcat_is_on();

    look_at_connection();
    if (was_on)
        prompt();
    say_flush();
    on_tty_input();  // what waited for the connection
}

int main(void)
{
    say("\n%s: type `help`\n", INSTANCE_NAME);
    prompt();
    say_flush();
    on_sockets_ready();
    event_loop_run();
}
