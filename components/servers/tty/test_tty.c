// Host test of the tty: editing, modes, pieces, and what is there after an end at any moment.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <stdlib.h>
#include <string.h>

#include <glue.h>

#include "discipline.h"
#include "input.h"

#define REGION ((uint8_t *)REGION_INPUT_BASE)
#define TOLD   host_signals[SLOT_EVENT_TTY_INPUT_0]
#define BOTH   (TTY_MODES_CANONICAL | TTY_MODES_ECHO)

static char shown[1 << 16];
static size_t shown_bytes;
static uint64_t number;  // of the last piece that was read
static uint8_t text[PIECE_BYTES];
static size_t bytes;
static enum tty_kind kind;
static enum status console_status;

// --- The other side ----------------------------------------------------------------------------------

enum status peer_console_write(const struct call *call, const struct lend *lend)
{
    (void)call;
    CHECK(shown_bytes + lend->bytes < sizeof shown);
    CHECK_EQUAL(lend_read(lend, 0, shown + shown_bytes, lend->bytes), STATUS_OK);
    shown_bytes += lend->bytes;
    return console_status;
}

void on_peer_log_lines(void)
{
}

void on_client_tty_input(void)
{
}

int component_main(void);

static void start(void)
{
    component_main();
}

static void restart(void)
{
    CHECK(host_run(start) == HOST_IDLE);
}

static void begin(void)
{
    memset(REGION, 0xa5, REGION_INPUT_BYTES);  // never a tty's
    restart();
    TOLD = 0;
    number = 0;
    shown_bytes = 0;
    console_status = STATUS_OK;
}

static void put(uint8_t byte)
{
    CHECK(peer_console_typed_put(CLIENT_TTY_CONSOLE, &byte));
}

static void type(const char *typed)
{
    for (; *typed; typed++)
        put((uint8_t)*typed);
    host_bits(BIT_STREAM_CONSOLE_TYPED);
}

// Done with the last one.
static bool read_next(void)
{
    enum status status = client_tty_read(number, &number, &kind, text, sizeof text, &bytes);

    CHECK(status == STATUS_OK || status == (enum status)TTY_ERROR_EMPTY);
    return status == STATUS_OK;
}

static bool gives(enum tty_kind expected, const char *what)
{
    return read_next() && kind == expected && bytes == strlen(what) && memcmp(text, what, bytes) == 0;
}

static bool shows(const char *what)
{
    bool same = shown_bytes == strlen(what) && memcmp(shown, what, shown_bytes) == 0;

    shown_bytes = 0;
    return same;
}

// --- Lines -----------------------------------------------------------------------------------------------

TEST(a_line_is_there_when_it_ends)
{
    begin();
    type("hello");
    CHECK(!read_next());
    CHECK_EQUAL(TOLD, 0);
    type(" there\r");
    CHECK_EQUAL(TOLD, 1);
    CHECK(gives(TTY_KIND_LINE, "hello there"));
    CHECK(!read_next());
    CHECK(shows("hello there\n"));
}

TEST(return_newline_and_both_end_one_line)
{
    begin();
    type("a\rb\nc\r\nd\n\n");
    CHECK(gives(TTY_KIND_LINE, "a"));
    CHECK(gives(TTY_KIND_LINE, "b"));
    CHECK(gives(TTY_KIND_LINE, "c"));
    CHECK(gives(TTY_KIND_LINE, "d"));
    CHECK(gives(TTY_KIND_LINE, ""));
    CHECK(!read_next());
}

TEST(erasing_stops_at_the_beginning)
{
    begin();
    type("\b\x7f"
         "abc\b\x7f"
         "d\r");
    CHECK(gives(TTY_KIND_LINE, "ad"));
    CHECK(shows("abc\b \b\b \bd\n"));
    type("\x17\x15"
         "a\r");
    CHECK(gives(TTY_KIND_LINE, "a"));
    CHECK(shows("a\n"));
}

TEST(a_word_and_a_line_are_erased_at_once)
{
    begin();
    type("one two  \x17three\r");
    CHECK(gives(TTY_KIND_LINE, "one three"));
    CHECK(shows("one two  \b \b\b \b\b \b\b \b\b \bthree\n"));
    type("one two\x15three\r");
    CHECK(gives(TTY_KIND_LINE, "three"));
}

TEST(an_interrupt_drops_the_line)
{
    begin();
    type("abc\x03"
         "d\r");
    CHECK(gives(TTY_KIND_INTERRUPT, ""));
    CHECK(gives(TTY_KIND_LINE, "d"));
    CHECK(shows("abc^C\nd\n"));
}

TEST(control_d_gives_what_is_there_or_ends_the_file)
{
    begin();
    type("abc\x04\x04"
         "d\r");
    CHECK(gives(TTY_KIND_BYTES, "abc"));
    CHECK(gives(TTY_KIND_END, ""));
    CHECK(gives(TTY_KIND_LINE, "d"));
}

