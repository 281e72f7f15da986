// Host test of the shell: what is typed, and what comes back.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include "line.h"

static char shown[1 << 16];
static size_t shown_bytes;
static uint64_t stored;                 // records in the store
static enum status store_status, kill_status, history_status;
static char killed[41];

// --- The other side --------------------------------------------------------------------------------------

enum status peer_console_write(const struct call *call, const struct lend *text)
{
    (void)call;
    CHECK(shown_bytes + text->bytes < sizeof shown);
    CHECK_EQUAL(lend_read(text, 0, shown + shown_bytes, text->bytes), STATUS_OK);
    shown_bytes += text->bytes;
    return STATUS_OK;
}

enum status peer_store_append(const struct call *call, uint64_t id, uint64_t seconds, const char *text, uint64_t *sequence)
{
    (void)call, (void)id, (void)seconds, (void)text, (void)sequence;
    CHECK(false); // the shell has no business there
    return STATUS_OK;
}

enum status peer_store_last(const struct call *call, uint64_t *id)
{
    (void)call, (void)id;
    return STATUS_OK;
}

enum status peer_store_bounds(const struct call *call, uint64_t *oldest, uint64_t *next)
{
    (void)call;
    *oldest = 0;
    *next = stored;
    return store_status;
}

enum status peer_store_read(const struct call *call, uint64_t sequence, struct log_store_record *record)
{
    (void)call;
    if (sequence == 3)
        return LOG_STORE_ERROR_ABSENT;
    // A store that lies about the length must not make us read further.
    *record = (struct log_store_record){.sequence = sequence, .seconds = 951782400, .bytes = sequence == 2 ? ~0u : 4};
    memcpy(record->text, "text", 4);
    return STATUS_OK;
}

enum status peer_control_kill(const struct call *call, const char *name)
{
    (void)call;
    strcpy(killed, name);
    return kill_status;
}

enum status peer_control_history(const struct call *call, const char *name, enum supervisor_cause *cause, uint64_t *detail,
                                 uint64_t *failures, uint32_t *recent, bool *given_up)
{
    (void)call;
    *cause = SUPERVISOR_CAUSE_EXIT;
    *detail = 3;
    *failures = 11;
    *recent = 4;
    *given_up = strcmp(name, "disk") == 0;
    return history_status;
}

int component_main(void);

static void start(void)
{
    component_main();
}

static bool shows(const char *text)
{
    shown[shown_bytes] = 0;
    return strstr(shown, text) != NULL;
}

// Types the text and lets the shell work on it.
static void type(const char *text)
{
    shown_bytes = 0;
    for (; *text; text++)
        CHECK(peer_console_typed_put(CLIENT_SHELL_CONSOLE, (const uint8_t *)text));
    host_bits(BIT_STREAM_CONSOLE_TYPED);
}

static void begin(void)
{
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(shows("type `help`"));
}

// --- Lines -----------------------------------------------------------------------------------------------

static enum line_step type_into(struct line *line, const char *text)
{
    enum line_step step = LINE_GOES_ON;
    char echo[4];
    size_t bytes;

    for (; *text; text++) {
        step = line_type(line, (uint8_t)*text, echo, &bytes);
        CHECK(bytes <= sizeof echo);
    }
    return step;
}

TEST(backspace_removes_and_stops_at_the_beginning)
{
    struct line line = {0};

    CHECK_EQUAL(type_into(&line, "\b\x7f" "abc\b\x7f" "d\r"), LINE_COMPLETE);
    CHECK(strcmp(line.text, "ad") == 0);
}

TEST(a_line_has_an_end_whatever_is_typed)
{
    struct line line = {0};

    for (unsigned i = 0; i < 1000; i++)
        type_into(&line, "x");
    CHECK_EQUAL(line.length, LINE_BYTES - 1);
    CHECK_EQUAL(strlen(line.text), LINE_BYTES - 1);
}

TEST(return_and_newline_together_end_one_line)
{
    struct line line = {0};

    CHECK_EQUAL(type_into(&line, "a\r"), LINE_COMPLETE);
    CHECK_EQUAL(type_into(&line, "\n"), LINE_GOES_ON);
    CHECK_EQUAL(type_into(&line, "\n"), LINE_COMPLETE);
}

TEST(control_bytes_are_no_text)
{
    struct line line = {0};

    type_into(&line, "\x01\x1b\t\xff" "a");
    CHECK(strcmp(line.text, "a") == 0);
    CHECK_EQUAL(type_into(&line, "\x03"), LINE_CANCELLED);
    CHECK_EQUAL(line.length, 0);
}

// --- Commands --------------------------------------------------------------------------------------------

TEST(an_empty_line_is_just_a_new_prompt)
{
    begin();
    type("   \n");
    CHECK(shows("\n> ") && !shows("no command"));
}

TEST(help_names_every_command)
{
    begin();
    type("help\n");
    CHECK(shows("help") && shows("ps ") && shows("top ") && shows("caps ") && shows("log ") && shows("kill ") &&
          shows("why ") && shows("poweroff "));
}

TEST(wrong_words_get_one_clear_line)
{
    begin();
    type("nonsense\n");
    CHECK(shows("no command `nonsense`"));
    type("kill\n");
    CHECK(shows("usage: kill NAME"));
    type("kill a b c d e f\n");
    CHECK(shows("usage: kill NAME"));
    type("log 1001\n");
    CHECK(shows("`1001` is no number from 1 to 1000"));
    type("log -1\n");
    CHECK(shows("`-1` is no number"));
    type("caps nobody\n");
    CHECK(shows("no instance `nobody`"));
}

TEST(why_tells_the_last_end_and_the_failures)
{
    begin();
    type("why rtc\n");
    CHECK(shows("rtc: exit (3), failures: 11, lately: 4\n"));
    type("why disk\n");
    CHECK(shows("disk: exit (3), failures: 11, lately: 4, given up\n"));
    history_status = SUPERVISOR_ERROR_UNKNOWN;
    type("why nobody\n");
    CHECK(shows("why: no supervised instance `nobody`"));
    history_status = STATUS_PEER_GONE;
    type("why disk\n");
    CHECK(shows("why: the supervisor does not answer"));
}

TEST(kill_tells_what_the_supervisor_said)
{
    begin();
    type("  kill   disk  \n");
    CHECK(shows("disk: killed") && strcmp(killed, "disk") == 0);
    kill_status = SUPERVISOR_ERROR_UNKNOWN;
    type("kill dusk\n");
    CHECK(shows("no supervised instance `dusk`"));
    kill_status = SUPERVISOR_ERROR_GONE;
    type("kill disk\n");
    CHECK(shows("`disk` was given up"));
}

TEST(log_shows_the_last_records_and_tells_of_damage)
{
    begin();
    stored = 5;
    type("log 3\n");
    CHECK(!shows("       1  ") && shows("       2  2000-02-29 00:00:00  text"));
    CHECK(shows("       3  (damaged)") && shows("       4  2000-02-29 00:00:00  text\n5 records"));
    store_status = LOG_STORE_ERROR_IO;
    type("log\n");
    CHECK(shows("the log store does not answer"));
}

TEST(poweroff_asks_the_store_first)
{
    begin();
    stored = 7;
    type("poweroff\n");
    CHECK(shows("power off, 7 records stored"));
    CHECK_EQUAL(host_power_offs, 1);
}
