// Echo server: what comes on a connection goes back on it, in order, until the peer has ended its side and has all of it.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/panic.h>

#define CONNECTIONS  8
#define BUFFER_BYTES 32768u

struct connection {
    uint32_t socket;  // 0: free
    uint32_t first, count;
    unsigned char buffer[BUFFER_BYTES];
};

static struct connection connections[CONNECTIONS];
static uint32_t listener;

static void end(struct connection *connection)
{
    (void)!sockets_close(connection->socket);
    connection->socket = 0;
}

// False: nothing more can be sent now, or ever.
static bool send_some(struct connection *connection)
{
    uint32_t taken = 0;
    enum status status =
        sockets_send(connection->socket, connection->buffer + connection->first, connection->count, &taken);

    if (status == STATUS_OK && taken <= connection->count) {
        connection->first += taken;
        connection->count -= taken;
        return connection->count == 0;
    }
    if (status != SOCKETS_ERROR_WOULD_BLOCK)
        end(connection);
    return false;
}

// False: nothing more has come by now, or ever will.
static bool receive_some(struct connection *connection)
{
    size_t bytes = 0;
    enum status status = sockets_receive(connection->socket, connection->buffer, BUFFER_BYTES, &bytes);

    if (status == STATUS_OK && bytes > 0) {
        connection->first = 0;
        connection->count = (uint32_t)bytes;
        return true;
    }
    if (status != SOCKETS_ERROR_WOULD_BLOCK)
        end(connection);
    return false;
}

static void serve(struct connection *connection)
{
    while (connection->count > 0 ? send_some(connection) : receive_some(connection))
        continue;
}

// One that we have no place for is closed at once.
static void accept(void)
{
    struct sockets_endpoint peer;
    uint32_t socket;

    while (sockets_accept(listener, &socket, &peer) == STATUS_OK) {
        struct connection *free = NULL;

        for (unsigned i = 0; i < CONNECTIONS; i++) {
            if (connections[i].socket == 0)
                free = &connections[i];
        }
        if (free == NULL) {
            (void)!sockets_close(socket);
            continue;
        }
        free->socket = socket;
        free->first = free->count = 0;
        serve(free);
    }
}

static void on_ready(uint32_t socket)
{
    if (socket == listener) {
        accept();
        return;
    }
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        if (connections[i].socket == socket)
            serve(&connections[i]);
    }
}

// The server's connections ended with it; the listener is as it was.
static void forget_connections(void)
{
    for (unsigned i = 0; i < CONNECTIONS; i++)
        connections[i].socket = 0;
    log_info("the network was restarted");
}

void on_sockets_ready(void)
{
    enum status status;
    uint64_t readiness;
    uint32_t socket;

    while ((status = sockets_next_ready(&socket, &readiness)) == STATUS_OK ||
           status == SOCKETS_ERROR_RESTARTED) {
        if (status == STATUS_OK)
            on_ready(socket);
        else
            forget_connections();
    }
}

int main(void)
{
    enum status status = sockets_listen(CONFIG_PORT, &listener);

    if (status != STATUS_OK)
        panic("no listening on port %u: status %d", CONFIG_PORT, (int)status);
    log_info("listening on port %u", CONFIG_PORT);
    on_sockets_ready();
    event_loop_run();
}
