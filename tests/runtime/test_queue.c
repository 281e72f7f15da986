// The queue of streams: against a plain list, between two threads, and against a hostile peer.
// SPDX-License-Identifier: BSD-2-Clause
#include "../kernel/check.h"

#include <pthread.h>
#include <string.h>

#include <tenon/queue.h>

#define DEPTH 8
#define ITEM  24  // not a power of two

struct item {
    uint64_t number, twice, thrice;
};

static _Alignas(64) unsigned char memory[128 + DEPTH * ITEM + 64];  // and a guard behind it
static struct queue *const queue = (struct queue *)memory;
static struct queue_end producer, consumer;

static enum queue_put put(uint64_t number)
{
    return queue_put(queue, &producer, DEPTH, &(struct item){number, 2 * number, 3 * number}, ITEM);
}

static bool take(uint64_t *number)
{
    struct item item;

    if (!queue_take(queue, &consumer, DEPTH, &item, ITEM))
        return false;
    CHECK(item.twice == 2 * item.number && item.thrice == 3 * item.number);
    *number = item.number;
    return true;
}

TEST(it_behaves_as_a_plain_list_does)
{
    uint64_t next_in = 0, next_out = 0, lost = 0, state = 99;

    for (unsigned step = 0; step < 200000; step++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        if (state >> 60 < 8) {
            enum queue_put found = put(next_in);
            enum queue_put expected = next_in - next_out == DEPTH ? QUEUE_FULL
                                      : next_in == next_out       ? QUEUE_PUT_FIRST
                                                                  : QUEUE_PUT;

            CHECK_EQUAL(found, expected);
            lost += found == QUEUE_FULL;
            next_in += found != QUEUE_FULL;
        } else {
            uint64_t number;
            bool there = take(&number);

            CHECK_EQUAL(there, next_out < next_in);
            if (there)
                CHECK_EQUAL(number, next_out++);
        }
    }
    CHECK(lost > 100);
    CHECK_EQUAL(queue_lost(queue), lost);
}

TEST(indices_may_run_over)
{
    atomic_store(&queue->written, 0xfffffffau);
    atomic_store(&queue->read, 0xfffffffau);
    for (uint64_t number = 0; number < 50; number++) {
        uint64_t taken;

        CHECK_EQUAL(put(number), QUEUE_PUT_FIRST);
        CHECK(take(&taken) && taken == number);
    }
}

TEST(a_restarted_end_goes_on_where_it_was)
{
    uint64_t number;

    put(1), put(2), put(3);
    CHECK(take(&number) && number == 1);
    producer = consumer = (struct queue_end){0};
    put(4);
    CHECK(take(&number) && number == 2);
    CHECK(take(&number) && number == 3);
    CHECK(take(&number) && number == 4);
    CHECK(!take(&number));
}

TEST(a_hostile_producer_gets_no_further_than_its_items)
{
    uint64_t state = 7;
    unsigned char item[ITEM];

    for (unsigned step = 0; step < 100000; step++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        atomic_store(&queue->written, (uint32_t)(state >> 32));
        for (unsigned taken = 0; queue_take(queue, &consumer, DEPTH, item, ITEM); taken++)
            CHECK(taken < DEPTH);
    }
}

TEST(after_nonsense_a_queue_works_again)
{
    unsigned char item[ITEM];
    uint64_t number;

    put(1);
    atomic_store(&queue->written, 0x80000000u);
    CHECK(!queue_take(queue, &consumer, DEPTH, item, ITEM));
    producer = (struct queue_end){0};
    put(5);
    CHECK(take(&number) && number == 5);
}

TEST(a_hostile_consumer_makes_it_full_at_most)
{
    uint64_t state = 7;

    memset(memory + 128 + DEPTH * ITEM, 0x5a, 64);
    for (unsigned step = 0; step < 100000; step++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        atomic_store(&queue->read, (uint32_t)(state >> 32));
        put(step);
    }
    for (unsigned i = 0; i < 64; i++)
        CHECK_EQUAL(memory[128 + DEPTH * ITEM + i], 0x5a);
}

// --- Two threads: nothing is lost, and a consumer that sleeps is always woken ---

#define ITEMS 200000
static _Atomic unsigned wakeups;

static void *produce(void *nothing)
{
    for (uint64_t number = 0; number < ITEMS;) {
        enum queue_put found = put(number);

        if (found == QUEUE_PUT_FIRST)
            atomic_fetch_add(&wakeups, 1);
        if (found == QUEUE_FULL)
            sched_yield();
        else
            number++;
    }
    return nothing;
}

TEST(between_two_threads_every_item_arrives_and_no_wakeup_is_missed)
{
    pthread_t thread;
    uint64_t expected = 0, number;

    CHECK(pthread_create(&thread, NULL, produce, NULL) == 0);
    while (expected < ITEMS) {
        // Sleeps until signalled; with a missed wakeup this never ends, and the test's timeout tells.
        while (atomic_load(&wakeups) == 0)
            sched_yield();
        atomic_store(&wakeups, 0);
        while (take(&number))
            CHECK_EQUAL(number, expected++);
    }
    pthread_join(thread, NULL);
}
