"""The typed model: everything the builder knows about a product, as frozen values.

The front-end (load, expand, link, check) makes a `System`; the back-end only reads it. Rules of the house:
- Names are resolved: a connection holds its two `Instance`s, its `Use` and its `Provide`.
- Units are bytes and nanoseconds. `None` stands for "not given" or "none" and for nothing else.
- Maps are ordered by name and are never changed after they are made, so outputs never depend on file order.
- Each object has the `span` it was declared at; `where` of an instance tells it for a single key.
- Objects with identity (interface, component, instance, node) compare and hash by identity.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from .diagnostic import Span

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
US, MS, SECOND = 1_000, 1_000_000, 1_000_000_000
PAGE_BYTES = 4096

T = TypeVar("T")


# --- Settings ----------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Setting:
    """One typed setting. `type` is bool, integer, size, duration, text or choice; the value is bool, int or str."""

    name: str
    type: str
    value: bool | int | str
    default: bool | int | str
    help: str
    span: Span          # of its declaration
    origin: str         # "default", "--set", or file:line:column of the `settings:` entry that changed it
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a product by name; `settings["log_level"]` is the value."""

    all: Mapping[str, Setting]

    def __getitem__(self, name: str) -> bool | int | str:
        return self.all[name].value


# --- Interfaces --------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Type:
    """A type of the interface language. Always bounded.

    kind      says which of the other fields count:
    bool
    integer   bits (8, 16, 32, 64), signed
    enum      name, members: value i is members[i]
    flags     name, members: member i is bit i; at most 64
    struct    name, fields
    array     item, count; item is fixed in size
    string    count: most bytes, without the final zero
    bytes     count: most bytes
    buffer    a shared region of the connection; `count` bytes
    capability  name: the object's type, one of CAPABILITIES
    """

    kind: str
    name: str = ""
    bits: int = 0
    signed: bool = False
    members: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    item: Type | None = None
    count: int = 0

    @property
    def fixed(self) -> bool:
        """Whether every value has the same size, so that it can be packed into words."""
        return self.kind in ("bool", "integer", "enum", "flags", "struct", "array")

    def __str__(self) -> str:
        """As the interface language writes it."""
        match self.kind:
            case "integer":
                return f"{'i' if self.signed else 'u'}{self.bits}"
            case "array":
                return f"{self.item}[{self.count}]"
            case "string" | "bytes" | "buffer":
                return f"{self.kind}<{self.count}>"
            case "capability":
                return f"capability<{self.name}>"
            case "bool":
                return "bool"
            case _:
                return self.name


CAPABILITIES = ("endpoint", "notification", "component", "thread", "region", "interrupt", "timer", "pool", "any")
RESTARTS = ("idempotent", "at-most-once", "session")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct, or a parameter of a method."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Method:
    """`label` is its number in messages: 1 for the first in the file, and so on; 0 is never a method.
    The result code of an error is the interface's affair (idl.error_codes). `restart` is one of RESTARTS."""

    name: str
    label: int
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    errors: tuple[str, ...]
    restart: str
    doc: str
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """A notification from the provider to a client; `index` is its place in the interface's list."""

    name: str
    index: int
    span: Span


@dataclass(frozen=True, slots=True)
class Stream:
    """A queue in shared memory: `depth` items of type `item`, a power of two, in one direction."""

    name: str
    item: Type
    depth: int
    direction: str      # to_client | to_server
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Interface:
    """An interface file. Methods, events and streams are in the order of the file, which fixes their numbers."""

    name: str
    version: int
    doc: str
    types: Mapping[str, Type]       # named enums, flags and structs
    methods: tuple[Method, ...]
    events: tuple[Event, ...]
    streams: tuple[Stream, ...]
    span: Span


