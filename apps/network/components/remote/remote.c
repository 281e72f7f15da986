// Remote: a test's hand in the system. Commands come as datagrams, and each is answered by one when it is done:
//
//     kill INSTANCE     ends an instance; `killed` or `failed STATUS`
//     every MS INSTANCE ends an instance from now on each so many milliseconds, or no more where that is 0;
//                       `at NANOSECONDS KILLS`, the time and how many such ends there were
//     call NAME PORT    connects to a TCP port, sends back what comes until the peer ends; `echoed BYTES` or `failed STATUS`
//     name NAME         asks for an address; `is` and its sixteen bytes in hexadecimal, or `failed STATUS`
//
// One call at a time: a second one ends the first, whose asker hears nothing.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#define TEXT_BYTES   128
#define BUFFER_BYTES 16384u

static uint32_t commands;              // the datagram socket
static struct sockets_endpoint asker;  // of the call
static uint32_t peer;                  // the call's connection; 0: there is none
static uint64_t echoed;
static uint32_t first, count;  // of what came and was not sent back yet
static unsigned char buffer[BUFFER_BYTES];
static char victim[TEXT_BYTES];  // of the command `every`
static uint64_t period, kills;   // milliseconds; 0: nobody is killed

static void reply(const struct sockets_endpoint *to, const char *text)
{
    (void)!sockets_send_to(commands, to, text, strlen(text));
}

static void reply_number(const struct sockets_endpoint *to, const char *word, uint64_t number)
{
    char text[TEXT_BYTES];

    snprintf(text, sizeof text, "%s %" PRIu64, word, number);
    reply(to, text);
}

// --- The call --------------------------------------------------------------------------------------

static void hang_up(void)
{
    (void)!sockets_close(peer);
    peer = 0;
}

static bool send_some(void)
{
    uint32_t taken = 0;
    enum status status = sockets_send(peer, buffer + first, count, &taken);

    if (status == STATUS_OK && taken <= count) {
        first += taken;
        count -= taken;
        echoed += taken;
        return count == 0;
    }
    if (status != SOCKETS_ERROR_WOULD_BLOCK) {
        reply_number(&asker, "failed", status);
        hang_up();
    }
    return false;
}

static bool receive_some(void)
{
    size_t bytes = 0;
    enum status status = sockets_receive(peer, buffer, sizeof buffer, &bytes);

    if (status == SOCKETS_ERROR_WOULD_BLOCK)
        return false;
    if (status == STATUS_OK && bytes > 0) {
        first = 0;
        count = (uint32_t)bytes;
        return true;
    }
    if (status == STATUS_OK)
        reply_number(&asker, "echoed", echoed);
    else
        reply_number(&asker, "failed", status);
    hang_up();
    return false;
}

static void serve_call(void)
{
    while (peer != 0 && (count > 0 ? send_some() : receive_some()))
        continue;
}

static void call(const char *name, unsigned long port)
{
    struct sockets_endpoint to = {.port = (uint16_t)port};
    enum status status = sockets_resolve(name, SOCKETS_FAMILY_ANY, to.address);

    if (peer != 0)
        hang_up();
    echoed = count = 0;
    if (status == STATUS_OK)
        status = sockets_connect(&to, &peer);
    if (status != STATUS_OK)
        reply_number(&asker, "failed", status);
}

// --- Commands --------------------------------------------------------------------------------------

static void tell_address(const char *name, const struct sockets_endpoint *to)
{
    uint8_t address[16];
    char text[TEXT_BYTES] = "is ";
    enum status status = sockets_resolve(name, SOCKETS_FAMILY_ANY, address);

    if (status != STATUS_OK) {
        reply_number(to, "failed", status);
        return;
    }
    for (unsigned i = 0; i < sizeof address; i++)
        snprintf(text + 3 + 2 * i, 3, "%02x", address[i]);
    reply(to, text);
}

static void kill(const char *name, const struct sockets_endpoint *to)
{
    enum status status = control_kill(name);

    if (status == STATUS_OK)
        reply(to, "killed");
    else
        reply_number(to, "failed", status);
}

void on_timer_victim(void)
{
    if (period == 0)
        return;
    kills += control_kill(victim) == STATUS_OK;
    timer_start(SLOT_TIMER_VICTIM, period * MILLISECOND);
}

static void kill_every(const char *name, uint64_t milliseconds, const struct sockets_endpoint *to)
{
    char text[TEXT_BYTES];

    snprintf(victim, sizeof victim, "%s", name);
    period = milliseconds < INT32_MAX ? milliseconds : INT32_MAX;
    timer_start(SLOT_TIMER_VICTIM, period * MILLISECOND);
    snprintf(text, sizeof text, "at %" PRIu64 " %" PRIu64, sys_clock(SLOT_CLOCK), kills);
    reply(to, text);
}

static void execute(char *text, const struct sockets_endpoint *from)
{
    char *rest, *verb = strtok_r(text, " ", &rest), *name = strtok_r(NULL, " ", &rest),
                *more = strtok_r(NULL, " ", &rest);

    if (verb == NULL || name == NULL) {
        reply(from, "what?");
    } else if (strcmp(verb, "kill") == 0) {
        kill(name, from);
    } else if (strcmp(verb, "name") == 0) {
        tell_address(name, from);
    } else if (strcmp(verb, "every") == 0 && more != NULL) {
        kill_every(more, strtoul(name, NULL, 10), from);
    } else if (strcmp(verb, "call") == 0 && more != NULL) {
        asker = *from;
        call(name, strtoul(more, NULL, 10));
    } else {
        reply(from, "what?");
    }
}

static void take_commands(void)
{
    struct sockets_endpoint from;
    char text[TEXT_BYTES];
    size_t bytes;

    while (sockets_receive_from(commands, &from, text, sizeof text - 1, &bytes) == STATUS_OK) {
        text[bytes] = 0;
        execute(text, &from);
    }
}

static void open_commands(void)
{
    uint16_t bound;
    enum status status = sockets_bind(CONFIG_PORT, &commands, &bound);

    if (status != STATUS_OK)
        panic("no datagrams on port %u: status %d", CONFIG_PORT, (int)status);
}

void on_sockets_ready(void)
{
    enum status status;
    uint64_t readiness;
    uint32_t socket;

    while ((status = sockets_next_ready(&socket, &readiness)) == STATUS_OK ||
           status == SOCKETS_ERROR_RESTARTED) {
        if (status == SOCKETS_ERROR_RESTARTED) {
            peer = 0;
            open_commands();
        } else if (socket == commands) {
            take_commands();
        } else if (socket == peer) {
            serve_call();
        }
    }
}

int main(void)
{
    open_commands();
    log_info("commands on port %u", CONFIG_PORT);
    on_sockets_ready();
    event_loop_run();
}
