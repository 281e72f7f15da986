// What a culprit tries, by the label of the call: each ends in a fault or answers with 0.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum culprit_act {
    CULPRIT_WHERE = 1,    // (enum culprit_place): an address of it
    CULPRIT_READ,         // (address)
    CULPRIT_WRITE,        // (address): writes CODE_RETURN, which is what its own data holds anyway
    CULPRIT_JUMP,         // (address): calls it as a function
    CULPRIT_EXCLUSIVE,    // (address): loads it exclusively
    CULPRIT_STACK_DOWN,   // writes below the stack until it faults
    CULPRIT_STACK_UP,     // reads above the stack until it faults
    CULPRIT_INSTRUCTION,  // (enum instruction)
    CULPRIT_NUMBER,       // makes a system call without a number: answers with its status
    CULPRIT_LAST_NUMBER,
};

enum culprit_place {
    CULPRIT_TEXT,
    CULPRIT_CONSTANT,
    CULPRIT_DATA,   // holds CODE_RETURN
    CULPRIT_STACK,  // so does this
    CULPRIT_STACK_BASE,
    CULPRIT_STACK_TOP,
};
