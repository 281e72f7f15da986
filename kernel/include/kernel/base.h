// Words every kernel file uses: number types that must not be mixed, attributes, small helpers.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/syscall.h>

typedef uint64_t paddr_t; // physical address
typedef uint64_t uaddr_t; // a user address: an allegation until it was walked
typedef uint64_t nanos_t; // nanoseconds since boot

#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define NOINLINE __attribute__((noinline))
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define PAGE_BITS 12
#define PAGE_SIZE 4096ull
#define CACHE_LINE 64
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

// The structure that holds `member` at `pointer`.
#define CONTAINER_OF(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

static inline uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

// A bug of ours: says where, keeps the text across a reset, and does what on_panic declares (boot/panic.c).
NORETURN __attribute__((format(printf, 1, 2))) void panic(const char *format, ...);
