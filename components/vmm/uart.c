// The guest's serial port, a PL011 (Arm DDI 0183), on the interface Console. What the guest writes is gathered to lines, and sent a moment
// after the last byte when no line ends.
// SPDX-License-Identifier: BSD-2-Clause

#include "vmm.h"

#include <glue.h>

#define UARTDR 0x000u
#define UARTFR 0x018u
#define UARTIBRD 0x024u
#define UARTFBRD 0x028u
#define UARTLCR_H 0x02cu
#define UARTCR 0x030u
#define UARTIFLS 0x034u
#define UARTIMSC 0x038u
#define UARTRIS 0x03cu
#define UARTMIS 0x040u
#define UARTICR 0x044u
#define UARTPERIPHID0 0xfe0u

#define FR_RECEIVE_EMPTY (1u << 4)
#define FR_TRANSMIT_EMPTY (1u << 7)
#define FR_RECEIVE_FULL (1u << 6)
#define INTERRUPT_RECEIVE (1u << 4)
#define INTERRUPT_SEND (1u << 5)
#define INTERRUPT_TIMEOUT (1u << 6)

#define FIFO 32u
#define LINE 128u

static uint32_t line_control, control, levels, mask, divisor, fraction, raised;
static uint8_t received[FIFO];
static unsigned first, count;
static char line[LINE];
static unsigned line_bytes;

static void update(void)
{
    raised &= ~(INTERRUPT_RECEIVE | INTERRUPT_TIMEOUT);
    if (count)
        raised |= INTERRUPT_RECEIVE | INTERRUPT_TIMEOUT;
    gic_set_level(GUEST_UART_LINE, raised & mask);
}

static void fill(void)
{
    while (count < FIFO && console_typed_take(&received[(first + count) % FIFO]))
        count++;
    update();
}

void on_console_typed(void)
{
    fill();
}

static void flush(void)
{
    if (line_bytes)
        console_write(line, line_bytes); // if nobody takes it, it is lost, as on a line that leads nowhere
    line_bytes = 0;
}

void on_timer_flush(void)
{
    flush();
}

static void send(char byte)
{
    if (byte == '\r')
        return; // the console makes its own line ends
    line[line_bytes++] = byte;
    if (byte == '\n' || line_bytes == LINE)
        flush();
    else if (line_bytes == 1)
        sys_timer_set(SLOT_TIMER_FLUSH, 1); // soon: once what runs above and beside us has run
}

static uint32_t receive(void)
{
    uint32_t byte = 0;

    if (count) {
        byte = received[first];
        first = (first + 1) % FIFO;
        count--;
    }
    fill();
    return byte;
}

static uint32_t read(unsigned offset)
{
    static const uint8_t identity[] = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

    if (offset >= UARTPERIPHID0)
        return identity[(offset - UARTPERIPHID0) / 4 % sizeof identity];
    switch (offset) {
    case UARTDR: return receive();
    case UARTFR: return FR_TRANSMIT_EMPTY | (count ? 0 : FR_RECEIVE_EMPTY) | (count == FIFO ? FR_RECEIVE_FULL : 0);
    case UARTIBRD: return divisor;
    case UARTFBRD: return fraction;
    case UARTLCR_H: return line_control;
    case UARTCR: return control;
    case UARTIFLS: return levels;
    case UARTIMSC: return mask;
    case UARTRIS: return raised;
    case UARTMIS: return raised & mask;
    default: return 0;
    }
}

static void write(unsigned offset, uint32_t value)
{
    switch (offset) {
    case UARTDR:
        send((char)value);
        raised |= INTERRUPT_SEND; // it is sent already
        break;
    case UARTIBRD: divisor = value & 0xffff; break;
    case UARTFBRD: fraction = value & 0x3f; break;
    case UARTLCR_H: line_control = value & 0xff; break;
    case UARTCR: control = value & 0xffff; break;
    case UARTIFLS: levels = value & 0x3f; break;
    case UARTIMSC: mask = value & 0x7ff; break;
    case UARTICR: raised &= ~value; break;
    default: break;
    }
    update();
}

void uart_access(struct access *access)
{
    unsigned offset = (unsigned)access->offset & ~3u;

    if (access->write)
        write(offset, (uint32_t)access->value);
    else
        access->value = (uint64_t)read(offset) >> (access->offset & 3) * 8;
}

void uart_reset(void)
{
    flush();
    line_control = mask = divisor = fraction = raised = 0;
    control = 0x300;
    levels = 0x12;
    first = count = 0;
    update();
}
