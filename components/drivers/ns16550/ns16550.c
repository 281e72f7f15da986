// The 16550A UART (National Semiconductor PC16550D), driven by interrupts in both directions. The line's
// speed stays as firmware set it.
//
// Received bytes go straight into the queue that the console's client shares with us, so a restart loses none
// that were taken from the device; those in its FIFO stay there. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/panic.h>

#include <registers.h>
#include <terminal_output.h>

#define RBR 0  // read
#define THR 0  // written
#define IER 1
#define IIR 2  // read
#define FCR 2  // written
#define LCR 3
#define MCR 4
#define LSR 5

#define IER_RECEIVE    (1u << 0)  // a byte waits; the FIFO is half full
#define IER_SEND       (1u << 1)
#define IIR_FIFO_IS_ON (3u << 6)
#define FCR_ON_HALF    (1u << 0 | 2u << 6)
#define LCR_8_BITS     3u
#define LCR_DIVISOR    (1u << 7)                      // the first two registers are the speed
#define MCR_ON         (1u << 0 | 1u << 1 | 1u << 3)  // ready, wants to send, lets interrupts out
#define LSR_RECEIVED   (1u << 0)
#define LSR_BAD        (7u << 2)  // parity or framing error, or a break: no byte was sent
#define LSR_SENT       (1u << 5)  // the transmitter's FIFO is empty
#define FIFO_BYTES     16u

// Bytes moved per event in each direction, so that a flood on one leaves room for the other and for pings.
#define BYTES_PER_EVENT 4096

static uint8_t enabled;

static void enable(uint8_t interrupts)
{
    if (interrupts != enabled) {
        enabled = interrupts;
        register_write8(IER, interrupts);
    }
}

// Every console client hears everything that is typed.
static void receive(void)
{
    for (unsigned i = 0; i < BYTES_PER_EVENT; i++) {
        uint8_t state = register_read8(LSR);

        if (!(state & LSR_RECEIVED))
            return;
        uint8_t byte = register_read8(RBR);

        for (uint32_t client = 0; client < INSTANCE_CLIENTS && !(state & LSR_BAD); client++)
            console_typed_put(client, &byte);
    }
}

// Sends until there is nothing more or the FIFO is in use; when that is empty, its interrupt calls again.
static void send(void)
{
    char byte;

    for (unsigned i = 0; i < BYTES_PER_EVENT / FIFO_BYTES && (register_read8(LSR) & LSR_SENT); i++) {
        for (unsigned room = FIFO_BYTES; room > 0; room--) {
            if (!output_take(&byte)) {
                enable(IER_RECEIVE);
                return;
            }
            register_write8(THR, (uint8_t)byte);
        }
    }
    enable(IER_RECEIVE | IER_SEND);
}

// Both interrupts are levels: they fall when the FIFO is read, and when it is filled or no longer asked for.
void on_interrupt_dev(void)
{
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
    if ((register_read8(LCR) & (LCR_8_BITS | LCR_DIVISOR)) != LCR_8_BITS)
        register_write8(LCR, LCR_8_BITS);
    register_write8(FCR, FCR_ON_HALF);  // keeps what is in the FIFOs if they were on
    if ((register_read8(IIR) & IIR_FIFO_IS_ON) != IIR_FIFO_IS_ON)
        refuse("the device is no 16550A");
    register_write8(MCR, MCR_ON);
    enable(IER_RECEIVE);
    sys_interrupt_ack(SLOT_INTERRUPT_DEV);
    receive();  // what came while nobody drove the device
    send();
    event_loop_run();
}
