// See datagrams.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "datagrams.h"

#include <lwip/udp.h>

#include "endpoint.h"

#define QUEUED         8
#define DATAGRAM_BYTES 1452u  // with headers of IPv6 in one frame; the interface's most

struct datagram {
    struct sockets_endpoint from;
    uint32_t bytes;
    unsigned char data[DATAGRAM_BYTES];
};

struct datagram_socket {
    struct udp_pcb *pcb;
    uint32_t first, count;
    struct datagram queue[QUEUED];
};

static struct datagram_socket datagram_sockets[CONFIG_DATAGRAM_SOCKETS];

static struct datagram_socket *datagrams_of(const struct socket *socket)
{
    return &datagram_sockets[socket_number(socket)];
}

// What is too long or one too many is lost, as any datagram may be.
static void on_received(void *socket, struct udp_pcb *pcb, struct pbuf *packet, const ip_addr_t *from,
                        u16_t port)
{
    struct datagram_socket *own = datagrams_of(socket);

    (void)pcb;
    if (packet->tot_len <= DATAGRAM_BYTES && own->count < QUEUED) {
        struct datagram *datagram = &own->queue[(own->first + own->count++) % QUEUED];

        datagram->from = (struct sockets_endpoint){.port = port};
        endpoint_write_address(datagram->from.address, from);
        datagram->bytes = pbuf_copy_partial(packet, datagram->data, packet->tot_len, 0);
        socket_changed(socket);
    }
    pbuf_free(packet);
}

enum status sockets_bind(const struct call *call, uint16_t port, uint32_t *handle, uint16_t *bound)
{
    struct socket *socket = socket_new(SOCKET_DATAGRAM, call->client);
    struct udp_pcb *pcb;

    if (socket == NULL)
        return SOCKETS_ERROR_NO_ROOM;
    pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
    if (pcb == NULL || udp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
        enum status status = pcb == NULL ? SOCKETS_ERROR_NO_ROOM : SOCKETS_ERROR_IN_USE;

        if (pcb != NULL)
            udp_remove(pcb);
        socket_free(socket);
        return status;
    }
    udp_recv(pcb, on_received, socket);
    *datagrams_of(socket) = (struct datagram_socket){.pcb = pcb};
    *handle = socket->handle;
    *bound = pcb->local_port;
    return STATUS_OK;
}

static enum status send_packet(struct udp_pcb *pcb, struct pbuf *packet, const ip_addr_t *to, uint16_t port)
{
    switch (udp_sendto(pcb, packet, to, port)) {
    case ERR_OK: return STATUS_OK;
    case ERR_MEM:
    case ERR_BUF: return SOCKETS_ERROR_WOULD_BLOCK;
    default: return SOCKETS_ERROR_UNREACHABLE;
    }
}

enum status sockets_send_to(const struct call *call, uint32_t handle, const struct sockets_endpoint *to,
                            const struct lend *data)
{
    struct socket *socket;
    struct pbuf *packet;
    ip_addr_t address;
    enum status status = socket_find(SOCKET_DATAGRAM, call->client, handle, &socket);

    if (status != STATUS_OK)
        return status;
    endpoint_read_address(to->address, &address);
    if (ip_addr_isany_val(address) || to->port == 0)
        return SOCKETS_ERROR_UNREACHABLE;
    packet = pbuf_alloc(PBUF_TRANSPORT, (u16_t)data->bytes, PBUF_RAM);  // in one piece
    if (packet == NULL)
        return SOCKETS_ERROR_WOULD_BLOCK;
    status = lend_read(data, 0, packet->payload, data->bytes);
    if (status == STATUS_OK)
        status = send_packet(datagrams_of(socket)->pcb, packet, &address, to->port);
    pbuf_free(packet);
    return status;
}

enum status sockets_receive_from(const struct call *call, uint32_t handle, struct sockets_endpoint *from,
                                 const struct lend *data, size_t *data_bytes)
{
    struct datagram_socket *own;
    struct datagram *datagram;
    struct socket *socket;
    enum status status = socket_find(SOCKET_DATAGRAM, call->client, handle, &socket);

    if (status != STATUS_OK)
        return status;
    own = datagrams_of(socket);
    if (own->count == 0)
        return SOCKETS_ERROR_WOULD_BLOCK;
    datagram = &own->queue[own->first];
    *from = datagram->from;
    *data_bytes = datagram->bytes < data->bytes ? datagram->bytes : data->bytes;
    status = lend_write(data, 0, datagram->data, *data_bytes);
    own->first = (own->first + 1) % QUEUED;
    own->count--;
    return status;
}

uint64_t datagram_readiness(const struct socket *socket)
{
    return SOCKETS_READINESS_WRITABLE | (datagrams_of(socket)->count != 0 ? SOCKETS_READINESS_READABLE : 0);
}

void datagram_close(struct socket *socket)
{
    udp_remove(datagrams_of(socket)->pcb);
    socket_free(socket);
}
