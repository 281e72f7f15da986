// Host test of the UART driver: a UART with a FIFO of chosen size, and clients that write, log and die.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <tenon/mmio.h>

static struct {
    char sent[1 << 16];
    unsigned sent_bytes, fifo_room;
    uint32_t received[64];
    unsigned received_first, received_end;
    uint32_t part, line_control, control, mask;
    unsigned line_control_writes;
} uart = {.fifo_room = ~0u, .part = 0x11};

uint32_t arch_mmio_read32(uintptr_t address)
{
    switch (address - DEVICE_DEV_BASE) {
    case 0x000: CHECK(uart.received_first < uart.received_end); return uart.received[uart.received_first++];
    case 0x018:
        return (uart.received_first == uart.received_end ? 1u << 4 : 0) | (uart.fifo_room == 0 ? 1u << 5 : 0);
    case 0x02c: return uart.line_control;
    case 0x030: return uart.control;
    case 0xfe0: return uart.part;
    default: CHECK(false);
    }
    return 0;
}

void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    switch (address - DEVICE_DEV_BASE) {
    case 0x000:
        CHECK(uart.fifo_room > 0 && uart.sent_bytes < sizeof uart.sent);
        uart.fifo_room--;
        uart.sent[uart.sent_bytes++] = (char)value;
        break;
    case 0x02c: uart.line_control = value; uart.line_control_writes++; break;
    case 0x030: uart.control = value; break;
    case 0x034: break;
    case 0x038: uart.mask = value; break;
    case 0x044: CHECK((value & (1u << 4 | 1u << 6)) == 0); break; // what waits must go on interrupting
    default: CHECK(false);
    }
}

void on_client_console_typed(void)
{
}

int component_main(void);

static void start(void)
{
    component_main();
}

static void begin(void)
{
    CHECK(host_run(start) == HOST_IDLE);
    CHECK(host_is_ready);
}

static bool sent(const char *text)
{
    return strlen(text) == uart.sent_bytes && memcmp(text, uart.sent, uart.sent_bytes) == 0;
}

static void type(const char *text)
{
    while (*text)
        uart.received[uart.received_end++] = (uint8_t)*text++;
    host_bits(BIT_INTERRUPT_DEV);
}

static void log_text(const char *text)
{
    struct log_line line = {.bytes = (uint16_t)strlen(text)};

    memcpy(line.text, text, line.bytes);
    CHECK(client_log_lines_put(&line));
}

TEST(a_write_goes_out_with_carriage_returns)
{
    begin();
    CHECK_EQUAL(client_console_write("one\ntwo\n", 8), STATUS_OK);
    CHECK(sent("one\r\ntwo\r\n"));
    CHECK_EQUAL(client_console_write("", 0), STATUS_OK);
}

TEST(a_long_write_goes_out_whole)
{
    char text[1024];

    begin();
    for (unsigned i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 26);
    CHECK_EQUAL(client_console_write(text, sizeof text), STATUS_OK);
    CHECK_EQUAL(uart.sent_bytes, sizeof text);
    CHECK(memcmp(uart.sent, text, sizeof text) == 0);
}

TEST(log_lines_go_out_in_order)
{
    begin();
    log_text("first\n");
    log_text("second\n");
    host_bits(BIT_STREAM_LOG_LINES);
    CHECK(sent("first\r\nsecond\r\n"));
}

TEST(lines_that_were_put_while_the_driver_was_down_go_out_at_its_start)
{
    log_text("early\n");
    begin();
    CHECK(sent("early\r\n"));
}

TEST(a_log_line_that_claims_more_than_it_has_is_cut)
{
    struct log_line line = {.bytes = 65535};

    begin();
    memset(line.text, 'x', sizeof line.text);
    CHECK(client_log_lines_put(&line));
    host_bits(BIT_STREAM_LOG_LINES);
    CHECK_EQUAL(uart.sent_bytes, 256);
}

TEST(a_full_fifo_waits_for_its_interrupt)
{
    begin();
    uart.fifo_room = 4;
    log_text("0123456789\n");
    host_bits(BIT_STREAM_LOG_LINES);
    CHECK_EQUAL(uart.sent_bytes, 4);
    CHECK(uart.mask & 1u << 5);
    uart.fifo_room = 100;
    host_bits(BIT_INTERRUPT_DEV);
    CHECK(sent("0123456789\r\n"));
    CHECK(!(uart.mask & 1u << 5));
}

TEST(typed_bytes_reach_the_client_in_order)
{
    uint8_t byte;

    begin();
    type("hello");
    for (const char *c = "hello"; *c; c++) {
        CHECK(client_console_typed_take(&byte));
        CHECK_EQUAL(byte, *c);
    }
    CHECK(!client_console_typed_take(&byte));
}

TEST(bytes_with_line_errors_are_dropped)
{
    uint8_t byte;

    begin();
    uart.received[uart.received_end++] = 'a' | 1u << 8;
    uart.received[uart.received_end++] = 0x400;
    type("b");
    CHECK(client_console_typed_take(&byte));
    CHECK_EQUAL(byte, 'b');
    CHECK(!client_console_typed_take(&byte));
}

TEST(what_waits_in_the_device_at_a_restart_is_not_lost)
{
    uint8_t byte;

    uart.line_control = 0x70;
    uart.received[uart.received_end++] = 'x';
    begin();
    CHECK_EQUAL(uart.line_control_writes, 0); // writing it may empty the FIFO
    CHECK(client_console_typed_take(&byte));
    CHECK_EQUAL(byte, 'x');
}

// A write whose caller ends while the FIFO is full: its bytes stop, and those of others go on.
TEST(the_write_of_a_client_that_is_gone_is_forgotten)
{
    struct message request = {.info = message_info(1, 0, 1, false) | (uint64_t)CLIENT_PL011_CLIENT_CONSOLE << INFO_SLOT_SHIFT,
                              .token = 7ull << TOKEN_THREAD_BITS,
                              .words = {[LEND_FIRST_WORD + 1] = 10 | LEND_READ}};

    begin();
    uart.fifo_room = 0;
    instance_dispatch_call(0, &request);
    CHECK_EQUAL(request.token, 0); // no answer yet
    instance_client_gone(0, CLIENT_PL011_CLIENT_CONSOLE);
    uart.fifo_room = 100;
    log_text("next\n");
    host_bits(BIT_STREAM_LOG_LINES | BIT_INTERRUPT_DEV);
    CHECK(sent("next\r\n"));
    CHECK_EQUAL(host_reply_count, 0);
}

// The lend of a call that ended is stale: the kernel says so and the write ends there.
TEST(a_write_that_timed_out_ends_and_the_next_goes_out)
{
    struct message request = {.info = message_info(1, 0, 1, false) | (uint64_t)CLIENT_PL011_CLIENT_CONSOLE << INFO_SLOT_SHIFT,
                              .token = 7ull << TOKEN_THREAD_BITS,
                              .words = {[LEND_FIRST_WORD + 1] = 10 | LEND_READ}};

    begin();
    instance_dispatch_call(0, &request);
    CHECK_EQUAL(client_console_write("after", 5), STATUS_OK);
    CHECK(sent("after"));
}

TEST(another_device_ends_the_driver)
{
    uart.part = 0x31;
    CHECK_EQUAL(host_run(start), 78);
}
