// Host test of vfs beside itself: the same random requests with nothing in their way, and with a death of the
// file system or of vfs in each of them. The answers are the same, and so are the trees.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_file_systems.h"

#define FILES_MAX 6u

enum kind {
    OPEN,
    CLOSE,
    READ,
    WRITE,
    SEEK,
    TRUNCATE,
    SYNC,
    STAT,
    ENTRY,
    MAKE_DIRECTORY,
    REMOVE_DIRECTORY,
    UNLINK,
    RENAME,
    KINDS
};

struct request_made {
    enum kind kind;
    uint64_t number, mode, offset;
    uint32_t file, count;
    char path[40], new_path[40];
    uint8_t fill;
};

struct answer {
    enum status status;
    uint32_t file, next;
    size_t got;
    struct files_node node;
    char name[61];
    uint8_t data[1000];
};

static uint8_t payload[1000];
static struct request_made *asked;
static struct answer *told;
static uint64_t number;
static uint32_t files[FILES_MAX];  // numbers that open gave

static void ask(void)
{
    const struct request_made *r = asked;
    struct answer *a = told;

    memset(payload, r->fill, sizeof payload);
    switch (r->kind) {
    case OPEN: a->status = client_files_open(r->number, r->mode, r->path, &a->file); break;
    case CLOSE: a->status = client_files_close(r->number, r->file); break;
    case READ:
        a->status = client_files_read(r->number, r->file, r->count, a->data, sizeof a->data, &a->got);
        break;
    case WRITE: a->status = client_files_write(r->number, r->file, payload, r->count); break;
    case SEEK: a->status = client_files_seek(r->file, r->offset); break;
    case TRUNCATE: a->status = client_files_truncate(r->file, r->offset); break;
    case SYNC: a->status = client_files_sync(r->file); break;
    case STAT: a->status = client_files_stat(r->path, &a->node); break;
    case ENTRY: a->status = client_files_entry(r->count % 3, r->path, &a->next, a->name); break;
    case MAKE_DIRECTORY: a->status = client_files_make_directory(r->number, r->path); break;
    case REMOVE_DIRECTORY: a->status = client_files_remove_directory(r->number, r->path); break;
    case UNLINK: a->status = client_files_unlink(r->number, r->path); break;
    default: a->status = client_files_rename(r->number, r->path, r->new_path); break;
    }
    sys_exit(2);
}

static void choose_path(char path[40])
{
    unsigned depth = 1 + choose(3);

    path[0] = 0;
    if (choose(4) == 0)
        strcat(path, "/mnt");
    for (unsigned i = 0; i < depth; i++) {
        char name[4] = {'/', (char)('a' + choose(3))};

        strcat(path, choose(30) == 0 ? "/.." : name);
    }
}

static void choose_request(struct request_made *r)
{
    static const enum kind usual[] = {OPEN,
                                      OPEN,
                                      CLOSE,
                                      CLOSE,
                                      CLOSE,
                                      READ,
                                      READ,
                                      WRITE,
                                      WRITE,
                                      WRITE,
                                      MAKE_DIRECTORY,
                                      MAKE_DIRECTORY,
                                      REMOVE_DIRECTORY,
                                      UNLINK,
                                      UNLINK,
                                      RENAME,
                                      RENAME};

    memset(r, 0, sizeof *r);
    r->kind = choose(3) == 0 ? (enum kind)choose(KINDS) : usual[choose(sizeof usual / sizeof usual[0])];
    r->number = ++number;
    r->mode = choose(4) == 0 ? choose(64)
                             : FILES_MODE_READ | FILES_MODE_WRITE | FILES_MODE_CREATE |
                                   (choose(4) == 0 ? FILES_MODE_APPEND : 0);
    r->offset = choose(FILE_BYTES + 100);
    r->count = choose(sizeof payload);
    r->fill = (uint8_t)(1 + choose(255));
    r->file = choose(10) == 0 ? choose(5000) : files[choose(FILES_MAX)];
    choose_path(r->path);
    choose_path(r->new_path);
}

