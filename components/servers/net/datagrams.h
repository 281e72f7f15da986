// UDP sockets, each with a few datagrams that its client has not taken yet.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "socket_table.h"

uint64_t datagram_readiness(const struct socket *socket);
void datagram_close(struct socket *socket);
