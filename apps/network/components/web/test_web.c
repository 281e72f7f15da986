// Host test of the web server: what clients send, in pieces of any size, and what comes back. The test plays
// the network.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include "connection.h"
#include "stream.h"

#define LISTENER   1u
#define CONNECTION 10u  // and the numbers behind it

static uint64_t random_state = 88172645463325252ull;
static unsigned waiting, accepted, closed;  // connections
static char input[8192];                    // from the client of the last connection
static size_t input_bytes, input_taken, piece = SIZE_MAX;
static char output[1 << 17];
static size_t output_bytes, room = SIZE_MAX;
static bool has_ended;
static unsigned ready_left;  // of what `next_ready` tells
static uint32_t ready_socket;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
    return random_state;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// --- The network -----------------------------------------------------------------------------------

enum status peer_sockets_listen(const struct call *call, uint16_t port, uint32_t *socket)
{
    (void)call;
    CHECK_EQUAL(port, 80);
    *socket = LISTENER;
    return STATUS_OK;
}

enum status peer_sockets_accept(const struct call *call, uint32_t from, uint32_t *socket,
                                struct sockets_endpoint *peer)
{
    (void)call;
    CHECK_EQUAL(from, LISTENER);
    if (waiting == 0)
        return SOCKETS_ERROR_WOULD_BLOCK;
    waiting--;
    *peer = (struct sockets_endpoint){.port = 4000};
    *socket = CONNECTION + accepted++;
    return STATUS_OK;
}

enum status peer_sockets_receive(const struct call *call, uint32_t socket, const struct lend *data,
                                 size_t *data_bytes)
{
    (void)call;
    *data_bytes = smaller(smaller(input_bytes - input_taken, data->bytes), piece);
    if (socket != CONNECTION + accepted - 1)
        return SOCKETS_ERROR_WOULD_BLOCK;
    if (*data_bytes == 0)
        return has_ended ? STATUS_OK : SOCKETS_ERROR_WOULD_BLOCK;
    input_taken += *data_bytes;
    return lend_write(data, 0, input + input_taken - *data_bytes, *data_bytes);
}

enum status peer_sockets_send(const struct call *call, uint32_t socket, const struct lend *data,
                              uint32_t *taken)
{
    (void)call, (void)socket;
    *taken = (uint32_t)smaller(smaller(data->bytes, room), piece);
    if (*taken == 0)
        return SOCKETS_ERROR_WOULD_BLOCK;
    CHECK(output_bytes + *taken <= sizeof output);
    CHECK_EQUAL(lend_read(data, 0, output + output_bytes, *taken), STATUS_OK);
    output_bytes += *taken;
    room -= *taken;
    return STATUS_OK;
}

enum status peer_sockets_close(const struct call *call, uint32_t socket)
{
    (void)call;
    CHECK(socket >= CONNECTION && socket < CONNECTION + accepted);
    closed++;
    return STATUS_OK;
}

enum status peer_sockets_next_ready(const struct call *call, uint32_t *socket, uint64_t *readiness)
{
    (void)call;
    if (ready_left == 0)
        return SOCKETS_ERROR_NONE;
    ready_left--;
    *socket = ready_socket;
    *readiness = SOCKETS_READINESS_READABLE;
    return ready_socket == 0 ? SOCKETS_ERROR_RESTARTED : STATUS_OK;
}

// What a web server has no business with.

enum status peer_sockets_connect(const struct call *call, const struct sockets_endpoint *to, uint32_t *socket)
{
    (void)call, (void)to, (void)socket;
    return SOCKETS_ERROR_UNREACHABLE;
}

enum status peer_sockets_shutdown(const struct call *call, uint32_t socket)
{
    (void)call, (void)socket;
    return SOCKETS_ERROR_BAD_SOCKET;
}

enum status peer_sockets_bind(const struct call *call, uint16_t port, uint32_t *socket, uint16_t *bound)
{
    (void)call, (void)port, (void)socket, (void)bound;
    return SOCKETS_ERROR_NO_ROOM;
}

enum status peer_sockets_send_to(const struct call *call, uint32_t socket, const struct sockets_endpoint *to,
                                 const struct lend *data)
{
    (void)call, (void)socket, (void)to, (void)data;
    return SOCKETS_ERROR_BAD_SOCKET;
}

enum status peer_sockets_receive_from(const struct call *call, uint32_t socket, struct sockets_endpoint *from,
                                      const struct lend *data, size_t *data_bytes)
{
    (void)call, (void)socket, (void)from, (void)data, (void)data_bytes;
    return SOCKETS_ERROR_BAD_SOCKET;
}

