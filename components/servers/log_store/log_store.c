// Log store: the interface LogStore over the disk's log.
//
// Neither lost nor doubled: an append is answered when it is flushed. If the answer is lost with us or with the disk's driver, the
// client repeats the append with the same id; an id that is on the disk is answered from there.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>

#include "crc32c.h"
#include "disk_log.h"

static const char *const client_names[] = {INSTANCE_CLIENT_NAMES};
static struct client_state clients[INSTANCE_CLIENTS];
static struct disk_log log_on_disk = {.clients = clients, .client_count = INSTANCE_CLIENTS};

enum status store_append(const struct call *call, uint64_t id, uint64_t seconds, const char *text, uint64_t *sequence)
{
    struct client_state *client = &clients[call->client];
    struct record_block record = {.id = id, .seconds = seconds, .client = client->name};

    if (!log_on_disk.usable)
        return LOG_STORE_ERROR_IO;
    if (id < client->id || id == 0)
        return LOG_STORE_ERROR_STALE;
    if (id != client->id) {
        record.bytes = (uint32_t)strnlen(text, sizeof record.text);
        memcpy(record.text, text, record.bytes);
        if (disk_log_append(&log_on_disk, client, &record) != STATUS_OK)
            return LOG_STORE_ERROR_IO;
    }
    *sequence = client->sequence;
    return STATUS_OK;
}

enum status store_last(const struct call *call, uint64_t *id)
{
    *id = clients[call->client].id;
    return log_on_disk.usable ? STATUS_OK : LOG_STORE_ERROR_IO;
}

enum status store_bounds(const struct call *call, uint64_t *oldest, uint64_t *next)
{
    (void)call;
    *oldest = disk_log_oldest(&log_on_disk);
    *next = log_on_disk.next;
    return log_on_disk.usable ? STATUS_OK : LOG_STORE_ERROR_IO;
}

enum status store_read(const struct call *call, uint64_t sequence, struct log_store_record *out)
{
    struct record_block record;

    (void)call;
    if (!log_on_disk.usable)
        return LOG_STORE_ERROR_IO;
    enum status status = disk_log_read(&log_on_disk, sequence, &record);

    if (status != STATUS_OK)
        return status;
    *out = (struct log_store_record){.sequence = record.sequence, .id = record.id, .seconds = record.seconds,
                                     .client = record.client, .bytes = record.bytes};
    memcpy(out->text, record.text, record.bytes);
    return STATUS_OK;
}

int main(void)
{
    for (unsigned i = 0; i < INSTANCE_CLIENTS; i++)
        clients[i].name = crc32c(client_names[i], strlen(client_names[i]));
    if (disk_log_open(&log_on_disk))
        log_info("%" PRIu64 " records so far", log_on_disk.next);
    event_loop_run();
}
