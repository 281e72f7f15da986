"""E05: interfaces."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0501", "an interface with another name than its file",
        "The file is how an interface is found: `DataStore` is in data_store.yaml.",
        "interface: Disk         # in block.yaml",
        "interface: Block"),
    ErrorCode(
        "E0502", "a type that is not one thing",
        "A named type is an enum, or flags, or a struct.",
        "types: {mode: {enum: [idle], flags: [busy]}}",
        "types: {mode: {enum: [idle, busy]}}"),
    ErrorCode(
        "E0503", "a value without a fixed size",
        "Struct fields, items of arrays and items of streams are copied as they are, so their size must not depend "
        "on their content.",
        "types: {entry: {struct: {name: string<32>}}}",
        "types: {entry: {struct: {name: \"u8[32]\"}}}"),
    ErrorCode(
        "E0504", "too large",
        "Messages, types and lists have limits that keep stubs small and the kernel's work bounded.",
        "methods: {read: {out: {data: bytes<9999999999>}}}",
        "methods: {read: {out: {data: bytes<65536>}}}"),
    ErrorCode(
        "E0505", "a name that is both sent and answered",
        "Both are parameters of one C function.",
        "seek: {in: {position: u64}, out: {position: u64}}",
        "seek: {in: {position: u64}, out: {reached: u64}}"),
    ErrorCode(
        "E0506", "more than one capability in a direction",
        "A message carries one.",
        "open: {out: {reader: capability<endpoint>, writer: capability<endpoint>}}",
        "open: {out: {stream: capability<endpoint>}}"),
    ErrorCode(
        "E0507", "a stream whose depth is not a power of two",
        "Its queue counts with a mask.",
        "samples: {item: u32, depth: 100, direction: to_client}",
        "samples: {item: u32, depth: 128, direction: to_client}"),
    ErrorCode(
        "E0508", "an unknown type",
        "Types are bool, u8 to u64, i8 to i64, string<N>, bytes<N>, buffer<N>, capability<object>, T[N] and those "
        "declared above under `types`.",
        "in: {count: uint32}",
        "in: {count: u32}"),
    ErrorCode(
        "E0509", "a type without a bound",
        "Every message is bounded, so that memory and time are known when the system is built.",
        "in: {text: string}",
        "in: {text: string<80>}"),
    ErrorCode(
        "E0510", "an interface with nothing in it",
        "It has no method, no event and no stream.",
        "interface: Block",
        "interface: Block\nmethods: {flush: {}}"),
    ErrorCode(
        "E0511", "a word of C",
        "The name becomes a C identifier of its own.",
        "in: {register: u8}",
        "in: {register_number: u8}"),
    ErrorCode(
        "E0512", "one name in C for two things",
        "Methods, events and streams of an interface share a prefix, and so do the ends of a component. Inside "
        "names of instances `.` becomes `_`.",
        "methods: {changed: {}}\nevents: [changed]",
        "methods: {poll: {}}\nevents: [changed]"),
    ErrorCode(
        "E0520", "more values than a message holds",
        "A message has ten words, fewer when something is lent or a capability travels. A struct of several values "
        "can be lent as one.",
        "set: {in: {a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64, j: u64, k: u64}}",
        "set: {in: {all: values}}        # values: {struct: {a: u64, b: u64, ...}}"),
    ErrorCode(
        "E0521", "more lends than a call has",
        "The kernel lends two ranges of the caller's memory in a call, so at most two values may be too large for "
        "the words.",
        "copy: {in: {a: bytes<4096>, b: bytes<4096>, c: bytes<4096>}}",
        "copy: {in: {a: bytes<4096>, b: bytes<4096>}}"),
    ErrorCode(
        "E0522", "a name that the stub needs",
        "A parameter `data` of bytes is in C also `data_bytes` and `data_room`.",
        "in: {data: bytes<64>, data_bytes: u32}",
        "in: {data: bytes<64>, data_wanted: u32}"),
)
