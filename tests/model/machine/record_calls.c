// Writes down a random run for real machines: which thread does which system call with which registers, and
// the digest of all that comes of it. The kernel on the fake machine and the model carry it out side by side,
// as in random_calls.c.
//
//   record_calls --seed S --steps N SCRIPT DIGESTS [--verbose] [--every]
//
// SCRIPT: steps as step.h says. DIGESTS: a line for each step after which the digest is printed; --every:
// after each. What differs between machines is left out of the digest, or not done: times, addresses in the
// program, physical addresses, random numbers, registers in the order of an architecture.
// SPDX-License-Identifier: BSD-2-Clause
#include "random_calls.h"
#include "step.h"

#include <arch/cpu.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PRINT_EACH 32
#define ALL_WORDS  0xfffu
#define LATE       3500  // steps
#define FAR_AWAY   (1ull << 61)
#define FAR_APART  0xbf58476d1ce4e5b9 // seeds next to each other begin next to each other in one sequence

struct step {
    uint32_t kind, number, seen, print;
    uint64_t words[12];
};
_Static_assert(sizeof(struct step) == STEP_BYTES && offsetof(struct step, words) == STEP_WORDS, "step.h");
_Static_assert(S_CONSOLE == SLOT_OF_CONSOLE && FAULT_READ == READS, "step.h");

// What is known of the call that a thread is in, or did last.
struct last {
    uint64_t number, first;  // first: its argument
    unsigned long step;
    bool reflected;
};

static struct last last[THREADS];
static uint64_t digest = DIGEST_START, loaded;
static int loads = -1, goes_on = -1;  // the thread whose last step was a load, or a store
static FILE *script, *digests;
static unsigned long written, since_print;
static bool every;

static void take_in(uint64_t word)
{
    digest = (digest ^ word) * DIGEST_FACTOR;
    digest ^= digest >> DIGEST_SHIFT;
}

// --- What a thread brings ---------------------------------------------------------------------

static unsigned without(unsigned words, unsigned first, unsigned end)
{
    for (unsigned i = first; i < end; i++)
        words &= ~(1u << i);
    return words;
}

// Which message registers are the same on every machine after the thread's last call.
static unsigned words_that_count(unsigned t)
{
    const struct model_thread *m = &model.threads[t];
    unsigned kind = m->x[0] >> INFO_KIND_SHIFT & INFO_KIND_MASK;

    switch (last[t].number) {
    case SYS_CLOCK: return without(ALL_WORDS, 1, 2);
    case SYS_ENTROPY: return without(ALL_WORDS, 1, 5);
    case SYS_REGION_INFO: return without(ALL_WORDS, 2, 3);                   // the device address
    case SYS_COMPONENT_STATE: return without(ALL_WORDS, 3, 4) & ~(3u << 5);  // pc, run time, frame
    case SYS_INSPECT:
        if (last[t].first == INSPECT_SYSTEM)
            return without(ALL_WORDS, 4, 6);
        return last[t].first == INSPECT_COMPONENT ? without(ALL_WORDS, 3, 4) & ~(3u << 5) : ALL_WORDS;
    case SYS_POLL:
    case SYS_REPLY_WAIT: return kind == KIND_FAULT ? without(ALL_WORDS, 3, 12) : ALL_WORDS;
    default: return ALL_WORDS;
    }
}

static bool is_message_call(uint64_t number)
{
    return number == SYS_CALL || number == SYS_REPLY_WAIT || number == SYS_POLL;
}

// Takes in what the thread brings, and returns what the machine has to look at.
static unsigned look_at(unsigned t)
{
    const struct model_thread *m = &model.threads[t];

    if (m->pc == ENTRY_ADDRESS) {
        take_in(m->x[0]);
        take_in(m->sp);
        return 1u << SEEN_START;
    }
    if (goes_on == (int)t)
        return 0;
    if (loads == (int)t) {
        take_in(loaded);
        return 1u << SEEN_LOADED;
    }
    unsigned words = last[t].reflected ? 0 : words_that_count(t);
    bool message = is_message_call(last[t].number) && !last[t].reflected;

    for (unsigned i = 0; i < 12; i++) {
        if (words & 1u << i)
            take_in(m->x[i]);
    }
    take_in(last[t].step);
    take_in(0);  // no scratch register shows anything, and the others are as they were
    return words | message << SEEN_MESSAGE | 1u << SEEN_CALL;
}

// Begins a step of the thread: what it brings, and whether the digest is printed.
static struct step begin(unsigned t, uint32_t kind, uint64_t number)
{
    struct step step = {.kind = kind, .number = (uint32_t)number, .seen = look_at(t)};
    bool may_print = !model.threads[t].reflect;

