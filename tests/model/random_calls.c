// Drives the kernel on the fake machine and the model side by side: random system calls of whichever thread
// the kernel runs, with time, interrupts, faults and memory writes in between, and compares them after each
// step.
//
//   random_calls [--seed S] [--steps N] [--verbose] [--quick]
//
// A run is a row of sequences, each of SEQUENCE_STEPS steps in a process of its own that begins with a boot;
// sequence i has seed S + i. When one fails, its seed repeats it: --seed THAT --steps STEP --verbose.
// --quick: no demands on the matrix. SPDX-License-Identifier: BSD-2-Clause
#include "random_calls.h"

#include <arch/cpu.h>
#include <kernel/notification.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEQUENCE_STEPS 2000
#define PERCENT_GOOD   30
#define WAKE           (1ull << 60)
#define LINES_IN_USE \
    ((const uint32_t[INTERRUPTS]){[INTERRUPT_LEVEL] = LINE_LEVEL, [INTERRUPT_EDGE] = LINE_EDGE})

static unsigned long steps_wanted;

// --- What happens by itself --------------------------------------------------------------------

static void pass_time(nanos_t time)
{
    host.now += time;
    model_pass(time);
}

static bool raise_some_line(bool only_heard)
{
    unsigned i = (unsigned)random_below(INTERRUPTS);

    if (only_heard && !model.listening[i])
        i = (i + 1) % INTERRUPTS;
    if (only_heard && !model.listening[i])
        return false;
    say("    line %u\n", LINES_IN_USE[i]);
    host_raise(LINES_IN_USE[i]);
    return true;
}

static void on_timer(void)
{
    say("    timer at %llu\n", (unsigned long long)host.now);
    model_timer_interrupt();
}

static void on_interrupt(uint32_t line)
{
    say("    interrupt %u\n", line);
    model_line(line == LINE_LEVEL ? INTERRUPT_LEVEL : INTERRUPT_EDGE);
    if (!host.edge[line] && !one_in(4))
        host.raised[line] = false;  // the device is content
}

static void on_leave(void)
{
    settle();
}

// Nothing is armed that could end the sleep: a hand from outside signals a thread that waits, or the sequence
// is over.
static void wake_somebody(void)
{
    for (unsigned tries = 0, i = (unsigned)random_below(THREADS); tries < THREADS;
         tries++, i = (i + 1) % THREADS) {
        if (model.threads[i].state != M_RECEIVING)
            continue;
        say("    thread %u is woken\n", i);
        notification_signal(&notifications[i], WAKE);
        signal_bits(i, WAKE);
        return;
    }
    matrix->sleeps++;
    for (unsigned i = 0; verbose && i < THREADS; i++)
        say("    thread %u: state %u, component state %u\n", i, model.threads[i].state,
            model.components[model.threads[i].component].state);
    host_escape(HOST_IDLE);
}

static void on_idle(void)
{
    settle();
    if (one_in(3) && raise_some_line(true))
        return;
    if (host.timer == NO_TIME) {
        wake_somebody();
        return;
    }
    say("    sleeps until %llu\n", (unsigned long long)host.timer);
    pass_time(host.timer - host.now);
}

// A long call may be interrupted between any two of its steps.
static void on_poll(void)
{
    if (in_syscall && one_in(6))
        raise_some_line(true);
}

// --- Steps -----------------------------------------------------------------------------------

static void do_run(void)
{
    nanos_t time = choose_time(), left = host.timer - host.now;

    if (host.timer <= host.now)
        left = 0;
    if (host.timer != NO_TIME && time > left)
        time = left;
    say("%lu: %llu ns pass\n", step_number, (unsigned long long)time);
    pass_time(time);
    host_take_interrupts();
}

static void do_line(void)
{
    say("%lu: a device asks\n", step_number);
    raise_some_line(false);
    host_take_interrupts();
}

static void do_fault(unsigned t)
{
    enum fault_reason reason = (enum fault_reason)(1 + random_below(FAULT_REASONS - 1));
    uint64_t address = random_word(), detail = random_below(100);

    drive_fault(t, reason == FAULT_FOREIGN_CALL ? FAULT_READ : reason, address, detail);
}

static void do_step(void)
{
    unsigned t = (unsigned)model.current;
    uint64_t what = random_below(1000);
    bool fragile = model.threads[t].component == SUP || model.threads[t].component == APP;

    if (what < 60)
        do_run();
    else if (what < 90)
        do_line();
    else if (what < 110)
        choose_memory_write(t);
    else if (what < (fragile ? 111 : model.threads[t].component == GUEST ? 200 : 120))
        do_fault(t);
    else
        drive_call(t, comes_again[t] ? 0 : choose_call(t));
}

static void run_sequence(void)
{
    uint64_t generations[COMPONENTS];

    random_seed(sequence_seed);
    host_init();
    if (host_boot() == NULL)
        differs("the system does not boot");
    model_boot();
    host.on_timer = on_timer;
    host.on_interrupt = on_interrupt;
    host.on_leave = on_leave;
    host.on_idle = on_idle;
    host.on_poll = on_poll;
    settle();
    for (step_number = 0; step_number < steps_wanted && host.end == HOST_RUNS && !model.tied; step_number++) {
        for (unsigned i = 0; i < COMPONENTS; i++)
            generations[i] = model.components[i].generation;
        do_step();
        forget_repeats(generations);
        matrix->steps++;
    }
    matrix->ties += model.tied;
    if (!model.tied && host.end != HOST_POWER_OFF && host.end != HOST_RESET)
        compare_all();
}

// --- The run ---------------------------------------------------------------------------------

static bool sequence_passes(void)
{
    int status;

    fflush(stdout);
    pid_t child = fork();

    if (child == 0) {
        run_sequence();
        fflush(stdout);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool report(bool quick)
{
    unsigned missing = 0, good = matrix_percent_good();

    if (!quick) {
        matrix_print();
        missing = matrix_missing();
    }
    printf(
        "%lu calls in %lu steps of %lu sequences (%lu slept for ever, %lu ended at a tie); %u %% succeeded\n",
        matrix_total(), matrix->steps, matrix->sequences, matrix->sleeps, matrix->ties, good);
    if (!quick && good < PERCENT_GOOD)
        printf("less than %u %% of the calls succeeded\n", PERCENT_GOOD);
    return quick || (missing == 0 && good >= PERCENT_GOOD);
}

int main(int argc, char **argv)
{
    unsigned long steps = 20000, sequence;
    uint64_t seed = 1;
    bool quick = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            verbose = true;
        else if (strcmp(argv[i], "--quick") == 0)
            quick = true;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else if (strcmp(argv[i], "--steps") == 0 && i + 1 < argc)
            steps = strtoul(argv[++i], NULL, 0);
        else {
            fprintf(stderr,
                    "random_calls: `%s`? usage: random_calls [--seed S] [--steps N] [--verbose] [--quick]\n",
                    argv[i]);
            return 2;
        }
    }
    matrix = mmap(NULL, sizeof *matrix, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (matrix == MAP_FAILED)
        return 2;
    printf("seed %llu, %lu steps\n", (unsigned long long)seed, steps);
    for (sequence = 0; matrix->steps < steps; sequence++) {
        sequence_seed = seed + sequence;
        steps_wanted = steps - matrix->steps < SEQUENCE_STEPS ? steps - matrix->steps : SEQUENCE_STEPS;
        matrix->sequences++;
        if (!sequence_passes()) {
            printf("sequence with seed %llu fails\n", (unsigned long long)sequence_seed);
            return 1;
        }
    }
    return report(quick) ? 0 : 1;
}
