// Net: TCP/IP for its clients over one Ethernet port, by lwIP. This file has the events and what concerns all kinds of sockets.
//
// All lwIP does happens in a handler here, on one thread. After each of them the timer stands at the next thing lwIP wants to do.
// When the server is restarted, its connections are gone, and the clients are told; listeners come back (listeners.h).
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <lwip/init.h>
#include <lwip/timeouts.h>

#include "connections.h"
#include "datagrams.h"
#include "link.h"
#include "listeners.h"
#include "socket_table.h"

#define LONGEST_SLEEP 1000u  // milliseconds; lwIP may begin to want something in any call of a client

static bool must_hear_of_restart[INSTANCE_CLIENTS];
static nanos_t timer_at;  // what the timer is set to; 0: it is not

u32_t sys_now(void)
{
    return (u32_t)(clock_now() / MILLISECOND);
}

static void set_timer(nanos_t delay)
{
    nanos_t at = clock_now() + delay;

    if (timer_at != 0 && timer_at <= at)
        return;
    timer_at = at;
    sys_timer_set(SLOT_TIMER_STACK, at);
}

// After anything that may have set lwIP's own timers.
static void sleep_until_wanted(void)
{
    u32_t wanted = sys_timeouts_sleeptime();

    set_timer((wanted < LONGEST_SLEEP ? wanted : LONGEST_SLEEP) * MILLISECOND);
}

// --- Events ----------------------------------------------------------------------------------------

// A port that floods us does not keep us from clients: the rest is taken after what waits by now.
static void receive(void)
{
    if (!link_receive())
        set_timer(0);
    sleep_until_wanted();
}

void on_port_received(void)
{
    receive();
}

// The driver was restarted, and frames of both directions may be lost. TCP would find out by itself, after a second or
// more. What is asked for is what is missing after the frames that did arrive.
void on_port_started(void)
{
    connections_resend();
    receive();
    connections_ask_again();
}

void on_timer_stack(void)
{
    timer_at = 0;
    sys_check_timeouts();
    receive();
}

// --- Sockets of any kind ---------------------------------------------------------------------------

static uint64_t readiness_of(const struct socket *socket)
{
    switch (socket_kind_of(socket)) {
    case SOCKET_CONNECTION: return connection_readiness(socket);
    case SOCKET_LISTENER: return listener_readiness(socket);
    default: return datagram_readiness(socket);
    }
}

static void close_socket(struct socket *socket)
{
    switch (socket_kind_of(socket)) {
    case SOCKET_CONNECTION: connection_close(socket); break;
    case SOCKET_LISTENER: listener_close(socket); break;
    case SOCKET_DATAGRAM: datagram_close(socket); break;
    }
}

enum status sockets_next_ready(const struct call *call, uint32_t *handle, uint64_t *readiness)
{
    struct socket *socket;

    if (must_hear_of_restart[call->client]) {
        must_hear_of_restart[call->client] = false;
        return SOCKETS_ERROR_RESTARTED;
    }
    socket = socket_next_changed(call->client);
    if (socket == NULL)
        return SOCKETS_ERROR_NONE;
    *handle = socket->handle;
    *readiness = readiness_of(socket);
    return STATUS_OK;
}

enum status sockets_close(const struct call *call, uint32_t handle)
{
    struct socket *socket;
    enum status status = socket_find_any(call->client, handle, &socket);

    if (status == SOCKETS_ERROR_RESET)
        return STATUS_OK;  // it is gone, as wished
    if (status == STATUS_OK)
        close_socket(socket);
    return status;
}

enum status sockets_addresses(const struct call *call, uint8_t ipv4[16], uint8_t ipv6[16])
{
    (void)call;
    link_addresses(ipv4, ipv6);
    return STATUS_OK;
}

// What it had is nobody's any more.
void sockets_client_gone(uint32_t client)
{
    struct socket *socket;

    while ((socket = socket_of_client(client)) != NULL)
        close_socket(socket);
    must_hear_of_restart[client] = false;
    sleep_until_wanted();
}

int main(void)
{
    lwip_init();
    if (listeners_begin()) {
        for (unsigned i = 0; i < INSTANCE_CLIENTS; i++)
            must_hear_of_restart[i] = true;
        sockets_ready_signal_all();
    }
    if (!link_start())
        panic("the port cannot be used");
    receive();
    event_loop_run();
}
