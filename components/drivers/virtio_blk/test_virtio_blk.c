// Host test of the block driver on a device that may lie. ASan and UBSan watch.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_virtio.h"

#define BLOCKS        64
#define FEATURE_RO    (1ull << 5)
#define FEATURE_FLUSH (1ull << 9)

static uint8_t disk[BLOCKS][512];
static uint8_t answer;           // status byte of each request
static unsigned flushes;
static uint8_t data[65536];

static uint32_t device_serve(struct ring_buffer *buffers, unsigned count)
{
    struct {
        uint32_t type, reserved;
        uint64_t sector;
    } header;
    uint32_t written = 1;

    CHECK(count >= 2 && buffers[0].bytes == sizeof header && !buffers[0].device_writes);
    CHECK(buffers[count - 1].bytes == 1 && buffers[count - 1].device_writes);
    memcpy(&header, (void *)(uintptr_t)buffers[0].address, sizeof header);
    flushes += header.type == 4;
    if (count == 3) {
        void *memory = (void *)(uintptr_t)buffers[1].address;

        CHECK(header.type <= 1 && buffers[1].device_writes == (header.type == 0));
        CHECK((header.sector * 512 + buffers[1].bytes) <= sizeof disk);
        if (header.type == 0)
            memcpy(memory, disk[header.sector], buffers[1].bytes);
        else
            memcpy(disk[header.sector], memory, buffers[1].bytes);
        written += header.type == 0 ? buffers[1].bytes : 0;
    }
    *(uint8_t *)(uintptr_t)buffers[count - 1].address = answer;
    return written;
}

void on_peer_log_lines(void)
{
}

int component_main(void);

static void start(void)
{
    component_main();
}

static void begin(void)
{
    fake_begin(2, FEATURE_FLUSH);
    fake.config = BLOCKS;
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
}

static enum status write_block(uint64_t first, uint8_t value, size_t bytes)
{
    memset(data, value, bytes);
    return client_block_write(first, data, bytes);
}

static enum status read_block(uint64_t first, uint32_t count, size_t *bytes)
{
    memset(data, 0xee, sizeof data);
    return client_block_read(first, count, data, sizeof data, bytes);
}

TEST(what_is_written_is_read_again)
{
    struct block_geometry geometry;
    size_t bytes = 0;

    begin();
    CHECK_EQUAL(client_block_info(&geometry), STATUS_OK);
    CHECK(geometry.blocks == BLOCKS && geometry.block_bytes == 512 && !geometry.read_only);
    CHECK_EQUAL(write_block(3, 0x5a, 1024), STATUS_OK);
    CHECK_EQUAL(client_block_flush(), STATUS_OK);
    CHECK_EQUAL(flushes, 1);
    CHECK_EQUAL(read_block(2, 4, &bytes), STATUS_OK);
    CHECK_EQUAL(bytes, 2048);
    CHECK(data[511] == 0 && data[512] == 0x5a && data[1535] == 0x5a && data[1536] == 0);
}

