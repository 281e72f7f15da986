// For the tests: a tree of files as plain memory, the same operations on it and on mfs, and a comparison of both.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "fake_disk.h"

#define NODES_MAX   48u
#define ENTRIES_MAX 32u
#define FILE_MAX    (300u << 10) // past the first doubly indirect zone
#define CHUNK_BYTES 65536u
#define ROOT_NODE   0u

struct model_entry {
    char name[NAME_BYTES + 1];
    unsigned node;
};

struct model_node {
    unsigned links; // names; 0: not in use
    bool is_directory;
    uint32_t inode; // in mfs
    unsigned parent;
    uint32_t size;
    unsigned entry_count;
    struct model_entry entries[ENTRIES_MAX];
    uint8_t *data;
};

static struct model_node nodes[NODES_MAX];

enum operation_kind {
    CREATE,
    MAKE_DIRECTORY,
    LINK,
    UNLINK,
    REMOVE_DIRECTORY,
    RENAME,
    WRITE,
    TRUNCATE,
    OPERATION_KINDS,
};

struct operation {
    enum operation_kind kind;
    unsigned node;      // of LINK, WRITE, TRUNCATE
    unsigned directory; // where `name` is
    char name[NAME_BYTES + 1];
    unsigned to_directory;
    char to_name[NAME_BYTES + 1];
    uint32_t offset; // the size of TRUNCATE
    uint32_t bytes;
    uint8_t seed;
};

static uint8_t chunk[CHUNK_BYTES];

static void fill_chunk(const struct operation *operation)
{
    for (uint32_t i = 0; i < operation->bytes; i++)
        chunk[i] = (uint8_t)(operation->seed + i * 7 + i / 251);
}

static void model_reset(void)
{
    for (unsigned i = 0; i < NODES_MAX; i++) {
        free(nodes[i].data);
        nodes[i] = (struct model_node){0};
    }
    nodes[ROOT_NODE] = (struct model_node){.links = 1, .is_directory = true, .inode = ROOT_INODE};
}

// --- The model's side ----------------------------------------------------------------------------------------

static struct model_entry *model_find(unsigned directory, const char *name)
{
    for (unsigned i = 0; i < nodes[directory].entry_count; i++) {
        if (strcmp(nodes[directory].entries[i].name, name) == 0)
            return &nodes[directory].entries[i];
    }
    return NULL;
}

static void model_add(unsigned directory, const char *name, unsigned node)
{
    struct model_node *in = &nodes[directory];

    CHECK(in->entry_count < ENTRIES_MAX);
    strcpy(in->entries[in->entry_count].name, name);
    in->entries[in->entry_count++].node = node;
    nodes[node].links++;
    if (nodes[node].is_directory)
        nodes[node].parent = directory;
}

static void model_remove(unsigned directory, const char *name)
{
    struct model_node *in = &nodes[directory];
    struct model_entry *entry = model_find(directory, name);
    struct model_node *node = &nodes[entry->node];

    *entry = in->entries[--in->entry_count];
    if (--node->links == 0) {
        free(node->data);
        *node = (struct model_node){0};
    }
}

static unsigned model_new_node(bool is_directory)
{
    unsigned node = 0;

    while (nodes[node].links != 0)
        CHECK(++node < NODES_MAX);
    nodes[node] = (struct model_node){.is_directory = is_directory, .data = is_directory ? NULL : calloc(1, FILE_MAX)};
    return node;
}

