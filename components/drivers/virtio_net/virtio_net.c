// A virtio network device (virtio 1.2, 5.1), without any offload: one frame is one buffer.
//
// The device sees only this driver's DMA memory. Each descriptor of both rings has a buffer of its own there, so the number of
// a chain is the number of its buffer. Frames are copied between the buffers and the client's streams: neither the device
// nor the client can change what the other is looking at, and both lengths are checked in our own copy.
// A frame for which there is no room is lost, as on any Ethernet.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <virtio_driver.h>

#define TYPE_NETWORK   1u
#define FEATURE_MAC    (1ull << 5)
#define CONFIG_ADDRESS 0

#define RECEIVE 0u  // the queues (5.1.2)
#define SEND    1u

#define ENTRIES      32u
#define BUFFER_BYTES 2048u
#define HEADER_BYTES 12u  // struct virtio_net_hdr (5.1.6); all zero, as no agreed feature is about it
#define FRAME_MIN    14u  // two addresses and a type
#define FRAME_MAX    1514u

_Static_assert(sizeof(((struct ethernet_frame *)0)->data) == FRAME_MAX, "interface Ethernet");
_Static_assert(HEADER_BYTES + FRAME_MAX <= BUFFER_BYTES, "a frame in a buffer");
_Static_assert(2 * ENTRIES * BUFFER_BYTES <= DMA_BUFFER_BYTES, "dma: {buffer: 128KiB}");

static struct virtio_driver driver = {
    .type = TYPE_NETWORK,
    .queues = 2,
    .entries = ENTRIES,
    .wanted = FEATURE_MAC,
    .timeout = CONFIG_REQUEST_TIMEOUT,
};
static uint64_t buffer_address;  // of the buffers, as the device sees them
static uint64_t port_address;    // six bytes, the first one lowest
static struct ethernet_frame frame;
static uint64_t sent, sent_at_watch;  // frames that the device is done with
static bool is_watched;               // the timer runs
static bool told_bad_frame;

static unsigned buffer_offset(unsigned queue, uint16_t number)
{
    return (queue * ENTRIES + number) * BUFFER_BYTES;
}

static unsigned char *buffer_of(unsigned queue, uint16_t number)
{
    return (unsigned char *)DMA_BUFFER_BASE + buffer_offset(queue, number);
}

// Gives the next buffer of the queue to the device. The caller has looked that there is one.
static void give_buffer(unsigned queue, uint32_t bytes)
{
    struct split_ring *ring = &driver.rings[queue];
    uint64_t at = buffer_address + buffer_offset(queue, ring_next(ring));

    if (ring_add(ring, &(struct ring_buffer){at, bytes, queue == RECEIVE}, 1) == RING_NONE)
        panic("a ring without room was asked for some");
}

// --- Receiving -------------------------------------------------------------------------------------

static void fill_receive_ring(void)
{
    bool gave = false;

    for (; ring_next(&driver.rings[RECEIVE]) != RING_NONE; gave = true)
        give_buffer(RECEIVE, BUFFER_BYTES);
    if (gave)
        transport_notify(&driver.transport, RECEIVE);
}

// What is too short or too long for a frame is the device's mistake, or the host's; it is dropped.
static void pass_on(uint16_t number, uint32_t written)
{
    if (written < HEADER_BYTES + FRAME_MIN || written > HEADER_BYTES + FRAME_MAX)
        return;
    frame.bytes = (uint16_t)(written - HEADER_BYTES);
    memcpy(frame.data, buffer_of(RECEIVE, number) + HEADER_BYTES, frame.bytes);
    // What a longer frame left behind is another frame's.
    memset(frame.data + frame.bytes, 0, FRAME_MAX - frame.bytes);
    (void)port_received_put(0, &frame);
}

// What the device wrote for the driver before us: the memory is as that one left it, and the device has been reset since.
// That one had given the device all buffers again after what it had looked at; if it ended before it did, the client gets
// some of the frames twice. Any of these numbers may be nonsense.
static void take_left(void)
{
    volatile struct ring_memory *memory = (volatile struct ring_memory *)DMA_RING_BASE + RECEIVE;
    uint16_t end = memory->used.index, at = (uint16_t)(memory->available.index - ENTRIES);

    if ((uint16_t)(end - at) > ENTRIES)
        return;
    for (; at != end; at++) {
        uint32_t number = memory->used.entries[at % ENTRIES].head;

        if (number < ENTRIES)
            pass_on((uint16_t)number, memory->used.entries[at % ENTRIES].bytes);
    }
}