TEST(what_is_no_text_rings_the_bell)
{
    begin();
    type("\x01\x1b\t\xff"
         "a\r");
    CHECK(shows("\a\a\a\aa\n"));
    CHECK(gives(TTY_KIND_LINE, "a"));
    for (unsigned i = 0; i < PIECE_BYTES + 1; i++)
        put('x');
    type("\r");
    CHECK(read_next() && bytes == PIECE_BYTES);
    CHECK(shown[PIECE_BYTES - 1] == 'x' && shown[PIECE_BYTES] == '\a');
}

// --- Modes -----------------------------------------------------------------------------------------------

TEST(without_canonical_bytes_come_as_they_are_typed)
{
    begin();
    CHECK_EQUAL(client_tty_set_modes(0), STATUS_OK);
    type("a\x03\x7f\r");
    CHECK_EQUAL(TOLD, 1);
    CHECK(gives(TTY_KIND_BYTES, "a\x03\x7f\r"));
    CHECK(!read_next());
    for (unsigned i = 0; i < PIECE_BYTES + 1; i++)
        put('x');
    type("");
    CHECK(read_next() && bytes == PIECE_BYTES);
    CHECK(gives(TTY_KIND_BYTES, "x"));
    CHECK(shows(""));
}

TEST(echo_is_a_mode_of_its_own)
{
    begin();
    CHECK_EQUAL(client_tty_set_modes(TTY_MODES_CANONICAL), STATUS_OK);
    type("secret\x15\x07word\r");
    CHECK(gives(TTY_KIND_LINE, "word"));
    CHECK(shows(""));
    CHECK_EQUAL(client_tty_set_modes(TTY_MODES_ECHO), STATUS_OK);
    type("a\x01\r\x7f\xff");
    CHECK(shows("a^A\n^??"));
}

TEST(what_was_typed_outlives_a_change_of_modes)
{
    uint64_t modes;

    begin();
    type("abc");
    TOLD = 0;
    CHECK_EQUAL(client_tty_set_modes(0), STATUS_OK);
    CHECK_EQUAL(TOLD, 1);
    type("d");
    CHECK_EQUAL(client_tty_set_modes(BOTH), STATUS_OK);
    type("e\r");
    CHECK(gives(TTY_KIND_LINE, "abcde"));
    for (unsigned i = 0; i < PIECE_BYTES; i++)
        put('x');
    type("");
    CHECK_EQUAL(client_tty_set_modes(0), STATUS_OK);
    type("y");
    CHECK(read_next() && bytes == PIECE_BYTES);
    CHECK(gives(TTY_KIND_BYTES, "y"));
    CHECK_EQUAL(client_tty_get_modes(&modes), STATUS_OK);
    CHECK_EQUAL(modes, 0);
}

// --- Pieces ------------------------------------------------------------------------------------------------

TEST(a_piece_stays_until_it_is_done_with)
{
    uint64_t first;

    begin();
    type("a\rb\r");
    CHECK(gives(TTY_KIND_LINE, "a"));
    first = number;
    number = 0;
    CHECK(gives(TTY_KIND_LINE, "a"));
    CHECK_EQUAL(number, first);
    CHECK(gives(TTY_KIND_LINE, "b"));
    number = 0;
    CHECK(gives(TTY_KIND_LINE, "b"));
    number = UINT64_MAX;  // was never given
    CHECK(gives(TTY_KIND_LINE, "b"));
    CHECK(!read_next());
}

TEST(bytes_that_were_read_do_not_grow)
{
    begin();
    CHECK_EQUAL(client_tty_set_modes(0), STATUS_OK);
    type("ab");
    CHECK(gives(TTY_KIND_BYTES, "ab"));
    type("c");
    number = 0;
    CHECK(gives(TTY_KIND_BYTES, "ab"));
    CHECK(gives(TTY_KIND_BYTES, "c"));
}

TEST(what_finds_no_room_waits)
{
    char line[] = "0";

    begin();
    type("0\r1\r2\r3\r4\r5\r6\r7\r8\r9\r");
    for (; line[0] <= '9'; line[0]++)
        CHECK(gives(TTY_KIND_LINE, line));
    CHECK(!read_next());
}

TEST(a_write_goes_out_as_it_is)
{
    begin();
    CHECK_EQUAL(client_tty_write("a\nb", 3), STATUS_OK);
    CHECK(shows("a\nb"));
    console_status = (enum status)CONSOLE_ERROR_IO;
    CHECK_EQUAL(client_tty_write("a", 1), TTY_ERROR_IO);
}

// --- Ends ------------------------------------------------------------------------------------------------

