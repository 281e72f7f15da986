// Host test of the server: what clients send, in pieces of any size, what comes back, and what a file system
// that fails makes of it.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_peers.h"

#include "connection.h"

#define HOST "Host: x\r\n"

int component_main(void);

static void start(void)
{
    component_main();
}

// Time passes while the component waits before it repeats a request.
static void pass_the_pause(void)
{
    if (host_timers[SLOT_TIMER_PAUSE] > host_time) {
        host_time = host_timers[SLOT_TIMER_PAUSE];
        host_push_bits(BIT_TIMER_PAUSE);
    }
}

static void begin(void)
{
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)(i * 31 % 251);
    host_time = SECOND;
    host_on_idle = pass_the_pause;
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
}

static void go_on(void)
{
    host_bits(BIT_EVENT_SOCKETS_READY);
}

static void is_ready(unsigned number)
{
    told_first = 0;
    told_end = 1;
    told[0] = FIRST_SOCKET + number;
    go_on();
}

static struct client *connect_with(const void *text, size_t bytes)
{
    struct client *client = &clients[client_count++];

    CHECK(client_count <= CLIENTS_MAX);
    *client = (struct client){.input = text, .input_bytes = bytes, .room = SIZE_MAX};
    waiting++;
    output_bytes = 0;
    go_on();
    return client;
}

// The code that answers it on a connection of its own.
static unsigned ask(const char *text)
{
    connect_with(text, strlen(text));
    CHECK(output_bytes > 12 && memcmp(output, "HTTP/1.1 ", 9) == 0);
    output[output_bytes] = 0;
    return (unsigned)atoi(output + 9);
}

static bool is_closed(void)
{
    return clients[client_count - 1].is_closed;
}

static void hang_up(void)
{
    if (is_closed())
        return;
    clients[client_count - 1].has_ended = true;
    is_ready(client_count - 1);
    CHECK(is_closed());
}

static const char *body(void)
{
    const char *end = strstr(output, "\r\n\r\n");

    return end == NULL ? "" : end + 4;
}

static bool has(const char *field)
{
    const char *found = strstr(output, field);

    return found != NULL && found < body();
}

