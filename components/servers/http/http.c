// Http: accepts connections and serves them in turns, a step of each that is ready, so that none waits for
// another's client. One on which nothing moves is closed: others want its place.
// SPDX-License-Identifier:
// BSD-2-Clause

#include <glue.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/panic.h>

#include "connection.h"

#define ROUNDS_MAX 64u  // before the event loop has its turn

static struct connection connections[CONFIG_CONNECTIONS];
static uint32_t listener;

static struct connection *free_connection(void)
{
    for (unsigned i = 0; i < CONFIG_CONNECTIONS; i++) {
        if (connections[i].socket == 0)
            return &connections[i];
    }
    return NULL;
}

// As many as we have room for; others wait at the listener.
static void accept(void)
{
    struct sockets_endpoint peer;
    struct connection *free;
    uint32_t socket;

    while ((free = free_connection()) != NULL && sockets_accept(listener, &socket, &peer) == STATUS_OK)
        connection_begin(free, socket);
}

// The net server's connections ended with it; the listener is as it was.
static void forget_connections(void)
{
    for (unsigned i = 0; i < CONFIG_CONNECTIONS; i++) {
        document_close(&connections[i].document);
        connections[i].socket = 0;
    }
    log_info("the network was restarted");
}

static void look_who_is_ready(void)
{
    enum status status;
    uint64_t readiness;
    uint32_t socket;

    while ((status = sockets_next_ready(&socket, &readiness)) == STATUS_OK ||
           status == SOCKETS_ERROR_RESTARTED) {
        if (status == SOCKETS_ERROR_RESTARTED)
            forget_connections();
        for (unsigned i = 0; status == STATUS_OK && i < CONFIG_CONNECTIONS; i++)
            connections[i].is_ready |= connections[i].socket == socket;
    }
    accept();
}

static bool serve_round(void)
{
    bool is_one_ready = false;

    for (unsigned i = 0; i < CONFIG_CONNECTIONS; i++) {
        if (connections[i].socket != 0 && connections[i].is_ready)
            connection_step(&connections[i]);
        is_one_ready |= connections[i].socket != 0 && connections[i].is_ready;
    }
    return is_one_ready;
}

static void serve(void)
{
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        bool is_one_ready = serve_round();

        accept();
        if (!is_one_ready && !serve_round())
            return;
    }
    timer_start(SLOT_TIMER_MORE, 0);
}

void on_sockets_ready(void)
{
    look_who_is_ready();
    serve();
}

void on_timer_more(void)
{
    on_sockets_ready();
}

void on_timer_idle(void)
{
    nanos_t now = clock_now();

    for (unsigned i = 0; i < CONFIG_CONNECTIONS; i++) {
        if (connections[i].socket != 0 && now - connections[i].moved_at >= CONFIG_IDLE)
            connection_end(&connections[i]);
    }
    on_sockets_ready();
    timer_start(SLOT_TIMER_IDLE, CONFIG_IDLE / 4);
}

int main(void)
{
    enum status status = sockets_listen(CONFIG_PORT, &listener);

    if (status != STATUS_OK)
        panic("no listening on port %u: status %d", CONFIG_PORT, (int)status);
    log_info("listening on port %u", CONFIG_PORT);
    on_sockets_ready();
    timer_start(SLOT_TIMER_IDLE, CONFIG_IDLE / 4);
    event_loop_run();
}