// False: the device lies.
static bool take_received(void)
{
    enum ring_taken taken;
    uint32_t written;
    uint16_t number;

    while ((taken = ring_take(&driver.rings[RECEIVE], &number, &written)) == RING_TAKEN)
        pass_on(number, written);
    return taken == RING_EMPTY;
}

// --- Sending ---------------------------------------------------------------------------------------

// False: the device lies.
static bool take_sent(void)
{
    enum ring_taken taken;
    uint32_t written;
    uint16_t number;

    while ((taken = ring_take(&driver.rings[SEND], &number, &written)) == RING_TAKEN)
        sent++;
    return taken == RING_EMPTY;
}

static bool is_frame(void)
{
    if (frame.bytes >= FRAME_MIN && frame.bytes <= FRAME_MAX)
        return true;
    if (!told_bad_frame)
        log_warning("the client sends what is no frame: %u bytes", frame.bytes);
    told_bad_frame = true;
    return false;
}

static void watch(void)
{
    if (is_watched || driver.rings[SEND].outstanding == 0)
        return;
    is_watched = true;
    sent_at_watch = sent;
    timer_start(SLOT_TIMER_REQUEST, driver.timeout);
}

// Frames stay in the stream while the device has no room for them; its interrupt brings us back here.
static void send_waiting(void)
{
    bool gave = false;
    uint16_t number;

    while ((number = ring_next(&driver.rings[SEND])) != RING_NONE && port_sent_take(0, &frame)) {
        if (!is_frame())
            continue;
        memset(buffer_of(SEND, number), 0, HEADER_BYTES);
        memcpy(buffer_of(SEND, number) + HEADER_BYTES, frame.data, frame.bytes);
        give_buffer(SEND, HEADER_BYTES + frame.bytes);
        gave = true;
    }
    if (gave)
        transport_notify(&driver.transport, SEND);
    watch();
}

// --- The device ------------------------------------------------------------------------------------

// Frames that the device holds are lost. Whatever it still does with their buffers ends with the reset.
static void start(void)
{
    if (!virtio_driver_start(&driver))
        panic("the device cannot be started");
    fill_receive_ring();
    send_waiting();
}

void on_interrupt_dev(void)
{
    virtio_driver_interrupt(&driver);
    if (!take_sent() || !take_received()) {
        log_error("the device answers a request that it does not have, or wrote more than it may");
        start();
        return;
    }
    fill_receive_ring();
    send_waiting();
}

void on_timer_request(void)
{
    bool is_stuck = driver.rings[SEND].outstanding != 0 && sent == sent_at_watch;

    is_watched = false;
    if (is_stuck) {
        log_error("the device did not send a frame within %" PRIu64 " ms", driver.timeout / MILLISECOND);
        start();
        return;
    }
    watch();
}

// --- The interface Ethernet ------------------------------------------------------------------------

enum status port_info(const struct call *call, uint8_t address[6])
{
    (void)call;
    for (unsigned i = 0; i < 6; i++)
        address[i] = (uint8_t)(port_address >> 8 * i);
    return STATUS_OK;
}

void on_port_sent(void)
{
    send_waiting();
}

int main(void)
{
    struct region_info info;

    if (sys_region_info(SLOT_DMA_BUFFER, &info) != STATUS_OK)
        panic("the buffers have no device address");
    buffer_address = info.device_address;
    take_left();
    start();
    if (!(driver.features & FEATURE_MAC) ||
        !transport_config64(&driver.transport, CONFIG_ADDRESS, &port_address))
        panic("the device tells no address");
    log_info("port %02x:%02x:%02x:%02x:%02x:%02x", (unsigned)port_address & 0xff,
             (unsigned)(port_address >> 8) & 0xff, (unsigned)(port_address >> 16) & 0xff,
             (unsigned)(port_address >> 24) & 0xff, (unsigned)(port_address >> 32) & 0xff,
             (unsigned)(port_address >> 40) & 0xff);
    port_started_signal_all();
    event_loop_run();
}
