// See connections.h.
//
// lwIP announces a window of as many bytes as our buffer has free, so what arrives always has room there, and a client that
// reads nothing costs its own buffer, not the packets that all connections share.
// SPDX-License-Identifier: BSD-2-Clause

#include "connections.h"

#include <lwip/priv/tcp_priv.h>

#include "endpoint.h"
#include "link.h"

#define SEND_AT_ONCE 8192u  // bytes copied from a client before lwIP gets them
#define POLL_EVERY   1      // of lwIP's half seconds
#define LOSS_ACKS    4      // the last three say nothing new, from which a peer concludes that something was lost (RFC 5681, 3.2)
#define KEEP_IDLE    60000  // milliseconds of silence before a peer is asked whether it is there

struct connection {
    struct tcp_pcb *pcb;  // NULL: it has failed
    uint32_t listener;    // handle of the listener whose it is until it is accepted; 0: it is the client's
    uint32_t order;       // of arrival
    bool is_connected;
    bool has_ended;         // the peer sends no more
    bool has_shut;          // the client sends no more
    bool must_shut;         // lwIP had no memory to say so yet
    bool wants_room;        // the client had more to send
    uint32_t first, count;  // of what was received and not taken
    unsigned char received[TCP_WND];
};

static struct connection connections[CONFIG_CONNECTIONS];
static uint32_t next_order;
static unsigned char outgoing[SEND_AT_ONCE];

static struct connection *connection_of(const struct socket *socket)
{
    return &connections[socket_number(socket)];
}

// The listener of a connection that waits is told in its place.
static void tell(struct socket *socket)
{
    if (!socket->is_waiting)
        socket_changed(socket);
}

// --- What lwIP says --------------------------------------------------------------------------------

static void append(struct connection *connection, const struct pbuf *data)
{
    for (; data != NULL; data = data->next) {
        uint32_t end = (connection->first + connection->count) % TCP_WND;
        uint32_t before_wrap = TCP_WND - end < data->len ? TCP_WND - end : data->len;

        memcpy(connection->received + end, data->payload, before_wrap);
        memcpy(connection->received, (const unsigned char *)data->payload + before_wrap,
               data->len - before_wrap);
        connection->count += data->len;
    }
}

static err_t on_received(void *socket, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    struct connection *connection = connection_of(socket);

    (void)pcb, (void)error;
    if (data == NULL) {
        connection->has_ended = true;
    } else {
        if (data->tot_len > TCP_WND - connection->count)
            return ERR_MEM;  // more than the window that was announced
        append(connection, data);
        pbuf_free(data);
    }
    tell(socket);
    return ERR_OK;
}

static err_t on_sent(void *socket, struct tcp_pcb *pcb, u16_t bytes)
{
    struct connection *connection = connection_of(socket);

    (void)pcb, (void)bytes;
    if (connection->wants_room) {
        connection->wants_room = false;
        tell(socket);
    }
    return ERR_OK;
}

static void try_to_shut(struct connection *connection)
{
    connection->must_shut = tcp_shutdown(connection->pcb, 0, 1) != ERR_OK;
}

// Memory that was short may be there now.
static err_t on_poll(void *socket, struct tcp_pcb *pcb)
{
    struct connection *connection = connection_of(socket);

    if (connection->must_shut)
        try_to_shut(connection);
    return on_sent(socket, pcb, 0);
}

static err_t on_connected(void *socket, struct tcp_pcb *pcb, err_t error)
{
    (void)pcb, (void)error;  // it is always ERR_OK
    connection_of(socket)->is_connected = true;
    tell(socket);
    return ERR_OK;
}

// lwIP has freed the pcb already.
static void on_failed(void *socket, err_t error)
{
    struct connection *connection = connection_of(socket);

    (void)error;
    connection->pcb = NULL;
    if (((struct socket *)socket)->is_waiting)
        socket_free(socket);  // nobody knows of it
    else
        socket_changed(socket);
}

// --- Beginning and end -----------------------------------------------------------------------------

static void begin(struct socket *socket, struct tcp_pcb *pcb)
{
    struct connection *connection = connection_of(socket);

    // All but the buffer.
    memset(connection, 0, offsetof(struct connection, received));
    connection->pcb = pcb;
    connection->order = next_order++;
    tcp_arg(pcb, socket);
    tcp_recv(pcb, on_received);
    tcp_sent(pcb, on_sent);
    tcp_err(pcb, on_failed);
    tcp_poll(pcb, on_poll, POLL_EVERY);
    ip_set_option(pcb,
                  SOF_KEEPALIVE);  // a peer that has gone without a word keeps its place for a minute or two
    pcb->keep_idle = KEEP_IDLE;
}

