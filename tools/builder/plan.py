"""The Plan: everything the builder decided about a system, as data. Made by allocate.py and place.py.

Names that generated code uses are made from `name` here, in capitals:

  slot kind    macro                              object
  use          SLOT_USE_<USE>                     endpoint of the provider, badge = client index
  event        SLOT_EVENT_<PROVIDE>_<EVENT>_<N>   notification of client N
  stream       SLOT_STREAM_<USE>_<STREAM>, SLOT_STREAM_<PROVIDE>_<STREAM>_<N>
                                                  the producer's: notification of the consumer
  interrupt    SLOT_INTERRUPT_<DEVICE>[_N]        interrupt N > 0 of the device
  ports        SLOT_PORTS_<DEVICE>[_N]            range N > 0 of the device's I/O ports
  timer        SLOT_TIMER_<TIMER>
  kernel       SLOT_CLOCK, SLOT_CONSOLE, ...
  region       SLOT_DMA_<NAME>
  child        SLOT_CHILD_<INSTANCE>              component that this one supervises
  ping         SLOT_PING_<INSTANCE>               notification of a child with a heartbeat
  pong         SLOT_PONG                          notification of the supervisor
  ready        SLOT_READY_<INSTANCE>              notification of an instance that starts after this one
  after        SLOT_AFTER_<INSTANCE>              component that this one starts after
  pool         SLOT_POOL                          its own pool
  guest        SLOT_GUEST                         the component of the guest that this one handles
  vcpu         SLOT_VCPU_<N>                      thread of its virtual CPU N

Bits: BIT_GUEST, BIT_INTERRUPT_<DEVICE>[_N], BIT_TIMER_<TIMER>, BIT_EVENT_<USE>_<EVENT>, BIT_STREAM_<USE>_<STREAM>,
BIT_STREAM_<PROVIDE>_<STREAM>, BIT_CHILD_<INSTANCE>,
BIT_PONG_<INSTANCE>, BIT_PING, BIT_READY_<INSTANCE>, BIT_POOL. A bit's number counts within its thread.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One static capability of an instance."""

    index: int
    kind: str
    name: str                  # without SLOT_ and in the case of the description: "use_disk"
    type: str                  # CAP_*
    object: tuple[str, int]    # table ("endpoints", "notifications", ...) and index; a singleton has index -1
    rights: tuple[str, ...]    # RIGHT_*
    badge: int
    timeout: int               # in granules, 0: none
    why: str                   # what in the description asks for it
    source: str                # file:line

    @property
    def macro(self) -> str:
        return macro("SLOT", self.name)


@dataclass(frozen=True, slots=True)
class Bit:
    """One notification bit of a thread."""

    index: int
    kind: str
    name: str
    why: str
    source: str

    @property
    def macro(self) -> str:
        return macro("BIT", self.name)


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread; its notification has the same index."""

    index: int           # in threads[] and notifications[]
    name: str
    local: int           # 0 is main; what its entry gets as argument
    priority: int
    stack_address: int
    stack_bytes: int
    endpoint: int | None
    fpu: bool
    bits: tuple[Bit, ...]

    @property
    def stack_top(self) -> int:
        return self.stack_address + self.stack_bytes


@dataclass(frozen=True, slots=True)
class Area:
    """Memory whose place in the component is known before its code is."""

    kind: str            # stack | heap | dma | region | stream | buffer | device | guest; of a program: arguments
    name: str
    address: int         # page aligned
    skew: int            # where a device's registers begin in their page
    bytes: int           # as asked for
    region: int          # index into the plan's regions
    rights: tuple[str, ...]
    zero: bool           # zeroed at every start of the component
    source: str

    @property
    def macro(self) -> str:
        return macro(self.kind) if self.kind in ("heap", "arguments") else macro(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class Region:
    """One physical range."""

    name: str
    memory: str          # MEMORY_IMAGE | MEMORY_RAM | MEMORY_DEVICE
    offset: int          # of MEMORY_RAM: set by place.py; of MEMORY_IMAGE: 0
    payload: str         # MEMORY_IMAGE: the payload's name
    bytes: int           # multiple of a page
    attribute: str
    flags: tuple[str, ...]
    address: int         # where its first owner has it mapped
    source: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    name: str            # instance.thread
    thread: int
    clients: int


@dataclass(frozen=True, slots=True)
class Interrupt:
    name: str            # instance.device
    number: int          # the controller's
    edge: bool
    notification: int
    bit: int
    source: str


@dataclass(frozen=True, slots=True)
class Ports:
    """A range of I/O ports."""

    name: str            # instance.device
    first: int
    count: int
    source: str


@dataclass(frozen=True, slots=True)
class Timer:
    name: str
    notification: int
    bit: int
    source: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Memory for objects made at run time; its holder is `owner`."""

    name: str
    owner: int           # index of the instance
    region: int
    pages: int
    thread_first: int    # in thread_table, where its threads' entries begin
    threads: int         # the most at a time
    source: str