enum status peer_sockets_resolve(const struct call *call, const char *name, enum sockets_family family,
                                 uint8_t address[16])
{
    (void)call, (void)name, (void)family, (void)address;
    return SOCKETS_ERROR_UNKNOWN;
}

enum status peer_sockets_addresses(const struct call *call, uint8_t ipv4[16], uint8_t ipv6[16])
{
    (void)call;
    memset(ipv4, 0, 16);
    memset(ipv6, 0, 16);
    return STATUS_OK;
}

void on_peer_log_lines(void)
{
}

// --- A client --------------------------------------------------------------------------------------

int component_main(void);

static void start(void)
{
    component_main();
}

static void begin(void)
{
    host_time = SECOND;
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
}

static void is_ready(uint32_t socket)
{
    ready_socket = socket;
    ready_left = 1;
    host_bits(BIT_EVENT_SOCKETS_READY);
}

static void connect(void)
{
    waiting++;
    is_ready(LISTENER);
}

static void say(const void *data, size_t bytes)
{
    memcpy(input, data, bytes);
    input_bytes = bytes;
    input_taken = 0;
    is_ready(CONNECTION + accepted - 1);
}

// The code that answers it on a connection of its own.
static unsigned ask(const char *text)
{
    connect();
    output_bytes = 0;
    say(text, strlen(text));
    CHECK(output_bytes > 12 && memcmp(output, "HTTP/1.1 ", 9) == 0);
    output[output_bytes] = 0;
    return (unsigned)atoi(output + 9);
}

static const char *body(void)
{
    const char *end = strstr(output, "\r\n\r\n");

    return end == NULL ? "" : end + 4;
}

