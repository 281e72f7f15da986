"""E04: names and composition."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0401", "an unknown app or variant",
        "An app is a folder apps/<app> with a system.yaml, a variant a file in its folder variants/.",
        "./tenon run helo",
        "./tenon run hello"),
    ErrorCode(
        "E0402", "an unknown instance",
        "Connections, `after`, supervisors and regions name instances of the same file.",
        "connections: [shel.store -> logstore.store]",
        "connections: [shell.store -> logstore.store]"),
    ErrorCode(
        "E0403", "an unknown component",
        "A component is a folder with a component.yaml, below components/ or the app's own components/.",
        "main: {component: helo, priority: 10}",
        "main: {component: hello, priority: 10}"),
    ErrorCode(
        "E0404", "an unknown interface",
        "`DataStore` is the file components/interfaces/data_store.yaml, or the same in the app's "
        "components/interfaces/.",
        "uses: {disk: Blok}",
        "uses: {disk: Block}"),
    ErrorCode(
        "E0405", "an attribute without a value",
        "Its component gives it no default, so each instance must say.",
        "main: {component: sampler, priority: 10}",
        "main: {component: sampler, priority: 10, config: {rate: 5}}"),
    ErrorCode(
        "E0406", "an unknown attribute",
        "`config` sets attributes that the component declares.",
        "config: {rat: 5}",
        "config: {rate: 5}"),
    ErrorCode(
        "E0407", "a replica and an instance with one name",
        "The replicas of `disk` are disk0, disk1 and so on.",
        "disk: {component: disk, replicas: 2}\ndisk0: {component: disk}",
        "disk: {component: disk, replicas: 2}\nspare: {component: disk}"),
    ErrorCode(
        "E0408", "too many instances",
        "A compound that contains many of another multiplies quickly.",
        "all: {component: rack, replicas: 60}      # each of 60 shelves with 60 disks",
        "all: {component: rack, replicas: 2}"),
    ErrorCode(
        "E0409", "a compound inside itself",
        "It would never end.",
        "component: stack\nkind: compound\ninstances: {inner: {component: stack}}",
        "component: stack\nkind: compound\ninstances: {inner: {component: filesystem, priority: 100}}"),
    ErrorCode(
        "E0410", "a key that means nothing for a compound",
        "A compound has no threads of its own; its inner instances have priorities, budgets and stacks. An "
        "attribute can pass a number in.",
        "files: {component: stack, priority: 100}",
        "files: {component: stack, config: {base: 100}}      # inside: priority: ${config.base + 10}"),
    ErrorCode(
        "E0411", "an unknown end",
        "The component, or the compound's `exports`, has nothing of this name and kind.",
        "shell.stor -> logstore.store",
        "shell.store -> logstore.store"),
    ErrorCode(
        "E0412", "a use is connected twice",
        "A use is a function call in C: it goes to one place.",
        "connections: [shell.store -> first.store, shell.store -> second.store]",
        "connections: [shell.store -> first.store]"),
    ErrorCode(
        "E0413", "a name that stands for several instances",
        "An instance with `replicas`, or a compound, is several instances. A single user must say which one it "
        "means; users and providers in equal number are connected one by one.",
        "reader.disk -> disk.block         # disk has replicas: 2",
        "reader.disk -> disk0.block"),
    ErrorCode(
        "E0414", "a use that is not connected",
        "The component cannot work without it. Uses that it can do without are declared `optional: true`.",
        "instances: {shell: {component: shell, priority: 10}}",
        "instances: {shell: ..., store: ...}\nconnections: [shell.store -> store.store]"),
    ErrorCode(
        "E0415", "it was left out by its `when`",
        "What is left out cannot be used, unless the use is optional.",
        "disk: {component: disk, when: false}        # and reader.disk -> disk.block",
        "disk: {component: disk}"),
    ErrorCode(
        "E0416", "a program and an instance are two things",
        "A component of kind program is started at run time, from a disk; all others are started by the layout.",
        "instances: {greet: {component: greet, priority: 10}}      # greet has kind: program",
        "programs: {greet: {component: greet, disk: disk}}"),
    ErrorCode(
        "E0417", "a disk that nobody drives",
        "A program is put on the disk of an instance: one whose component has a device with `plug: disk`.",
        "programs: {greet: {component: greet, disk: mfs}}",
        "programs: {greet: {component: greet, disk: disk}}"),
    ErrorCode(
        "E0419", "a region that is not bound",
        "The component expects shared memory that the system does not give it.",
        "sampler: {component: sampler, priority: 10}",
        "regions: {samples: {size: 4KiB, users: {sampler: rw}}}"),
    ErrorCode(
        "E0420", "more rights than the component asks for",
        "The least that works is what it should have. If the code writes, its component.yaml says rw.",
        "users: {reader: rw}         # its component says r",
        "users: {reader: r}"),
    ErrorCode(
        "E0421", "a region is bound twice",
        "A component's region is one range of memory.",
        "first: {users: {sampler.samples: rw}}\nsecond: {users: {sampler.samples: rw}}",
        "first: {users: {sampler.samples: rw}}"),
    ErrorCode(
        "E0422", "a region without a use",
        "Memory that nobody maps, or that nobody ever writes, is a slip.",
        "samples: {size: 4KiB, users: {reader: r}}",
        "samples: {size: 4KiB, users: {reader: r, sampler: rw}}"),
)
