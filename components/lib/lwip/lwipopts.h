// How lwIP is configured: the raw interface alone, without an operating system below it, from memory that is reserved when
// the component is linked. Its owner calls it from one thread, and defines sys_now, and lwip_port_random.
// CONFIG_CONNECTIONS is the owner's attribute: everything of which there is so much for each connection follows it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <config.h>

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0
#define LWIP_STATS           0
#define LWIP_TIMERS          1

// Memory. What is received is copied into the owner's buffers at once, so the pool holds frames that are being looked at and
// segments out of order only; what is sent lies in the heap until the peer has it.
#define ETH_PAD_SIZE            2  // the IP header behind that of Ethernet is aligned
#define MEM_ALIGNMENT           8
#define MEM_SIZE                (CONFIG_CONNECTIONS * (TCP_SND_BUF + 8 * 1024) + 64 * 1024)
#define MEMP_NUM_TCP_PCB        (CONFIG_CONNECTIONS + 16)  // closed ones linger
#define MEMP_NUM_TCP_PCB_LISTEN CONFIG_LISTENERS
#define MEMP_NUM_TCP_SEG        (CONFIG_CONNECTIONS * TCP_SND_QUEUELEN)
#define MEMP_NUM_UDP_PCB        (CONFIG_DATAGRAM_SOCKETS + 4)  // DNS, DHCP
#define MEMP_NUM_PBUF           256
#define PBUF_POOL_SIZE          256
#define PBUF_POOL_BUFSIZE       1536

// IP. Fragments are put together, as DNS over UDP may need it, but only a few at once.
#define LWIP_IPV4                      1
#define LWIP_IPV6                      1
#define IP_REASS_MAX_PBUFS             16
#define IP_FORWARD                     0
#define IP_OPTIONS_ALLOWED             0
#define IPV6_FRAG_COPYHEADER           1  // pointers of 64 bits do not fit in its place
#define LWIP_IPV6_MLD                  1
#define LWIP_IPV6_AUTOCONFIG           1
#define LWIP_IPV6_DHCP6                0
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 1
#define LWIP_ICMP                      1
#define LWIP_RAW                       0
#define LWIP_BROADCAST_PING            0
#define LWIP_MULTICAST_PING            0
#define ARP_TABLE_SIZE                 32
#define LWIP_NETIF_STATUS_CALLBACK     1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 0
#define LWIP_NETIF_LOOPBACK            0
#define LWIP_HAVE_LOOPIF               0
#define LWIP_SINGLE_NETIF              1

#define LWIP_DHCP       1
#define LWIP_DNS        1
#define DNS_TABLE_SIZE  16
#define DNS_MAX_RETRIES 4
#define LWIP_DNS_SECURE \
    (LWIP_DNS_SECURE_RAND_XID | LWIP_DNS_SECURE_RAND_SRC_PORT | LWIP_DNS_SECURE_NO_MULTIPLE_OUTSTANDING)

// TCP. The window is what a connection's receive buffer holds.
#define LWIP_TCP                   1
#define TCP_MSS                    1440  // with headers of IPv6
#define TCP_WND                    (22 * TCP_MSS)
#define TCP_SND_BUF                (22 * TCP_MSS)
#define TCP_SND_QUEUELEN           64
#define TCP_LISTEN_BACKLOG         1
#define TCP_OOSEQ_MAX_PBUFS        24
#define TCP_DEFAULT_LISTEN_BACKLOG 16
#define LWIP_TCP_KEEPALIVE         1
#define TCP_KEEPINTVL_DEFAULT      10000u
#define TCP_KEEPCNT_DEFAULT        6u
#define SO_REUSE                   1

#define LWIP_HOOK_TCP_ISN(local_address, local_port, remote_address, remote_port)            \
    ((void)(local_address), (void)(local_port), (void)(remote_address), (void)(remote_port), \
     lwip_port_random())

#define LWIP_UDP 1
