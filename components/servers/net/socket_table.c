// See socket_table.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "socket_table.h"

#define PLACE_MASK 0xffu
#define USES_SHIFT 8
#define LIFE_SHIFT 24

static const unsigned first_of[] = {
    [SOCKET_CONNECTION] = 0,
    [SOCKET_LISTENER] = CONFIG_CONNECTIONS,
    [SOCKET_DATAGRAM] = CONFIG_CONNECTIONS + CONFIG_LISTENERS,
};
static const unsigned count_of[] = {
    [SOCKET_CONNECTION] = CONFIG_CONNECTIONS,
    [SOCKET_LISTENER] = CONFIG_LISTENERS,
    [SOCKET_DATAGRAM] = CONFIG_DATAGRAM_SOCKETS,
};

static struct socket sockets[SOCKET_PLACES];
static unsigned
    next_to_tell[INSTANCE_CLIENTS];  // place at which the search for a client's changed sockets begins
static uint32_t current_life;

void socket_table_begin(uint8_t life)
{
    current_life = life;
}

static unsigned place_of(const struct socket *socket)
{
    return (unsigned)(socket - sockets);
}

enum socket_kind socket_kind_of(const struct socket *socket)
{
    unsigned place = place_of(socket);

    return place < first_of[SOCKET_LISTENER]   ? SOCKET_CONNECTION
           : place < first_of[SOCKET_DATAGRAM] ? SOCKET_LISTENER
                                               : SOCKET_DATAGRAM;
}

unsigned socket_number(const struct socket *socket)
{
    return place_of(socket) - first_of[socket_kind_of(socket)];
}

struct socket *socket_at(enum socket_kind kind, unsigned number)
{
    if (number >= count_of[kind] || sockets[first_of[kind] + number].handle == 0)
        return NULL;
    return &sockets[first_of[kind] + number];
}

// At least one, and all of a kind only for a share of 100.
static unsigned share_of(enum socket_kind kind)
{
    unsigned share = count_of[kind] * CONFIG_CLIENT_SHARE / 100;

    return share == 0 ? 1 : share;
}

struct socket *socket_new(enum socket_kind kind, uint32_t client)
{
    struct socket *free = NULL;
    unsigned own = 0;

    for (unsigned i = 0; i < count_of[kind]; i++) {
        struct socket *socket = &sockets[first_of[kind] + i];

        own += socket->handle != 0 && socket->client == client;
        if (socket->handle == 0 && free == NULL)
            free = socket;
    }
    if (free == NULL || own >= share_of(kind))
        return NULL;
    free->uses++;
    free->handle = current_life << LIFE_SHIFT | (uint32_t)free->uses << USES_SHIFT | place_of(free);
    free->client = client;
    free->changed = free->is_waiting = false;
    return free;
}

struct socket *socket_revive(enum socket_kind kind, uint32_t client, uint32_t handle)
{
    unsigned place = handle & PLACE_MASK;

    if (handle >> LIFE_SHIFT == 0 || client >= INSTANCE_CLIENTS || place < first_of[kind] ||
        place - first_of[kind] >= count_of[kind] || sockets[place].handle != 0)
        return NULL;
    sockets[place] =
        (struct socket){.handle = handle, .client = client, .uses = (uint16_t)(handle >> USES_SHIFT)};
    return &sockets[place];
}

void socket_free(struct socket *socket)
{
    socket->handle = 0;
    socket->changed = false;
}

enum status socket_find_any(uint32_t client, uint32_t handle, struct socket **found)
{
    unsigned place = handle & PLACE_MASK;

    if (place < SOCKET_PLACES && handle != 0 && sockets[place].handle == handle &&
        sockets[place].client == client && !sockets[place].is_waiting) {
        *found = &sockets[place];
        return STATUS_OK;
    }
    return handle >> LIFE_SHIFT == 0 || handle >> LIFE_SHIFT == current_life ? SOCKETS_ERROR_BAD_SOCKET
                                                                             : SOCKETS_ERROR_RESET;
}

enum status socket_find(enum socket_kind kind, uint32_t client, uint32_t handle, struct socket **found)
{
    enum status status = socket_find_any(client, handle, found);

    return status == STATUS_OK && socket_kind_of(*found) != kind ? SOCKETS_ERROR_BAD_SOCKET : status;
}

struct socket *socket_of_client(uint32_t client)
{
    for (unsigned place = 0; place < SOCKET_PLACES; place++) {
        if (sockets[place].handle != 0 && sockets[place].client == client)
            return &sockets[place];
    }
    return NULL;
}

void socket_changed(struct socket *socket)
{
    if (socket->changed)
        return;
    socket->changed = true;
    sockets_ready_signal(socket->client);
}

struct socket *socket_next_changed(uint32_t client)
{
    for (unsigned i = 0; i < SOCKET_PLACES; i++) {
        unsigned place = (next_to_tell[client] + i) % SOCKET_PLACES;
        struct socket *socket = &sockets[place];

        if (socket->handle != 0 && socket->client == client && socket->changed) {
            socket->changed = false;
            next_to_tell[client] = (place + 1) % SOCKET_PLACES;
            return socket;
        }
    }
    return NULL;
}
