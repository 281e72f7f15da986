// See link.h. Frames are copied out of the stream before anything is looked at.
// SPDX-License-Identifier: BSD-2-Clause

#include "link.h"

#include <tenon/log.h>

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/netif.h>

#include "endpoint.h"

#define FRAME_MIN      14u
#define FRAME_LEAST    60u  // what goes out is padded to this (IEEE 802.3, 3.2.8)
#define FRAMES_AT_ONCE 64
#define TRIES          16  // calls that end because the port's driver is being restarted

static struct netif netif;
static struct ethernet_frame frame;
static uint8_t told_ipv4[16], told_ipv6[16];

struct netif *link_netif(void)
{
    return &netif;
}

static err_t output(struct netif *to, struct pbuf *packet)
{
    uint16_t bytes = packet->tot_len - ETH_PAD_SIZE;

    (void)to;
    if (packet->tot_len < ETH_PAD_SIZE + FRAME_MIN || bytes > sizeof frame.data)
        return ERR_BUF;
    pbuf_copy_partial(packet, frame.data, bytes, ETH_PAD_SIZE);
    if (bytes < FRAME_LEAST) {
        memset(frame.data + bytes, 0, FRAME_LEAST - bytes);
        bytes = FRAME_LEAST;
    }
    frame.bytes = bytes;
    return port_sent_put(&frame) ? ERR_OK : ERR_MEM;  // TCP sends it again
}

static void input(void)
{
    struct pbuf *packet;

    if (frame.bytes < FRAME_MIN || frame.bytes > sizeof frame.data)
        return;
    packet = pbuf_alloc(PBUF_RAW, frame.bytes + ETH_PAD_SIZE, PBUF_POOL);
    if (packet == NULL)
        return;  // lost, as it may be
    if (pbuf_take_at(packet, frame.data, frame.bytes, ETH_PAD_SIZE) != ERR_OK ||
        netif.input(packet, &netif) != ERR_OK)
        pbuf_free(packet);
}

bool link_receive(void)
{
    for (unsigned i = 0; i < FRAMES_AT_ONCE; i++) {
        if (!port_received_take(&frame))
            return true;
        input();
    }
    return false;
}

void link_addresses(uint8_t ipv4[16], uint8_t ipv6[16])
{
    memset(ipv4, 0, 16);
    memset(ipv6, 0, 16);
    if (!ip4_addr_isany_val(*netif_ip4_addr(&netif)))
        endpoint_write_address(ipv4, netif_ip_addr4(&netif));
    for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {  // the local one is the first
        if (ip6_addr_isvalid(netif_ip6_addr_state(&netif, i)))
            endpoint_write_address(ipv6, netif_ip_addr6(&netif, i));
    }
}

static void tell_new_address(uint8_t told[16], const uint8_t address[16])
{
    char text[IPADDR_STRLEN_MAX];
    ip_addr_t value;

    if (memcmp(told, address, 16) == 0)
        return;
    memcpy(told, address, 16);
    endpoint_read_address(address, &value);
    log_info("address %s", ipaddr_ntoa_r(&value, text, sizeof text) != NULL ? text : "?");
}

static void on_status(struct netif *changed)
{
    uint8_t ipv4[16], ipv6[16];

    (void)changed;
    link_addresses(ipv4, ipv6);
    tell_new_address(told_ipv4, ipv4);
    tell_new_address(told_ipv6, ipv6);
}

static err_t set_up(struct netif *made)
{
    made->name[0] = 'e';
    made->name[1] = 'n';
    made->hwaddr_len = ETH_HWADDR_LEN;
    made->mtu = sizeof frame.data - FRAME_MIN;
    made->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
    made->output = etharp_output;
    made->output_ip6 = ethip6_output;
    made->linkoutput = output;
    return ERR_OK;
}

static bool ask_address(void)
{
    enum status status;
    unsigned tries = 0;

    do
        status = port_info(netif.hwaddr);
    while (status != STATUS_OK && ++tries < TRIES);
    if (status != STATUS_OK)
        log_error("the port has no address: status %d", (int)status);
    return status == STATUS_OK;
}

bool link_start(void)
{
    if (netif_add_noaddr(&netif, NULL, set_up, netif_input) == NULL || !ask_address())
        return false;
    netif_set_status_callback(&netif, on_status);
    netif_set_default(&netif);
    netif_set_link_up(&netif);
    netif_set_up(&netif);
    netif_create_ip6_linklocal_address(&netif, 1);
    netif_set_ip6_autoconfig_enabled(link_netif(), 1);
    return dhcp_start(&netif) == ERR_OK;
}
