// Judging a superblock.
// SPDX-License-Identifier: BSD-2-Clause

#include "superblock.h"

#include <inttypes.h>
#include <string.h>

#include <config.h>
#include <tenon/log.h>

struct geometry geometry;

static uint32_t blocks_for(uint32_t count, uint32_t per_block)
{
    return count / per_block + (count % per_block != 0);
}

// Bits are counted from 0, which stands for nothing: so there is one more of them than of inodes or zones.
static bool is_consistent(const struct disk_superblock *super, uint64_t disk_blocks)
{
    if (super->inodes == 0 || super->inodes > CONFIG_INODES || super->zones > CONFIG_ZONES || super->zones > disk_blocks)
        return false;

    uint32_t table = FIRST_MAP_BLOCK + super->inode_map_blocks + super->zone_map_blocks;
    uint32_t first_data = table + blocks_for(super->inodes, INODES_PER_BLOCK);

    return super->first_data_zone == first_data && first_data < super->zones &&
           super->inode_map_blocks == blocks_for(super->inodes + 1, BITS_PER_BLOCK) &&
           super->zone_map_blocks >= blocks_for(super->zones - first_data + 1, BITS_PER_BLOCK);
}

bool superblock_read(uint64_t disk_blocks)
{
    static uint8_t block[BLOCK_BYTES];
    struct disk_superblock super;

    if (disk_blocks <= SUPERBLOCK_BLOCK || block_access_read(SUPERBLOCK_BLOCK, 1, block) != STATUS_OK) {
        log_error("the superblock cannot be read");
        return false;
    }
    memcpy(&super, block, sizeof super);
    if (super.magic != SUPERBLOCK_MAGIC || super.block_bytes != BLOCK_BYTES || super.log_zone_blocks != 0) {
        log_error("the disk holds no MINIX version 3 file system in blocks of 1 KiB; it is left alone");
        return false;
    }
    if (!is_consistent(&super, disk_blocks)) {
        log_error("a superblock of %" PRIu32 " inodes, %" PRIu32 " zones does not fit a disk of %" PRIu64
                  " blocks or this mfs; the disk is left alone",
                  super.inodes, super.zones, disk_blocks);
        return false;
    }
    geometry = (struct geometry){
        .inodes = super.inodes,
        .zones = super.zones,
        .first_data_zone = super.first_data_zone,
        .zone_map = FIRST_MAP_BLOCK + super.inode_map_blocks,
        .inode_table = FIRST_MAP_BLOCK + super.inode_map_blocks + super.zone_map_blocks,
        .largest_file = super.largest_file < INT32_MAX ? super.largest_file : INT32_MAX,
    };
    return true;
}
