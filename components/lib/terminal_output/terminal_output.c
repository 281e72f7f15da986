// The transmit side: a small ring that is filled from one source at a time.
// Invariant: `source` is whose bytes are in the ring; another one's come only when it is empty.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include "terminal_output.h"

#define NOBODY     0xffffffffu
#define RING_BYTES 256u  // as much as a line of log has

struct write {
    token_t token;
    struct lend text;
    uint32_t offset;  // bytes copied so far
};

static struct write writes[INSTANCE_CLIENTS + 1];
static uint32_t source = NOBODY;  // the client whose write is going out
static uint32_t turn;             // who is looked at first for the next piece

static char ring[RING_BYTES];
static uint32_t ring_first, ring_end;
static bool return_due;  // a "\r" was sent and its "\n" is next

void output_add_write(const struct call *call, const struct lend *text)
{
    if (call->client < INSTANCE_CLIENTS)
        writes[call->client] = (struct write){.token = call->token, .text = *text};
}

void output_forget(uint32_t client)
{
    if (client >= INSTANCE_CLIENTS)
        return;
    writes[client].token = 0;
    if (source == client)
        source = NOBODY;
}

static void fill(uint32_t bytes)
{
    ring_first = 0;
    ring_end = bytes < RING_BYTES ? bytes : RING_BYTES;
}

static void answer(struct write *write, enum status status)
{
    console_write_reply(write->token, status);
    write->token = 0;
    source = NOBODY;
}

// The next part of the write that is going out. False: it is through.
static bool fill_from_write(struct write *write)
{
    uint32_t left = write->text.bytes - write->offset;
    uint32_t bytes = left < RING_BYTES ? left : RING_BYTES;

    if (left == 0) {
        answer(write, STATUS_OK);
        return false;
    }
    if (lend_read(&write->text, write->offset, ring, bytes) != STATUS_OK) {
        answer(write, CONSOLE_ERROR_IO);  // most likely stale: then nobody hears this
        return false;
    }
    write->offset += bytes;
    fill(bytes);
    return true;
}

static bool fill_from_log(uint32_t client)
{
    struct log_line line;

    if (!log_lines_take(client, &line))
        return false;
    fill(line.bytes);
    memcpy(ring, line.text, ring_end);
    return ring_end != 0;
}

// Whose turn it is. Each client has a write under way, or lines, or neither.
static bool fill_from_next(void)
{
    for (uint32_t i = 0; i < INSTANCE_CLIENTS; i++) {
        uint32_t client = (turn + i) % INSTANCE_CLIENTS;

        if (writes[client].token != 0) {
            source = client;
            turn = client + 1;
            return true;
        }
        if (fill_from_log(client)) {
            turn = client + 1;
            return true;
        }
    }
    return false;
}

static bool refill(void)
{
    while (ring_first == ring_end) {
        if (source != NOBODY)
            fill_from_write(&writes[source]);
        else if (!fill_from_next())
            return false;
    }
    return true;
}

bool output_take(char *byte)
{
    if (!refill())
        return false;
    if (ring[ring_first] == '\n' && !return_due) {
        return_due = true;
        *byte = '\r';
        return true;
    }
    return_due = false;
    *byte = ring[ring_first++];
    return true;
}
