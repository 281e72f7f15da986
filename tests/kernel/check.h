// Tests of the portable kernel on the fake machine. Each TEST runs in a process of its own, which begins as after power on;
// a failed CHECK, a sanitizer's report or a crash fails that test only.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct test {
    const char *name;
    void (*run)(void);
    struct test *next;
};

extern struct test *tests; // last one first

#define TEST(sentence) \
    static void sentence(void); \
    static struct test test_##sentence = {#sentence, sentence, NULL}; \
    __attribute__((constructor)) static void add_##sentence(void) \
    { \
        test_##sentence.next = tests; \
        tests = &test_##sentence; \
    } \
    static void sentence(void)

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            printf("%s:%d: CHECK(%s) fails\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

// The same for two numbers, which are shown.
#define CHECK_EQUAL(found, expected) \
    do { \
        unsigned long long found_ = (unsigned long long)(found), expected_ = (unsigned long long)(expected); \
        if (found_ != expected_) { \
            printf("%s:%d: %s is 0x%llx, expected 0x%llx (%s)\n", __FILE__, __LINE__, #found, found_, expected_, \
                   #expected); \
            exit(1); \
        } \
    } while (0)
