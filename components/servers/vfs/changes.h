// Requests that have their effect once, and changes of names, which a file system has made or not when its
// answer is lost.
//
// A change is written down before it is sent. vfs is the file system's only client and sends one at a time,
// so what the disk shows afterwards says whether it happened: that answers for a death of the file system,
// and for one of vfs. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "table.h"

// Begins the request, or goes on with it. True: the answer is known already, or it is an error.
MUST_CHECK bool request_is_answered(struct request *last, uint64_t number, enum status *status);

// Keeps the answer, unless repeating may help.
enum status request_answer(struct request *last, enum status status);

// Finds out what became of the change whose answer is not known. False: the file system cannot say now.
MUST_CHECK bool changes_settle(void);

// Makes the change, once; everything that can be checked was, and what was there before settles a doubt
// later: for a name that is made there was none, one that is removed was there. An error of Files.
MUST_CHECK enum status changes_make(struct change change);
