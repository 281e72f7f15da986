// Host test of the network server. The test is the wire: it sends and takes whole frames, and it is the only client.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <tenon/time.h>

#include <lwip/dns.h>
#include <lwip/netif.h>
#include <lwip/prot/ethernet.h>
#include <lwip/tcp.h>

#include "link.h"
#include "listeners.h"
#include "socket_table.h"

#define OWN_PORT   7
#define PEER_PORT  4000
#define TCP_HEADER 20u
#define UDP_HEADER 8u

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

static const uint8_t own_hardware[6] = {2, 0, 0, 0, 0, 1}, peer_hardware[6] = {2, 0, 0, 0, 0, 2};
static const uint8_t own_ip[4] = {10, 0, 2, 15}, peer_ip[4] = {10, 0, 2, 2};
static struct ethernet_frame frame;
static uint64_t random_state = 88172645463325252ull;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
    return random_state;
}

// --- The other side --------------------------------------------------------------------------------

enum status peer_port_info(const struct call *call, uint8_t address[6])
{
    (void)call;
    memcpy(address, own_hardware, 6);
    return STATUS_OK;
}

enum status peer_random_read(const struct call *call, uint8_t data[32])
{
    (void)call;
    for (unsigned i = 0; i < 32; i++)
        data[i] = (uint8_t)next_random();
    return STATUS_OK;
}

void on_peer_port_sent(void)
{
}

void on_peer_log_lines(void)
{
}

void on_client_sockets_ready(void)
{
}

// --- Frames ----------------------------------------------------------------------------------------

