// Host test of the shell: what is typed, what is shown, and what goes to the peer of `nc`.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_peers.h"

int component_main(void);

static void start(void)
{
    component_main();
}

static void pass_the_pause(void)
{
    if (host_timers[SLOT_TIMER_PAUSE] > host_time) {
        host_time = host_timers[SLOT_TIMER_PAUSE];
        host_push_bits(BIT_TIMER_PAUSE);
    }
}

static void begin(void)
{
    host_time = 1000000000;
    host_on_idle = pass_the_pause;
    room = SIZE_MAX;
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
    CHECK(strstr(shown, "type `help`\n> ") != NULL);
}

static void put(enum tty_kind kind, const char *text)
{
    typed[typed_count].kind = kind;
    snprintf(typed[typed_count++].text, sizeof typed[0].text, "%s", text);
    shown_bytes = 0;
    shown[0] = 0;
    host_bits(BIT_EVENT_TTY_INPUT);
}

// What is shown for a line, with the next prompt.
static void line_shows(const char *line, const char *expected)
{
    put(TTY_KIND_LINE, line);
    if (strcmp(shown, expected) != 0)
        printf("`%s` shows:\n%s\n", line, shown);
    CHECK(strcmp(shown, expected) == 0);
    CHECK_EQUAL(done, typed_count);
    CHECK_EQUAL(open_count, 0);
}

static void peer_does_something(void)
{
    shown_bytes = 0;
    shown[0] = 0;
    ready_left = 1;
    host_bits(BIT_EVENT_SOCKETS_READY);
}

static void peer_says(const char *text)
{
    memcpy(coming, text, coming_bytes = strlen(text));
    peer_does_something();
}

TEST(files_are_made_shown_moved_and_removed)
{
    begin();
    line_shows("write /a Good   morning ", "> ");
    line_shows("append /a  again", "> ");
    line_shows("cat /a", "Good   morning \nagain\n> ");
    line_shows("write /empty", "> ");
    line_shows("mkdir /d", "> ");
    line_shows("ls", "        22  a\n         0  empty\n            d/\n> ");
    line_shows("mv /a /b", "> ");
    line_shows("stat /b", "file, 22 bytes, 1 links\n> ");
    line_shows("sync /b", "/b: safe\n> ");
    CHECK_EQUAL(syncs, 1);
    line_shows("write /b short", "> ");
    line_shows("cat /b", "short\n> ");
    line_shows("rm /b", "> ");
    line_shows("rm /d", "> ");
    line_shows("ls /", "         0  empty\n> ");
}

TEST(what_does_not_work_is_said)
{
    begin();
    line_shows("cat /a", "/a: is not there\n> ");
    line_shows("mv /a /b", "/a: is not there\n> ");
    line_shows("rm /a", "/a: is not there\n> ");
    line_shows("ls /a", "/a: is not there\n> ");
    line_shows("mkdir /d", "> ");
    line_shows("mkdir /d", "/d: is there already\n> ");
    line_shows("cat /d", "/d: is no file\n> ");
    line_shows("sync /d", "/d: is no file\n> ");
    line_shows("write /a x", "> ");
    line_shows("ls /a", "/a: is no directory\n> ");
    files_status = (enum status)FILES_ERROR_IO;
    line_shows("cat /a", "/a: the file system does not answer\n> ");
    line_shows("ls", "/: the file system does not answer\n> ");
    files_status = STATUS_OK;
    line_shows("cat /a", "x\n> ");
}

TEST(lines_that_are_no_command_are_told_so)
{
    begin();
    line_shows("", "> ");
    line_shows("   ", "> ");
    line_shows("cats /a", "no command `cats`; `help` lists them\n> ");
    line_shows("cat", "usage: cat FILE\n> ");
    line_shows("cat /a /b", "usage: cat FILE\n> ");
    line_shows("mv a b c", "usage: mv PATH NEW\n> ");
    line_shows("append /a", "usage: append FILE TEXT\n> ");
    put(TTY_KIND_INTERRUPT, "");
    CHECK(strcmp(shown, "> ") == 0);
    put(TTY_KIND_LINE, "help");
    CHECK(strstr(shown, "nc       HOST PORT") != NULL && strstr(shown, "cat      FILE") != NULL);
}

TEST(neither_a_file_nor_a_peer_steers_the_terminal)
{
    begin();
    line_shows("write /a \x1b[2J\x80\tx", "> ");
    line_shows("cat /a", ".[2J.\tx\n> ");
    put(TTY_KIND_LINE, "nc host 80");
    peer_says("a\r\n\x1b]0;x\a\n");
    CHECK(strcmp(shown, "a\n.]0;x.\n") == 0);
}