static void detach(struct tcp_pcb *pcb)
{
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_poll(pcb, NULL, 0);
}

bool connection_arrived(struct socket *listener, struct tcp_pcb *pcb)
{
    struct socket *socket = socket_new(SOCKET_CONNECTION, listener->client);

    if (socket == NULL)
        return false;
    begin(socket, pcb);
    connection_of(socket)->is_connected = true;
    connection_of(socket)->listener = listener->handle;
    socket->is_waiting = true;
    tcp_backlog_delayed(pcb);
    return true;
}

struct socket *connection_next(uint32_t listener_handle)
{
    struct socket *oldest = NULL;

    for (unsigned i = 0; i < CONFIG_CONNECTIONS; i++) {
        struct socket *socket = socket_at(SOCKET_CONNECTION, i);

        if (socket != NULL && connections[i].listener == listener_handle &&
            (oldest == NULL || (int32_t)(connections[i].order - connection_of(oldest)->order) < 0))
            oldest = socket;
    }
    return oldest;
}

static void close_pcb(struct tcp_pcb *pcb)
{
    detach(pcb);
    if (tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);  // no memory to end it well
}

void connection_accepted(struct socket *socket, struct sockets_endpoint *peer)
{
    struct connection *connection = connection_of(socket);

    connection->listener = 0;
    socket->is_waiting = false;
    tcp_backlog_accepted(connection->pcb);
    endpoint_write_address(peer->address, &connection->pcb->remote_ip);
    peer->port = connection->pcb->remote_port;
    if (connection->count != 0 || connection->has_ended)
        socket_changed(socket);
}

void connection_close(struct socket *socket)
{
    struct connection *connection = connection_of(socket);

    if (connection->pcb != NULL && socket->is_waiting)
        tcp_backlog_accepted(connection->pcb);
    if (connection->pcb != NULL)
        close_pcb(connection->pcb);
    connection->pcb = NULL;
    socket_free(socket);
}

// Of all that lwIP has: those that begin or end, too, which are no client's yet or any more.
// Not by tcp_rexmit_rto(), which counts as one of the timeouts after which a peer is believed to be gone.
void connections_resend(void)
{
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next)
        if (tcp_rexmit_rto_prepare(pcb) == ERR_OK)
            tcp_output(pcb);
}

void connections_ask_again(void)
{
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
        if (pcb->state != ESTABLISHED && pcb->state != FIN_WAIT_1 && pcb->state != FIN_WAIT_2)
            continue;  // the peer has nothing to send
        for (unsigned i = 0; i < LOSS_ACKS; i++)
            tcp_send_empty_ack(pcb);
    }
}

void connections_end_waiting(uint32_t listener_handle)
{
    struct socket *socket;

    while ((socket = connection_next(listener_handle)) != NULL)
        connection_close(socket);
}

static bool has_room(const struct connection *connection)
{
    return connection->pcb != NULL && connection->is_connected && !connection->has_shut &&
           tcp_sndbuf(connection->pcb) > 0;
}

uint64_t connection_readiness(const struct socket *socket)
{
    const struct connection *connection = connection_of(socket);
    bool has_failed = connection->pcb == NULL;
    bool is_at_end = connection->count == 0 && connection->has_ended;

    return (connection->count != 0 || is_at_end || has_failed ? SOCKETS_READINESS_READABLE : 0) |
           (has_room(connection) || has_failed ? SOCKETS_READINESS_WRITABLE : 0) |
           (is_at_end ? SOCKETS_READINESS_ENDED : 0) | (has_failed ? SOCKETS_READINESS_FAILED : 0);
}

// --- The interface Sockets -------------------------------------------------------------------------

enum status sockets_connect(const struct call *call, const struct sockets_endpoint *to, uint32_t *handle)
{
    struct socket *socket;
    struct tcp_pcb *pcb;
    ip_addr_t address;