static void put16(uint8_t *to, unsigned value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static void put32(uint8_t *to, uint32_t value)
{
    put16(to, value >> 16);
    put16(to + 2, value);
}

static unsigned get16(const uint8_t *from)
{
    return (unsigned)from[0] << 8 | from[1];
}

static uint32_t get32(const uint8_t *from)
{
    return get16(from) << 16 | get16(from + 2);
}

static unsigned checksum(const uint8_t *data, size_t bytes, uint32_t sum)
{
    for (size_t i = 0; i < bytes; i++)
        sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

static void arrive(void)
{
    CHECK(peer_port_received_put(CLIENT_NET_PORT, &frame));
    host_bits(BIT_STREAM_PORT_RECEIVED);
}

// The payload stands at data + 34 already.
static void arrive_ip(uint8_t protocol, unsigned checksum_at, size_t bytes)
{
    uint8_t *ip = frame.data + 14, *payload = ip + 20;

    memcpy(frame.data, own_hardware, 6);
    memcpy(frame.data + 6, peer_hardware, 6);
    put16(frame.data + 12, 0x0800);
    memset(ip, 0, 20);
    ip[0] = 0x45;
    put16(ip + 2, 20 + (unsigned)bytes);
    ip[8] = 64;
    ip[9] = protocol;
    memcpy(ip + 12, peer_ip, 4);
    memcpy(ip + 16, own_ip, 4);
    put16(ip + 10, checksum(ip, 20, 0));
    put16(payload + checksum_at, 0);
    uint32_t pseudo =
        protocol + (uint32_t)bytes + get16(ip + 12) + get16(ip + 14) + get16(ip + 16) + get16(ip + 18);

    put16(payload + checksum_at, checksum(payload, bytes, pseudo));
    frame.bytes = (uint16_t)(34 + bytes);
    arrive();
}

static uint8_t *const transport = frame.data + 34;

static void arrive_tcp(uint32_t sequence, uint32_t acknowledged, uint8_t flags, const void *data,
                       size_t bytes)
{
    memset(transport, 0, TCP_HEADER);
    put16(transport, PEER_PORT);
    put16(transport + 2, OWN_PORT);
    put32(transport + 4, sequence);
    put32(transport + 8, acknowledged);
    transport[12] = TCP_HEADER / 4 << 4;
    transport[13] = flags;
    put16(transport + 14, 60000);
    if (bytes != 0)
        memcpy(transport + TCP_HEADER, data, bytes);
    arrive_ip(6, 16, TCP_HEADER + bytes);
}

static void arrive_udp(uint16_t from, uint16_t to, const void *data, size_t bytes)
{
    put16(transport, from);
    put16(transport + 2, to);
    put16(transport + 4, (unsigned)(UDP_HEADER + bytes));
    if (bytes != 0)
        memcpy(transport + UDP_HEADER, data, bytes);
    arrive_ip(17, 6, UDP_HEADER + bytes);
}

// --- Frames of IPv6 --------------------------------------------------------------------------------

static const uint8_t own_ip6[16] = {0xfe, 0x80, [11] = 0xff,
                                    0xfe, [15] = 1};  // made from the hardware address (RFC 4291, 2.5.1)
static const uint8_t peer_ip6[16] = {0xfe, 0x80, [15] = 2}, all_nodes[16] = {0xff, 2, [15] = 1};
static uint8_t *const transport6 = frame.data + 54;

// The payload stands at data + 54 already. From the link itself: nothing has made a hop (RFC 4861, 7.1).
static void arrive_ip6(const uint8_t to[16], uint8_t protocol, unsigned checksum_at, size_t bytes)
{
    uint8_t *ip = frame.data + 14;
    uint32_t pseudo = protocol + (uint32_t)bytes;

    memcpy(frame.data, own_hardware, 6);
    if (to[0] == 0xff)
        memcpy(frame.data, (const uint8_t[]){0x33, 0x33, to[12], to[13], to[14], to[15]}, 6);
    memcpy(frame.data + 6, peer_hardware, 6);
    put16(frame.data + 12, 0x86dd);
    memset(ip, 0, 40);
    ip[0] = 0x60;
    put16(ip + 4, (unsigned)bytes);
    ip[6] = protocol;
    ip[7] = 255;
    memcpy(ip + 8, peer_ip6, 16);
    memcpy(ip + 24, to, 16);
    for (unsigned i = 8; i < 40; i += 2)
        pseudo += get16(ip + i);
    put16(transport6 + checksum_at, 0);
    put16(transport6 + checksum_at, checksum(transport6, bytes, pseudo));
    frame.bytes = (uint16_t)(54 + bytes);
    arrive();
}

// "I am here", asked or not (RFC 4861, 4.4).
static void advertise_peer(void)
{
    memset(transport6, 0, 32);
    transport6[0] = 136;
    transport6[4] = 0x60;
    memcpy(transport6 + 8, peer_ip6, 16);
    transport6[24] = 2;
    transport6[25] = 1;
    memcpy(transport6 + 26, peer_hardware, 6);
    arrive_ip6(own_ip6, 58, 2, 32);
}

static bool sent6(uint8_t protocol)
{
    while (peer_port_sent_take(CLIENT_NET_PORT, &frame)) {
        if (get16(frame.data + 12) == 0x86dd && frame.data[20] == protocol)
            return true;
    }
    return false;
}

static void pass(nanos_t time)
{
    for (nanos_t end = host_time + time; host_time < end; host_time += 100 * MILLISECOND)
        host_bits(BIT_TIMER_STACK);
}

// The next frame of the protocol that the server sends; others are passed over. False: there is none.
static bool sent(uint8_t protocol)
{
    while (peer_port_sent_take(CLIENT_NET_PORT, &frame)) {
        CHECK(frame.bytes >= 60);
        if (get16(frame.data + 12) == 0x0800 && frame.data[23] == protocol)
            return true;
    }
    return false;
}

// --- Start -----------------------------------------------------------------------------------------

int component_main(void);

static void start(void)
{
    component_main();
}

static void learn_peer(void)
{
    uint8_t *arp = frame.data + 14;

    memcpy(frame.data, own_hardware, 6);
    memcpy(frame.data + 6, peer_hardware, 6);
    put16(frame.data + 12, 0x0806);
    memcpy(arp, (const uint8_t[]){0, 1, 8, 0, 6, 4, 0, 1}, 8);
    memcpy(arp + 8, peer_hardware, 6);
    memcpy(arp + 14, peer_ip, 4);
    memset(arp + 18, 0, 6);
    memcpy(arp + 24, own_ip, 4);
    frame.bytes = 60;
    arrive();
}

static void begin(void)
{
    ip4_addr_t address, mask;

    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
    IP4_ADDR(&address, 10, 0, 2, 15);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    netif_set_addr(link_netif(), &address, &mask, &address);
    learn_peer();
    while (peer_port_sent_take(CLIENT_NET_PORT, &frame))
        continue;
}

// --- The table -------------------------------------------------------------------------------------

TEST(a_handle_is_its_owners_alone_and_ends_with_its_socket)
{
    struct socket *socket, *found;

    socket_table_begin(3);
    socket = socket_new(SOCKET_CONNECTION, 1);
    CHECK(socket != NULL && socket_number(socket) == 0);
    uint32_t handle = socket->handle;

    CHECK_EQUAL(socket_find(SOCKET_CONNECTION, 1, handle, &found), STATUS_OK);
    CHECK(found == socket);
    CHECK_EQUAL(socket_find(SOCKET_CONNECTION, 0, handle, &found), SOCKETS_ERROR_BAD_SOCKET);
    CHECK_EQUAL(socket_find(SOCKET_LISTENER, 1, handle, &found), SOCKETS_ERROR_BAD_SOCKET);
    CHECK_EQUAL(socket_find(SOCKET_CONNECTION, 1, handle ^ 0x100, &found), SOCKETS_ERROR_BAD_SOCKET);
    socket_free(socket);
    CHECK_EQUAL(socket_find(SOCKET_CONNECTION, 1, handle, &found), SOCKETS_ERROR_BAD_SOCKET);
    CHECK(socket_new(SOCKET_CONNECTION, 1) == socket && socket->handle != handle);
    CHECK_EQUAL(socket_find(SOCKET_CONNECTION, 1, handle, &found), SOCKETS_ERROR_BAD_SOCKET);
}

TEST(numbers_that_are_no_handles_name_nothing)
{
    struct socket *found;

    socket_table_begin(3);
    CHECK_EQUAL(socket_find_any(0, 0, &found), SOCKETS_ERROR_BAD_SOCKET);
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t handle = (uint32_t)next_random();

        CHECK_EQUAL(socket_find_any(0, handle, &found),
                    handle >> 24 == 3 || handle >> 24 == 0 ? SOCKETS_ERROR_BAD_SOCKET : SOCKETS_ERROR_RESET);
    }
}

TEST(a_client_gets_its_share_and_leaves_the_rest_to_others)
{
    unsigned count = 0, share = CONFIG_CONNECTIONS * CONFIG_CLIENT_SHARE / 100;

    socket_table_begin(1);
    while (socket_new(SOCKET_CONNECTION, 0) != NULL)
        count++;
    CHECK_EQUAL(count, share);
    CHECK(share < CONFIG_CONNECTIONS && socket_new(SOCKET_CONNECTION, 1) != NULL);
}

TEST(changes_are_told_once_and_in_turn)
{
    struct socket *sockets[4];

    socket_table_begin(1);
    for (unsigned i = 0; i < 4; i++)
        sockets[i] = socket_new(SOCKET_DATAGRAM, i == 3);
    for (unsigned round = 0; round < 6; round++) {  // each begins behind the socket that was told last
        for (unsigned i = 0; i < 4; i++)
            socket_changed(sockets[i]);
        CHECK(socket_next_changed(0) == sockets[round % 3]);
        socket_changed(sockets[round % 3]);  // it must not keep the others waiting
        CHECK(socket_next_changed(0) == sockets[(round + 1) % 3]);
        CHECK(socket_next_changed(0) == sockets[(round + 2) % 3]);
        CHECK(socket_next_changed(0) == sockets[round % 3]);
        CHECK(socket_next_changed(0) == NULL);
        CHECK(socket_next_changed(1) == sockets[3]);
    }
}

TEST(only_what_can_have_been_a_socket_is_revived)
{
    socket_table_begin(9);
    CHECK(socket_revive(SOCKET_LISTENER, 0, 0x01000100 | CONFIG_CONNECTIONS) != NULL);
    CHECK(socket_revive(SOCKET_LISTENER, 0, 0x01000200 | CONFIG_CONNECTIONS) == NULL);  // its place is taken
    CHECK(socket_revive(SOCKET_LISTENER, 0, 0x01000100) == NULL);  // a connection's place
    CHECK(socket_revive(SOCKET_LISTENER, 0, 0x010001ff) == NULL);
    CHECK(socket_revive(SOCKET_LISTENER, 0, 0x00000100 | (CONFIG_CONNECTIONS + 1)) == NULL);  // of no life
    CHECK(socket_revive(SOCKET_LISTENER, INSTANCE_CLIENTS, 0x01000100 | (CONFIG_CONNECTIONS + 1)) == NULL);
}

// --- Datagrams -------------------------------------------------------------------------------------

TEST(datagrams_go_both_ways)
{
    struct sockets_endpoint from, to = {.address = {[10] = 0xff, 0xff, 10, 0, 2, 2}, .port = 5000};
    uint32_t socket, ready;
    uint64_t readiness;
    uint16_t bound;
    char data[1452];
    size_t bytes;

    begin();
    CHECK_EQUAL(client_sockets_bind(600, &socket, &bound), STATUS_OK);
    CHECK_EQUAL(bound, 600);
    CHECK_EQUAL(client_sockets_receive_from(socket, &from, data, sizeof data, &bytes),
                SOCKETS_ERROR_WOULD_BLOCK);
    arrive_udp(5000, 600, "question", 8);
    CHECK_EQUAL(client_sockets_next_ready(&ready, &readiness), STATUS_OK);
    CHECK(ready == socket && (readiness & SOCKETS_READINESS_READABLE));
    CHECK_EQUAL(client_sockets_next_ready(&ready, &readiness), SOCKETS_ERROR_NONE);
    CHECK_EQUAL(client_sockets_receive_from(socket, &from, data, sizeof data, &bytes), STATUS_OK);
    CHECK(bytes == 8 && memcmp(data, "question", 8) == 0 && memcmp(&from, &to, sizeof from) == 0);
    CHECK_EQUAL(client_sockets_send_to(socket, &to, "answer", 6), STATUS_OK);
    CHECK(sent(17));
    CHECK(get16(transport) == 600 && get16(transport + 2) == 5000 &&
          memcmp(transport + UDP_HEADER, "answer", 6) == 0);
    CHECK_EQUAL(client_sockets_close(socket), STATUS_OK);
    CHECK_EQUAL(client_sockets_send_to(socket, &to, "answer", 6), SOCKETS_ERROR_BAD_SOCKET);
}

TEST(datagrams_that_nobody_takes_are_lost_and_cost_no_more)
{
    struct sockets_endpoint from;
    uint32_t socket;
    uint16_t bound;
    uint8_t data[1452], number;
    unsigned taken = 0;
    size_t bytes;

    begin();
    CHECK_EQUAL(client_sockets_bind(600, &socket, &bound), STATUS_OK);
    for (number = 0; number < 50; number++)
        arrive_udp(5000, 600, &number, 1);
    while (client_sockets_receive_from(socket, &from, data, sizeof data, &bytes) == STATUS_OK)
        CHECK_EQUAL(data[0], taken++);
    CHECK_EQUAL(taken, 8);
    arrive_udp(5000, 600, &number, 1);
    CHECK_EQUAL(client_sockets_receive_from(socket, &from, data, sizeof data, &bytes), STATUS_OK);
    CHECK_EQUAL(data[0], 50);
}

TEST(datagrams_go_both_ways_over_ipv6)
{
    struct sockets_endpoint from, to = {.port = 5000};
    uint8_t ipv4[16], ipv6[16];
    uint32_t socket;
    uint16_t bound;
    char data[1452];
    size_t bytes;

    begin();
    pass(5 * SECOND);  // nobody else has our address
    CHECK_EQUAL(client_sockets_addresses(ipv4, ipv6), STATUS_OK);
    CHECK(memcmp(ipv6, own_ip6, 16) == 0 && memcmp(ipv4 + 12, own_ip, 4) == 0);
    CHECK_EQUAL(client_sockets_bind(600, &socket, &bound), STATUS_OK);
    put16(transport6, 5000);
    put16(transport6 + 2, 600);
    put16(transport6 + 4, UDP_HEADER + 8);
    memcpy(transport6 + UDP_HEADER, "question", 8);
    arrive_ip6(own_ip6, 17, 6, UDP_HEADER + 8);
    CHECK_EQUAL(client_sockets_receive_from(socket, &from, data, sizeof data, &bytes), STATUS_OK);
    memcpy(to.address, peer_ip6, 16);
    CHECK(bytes == 8 && memcmp(data, "question", 8) == 0 && memcmp(&from, &to, sizeof from) == 0);
    while (sent6(0))
        continue;
    CHECK_EQUAL(client_sockets_send_to(socket, &to, "answer", 6), STATUS_OK);
    CHECK(sent6(58) && transport6[0] == 135);  // it asks who the peer is
    advertise_peer();
    CHECK(sent6(17) && get16(transport6) == 600 && memcmp(transport6 + UDP_HEADER, "answer", 6) == 0);
}

TEST(nowhere_is_unreachable)
{
    struct sockets_endpoint to = {.port = 80};
    uint32_t socket;
    uint16_t bound;

    begin();
    CHECK_EQUAL(client_sockets_connect(&to, &socket), SOCKETS_ERROR_UNREACHABLE);
    CHECK_EQUAL(client_sockets_bind(0, &socket, &bound), STATUS_OK);
    CHECK(bound != 0);
    CHECK_EQUAL(client_sockets_send_to(socket, &to, "x", 1), SOCKETS_ERROR_UNREACHABLE);
}

// --- Connections -----------------------------------------------------------------------------------

static uint32_t listener, connection;
static uint32_t ours, theirs;  // the next sequence numbers

static void open_connection(void)
{
    struct sockets_endpoint peer;

    CHECK_EQUAL(client_sockets_listen(OWN_PORT, &listener), STATUS_OK);
    CHECK_EQUAL(client_sockets_accept(listener, &connection, &peer), SOCKETS_ERROR_WOULD_BLOCK);
    arrive_tcp(1000, 0, SYN, NULL, 0);
    CHECK(sent(6) && transport[13] == (SYN | ACK) && get32(transport + 8) == 1001);
    ours = get32(transport + 4) + 1;
    theirs = 1001;
    arrive_tcp(theirs, ours, ACK, NULL, 0);
    CHECK_EQUAL(client_sockets_accept(listener, &connection, &peer), STATUS_OK);
    CHECK(peer.port == PEER_PORT && memcmp(peer.address + 12, peer_ip, 4) == 0);
}

TEST(what_comes_on_a_connection_is_received_in_order_and_then_its_end)
{
    static char data[65536];
    char text[1000];
    uint32_t total = 0;
    size_t bytes;

    begin();
    open_connection();
    CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), SOCKETS_ERROR_WOULD_BLOCK);
    for (unsigned i = 0; i < 200; i++) {
        memset(text, (int)i, sizeof text);
        arrive_tcp(theirs, ours, ACK, text, sizeof text);
        theirs += sizeof text;
        if (i % 20 != 19)
            continue;
        CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), STATUS_OK);
        CHECK_EQUAL(bytes, 20 * sizeof text);
        for (size_t at = 0; at < bytes; at++)
            CHECK_EQUAL((uint8_t)data[at], (total + at) / sizeof text);
        total += (uint32_t)bytes;
    }
    arrive_tcp(theirs, ours, ACK | FIN, NULL, 0);
    CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), STATUS_OK);
    CHECK_EQUAL(bytes, 0);
}

