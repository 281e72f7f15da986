// A filter before a block device that does wrong, by a plan: for each request the seed says whether and how.
// For tests of what is built on disks. Everything that it is asked for but the wrongs is the disk's to do.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/time.h>

#define BUFFER_BYTES 65536u

static uint8_t buffer[BUFFER_BYTES];
static struct block_geometry geometry;
static uint64_t random_state;

// splitmix64 (Steele, Lea, Flood 2014): any seed is good.
static uint64_t draw(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15ull;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static bool happens(uint32_t of_thousand)
{
    return draw() % 1000 < of_thousand;
}

// What any request may suffer before it is done; not OK: then it is not done.
static enum status suffer(void)
{
    if (happens(CONFIG_DELAY))
        sleep_on(TIMER(DELAY), 1 + draw() % CONFIG_LONGEST);
    return happens(CONFIG_FAIL) ? BLOCK_ERROR_IO : STATUS_OK;
}

// A disk that tells of blocks without bytes is none.
static enum status know_geometry(void)
{
    enum status status = geometry.block_bytes ? STATUS_OK : disk_info(&geometry);

    return status == STATUS_OK && geometry.block_bytes == 0 ? BLOCK_ERROR_IO : status;
}

enum status block_info(const struct call *call, struct block_geometry *told)
{
    (void)call;
    enum status status = disk_info(&geometry);

    *told = geometry;
    return status;
}

enum status block_read(const struct call *call, uint64_t first, uint32_t count, const struct lend *to,
                       size_t *data_bytes)
{
    (void)call;
    enum status status = know_geometry();

    if (status == STATUS_OK)
        status = suffer();
    if (status != STATUS_OK)
        return status;
    if (count == 0 || count > BUFFER_BYTES / geometry.block_bytes ||
        to->bytes < (size_t)count * geometry.block_bytes)
        return BLOCK_ERROR_RANGE;
    status = disk_read(first, count, buffer, sizeof buffer, data_bytes);
    if (status != STATUS_OK)
        return status;
    if (happens(CONFIG_FLIP) && *data_bytes > 0) {
        uint64_t bit = draw() % (*data_bytes * 8);

        log_debug("flips bit %" PRIu64 " from block %" PRIu64 " on", bit, first);
        buffer[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    return lend_write(to, 0, buffer, *data_bytes);
}

// Another place where the request fits, behind block 0.
static uint64_t elsewhere(uint64_t first, uint64_t count)
{
    return geometry.blocks > count + 1 ? 1 + draw() % (geometry.blocks - count) : first;
}

enum status block_write(const struct call *call, uint64_t first, const struct lend *from)
{
    (void)call;
    enum status status = know_geometry();

    if (status == STATUS_OK)
        status = suffer();
    if (status == STATUS_OK)
        status = lend_read(from, 0, buffer, from->bytes);
    if (status != STATUS_OK)
        return status;
    if (happens(CONFIG_DROP)) {
        log_debug("drops a write of block %" PRIu64, first);
        return STATUS_OK;
    }
    if (happens(CONFIG_STRAY)) {
        uint64_t place = elsewhere(first, from->bytes / geometry.block_bytes);

        log_debug("writes block %" PRIu64 " to %" PRIu64, first, place);
        first = place;
    }
    return disk_write(first, buffer, from->bytes);
}

enum status block_flush(const struct call *call)
{
    (void)call;
    enum status status = suffer();

    return status == STATUS_OK ? disk_flush() : status;
}

void on_timer_delay(void)
{
    // Of a delay that is over.
}

int main(void)
{
    random_state = CONFIG_SEED;
    event_loop_run();
}