TEST(requests_outside_the_disk_never_reach_it)
{
    size_t bytes;

    begin();
    CHECK_EQUAL(read_block(BLOCKS, 1, &bytes), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(read_block(BLOCKS - 1, 2, &bytes), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(read_block(~0ull, 1, &bytes), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(read_block(0, 0, &bytes), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(read_block(0, 129, &bytes), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(read_block(0, 0x800001, &bytes), BLOCK_ERROR_RANGE); // times 512 it is 512
    CHECK_EQUAL(client_block_read(0, 2, data, 512, &bytes), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(write_block(BLOCKS, 1, 512), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(write_block(0, 1, 100), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(write_block(0, 1, 0), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(fake.requests, 0);
}

TEST(a_read_only_disk_is_not_written)
{
    fake_begin(2, FEATURE_RO);
    fake.config = BLOCKS;
    CHECK(host_run(start) == HOST_IDLE);
    CHECK_EQUAL(write_block(0, 1, 512), BLOCK_ERROR_READ_ONLY);
    CHECK_EQUAL(client_block_flush(), STATUS_OK); // nothing to flush
    CHECK_EQUAL(fake.requests, 0);
}

TEST(an_error_of_the_disk_is_an_error_of_the_call)
{
    size_t bytes;

    begin();
    for (unsigned i = 1; i < 256; i++) {
        answer = (uint8_t)i;
        CHECK_EQUAL(read_block(0, 1, &bytes), BLOCK_ERROR_IO);
        CHECK_EQUAL(data[0], 0xee);
    }
    answer = 0;
    CHECK_EQUAL(read_block(0, 1, &bytes), STATUS_OK);
}

// Each lie resets the device; the request is tried once more, and an honest second answer is a success.
TEST(a_device_that_lies_is_reset_and_the_request_repeated)
{
    static const enum fake_behaviour lies[] = {FAKE_SILENT, FAKE_WRONG_HEAD, FAKE_OTHER_HEAD, FAKE_TWICE, FAKE_TOO_LONG};
    size_t bytes;

    begin();
    memset(disk[7], 0x77, 512);
    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        unsigned resets = fake.resets;

        fake.behaviour = lies[i];
        fake.misbehave_for = 1;
        CHECK_EQUAL(read_block(7, 1, &bytes), STATUS_OK);
        CHECK_EQUAL(data[100], 0x77);
        CHECK_EQUAL(fake.resets, resets + 1);
        fake.misbehave_for = 2;
        CHECK_EQUAL(read_block(7, 1, &bytes), BLOCK_ERROR_IO);
        CHECK_EQUAL(data[100], 0xee);
        fake.misbehave_for = 0;
        CHECK_EQUAL(read_block(7, 1, &bytes), STATUS_OK);
    }
}

// Otherwise the buffer's old content would pass for the disk's.
TEST(a_short_answer_hands_out_nothing)
{
    size_t bytes;

    begin();
    CHECK_EQUAL(write_block(0, 0x99, 512), STATUS_OK);
    fake.behaviour = FAKE_SHORT;
    CHECK_EQUAL(read_block(1, 1, &bytes), BLOCK_ERROR_IO);
    CHECK_EQUAL(data[0], 0xee);
}

static void read_once(void)
{
    size_t bytes;

    (void)!client_block_read(0, 1, data, sizeof data, &bytes);
}

TEST(a_device_that_does_not_come_back_ends_the_driver)
{
    begin();
    fake.behaviour = FAKE_DEAD;
    CHECK_EQUAL(host_run(read_once), 134);
}

TEST(what_is_no_modern_block_device_ends_the_driver)
{
    for (unsigned i = 0; fake_begin(2, 0), fake_pretend(i); i++)
        CHECK_EQUAL(host_run(start), 134);
    fake_begin(2, 0);
    fake.features = 0;
    CHECK_EQUAL(host_run(start), 134);
    fake_begin(2, 0);
    fake.queue_size = 4;
    CHECK_EQUAL(host_run(start), 134);
    CHECK(!host_is_ready);
}

TEST(a_new_size_is_seen_and_one_that_never_settles_is_none)
{
    struct block_geometry geometry;

    begin();
    fake.config = 16;
    fake.interrupt = 2;
    host_bits(BIT_INTERRUPT_DEV);
    CHECK_EQUAL(client_block_info(&geometry), STATUS_OK);
    CHECK_EQUAL(geometry.blocks, 16);
    fake.config_changes = 1000;
    fake.interrupt = 2;
    host_bits(BIT_INTERRUPT_DEV);
    CHECK_EQUAL(client_block_info(&geometry), STATUS_OK);
    CHECK_EQUAL(geometry.blocks, 0);
}

// A device that scribbles over the whole ring between requests can spoil requests and nothing else.
TEST(random_bytes_in_the_ring_harm_nobody)
{
    uint64_t state = 88172645463325252ull;

    begin();
    for (unsigned round = 0; round < 5000; round++) {
        uint8_t *ring = (uint8_t *)DMA_RING_BASE;
        size_t bytes;

        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        if (round % 3 == 0)
            ring[offsetof(struct ring_memory, used) + state % 70] = (uint8_t)(state >> 32);
        enum status status = read_block(state % BLOCKS, 1, &bytes);

        CHECK(status == STATUS_OK || status == BLOCK_ERROR_IO);
        // Interrupts of requests that ended before they came.
        poll_bits(0);
        poll_bits(0);
    }
}