TEST(a_client_that_does_not_read_closes_the_window_and_loses_nothing)
{
    static char data[65536], text[1440];
    uint32_t window = TCP_WND;
    size_t bytes;

    begin();
    open_connection();
    while (window >= sizeof text) {
        arrive_tcp(theirs, ours, ACK, text, sizeof text);
        theirs += sizeof text;
        window -= sizeof text;
    }
    while (sent(6))
        window = get16(transport + 14);
    CHECK_EQUAL(window, 0);
    arrive_tcp(theirs, ours, ACK, text, sizeof text);  // against the window
    CHECK(sent(6) && get16(transport + 14) == 0 && get32(transport + 8) == theirs);
    CHECK(!sent(6));
    CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), STATUS_OK);
    CHECK_EQUAL(bytes, TCP_WND);
    CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), SOCKETS_ERROR_WOULD_BLOCK);
    CHECK(sent(6) && get16(transport + 14) == TCP_WND);
}

TEST(what_is_sent_goes_out_and_its_room_comes_back_with_the_answer)
{
    static char data[65536];
    uint32_t taken, got = 0;

    begin();
    open_connection();
    CHECK_EQUAL(client_sockets_send(connection, data, sizeof data, &taken), STATUS_OK);
    CHECK_EQUAL(taken, TCP_SND_BUF);
    uint32_t more;

    CHECK_EQUAL(client_sockets_send(connection, data, 1, &more), SOCKETS_ERROR_WOULD_BLOCK);
    for (unsigned round = 0; got < taken && round < 100; round++) {
        while (sent(6))
            got += get16(frame.data + 16) - 40;
        arrive_tcp(theirs, ours + got, ACK, NULL, 0);
    }
    CHECK_EQUAL(got, taken);
    CHECK_EQUAL(client_sockets_send(connection, data, 1, &more), STATUS_OK);
    CHECK_EQUAL(client_sockets_shutdown(connection), STATUS_OK);
    CHECK_EQUAL(client_sockets_send(connection, data, 1, &more), SOCKETS_ERROR_ENDED);
}

