// The PL011 UART (Arm DDI 0183), driven by interrupts in both directions. The line's speed stays as firmware set it.
//
// Received bytes go straight into the queue that the console's client shares with us, so a restart loses none that
// were taken from the device; those in its FIFO stay there.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/mmio.h>
#include <tenon/panic.h>

#include <terminal_output.h>

#define UARTDR        0x000
#define UARTFR        0x018
#define UARTLCR_H     0x02c
#define UARTCR        0x030
#define UARTIFLS      0x034
#define UARTIMSC      0x038
#define UARTICR       0x044
#define UARTPERIPHID0 0xfe0

#define PART_LOW          0x11u // of part number 0x011
#define DR_BAD            0x700u // framing or parity error, or a break: no byte was sent
#define FR_RECEIVE_EMPTY  (1u << 4)
#define FR_TRANSMIT_FULL  (1u << 5)
#define LCR_H_FIFO_8_BITS (1u << 4 | 3u << 5)
#define CR_ON             (1u << 0 | 1u << 8 | 1u << 9) // UART, transmitter, receiver
#define IFLS_HALF         (2u << 3 | 2u << 0)
#define INTERRUPT_RECEIVE (1u << 4 | 1u << 6)           // FIFO half full; bytes that wait
#define INTERRUPT_SEND    (1u << 5)
#define INTERRUPT_OTHERS  (0x7ffu & ~INTERRUPT_RECEIVE)

// Bytes moved per event in each direction, so that a flood on one leaves room for the other and for pings.
#define BYTES_PER_EVENT 4096

static uint32_t enabled;

static uint32_t get(unsigned offset)
{
    return mmio_read32(DEVICE_DEV_BASE + offset);
}

static void put(unsigned offset, uint32_t value)
{
    mmio_write32(DEVICE_DEV_BASE + offset, value);
}

static void enable(uint32_t interrupts)
{
    if (interrupts != enabled) {
        enabled = interrupts;
        put(UARTIMSC, interrupts);
    }
}

// Every console client hears everything that is typed.
static void receive(void)
{
    for (unsigned i = 0; i < BYTES_PER_EVENT && !(get(UARTFR) & FR_RECEIVE_EMPTY); i++) {
        uint32_t value = get(UARTDR);
        uint8_t byte = (uint8_t)value;

        for (uint32_t client = 0; client < INSTANCE_CLIENTS && !(value & DR_BAD); client++)
            console_typed_put(client, &byte);
    }
}

// Sends until there is nothing more or the FIFO is full; then its interrupt calls again.
static void send(void)
{
    char byte;

    for (unsigned i = 0; i < BYTES_PER_EVENT; i++) {
        if (get(UARTFR) & FR_TRANSMIT_FULL) {
            enable(INTERRUPT_RECEIVE | INTERRUPT_SEND);
            return;
        }
        if (!output_take(&byte)) {
            enable(INTERRUPT_RECEIVE);
            return;
        }
        put(UARTDR, (uint8_t)byte);
    }
    enable(INTERRUPT_RECEIVE | INTERRUPT_SEND);
}

// The receive interrupts fall when the FIFO is read, so what we leave there interrupts again; the others are cleared
// before the work they stand for.
void on_interrupt_dev(void)
{
    put(UARTICR, INTERRUPT_OTHERS);
    receive();
    send();
    sys_interrupt_ack(SLOT_INTERRUPT_DEV);
}

void on_log_lines(void)
{
    send();
}

enum status console_write(const struct call *call, const struct lend *text)
{
    output_add_write(call, text);
    send();
    return CALL_DEFERRED;
}

void console_client_gone(uint32_t client)
{
    output_forget(client);
}

int main(void)
{
    if ((get(UARTPERIPHID0) & 0xff) != PART_LOW)
        refuse("the device is no PL011");
    // Written again only when it is different: a write may empty the FIFOs.
    if ((get(UARTLCR_H) & LCR_H_FIFO_8_BITS) != LCR_H_FIFO_8_BITS)
        put(UARTLCR_H, LCR_H_FIFO_8_BITS);
    if ((get(UARTCR) & CR_ON) != CR_ON)
        put(UARTCR, CR_ON);
    put(UARTIFLS, IFLS_HALF);
    put(UARTICR, INTERRUPT_OTHERS);
    enable(INTERRUPT_RECEIVE);
    sys_interrupt_ack(SLOT_INTERRUPT_DEV);
    receive(); // what came while nobody drove the device
    send();
    event_loop_run();
}