TEST(the_digests_of_the_standard)
{
    static const char *const texts[] = {"", "abc",
                                        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"};
    static const uint8_t firsts[][4] = {
        {0xe3, 0xb0, 0xc4, 0x42}, {0xba, 0x78, 0x16, 0xbf}, {0x24, 0x8d, 0x6a, 0x61}};

    for (unsigned i = 0; i < 3; i++) {
        uint8_t digest[SHA256_BYTES];
        struct sha256 hash;

        sha256_begin(&hash);
        for (size_t at = 0; at < strlen(texts[i]); at++)
            sha256_add(&hash, texts[i] + at, 1);
        sha256_end(&hash, digest);
        CHECK(memcmp(digest, firsts[i], 4) == 0);
    }
}

TEST(a_part_of_a_stream_is_the_same_without_those_before_it)
{
    unsigned char whole[200], part[200];

    stream_fill(7, 0, whole, sizeof whole);
    for (unsigned first = 0; first < sizeof whole; first++) {
        stream_fill(7, first, part, sizeof whole - first);
        CHECK(memcmp(part, whole + first, sizeof whole - first) == 0);
    }
}

TEST(each_request_gets_its_answer)
{
    begin();
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n\r\n"), 200);
    CHECK(strstr(body(), "<title>Tenon</title>") != NULL);
    CHECK_EQUAL(ask("HEAD / HTTP/1.1\r\n\r\n"), 200);
    CHECK_EQUAL(*body(), 0);
    CHECK_EQUAL(ask("GET /stream/1/10 HTTP/1.1\r\n\r\n"), 200);
    CHECK(output + output_bytes == body() + 10);
    CHECK_EQUAL(ask("PUT /digest HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"), 200);
    CHECK(memcmp(body(), "ba7816bf", 8) == 0);
    CHECK_EQUAL(closed, 0);
}

TEST(what_is_wrong_is_refused_and_the_connection_ends)
{
    static const struct {
        const char *text;
        unsigned code;
    } cases[] = {
        {"GET /\r\n\r\n", 400},
        {"GET  HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/2\r\n\r\n", 505},
        {"POST / HTTP/1.1\r\n\r\n", 405},
        {"PUT / HTTP/1.1\r\n\r\n", 405},
        {"GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n", 405},
        {"PUT /digest HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
        {"PUT /digest HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
        {"PUT /digest HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
        {"PUT /digest HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
        {"GET / HTTP/1.1\r\nno field\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n: empty\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n", 400},
        {"PUT /digest HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc", 400},
    };

    begin();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_EQUAL(ask(cases[i].text), cases[i].code);
        CHECK_EQUAL(closed, i + 1);
    }
}

TEST(what_is_not_there_is_not_found_and_the_connection_goes_on)
{
    static const char *const targets[] = {"/x",          "/stream/",     "/stream/1",   "/stream/1/",
                                          "/stream/a/1", "/stream/1/1x", "/streams/1/1"};
    char text[100];

    begin();
    for (unsigned i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n\r\n", targets[i]);
        CHECK_EQUAL(ask(text), 404);
    }
    CHECK_EQUAL(closed, 0);
}

TEST(a_connection_ends_when_its_client_says_so)
{
    static const struct {
        const char *text;
        bool ends;
    } cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: close, x\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: x ,\tCLOSE \r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nConnection: closed, x-close,,\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: x\r\n\r\n", false},
    };

    begin();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned before = closed;

        CHECK_EQUAL(ask(cases[i].text), 200);
        CHECK_EQUAL(closed - before, cases[i].ends);
    }
}

TEST(heads_that_are_too_long_are_refused)
{
    char text[4096];

    begin();
    snprintf(text, sizeof text, "GET /%0600d HTTP/1.1\r\n\r\n", 0);
    CHECK_EQUAL(ask(text), 414);
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nX: %03000d\r\n\r\n", 0);
    CHECK_EQUAL(ask(text), 431);
    CHECK_EQUAL(closed, 2);
}

TEST(requests_follow_each_other_in_pieces_of_any_size)
{
    static const char text[] = "PUT /digest HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n";
    static char first[sizeof output];
    size_t first_bytes = 0;

    begin();
    for (piece = sizeof text; piece > 0; piece--) {
        connect();
        output_bytes = 0;
        say(text, sizeof text - 1);
        if (first_bytes == 0)
            memcpy(first, output, first_bytes = output_bytes);
        CHECK(output_bytes == first_bytes && memcmp(output, first, first_bytes) == 0);
    }
    CHECK_EQUAL(closed, sizeof text);
}

TEST(a_client_that_takes_little_gets_all_later)
{
    static unsigned char expected[100000];

    begin();
    connect();
    room = 1000;
    say("GET /stream/3/100000 HTTP/1.1\r\n\r\n", 33);
    CHECK_EQUAL(output_bytes, 1000);
    for (unsigned i = 0; i < 200; i++) {
        room = 1000;
        is_ready(CONNECTION);
    }
    stream_fill(3, 0, expected, sizeof expected);
    CHECK(output + output_bytes == body() + sizeof expected &&
          memcmp(body(), expected, sizeof expected) == 0);
}

TEST(a_connection_on_which_nothing_moves_is_closed)
{
    begin();
    connect();
    host_time += CONFIG_IDLE / 2;
    say("GET / HT", 8);
    host_time += CONFIG_IDLE - 1;
    host_bits(BIT_TIMER_IDLE);
    CHECK_EQUAL(closed, 0);
    host_time += 1;
    host_bits(BIT_TIMER_IDLE);
    CHECK_EQUAL(closed, 1);
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n\r\n"), 200);
}

TEST(no_more_are_accepted_than_there_is_room_for)
{
    begin();
    waiting = CONFIG_CONNECTIONS + 5;
    is_ready(LISTENER);
    CHECK_EQUAL(accepted, CONFIG_CONNECTIONS);
    has_ended = true;
    is_ready(CONNECTION + accepted - 1);
    CHECK(accepted == CONFIG_CONNECTIONS + 5 && closed == 6);  // each that ends makes room for the next
}

TEST(after_the_death_of_the_network_new_connections_are_served)
{
    begin();
    connect();
    is_ready(0);
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n\r\n"), 200);
    CHECK_EQUAL(closed, 0);
}

// Honest requests with some bytes spoiled, and random ones, in random pieces.
TEST(no_request_does_harm)
{
    static const char honest[] =
        "PUT /digest HTTP/1.1\r\nContent-Length: 300\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    char text[sizeof input];

    begin();
    for (unsigned round = 0; round < 20000; round++) {
        size_t bytes = next_random() % 3000;

        for (size_t i = 0; i < bytes; i++)
            text[i] = "\r\n :/ab1\0"[next_random() % 9];
        if (round % 2 == 0)
            memcpy(text, honest, sizeof honest - 1);
        for (unsigned spoiled = next_random() % 4; spoiled > 0; spoiled--)
            text[next_random() % sizeof honest] = (char)next_random();
        piece = 1 + next_random() % 500;
        output_bytes = 0;
        has_ended = false;
        connect();
        say(text, bytes);
        has_ended = true;
        is_ready(CONNECTION + accepted - 1);
    }
    CHECK_EQUAL(closed, accepted);
}
