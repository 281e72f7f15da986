// TCP connections: what lwIP has of each, and what its client has not taken yet.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "socket_table.h"

struct tcp_pcb;

// A connection that a listener got. False: the listener's client can have no more; the pcb is left alone.
MUST_CHECK bool connection_arrived(struct socket *listener, struct tcp_pcb *pcb);

// The oldest connection of the listener that nobody has accepted; NULL: there is none.
struct socket *connection_next(uint32_t listener_handle);

// Hands it to the client that accepts it.
void connection_accepted(struct socket *socket, struct sockets_endpoint *peer);

uint64_t connection_readiness(const struct socket *socket);

// Ends it as `close` does, with all it has not been asked for, and frees the socket.
void connection_close(struct socket *socket);

// Sends what is under way again: it may be lost.
void connections_resend(void);

// Makes each peer send again at once what it has under way: it may be lost. To who has nothing under way it says nothing.
void connections_ask_again(void);

// Ends the connections of a listener that nobody has accepted.
void connections_end_waiting(uint32_t listener_handle);