TEST(files_are_served_and_closed_again)
{
    begin();
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK(strcmp(body(), "<p>index") == 0);
    CHECK(has("Content-Length: 8\r\n") && has("Content-Type: text/html") &&
          has("Connection: keep-alive\r\n"));
    CHECK_EQUAL(ask("GET /large HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK(output + output_bytes == body() + sizeof large && memcmp(body(), large, sizeof large) == 0);
    CHECK_EQUAL(ask("GET /empty.txt HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK(has("Content-Length: 0\r\n") && *body() == 0);
    CHECK_EQUAL(ask("HEAD /large HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK(has("Content-Length: 60000\r\n") && *body() == 0);
    CHECK(!is_closed());
    CHECK_EQUAL(ask("GET / HTTP/1.0\r\n\r\n"), 200);
    CHECK(has("Connection: close\r\n") && is_closed());
    CHECK_EQUAL(open_count, 0);
    CHECK_EQUAL(begins, 1);
}

TEST(what_is_not_to_be_had_is_told_and_the_connection_goes_on)
{
    static const struct {
        const char *target;
        unsigned code;
    } cases[] = {{"/nothing", 404},   {"/folder", 301},        {"/device", 403},
                 {"/../secret", 403}, {"/%2e%2e/secret", 403}, {"/%zz", 400}};
    char text[100];

    begin();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n" HOST "\r\n", cases[i].target);
        CHECK_EQUAL(ask(text), cases[i].code);
        CHECK(!is_closed() && strstr(output, "secret") == NULL);
        snprintf(text, sizeof text, "HEAD %s HTTP/1.1\r\n" HOST "\r\n", cases[i].target);
        CHECK_EQUAL(ask(text), cases[i].code);
        CHECK(*body() == 0);
    }
    CHECK_EQUAL(open_count, 0);
}

TEST(a_directory_is_elsewhere_on_this_host)
{
    begin();
    CHECK_EQUAL(ask("GET /folder?a=b HTTP/1.1\r\n" HOST "\r\n"), 301);
    CHECK(has("\r\nLocation: /folder/\r\n"));
    CHECK_EQUAL(ask("GET ///folder HTTP/1.1\r\n" HOST "\r\n"), 301);
    CHECK(has("\r\nLocation: /folder/\r\n"));
}

TEST(what_is_wrong_is_refused_and_the_connection_ends)
{
    static const struct {
        const char *text;
        unsigned code;
    } cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 400},
        {"GET / HTTP/3\r\n" HOST "\r\n", 505},
        {"PUT / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 405},
        {"DELETE / HTTP/1.1\r\n" HOST "\r\n", 405},
        {"get / HTTP/1.1\r\n" HOST "\r\n", 405},
    };

    begin();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_EQUAL(ask(cases[i].text), cases[i].code);
        CHECK(has("Connection: close\r\n") && has("Allow: GET, HEAD\r\n") == (cases[i].code == 405));
        CHECK(clients[client_count - 1].is_shut && !is_closed());  // until it has ended its side
        hang_up();
    }
}

TEST(a_body_that_nobody_asked_for_is_read_up_to_a_limit)
{
    static char text[1 << 20] = "PUT / HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n";
    struct client *client;

    begin();
    client = connect_with(text, 100000);
    CHECK(client->input_bytes == 0 && !client->is_closed);
    client = connect_with(text, sizeof text);
    CHECK(client->input_bytes > sizeof text / 2 && client->is_closed);
}

TEST(heads_that_are_too_long_are_refused)
{
    static char text[4096];

    begin();
    snprintf(text, sizeof text, "GET /%0600d HTTP/1.1\r\n" HOST "\r\n", 0);
    CHECK_EQUAL(ask(text), 414);
    snprintf(text, sizeof text, "GET /%0300d HTTP/1.1\r\n" HOST "\r\n", 0);
    CHECK_EQUAL(ask(text), 414);  // no path of Files
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nX: %03000d\r\n\r\n", 0);
    CHECK_EQUAL(ask(text), 431);
}

TEST(requests_follow_each_other_in_pieces_of_any_size)
{
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\nHEAD / HTTP/1.1\r\n" HOST
                               "\r\nGET /no HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.0\r\n\r\n";
    static char first[sizeof output];
    size_t first_bytes = 0;

    begin();
    for (piece = sizeof text; piece > 0; piece--) {
        struct client *client = connect_with(text, sizeof text - 1);

        for (unsigned turns = 0; turns < 100000 && !client->is_closed; turns++)
            host_bits(BIT_TIMER_MORE);
        if (first_bytes == 0)
            memcpy(first, output, first_bytes = output_bytes);
        CHECK(output_bytes == first_bytes && memcmp(output, first, first_bytes) == 0);
        CHECK(client->is_closed);
    }
    CHECK_EQUAL(open_count, 0);
}

TEST(a_client_that_takes_little_gets_all_later_and_stops_nobody)
{
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
    static char all[sizeof output];
    struct client *slow;
    size_t bytes = 0;

    begin();
    slow = connect_with("", 0);
    slow->input = text, slow->input_bytes = sizeof text - 1;
    slow->room = 0;
    is_ready(0);
    for (unsigned i = 0; i < 100; i++) {
        CHECK_EQUAL(ask("GET / HTTP/1.0\r\n\r\n"), 200);
        output_bytes = 0;
        slow->room = 1000;
        is_ready(0);
        memcpy(all + bytes, output, output_bytes);
        bytes += output_bytes;
    }
    CHECK(bytes > sizeof large && memcmp(all + bytes - sizeof large, large, sizeof large) == 0);
    CHECK_EQUAL(open_count, 0);
}

TEST(who_asks_for_much_and_takes_it_has_one_turn_after_the_other_like_the_rest)
{
    static char many[200 * 40];
    struct client *greedy;

    begin();
    for (unsigned i = 0; i < 200; i++)
        memcpy(many + i * 40, "HEAD / HTTP/1.1\r\nHost: x\r\nX: 1234567\r\n\r\n", 40);
    greedy = connect_with(many, sizeof many);
    CHECK(greedy->input_bytes > 0);
    CHECK(host_timers[SLOT_TIMER_MORE] != 0);  // the event loop comes between
    CHECK_EQUAL(ask("GET / HTTP/1.0\r\n\r\n"), 200);
}

TEST(no_more_connections_are_accepted_than_there_is_room_for)
{
    begin();
    for (unsigned i = 0; i < CONFIG_CONNECTIONS + 3; i++)
        connect_with("", 0);
    CHECK_EQUAL(waiting, 3);
    clients[0].has_ended = true;
    is_ready(0);
    CHECK_EQUAL(waiting, 2);
}

TEST(a_connection_on_which_nothing_moves_is_closed_with_its_file)
{
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
    struct client *client;

    begin();
    client = connect_with("", 0);
    client->input = text, client->input_bytes = sizeof text - 1;
    client->room = 100;
    is_ready(0);
    CHECK_EQUAL(open_count, 1);
    host_time += CONFIG_IDLE - 1;
    host_bits(BIT_TIMER_IDLE);
    CHECK(!client->is_closed);
    host_time += 1;
    host_bits(BIT_TIMER_IDLE);
    CHECK(client->is_closed);
    CHECK_EQUAL(open_count, 0);
}

TEST(after_the_death_of_the_network_new_connections_are_served)
{
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
    struct client *client;

    begin();
    client = connect_with("", 0);
    client->input = text, client->input_bytes = sizeof text - 1;
    client->room = 100;
    is_ready(0);
    network_is_new = true;
    go_on();
    CHECK_EQUAL(open_count, 0);
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 200);
}

// --- A file system that fails ------------------------------------------------------------------------

TEST(a_request_that_the_file_system_failed_is_repeated_with_its_number)
{
    begin();
    files_failure = (enum status)FILES_ERROR_IO;
    for (files_fail = 1; files_fail < 20; files_fail++) {
        unsigned failures = files_fail;

        CHECK_EQUAL(ask("GET /large HTTP/1.0\r\n\r\n"), 200);
        CHECK(output + output_bytes == body() + sizeof large && memcmp(body(), large, sizeof large) == 0);
        files_fail = failures;
    }
    CHECK_EQUAL(begins, 1);
    CHECK_EQUAL(open_count, 0);
}

TEST(what_the_file_system_does_not_give_in_time_is_told_and_later_there_again)
{
    begin();
    files_failure = (enum status)FILES_ERROR_IO;
    files_fail = UINT32_MAX;
    nanos_t before = host_time;

    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 503);
    CHECK(has("Retry-After: 1\r\n") && has("Connection: keep-alive\r\n"));
    CHECK(host_time - before >= 2 * SECOND && host_time - before < 3 * SECOND);
    before = host_time;
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 503);
    CHECK_EQUAL(host_time, before);  // nobody waits again for what is down
    files_fail = 0;
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK_EQUAL(open_count, 0);
}

