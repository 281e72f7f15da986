// When to restart a child, when to ping it, when to give it up: time in, decision out. Knows no system call.
// Invariant: a child that is WATCHED has a heartbeat under way or none at all; one that is WAITING has a time
// to start.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>

#include <glue.h>

#include <tenon/instance.h>

#define POLICY_GRACE_PART 4  // an answer may come this part of the heartbeat late

#define POLICY_LIMIT_MAX 64  // restarts remembered for each child; a larger `limit` counts as this

enum policy_phase {
    POLICY_WATCHED,  // runs, as far as we know
    POLICY_WAITING,  // ended; starts again at `due`
    POLICY_GONE,     // given up
};

struct policy {
    enum policy_phase phase;
    enum supervisor_cause cause;  // of its last end
    uint64_t detail;              // see the interface Supervisor
    uint64_t failures;            // since boot
    nanos_t due;                  // WAITING: when to start it. WATCHED: when the heartbeat needs us; 0: never
    uint64_t generation;          // of the child whose end was decided about last
    nanos_t backoff;              // waited before the last restart
    bool pinged;                  // and has not answered yet
    bool in_grace;                // nor by the deadline
    unsigned restarts;            // that `times` holds
    unsigned oldest;              // index of the first of them
    nanos_t times[POLICY_LIMIT_MAX];  // of the last restarts because of a failure
};

// The child ended or hangs, for that cause. Afterwards it is WAITING or GONE.
void policy_failed(struct policy *policy, const struct instance_child *child, enum supervisor_cause cause,
                   uint64_t detail, nanos_t now);

// Somebody had it ended: it comes back after the first backoff, and that counts as no failure.
void policy_killed(struct policy *policy, const struct instance_child *child, nanos_t now);

// It was given up, and so will we be: when it starts again, its former failures do not count.
void policy_escalated(struct policy *policy, const struct instance_child *child, nanos_t now);

// What a new life of the supervisor makes of a former one's policy: `runs` and `generation` are what the
// kernel says now. Afterwards it is WATCHED, also where it ended and nothing is decided about that yet; or it
// is WAITING or GONE, as decided, though it may not have been ended yet.
void policy_resumed(struct policy *policy, const struct instance_child *child, bool runs, uint64_t generation,
                    nanos_t now);

// False for one that no life of the supervisor can have left.
bool policy_is_sound(const struct policy *policy, const struct instance_child *child, nanos_t now);

// It was started.
void policy_started(struct policy *policy, const struct instance_child *child, nanos_t now);

// It answered a ping.
void policy_answered(struct policy *policy);

enum policy_action { POLICY_NOTHING, POLICY_START, POLICY_PING, POLICY_HUNG };

// What is due now. For POLICY_PING the ping counts as sent; after the others the caller tells by the
// functions above.
enum policy_action policy_due(struct policy *policy, const struct instance_child *child, bool ready,
                              nanos_t now);

// How many restarts lie within the window.
unsigned policy_recent(struct policy *policy, const struct instance_child *child, nanos_t now);

// When policy_due has something to say next; 0: never.
nanos_t policy_next(const struct policy *policy);
