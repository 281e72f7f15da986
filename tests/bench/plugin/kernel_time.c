// A QEMU TCG plugin that counts instructions by where they run: until the first user instruction, and the
// longest run of kernel instructions between two user instructions after that. The kernel runs with
// interrupts off, so that run bounds how long an interrupt can wait; polls inside it make the true figure
// smaller. Nothing counts before the first instruction of the image, where `image=ADDRESS` says at which
// physical address that is. SPDX-License-Identifier: BSD-2-Clause
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_plugin.h"

int qemu_plugin_version = 1;

#define KERNEL_START (1ull << 63)
#define HEAD_BYTES   0x200000ull  // of the image: its first instructions are there

enum place { PLACE_LOW = 1, PLACE_KERNEL = 2, PLACE_HEAD = 4 };

static char output[512];
static uint64_t image, until_user, run, longest;
static int counting, kernel_seen, user_seen;

static void executed(unsigned cpu, void *data)
{
    uint64_t packed = (uint64_t)data, instructions = packed >> 3;

    (void)cpu;
    counting = counting || (packed & PLACE_HEAD);
    kernel_seen = kernel_seen || (packed & PLACE_KERNEL);
    if (!counting)
        return;
    if (kernel_seen && (packed & PLACE_LOW)) {  // user code
        user_seen = 1;
        if (run > longest)
            longest = run;
        run = 0;
    } else if (user_seen) {
        run += instructions;
    } else {
        until_user += instructions;
    }
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    uint64_t address = qemu_plugin_tb_vaddr(tb), packed = (uint64_t)qemu_plugin_tb_n_insns(tb) << 3;

    packed |= address < USER_END ? PLACE_LOW : 0;
    packed |= address >= KERNEL_START ? PLACE_KERNEL : 0;
    packed |= address - image < HEAD_BYTES ? PLACE_HEAD : 0;

    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, executed, 0, (void *)packed);
}

static void finished(qemu_plugin_id_t id, void *data)
{
    FILE *file = fopen(output, "w");

    (void)id;
    (void)data;
    if (file == NULL)
        return;
    fprintf(file, "%" PRIu64 " %" PRIu64 "\n", until_user, longest);
    fclose(file);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_plugin_info *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "out=", 4) == 0)
            snprintf(output, sizeof output, "%s", argv[i] + 4);
        if (strncmp(argv[i], "image=", 6) == 0)
            image = strtoull(argv[i] + 6, NULL, 0);
    }
    counting = image == 0;
    if (output[0] == 0)
        return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finished, NULL);
    return 0;
}
