// Names to addresses, by DNS. The call is answered when the answer has come.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <lwip/dns.h>

#include "endpoint.h"

struct question {
    bool is_open;  // lwIP will answer it, also when nobody waits any more
    token_t token;
};

static struct question questions[INSTANCE_CLIENTS];

static void on_found(const char *name, const ip_addr_t *address, void *argument)
{
    struct question *question = argument;
    uint8_t bytes[16] = {0};

    (void)name;
    question->is_open = false;
    if (address != NULL)
        endpoint_write_address(bytes, address);
    (void)!sockets_resolve_reply(question->token, address != NULL ? STATUS_OK : SOCKETS_ERROR_UNKNOWN, bytes);
}

static u8_t type_of(enum sockets_family family)
{
    switch (family) {
    case SOCKETS_FAMILY_IPV4: return LWIP_DNS_ADDRTYPE_IPV4;
    case SOCKETS_FAMILY_IPV6: return LWIP_DNS_ADDRTYPE_IPV6;
    default: return LWIP_DNS_ADDRTYPE_IPV4_IPV6;
    }
}

enum status sockets_resolve(const struct call *call, const char *name, enum sockets_family family,
                            uint8_t address[16])
{
    struct question *question = &questions[call->client];
    ip_addr_t found;
    err_t error;

    if (question->is_open)
        return SOCKETS_ERROR_BUSY;
    *question = (struct question){.is_open = true, .token = call->token};
    error = dns_gethostbyname_addrtype(name, &found, on_found, question, type_of(family));
    if (error == ERR_INPROGRESS)
        return CALL_DEFERRED;
    question->is_open = false;
    if (error == ERR_OK)
        endpoint_write_address(address, &found);
    return error == ERR_OK ? STATUS_OK : error == ERR_MEM ? SOCKETS_ERROR_BUSY : SOCKETS_ERROR_UNKNOWN;
}