TEST(what_is_under_way_when_the_driver_was_restarted_is_sent_again_at_once)
{
    static char data[3000];
    uint32_t taken, first, bytes, again;

    begin();
    open_connection();
    CHECK_EQUAL(client_sockets_send(connection, data, sizeof data, &taken), STATUS_OK);
    CHECK(sent(6));
    first = get32(transport + 4);
    bytes = get16(frame.data + 16) - 40u;
    while (sent(6))
        bytes += get16(frame.data + 16) - 40u;
    host_bits(BIT_EVENT_PORT_STARTED);
    CHECK(sent(6) && get32(transport + 4) == first);
    again = get16(frame.data + 16) - 40u;
    while (sent(6))
        again += get16(frame.data + 16) - 40u;
    CHECK_EQUAL(again, bytes);
    for (uint32_t until = bytes; bytes < taken; until = bytes) {
        arrive_tcp(theirs, ours + until, ACK, NULL, 0);
        while (sent(6))
            bytes += get16(frame.data + 16) - 40u;
    }
    arrive_tcp(theirs, ours + taken, ACK, NULL, 0);
    host_bits(BIT_EVENT_PORT_STARTED);
    while (sent(6))
        CHECK_EQUAL(get16(frame.data + 16), 40);  // no data
}

TEST(the_answer_to_who_connects_is_sent_again_too)
{
    begin();
    CHECK_EQUAL(client_sockets_listen(OWN_PORT, &listener), STATUS_OK);
    arrive_tcp(1000, 0, SYN, NULL, 0);
    CHECK(sent(6) && transport[13] == (SYN | ACK));
    host_bits(BIT_EVENT_PORT_STARTED);
    CHECK(sent(6) && transport[13] == (SYN | ACK));
    CHECK(!sent(6));
}