TEST(instances_are_killed_but_not_the_shell)
{
    char itself[64];

    begin();
    line_shows("kill vfs", "vfs: killed\n> ");
    CHECK(strcmp(killed, "vfs") == 0);
    kill_status = SUPERVISOR_ERROR_UNKNOWN;
    line_shows("kill x", "kill: no supervised instance `x`\n> ");
    memset(killed, 0, sizeof killed);
    snprintf(itself, sizeof itself, "kill %s", INSTANCE_NAME);
    line_shows(itself, "kill: the line would come again to its next life, without end\n> ");
    CHECK_EQUAL(killed[0], 0);
}

TEST(a_connection_has_the_lines_until_its_peer_ends)
{
    begin();
    line_shows("nc host 4000", "");
    CHECK_EQUAL(asked_port, 4000);
    line_shows("ls", "");
    line_shows("", "");
    CHECK(sent_bytes == 4 && memcmp(sent, "ls\n\n", 4) == 0);
    peer_says("hello\n");
    CHECK(strcmp(shown, "hello\n") == 0);
    put(TTY_KIND_END, "");
    CHECK(is_shut && closed == 0);
    peer_has_ended = true;
    peer_says("bye\n");
    CHECK(strcmp(shown, "bye\nnc: the peer has ended\n> ") == 0);
    CHECK_EQUAL(closed, 1);
    line_shows("cat /x", "/x: is not there\n> ");
}

TEST(what_a_slow_peer_does_not_take_waits_in_the_terminal)
{
    begin();
    put(TTY_KIND_LINE, "nc host 4000");
    room = 2;
    put(TTY_KIND_LINE, "one");
    put(TTY_KIND_LINE, "two");
    put(TTY_KIND_END, "");
    CHECK_EQUAL(done, 1);  // the line under way may come again to a next life
    for (unsigned i = 0; i < 10; i++) {
        room = 1;
        peer_does_something();
    }
    CHECK(sent_bytes == 8 && memcmp(sent, "one\ntwo\n", 8) == 0 && is_shut);
    CHECK_EQUAL(done, typed_count);
}

TEST(a_connection_ends_when_the_user_says_so_or_it_fails)
{
    begin();
    put(TTY_KIND_LINE, "nc host 4000");
    put(TTY_KIND_INTERRUPT, "");
    CHECK(strcmp(shown, "> ") == 0 && closed == 1);
    put(TTY_KIND_LINE, "nc host 4000");
    peer_status = SOCKETS_ERROR_RESET;
    peer_does_something();
    CHECK(strcmp(shown, "nc: the connection failed\n> ") == 0 && closed == 2);
    peer_status = STATUS_OK;
    put(TTY_KIND_LINE, "nc host 4000");
    network_restarts = 1;
    peer_does_something();
    CHECK(strcmp(shown, "nc: the network was restarted\n> ") == 0 && closed == 2);
    line_shows("cat /x", "/x: is not there\n> ");
}

TEST(who_cannot_be_reached_is_said)
{
    begin();
    line_shows("nc host x", "nc: `x` is no port\n> ");
    line_shows("nc host 65536", "nc: `65536` is no port\n> ");
    line_shows("nc host 0", "nc: `0` is no port\n> ");
    line_shows("nc host -1", "nc: `-1` is no port\n> ");
    resolve_status = SOCKETS_ERROR_UNKNOWN;
    line_shows("nc host 1", "nc: no address of `host`\n> ");
    resolve_status = STATUS_OK;
    connect_status = SOCKETS_ERROR_UNREACHABLE;
    line_shows("nc host 1", "nc: no connection\n> ");
    CHECK_EQUAL(closed, 0);
}

// The longest line, to the peer and as a text.
TEST(a_line_of_any_length_is_taken_whole)
{
    char line[257], all[300];

    begin();
    memset(line, 'x', 256);
    memcpy(line, "write /a ", 9);
    line[256] = 0;
    line_shows(line, "> ");
    snprintf(all, sizeof all, "%s\n> ", line + 9);
    line_shows("cat /a", all);
    put(TTY_KIND_LINE, "nc host 1");
    put(TTY_KIND_LINE, line);
    CHECK(sent_bytes == 257 && memcmp(sent, line, 256) == 0 && sent[256] == '\n');
}
