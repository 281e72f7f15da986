// The system calls: numbers, registers, message word. Shared by kernel, runtime and builder.
// This file is the one owner of every number in it; docs/kernel-abi.md explains them.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// On aarch64 the number is the immediate of the `svc` instruction (Arm ARM C6.2, SVC).
// Arguments are in x0 to x5, results in x0 (status) and x1 up, except for the IPC calls (below).
// On riscv64 the number is in t4, arguments are in a0 to a5, results in a0 (status) and a1 up; where this says x0 to x11 of
// an IPC call, it is a0 to a7 and t0 to t3.
// On x86_64 the number is in rax; arguments are in rdi, rsi, rdx, r10, r8, r9, results in the same and rbx; x0 to x11 of an IPC
// call are rdi, rsi, rdx, r10, r8, r9, rbx, rbp, r12 to r15, which leaves nothing to be kept; rax comes back as 0 from it, rcx
// and r11 with nothing of use from every call.
#define SYS_CALL 0               // IPC registers; blocks until the reply, a timeout or the peer's death
#define SYS_REPLY_WAIT 1         // IPC registers; replies (token != 0), then receives
#define SYS_REPLY 2              // IPC registers; replies and goes on; x0 = status
#define SYS_POLL 3               // IPC registers; receives without blocking (KIND_NONE: nothing there)
#define SYS_SIGNAL 4             // (notification slot)
#define SYS_COPY_IN 5            // (token, lend index, offset, own address, bytes): lender -> own memory
#define SYS_COPY_OUT 6           // (token, lend index, offset, own address, bytes): own memory -> lender
#define SYS_INTERRUPT_ACK 7      // (interrupt slot): unmask; masked again by the next delivery
#define SYS_TIMER_SET 8          // (timer slot, absolute time in ns; 0 cancels)
#define SYS_CLOCK 9              // (clock slot) -> x1 = ns since boot
#define SYS_ENTROPY 10           // (entropy slot) -> x1..x4 = 256 random bits
#define SYS_YIELD 11             // () lets threads of equal priority run
#define SYS_EXIT 12              // (code): ends the whole component; does not return
#define SYS_READY 13             // () marks the component ready (COMPONENT_STATE shows it)
#define SYS_COMPONENT_STATE 14   // (component slot) -> x1.. see struct component_report in abi/report.h
#define SYS_COMPONENT_CONTROL 15 // (component slot, enum component_operation, argument, generation or 0)
#define SYS_FRAME_READ 16        // (thread slot, own address of a struct thread_registers)
#define SYS_FRAME_WRITE 17       // (thread slot, own address of a struct thread_registers)
#define SYS_REGION_INFO 18       // (region slot) -> x1 = bytes, x2 = device address with RIGHT_DMA, x3 = address
#define SYS_CAP_DROP 19          // (slot): empties a dynamic slot
#define SYS_CAP_REVOKE 20        // (slot): with RIGHT_REVOKE, every capability to the object goes stale
#define SYS_CONSOLE_WRITE 21     // (console slot, own address, bytes <= CONSOLE_WRITE_MAX)
#define SYS_POWER 22             // (power slot, enum power_operation, exit code)
#define SYS_INSPECT 23           // (inspect slot, enum inspect_what, index, index2) -> x1..x6
#define SYS_POOL_CREATE 24       // (pool slot, enum cap_type, a, b) -> x1 = dynamic slot, see below
#define SYS_POOL_DESTROY 25      // (pool slot, object slot): the object and what hangs off it
#define SYS_MAP 26               // (region slot, component slot or 0 for own, virtual address, rights)
#define SYS_UNMAP 27             // (region slot, component slot or 0 for own)
#define SYS_OBJECT_SET 28        // (slot, enum object_set, a, b): wires an object under construction
#define SYS_CAP_COPY 29          // (source slot, component slot, target slot, rights mask)
#define SYS_PORT_READ 30         // (ports slot, offset, 1, 2 or 4 bytes) -> x1 = value
#define SYS_PORT_WRITE 31        // (ports slot, offset, 1, 2 or 4 bytes, value)
#define SYS_COUNT 32

// --- IPC registers ---------------------------------------------------------------------------
// x0 = info, x1 = token, x2..x11 = words 0..9. x12..x18 come back as 0; x19..x30 and sp are kept.
#define MESSAGE_WORDS 10

