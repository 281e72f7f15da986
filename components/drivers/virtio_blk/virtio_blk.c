// A virtio block device (virtio 1.2, 5.2).
//
// The device sees only this driver's DMA memory: a request's header, its status and a bounce buffer. Clients' data is copied
// in before a write is submitted and out after a read is done, so a device that writes late hits nobody's memory.
// One request at a time, so requests reach the disk in the order of their calls, across restarts of a client too.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <virtio_driver.h>

#define TYPE_BLOCK    2u
#define FEATURE_RO    (1ull << 5)
#define FEATURE_FLUSH (1ull << 9)
#define CONFIG_CAPACITY 0

#define REQUEST_IN    0u
#define REQUEST_OUT   1u
#define REQUEST_FLUSH 4u

#define STATUS_BYTE_OK 0

#define BLOCK_BYTES 512u
#define DATA_OFFSET 4096u
#define DATA_BYTES  (DMA_BUFFER_BYTES - DATA_OFFSET)
#define TRIES       2 // a request that failed by a reset of the device is tried again

struct request_header {
    uint32_t type;
    uint32_t reserved;
    uint64_t sector;
};

struct dma_memory {
    struct request_header header;
    uint8_t status;
};
_Static_assert(sizeof(struct dma_memory) <= DATA_OFFSET, "the header's page");
_Static_assert(DATA_BYTES >= 65536, "room for the largest read and write of the interface Block");

static volatile struct dma_memory *const dma = (volatile struct dma_memory *)DMA_BUFFER_BASE;
static unsigned char *const data = (unsigned char *)DMA_BUFFER_BASE + DATA_OFFSET;

static struct virtio_driver driver = {
    .type = TYPE_BLOCK,
    .queues = 1,
    .entries = 8,
    .wanted = FEATURE_RO | FEATURE_FLUSH,
    .timeout = CONFIG_REQUEST_TIMEOUT,
};
static uint64_t dma_address;   // of the DMA memory, as the device sees it
static uint64_t blocks;

// What the device says of its size is its own claim: a wrong one makes requests fail in the device, nothing else.
static void read_capacity(void)
{
    driver.config_changed = false;
    if (transport_config64(&driver.transport, CONFIG_CAPACITY, &blocks))
        return;
    log_error("the device's configuration does not keep still");
    blocks = 0;
}

static enum status submit(uint32_t type, uint64_t first, uint32_t bytes)
{
    bool in = type == REQUEST_IN;
    uint32_t written;
    struct ring_buffer buffers[3];
    unsigned count = 0;

    dma->header = (struct request_header){.type = type, .sector = first};
    dma->status = 0xff;
    buffers[count++] = (struct ring_buffer){dma_address, sizeof(struct request_header), false};
    if (bytes != 0)
        buffers[count++] = (struct ring_buffer){dma_address + DATA_OFFSET, bytes, in};
    buffers[count++] = (struct ring_buffer){dma_address + offsetof(struct dma_memory, status), 1, true};

    switch (virtio_driver_request(&driver, buffers, count, &written)) {
    case VIRTIO_DONE: break;
    case VIRTIO_FAILED: return STATUS_TIMED_OUT;
    default: panic("the device is lost");
    }
    // A device that wrote less than was asked for would hand out what an earlier request left in the buffer.
    if (dma->status != STATUS_BYTE_OK || written != (in ? bytes : 0) + 1) {
        log_warning("request %" PRIu32 " at block %" PRIu64 " failed with status %d", type, first, dma->status);
        return BLOCK_ERROR_IO;
    }
    return STATUS_OK;
}

static enum status request(uint32_t type, uint64_t first, uint32_t bytes)
{
    if (driver.config_changed)
        read_capacity();
    for (unsigned i = 0; i < TRIES; i++) {
        enum status status = submit(type, first, bytes);

        if (status != STATUS_TIMED_OUT)
            return status;
    }
    return BLOCK_ERROR_IO;
}

static bool is_in_range(uint64_t first, uint64_t count)
{
    return count > 0 && count <= DATA_BYTES / BLOCK_BYTES && first <= blocks && count <= blocks - first;
}

// --- The interface Block ---------------------------------------------------------------------------

enum status block_info(const struct call *call, struct block_geometry *geometry)
{
    (void)call;
    if (driver.config_changed)
        read_capacity();
    *geometry = (struct block_geometry){
        .blocks = blocks, .block_bytes = BLOCK_BYTES, .read_only = (driver.features & FEATURE_RO) != 0};
    return STATUS_OK;
}

enum status block_read(const struct call *call, uint64_t first, uint32_t count, const struct lend *to,
                       size_t *data_bytes)
{
    uint32_t bytes = count * BLOCK_BYTES;

    (void)call;
    if (!is_in_range(first, count) || to->bytes < bytes)
        return BLOCK_ERROR_RANGE;
    enum status status = request(REQUEST_IN, first, bytes);

    if (status == STATUS_OK)
        status = lend_write(to, 0, data, bytes);
    *data_bytes = bytes;
    return status;
}

enum status block_write(const struct call *call, uint64_t first, const struct lend *from)
{
    (void)call;
    if (driver.features & FEATURE_RO)
        return BLOCK_ERROR_READ_ONLY;
    if (from->bytes % BLOCK_BYTES != 0 || !is_in_range(first, from->bytes / BLOCK_BYTES))
        return BLOCK_ERROR_RANGE;
    enum status status = lend_read(from, 0, data, from->bytes);

    return status == STATUS_OK ? request(REQUEST_OUT, first, from->bytes) : status;
}

// Without the feature the device has no cache that needs flushing (virtio 1.2, 5.2.6.2).
enum status block_flush(const struct call *call)
{
    (void)call;
    return driver.features & FEATURE_FLUSH ? request(REQUEST_FLUSH, 0, 0) : STATUS_OK;
}

// --- Start -----------------------------------------------------------------------------------------

void on_interrupt_dev(void)
{
    virtio_driver_interrupt(&driver);
}

void on_timer_request(void)
{
    // Of a request that ended in time.
}

int main(void)
{
    struct region_info info;

    if (sys_region_info(SLOT_DMA_BUFFER, &info) != STATUS_OK)
        panic("the buffer has no device address");
    dma_address = info.device_address;
    if (!virtio_driver_start(&driver))
        panic("the device cannot be started");
    read_capacity();
    log_info("%" PRIu64 " blocks of %u bytes%s", blocks, BLOCK_BYTES, driver.features & FEATURE_RO ? ", read only" : "");
    event_loop_run();
}