    loads = goes_on = -1;
    if (may_print && (every || ++since_print >= PRINT_EACH)) {
        step.print = 1;
        since_print = 0;
        fprintf(digests, "s %08lx %016llx\n", written, (unsigned long long)digest);
    }
    return step;
}

static void end(const struct step *step)
{
    if (fwrite(step, sizeof *step, 1, script) != 1)
        differs("the script cannot be written");
    written++;
}

// --- What a real machine can be asked for --------------------------------------------------------

static void set(unsigned t, unsigned x, uint64_t value)
{
    model.threads[t].x[x] = threads[t].frame.x[x] = value;
}

static bool holds(unsigned t, enum cap_type type)
{
    struct model_cap *cap;

    return find_cap(model.threads[t].component, model.threads[t].x[0], type, 0, &cap) == STATUS_OK;
}

static bool names_spare(unsigned t)
{
    struct model_cap *cap;

    return find_cap(model.threads[t].component, model.threads[t].x[0], CAP_COMPONENT, 0, &cap) == STATUS_OK &&
           cap->object == SPARE;
}

// --- What the fast paths are about: more of it than chance brings --------------------------------

static void set_plain(unsigned t, uint64_t slot)
{
    set(t, 0, slot << INFO_SLOT_SHIFT | random_below(11) << INFO_WORDS_SHIFT | random_below(1000));
}

// A slot through which a server that waits can be called; 0: none.
static uint64_t waiting_server(unsigned t)
{
    const struct model_cap *caps = model.components[model.threads[t].component].caps;

    for (unsigned tries = 0, slot = (unsigned)random_below(SLOTS); tries < SLOTS;
         tries++, slot = (slot + 1) % SLOTS) {
        if (caps[slot].type == CAP_ENDPOINT &&
            model.threads[model.endpoints[caps[slot].object].receiver].state == M_RECEIVING)
            return slot;
    }
    return 0;
}

// The token of a call that this component has to answer; 0: there is none.
static uint64_t own_call(unsigned component)
{
    for (unsigned tries = 0, i = (unsigned)random_below(THREADS); tries < THREADS;
         tries++, i = (i + 1) % THREADS) {
        if (model.threads[i].state == M_AWAITING && model.threads[i].server == (int)component)
            return model.threads[i].token;
    }
    return 0;
}

// One that another component has to answer; rather one on whose time the thread works, in a nested call.
static uint64_t foreign_call(unsigned t)
{
    uint64_t found = 0;

    for (unsigned i = 0; i < THREADS; i++) {
        const struct model_thread *m = &model.threads[i];

        if (m->state == M_AWAITING && m->server != (int)model.threads[t].component &&
            (found == 0 || m->pays == model.threads[t].pays))
            found = m->token;
    }
    return found;
}

static bool is_server(unsigned t)
{
    for (unsigned i = 0; i < ENDPOINTS; i++) {
        if (model.endpoints[i].receiver == t)
            return true;
    }
    return false;
}

static uint64_t reply_and_wait(unsigned t, uint64_t token)
{
    set_plain(t, 0);
    set(t, 1, token);
    return SYS_REPLY_WAIT;
}

// One lend, mostly as it should be.
static void add_lend(unsigned t)
{
    static const uint64_t flags[] = {0, LEND_READ | LEND_BORROWED, LEND_WRITE | 2ull * LEND_BYTES_MAX, LEND_READ, LEND_WRITE};
    unsigned which = (unsigned)random_below(16);
    bool at_the_end = one_in(2); // of what is mapped

    set(t, 8, at_the_end ? STACK_TOP - PAGE_SIZE / 2 : DATA_ADDRESS + random_below(2 * PAGE_SIZE));
    set(t, 9, (at_the_end ? 2 * PAGE_SIZE : random_below(300)) | (which < 5 ? flags[which] : LEND_READ | LEND_WRITE));
    set(t, 0, model.threads[t].x[0] | (one_in(16) ? 2ull : 1ull) << INFO_LENDS_SHIFT);
}

// A copy from or to what a caller of this component lent, if there is one.
static uint64_t copy_lent(unsigned t, uint64_t number)
{
    for (unsigned i = 0; i < THREADS; i++) {
        const struct model_thread *m = &model.threads[i];

        if (m->state != M_AWAITING || m->server != (int)model.threads[t].component || m->lends == 0)
            continue;
        set(t, 0, m->token);
        set(t, 1, m->lends > 1 ? random_below(2) : 0);
        set(t, 2, random_below(8));
        set(t, 3, DATA_ADDRESS + random_below(PAGE_SIZE));
        set(t, 4, one_in(m->lend[0].bytes > PAGE_SIZE ? 2 : 8) ? random_below(2) * (PAGE_SIZE + 1) : 1 + random_below(100));
        return one_in(2) ? SYS_COPY_IN : SYS_COPY_OUT;
    }
    return number;
}