TEST(a_file_whose_rest_is_lost_ends_too_early_and_so_do_those_of_its_session)
{
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
    struct client *slow[2];

    begin();
    for (unsigned i = 0; i < 2; i++) {
        slow[i] = connect_with("", 0);
        slow[i]->input = text, slow[i]->input_bytes = sizeof text - 1;
        slow[i]->room = 100;
        is_ready(i);
    }
    CHECK_EQUAL(open_count, 2);
    files_failure = (enum status)FILES_ERROR_IO;
    files_fail = UINT32_MAX;
    slow[0]->room = SIZE_MAX;
    is_ready(0);
    CHECK(slow[0]->is_closed && output_bytes < sizeof large);
    files_fail = 0;
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 200);
    CHECK_EQUAL(begins, 2);
    slow[1]->room = SIZE_MAX;
    is_ready(1);
    CHECK(slow[1]->is_closed);
    CHECK_EQUAL(open_count, 0);
}

TEST(a_file_that_became_shorter_ends_too_early)
{
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";
    struct client *client;

    begin();
    client = connect_with("", 0);
    client->input = text, client->input_bytes = sizeof text - 1;
    client->room = 100;
    is_ready(0);
    open_files[last_file].offset = sizeof large - 10;
    client->room = SIZE_MAX;
    is_ready(0);
    CHECK(client->is_closed && output_bytes < sizeof large);
    CHECK_EQUAL(open_count, 0);
}

TEST(as_many_files_are_open_as_clients_want_and_others_are_told_to_come_again)
{
    static const char text[] = "GET /large HTTP/1.1\r\n" HOST "\r\n";

    begin();
    for (unsigned i = 0; i < OPEN_MAX; i++) {
        struct client *slow = connect_with("", 0);

        slow->input = text, slow->input_bytes = sizeof text - 1;
        slow->room = 100;
        is_ready(i);
    }
    CHECK_EQUAL(open_count, OPEN_MAX);
    CHECK_EQUAL(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 503);
}

// Honest requests with some bytes spoiled, and random ones, in random pieces.
TEST(no_request_does_harm)
{
    static const char honest[] =
        "GET /large HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n";
    static char text[3000];
    uint64_t state = 88172645463325252ull;

    begin();
    for (unsigned round = 0; round < CLIENTS_MAX - 1; round++) {
        size_t bytes = 0;

        for (size_t i = 0; i < sizeof text; i++) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            text[i] = "\r\n :/.%b1\0"[state % 10];
        }
        bytes = state / 64 % sizeof text;
        if (round % 2 == 0)
            memcpy(text, honest, sizeof honest - 1);
        text[state / 7 % sizeof honest] = (char)(state >> 40);
        piece = 20 + state / 1024 % 5000;
        files_fail = round % 16 == 0 ? round / 16 % 3 : 0;
        files_failure = (enum status)FILES_ERROR_IO;

        struct client *client = connect_with(text, bytes);

        client->has_ended = true;
        for (unsigned turns = 0; turns < 100000 && !client->is_closed; turns++)
            is_ready(round);
        CHECK(client->is_closed);
    }
    CHECK_EQUAL(open_count, 0);
}