@dataclass(frozen=True, slots=True)
class Quiesce:
    region: int          # 0 with `ports`
    ports: int | None    # index: the write goes to these, not to a region
    offset: int
    width: int
    value: int
    source: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """One range mapped when the component starts."""

    name: str
    address: int
    region: int
    rights: tuple[str, ...]
    initialise: bool
    initial: str         # payload name, or ""
    initial_bytes: int


@dataclass(frozen=True, slots=True)
class Instance:
    index: int
    name: str
    component: str
    source: str
    core: int
    autostart: bool
    restartable: bool
    budget: int          # ns
    period: int
    reserve: int
    threads: tuple[Thread, ...]
    slots: tuple[Slot, ...]
    dynamic_slots: int
    areas: tuple[Area, ...]
    quiesce: tuple[Quiesce, ...]
    interrupts: tuple[int, int]          # first, count
    timers: tuple[int, int]
    endpoints: tuple[int, int]
    supervisor: tuple[int, int] | None   # notification, bit
    first_address: int
    image_address: int                   # where its code begins

    @property
    def slot_count(self) -> int:
        return self.slots[-1].index + 1 + self.dynamic_slots if self.slots else 1 + self.dynamic_slots

    @property
    def first_dynamic(self) -> int:
        return self.slot_count - self.dynamic_slots


@dataclass(frozen=True, slots=True)
class Guest:
    """A virtual machine: a component of the kernel, behind those of all instances."""

    index: int           # among components; its VMID counts from the first guest
    name: str
    source: str
    core: int
    thread_first: int
    vcpus: int
    priority: int
    budget: int
    period: int
    handler: int         # endpoint of its VMM
    supervisor: tuple[int, int]          # notification of its VMM, bit
    region: int          # its memory
    address: int         # where it finds it
    tables: int          # page-table pages of the second stage


@dataclass(frozen=True, slots=True)
class Board:
    name: str
    memory: int
    console_base: int
    console_component: bool
    intc_base: int
    intc_bytes: int
    intc_core_base: int
    intc_core_bytes: int
    core_ids: tuple[int, ...]  # as the hardware calls them
    page_levels: int        # of page tables
    timer_frequency: int
    clock_base: int         # x86: what its other clocks are measured by
    exit_base: int          # QEMU's test device, or its port; 0: none
    power_port: int         # x86: ACPI's PM1a control register; 0: none
    semihosting: bool


@dataclass(frozen=True, slots=True)
class Plan:
    system: str
    board: Board
    debug: bool
    counters: bool
    granularity: int                     # ns, of timeouts
    on_component_dead: str               # continue | reset | halt
    on_panic: str                        # reset | halt
    cores: int
    instances: tuple[Instance, ...]
    endpoints: tuple[Endpoint, ...]
    interrupts: tuple[Interrupt, ...]
    ports: tuple[Ports, ...]
    timers: tuple[Timer, ...]
    pools: tuple[Pool, ...]
    regions: tuple[Region, ...]
    guests: tuple[Guest, ...] = ()

    @property
    def threads(self) -> list[Thread]:
        return [thread for instance in self.instances for thread in instance.threads]


@dataclass(frozen=True, slots=True)
class Placed:
    """A plan whose components are built: what the image holds and where all memory lies."""

    plan: Plan
    regions: tuple[Region, ...]                     # the plan's, with offsets, then those of the segments
    mappings: tuple[tuple[Mapping, ...], ...]       # by instance, ordered by address
    tables: tuple[int, ...]                         # page-table pages, by instance
    entries: tuple[int, ...]                        # entry address, by instance
    payload: tuple[tuple[str, int], ...]            # name and bytes, in image order
    ram_bytes: int
    crash_log_offset: int


def macro(*words: str) -> str:
    """The C name for words of the description."""
    return "_".join(words).replace(".", "_").replace("-", "_").upper()
