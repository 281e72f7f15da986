// What a responder does, by the label of the call. Words that are not named are not looked at.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum respond {
    RESPOND_ECHO = 1,  // every word comes back, plus its number, with as many words as were sent
    RESPOND_KEEP,      // no answer; the token is kept as the next entry
    RESPOND_ANSWER,    // (entry): answers the kept call with ANSWER_BASE + entry; result: status of the reply
    RESPOND_TOKEN,     // (token): tries to answer that call; result: status of the reply
    RESPOND_DIRTY,     // answers with x12..x28 full of DIRTY
    RESPOND_SEEN_DIRTY,  // how many of x12..x18 were not 0 when the last call came
    RESPOND_SIGNAL,      // (client, pokes, nudges): signals that client so often; result 0
    RESPOND_SIGNAL_ME,   // (pokes, nudges): signals its caller; result 0
    RESPOND_WHO,         // the caller's number
    RESPOND_SPIN,        // (ns): works for so long; result 0
    RESPOND_GONE,        // which clients were told to be gone since the last such call, a bit each
    RESPOND_CALLS,       // how many calls came
};

#define ANSWER_BASE 100
#define DIRTY       0xd1d1d1d1d1d1d1d1