# --- Component types ---------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Provide:
    """An interface a component provides. `thread` receives its calls; `clients` is the most it serves, besides those that it makes
    at run time: at most `made`."""

    name: str
    interface: Interface
    thread: str
    clients: int | None
    span: Span
    made: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """An interface a component uses. An optional use may stay unconnected."""

    name: str
    interface: Interface
    optional: bool
    span: Span


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """A device a driver wants; the bound node must have one of the `compatible` strings (empty: any).
    `plug` is one of PLUGS: what an emulated board has at that node. `registers`: by one of REACHES, the folder of the
    library that reaches such registers; empty: the component's own sources do, whatever they are."""

    name: str
    compatible: tuple[str, ...]
    optional: bool
    span: Span
    plug: str | None = None
    registers: Mapping[str, str] = field(default_factory=dict)


PLUGS = ("disk", "entropy", "network")
REACHES = ("mmio", "ports", "pci")
RESTART_CAUSES = ("fault", "exit", "hang", "refused")


@dataclass(frozen=True, slots=True)
class Dma:
    """DMA memory of a driver: page-aligned bytes whose device address it may read."""

    name: str
    bytes: int
    span: Span


@dataclass(frozen=True, slots=True)
class RegionUse:
    """A shared region a component expects; it gets at most these rights ("r" or "rw")."""

    name: str
    rights: str
    optional: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Quiesce:
    """A device write that stops DMA and interrupts before a dead owner's memory is touched."""

    device: str
    offset: int
    width: int          # 1, 2, 4 or 8 bytes
    value: int
    span: Span
    registers: str | None = None    # one of REACHES: for such a device only


@dataclass(frozen=True, slots=True)
class Thread:
    """`priority` is relative to the instance's. "main" always exists and is the first, at 0."""

    name: str
    priority: int
    stack: int
    span: Span


@dataclass(frozen=True, slots=True)
class Pool:
    """Pages from which a component makes objects at run time; `threads` of them at most at a time."""

    bytes: int
    threads: int
    span: Span


@dataclass(frozen=True, slots=True)
class Attribute:
    """A typed value an instance can be configured with. `default` None: every instance must give it.

    `type` is bool, u8..u64, i8..i64, size, duration, string or enum (then `choices`). A duration's value is
    in nanoseconds, a size's in bytes."""

    name: str
    type: str
    default: bool | int | str | None
    minimum: int | None
    maximum: int | None
    choices: tuple[str, ...]
    help: str
    span: Span


KINDS = ("driver", "server", "app", "program", "compound")
NEEDS = ("clock", "entropy", "console", "power", "inspect")
LOG_LEVELS = ("error", "warning", "info", "debug")
MAIN_THREAD = "main"


@dataclass(frozen=True, slots=True, eq=False)
class ComponentType:
    """A component.yaml other than a compound. File names are relative to the project."""

    name: str
    kind: str
    doc: str
    folder: str
    sources: tuple[str, ...]
    libraries: tuple[str, ...]              # their folders
    provides: Mapping[str, Provide]
    uses: Mapping[str, Use]
    devices: Mapping[str, DeviceUse]
    dma: Mapping[str, Dma]
    regions: Mapping[str, RegionUse]
    quiesce: tuple[Quiesce, ...]            # in the order of the file: devices care
    stack: int                              # of main
    heap: int
    threads: Mapping[str, Thread]           # "main" first, then by name
    timers: tuple[str, ...]                 # in the order of the file
    needs: tuple[str, ...]                  # in the order of NEEDS
    supervises: bool
    attributes: Mapping[str, Attribute]
    fpu: bool
    stack_calls: Mapping[str, tuple[str, ...]]
    stack_extern: Mapping[str, int]
    span: Span
    pool: Pool | None = None
    slots: int = 0                          # capability slots for what comes at run time
    grants: tuple[str, ...] = ()            # uses and needs whose capabilities it may pass on, sorted
    guest: bool = False                     # each instance handles one guest


# --- Board -------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class MmioRange:
    address: int
    bytes: int

    @property
    def end(self) -> int:
        return self.address + self.bytes


@dataclass(frozen=True, slots=True)
class Interrupt:
    """An interrupt line. `number` is what the interrupt controller calls it (GIC: the INTID; PLIC: the source)."""

    number: int
    edge: bool


@dataclass(frozen=True, slots=True)
class PortRange:
    """I/O ports of x86."""

    first: int
    count: int

    @property
    def end(self) -> int:
        return self.first + self.count


