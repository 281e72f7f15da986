// See listeners.h. The region is our own, but we may have died while writing it: an entry counts with its port, which is written
// last and cleared first, and is checked as if somebody else had written it.
// SPDX-License-Identifier: BSD-2-Clause

#include "listeners.h"

#include <tenon/log.h>
#include <tenon/persistent.h>

#include <lwip/tcp.h>

#include "connections.h"

#define MAGIC   0x4e745631u  // "NtV1"
#define BACKLOG 8

struct kept {
    uint32_t magic;
    uint32_t life;
    struct kept_listener {
        uint32_t handle;
        uint32_t client;
        uint32_t port;  // 0: free
    } listeners[CONFIG_LISTENERS];
};
_Static_assert(sizeof(struct kept) <= REGION_KEPT_BYTES, "the region holds all listeners");

static volatile struct kept *const kept = (volatile struct kept *)REGION_KEPT_BASE;
static struct tcp_pcb *pcbs[CONFIG_LISTENERS];

// --- What lwIP says --------------------------------------------------------------------------------

static err_t on_accept(void *socket, struct tcp_pcb *pcb, err_t error)
{
    if (error != ERR_OK || pcb == NULL)
        return ERR_VAL;
    if (!connection_arrived(socket, pcb))
        return ERR_MEM;  // lwIP resets it
    socket_changed(socket);
    return ERR_OK;
}

// NULL: there is no memory, or the port is not free.
static struct tcp_pcb *open_port(struct socket *socket, uint16_t port, bool *is_in_use)
{
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY), *listening;

    *is_in_use = false;
    if (pcb == NULL)
        return NULL;
    // Connections of a former listener may linger on the port.
    ip_set_option(pcb, SOF_REUSEADDR);
    if (tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
        *is_in_use = true;
        tcp_close(pcb);
        return NULL;
    }
    listening = tcp_listen_with_backlog(pcb, BACKLOG);
    if (listening == NULL) {
        tcp_close(pcb);
        return NULL;
    }
    tcp_arg(listening, socket);
    tcp_accept(listening, on_accept);
    return listening;
}

// --- Lives -----------------------------------------------------------------------------------------

static void revive(unsigned number)
{
    uint32_t port = kept->listeners[number].port, client = kept->listeners[number].client;
    uint32_t handle = kept->listeners[number].handle;
    struct socket *socket;
    bool is_in_use;

    if (port == 0)
        return;
    socket = port <= UINT16_MAX ? socket_revive(SOCKET_LISTENER, client, handle) : NULL;
    if (socket == NULL || socket_number(socket) != number) {
        log_warning("what is remembered of listener %u makes no sense", number);
        if (socket != NULL)
            socket_free(socket);
        kept->listeners[number].port = 0;
        return;
    }
    pcbs[number] = open_port(socket, (uint16_t)port, &is_in_use);
    if (pcbs[number] == NULL) {
        log_error("no listening on port %u any more", (unsigned)port);
        socket_free(socket);
        kept->listeners[number].port = 0;
    }
}

bool listeners_begin(void)
{
    bool has_lived = kept->magic == MAGIC;

    kept->life = has_lived ? kept->life % 255 + 1 : 1;
    socket_table_begin((uint8_t)kept->life);
    if (!has_lived) {
        for (unsigned i = 0; i < CONFIG_LISTENERS; i++)
            kept->listeners[i].port = 0;
        kept->magic = MAGIC;
    }
    for (unsigned i = 0; i < CONFIG_LISTENERS; i++)
        revive(i);
    return has_lived;
}

static void remember(const struct socket *socket, uint16_t port)
{
    volatile struct kept_listener *entry = &kept->listeners[socket_number(socket)];

    entry->handle = socket->handle;
    entry->client = socket->client;
    persistent_order();
    entry->port = port;
}

// --- The interface Sockets -------------------------------------------------------------------------

static struct socket *listener_of_port(uint16_t port)
{
    for (unsigned i = 0; i < CONFIG_LISTENERS; i++) {
        struct socket *socket = socket_at(SOCKET_LISTENER, i);

        if (socket != NULL && kept->listeners[i].port == port)
            return socket;
    }
    return NULL;
}

static enum status listen_anew(uint32_t client, uint16_t port, uint32_t *handle)
{
    struct socket *socket = socket_new(SOCKET_LISTENER, client);
    struct tcp_pcb *pcb;
    bool is_in_use;

    if (socket == NULL)
        return SOCKETS_ERROR_NO_ROOM;
    pcb = open_port(socket, port, &is_in_use);
    if (pcb == NULL) {
        socket_free(socket);
        return is_in_use ? SOCKETS_ERROR_IN_USE : SOCKETS_ERROR_NO_ROOM;
    }
    pcbs[socket_number(socket)] = pcb;
    remember(socket, port);
    *handle = socket->handle;
    return STATUS_OK;
}

enum status sockets_listen(const struct call *call, uint16_t port, uint32_t *handle)
{
    struct socket *socket = listener_of_port(port);

    if (port == 0)
        return SOCKETS_ERROR_IN_USE;
    if (socket == NULL)
        return listen_anew(call->client, port, handle);
    if (socket->client != call->client)
        return SOCKETS_ERROR_IN_USE;
    *handle = socket->handle;
    return STATUS_OK;
}

enum status sockets_accept(const struct call *call, uint32_t listener, uint32_t *handle,
                           struct sockets_endpoint *peer)
{
    struct socket *socket, *connection;
    enum status status = socket_find(SOCKET_LISTENER, call->client, listener, &socket);

    if (status != STATUS_OK)
        return status;
    connection = connection_next(socket->handle);
    if (connection == NULL)
        return SOCKETS_ERROR_WOULD_BLOCK;
    *peer = (struct sockets_endpoint){0};
    connection_accepted(connection, peer);
    *handle = connection->handle;
    return STATUS_OK;
}

uint64_t listener_readiness(const struct socket *socket)
{
    return connection_next(socket->handle) != NULL ? SOCKETS_READINESS_READABLE : 0;
}

void listener_close(struct socket *socket)
{
    unsigned number = socket_number(socket);

    kept->listeners[number].port = 0;
    connections_end_waiting(socket->handle);
    tcp_close(pcbs[number]);
    pcbs[number] = NULL;
    socket_free(socket);
}
