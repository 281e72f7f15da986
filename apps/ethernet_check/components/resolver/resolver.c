// Resolver: asks for the hardware address of QEMU's gateway (ARP, RFC 826), ends the network driver, and asks again.
// A question may be lost, with the driver or in it, so it is repeated; an answer may be to a question of an earlier round.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/time.h>

#define TRIES_MAX   200
#define RETRY_AFTER (50 * MILLISECOND)

#define TYPE_ARP     0x0806
#define ARP_ETHERNET 1
#define ARP_IPV4     0x0800
#define ARP_QUESTION 1
#define ARP_ANSWER   2

static const uint8_t own_ip[4] = {10, 0, 2, 15}, gateway_ip[4] = {10, 0, 2, 2};  // of QEMU's user network

struct arp_frame {
    uint8_t to[6], from[6], type[2];
    uint8_t hardware[2], protocol[2], hardware_bytes, protocol_bytes, operation[2];
    uint8_t sender[6], sender_ip[4], target[6], target_ip[4];
    uint8_t padding[18];  // to the least of Ethernet: 60 bytes
};
_Static_assert(sizeof(struct arp_frame) == 60, "a frame without padding between its fields");

static uint8_t own[6];
static struct ethernet_frame frame;

static void put16(uint8_t *to, unsigned value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static unsigned get16(const uint8_t *from)
{
    return (unsigned)from[0] << 8 | from[1];
}

static void ask(void)
{
    struct arp_frame question = {.hardware_bytes = 6, .protocol_bytes = 4};

    memset(question.to, 0xff, sizeof question.to);
    memcpy(question.from, own, sizeof own);
    put16(question.type, TYPE_ARP);
    put16(question.hardware, ARP_ETHERNET);
    put16(question.protocol, ARP_IPV4);
    put16(question.operation, ARP_QUESTION);
    memcpy(question.sender, own, sizeof own);
    memcpy(question.sender_ip, own_ip, sizeof own_ip);
    memcpy(question.target_ip, gateway_ip, sizeof gateway_ip);
    frame = (struct ethernet_frame){.bytes = sizeof question};
    memcpy(frame.data, &question, sizeof question);
    (void)port_sent_put(&frame);
}

// Whether the frame tells the gateway's address to us.
static bool is_answer(struct arp_frame *answer)
{
    memcpy(answer, frame.data, sizeof *answer);
    return frame.bytes >= offsetof(struct arp_frame, padding) && get16(answer->type) == TYPE_ARP &&
           get16(answer->operation) == ARP_ANSWER && memcmp(answer->to, own, sizeof own) == 0 &&
           memcmp(answer->sender_ip, gateway_ip, sizeof gateway_ip) == 0;
}

static bool resolve(unsigned round)
{
    struct arp_frame answer;

    for (unsigned tries = 1; tries <= TRIES_MAX; tries++) {
        ask();
        timer_start(SLOT_TIMER_RETRY, RETRY_AFTER);
        wait_bits(BIT_STREAM_PORT_RECEIVED | BIT_TIMER_RETRY);
        while (port_received_take(&frame)) {
            if (!is_answer(&answer))
                continue;
            log_info("round %u: 10.0.2.2 is at %02x:%02x:%02x:%02x:%02x:%02x", round, answer.sender[0],
                     answer.sender[1], answer.sender[2], answer.sender[3], answer.sender[4],
                     answer.sender[5]);
            return true;
        }
    }
    log_error("round %u: no answer", round);
    return false;
}

static bool run(void)
{
    if (port_info(own) != STATUS_OK) {
        log_error("the port has no address");
        return false;
    }
    for (unsigned round = 1; round <= CONFIG_ROUNDS; round++) {
        if (!resolve(round))
            return false;
        if (control_kill("nic") != STATUS_OK) {
            log_error("the driver cannot be killed");
            return false;
        }
    }
    return true;
}

void on_port_received(void)
{
    // Looked at while we wait for it.
}

void on_port_started(void)
{
    // A question that is lost is asked again anyway.
}

void on_timer_retry(void)
{
    // Of a wait that is over.
}

int main(void)
{
    bool good = run();

    sys_power(SLOT_POWER, POWER_OFF, !good);
    return 1;
}
