// Host test of target.c: what no target leads out of, and what each becomes.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_peers.h"

#include "content_type.h"
#include "target.h"

TEST(a_target_becomes_a_path_below_the_root)
{
    static const struct {
        const char *target, *path;
    } cases[] = {
        {"/", "/www/index.html"},
        {"/a", "/www/a"},
        {"/a/b.html", "/www/a/b.html"},
        {"/a/", "/www/a/index.html"},
        {"//a///b//", "/www/a/b/index.html"},
        {"/a?b/../c", "/www/a"},
        {"/?x", "/www/index.html"},
        {"/a%20b%7E", "/www/a b~"},
        {"/%c3%A4", "/www/\xc3\xa4"},
        {"/a..b/c.", "/www/a..b/c."},
        {"http://host", "/www/index.html"},
        {"HTTP://host:80/a?b", "/www/a"},
        {"/http://a", "/www/http:/a"},
    };
    char path[PATH_BYTES_MAX + 1];

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_EQUAL(target_path(cases[i].target, "/www", path), 0);
        CHECK(strcmp(path, cases[i].path) == 0);
    }
}

TEST(what_leads_elsewhere_is_refused)
{
    static const struct {
        const char *target;
        unsigned code;
    } cases[] = {
        {"/..", 403},     {"/../etc", 403},    {"/a/../../b", 403},  {"/a/..", 403},
        {"/.", 403},      {"/.hidden", 403},   {"/%2e%2e/a", 403},   {"/.%2E/a", 403},
        {"/%2e./a", 403}, {"/%2ehidden", 403}, {"http://h/..", 403}, {"/a%2f..", 400},
        {"/%2F", 400},    {"/%00", 400},       {"/a%00.html", 400},  {"/%0d%0a", 400},
        {"/%", 400},      {"/%2", 400},        {"/%g0", 400},        {"/%7f", 400},
        {"/\x01", 400},   {"/\x80", 400},      {"/a#b", 400},        {"", 400},
        {"*", 400},       {"a/b", 400},        {"https://h/a", 400}, {"http://h?x", 400},
        {"..", 400},      {"?", 400},
    };
    char path[PATH_BYTES_MAX + 1];

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_EQUAL(target_path(cases[i].target, "/www", path), cases[i].code);
}

TEST(a_path_that_files_would_not_take_is_refused)
{
    char target[PATH_BYTES_MAX + 10] = "/", path[PATH_BYTES_MAX + 1];
    size_t most = PATH_BYTES_MAX - strlen("/www/");

    memset(target + 1, 'n', most);
    CHECK_EQUAL(target_path(target, "/www", path), 0);
    CHECK_EQUAL(strlen(path), PATH_BYTES_MAX);
    target[most + 1] = 'n';
    CHECK_EQUAL(target_path(target, "/www", path), 414);
    target[most + 1] = 0;
    target[most] = '/';
    CHECK_EQUAL(target_path(target, "/www", path), 414);
}

// Whatever is written: the path begins with the root, has no name of dots, and no byte that ends it early.
TEST(no_target_leaves_the_root)
{
    static const char letters[] = "/./.%2eE0fF5a?#:\x80\n";
    uint64_t state = 88172645463325252ull;
    char target[64], path[PATH_BYTES_MAX + 1];

    for (unsigned round = 0; round < 300000; round++) {
        size_t bytes = 0;

        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        for (uint64_t left = state; bytes < 16; left /= sizeof letters - 1, bytes++)
            target[bytes] = letters[left % (sizeof letters - 1)];
        if (round % 8 != 0)
            target[0] = '/';
        target[bytes] = 0;
        if (target_path(target, "/www", path) == 0) {
            CHECK(memcmp(path, "/www/", 5) == 0);
            CHECK(strstr(path, "/.") == NULL && strstr(path, "//") == NULL);
        }
    }
}

TEST(what_a_file_is_follows_from_its_ending)
{
    CHECK(strncmp(content_type("/www/a.html"), "text/html", 9) == 0);
    CHECK(strncmp(content_type("/www/A.TXT"), "text/plain", 10) == 0);
    CHECK(strcmp(content_type("/www/a.svg"), "image/svg+xml") == 0);
    CHECK(strcmp(content_type("/www.html/a"), "application/octet-stream") == 0);
    CHECK(strcmp(content_type("/www/html"), "application/octet-stream") == 0);
}
