// See endpoint.h. IPv4 in IPv6: RFC 4291, 2.5.5.2.
// SPDX-License-Identifier: BSD-2-Clause

#include "endpoint.h"

#include "link.h"

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

void endpoint_write_address(uint8_t bytes[16], const ip_addr_t *address)
{
    if (IP_IS_V4(address)) {
        memcpy(bytes, mapped, sizeof mapped);
        memcpy(bytes + sizeof mapped, &ip_2_ip4(address)->addr, 4);
        return;
    }
    memcpy(bytes, ip_2_ip6(address)->addr, 16);
}

void endpoint_read_address(const uint8_t bytes[16], ip_addr_t *address)
{
    *address = (ip_addr_t){0};
    if (memcmp(bytes, mapped, sizeof mapped) == 0) {
        IP_SET_TYPE(address, IPADDR_TYPE_V4);
        memcpy(&ip_2_ip4(address)->addr, bytes + sizeof mapped, 4);
        return;
    }
    IP_SET_TYPE(address, IPADDR_TYPE_V6);
    memcpy(ip_2_ip6(address)->addr, bytes, 16);
    ip6_addr_assign_zone(ip_2_ip6(address), IP6_UNICAST, link_netif());
}
