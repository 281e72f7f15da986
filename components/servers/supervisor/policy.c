// Backoff, limit and heartbeat.
// SPDX-License-Identifier: BSD-2-Clause

#include "policy.h"

static unsigned limit_of(const struct instance_child *child)
{
    return child->limit < POLICY_LIMIT_MAX ? child->limit : POLICY_LIMIT_MAX;
}

// Restarts older than the window do not count any more.
static void forget_old(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    while (policy->restarts > 0 && policy->times[policy->oldest] + child->window < now) {
        policy->oldest = (policy->oldest + 1) % POLICY_LIMIT_MAX;
        policy->restarts--;
    }
}

unsigned policy_recent(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    forget_old(policy, child, now);
    return policy->restarts;
}

static bool limit_is_reached(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    return policy_recent(policy, child, now) >= limit_of(child) && child->limit != 0;
}

static void remember(struct policy *policy, nanos_t now)
{
    if (policy->restarts == POLICY_LIMIT_MAX) {
        policy->oldest = (policy->oldest + 1) % POLICY_LIMIT_MAX;
        policy->restarts--;
    }
    policy->times[(policy->oldest + policy->restarts) % POLICY_LIMIT_MAX] = now;
    policy->restarts++;
}

// Doubles with each failure in a row; begins anew when none of them is within the window.
static nanos_t next_backoff(const struct policy *policy, const struct instance_child *child)
{
    if (policy->restarts == 0 || policy->backoff == 0)
        return child->backoff_first;
    return policy->backoff < child->backoff_last / 2 ? 2 * policy->backoff : child->backoff_last;
}

static bool restarts_after(const struct instance_child *child, enum supervisor_cause cause)
{
    switch (cause) {
    case SUPERVISOR_CAUSE_FAULT: return child->on_fault;
    case SUPERVISOR_CAUSE_EXIT: return child->on_exit;
    case SUPERVISOR_CAUSE_HANG: return child->on_hang;
    case SUPERVISOR_CAUSE_REFUSED: return child->on_refused;
    default: return false;
    }
}

void policy_failed(struct policy *policy, const struct instance_child *child, enum supervisor_cause cause,
                   uint64_t detail, nanos_t now)
{
    policy->cause = cause;
    policy->detail = detail;
    policy->failures++;
    policy->pinged = false;
    if (!restarts_after(child, cause) || limit_is_reached(policy, child, now)) {
        policy->phase = POLICY_GONE;
        policy->due = 0;
        return;
    }
    policy->backoff = next_backoff(policy, child);
    remember(policy, now);
    policy->phase = POLICY_WAITING;
    policy->due = now + policy->backoff;
}

static void wait_for_start(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    policy->pinged = false;
    policy->phase = POLICY_WAITING;
    policy->due = now + child->backoff_first;
}

void policy_killed(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    policy->cause = SUPERVISOR_CAUSE_KILL;
    policy->detail = 0;
    wait_for_start(policy, child, now);
}

void policy_escalated(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    policy->restarts = 0;
    wait_for_start(policy, child, now);
}

void policy_started(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    policy->phase = POLICY_WATCHED;
    policy->pinged = false;
    policy->due = child->heartbeat != 0 ? now + child->heartbeat : 0;
}

// Generations tell what became of the last decision: in the same one the child still has to be ended or
// started.
void policy_resumed(struct policy *policy, const struct instance_child *child, bool runs, uint64_t generation,
                    nanos_t now)
{
    policy->pinged = false;
    if (policy->phase == POLICY_GONE || (policy->phase == POLICY_WAITING && policy->generation == generation))
        return;
    policy_started(policy, child, now);
    if (!runs)
        policy->due = 0;
}

bool policy_is_sound(const struct policy *policy, const struct instance_child *child, nanos_t now)
{
    if (policy->phase > POLICY_GONE || policy->cause > SUPERVISOR_CAUSE_KILL ||
        policy->restarts > POLICY_LIMIT_MAX || policy->oldest >= POLICY_LIMIT_MAX)
        return false;
    if (policy->phase == POLICY_WAITING && policy->due > now && policy->due - now > child->backoff_last)
        return false;
    for (unsigned i = 0; i < policy->restarts; i++) {
        if (policy->times[(policy->oldest + i) % POLICY_LIMIT_MAX] > now)
            return false;
    }
    return true;
}

void policy_answered(struct policy *policy)
{
    policy->pinged = false;
}

// A ping is unanswered at its deadline. The answer may wait behind the very timer that woke us, and if we
// come late ourselves nobody had the processor to answer: so there is a grace, again for as long as we are
// late, before this is a hang.
static enum policy_action judge(struct policy *policy, const struct instance_child *child, nanos_t now)
{
    nanos_t grace = child->heartbeat / POLICY_GRACE_PART;

    if (policy->in_grace && now - policy->due <= grace)
        return POLICY_HUNG;
    policy->in_grace = true;
    policy->due = now + grace;
    return POLICY_NOTHING;
}

enum policy_action policy_due(struct policy *policy, const struct instance_child *child, bool ready,
                              nanos_t now)
{
    if (policy->due == 0 || now < policy->due)
        return POLICY_NOTHING;
    if (policy->phase == POLICY_WAITING)
        return POLICY_START;
    if (policy->pinged)
        return judge(policy, child, now);
    policy->due = now + child->heartbeat;
    policy->in_grace = false;
    policy->pinged = ready;  // one that has not come to its event loop yet is not asked
    return ready ? POLICY_PING : POLICY_NOTHING;
}

nanos_t policy_next(const struct policy *policy)
{
    return policy->phase == POLICY_GONE ? 0 : policy->due;
}
