// Host test of the log store against a disk that can be cut off at any moment, and against a plain list of records.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include "crc32c.h"
#include "disk_log.h"

#define BLOCKS 33 // one more than the records it has room for

static uint8_t disk[BLOCKS][RECORD_BLOCK_BYTES];
static uint64_t disk_blocks = BLOCKS;
static int writes_left = -1;     // then the power is cut: no write, no answer; -1: never
static enum status disk_error;   // every request ends so

// --- The disk ----------------------------------------------------------------------------------------

enum status peer_disk_info(const struct call *call, struct block_geometry *geometry)
{
    (void)call;
    *geometry = (struct block_geometry){.blocks = disk_blocks, .block_bytes = RECORD_BLOCK_BYTES};
    return disk_error;
}

enum status peer_disk_read(const struct call *call, uint64_t first, uint32_t count, const struct lend *data,
                           size_t *data_bytes)
{
    (void)call;
    CHECK(first + count <= disk_blocks);
    *data_bytes = count * RECORD_BLOCK_BYTES;
    return disk_error ? disk_error : lend_write(data, 0, disk[first], *data_bytes);
}

enum status peer_disk_write(const struct call *call, uint64_t first, const struct lend *data)
{
    (void)call;
    CHECK(first < disk_blocks && data->bytes == RECORD_BLOCK_BYTES);
    if (disk_error || writes_left == 0)
        return BLOCK_ERROR_IO;
    writes_left -= writes_left > 0;
    return lend_read(data, 0, disk[first], data->bytes);
}

enum status peer_disk_flush(const struct call *call)
{
    (void)call;
    return disk_error || writes_left == 0 ? BLOCK_ERROR_IO : STATUS_OK;
}

void on_peer_log_lines(void)
{
}

// --- A log, opened as after a restart of the store ------------------------------------------------------

static struct client_state clients[2];
static struct disk_log opened;

static bool open_again(void)
{
    clients[0] = (struct client_state){.name = crc32c("a", 1)};
    clients[1] = (struct client_state){.name = crc32c("b", 1)};
    opened = (struct disk_log){.clients = clients, .client_count = 2};
    return disk_log_open(&opened);
}

static enum status append(unsigned client, uint64_t id)
{
    struct record_block record = {.id = id, .seconds = 7 * id, .client = clients[client].name, .bytes = 4};

    memcpy(record.text, &id, 4);
    return disk_log_append(&opened, &clients[client], &record);
}

TEST(the_checksum_is_crc32c)
{
    CHECK_EQUAL(crc32c("123456789", 9), 0xe3069283u);
}

TEST(a_blank_disk_is_prepared_and_an_empty_log_found_again)
{
    CHECK(open_again());
    CHECK_EQUAL(opened.capacity, BLOCKS - 1);
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 0);
}

TEST(records_and_the_last_id_of_each_client_are_found_again)
{
    struct record_block record;

    CHECK(open_again());
    for (uint64_t id = 1; id <= 5; id++)
        CHECK_EQUAL(append(id % 2, 10 * id), STATUS_OK);
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 5);
    CHECK_EQUAL(clients[0].id, 40);
    CHECK_EQUAL(clients[1].id, 50);
    CHECK_EQUAL(disk_log_read(&opened, 2, &record), STATUS_OK);
    CHECK_EQUAL(record.id, 30);
    CHECK_EQUAL(record.seconds, 210);
    CHECK_EQUAL(disk_log_read(&opened, 5, &record), LOG_STORE_ERROR_ABSENT);
}

TEST(a_full_disk_goes_round_and_keeps_the_newest)
{
    struct record_block record;

    CHECK(open_again());
    for (uint64_t id = 1; id <= 3 * (BLOCKS - 1) + 5; id++)
        CHECK_EQUAL(append(0, id), STATUS_OK);
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 3 * (BLOCKS - 1) + 5);
    CHECK_EQUAL(clients[0].id, opened.next);
    CHECK_EQUAL(disk_log_oldest(&opened), opened.next - (BLOCKS - 1));
    for (uint64_t sequence = disk_log_oldest(&opened); sequence < opened.next; sequence++) {
        CHECK_EQUAL(disk_log_read(&opened, sequence, &record), STATUS_OK);
        CHECK_EQUAL(record.id, sequence + 1);
    }
    CHECK_EQUAL(disk_log_read(&opened, disk_log_oldest(&opened) - 1, &record), LOG_STORE_ERROR_ABSENT);
}

// The power fails after any number of writes; the client repeats what was not acknowledged.
TEST(a_cut_at_any_write_loses_nothing_that_was_acknowledged)
{
    for (int cut = 1; cut < 20; cut++) {
        uint64_t acknowledged = 0;

        memset(disk, 0, sizeof disk);
        writes_left = -1;
        CHECK(open_again());
        writes_left = cut;
        while (append(0, acknowledged + 1) == STATUS_OK)
            acknowledged++;
        writes_left = -1;
        CHECK(open_again());
        // The one that was cut off may be there, and nothing else.
        CHECK(clients[0].id == acknowledged || clients[0].id == acknowledged + 1);
        CHECK_EQUAL(opened.next, clients[0].id);
    }
}

