// The sockets that clients hold: who owns which, and what a handle means.
//
// A handle says the server's life in which it was made, how often its place was used, and the place: so one of a socket that is
// closed, of another client or of a life before a restart is recognized as what it is. Places are divided by kind, so the
// number of a socket among its kind is the number of what its kind keeps of it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

enum socket_kind { SOCKET_CONNECTION, SOCKET_LISTENER, SOCKET_DATAGRAM };

#define SOCKET_PLACES (CONFIG_CONNECTIONS + CONFIG_LISTENERS + CONFIG_DATAGRAM_SOCKETS)
_Static_assert(SOCKET_PLACES <= 256, "a place is the low byte of a handle");

struct socket {
    uint32_t handle;  // 0: the place is free
    uint32_t client;
    uint16_t uses;    // of the place
    bool changed;     // since the client was last told
    bool is_waiting;  // for the client to accept it: its handle names nothing yet
};

// `life`: 1 to 255, another one than that of the server's last life.
void socket_table_begin(uint8_t life);

// A new socket of the client. NULL: there is none left of that kind, or the client has its share.
struct socket *socket_new(enum socket_kind kind, uint32_t client);

// Makes a socket of an earlier life again, under its old handle. NULL: there can be no such socket.
struct socket *socket_revive(enum socket_kind kind, uint32_t client, uint32_t handle);

void socket_free(struct socket *socket);

// The client's socket. Otherwise SOCKETS_ERROR_BAD_SOCKET, or SOCKETS_ERROR_RESET for one of an earlier life.
MUST_CHECK enum status socket_find(enum socket_kind kind, uint32_t client, uint32_t handle,
                                   struct socket **found);

// The same, of any kind.
MUST_CHECK enum status socket_find_any(uint32_t client, uint32_t handle, struct socket **found);

enum socket_kind socket_kind_of(const struct socket *socket);
unsigned socket_number(const struct socket *socket);  // among its kind

// The socket with that number among its kind; NULL: the place is free.
struct socket *socket_at(enum socket_kind kind, unsigned number);

// Any socket of the client; NULL: it has none.
struct socket *socket_of_client(uint32_t client);

// Something happened to it: its client is told, once until it has asked.
void socket_changed(struct socket *socket);

// A changed socket of the client, all in turn, which counts as told from now on; NULL: there is none.
struct socket *socket_next_changed(uint32_t client);
