// What a keeper does, by the label of the call.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum keep {
    KEEP_TAKE = 1,  // with a capability: answers the slot it came in
    KEEP_INFO,      // (slot): status of SYS_REGION_INFO, bytes
    KEEP_DROP,      // (slot): status
    KEEP_GIVE,      // (slot): answers with that capability
    KEEP_SIGNAL,    // (slot): status
    KEEP_REVOKE,    // (slot): status
};
