// Host test of the block driver over PCI: the same as over MMIO, and what only a PCI device can claim.
// SPDX-License-Identifier: BSD-2-Clause

#include "test_virtio_blk.c"

TEST(notifications_go_where_the_device_wants_them_within_the_page)
{
    fake.notify_off = 0x3ff;  // the last of the page
    begin();
    CHECK(fake.status & 4);
}

TEST(a_queue_whose_notifications_are_behind_the_page_is_not_used)
{
    fake_begin(2, 0);
    fake.config = BLOCKS;
    fake.notify_off = 0x400;
    CHECK(host_run(start) > 0);
    fake.notify_off = 0xffff;
    CHECK(host_run(start) > 0);
    CHECK(!fake.queues[0].ready);
}