TEST(what_the_peer_has_under_way_when_the_driver_was_restarted_is_asked_for_at_once)
{
    static char text[100];
    unsigned acks = 0;

    begin();
    open_connection();
    arrive_tcp(theirs, ours, ACK, text, sizeof text);
    theirs += sizeof text;
    while (sent(6))
        continue;
    host_bits(BIT_EVENT_PORT_STARTED);
    for (; sent(6); acks++)
        CHECK(transport[13] == ACK && get16(frame.data + 16) == 40 && get32(transport + 4) == ours && get32(transport + 8) == theirs &&
              get16(transport + 14) == TCP_WND - sizeof text);
    CHECK_EQUAL(acks, 4);  // one that may be news, three that are not
    arrive_tcp(theirs, ours, ACK | FIN, NULL, 0);
    while (sent(6))
        continue;
    host_bits(BIT_EVENT_PORT_STARTED);
    CHECK(!sent(6));
}

TEST(a_driver_that_is_restarted_for_ever_ends_no_connection)
{
    uint32_t taken;

    begin();
    open_connection();
    CHECK_EQUAL(client_sockets_send(connection, "x", 1, &taken), STATUS_OK);
    for (unsigned i = 0; i < 100; i++) {
        CHECK(sent(6));
        while (sent(6))
            continue;
        host_bits(BIT_EVENT_PORT_STARTED);
    }
    pass(SECOND);
    CHECK_EQUAL(client_sockets_send(connection, "x", 1, &taken), STATUS_OK);
}

TEST(a_connection_that_the_peer_resets_says_so)
{
    uint64_t readiness;
    uint32_t ready, taken;
    char data[16];
    size_t bytes;

    begin();
    open_connection();
    while (client_sockets_next_ready(&ready, &readiness) == STATUS_OK)
        continue;
    arrive_tcp(theirs, ours, RST | ACK, NULL, 0);
    CHECK_EQUAL(client_sockets_next_ready(&ready, &readiness), STATUS_OK);
    CHECK(ready == connection && (readiness & SOCKETS_READINESS_FAILED));
    CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), SOCKETS_ERROR_RESET);
    CHECK_EQUAL(client_sockets_send(connection, data, sizeof data, &taken), SOCKETS_ERROR_RESET);
    CHECK_EQUAL(client_sockets_close(connection), STATUS_OK);
}

