// Random work on several cores: whoever runs does something, mail arrives when it likes, time passes, components fail and are
// restarted. After each step the kernel's own invariants hold; after each sequence, everybody answers what he owes, and
// then every call has ended and every thread is at home.
//
//   random_cores [--seed S] [--sequences N] [--steps N]
//
// A sequence depends on its seed alone, which a failure tells.
// SPDX-License-Identifier: BSD-2-Clause
#include "abroad.h"

#include <kernel/notification.h>

#include <string.h>

#define HELD_MAX 3

// What a thread is in the middle of.
static struct player {
    uint64_t generation;    // of its component; all else is of that one
    uint64_t held[HELD_MAX]; // tokens it owes an answer
    unsigned held_count;
    bool receives;          // its last system call was a receive
    uint64_t repeats, at;   // number of the system call that the kernel wants again, and where
} players[THREADS];

static uint64_t random_state, seed_now;
static unsigned step_now;

// splitmix64
static uint64_t random_word(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
    return (unsigned)(random_word() % n);
}

static bool chance(unsigned percent)
{
    return below(100) < percent;
}

// --- Invariants ------------------------------------------------------------------------------

#define HOLDS(condition) \
    do { \
        if (!(condition)) { \
            printf("seed %llu, step %u: thread %u: %s does not hold\n", (unsigned long long)seed_now, step_now, thread_now, \
                   #condition); \
            exit(1); \
        } \
    } while (0)

static unsigned thread_now;

static void check_thread(const struct thread *thread)
{
    const struct component *component = thread->component;
    bool is_current = thread->core && thread->core->current == thread;

    HOLDS((thread->state == THREAD_AWAY) == (thread->core == NULL));
    HOLDS(thread->state <= THREAD_RECEIVING);
    if (thread->core == NULL) {
        HOLDS(!thread->queued);
        return;
    }
    HOLDS(!thread->queued || (thread->state == THREAD_READY && !is_current));
    HOLDS(thread->state != THREAD_CALLING || thread->peer->receiver->component->core == thread->core);
    HOLDS(thread->state != THREAD_AWAITING || thread->server == NULL || thread->server->core == thread->core);
    if (thread->core == component->core && component->state != COMPONENT_RUNNING)
        HOLDS(thread->state == THREAD_INACTIVE);
    if (thread->core != component->core)
        HOLDS(!is_current || thread->visits != NULL);
}

static void check_all(void)
{
    for (unsigned c = 0; c < COMPONENTS; c++) {
        unsigned away = 0;

        for (const struct thread *thread = components[c].threads; thread; thread = thread->sibling) {
            thread_now = (unsigned)(thread - threads);
            check_thread(thread);
            away += thread->core != components[c].core;
        }
        HOLDS(components[c].abroad >= away);
    }
    for (unsigned core = 0; core < CORES; core++) {
        struct thread *current = cores[core].current;

        thread_now = current ? (unsigned)(current - threads) : THREADS;
        HOLDS(current == NULL || current->core == &cores[core]);
    }
}

// --- What a thread does ------------------------------------------------------------------------

static void enter(unsigned thread, uint64_t number)
{
    struct player *player = &players[thread];
    uint64_t pc = frame_of(thread)->pc;

    host_syscall_only(number);
    player->repeats = frame_of(thread)->pc == pc ? number : SYS_COUNT;
    player->at = pc;
    player->receives = number == SYS_REPLY_WAIT;
    leave_shared();
}

static void set_arguments(unsigned thread, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    const uint64_t arguments[] = {a, b, c, d, e};

    memcpy(frame_of(thread)->x, arguments, sizeof arguments);
}

static uint64_t take_held(struct player *player)
{
    unsigned i = below(player->held_count);
    uint64_t token = player->held[i];

    player->held[i] = player->held[--player->held_count];
    return token;
}

// A server answers one of those it has heard, not always the last; what faulted goes on.
static void answer(unsigned thread, uint64_t number)
{
    uint64_t token = players[thread].held_count ? take_held(&players[thread]) : 0;

    memset(frame_of(thread)->x, 0, sizeof frame_of(thread)->x);
    frame_of(thread)->x[0] = FAULT_REPLY_RESUME;
    frame_of(thread)->x[1] = token;
    enter(thread, number);
}

// The pager only serves, so that no circle of calls is without a timeout; the supervisor calls nobody whom it has to restart.
static void do_call(unsigned thread)
{
    static const uint64_t servers[] = {S_DISK, S_WORKER, S_FILES, S_APP, S_PAGER, S_SPARE};
    struct arch_frame *frame = frame_of(thread);
    const struct player *player = &players[thread];

    memset(frame->x, 0, sizeof frame->x);
    frame->x[0] = servers[below(6)] << INFO_SLOT_SHIFT | 1;
    if (chance(40)) {
        frame->x[0] |= ONE_LEND;
        frame->x[2 + 7] = (1 + below(300)) | LEND_READ | LEND_WRITE;
        frame->x[2 + 6] = DATA_ADDRESS;
        if (player->held_count && chance(50)) {
            frame->x[2 + 6] = 0;
            frame->x[2 + 7] |= LEND_BORROWED;
            frame->x[2 + 8] = player->held[0];
        }
    }
    enter(thread, SYS_CALL);
}

static void do_copy(unsigned thread)
{
    set_arguments(thread, players[thread].held[0], 0, 0, STACK_ADDRESS, 1 + below(300));
    enter(thread, chance(50) ? SYS_COPY_IN : SYS_COPY_OUT);
}

static void do_control(unsigned thread)
{
    uint64_t slot = thread == T_SUP ? S_COMPONENT + 1 + below(COMPONENTS - 1) : S_COMPONENT_CONTROL;

    set_arguments(thread, slot, chance(70) ? COMPONENT_OP_RESTART : COMPONENT_OP_STOP, 0, 0, 0);
    enter(thread, SYS_COMPONENT_CONTROL);
}

static void do_state(unsigned thread)
{
    set_arguments(thread, thread == T_SUP ? S_COMPONENT + below(COMPONENTS) : S_COMPONENT_READ, 0, 0, 0, 0);
    enter(thread, SYS_COMPONENT_STATE);
}

static void do_signal(unsigned thread)
{
    set_arguments(thread, chance(50) ? S_SIGNAL_SUP : S_SIGNAL_DISK, 0, 0, 0, 0);
    enter(thread, SYS_SIGNAL);
}

static void do_end(unsigned thread)
{
    if (chance(30)) {
        set_arguments(thread, 3, 0, 0, 0, 0);
        enter(thread, SYS_EXIT);
    } else {
        host_fault_only(FAULT_READ, 0x666, 0);
        leave_shared();
    }
}

static void do_something(unsigned thread)
{
    struct player *player = &players[thread];
    unsigned what = below(100);

    if (what < 35 && thread != T_PAGER && thread != T_SUP)
        do_call(thread);
    else if (what < 45)
        do_signal(thread);
    else if (what < 55 && player->held_count)
        do_copy(thread);
    else if (what < 65 && player->held_count)
        answer(thread, SYS_REPLY);
    else if (what < 75 && (thread == T_SUP || thread == T_SHELL))
        do_control(thread);
    else if (what < 80 && (thread == T_SUP || thread == T_SHELL))
        do_state(thread);
    else if (what < 82 && thread != T_SUP)
        do_end(thread);
    else
        answer(thread, SYS_REPLY_WAIT);
}

// What it has heard since its last step, or that it has begun again.
static void notice(unsigned thread)
{
    struct player *player = &players[thread];

    if (player->generation != threads[thread].component->generation)
        *player = (struct player){.generation = threads[thread].component->generation, .repeats = SYS_COUNT};
    if (player->receives && token_of(thread))
        player->held[player->held_count++] = token_of(thread);
    player->receives = false;
}

static bool goes_on(unsigned thread)
{
    const struct player *player = &players[thread];

    return player->repeats < SYS_COUNT && player->at == frame_of(thread)->pc;
}

static void act(unsigned core, bool is_over)
{
    on_core(core);
    unsigned thread = running();

    if (thread == THREADS)
        return;
    notice(thread);
    if (goes_on(thread))
        enter(thread, players[thread].repeats);
    else if (is_over || players[thread].held_count == HELD_MAX)
        answer(thread, SYS_REPLY_WAIT);
    else
        do_something(thread);
}

// --- A sequence ------------------------------------------------------------------------------

static void stir(unsigned thread)
{
    if (threads[thread].core != threads[thread].component->core || threads[thread].state != THREAD_RECEIVING)
        return;
    on_core(home_of(thread));
    notification_signal(threads[thread].notification, WAKE);
    leave_shared();
}

static void pass_time(unsigned core, nanos_t time)
{
    host.now += time;
    take_interrupts(core);
}

static void step(void)
{
    unsigned core = below(CORES);

    if (chance(5))
        pass_time(core, below(3) * GRANULE / 2);
    else if (is_inside(core) || chance(35))
        take_interrupts(core);
    else if (chance(15))
        stir(below(THREADS));
    else
        act(core, false);
}

// --- The end of a sequence -----------------------------------------------------------------------

static bool is_quiet(void)
{
    for (unsigned i = 0; i < THREADS; i++) {
        if (threads[i].state != THREAD_RECEIVING)
            return false;
    }
    return true;
}

static void restart_one(void)
{
    for (unsigned c = 0; c < COMPONENTS; c++) {
        if (components[c].state == COMPONENT_RUNNING)
            continue;
        stir(T_SUP);
        on_core(home_of(T_SUP));
        if (running() != T_SUP || goes_on(T_SUP))
            return;
        set_arguments(T_SUP, S_COMPONENT + c, COMPONENT_OP_RESTART, 0, 0, 0);
        enter(T_SUP, SYS_COMPONENT_CONTROL);
        return;
    }
}

// Everybody answers and receives, what has ended begins again, time passes.
static void settle(void)
{
    threads[T_GUEST].reflect = false;
    for (unsigned round = 0; round < 2000 && !is_quiet(); round++) {
        for (unsigned core = 0; core < CORES; core++) {
            take_interrupts(core);
            if (!is_inside(core))
                act(core, true);
            check_all();
        }
        restart_one();
        if (round % 8 == 7)
            pass_time(0, GRANULE);
    }
    for (thread_now = 0; thread_now < THREADS; thread_now++)
        HOLDS(threads[thread_now].state == THREAD_RECEIVING);
    for (unsigned c = 0; c < COMPONENTS; c++)
        HOLDS(components[c].abroad == 0 && components[c].step == STEP_NONE);
}

static void run_sequence(unsigned steps)
{
    random_state = seed_now;
    system_start();
    for (step_now = 0; step_now < steps; step_now++) {
        step();
        check_all();
    }
    settle();
}

static bool passes(unsigned steps)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        alarm(60); // what hangs fails
        run_sequence(steps);
        exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    unsigned long seed = 1, sequences = 100, steps = 1000;

    for (int i = 1; i < argc; i += 2) {
        unsigned long *value = strcmp(argv[i], "--seed") == 0 ? &seed : strcmp(argv[i], "--sequences") == 0 ? &sequences
            : strcmp(argv[i], "--steps") == 0 ? &steps : NULL;

        if (value == NULL || i + 1 == argc) {
            fprintf(stderr, "usage: random_cores [--seed S] [--sequences N] [--steps N]\n");
            return 1;
        }
        *value = strtoul(argv[i + 1], NULL, 0);
    }
    for (unsigned long end = seed + sequences; seed < end; seed++) {
        seed_now = seed;
        fflush(stdout);
        if (!passes((unsigned)steps)) {
            printf("FAILED: random_cores --seed %lu --sequences 1 --steps %lu\n", seed, steps);
            return 1;
        }
    }
    printf("%lu sequences of %lu steps on %d cores\n", sequences, steps, CORES);
    return 0;
}
