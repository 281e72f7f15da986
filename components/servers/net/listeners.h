// TCP ports that clients listen on. They outlive the server: a persistent region remembers them.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "socket_table.h"

// Reads the region, begins the next life of the socket table and listens again on what was listened on.
// True: there was a life before.
bool listeners_begin(void);

uint64_t listener_readiness(const struct socket *socket);
void listener_close(struct socket *socket);