TEST(a_connection_that_nobody_has_accepted_ends_with_its_listener)
{
    uint32_t taken;

    begin();
    CHECK_EQUAL(client_sockets_listen(OWN_PORT, &listener), STATUS_OK);
    arrive_tcp(1000, 0, SYN, NULL, 0);
    CHECK(sent(6));
    arrive_tcp(1001, get32(transport + 4) + 1, ACK, NULL, 0);
    struct socket *waiting = socket_at(SOCKET_CONNECTION, 0);

    CHECK(waiting != NULL);
    CHECK_EQUAL(client_sockets_send(waiting->handle, "x", 1, &taken), SOCKETS_ERROR_BAD_SOCKET);
    CHECK_EQUAL(client_sockets_close(waiting->handle), SOCKETS_ERROR_BAD_SOCKET);
    CHECK_EQUAL(client_sockets_close(listener), STATUS_OK);
    CHECK(socket_at(SOCKET_CONNECTION, 0) == NULL);
    CHECK(sent(6) && (transport[13] & (FIN | RST)));
}

TEST(what_a_client_had_goes_with_it)
{
    begin();
    open_connection();
    host_push_gone(CLIENT_NET_CLIENT_SOCKETS);
    poll_bits(0);
    CHECK(sent(6) || host_run(event_loop_run) == HOST_IDLE);
    CHECK(socket_of_client(CLIENT_NET_CLIENT_SOCKETS) == NULL);
}

TEST(a_client_gets_no_more_than_its_share_over_the_wire_either)
{
    struct sockets_endpoint to = {.address = {[10] = 0xff, 0xff, 10, 0, 2, 2}, .port = 5000};
    unsigned connections = 0, listeners = 0, datagrams = 0;
    uint32_t socket;
    uint16_t bound;

    begin();
    while (client_sockets_connect(&to, &socket) == STATUS_OK)
        connections++;
    while (client_sockets_listen((uint16_t)(100 + listeners), &socket) == STATUS_OK)
        listeners++;
    while (client_sockets_bind(0, &socket, &bound) == STATUS_OK)
        datagrams++;
    CHECK_EQUAL(connections, CONFIG_CONNECTIONS * CONFIG_CLIENT_SHARE / 100);
    CHECK_EQUAL(listeners, CONFIG_LISTENERS * CONFIG_CLIENT_SHARE / 100);
    CHECK_EQUAL(datagrams, CONFIG_DATAGRAM_SOCKETS * CONFIG_CLIENT_SHARE / 100);
    put16(transport, PEER_PORT);
    for (unsigned i = 0; i < 100; i++)
        arrive_tcp(1000 * i, 0, SYN, NULL, 0);  // to a port that nobody listens on
    host_push_gone(CLIENT_NET_CLIENT_SOCKETS);
    poll_bits(0);
    CHECK(host_run(event_loop_run) == HOST_IDLE && socket_of_client(CLIENT_NET_CLIENT_SOCKETS) == NULL);
    CHECK_EQUAL(client_sockets_connect(&to, &socket), STATUS_OK);
}

TEST(a_peer_that_is_gone_without_a_word_is_noticed)
{
    char data[16];
    size_t bytes;

    begin();
    open_connection();
    pass(100 * SECOND);
    CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), SOCKETS_ERROR_WOULD_BLOCK);
    pass(100 * SECOND);
    CHECK_EQUAL(client_sockets_receive(connection, data, sizeof data, &bytes), SOCKETS_ERROR_RESET);
}

// --- Restarts --------------------------------------------------------------------------------------

static const uint32_t *const kept = (const uint32_t *)REGION_KEPT_BASE;

TEST(after_a_restart_listeners_are_as_they_were_and_connections_are_reset)
{
    uint32_t handle = 0x05000100 | CONFIG_CONNECTIONS, again, ready, taken;
    uint32_t life[] = {0x4e745631, 5, handle, CLIENT_NET_CLIENT_SOCKETS, OWN_PORT};
    uint64_t readiness;

    memcpy((void *)REGION_KEPT_BASE, life, sizeof life);
    begin();
    CHECK_EQUAL(kept[1], 6);
    CHECK_EQUAL(client_sockets_next_ready(&ready, &readiness), SOCKETS_ERROR_RESTARTED);
    CHECK_EQUAL(client_sockets_next_ready(&ready, &readiness), SOCKETS_ERROR_NONE);
    CHECK_EQUAL(client_sockets_listen(OWN_PORT, &again), STATUS_OK);
    CHECK_EQUAL(again, handle);
    CHECK_EQUAL(client_sockets_send(0x05000101, "x", 1, &taken), SOCKETS_ERROR_RESET);
    CHECK_EQUAL(client_sockets_close(0x05000101), STATUS_OK);
    open_connection();
    CHECK_EQUAL(listener, handle);
}

TEST(what_is_remembered_may_be_nonsense)
{
    uint32_t ready;
    uint64_t readiness;

    for (unsigned i = 0; i < REGION_KEPT_BYTES / 4; i++)
        ((uint32_t *)REGION_KEPT_BASE)[i] = i == 0 ? 0x4e745631 : (uint32_t)next_random();
    begin();
    CHECK_EQUAL(client_sockets_next_ready(&ready, &readiness), SOCKETS_ERROR_RESTARTED);
    open_connection();
}

// --- Names -----------------------------------------------------------------------------------------