// info, low to high:
//   bits 0..15   label: the method (call) or the result code (reply; 0 = ok)
//   bits 16..19  number of words used; advisory, the receiver checks it
//   bits 20..21  number of lends (0..2): words 6,7 and 8,9 hold their descriptors
//   bit  22      a capability travels: word 5 holds its slot (receiver: the dynamic slot it got)
//   bits 24..31  call: 0. receive: KIND_*. return from SYS_CALL: enum status
//   bits 32..63  SYS_CALL: endpoint slot. receive: badge. otherwise 0
#define INFO_LABEL_BITS 16
#define INFO_WORDS_SHIFT 16
#define INFO_WORDS_MASK 0xf
#define INFO_LENDS_SHIFT 20
#define INFO_LENDS_MASK 0x3
#define INFO_CAP_BIT 22
#define INFO_KIND_SHIFT 24
#define INFO_KIND_MASK 0xff
#define INFO_SLOT_SHIFT 32

#define KIND_CALL 0         // a client calls; token answers it
#define KIND_NOTIFICATION 1 // word 0 = the bits that were pending; token 0
#define KIND_CLIENT_GONE 2  // the client with this badge died or was restarted; token 0
#define KIND_FAULT 3        // a thread this endpoint handles faulted or made a foreign call; token resumes it
#define KIND_NONE 4         // SYS_POLL: nothing there

// token: caller's thread id in bits 0..15, its call number in bits 16..63. 0 = none.
#define TOKEN_THREAD_BITS 16

// Lend descriptor: word 6 (8) = address, word 7 (9) = bytes | flags. The receiver sees address 0.
// With LEND_BORROWED, only as lend 0: address = offset into the outer lend LEND_OUTER_INDEX,
// and word 8 = the outer caller's token (the call has one lend then).
#define LEND_BYTES_MAX 0x40000000
#define LEND_READ (1ull << 63)     // the server may copy from it
#define LEND_WRITE (1ull << 62)    // the server may copy to it
#define LEND_BORROWED (1ull << 61) // lends a part of what was lent to us
#define LEND_OUTER_INDEX (1ull << 60)
#define LEND_FLAGS (0xfull << 60)
#define LENDS_MAX 2
#define LEND_DEPTH_MAX 4
#define LEND_FIRST_WORD 6
#define CAP_WORD 5

#define CONSOLE_WRITE_MAX 256

#ifndef __ASSEMBLER__ // assembly needs only the numbers above

// --- Results ---------------------------------------------------------------------------------
enum status {
    STATUS_OK = 0,
    STATUS_PEER_DIED = 1,     // the server died while it worked on the call
    STATUS_TIMED_OUT = 2,     // the connection's timeout passed
    STATUS_BAD_MESSAGE = 3,   // the server could not decode the message
    STATUS_BAD_SLOT = 4,      // outside the table, empty, or revoked
    STATUS_BAD_TYPE = 5,      // the slot holds another type of object
    STATUS_DENIED = 6,        // the capability lacks the right
    STATUS_BAD_ARGUMENT = 7,  // a number outside its documented range
    STATUS_BAD_ADDRESS = 8,   // memory the caller (or lender) has not mapped with that right
    STATUS_STALE = 9,         // the token's call has ended
    STATUS_NO_MEMORY = 10,    // the pool has no page left
    STATUS_BUSY = 11,         // the object is in a state that forbids it
    STATUS_NO_SLOT = 12,      // no free dynamic slot
    STATUS_BAD_SYSCALL = 13,  // no such number
    STATUS_PEER_GONE = 14,    // the server was given up for good
    STATUS_NO_TABLE = 15,     // a page table is missing and no pool supplies it
    STATUS_COUNT = 16
};

// Result codes (labels of replies) from here up belong to the interface that declares them.
#define RESULT_FIRST 64

// --- Objects and rights ----------------------------------------------------------------------
enum cap_type {
    CAP_NONE = 0,
    CAP_ENDPOINT = 1,
    CAP_NOTIFICATION = 2,
    CAP_COMPONENT = 3,
    CAP_THREAD = 4,
    CAP_REGION = 5,
    CAP_INTERRUPT = 6,
    CAP_TIMER = 7,
    CAP_CLOCK = 8,
    CAP_ENTROPY = 9,
    CAP_CONSOLE = 10,
    CAP_POWER = 11,
    CAP_INSPECT = 12,
    CAP_POOL = 13,
    CAP_PORTS = 14, // consecutive I/O ports, on architectures that have them
    CAP_TYPES = 15
};

