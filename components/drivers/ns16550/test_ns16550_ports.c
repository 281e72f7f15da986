// Host test of the UART driver with its registers in I/O space; test_ns16550.c tests the rest.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

static char sent[64];
static unsigned sent_bytes, enabled, typed;

uint32_t host_port_read(uint64_t offset, unsigned width)
{
    CHECK_EQUAL(width, 1);
    switch (offset) {
    case 0: typed--; return 'x';
    case 2: return 0xc1;
    case 3: return 3;
    case 5: return 1u << 5 | (typed > 0);
    default: CHECK(false);
    }
    return 0;
}

void host_port_write(uint64_t offset, unsigned width, uint32_t value)
{
    CHECK_EQUAL(width, 1);
    switch (offset) {
    case 0: sent[sent_bytes++] = (char)value; break;
    case 1: enabled = value; break;
    case 2: case 4: break;
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

TEST(a_write_goes_out_and_typed_bytes_come_in)
{
    uint8_t byte;

    CHECK(host_run(start) == HOST_IDLE);
    CHECK_EQUAL(client_console_write("one\n", 4), STATUS_OK);
    CHECK(sent_bytes == 5 && memcmp(sent, "one\r\n", 5) == 0);
    CHECK(enabled & 1);
    typed = 1;
    host_bits(BIT_INTERRUPT_DEV);
    CHECK(client_console_typed_take(&byte));
    CHECK_EQUAL(byte, 'x');
}