TEST(a_name_is_asked_for_and_the_call_answered_when_the_answer_comes)
{
    static const uint8_t question_name[] = "\7example\3org";  // with the zero that ends it
    static const uint8_t answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 33};
    struct call call = {.token = 4242, .client = CLIENT_NET_CLIENT_SOCKETS};
    uint8_t address[16], message[64] = {0};
    ip_addr_t server = IPADDR4_INIT_BYTES(10, 0, 2, 2);

    begin();
    dns_setserver(0, &server);
    CHECK_EQUAL(sockets_resolve(&call, "192.0.2.1", SOCKETS_FAMILY_ANY, address), STATUS_OK);
    CHECK(memcmp(address + 10, (const uint8_t[]){0xff, 0xff, 192, 0, 2, 1}, 6) == 0);
    CHECK_EQUAL(sockets_resolve(&call, "example.org", SOCKETS_FAMILY_IPV4, address), CALL_DEFERRED);
    CHECK_EQUAL(sockets_resolve(&call, "example.net", SOCKETS_FAMILY_IPV4, address), SOCKETS_ERROR_BUSY);
    CHECK(sent(17) && get16(transport + 2) == 53);
    uint8_t *query = transport + UDP_HEADER;
    uint16_t port = (uint16_t)get16(transport);
    size_t bytes = get16(transport + 4) - UDP_HEADER;

    CHECK(memcmp(query + 12, question_name, sizeof question_name) == 0 &&
          bytes + sizeof answer <= sizeof message);
    memcpy(message, query, bytes);
    put16(message + 2, 0x8180);
    put16(message + 6, 1);
    memcpy(message + bytes, answer, sizeof answer);
    message[0] ^= 1;  // somebody who guesses
    arrive_udp(53, port, message, bytes + sizeof answer);
    CHECK_EQUAL(host_reply_count, 0);
    message[0] ^= 1;
    arrive_udp(53, port, message, bytes + sizeof answer);
    CHECK_EQUAL(host_reply_count, 1);
    CHECK_EQUAL(host_replies[0].token, 4242);
    CHECK_EQUAL(sockets_resolve(&call, "example.org", SOCKETS_FAMILY_IPV4, address),
                STATUS_OK);  // it is remembered
    CHECK(address[12] == 192 && address[15] == 33);
}

// The right number and port, and whatever else: the call is answered once, at the latest when lwIP gives up.
TEST(an_answer_of_dns_may_be_nonsense)
{
    struct call call = {.client = CLIENT_NET_CLIENT_SOCKETS};
    ip_addr_t server = IPADDR4_INIT_BYTES(10, 0, 2, 2);
    uint8_t address[16], message[512];
    char name[40];

    begin();
    dns_setserver(0, &server);
    for (unsigned round = 0; round < 200; round++) {
        learn_peer();  // again: what is known of it ages
        while (sent(0))
            continue;
        snprintf(name, sizeof name, "host%u.example.org", round);
        CHECK_EQUAL(sockets_resolve(&call, name, SOCKETS_FAMILY_ANY, address), CALL_DEFERRED);
        CHECK(sent(17) && get16(transport + 2) == 53);
        uint16_t port = (uint16_t)get16(transport);
        size_t bytes = get16(transport + 4) - UDP_HEADER;

        memcpy(message, transport + UDP_HEADER, bytes);
        for (unsigned i = 0; i < 100; i++) {
            for (size_t at = bytes; at < sizeof message; at++)
                message[at] = (uint8_t)(next_random() % 4 == 0 ? 0xc0 : next_random());
            put16(message + 2, next_random() % 4 == 0 ? (unsigned)next_random() : 0x8180);
            put16(message + 6, (unsigned)next_random() % 5);
            for (unsigned spoiled = next_random() % 3; spoiled > 0; spoiled--)
                message[4 + next_random() % (bytes - 4)] ^= (uint8_t)next_random();
            arrive_udp(53, port, message, next_random() % (sizeof message + 1));
        }
        pass(40 * SECOND);
        CHECK_EQUAL(host_reply_count, round + 1);
    }
}

// --- Addresses -------------------------------------------------------------------------------------

enum { OFFER = 2, ACKNOWLEDGE = 5 };

static uint8_t dhcp_query[300];  // that was sent last

static bool asked_for_address(void)
{
    while (sent(17)) {
        if (get16(transport + 2) == 67) {
            memcpy(dhcp_query, transport + UDP_HEADER, sizeof dhcp_query);
            return true;
        }
    }
    return false;
}

// The answer to it (RFC 2131), its last `spoiled` bytes random.
static void answer_with_address(uint8_t type, size_t spoiled)
{
    static const uint8_t options[] = {99, 130, 83,  99,  53, 1, 0, 54, 4, 10, 0, 2, 2, 51, 4, 0, 1, 0,  0, 1,
                                      4,  255, 255, 255, 0,  3, 4, 10, 0, 2,  2, 6, 4, 10, 0, 2, 3, 255};
    uint8_t message[236 + sizeof options] = {2};

    memcpy(message + 1, dhcp_query + 1, 33);  // what the client calls the exchange, and its hardware address
    memcpy(message + 16, own_ip, 4);
    memcpy(message + 236, options, sizeof options);
    message[236 + 6] = type;
    for (size_t i = 1; i <= spoiled; i++)
        message[sizeof message - i] = (uint8_t)next_random();
    arrive_udp(67, 68, message, sizeof message);
}