#define RIGHT_READ 0x01    // region: map or copy for reading; ports: read; component: state; thread: frame
#define RIGHT_CALL_ACROSS 0x01 // RIGHT_CALL to one at home on another core; the kernel keeps the two apart
#define RIGHT_WRITE 0x02   // region: map for writing; ports: write; thread: write the frame
#define RIGHT_EXECUTE 0x04 // region: map for execution (never together with RIGHT_WRITE)
#define RIGHT_CALL 0x08    // endpoint: call; notification: signal; the other types: use
#define RIGHT_CONTROL 0x10 // component: start, stop, restart, give up
#define RIGHT_GRANT 0x20   // may travel in a message or be copied
#define RIGHT_DMA 0x40     // region: the device address may be read
#define RIGHT_REVOKE 0x80  // SYS_CAP_REVOKE

enum component_state {
    COMPONENT_STOPPED = 0,    // not started, or stopped by its supervisor
    COMPONENT_RUNNING = 1,
    COMPONENT_FAULTED = 2,    // reason, address, pc tell why
    COMPONENT_EXITED = 3,     // exit code tells why
    COMPONENT_RESTARTING = 4, // a supervisor's restart is under way
    COMPONENT_DEAD = 5        // given up: calls end with STATUS_PEER_GONE
};

enum component_operation {
    COMPONENT_OP_STOP = 0,    // ends it wherever it is; argument is kept as the exit code
    COMPONENT_OP_RESTART = 1, // stop if needed, image state, start; generation + 1
    COMPONENT_OP_GIVE_UP = 2, // DEAD; queued callers get STATUS_PEER_GONE
    COMPONENT_OPS = 3
};

enum fault_reason {
    FAULT_NONE = 0,
    FAULT_READ = 1,        // address: the data address
    FAULT_WRITE = 2,
    FAULT_EXECUTE = 3,
    FAULT_ALIGNMENT = 4,
    FAULT_INSTRUCTION = 5, // undefined, privileged or trapped instruction
    FAULT_BREAKPOINT = 6,
    FAULT_FPU = 7,         // floating point without `fpu: true`
    FAULT_FOREIGN_CALL = 8,// reflected system call
    FAULT_BUS = 9,         // the memory system refused (external abort)
    FAULT_OTHER = 10,
    FAULT_REASONS = 11
};

// Result code of a reply to KIND_FAULT.
#define FAULT_REPLY_RESUME 0 // go on, registers as they are in the frame
#define FAULT_REPLY_RESULT 1 // foreign call: word 0 becomes its result register, then go on
#define FAULT_REPLY_STOP 2   // the component becomes FAULTED

// SYS_POOL_CREATE makes, from the pool's pages (the pool's other limits: POOL_*):
//   CAP_REGION (pages)                   zeroed memory; mapped at run time only, at most POOL_MAPPINGS times
//   CAP_COMPONENT ()                     stopped, empty; POOL_SLOTS slots
//   CAP_THREAD (component slot)          with an endpoint and a notification of its own
//   CAP_ENDPOINT (thread slot, badge)    a capability to that thread's endpoint; thread slot 0: the calling thread's own
//   CAP_NOTIFICATION (thread slot, bits) the same for its notification
#define POOL_REGION_PAGES_MAX 1024
#define POOL_MAPPINGS 4
#define POOL_SLOTS 128
#define POOL_CLIENTS 64 // badges of an endpoint made from a pool

// SYS_OBJECT_SET. The component has to be stopped.
enum object_set {
    SET_START = 0,   // (thread slot, entry address, initial stack pointer)
    SET_RUN = 1,     // (thread slot, argument, priority up to the caller's own)
    SET_HANDLER = 2, // (thread slot, own slot of an endpoint, 1 = reflect its system calls)
    SET_WATCH = 3,   // (component slot, bits): changes of its state signal the calling thread
    OBJECT_SETS = 4
};

enum power_operation { POWER_OFF = 0, POWER_RESET = 1, POWER_OPS = 2 };

enum inspect_what {
    INSPECT_SYSTEM = 0,    // x1 = components, x2 = threads, x3 = cores, x4 = ns since boot, x5 = idle ns
    INSPECT_COMPONENT = 1, // (index) -> as SYS_COMPONENT_STATE
    INSPECT_CAP = 2,       // (component index, slot) -> x1 = type | rights << 8, x2 = badge, x3 = object index, x4 = slots in table
    INSPECT_THREAD = 3,    // (index) -> x1 = component index, x2 = state, x3 = priority, x4 = 1 + index of the component that works on its call
    INSPECT_WHATS = 4
};

#define SLOT_NULL 0  // never holds a capability
#define SLOT_FIRST 1 // the builder numbers an instance's slots from here

#endif // __ASSEMBLER__