VIRTIO_VENDOR, VIRTIO_DEVICES = 0x1AF4, range(0x1040, 0x1080)     # virtio 1.2, 4.1.2: the first is type 0


@dataclass(frozen=True, slots=True)
class PciWindow:
    """Memory of the processor that is memory of the PCI bus."""

    bus_address: int
    address: int
    bytes: int


@dataclass(frozen=True, slots=True)
class PciHost:
    """A PCI host bridge with ECAM. `lines`: what its interrupt-map says of (slot, pin) below `slot_mask`."""

    window: PciWindow               # 32-bit, not prefetchable
    slot_mask: int
    lines: Mapping[tuple[int, int], Interrupt]

    def line(self, slot: int, pin: int) -> Interrupt | None:
        return self.lines.get((slot & self.slot_mask, pin))


@dataclass(frozen=True, slots=True)
class PciBar:
    """A base address register and the address on the bus that it gets."""

    index: int
    address: int
    bytes: int


@dataclass(frozen=True, slots=True)
class VirtioStructures:
    """Where a virtio device has its structures: offsets into one BAR (virtio 1.2, 4.1.4)."""

    bar: int
    common: int
    isr: int
    device: int
    notify: int
    notify_step: int                # notify_off_multiplier


@dataclass(frozen=True, slots=True)
class PciFunction:
    """Function 0 of a slot of bus 0."""

    name: str
    host: str                       # path of its host's node
    slot: int
    vendor: int
    device: int
    bars: tuple[PciBar, ...]
    virtio: VirtioStructures | None


@dataclass(frozen=True, slots=True, eq=False)
class DeviceNode:
    """A node of the board's device tree."""

    path: str                       # /virtio_mmio@a003e00
    name: str                       # virtio_mmio@a003e00
    labels: tuple[str, ...]
    compatible: tuple[str, ...]
    mmio: tuple[MmioRange, ...]     # CPU addresses, through the buses' ranges
    interrupts: tuple[Interrupt, ...]
    dma: bool                       # the device can write memory by itself
    enabled: bool                   # status is absent or okay
    ports: tuple[PortRange, ...] = ()   # x86 only
    pci: PciHost | None = None          # it is such a host
    function: PciFunction | None = None     # it is such a function

    @property
    def called(self) -> set[str]:
        """What a description may call it."""
        return {self.path, self.name, *self.labels, *self.compatible}

    @property
    def reach(self) -> str:
        """One of REACHES: how its registers are reached."""
        if self.function:
            return "pci"
        return "ports" if self.ports else "mmio"

    @property
    def constants(self) -> dict[str, int]:
        """What a driver must know besides addresses, by the end of its C name."""
        function = self.function
        if function is None or function.virtio is None:
            return {}
        return {"virtio_type": function.device - VIRTIO_DEVICES[0], "notify_step": function.virtio.notify_step}

    @property
    def register_bytes(self) -> int:
        """Of its first range."""
        return self.ports[0].count if self.ports else self.mmio[0].bytes