TEST(the_line_and_the_modes_outlive_a_restart)
{
    uint64_t modes;

    begin();
    type("first\rsec");
    TOLD = 0;
    restart();
    CHECK_EQUAL(TOLD, 1);
    type("x\x7fond\r");
    CHECK(gives(TTY_KIND_LINE, "first"));
    restart();
    CHECK(gives(TTY_KIND_LINE, "second"));
    CHECK_EQUAL(client_tty_set_modes(0), STATUS_OK);
    type("ra");
    restart();
    type("w");
    CHECK(gives(TTY_KIND_BYTES, "raw"));
    CHECK_EQUAL(client_tty_get_modes(&modes), STATUS_OK);
    CHECK_EQUAL(modes, 0);
}

static uint8_t before[REGION_INPUT_BYTES], after[REGION_INPUT_BYTES];
static unsigned orders_left;
static uint8_t next_byte;

static void end_in_time(void)
{
    if (orders_left-- == 0)
        host_end();
}

static void type_next(void)
{
    put(next_byte);
    host_bits(BIT_STREAM_CONSOLE_TYPED);
}

// What a client and whoever types can see: the modes, all whole pieces, and the text that is being typed.
static void look(const uint8_t *region, char seen[PIECE_BYTES * 10])
{
    memcpy(REGION, region, REGION_INPUT_BYTES);
    restart();
    number = 0;
    while (read_next()) {
        *seen++ = (char)('0' + kind);
        memcpy(seen, text, bytes);
        seen += bytes;
    }
    *seen++ = '|';
    *seen++ = (char)('0' + input_typed()->bytes);  // one of them may be 0
    memcpy(seen, input_typed()->text, input_typed()->bytes);
    seen[input_typed()->bytes] = 0;
}

TEST(each_byte_was_typed_or_not_whenever_the_tty_ends)
{
    static char old[PIECE_BYTES * 10], new[PIECE_BYTES * 10], found[PIECE_BYTES * 10];
    const char *bytes_to_type = "a \r\n\x7f\x15\x17\x03\x04";
    unsigned ends = 0;

    for (const char *byte = bytes_to_type; *byte; byte++) {
        begin();
        type("one\rtwo words");
        memcpy(before, REGION, sizeof before);
        next_byte = (uint8_t)*byte;
        type_next();
        memcpy(after, REGION, sizeof after);
        look(before, old);
        look(after, new);
        for (unsigned n = 0;; n++) {
            memcpy(REGION, before, sizeof before);
            restart();
            orders_left = n;
            host_on_order = end_in_time;
            bool is_ended = host_run(type_next) == HOST_IDLE;

            host_on_order = NULL;
            if (!is_ended)
                break;
            ends++;
            memcpy(after, REGION, sizeof after);
            look(after, found);
            CHECK(strcmp(found, old) == 0 || strcmp(found, new) == 0);
        }
    }
    CHECK(ends > 20);
}

TEST(what_makes_no_sense_is_gone)
{
    for (unsigned seed = 0; seed < 2000; seed++) {
        begin();
        type("one\rtwo\rthree");
        srand(seed);
        for (unsigned i = 0; i < 1 + seed % 8; i++)
            REGION[4 + (unsigned)rand() % 2140] ^= (uint8_t)(1u << rand() % 8);
        if (seed % 10 == 0)
            memset(REGION + 4, rand(), REGION_INPUT_BYTES - 4);
        restart();
        number = 0;
        for (unsigned pieces = 0; read_next(); pieces++)
            CHECK(pieces < 8 && kind <= TTY_KIND_INTERRUPT && bytes <= PIECE_BYTES);
        CHECK_EQUAL(client_tty_set_modes(BOTH), STATUS_OK);
        type("\x15works\r");
        CHECK(gives(TTY_KIND_LINE, "works"));
    }
}

// --- Beside a plain one ------------------------------------------------------------------------------------

// What a line of typed bytes comes to, without a return.
static size_t plain_line(const char *typed, size_t count, char line[PIECE_BYTES + 1])
{
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        switch (typed[i]) {
        case 0x7f: length -= length > 0; break;
        case 0x15: length = 0; break;
        case 0x17:
            for (; length > 0 && line[length - 1] == ' '; length--)
                ;
            for (; length > 0 && line[length - 1] != ' '; length--)
                ;
            break;
        default: line[length++] = typed[i];
        }
    }
    line[length] = 0;
    return length;
}

TEST(random_edits_with_restarts_come_to_the_same_line)
{
    static const char alphabet[] = "abc   \x7f\x7f\x15\x17";

    srand(1);
    begin();
    for (unsigned round = 0; round < 2000; round++) {
        char typed[64], line[PIECE_BYTES + 1];
        size_t count = (size_t)rand() % sizeof typed;

        for (size_t i = 0; i < count; i++) {
            typed[i] = alphabet[(size_t)rand() % (sizeof alphabet - 1)];
            put((uint8_t)typed[i]);
            if (rand() % 4 == 0)
                host_bits(BIT_STREAM_CONSOLE_TYPED);
            if (rand() % 16 == 0)
                restart();
        }
        type("\n");
        shown_bytes = 0;
        plain_line(typed, count, line);
        CHECK(gives(TTY_KIND_LINE, line));
    }
}
