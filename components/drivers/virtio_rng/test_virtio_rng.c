// Host test of the entropy driver on a device that may be short of bytes or lie.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_virtio.h"

static uint32_t bytes_a_request;
static uint8_t next_value;

static uint32_t device_serve(struct ring_buffer *buffers, unsigned count)
{
    uint32_t bytes = bytes_a_request < buffers[0].bytes ? bytes_a_request : buffers[0].bytes;

    CHECK(count == 1 && buffers[0].device_writes);
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)(uintptr_t)buffers[0].address)[i] = ++next_value;
    return bytes;
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
    fake_begin(4, 0);
    bytes_a_request = 64;
    CHECK(host_run(start) == HOST_IDLE);
}

TEST(each_call_gets_bytes_of_its_own)
{
    uint8_t data[32];

    begin();
    CHECK_EQUAL(client_random_read(data), STATUS_OK);
    CHECK(data[0] == 1 && data[31] == 32);
    CHECK_EQUAL(client_random_read(data), STATUS_OK);
    CHECK(data[0] == 33 && data[31] == 64);
}

TEST(bytes_do_not_stay_in_the_buffer)
{
    uint8_t data[32], zero[32] = {0};

    begin();
    CHECK_EQUAL(client_random_read(data), STATUS_OK);
    CHECK(memcmp((void *)DMA_BUFFER_BASE, zero, sizeof zero) == 0);
}

TEST(a_short_answer_is_completed_and_too_many_are_an_error)
{
    uint8_t data[32];

    begin();
    bytes_a_request = 5;
    CHECK_EQUAL(client_random_read(data), STATUS_OK);
    CHECK(data[0] == 1 && data[31] == 32);
    bytes_a_request = 3;
    CHECK_EQUAL(client_random_read(data), RANDOM_ERROR_IO);
    bytes_a_request = 0;
    CHECK_EQUAL(client_random_read(data), RANDOM_ERROR_IO);
}

TEST(a_device_that_lies_is_reset_and_asked_again)
{
    static const enum fake_behaviour lies[] = {FAKE_SILENT, FAKE_WRONG_HEAD, FAKE_OTHER_HEAD, FAKE_TWICE, FAKE_TOO_LONG};
    uint8_t data[32];

    begin();
    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        fake.behaviour = lies[i];
        fake.misbehave_for = 1;
        CHECK_EQUAL(client_random_read(data), STATUS_OK);
        fake.misbehave_for = 100;
        CHECK_EQUAL(client_random_read(data), RANDOM_ERROR_IO);
    }
}
