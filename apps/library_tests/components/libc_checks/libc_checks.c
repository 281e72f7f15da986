// The integer C library: what is in it works as C says.
// SPDX-License-Identifier: BSD-2-Clause

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glue.h>
#include <tenon/log.h>

#define CHECK(name, condition)                                  \
    do {                                                        \
        if (condition)                                          \
            log_info("pass libc " name);                        \
        else                                                    \
            log_error("fail libc " name ": line %d", __LINE__); \
    } while (0)

static char text[200];

static bool prints(const char *expected)
{
    return strcmp(text, expected) == 0;
}

static void check_printf(void)
{
    snprintf(text, sizeof text, "%d %u %x %X %o %c %s %%", -5, 7u, 0xbeefu, 0xBEEFu, 8u, 'q', "word");
    CHECK("printf", prints("-5 7 beef BEEF 10 q word %"));
    snprintf(text, sizeof text, "%lld %llu %zu %jd %hhd", LLONG_MIN, ULLONG_MAX, (size_t)9, (intmax_t)-9,
             300 - 256);
    CHECK("printf wide", prints("-9223372036854775808 18446744073709551615 9 -9 44"));
    snprintf(text, sizeof text, "[%5d|%-5d|%05d|%+d|%.3d|%*d|%.2s|%8s]", 42, 42, 42, 42, 7, 4, 1, "abc",
             "xyz");
    CHECK("printf fields", prints("[   42|42   |00042|+42|007|   1|ab|     xyz]"));
    CHECK("printf length", snprintf(text, 4, "%s", "abcdef") == 6 && prints("abc"));
    snprintf(text, sizeof text, "%" PRIu64 " %" PRIx32, UINT64_C(1) << 40, UINT32_C(0xabcdef));
    CHECK("printf inttypes", prints("1099511627776 abcdef"));
}

static void check_numbers(void)
{
    char *end;

    CHECK("strtol", strtol(" -123xyz", &end, 10) == -123 && strcmp(end, "xyz") == 0);
    CHECK("strtoul", strtoul("0x1F", NULL, 0) == 31 && strtoul("777", NULL, 8) == 511);
    errno = 0;
    CHECK("strtol range", strtol("99999999999999999999", NULL, 10) == LONG_MAX && errno == ERANGE);
    CHECK("strtoull", strtoull("18446744073709551615", NULL, 10) == ULLONG_MAX);
    CHECK("atoi", atoi("42") == 42 && atol("-7") == -7);
    CHECK("div", div(-7, 2).quot == -3 && div(-7, 2).rem == -1 && abs(-3) == 3);
    CHECK("ctype", isdigit('5') && !isdigit('a') && isalpha('z') && isspace('\t') && toupper('q') == 'Q' &&
                       isxdigit('F') && ispunct('!') && !isprint(7));
}

static void check_strings(void)
{
    CHECK("strcmp",
          strcmp("abc", "abd") < 0 && strncmp("abcX", "abcY", 3) == 0 && strcasecmp("AbC", "aBc") == 0);
    CHECK("strchr", strcmp(strchr("hello", 'l'), "llo") == 0 && strcmp(strrchr("hello", 'l'), "lo") == 0);
    CHECK("strstr",
          strcmp(strstr("the needle in it", "needle"), "needle in it") == 0 && strstr("a", "b") == NULL);
    CHECK("strspn", strspn("aabbc", "ab") == 4 && strcspn("hello", "l") == 2);
    CHECK("strlcpy", strlcpy(text, "abcdef", 4) == 6 && prints("abc") && strlcat(text, "xyz", 6) == 6 &&
                         prints("abcxy"));

    char words[] = "one two  three", *state, *word = strtok_r(words, " ", &state);
    unsigned count = 0;

    for (; word != NULL; word = strtok_r(NULL, " ", &state))
        count++;
    CHECK("strtok_r", count == 3);
}

// Every alignment and many lengths, against the obvious loop.
static void check_memory(void)
{
    static unsigned char from[200], to[200], expected[200];
    bool same = true;

    for (unsigned i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(i * 37 + 11);
    for (unsigned a = 0; a < 9; a++) {
        for (unsigned b = 0; b < 9; b++) {
            for (unsigned n = 0; n < 80; n += 1 + n / 8) {
                memset(to, 0xee, sizeof to);
                memset(expected, 0xee, sizeof expected);
                for (unsigned i = 0; i < n; i++)
                    expected[b + i] = from[a + i];
                memcpy(to + b, from + a, n);
                same &= memcmp(to, expected, sizeof to) == 0;
            }
        }
    }
    CHECK("memcpy", same);
    memcpy(to, "0123456789", 10);
    memmove(to + 2, to, 8);
    CHECK("memmove up", memcmp(to, "0101234567", 10) == 0);
    memmove(to, to + 2, 8);
    CHECK("memmove down", memcmp(to, "0123456767", 10) == 0);
    CHECK("memchr", memchr("abc", 'c', 3) != NULL && memchr("abc", 'c', 2) == NULL);
}

static int compare(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;

    return (a > b) - (a < b);
}

static void check_sorting(void)
{
    static int numbers[200];
    bool sorted = true;

    for (unsigned i = 0; i < 200; i++)
        numbers[i] = (int)(i * 7919 % 200);
    qsort(numbers, 200, sizeof numbers[0], compare);
    for (int i = 0; i < 200; i++)
        sorted &= numbers[i] == i;
    CHECK("qsort", sorted);
    int key = 77;

    CHECK("bsearch", bsearch(&key, numbers, 200, sizeof numbers[0], compare) == &numbers[77]);
}

static void check_malloc(void)
{
    char *first = malloc(1000), *second = calloc(10, 100);
    bool zero = second != NULL;

    for (unsigned i = 0; zero && i < 1000; i++)
        zero = second[i] == 0;
    CHECK("malloc", first != NULL && (uintptr_t)first % 16 == 0 && zero);
    memset(first, 'x', 1000);
    first = realloc(first, 5000);
    CHECK("realloc", first != NULL && first[999] == 'x');
    CHECK("malloc limit", malloc(100000) == NULL);
    free(first);
    free(second);
    unsigned rounds = 0;

    for (void *memory; rounds < 1000 && (memory = malloc(3000)) != NULL; rounds++)
        free(memory);
    CHECK("free", rounds == 1000);
}

int main(void)
{
    check_printf();
    check_numbers();
    check_strings();
    check_memory();
    check_sorting();
    check_malloc();
    event_loop_run();
}
