// A QEMU TCG plugin that counts what operations of the kernel do: instructions, and of them barriers, TLB operations and switches
// of the address space. Each instruction that is executed is looked at, between two readings of the counter by user code, which then
// tells of what operation they were (apps/bench/components/lib/tell). Of its samples the one with the fewest instructions counts.
// Writes a line for each operation: NAME TIMES INSTRUCTIONS BARRIERS SWITCHES TLB; all four are those of all the times.
// SPDX-License-Identifier: BSD-2-Clause
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify.h"
#include "qemu_plugin.h"

#define READINGS 256 // kept: more than those of all samples of an operation
#define OPERATIONS 64
#define NAME_BYTES 32

struct counts {
    uint64_t instructions, barriers, tlb, switches;
};

struct operation {
    char name[NAME_BYTES];
    unsigned times;
    struct counts least;
};

int qemu_plugin_version = 1;

static char output[512];
static const char *target;
static struct counts now, at_reading[READINGS];
static size_t readings; // since the last was told of
static bool told;
static struct operation operations[OPERATIONS];
static size_t known;
static char text[NAME_BYTES + 4]; // what is being told: a name, its NUL, and a struct tell_readings
static size_t length;
static unsigned bits, byte;

static void die(const char *why)
{
    fprintf(stderr, "operations: %s\n", why);
    abort();
}

static void read_counter(void)
{
    if (told)
        readings = 0;
    told = false;
    if (readings == READINGS)
        die("more readings than there is room for");
    at_reading[readings++] = now;
}

static struct counts difference(struct counts end, struct counts start)
{
    return (struct counts){end.instructions - start.instructions, end.barriers - start.barriers, end.tlb - start.tlb,
                           end.switches - start.switches};
}

// What came before the first whole sample is not part of any.
static void keep(const char *name, unsigned each, unsigned from, unsigned to, unsigned times)
{
    if (known == OPERATIONS || times == 0 || from >= to || to >= each || each > readings)
        die(name);
    struct operation *operation = &operations[known++];

    strcpy(operation->name, name);
    operation->times = times;
    operation->least.instructions = UINT64_MAX;
    for (const struct counts *sample = at_reading + readings % each; sample < at_reading + readings; sample += each) {
        struct counts counts = difference(sample[to], sample[from]);

        if (counts.instructions < operation->least.instructions)
            operation->least = counts;
    }
}

static void hear(unsigned bit)
{
    byte |= bit << bits;
    if (++bits < 8)
        return;
    if (length == sizeof text)
        die("a name without an end");
    text[length++] = (char)byte;
    bits = byte = 0;
    const uint8_t *more = (const uint8_t *)text + strnlen(text, length) + 1;

    if (text + length < (const char *)more + 4)
        return;
    keep(text, more[0], more[1], more[2], more[3]);
    length = 0;
    told = true;
}

static void executed(unsigned cpu, void *data)
{
    uintptr_t what = (uintptr_t)data;

    (void)cpu;
    now.instructions++;
    now.barriers += (what & CLASS_BARRIER) != 0;
    now.tlb += (what & CLASS_TLB) != 0;
    now.switches += (what & CLASS_SWITCH) != 0;
    if (what & CLASS_READING)
        read_counter();
    if (what & (CLASS_ZERO | CLASS_ONE))
        hear((what & CLASS_ONE) != 0);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uintptr_t what = classify(target, qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));

        if (qemu_plugin_insn_vaddr(insn) >= USER_END)
            what &= CLASS_BARRIER | CLASS_TLB | CLASS_SWITCH; // only users measure and tell
        qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, 0, (void *)what);
    }
}

static void finished(qemu_plugin_id_t id, void *data)
{
    FILE *file = fopen(output, "w");

    (void)id;
    (void)data;
    if (file == NULL)
        return;
    for (const struct operation *o = operations; o < operations + known; o++)
        fprintf(file, "%s %u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", o->name, o->times, o->least.instructions,
                o->least.barriers, o->least.switches, o->least.tlb);
    fclose(file);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_plugin_info *info, int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strncmp(argv[i], "out=", 4) == 0)
            snprintf(output, sizeof output, "%s", argv[i] + 4);
    target = strdup(info->target_name);
    if (output[0] == 0 || target == NULL)
        return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finished, NULL);
    return 0;
}
