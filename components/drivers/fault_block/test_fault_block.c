// Host test of the filter: what it does wrong, how often, and that the plan is the seed's.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <string.h>

#define BLOCKS      256
#define BLOCK_BYTES 512
#define REQUESTS    10000

static uint8_t disk[BLOCKS][BLOCK_BYTES];
static uint32_t told_bytes = BLOCK_BYTES;  // of a block, as the disk has it
static unsigned reads, writes, flushes;

enum status peer_disk_info(const struct call *call, struct block_geometry *geometry)
{
    (void)call;
    *geometry = (struct block_geometry){.blocks = BLOCKS, .block_bytes = told_bytes};
    return STATUS_OK;
}

enum status peer_disk_read(const struct call *call, uint64_t first, uint32_t count, const struct lend *data,
                           size_t *data_bytes)
{
    (void)call;
    if (count == 0 || first + count > BLOCKS)
        return BLOCK_ERROR_RANGE;
    reads++;
    *data_bytes = (size_t)count * BLOCK_BYTES;
    return lend_write(data, 0, disk[first], *data_bytes);
}

enum status peer_disk_write(const struct call *call, uint64_t first, const struct lend *data)
{
    (void)call;
    if (first + data->bytes / BLOCK_BYTES > BLOCKS)
        return BLOCK_ERROR_RANGE;
    writes++;
    return lend_read(data, 0, disk[first], data->bytes);
}

enum status peer_disk_flush(const struct call *call)
{
    (void)call;
    flushes++;
    return STATUS_OK;
}

void on_peer_log_lines(void)
{
}

// Time passes while the filter sleeps.
static unsigned sleeps;

static void pass_time(void)
{
    CHECK(host_timers[SLOT_TIMER_DELAY] > host_time &&
          host_timers[SLOT_TIMER_DELAY] <= host_time + CONFIG_LONGEST);
    host_time = host_timers[SLOT_TIMER_DELAY];
    host_timers[SLOT_TIMER_DELAY] = 0;
    sleeps++;
    host_push_bits(BIT_TIMER_DELAY);
}

int component_main(void);

static void start(void)
{
    (void)component_main();
}

static void begin(void)
{
    reads = writes = flushes = sleeps = 0;
    memset(disk, 0, sizeof disk);
    host_on_idle = NULL;
    CHECK_EQUAL(host_run(start), HOST_IDLE);
    host_on_idle = pass_time;
}

// A tenth, give or take.
static bool is_a_tenth(unsigned count, unsigned of)
{
    return count > of / 10 - of / 40 && count < of / 10 + of / 40;
}

static unsigned bits_set(const uint8_t *bytes, size_t count)
{
    unsigned set = 0;

    for (size_t i = 0; i < count; i++)
        set += (unsigned)__builtin_popcount(bytes[i]);
    return set;
}

TEST(a_disk_of_blocks_without_bytes_is_an_error)
{
    uint8_t bytes[BLOCK_BYTES] = {0};
    size_t got;

    told_bytes = 0;
    begin();
    CHECK_EQUAL(client_block_read(1, 1, bytes, sizeof bytes, &got), BLOCK_ERROR_IO);
    CHECK_EQUAL(client_block_write(1, bytes, sizeof bytes), BLOCK_ERROR_IO);
    CHECK_EQUAL(reads + writes, 0);
    told_bytes = BLOCK_BYTES;
}

TEST(reads_flip_one_bit_fail_or_are_late_as_often_as_configured)
{
    unsigned flipped = 0, failed = 0;

    begin();
    for (unsigned i = 0; i < REQUESTS; i++) {
        uint8_t bytes[2 * BLOCK_BYTES];
        size_t got = 0;
        enum status status = client_block_read(i % (BLOCKS - 1), 2, bytes, sizeof bytes, &got);

        if (status != STATUS_OK) {
            CHECK_EQUAL(status, BLOCK_ERROR_IO);
            failed++;
            continue;
        }
        unsigned set = bits_set(bytes, sizeof bytes);

        CHECK(got == sizeof bytes && set <= 1);
        flipped += set;
    }
    CHECK_EQUAL(reads, REQUESTS - failed);
    CHECK(is_a_tenth(failed, REQUESTS));
    CHECK(is_a_tenth(flipped, reads));
    CHECK(is_a_tenth(sleeps, REQUESTS));
    CHECK_EQUAL(bits_set(disk[0], sizeof disk), 0);
}

TEST(writes_are_lost_or_end_elsewhere_but_not_on_block_0)
{
    unsigned lost = 0, strayed = 0, failed = 0;

    begin();
    for (unsigned i = 0; i < REQUESTS; i++) {
        uint8_t bytes[BLOCK_BYTES];
        unsigned before = writes, place = 1 + i % (BLOCKS - 1);

        memset(disk, 0, sizeof disk);
        memset(bytes, 0xff, sizeof bytes);
        if (client_block_write(place, bytes, sizeof bytes) != STATUS_OK)
            failed++;
        else if (writes == before)
            lost++;
        else if (disk[place][0] == 0)
            strayed++;
        CHECK_EQUAL(bits_set(disk[0], BLOCK_BYTES), 0);
        CHECK(bits_set(disk[0], sizeof disk) == (writes == before ? 0 : BLOCK_BYTES * 8));
    }
    CHECK(is_a_tenth(failed, REQUESTS));
    CHECK(is_a_tenth(lost, REQUESTS - failed));
    CHECK(is_a_tenth(strayed, REQUESTS - failed - lost));
}

TEST(the_plan_is_the_seeds)
{
    bool first[200];

    for (unsigned run = 0; run < 2; run++) {
        begin();
        for (unsigned i = 0; i < 200; i++) {
            bool ended_well = client_block_flush() == STATUS_OK;

            CHECK(run == 0 || first[i] == ended_well);
            first[i] = ended_well;
        }
    }
}

TEST(what_the_disk_refuses_stays_refused)
{
    uint8_t bytes[BLOCK_BYTES] = {0};
    struct block_geometry geometry;
    size_t got;
    enum status status;

    begin();
    CHECK_EQUAL(client_block_info(&geometry), STATUS_OK);
    CHECK_EQUAL(geometry.blocks, BLOCKS);
    do
        status = client_block_read(BLOCKS, 1, bytes, sizeof bytes, &got);
    while (status == (enum status)BLOCK_ERROR_IO);
    CHECK_EQUAL(status, BLOCK_ERROR_RANGE);
    do
        status = client_block_read(0, UINT32_MAX, bytes, sizeof bytes, &got);
    while (status == (enum status)BLOCK_ERROR_IO);
    CHECK_EQUAL(status, BLOCK_ERROR_RANGE);
}