TEST(an_address_comes_by_dhcp)
{
    uint8_t ipv4[16], ipv6[16];

    CHECK(host_run(start) == HOST_IDLE);
    CHECK(asked_for_address());
    answer_with_address(OFFER, 0);
    CHECK(asked_for_address());
    CHECK_EQUAL(client_sockets_addresses(ipv4, ipv6), STATUS_OK);
    CHECK_EQUAL(ipv4[12], 0);
    answer_with_address(ACKNOWLEDGE, 0);
    pass(10 * SECOND);  // nobody says that it is his
    CHECK_EQUAL(client_sockets_addresses(ipv4, ipv6), STATUS_OK);
    CHECK(memcmp(ipv4 + 12, own_ip, 4) == 0);
}

TEST(an_answer_of_dhcp_may_be_nonsense)
{
    unsigned asked = 0;

    CHECK(host_run(start) == HOST_IDLE);
    for (unsigned i = 0; i < 20000; i++) {
        asked += asked_for_address();
        answer_with_address(next_random() % 2 ? OFFER : ACKNOWLEDGE, next_random() % 36);
        if (i % 8 == 0)
            pass(SECOND);
    }
    CHECK(asked >= 2);  // an offer was taken
}

// --- Hostile frames --------------------------------------------------------------------------------

// Frames of all lengths, of random bytes or honest ones with some bytes spoiled, while time passes.
TEST(no_frame_does_harm)
{
    static char data[65536];
    size_t bytes;

    begin();
    open_connection();
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t random = next_random();

        if (i % 3 == 0) {
            for (unsigned at = 0; at < sizeof frame.data; at += 8)
                memcpy(frame.data + at, &(uint64_t){next_random()},
                       sizeof frame.data - at < 8 ? sizeof frame.data - at : 8);
            memcpy(frame.data, own_hardware, 6);
            put16(frame.data + 12, random & 1 ? 0x86dd : 0x0800);
            frame.data[14] = random & 1 ? 0x60 : 0x45;
        } else {
            arrive_tcp(theirs + (uint32_t)(random % 3000) - 1000, ours, i % 50 == 1 ? SYN | ACK : ACK, data,
                       random % 1000);
        }
        for (unsigned spoiled = random % 4; spoiled > 0; spoiled--)
            frame.data[next_random() % 80] = (uint8_t)next_random();
        frame.bytes = (uint16_t)(i % 7 == 0 ? next_random() : next_random() % 1515);
        arrive();
        host_time += random % 3000000;
        if (i % 16 == 0)
            host_bits(BIT_TIMER_STACK);
        (void)!client_sockets_receive(connection, data, sizeof data, &bytes);
        while (peer_port_sent_take(CLIENT_NET_PORT, &frame))
            continue;
    }
}

static void fill_randomly(uint8_t *to, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)next_random();
}

// A message to us or to all about neighbours and routers, of any length, its options of any length.
static void arrive_neighbour_nonsense(size_t bytes)
{
    transport6[0] = (uint8_t)(133 + next_random() % 5);
    transport6[1] = 0;
    for (size_t at = 8 + 8 * (next_random() % 3); at + 1 < bytes; at += 8) {
        transport6[at] = (uint8_t)(next_random() % 32);
        transport6[at + 1] = (uint8_t)(next_random() % 4);
    }
    if (next_random() % 2 == 0)
        memcpy(transport6 + 8, own_ip6, 16);
    arrive_ip6(next_random() % 2 == 0 ? own_ip6 : all_nodes, 58, 2, bytes);
}

// What has good checksums and headers comes further in: options of TCP, messages of DHCP, of DNS, and about neighbours.
TEST(no_well_made_frame_with_nonsense_inside_does_harm)
{
    static char data[65536];
    size_t bytes;

    begin();
    open_connection();
    for (unsigned i = 0; i < 30000; i++) {
        uint64_t random = next_random();

        fill_randomly(frame.data, sizeof frame.data);
        bytes = random % 1400;
        switch (random >> 32 & 7) {
        case 0: arrive_udp(67, 68, transport + UDP_HEADER, bytes); break;
        case 1: arrive_udp(53, (uint16_t)(49152 + random % 16384), transport + UDP_HEADER, bytes); break;
        case 2: arrive_ip((uint8_t)(random % 3 == 0 ? 1 : random % 3 == 1 ? 2 : 41), 2, 8 + bytes); break;
        case 3:
            put16(transport, PEER_PORT);
            put16(transport + 2, OWN_PORT);
            put32(transport + 4, theirs + (uint32_t)(random % 3));
            put32(transport + 8, ours);
            transport[13] = (uint8_t)(ACK | (random & SYN));
            arrive_ip(6, 16, TCP_HEADER + bytes);
            break;
        case 4: arrive_tcp(theirs + (uint32_t)(random % 5000), ours, ACK, data, bytes); break;
        case 5: arrive_ip6(own_ip6, (uint8_t[]){0, 6, 17, 43, 44, 60}[random % 6], 6, 8 + bytes); break;
        default: arrive_neighbour_nonsense(24 + bytes % 200); break;
        }
        host_time += random % 300000000;
        if (i % 4 == 0)
            host_bits(BIT_TIMER_STACK);
        (void)!client_sockets_receive(connection, data, sizeof data, &bytes);
        while (peer_port_sent_take(CLIENT_NET_PORT, &frame))
            continue;
    }
}