@dataclass(frozen=True, slots=True)
class Qemu:
    """How the board starts in QEMU; run.py reads it."""

    binary: str
    machine: str
    el2: str
    cpu: str
    cpus: tuple[str, ...]
    arguments: tuple[str, ...]
    exits: str                      # semihosting | test_device | debug_exit
    virtio_mmio: Mapping[str, str | int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Pci:
    """A board's PCI: the host, the instance that drives it (a record of the grammar) where the system has none, and the functions."""

    host: DeviceNode
    driver: Any
    functions: tuple[DeviceNode, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    name: str
    arch: str
    memory: int
    ram: tuple[MmioRange, ...]
    core_ids: tuple[int, ...]   # as the hardware calls them
    console: DeviceNode | None              # the kernel's debug UART
    uart: str | None                        # its driver, a file below kernel/plat/
    interrupt_controller: DeviceNode        # GIC: mmio[0] distributor, mmio[1] redistributors; PLIC: mmio[0] all
    timer_frequency: int | None             # Hz, where no register tells it
    test_device: DeviceNode | None          # ends QEMU with an exit code
    clock: DeviceNode | None                # x86: what its other clocks are measured by
    nodes: Mapping[str, DeviceNode]         # by path
    roles: Mapping[str, str]                # what expressions may ask: "uart.component" -> "pl011"
    qemu: Qemu | None
    span: Span
    pci: Pci | None = None


# --- The system --------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Restart:
    """What a supervisor does about an instance. Times in ns; `limit` restarts within `window`, then give up."""

    on: tuple[str, ...]             # of RESTART_CAUSES, in their order
    limit: int | None               # None: no limit
    window: int
    backoff_first: int
    backoff_last: int
    heartbeat: int | None
    span: Span
    escalate: bool = False          # its end for good is the supervisor's


@dataclass(frozen=True, slots=True)
class ConfigValue:
    """The value of one attribute for one instance. `span` is the instance's line, or the default's."""

    attribute: Attribute
    value: bool | int | str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """One running component. Names of instances inside a compound are `outer.inner`."""

    name: str
    component: ComponentType
    priority: int
    budget: int | None              # ns in each `period`; both or neither
    period: int | None
    cpu: int
    log: str                        # one of LOG_LEVELS
    stack: int                      # of main: the instance's, or the component's
    config: Mapping[str, ConfigValue]       # every attribute of the component
    devices: Mapping[str, DeviceNode]       # by the component's device name; an unbound optional one is absent
    after: tuple[str, ...]          # names of instances it waits for, sorted; all in System.instances
    supervisor: str | None          # name of an instance
    restart: Restart | None
    span: Span
    spans: Mapping[str, Span] = field(default_factory=dict)

    @property
    def libraries(self) -> tuple[str, ...]:
        """Folders of all libraries it links: its component's, and those that reach its devices' registers."""
        chosen = (self.component.devices[name].registers.get(node.reach) for name, node in self.devices.items())
        return tuple(sorted({*self.component.libraries, *filter(None, chosen)}))

    @property
    def quiesce(self) -> tuple[Quiesce, ...]:
        """The component's steps, as far as they are for the devices that it has."""
        return tuple(q for q in self.component.quiesce
                     if q.device in self.devices and q.registers in (None, self.devices[q.device].reach))

    @property
    def c_name(self) -> str:
        """As part of a C identifier, a file name or a folder."""
        return self.name.replace(".", "_")

    def where(self, key: str) -> Span:
        """The line that set a key ("priority", "config.rate", "devices.dev"), or the instance's own."""
        return self.spans.get(key, self.span)

    def priority_of(self, thread: str) -> int:
        """The absolute priority of one of its threads."""
        return self.priority + self.component.threads[thread].priority

    def stack_of(self, thread: str) -> int:
        return self.stack if thread == MAIN_THREAD else self.component.threads[thread].stack


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """A use of one instance, served by a provide of another. A use is connected at most once, so the
    connection is named after it: `user.use`."""

    name: str
    user: Instance
    use: Use
    provider: Instance
    provide: Provide
    timeout: int | None             # ns; None: `timeout: none` was written
    span: Span

    @property
    def interface(self) -> Interface:
        return self.provide.interface


@dataclass(frozen=True, slots=True)
class RegionUser:
    """An instance that maps a region, as the component's region `use`, with these rights ("r" or "rw")."""

    instance: Instance
    use: RegionUse
    rights: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Memory shared by the instances that name it."""

    name: str
    bytes: int                      # multiple of PAGE_BYTES
    persistent: bool
    users: tuple[RegionUser, ...]   # by instance, then by use
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class DiskProgram:
    """A program that lies on a disk, as /bin/NAME, and is started at run time. `disk` is the instance that drives the disk."""

    name: str
    component: ComponentType        # of kind program
    disk: str
    log: str                        # one of LOG_LEVELS
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Guest:
    """A virtual machine. Its `vmm` handles what it does that the machine does not do by itself, and starts and stops it."""

    name: str
    vmm: Instance
    memory: int                     # multiple of GUEST_BLOCK
    vcpus: int
    priority: int
    budget: int | None              # ns in each `period`; both or neither
    period: int | None
    span: Span
    spans: Mapping[str, Span] = field(default_factory=dict)
    kernel: str | None = None       # name of a Debian package; None: the VMM brings what it runs
    initrd: str | None = None       # a folder of the project
    cmdline: str = ""

    def where(self, key: str) -> Span:
        return self.spans.get(key, self.span)


GUEST_BLOCK = 2 * MIB       # what one entry of a guest's page tables maps
GUEST_ARCHS = ("aarch64",)  # whose kernels can host guests


@dataclass(frozen=True, slots=True)
class OnFailure:
    component_dead: str = "continue"    # continue | reset | halt
    panic: str = "reset"                # reset | halt


@dataclass(frozen=True, eq=False)
class System:
    """A checked product. `inputs` are the files it was read from, for the build to watch."""

    name: str
    doc: str
    app: str
    variant: str | None
    board: Board
    settings: Settings
    expect: str                     # poweroff | running
    on_failure: OnFailure
    instances: Mapping[str, Instance]
    connections: tuple[Connection, ...]     # by name
    regions: Mapping[str, Region]
    inputs: tuple[str, ...]
    span: Span
    programs: Mapping[str, DiskProgram] = field(default_factory=dict)
    guests: Mapping[str, Guest] = field(default_factory=dict)

    @cached_property
    def components(self) -> tuple[ComponentType, ...]:
        """The component types that are used, by name."""
        return tuple(sorted({i.component for i in self.instances.values()}, key=lambda c: c.name))

    @cached_property
    def interfaces(self) -> tuple[Interface, ...]:
        """The interfaces that a used component provides or uses, by name."""
        ends = [end for c in self.components for end in (*c.provides.values(), *c.uses.values())]
        return tuple(sorted({end.interface for end in ends}, key=lambda i: i.name))

    def connections_of(self, user: Instance) -> tuple[Connection, ...]:
        """Those in which it is the user, by name."""
        return self._by_user.get(user.name, ())

    def clients_of(self, provider: Instance) -> tuple[Connection, ...]:
        """Those it serves, by name: a client's badge is its index here."""
        return self._by_provider.get(provider.name, ())

    def made_clients_of(self, provider: Instance) -> tuple[Provide, ...]:
        """What is provided to each of the clients that the provider makes at run time: their badges follow those of `clients_of`."""
        return tuple(provide for provide in provider.component.provides.values() for _ in range(provide.made))

    def children_of(self, supervisor: Instance) -> tuple[Instance, ...]:
        """The instances it supervises, by name."""
        return self._by_supervisor.get(supervisor.name, ())

    def dependants_of(self, earlier: Instance) -> tuple[Instance, ...]:
        """The instances that start after it, by name."""
        return self._by_earlier.get(earlier.name, ())

    def guest_of(self, vmm: Instance) -> Guest | None:
        """The guest that it handles."""
        return self._by_vmm.get(vmm.name)

    def badge_of(self, connection: Connection) -> int:
        """Its index among the provider's clients."""
        return self._badges[connection]

    @cached_property
    def _by_user(self) -> dict[str, tuple[Connection, ...]]:
        return _grouped((c.user.name, c) for c in self.connections)

    @cached_property
    def _by_provider(self) -> dict[str, tuple[Connection, ...]]:
        return _grouped((c.provider.name, c) for c in self.connections)

    @cached_property
    def _by_supervisor(self) -> dict[str, tuple[Instance, ...]]:
        return _grouped((i.supervisor, i) for i in self.instances.values() if i.supervisor)

    @cached_property
    def _by_earlier(self) -> dict[str, tuple[Instance, ...]]:
        return _grouped((earlier, i) for i in self.instances.values() for earlier in i.after)

    @cached_property
    def _by_vmm(self) -> dict[str, Guest]:
        return {guest.vmm.name: guest for guest in self.guests.values()}

    @cached_property
    def _badges(self) -> dict[Connection, int]:
        return {c: number for clients in self._by_provider.values() for number, c in enumerate(clients)}


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
