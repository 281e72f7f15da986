// Server: does to each value something that its client can check.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>
#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

enum status full_add(const struct call *call, uint64_t a, uint64_t b, uint64_t *sum)
{
    (void)call;
    *sum = a + b;
    return STATUS_OK;
}

enum status full_turn(const struct call *call, const struct full_sample *sample, struct full_sample *turned)
{
    (void)call;
    if (sample->shape == FULL_SHAPE_CIRCLE)
        return FULL_ERROR_ROUND;
    *turned = (struct full_sample){
        .number = ~sample->number, .shape = FULL_SHAPE_CIRCLE, .small = sample->small + 1};
    return STATUS_OK;
}

enum status full_reverse(const struct call *call, const char *text, char reversed[201])
{
    (void)call;
    size_t bytes = strlen(text);

    for (size_t i = 0; i < bytes; i++)
        reversed[i] = text[bytes - 1 - i];
    return STATUS_OK;
}

enum status full_scale(const struct call *call, const struct full_table *table, uint16_t factor,
                       struct full_table *scaled)
{
    (void)call;
    *scaled = *table;
    for (unsigned i = 0; i < 8; i++)
        scaled->rows[i].number *= factor;
    return STATUS_OK;
}

// Both sides are lent and larger than this component's memory for them.
enum status full_invert(const struct call *call, const struct lend *data, const struct lend *inverted,
                        size_t *inverted_bytes)
{
    (void)call;
    uint8_t part[300];

    for (size_t done = 0; done < data->bytes; done += sizeof part) {
        size_t bytes = data->bytes - done < sizeof part ? data->bytes - done : sizeof part;

        if (lend_read(data, done, part, bytes) != STATUS_OK)
            return STATUS_BAD_MESSAGE;
        for (size_t i = 0; i < bytes; i++)
            part[i] = ~part[i];
        if (lend_write(inverted, done, part, bytes) != STATUS_OK)
            return STATUS_BAD_MESSAGE;
    }
    *inverted_bytes = data->bytes;
    return STATUS_OK;
}

enum status full_fill(const struct call *call, const void *pattern, size_t pattern_bytes, void *filled,
                      size_t *filled_bytes)
{
    (void)call;
    if (pattern_bytes == 0)
        return STATUS_BAD_MESSAGE;
    for (size_t i = 0; i < 8192; i++)
        ((uint8_t *)filled)[i] = ((const uint8_t *)pattern)[i % pattern_bytes];
    *filled_bytes = 8192;
    return STATUS_OK;
}

static token_t waiting;

enum status full_later(const struct call *call, uint32_t milliseconds, bool *waited)
{
    (void)waited;
    waiting = call->token;
    timer_start(SLOT_TIMER_DELAY, milliseconds * MILLISECOND);
    return CALL_DEFERRED;
}

void on_timer_delay(void)
{
    if (full_later_reply(waiting, STATUS_OK, true) != STATUS_OK)
        log_warning("nobody waits any more");
}

// The queue is shorter than the count: the rest goes out as the client takes what is there.
enum status full_start(const struct call *call, uint32_t count)
{
    for (uint64_t number = 0; number < count; number++)
        if (!full_numbers_put(call->client, &number))
            break;
    full_rung_signal(call->client);
    return STATUS_OK;
}

// What comes back is told by its sum: through the queue of numbers, after the last sample.
void on_full_back(void)
{
    static uint64_t sum, count;
    struct full_sample sample;

    while (full_back_take(CLIENT_EXERCISER_FULL, &sample)) {
        sum += sample.number;
        if (++count == 20)
            full_numbers_put(CLIENT_EXERCISER_FULL, &sum);
    }
}

int main(void)
{
    event_loop_run();
}