    endpoint_read_address(to->address, &address);
    if (ip_addr_isany_val(address) || ip_addr_ismulticast(&address) || to->port == 0)
        return SOCKETS_ERROR_UNREACHABLE;
    socket = socket_new(SOCKET_CONNECTION, call->client);
    if (socket == NULL)
        return SOCKETS_ERROR_NO_ROOM;
    pcb = tcp_new_ip_type(IP_GET_TYPE(&address));
    if (pcb == NULL) {
        socket_free(socket);
        return SOCKETS_ERROR_NO_ROOM;
    }
    begin(socket, pcb);
    err_t error = tcp_connect(pcb, &address, to->port, on_connected);

    if (error != ERR_OK) {
        connection_close(socket);
        return error == ERR_RTE ? SOCKETS_ERROR_UNREACHABLE : SOCKETS_ERROR_NO_ROOM;
    }
    *handle = socket->handle;
    return STATUS_OK;
}

// How much lwIP takes of so much now; 0: it has no memory.
static uint32_t give_to_lwip(struct tcp_pcb *pcb, uint32_t bytes)
{
    for (; bytes > 0; bytes /= 2) {
        if (tcp_write(pcb, outgoing, (u16_t)bytes, TCP_WRITE_FLAG_COPY) == ERR_OK)
            break;
    }
    return bytes;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

enum status sockets_send(const struct call *call, uint32_t handle, const struct lend *data, uint32_t *taken)
{
    struct connection *connection;
    struct socket *socket;
    uint32_t done = 0, part = 1;
    enum status status = socket_find(SOCKET_CONNECTION, call->client, handle, &socket);

    if (status != STATUS_OK)
        return status;
    connection = connection_of(socket);
    if (connection->pcb == NULL)
        return SOCKETS_ERROR_RESET;
    if (connection->has_shut)
        return SOCKETS_ERROR_ENDED;
    for (; done < data->bytes && has_room(connection) && part > 0; done += part) {
        part = smaller(smaller(data->bytes - done, SEND_AT_ONCE), tcp_sndbuf(connection->pcb));
        status = lend_read(data, done, outgoing, part);
        if (status != STATUS_OK)
            return status;
        part = give_to_lwip(connection->pcb, part);
    }
    connection->wants_room = done < data->bytes;
    if (done > 0)
        tcp_output(connection->pcb);
    *taken = done;
    return done == 0 && data->bytes != 0 ? SOCKETS_ERROR_WOULD_BLOCK : STATUS_OK;
}

// To the lender, in one piece or two; they stay until both are there.
static enum status copy_out(const struct connection *connection, const struct lend *data, uint32_t bytes)
{
    uint32_t before_wrap = smaller(bytes, TCP_WND - connection->first);
    enum status status = lend_write(data, 0, connection->received + connection->first, before_wrap);

    if (status == STATUS_OK && bytes > before_wrap)
        status = lend_write(data, before_wrap, connection->received, bytes - before_wrap);
    return status;
}

enum status sockets_receive(const struct call *call, uint32_t handle, const struct lend *data,
                            size_t *data_bytes)
{
    struct connection *connection;
    struct socket *socket;
    enum status status = socket_find(SOCKET_CONNECTION, call->client, handle, &socket);

    if (status != STATUS_OK)
        return status;
    connection = connection_of(socket);
    uint32_t bytes = smaller(connection->count, data->bytes);

    *data_bytes = bytes;
    if (bytes == 0 && connection->count == 0 && connection->has_ended)
        return STATUS_OK;
    if (bytes == 0)
        return connection->pcb == NULL ? SOCKETS_ERROR_RESET : SOCKETS_ERROR_WOULD_BLOCK;
    status = copy_out(connection, data, bytes);
    if (status != STATUS_OK)
        return status;
    connection->first = (connection->first + bytes) % TCP_WND;
    connection->count -= bytes;
    if (connection->pcb != NULL)
        tcp_recved(connection->pcb, (u16_t)bytes);
    return STATUS_OK;
}

enum status sockets_shutdown(const struct call *call, uint32_t handle)
{
    struct connection *connection;
    struct socket *socket;
    enum status status = socket_find(SOCKET_CONNECTION, call->client, handle, &socket);

    if (status != STATUS_OK)
        return status;
    connection = connection_of(socket);
    if (connection->pcb == NULL || !connection->is_connected)
        return SOCKETS_ERROR_RESET;
    if (!connection->has_shut)
        try_to_shut(connection);
    connection->has_shut = true;
    return STATUS_OK;
}