TEST(a_torn_block_at_the_end_is_written_again)
{
    CHECK(open_again());
    CHECK_EQUAL(append(0, 1), STATUS_OK);
    CHECK_EQUAL(append(0, 2), STATUS_OK);
    memset(disk[2] + 256, 0xa5, 256);
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 1);
    CHECK_EQUAL(opened.bad, 1);
    CHECK_EQUAL(append(0, 2), STATUS_OK);
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 2);
    CHECK_EQUAL(opened.bad, 0);
}

TEST(damage_in_the_middle_costs_its_record_only)
{
    struct record_block record;

    CHECK(open_again());
    for (uint64_t id = 1; id <= 4; id++)
        CHECK_EQUAL(append(0, id), STATUS_OK);
    disk[2][80] ^= 1;
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 4);
    CHECK_EQUAL(disk_log_read(&opened, 1, &record), LOG_STORE_ERROR_ABSENT);
    CHECK_EQUAL(disk_log_read(&opened, 2, &record), STATUS_OK);
}

TEST(a_record_in_the_wrong_place_is_damage)
{
    CHECK(open_again());
    CHECK_EQUAL(append(0, 1), STATUS_OK);
    memcpy(disk[2], disk[1], RECORD_BLOCK_BYTES);
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 1);
    CHECK_EQUAL(opened.bad, 1);
}

TEST(a_disk_with_something_else_or_too_small_is_left_alone)
{
    uint8_t before[sizeof disk];

    memset(disk[0], 0x55, 100);
    memcpy(before, disk, sizeof disk);
    CHECK(!open_again());
    CHECK(memcmp(before, disk, sizeof disk) == 0);
    memset(disk, 0, sizeof disk);
    CHECK(open_again());
    disk_blocks = BLOCKS - 1; // the log was made for a larger disk
    CHECK(!open_again());
    disk_blocks = 1;
    CHECK(!open_again());
    disk_blocks = 0;
    CHECK(!open_again());
}

TEST(a_failed_append_takes_no_number_and_can_be_repeated)
{
    CHECK(open_again());
    disk_error = BLOCK_ERROR_IO;
    CHECK(append(0, 1) != STATUS_OK);
    CHECK_EQUAL(opened.next, 0);
    CHECK_EQUAL(clients[0].id, 0);
    disk_error = STATUS_OK;
    CHECK_EQUAL(append(0, 1), STATUS_OK);
    CHECK_EQUAL(opened.next, 1);
}

TEST(the_death_of_the_disk_driver_is_a_delay)
{
    CHECK(open_again());
    host_next_call = STATUS_PEER_DIED;
    CHECK_EQUAL(append(0, 1), STATUS_OK);
    host_next_call = STATUS_TIMED_OUT;
    CHECK_EQUAL(append(0, 2), STATUS_OK);
    CHECK(open_again());
    CHECK_EQUAL(opened.next, 2);
}

// --- The interface ------------------------------------------------------------------------------------

int component_main(void);

static void start(void)
{
    component_main();
}

TEST(an_id_that_is_stored_is_answered_and_not_stored_again)
{
    uint64_t sequence = 99, oldest, next, id;
    struct log_store_record record;

    CHECK(host_run(start) == HOST_IDLE);
    CHECK_EQUAL(client_store_append(1, 1000, "one", &sequence), STATUS_OK);
    CHECK_EQUAL(sequence, 0);
    CHECK_EQUAL(client_store_append(2, 2000, "two", &sequence), STATUS_OK);
    CHECK_EQUAL(client_store_append(2, 2000, "two", &sequence), STATUS_OK);
    CHECK_EQUAL(sequence, 1);
    CHECK_EQUAL(client_store_append(1, 1000, "one", &sequence), LOG_STORE_ERROR_STALE);
    CHECK_EQUAL(client_store_append(0, 1000, "none", &sequence), LOG_STORE_ERROR_STALE);
    CHECK_EQUAL(client_store_bounds(&oldest, &next), STATUS_OK);
    CHECK(oldest == 0 && next == 2);
    CHECK_EQUAL(client_store_last(&id), STATUS_OK);
    CHECK_EQUAL(id, 2);
    CHECK_EQUAL(client_store_read(1, &record), STATUS_OK);
    CHECK(record.bytes == 3 && memcmp(record.text, "two", 3) == 0 && record.seconds == 2000);
    CHECK_EQUAL(client_store_read(2, &record), LOG_STORE_ERROR_ABSENT);
}

TEST(without_a_disk_every_call_says_so)
{
    uint64_t value, other;
    struct log_store_record record;

    disk_error = BLOCK_ERROR_IO;
    CHECK(host_run(start) == HOST_IDLE);
    CHECK_EQUAL(client_store_append(1, 1000, "one", &value), LOG_STORE_ERROR_IO);
    CHECK_EQUAL(client_store_last(&value), LOG_STORE_ERROR_IO);
    CHECK_EQUAL(client_store_bounds(&value, &other), LOG_STORE_ERROR_IO);
    CHECK_EQUAL(client_store_read(0, &record), LOG_STORE_ERROR_IO);
}