// An answer to a fault, if there is one that waits for it.
static uint64_t answer_fault(unsigned t, uint64_t number)
{
    for (unsigned i = 0; i < THREADS; i++) {
        const struct model_thread *m = &model.threads[i];

        if (m->state != M_AWAITING || m->server != (int)model.threads[t].component || !m->fault)
            continue;
        reply_and_wait(t, m->token);
        set(t, 0, one_in(4) ? random_below(4) : FAULT_REPLY_RESUME);
        return SYS_REPLY_WAIT;
    }
    return number;
}

static uint64_t favour(unsigned t, uint64_t number)
{
    unsigned component = model.threads[t].component;
    uint64_t slot = waiting_server(t), own = own_call(component), foreign = foreign_call(t);

    if (one_in(2))
        number = copy_lent(t, number);
    else if (is_server(t))
        number = answer_fault(t, number);
    if (number == SYS_COPY_IN || number == SYS_COPY_OUT || number == SYS_REPLY_WAIT)
        return number;
    switch (random_below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: return is_server(t) ? reply_and_wait(t, own) : number;
    case 5: return own ? reply_and_wait(t, own + (1 << 16) - (random_below(2) << 17)) : number;
    case 6: return foreign ? reply_and_wait(t, foreign) : number;
    case 7:
    case 8:
    case 9:
    case 10:
        if (slot)
            set_plain(t, slot);
        if (slot && one_in(2))
            add_lend(t);
        return slot ? SYS_CALL : number;
    case 11: set_plain(t, random_below(S_DYNAMIC)); return SYS_CALL;
    case 12: set(t, 0, S_WAKE + t); return SYS_SIGNAL;
    case 13: set(t, 0, S_WAKE + random_below(T_SPARE)); return SYS_SIGNAL;
    case 14:
        if (component != SUP || written < LATE)
            return number;
        set(t, 0, S_REVOKE);  // after that nobody can call worker
        return SYS_CAP_REVOKE;
    default: return number;
    }
}

// --- What a real machine can be asked for, again ---------------------------------------------------

// Changes the chosen call into one that is the same everywhere. Returns its number.
static uint64_t tame(unsigned t, uint64_t number)
{
    if (number >= SYS_COUNT)
        return SYS_COUNT;
    switch (number) {
    case SYS_POWER:
    case SYS_CONSOLE_WRITE:
        if (holds(t, number == SYS_POWER ? CAP_POWER : CAP_CONSOLE))
            set(t, number == SYS_POWER ? 1 : 2, number == SYS_POWER ? POWER_OPS : 0);
        break;
    case SYS_TIMER_SET:
        if (model.threads[t].x[1] != 0)
            set(t, 1, FAR_AWAY + model.threads[t].x[1] % FAR_AWAY);
        break;
    case SYS_FRAME_READ:
    case SYS_FRAME_WRITE: set(t, 1, UNMAPPED_ADDRESS); break;
    case SYS_COMPONENT_CONTROL: return names_spare(t) ? SYS_YIELD : number;
    case SYS_EXIT: return model.threads[t].component == SPARE ? SYS_YIELD : number;
    default: break;
    }
    return number;
}

// Spare runs when nobody else can: it wakes somebody, or starts a component again.
static uint64_t wake(unsigned t)
{
    for (unsigned tries = 0, i = (unsigned)random_below(T_SPARE); tries < T_SPARE;
         tries++, i = (i + 1) % T_SPARE) {
        if (model.threads[i].state != M_RECEIVING || one_in(4))
            continue;
        set(t, 0, S_WAKE + i);
        return SYS_SIGNAL;
    }
    set(t, 0, S_COMPONENT + random_below(SPARE));
    set(t, 1, COMPONENT_OP_RESTART);
    return SYS_COMPONENT_CONTROL;
}

// --- Steps -----------------------------------------------------------------------------------

static void record_call(unsigned t)
{
    struct step step = begin(t, KIND_STEP_CALL, 0);
    uint64_t number = choose_call(t);

    number = t == T_SPARE ? wake(t) : tame(t, one_in(2) ? favour(t, number) : number);
    step.number = (uint32_t)number;
    memcpy(step.words, model.threads[t].x, sizeof step.words);
    last[t] = (struct last){
        .number = number, .first = step.words[1], .step = written, .reflected = model.threads[t].reflect};
    end(&step);
    drive_call(t, number);
}

