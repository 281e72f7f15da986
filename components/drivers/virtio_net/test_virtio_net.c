// Host test of the network driver between a device that may lie and a client that may send nonsense.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_virtio.h"

#define FEATURE_MAC  (1ull << 5)
#define HEADER_BYTES 12u
#define RECEIVE      0
#define SEND         1

static uint8_t incoming[2048];  // with its header: the next frame that the device receives
static uint32_t incoming_bytes;
static uint8_t outgoing[2048];  // the last frame that the device sent
static uint32_t outgoing_bytes, outgoing_count;
static struct ethernet_frame frame;

static uint32_t device_serve(struct ring_buffer *buffers, unsigned count)
{
    uint8_t *memory = (uint8_t *)(uintptr_t)buffers[0].address;

    CHECK(count == 1);
    if (buffers[0].device_writes) {
        memcpy(memory, incoming, incoming_bytes < buffers[0].bytes ? incoming_bytes : buffers[0].bytes);
        return incoming_bytes;
    }
    for (unsigned i = 0; i < HEADER_BYTES; i++)
        CHECK_EQUAL(memory[i], 0);
    outgoing_bytes = buffers[0].bytes - HEADER_BYTES;
    memcpy(outgoing, memory + HEADER_BYTES, outgoing_bytes);
    outgoing_count++;
    return 0;
}

void on_peer_log_lines(void)
{
}

void on_client_port_received(void)
{
}

void on_client_port_started(void)
{
}

int component_main(void);

static void start(void)
{
    component_main();
}

static void begin_as(uint64_t features)
{
    fake_begin(1, features);
    fake.config = 0x0001563412005452;
    fake.queues[RECEIVE].waits = true;
}

static void begin(void)
{
    begin_as(FEATURE_MAC);
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
}

// The device gets a frame of so many bytes from the wire, all of the value. False: it has no buffer.
static bool arrive(uint8_t value, uint32_t bytes)
{
    memset(incoming, 0, HEADER_BYTES);
    memset(incoming + HEADER_BYTES, value, sizeof incoming - HEADER_BYTES);
    incoming_bytes = HEADER_BYTES + bytes;
    bool had_room = fake_serve(&fake.queues[RECEIVE], false);

    fake.interrupt |= 1;
    host_bits(BIT_INTERRUPT_DEV);
    return had_room;
}

static void send(uint8_t value, uint16_t bytes)
{
    memset(frame.data, value, sizeof frame.data);
    frame.bytes = bytes;
    CHECK(client_port_sent_put(&frame));
    host_bits(BIT_STREAM_PORT_SENT);
}

TEST(the_port_has_the_address_of_the_device)
{
    uint8_t address[6], expected[6] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

    begin();
    CHECK_EQUAL(client_port_info(address), STATUS_OK);
    CHECK(memcmp(address, expected, 6) == 0);
}

TEST(what_arrives_reaches_the_client_in_order)
{
    begin();
    for (unsigned i = 0; i < 200; i++) {
        CHECK(arrive((uint8_t)i, 14 + i * 7));
        CHECK(client_port_received_take(&frame));
        CHECK_EQUAL(frame.bytes, 14 + i * 7);
        CHECK(frame.data[0] == (uint8_t)i && frame.data[frame.bytes - 1] == (uint8_t)i);
        CHECK(frame.bytes == 1514 || frame.data[frame.bytes] == 0);
    }
    CHECK(!client_port_received_take(&frame));
}

static volatile struct ring_memory *const ring = (volatile struct ring_memory *)DMA_RING_BASE + RECEIVE;

// A driver that ended when it had given so many buffers in all, and the device had used so many.
static void leave_ring(uint16_t available, uint16_t used, uint32_t head_step)
{
    ring->available.index = available;
    ring->used.index = used;
    for (unsigned i = 0; i < 32; i++) {
        ring->used.entries[i].head = i * head_step;
        ring->used.entries[i].bytes = HEADER_BYTES + 60;
        memset((uint8_t *)DMA_BUFFER_BASE + i * 2048 + HEADER_BYTES, (int)i, 60);
    }
}

TEST(what_the_driver_before_had_not_passed_on_comes_first)
{
    leave_ring(65530 + 32, 65530 + 8, 1);  // over the wrap of the indices
    begin();
    for (unsigned i = 0; i < 8; i++) {
        CHECK(client_port_received_take(&frame));
        CHECK(frame.bytes == 60 && frame.data[0] == (65530 + i) % 32);
    }
    CHECK(!client_port_received_take(&frame));
    CHECK(arrive(99, 60) && client_port_received_take(&frame) && frame.data[0] == 99);
}

TEST(what_the_driver_before_left_may_be_nonsense)
{
    leave_ring(500, 500 - 33, 1);
    begin();
    CHECK(!client_port_received_take(&frame));
}

TEST(a_buffer_that_is_none_was_left_by_nobody)
{
    leave_ring(32, 32, 31);
    begin();
    CHECK(client_port_received_take(&frame) && frame.data[0] == 0);
    CHECK(client_port_received_take(&frame) && frame.data[0] == 31);
    CHECK(!client_port_received_take(&frame));
}

TEST(the_client_hears_that_the_port_has_started)
{
    begin();
    CHECK_EQUAL(host_signals[SLOT_EVENT_PORT_STARTED_0], 1);
}

TEST(what_is_no_frame_is_dropped)
{
    begin();
    CHECK(arrive(1, 13));
    CHECK(arrive(1, 0));
    CHECK(arrive(1, 1515));
    CHECK(arrive(1, 2048 - HEADER_BYTES));
    CHECK(!client_port_received_take(&frame));
    CHECK(arrive(2, 1514));
    CHECK(client_port_received_take(&frame));
    CHECK_EQUAL(frame.data[1513], 2);
}