// vfs may die: then it starts again, and the client asks the same.
static void ask_until_answered(const struct request_made *r, struct answer *a)
{
    asked = (struct request_made *)r;
    told = a;
    for (unsigned tries = 0;; tries++) {
        CHECK(tries < 8);
        memset(a, 0, sizeof *a);
        if (host_run(ask) == 2)
            return;
        start_vfs();
    }
}

struct whole {
    struct fake_file_system fakes[2];
    uint8_t table[REGION_TABLE_BYTES];
};

static struct whole before, undisturbed;

static void save(struct whole *whole)
{
    memcpy(whole->fakes, fakes, sizeof fakes);
    memcpy(whole->table, (void *)REGION_TABLE_BASE, REGION_TABLE_BYTES);
}

static void restore(const struct whole *whole)
{
    memcpy(fakes, whole->fakes, sizeof fakes);
    memcpy((void *)REGION_TABLE_BASE, whole->table, REGION_TABLE_BYTES);
}

static void keep_file(const struct request_made *r, const struct answer *a)
{
    if (r->kind == OPEN && a->status == STATUS_OK)
        files[choose(FILES_MAX)] = a->file;
}

// Every call that it makes below, and each way to die there.
static void disturb(const struct request_made *r, const struct answer *expected, unsigned calls)
{
    for (unsigned at = 0; at < calls; at++) {
        for (unsigned how = 0; how < DEATHS; how++) {
            struct answer a;

            restore(&before);
            calls_to_death = (int)at;
            death = (enum death)how;
            ask_until_answered(r, &a);
            CHECK_EQUAL(calls_to_death, DEATH_NEVER);
            CHECK_EQUAL(a.status, expected->status);
            CHECK(memcmp(&a, expected, sizeof a) == 0);
            CHECK(memcmp(fakes, undisturbed.fakes, sizeof fakes) == 0);
        }
    }
}

static unsigned answers_of[KINDS];  // that were good

TEST(a_request_has_its_effect_once_whoever_dies_at_whichever_call)
{
    static struct answer expected;
    static struct request_made r;

    for (uint64_t seed = 1; seed <= 12; seed++) {
        random_state = seed * 2 + 1;
        number = 0;
        boot_vfs();
        CHECK_EQUAL(client_files_begin(), STATUS_OK);
        // Where the roots are is asked once.
        CHECK_EQUAL(client_files_stat("/", &expected.node), STATUS_OK);
        CHECK_EQUAL(client_files_stat("/mnt", &expected.node), STATUS_OK);
        for (unsigned i = 0; i < 400; i++) {
            choose_request(&r);
            save(&before);
            call_count = 0;
            ask_until_answered(&r, &expected);
            answers_of[r.kind] += expected.status == STATUS_OK;
            CHECK(expected.status == STATUS_OK || expected.status >= RESULT_FIRST);
            CHECK(expected.status != (enum status)FILES_ERROR_IO);
            save(&undisturbed);
            uint64_t state = random_state;

            disturb(&r, &expected, call_count);
            random_state = state;
            restore(&undisturbed);
            // Asked again with its number, it answers the same and changes nothing; what has no number is the
            // same anyway.
            struct answer a;

            ask_until_answered(&r, &a);
            if (r.kind != SEEK && r.kind != TRUNCATE && r.kind != STAT && r.kind != ENTRY)
                CHECK(a.status == expected.status && a.file == expected.file && a.got == expected.got);
            CHECK(memcmp(fakes, undisturbed.fakes, sizeof fakes) == 0);
            restore(&undisturbed);
            keep_file(&r, &expected);
        }
    }
    for (unsigned kind = 0; kind < KINDS; kind++)
        CHECK(answers_of[kind] >= 10);
}