// A word of the thread's memory that it may write: rather where the image has something, or copies and stores
// go.
static uint64_t own_word(void)
{
    uint64_t at = random_below(DATA_PAGES * PAGE_SIZE + STACK_PAGES * PAGE_SIZE) & ~7ull;

    if (!one_in(4))
        return DATA_ADDRESS + random_below(2) * PAGE_SIZE + at % 256;
    return at < DATA_PAGES * PAGE_SIZE ? DATA_ADDRESS + at : STACK_ADDRESS + at - DATA_PAGES * PAGE_SIZE;
}

static void record_store(unsigned t)
{
    struct step step = begin(t, KIND_STEP_STORE, 0);
    unsigned component = model.threads[t].component;

    step.words[0] = own_word();
    step.words[1] = random_word();
    end(&step);
    void *kernels = arch_user_pointer(&components[component].vspace, step.words[0], RIGHT_WRITE);

    if (kernels == NULL)
        differs("component %u cannot write its memory", component);
    memcpy(kernels, &step.words[1], 8);
    memcpy(memory_at(component, step.words[0], RIGHT_WRITE), &step.words[1], 8);
    goes_on = (int)t;
    threads[t].frame.pc = model.threads[t].pc += 4;  // it has begun
}

static void record_load(unsigned t)
{
    struct step step = begin(t, KIND_STEP_LOAD, 0);

    step.words[0] = own_word();
    end(&step);
    memcpy(&loaded, memory_at(model.threads[t].component, step.words[0], RIGHT_READ), 8);
    loads = (int)t;
    threads[t].frame.pc = model.threads[t].pc += 4;
}

static void record_fault(unsigned t)
{
    enum fault_reason reason = one_in(2) ? FAULT_READ : FAULT_WRITE;
    struct step step = begin(t, KIND_STEP_FAULT, reason);

    step.words[0] = UNMAPPED_ADDRESS + 8 * random_below(100);
    end(&step);
    drive_fault(t, reason, step.words[0], 0);
}

static void record_step(void)
{
    unsigned t = (unsigned)model.current;
    uint64_t what = random_below(1000);

    if (comes_again[t])
        drive_call(t, 0);  // the machine's kernel does that by itself
    else if (what < 40)
        record_store(t);
    else if (what < 120)
        record_load(t);
    else if (what < 125 && model.threads[t].handler == NOBODY && t != T_SPARE &&
             model.threads[t].component != SUP)
        record_fault(t);
    else
        record_call(t);
}

// Time stands still: with nobody to run the run is over. Spare prevents it.
static void on_idle(void)
{
    host_escape(HOST_IDLE);
}

static void run(uint64_t seed, unsigned long steps)
{
    uint64_t generations[COMPONENTS];

    sequence_seed = seed;
    random_seed(seed * FAR_APART);
    host_init();
    if (host_boot() == NULL)
        differs("the system does not boot");
    model_boot();
    host.on_leave = settle;
    host.on_idle = on_idle;
    settle();
    while ((written < steps || comes_again[model.current]) && host.end == HOST_RUNS && !model.tied) {
        for (unsigned i = 0; i < COMPONENTS; i++)
            generations[i] = model.components[i].generation;
        record_step();
        forget_repeats(generations);
        step_number = written;
        matrix->steps++;
    }
    compare_all();
    every = true;
    struct step last_one = begin((unsigned)model.current, KIND_STEP_END, 0);

    end(&last_one);
    printf("%lu steps of seed %llu\n", written, (unsigned long long)seed);
}

int main(int argc, char **argv)
{
    const char *files[2] = {NULL, NULL};
    unsigned long steps = 5000;
    uint64_t seed = 1;
    int count = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            verbose = true;
        else if (strcmp(argv[i], "--every") == 0)
            every = true;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else if (strcmp(argv[i], "--steps") == 0 && i + 1 < argc)
            steps = strtoul(argv[++i], NULL, 0);
        else if (count < 2)
            files[count++] = argv[i];
    }
    if (count != 2 || steps >= SCRIPT_BYTES_MAX / STEP_BYTES) {
        fprintf(stderr, "usage: record_calls --seed S --steps N SCRIPT DIGESTS [--verbose] [--every]\n");
        return 2;
    }
    script = fopen(files[0], "wb");
    digests = fopen(files[1], "w");
    matrix = calloc(1, sizeof *matrix);
    if (script == NULL || digests == NULL || matrix == NULL)
        return 2;
    run(seed, steps);
    return fclose(script) | fclose(digests);
}