TEST(frames_that_nobody_takes_are_lost_and_the_device_goes_on)
{
    unsigned taken = 0;

    begin();
    for (unsigned i = 0; i < 100; i++)
        CHECK(arrive((uint8_t)i, 60));
    while (client_port_received_take(&frame))
        CHECK_EQUAL(frame.data[0], taken++);
    CHECK_EQUAL(taken, 64);
    CHECK(arrive(7, 60) && client_port_received_take(&frame) && frame.data[0] == 7);
}

TEST(what_the_client_sends_reaches_the_wire)
{
    begin();
    for (uint16_t i = 0; i < 300; i++) {
        uint16_t bytes = (uint16_t)(14 + i * 5);

        send((uint8_t)i, bytes);
        CHECK(outgoing_count == i + 1u && outgoing_bytes == bytes);
        CHECK(outgoing[0] == (uint8_t)i && outgoing[bytes - 1] == (uint8_t)i);
        poll_bits(0);
        fake.interrupt |= 1;
        host_bits(BIT_INTERRUPT_DEV);
    }
}

TEST(what_a_client_says_is_a_frame_and_is_none_reaches_no_device)
{
    static const uint16_t bad[] = {0, 13, 1515, 2048, 0xffff};

    begin();
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        send(1, bad[i]);
    CHECK_EQUAL(outgoing_count, 0);
    send(2, 14);
    CHECK_EQUAL(outgoing_count, 1);
}

TEST(a_device_without_room_gets_the_frames_later)
{
    begin();
    fake.queues[SEND].waits = true;
    for (uint8_t i = 0; i < 40; i++)
        send(i, 60);
    for (unsigned i = 0; i < 32; i++)
        CHECK(fake_serve(&fake.queues[SEND], false));
    CHECK(!fake_serve(&fake.queues[SEND], false));
    fake.interrupt |= 1;
    host_bits(BIT_INTERRUPT_DEV);
    while (fake_serve(&fake.queues[SEND], false))
        continue;
    CHECK(outgoing_count == 40 && outgoing[0] == 39);
}

TEST(a_device_that_sends_nothing_is_reset)
{
    begin();
    unsigned resets = fake.resets;

    fake.queues[SEND].waits = true;
    send(1, 60);
    host_bits(BIT_TIMER_REQUEST);
    CHECK_EQUAL(fake.resets, resets + 1);
    fake.queues[SEND].waits = false;
    send(2, 60);
    CHECK(outgoing_count == 1 && outgoing[0] == 2);
    CHECK(arrive(3, 60) && client_port_received_take(&frame) && frame.data[0] == 3);
}

TEST(a_device_that_is_only_slow_is_left_alone)
{
    begin();
    unsigned resets = fake.resets;

    fake.queues[SEND].waits = true;
    send(1, 60);
    send(2, 60);
    CHECK(fake_serve(&fake.queues[SEND], false));
    fake.interrupt |= 1;
    host_bits(BIT_INTERRUPT_DEV);
    host_bits(BIT_TIMER_REQUEST);
    CHECK_EQUAL(fake.resets, resets);
    host_bits(BIT_TIMER_REQUEST);
    CHECK_EQUAL(fake.resets, resets + 1);
}

TEST(a_device_that_lies_is_reset_and_goes_on)
{
    static const enum fake_behaviour lies[] = {FAKE_WRONG_HEAD, FAKE_OTHER_HEAD, FAKE_TWICE, FAKE_TOO_LONG};

    begin();
    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        unsigned resets = fake.resets;

        incoming_bytes = HEADER_BYTES + 60;
        fake.behaviour = lies[i];
        // A head that another buffer has is a lie only when the device does not hold that one.
        CHECK(fake_serve(&fake.queues[lies[i] == FAKE_OTHER_HEAD ? SEND : RECEIVE], true) ||
              lies[i] == FAKE_OTHER_HEAD);
        if (lies[i] == FAKE_OTHER_HEAD)
            fake_answer(&fake.queues[SEND], 5, 0);
        fake.interrupt |= 1;
        host_bits(BIT_INTERRUPT_DEV);
        CHECK(fake.resets == resets + 1);
        while (client_port_received_take(&frame))
            continue;
        fake.behaviour = FAKE_HONEST;
        CHECK(arrive(9, 60) && client_port_received_take(&frame) && frame.data[0] == 9);
    }
}

TEST(what_is_no_modern_network_device_ends_the_driver)
{
    begin_as(0);  // it has no address
    CHECK_EQUAL(host_run(start), 134);
    begin_as(FEATURE_MAC);
    fake.features = FEATURE_MAC;
    CHECK_EQUAL(host_run(start), 134);
    begin_as(FEATURE_MAC);
    fake.queue_size = 16;
    CHECK_EQUAL(host_run(start), 134);
    CHECK(!host_is_ready);
}

// A device that scribbles over its part of the rings can spoil frames and nothing else.
TEST(random_bytes_in_the_rings_harm_nobody)
{
    uint64_t state = 88172645463325252ull;

    begin();
    for (unsigned round = 0; round < 5000; round++) {
        struct ring_memory *ring = (struct ring_memory *)DMA_RING_BASE + (round & 1);

        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        if (round % 3 == 0)
            ((uint8_t *)ring)[offsetof(struct ring_memory, used) + state % 264] = (uint8_t)(state >> 32);
        (void)arrive((uint8_t)state, 14 + state % 1500);
        send((uint8_t)state, 60);
        poll_bits(0);
        host_bits(BIT_INTERRUPT_DEV);
        while (client_port_received_take(&frame))
            CHECK(frame.bytes >= 14 && frame.bytes <= 1514);
    }
}