static bool model_name_is_good(const char *name)
{
    return name[0] != 0 && strchr(name, '/') == NULL && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool is_below(unsigned node, unsigned directory)
{
    while (directory != node && directory != ROOT_NODE)
        directory = nodes[directory].parent;
    return directory == node;
}

static enum status check_place(unsigned directory, const char *name)
{
    if (!nodes[directory].is_directory)
        return FILE_SYSTEM_ERROR_NOT_DIRECTORY;
    return model_name_is_good(name) ? STATUS_OK : (enum status)FILE_SYSTEM_ERROR_BAD_NAME;
}

static enum status check_rename(const struct operation *o)
{
    const struct model_entry *from = model_find(o->directory, o->name), *to;
    enum status status = check_place(o->directory, o->name);

    if (status != STATUS_OK)
        return status;
    if (from == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    if (o->directory == o->to_directory && strcmp(o->name, o->to_name) == 0)
        return STATUS_OK;
    status = check_place(o->to_directory, o->to_name);
    if (status != STATUS_OK)
        return status;
    to = model_find(o->to_directory, o->to_name);
    bool moves_directory = nodes[from->node].is_directory;

    if (to == NULL)
        return moves_directory && o->directory != o->to_directory && is_below(from->node, o->to_directory)
                   ? (enum status)FILE_SYSTEM_ERROR_INSIDE_ITSELF
                   : STATUS_OK;
    if (nodes[to->node].is_directory)
        return moves_directory ? (enum status)FILE_SYSTEM_ERROR_EXISTS : (enum status)FILE_SYSTEM_ERROR_IS_DIRECTORY;
    return moves_directory ? (enum status)FILE_SYSTEM_ERROR_NOT_DIRECTORY : STATUS_OK;
}

static enum status model_check(const struct operation *o)
{
    const struct model_entry *entry;
    enum status status;

    switch (o->kind) {
    case WRITE:
    case TRUNCATE: return nodes[o->node].is_directory ? (enum status)FILE_SYSTEM_ERROR_NOT_FILE : STATUS_OK;
    case RENAME: return check_rename(o);
    case LINK:
        if (nodes[o->node].is_directory)
            return FILE_SYSTEM_ERROR_NOT_FILE;
        break;
    default: break;
    }
    status = check_place(o->directory, o->name);
    if (status != STATUS_OK)
        return status;
    entry = model_find(o->directory, o->name);
    if (o->kind == CREATE || o->kind == MAKE_DIRECTORY || o->kind == LINK)
        return entry != NULL ? (enum status)FILE_SYSTEM_ERROR_EXISTS : STATUS_OK;
    if (entry == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    bool is_directory = nodes[entry->node].is_directory;

    if (o->kind == UNLINK)
        return is_directory ? (enum status)FILE_SYSTEM_ERROR_IS_DIRECTORY : STATUS_OK;
    if (!is_directory)
        return FILE_SYSTEM_ERROR_NOT_DIRECTORY;
    return nodes[entry->node].entry_count != 0 ? (enum status)FILE_SYSTEM_ERROR_NOT_EMPTY : STATUS_OK;
}

static void model_rename(const struct operation *o)
{
    unsigned node = model_find(o->directory, o->name)->node;

    if (o->directory == o->to_directory && strcmp(o->name, o->to_name) == 0)
        return;
    nodes[node].links++; // so that it survives
    model_remove(o->directory, o->name);
    if (model_find(o->to_directory, o->to_name) != NULL)
        model_remove(o->to_directory, o->to_name);
    model_add(o->to_directory, o->to_name, node);
    nodes[node].links--;
}

// The operation is one that succeeds; `inode` is what it made in mfs.
static void model_apply(const struct operation *o, uint32_t inode)
{
    struct model_node *file = &nodes[o->node];
    unsigned made;

    switch (o->kind) {
    case CREATE:
    case MAKE_DIRECTORY:
        made = model_new_node(o->kind == MAKE_DIRECTORY);
        nodes[made].inode = inode;
        model_add(o->directory, o->name, made);
        break;
    case LINK: model_add(o->directory, o->name, o->node); break;
    case UNLINK:
    case REMOVE_DIRECTORY: model_remove(o->directory, o->name); break;
    case RENAME: model_rename(o); break;
    case WRITE:
        fill_chunk(o);
        memcpy(file->data + o->offset, chunk, o->bytes);
        if (o->offset + o->bytes > file->size)
            file->size = o->offset + o->bytes;
        break;
    case TRUNCATE:
        if (o->offset < file->size)
            memset(file->data + o->offset, 0, file->size - o->offset);
        file->size = o->offset;
        break;
    default: CHECK(false);
    }
}

// --- The same on mfs -------------------------------------------------------------------------------------------

static enum status mfs_apply(const struct operation *o, uint32_t *inode)
{
    uint32_t directory = nodes[o->directory].inode, node = nodes[o->node].inode;

    switch (o->kind) {
    case CREATE: return client_fs_create(directory, o->name, inode);
    case MAKE_DIRECTORY: return client_fs_make_directory(directory, o->name, inode);
    case LINK: return client_fs_link(node, directory, o->name);
    case UNLINK: return client_fs_unlink(directory, o->name);
    case REMOVE_DIRECTORY: return client_fs_remove_directory(directory, o->name);
    case RENAME: return client_fs_rename(directory, o->name, nodes[o->to_directory].inode, o->to_name);
    case WRITE: fill_chunk(o); return client_fs_write(node, o->offset, chunk, o->bytes);
    case TRUNCATE: return client_fs_truncate(node, o->offset);
    default: CHECK(false);
    }
    return STATUS_OK;
}

// --- Choosing ------------------------------------------------------------------------------------------------

static unsigned count_nodes(void)
{
    unsigned count = 0;

    for (unsigned i = 0; i < NODES_MAX; i++)
        count += nodes[i].links != 0;
    return count;
}

// Of the kind that fits, mostly.
static unsigned choose_node(bool directory)
{
    bool any = choose(20) == 0;
    unsigned node = choose(NODES_MAX);

    while (nodes[node].links == 0 || (!any && nodes[node].is_directory != directory)) {
        node = (node + 1) % NODES_MAX;
        if (!directory && node == ROOT_NODE)
            any = true; // there may be no file at all
    }
    return node;
}

static void choose_name(unsigned directory, bool old, char name[NAME_BYTES + 1])
{
    static const char *const odd[] = {"", ".", "..", "a/b", "/"};

    memset(name, 0, NAME_BYTES + 1);
    if (old && nodes[directory].entry_count != 0 && choose(10) != 0)
        strcpy(name, nodes[directory].entries[choose(nodes[directory].entry_count)].name);
    else if (choose(30) == 0)
        strcpy(name, odd[choose(5)]);
    else if (choose(10) == 0)
        memset(name, 'x', NAME_BYTES);
    else
        name[0] = (char)('a' + choose(ENTRIES_MAX - 8));
}

static void choose_operation(struct operation *o)
{
    static const uint8_t kinds[] = {CREATE, CREATE, CREATE, MAKE_DIRECTORY, LINK,  UNLINK, UNLINK,   REMOVE_DIRECTORY,
                                    RENAME, RENAME, RENAME, WRITE,          WRITE, WRITE,  TRUNCATE, TRUNCATE};

    *o = (struct operation){.kind = kinds[choose(sizeof kinds)], .seed = (uint8_t)choose(256)};
    if ((o->kind == CREATE || o->kind == MAKE_DIRECTORY) && count_nodes() > NODES_MAX - 2)
        o->kind = UNLINK;
    o->node = choose_node(false);
    o->directory = choose_node(true);
    o->to_directory = choose(3) == 0 ? o->directory : choose_node(true);
    choose_name(o->directory, o->kind == UNLINK || o->kind == REMOVE_DIRECTORY || o->kind == RENAME, o->name);
    choose_name(o->to_directory, choose(3) == 0, o->to_name);
    if (o->kind == WRITE || o->kind == TRUNCATE)
        o->offset = choose(4) == 0 ? choose(FILE_MAX) : choose(3) == 0 ? nodes[o->node].size : choose(20000);
    if (o->kind == WRITE) {
        o->bytes = choose(3) == 0 ? choose(CHUNK_BYTES + 1) : choose(3000);
        if (o->offset > FILE_MAX - o->bytes)
            o->offset = FILE_MAX - o->bytes;
    }
}

// --- Comparing --------------------------------------------------------------------------------------------------

// The operation that was cut off. Its file may hold old or new bytes, and have its size from before or afterwards.
static const struct operation *in_doubt;

static bool byte_may_be(const struct model_node *node, uint32_t at, uint8_t byte)
{
    if (byte == (at < node->size ? node->data[at] : 0))
        return true;
    if (in_doubt == NULL || node != &nodes[in_doubt->node])
        return false;
    if (in_doubt->kind == TRUNCATE)
        return at >= in_doubt->offset && byte == 0;
    return at >= in_doubt->offset && at < in_doubt->offset + in_doubt->bytes && byte == chunk[at - in_doubt->offset];
}

static bool size_may_be(const struct model_node *node, uint64_t size)
{
    if (size == node->size)
        return true;
    if (in_doubt == NULL || node != &nodes[in_doubt->node])
        return false;
    return size == (in_doubt->kind == TRUNCATE ? in_doubt->offset : in_doubt->offset + in_doubt->bytes);
}

static bool same_contents(const struct model_node *node, uint64_t size)
{
    static uint8_t read[CHUNK_BYTES];

    for (uint64_t at = 0; at < size;) {
        size_t got;

        if (client_fs_read(node->inode, at, CHUNK_BYTES, read, sizeof read, &got) != STATUS_OK || got == 0)
            return false;
        for (size_t i = 0; i < got; i++) {
            if (!byte_may_be(node, (uint32_t)at + (uint32_t)i, read[i]))
                return false;
        }
        at += got;
    }
    return true;
}

// New ones that mfs was not asked about are known by their place.
static bool same_node(unsigned directory, const char *name, unsigned number)
{
    struct file_system_node told;
    struct model_node *node = &nodes[number];

    if (client_fs_lookup(nodes[directory].inode, name, &told) != STATUS_OK)
        return false;
    if (node->inode == 0)
        node->inode = told.inode;
    if (told.inode != node->inode || (told.kind == FILE_SYSTEM_KIND_DIRECTORY) != node->is_directory)
        return false;
    if (node->is_directory)
        return true;
    return told.kind == FILE_SYSTEM_KIND_FILE && told.links == node->links && size_may_be(node, told.size) &&
           same_contents(node, told.size);
}

static bool same_directory(unsigned directory)
{
    const struct model_node *model = &nodes[directory];
    uint32_t position = 0, inode;
    char name[NAME_BYTES + 1];
    unsigned count = 0, directories = 0;
    struct file_system_node told;
    enum status status;

    while ((status = client_fs_entry(model->inode, position, &position, &inode, name)) == STATUS_OK) {
        struct model_entry *entry = model_find(directory, name);

        if (entry == NULL || !same_node(directory, name, entry->node) || nodes[entry->node].inode != inode)
            return false;
        directories += nodes[entry->node].is_directory;
        count++;
    }
    return status == (enum status)FILE_SYSTEM_ERROR_ABSENT && count == model->entry_count &&
           client_fs_stat(model->inode, &told) == STATUS_OK && told.links == 2 + directories;
}

// A directory of which the model knows nothing but the name.
static unsigned unknown = ROOT_NODE;

static bool same_tree(void)
{
    for (unsigned i = 0; i < NODES_MAX; i++) {
        if (i != ROOT_NODE && i == unknown)
            continue;
        if (nodes[i].links != 0 && nodes[i].is_directory && nodes[i].inode != 0 && !same_directory(i))
            return false;
    }
    return true;
}
