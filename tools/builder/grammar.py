"""What each kind of file may contain: one declaration for the loader, the JSON Schemas and the reference manual."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .model import GUEST_BLOCK, KINDS, LOG_LEVELS, MAIN_THREAD, NEEDS, PAGE_BYTES, PLUGS, REACHES, RESTART_CAUSES, RESTARTS
from .shape import (NAME_PATTERN, Anything, Bool, Choice, Duration, Either, Field, Integer, ListOf, Map, MapOf,
                    Scalar, Size, Text, name)
from .units import DURATION_PATTERN

TYPE_NAME = r"[A-Z][A-Za-z0-9]{0,39}"
C_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,79}"
FILE_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*"
END_PATTERN = rf"{NAME_PATTERN}\.{NAME_PATTERN}"
U64_MAX = (1 << 64) - 1
I64_MIN = -(1 << 63)

NAME = name()
INSTANCE_NAME = name(expected="the name of an instance")
END = name(END_PATTERN, "an instance and one of its names, as in `shell.store`")
FILE = Text(FILE_NAME, "a path below the folder, without `..`", "E0106")
C_SYMBOL = Text(C_NAME, "the name of a C function", "E0106")
DOC = Text()
PAGES = Size(PAGE_BYTES, 1 << 32, PAGE_BYTES)
RIGHTS = Choice(("r", "rw"))

# --- system.yaml, variants ---------------------------------------------------------------------------

RESTART = Map(
    "`restart`", "What the supervisor does when the instance ends or hangs.",
    Field("on", ListOf(Choice(RESTART_CAUSES)), "What the supervisor reacts to. An instance that says itself that it refuses to "
          "go on is not restarted because of `exit`.", required=True,
          example="on: [fault, exit]"),
    Field("limit", Text(rf"[0-9]{{1,6}} in {DURATION_PATTERN}|none",
                        "a number of restarts in a time, such as `5 in 10s`, or none"),
          "So many restarts within this time, then it is given up. none: no limit, and 10s is the time in which the backoff grows.", default="5 in 10s"),
    Field("backoff", Text(rf"{DURATION_PATTERN}(\.\.{DURATION_PATTERN})?", "a time or a range, such as `10ms..1s`"),
          "How long to wait before a restart: doubles from the first to the last time.", default="10ms..1s"),
    Field("heartbeat", Duration(minimum=1_000_000),
          "It must answer a ping within this time, or it counts as hung. Needed for `hang`."),
    Field("escalate", Bool(), "When it is given up its supervisor ends as well: then that one's `restart` decides, or `on_failure`. When the "
          "supervisor comes back, so does the instance.", default=False),
)

INSTANCE = Map(
    "an instance", "One running component.",
    Field("component", NAME, "The component: a folder below components/ or the app's own components/.", required=True,
          example="component: echo"),
    Field("when", Bool(), "When false the instance is left out. Connections to it must then be optional.",
          default=True),
    Field("priority", Integer(1, 254), "1 (low) to 254 (high). A server must be above its clients. A component that "
          "is not a compound needs one."),
    Field("budget", Duration(), "Processor time it may use in each `period`. Without: no limit."),
    Field("period", Duration(), "See `budget`."),
    Field("cpu", Integer(0, 255), "The core it runs on.", default=0),
    Field("replicas", Integer(1, 60), "So many copies, named with a number at the end: disk0, disk1. Connections, "
          "`after` and regions that name the instance mean all copies."),
    Field("log", Choice(LOG_LEVELS), "The least important message it logs. Without: the setting `log_level`."),
    Field("config", MapOf(NAME, Scalar(), "an attribute"), "Values for attributes of the component."),
    Field("devices", MapOf(NAME, Text(r"[A-Za-z0-9_,.+/@-]+", "a label, a path or name@unit of the device tree"),
                           "a device"),
          "Binds each device of the component to a node of the board: its label, its path or its name@unit."),
    Field("stack", PAGES, "Stack of the main thread, instead of the component's."),
    Field("after", ListOf(INSTANCE_NAME), "It starts when these instances are ready."),
    Field("supervisor", INSTANCE_NAME, "The instance that sees its state and may restart it."),
    Field("restart", RESTART, "What the supervisor does about it. Without: nothing, a fault is final."),
)

CONNECTION = Map(
    "a connection", "One use of an instance, served by what another provides.",
    Field("from", END, "The user and the name of its use.", required=True, example="from: shell.store"),
    Field("to", END, "The provider and the name of what it provides.", required=True, example="to: logstore.store"),
    Field("timeout", Duration(none=True), "The longest a call may take. Without: `defaults.timeout`, then the setting "
          "`default_timeout`. none: for ever."),
    Field("when", Bool(), "When false the connection is left out.", default=True),
)

ARROW = Text(rf"{END_PATTERN} *-> *{END_PATTERN}", "`user.use -> provider.provide`")

REGION_USER = name(rf"{NAME_PATTERN}(\.{NAME_PATTERN})?", "an instance, or an instance and its region's name")

REGION = Map(
    "a region", "Memory that several instances share.",
    Field("size", PAGES, "Bytes, whole pages.", required=True, example="size: 64KiB"),
    Field("persistent", Bool(), "It keeps its bytes when its users restart.", default=False),
    Field("users", MapOf(REGION_USER, RIGHTS, "an instance"),
          "Who maps it, and how: r or rw. `sampler` binds the component's region of the same name, `sampler.buffer` "
          "the one called buffer.", required=True, example="users: {sampler: rw}"),
    Field("when", Bool(), "When false the region is left out.", default=True),
)

GUEST = Map(
    "a guest", "A virtual machine: its memory, its virtual CPUs, and the instance that handles what the machine does not do by itself.",
    Field("vmm", INSTANCE_NAME, "That instance, of a component with `guest: true`. It has the guest's memory, starts and stops it.", required=True,
          example="vmm: monitor"),
    Field("memory", Size(GUEST_BLOCK, 1 << 32, GUEST_BLOCK), "Its memory, whole 2 MiB.", required=True, example="memory: 64MiB"),
    Field("vcpus", Integer(1, 8), "How many virtual CPUs. They share the core of `vmm`.", default=1),
    Field("priority", Integer(1, 254), "1 (low) to 254 (high), below that of `vmm`.", required=True, example="priority: 50"),
    Field("budget", Duration(), "Processor time it may use in each `period`. Without: no limit."),
    Field("period", Duration(), "See `budget`."),
    Field("kernel", Text(r"debian:[a-z0-9][a-z0-9+.-]+", "`debian:` and the name of a package, such as debian:linux-image-cloud-arm64"),
          "What it runs: the kernel in a package of Debian that tools/guests.lock knows. Without: what its `vmm` loads."),
    Field("initrd", FILE, "A folder of the app. What is in it, and busybox, is the kernel's first file system; it runs `init` there."),
    Field("cmdline", Text(), "The kernel's command line.", default="console=ttyAMA0"),
)

ON_FAILURE = Map(
    "`on_failure`", "What the kernel does when something cannot go on.",
    Field("component_dead", Choice(("continue", "reset", "halt")), "When an instance that nobody supervises faults or exits with a code other than 0.",
          default="continue"),
    Field("panic", Choice(("reset", "halt")), "When the kernel itself finds a bug.", default="reset"),
)

DEFAULTS = Map(
    "`defaults`", "What holds when an entry does not say.",
    Field("timeout", Duration(none=True), "Of connections."),
)

PROGRAM = Map(
    "a program", "A program that is started at run time: the file /bin/NAME of a disk.",
    Field("component", NAME, "The component, of kind program.", required=True, example="component: greet"),
    Field("disk", INSTANCE_NAME, "The instance that drives the disk.", required=True, example="disk: disk"),
    Field("log", Choice(LOG_LEVELS), "The least important message it logs. Without: the setting `log_level`."),
)

CONNECTIONS = ListOf(Either(scalar=ARROW, map=CONNECTION), unique=False, partial=True)
INSTANCES = MapOf(NAME, INSTANCE, "an instance")
REGIONS = MapOf(NAME, REGION, "a region")

SYSTEM = Map(
    "the system", "A product: which components run, how they are connected, and what each is given.",
    Field("system", NAME, "Its name.", required=True, example="system: hello"),
    Field("doc", DOC, "One sentence about it.", default=""),
    Field("expect", Choice(("poweroff", "running")), "How `tenon run` expects a run to end.", default="running"),
    Field("include", ListOf(Text(expected="the path of a YAML file, relative to this one")),
          "Files that are merged with this one. A value set in two of them is an error."),
    Field("overlay", Anything(), "Merged over what the includes say, as a variant is: maps merge, other values "
          "replace, `key+` adds to a list, null removes."),
    Field("settings", MapOf(NAME, Scalar(), "a setting"), "Values for settings; `--set` wins over these."),
    Field("on_failure", ON_FAILURE, "What happens when a component or the kernel cannot go on."),
    Field("defaults", DEFAULTS, "What holds when an entry does not say."),
    Field("instances", INSTANCES, "The components that run, by name.", required=True,
          example="instances: {main: {component: hello, priority: 10}}"),
    Field("connections", CONNECTIONS, "Who calls whom: `user.use -> provider.provide`."),
    Field("regions", REGIONS, "Memory that several instances share."),
    Field("programs", MapOf(NAME, PROGRAM, "a program"), "Programs for disks, by name."),
    Field("guests", MapOf(NAME, GUEST, "a guest"), "Virtual machines, by name."),
)

# --- component.yaml ----------------------------------------------------------------------------------

INTERFACE_REFERENCE = Text(rf"{TYPE_NAME}(@[0-9]{{1,4}})?", "the name of an interface, as in `Block` or `Block@2`",
                           "E0106")
VERSION = Integer(1, 9999)

PROVIDE = Map(
    "a provided interface", "An interface that the component serves.",
    Field("interface", INTERFACE_REFERENCE, "Its name.", required=True, example="interface: Block"),
    Field("version", VERSION, "The version the code was written for."),
    Field("clients", Integer(1, 60), "The most clients it serves. Without: any number."),
    Field("thread", NAME, "The thread that receives the calls.", default=MAIN_THREAD),
    Field("made", Integer(1, 60), "So many clients more may have capabilities that the component makes at run time, from its pool."),
)

USE = Map(
    "a used interface", "An interface that the component calls.",
    Field("interface", INTERFACE_REFERENCE, "Its name.", required=True, example="interface: Block"),
    Field("version", VERSION, "The version the code was written for."),
    Field("optional", Bool(), "It may stay unconnected; the code asks before it calls.", default=False),
)

REGISTERS = Map(
    "`registers`", "The library of components/lib/ that reaches the device's registers, by how they are reached: the build links "
    "the one for the device that an instance binds.",
    Field("mmio", NAME, "As memory."),
    Field("ports", NAME, "By I/O ports."),
    Field("pci", NAME, "As memory of a PCI function."),
)

DEVICE = Map(
    "a device", "A device that the component drives: its registers are mapped, its interrupts are wired.",
    Field("compatible", Either(scalar=Text(), list=ListOf(Text())),
          "What the device tree must call it; one of a list will do. Without: any node."),
    Field("optional", Bool(), "An instance may leave it unbound.", default=False),
    Field("plug", Choice(PLUGS), "What an emulated board plugs in at that node."),
    Field("registers", REGISTERS, "How its registers are reached, where the component's sources leave that to a library."),
)

REGION_USE = Map(
    "a region", "Shared memory that the component expects.",
    Field("rights", RIGHTS, "The most it may be given.", required=True, example="rights: rw"),
    Field("optional", Bool(), "It may stay unbound.", default=False),
)

QUIESCE = Map(
    "a quiesce step", "A write to a device that stops its DMA and interrupts, done before dead memory is touched.",
    Field("device", NAME, "The component's name of the device.", required=True, example="device: dev"),
    Field("offset", Integer(0, (1 << 32) - 1), "Bytes into its registers.", required=True, example="offset: 0x70"),
    Field("width", Integer(1, 8), "Bytes: 1, 2, 4 or 8.", required=True, example="width: 4"),
    Field("value", Integer(0, U64_MAX), "What is written.", required=True, example="value: 0"),
    Field("registers", Choice(REACHES), "Only for a device whose registers are reached so."),
)

THREAD = Map(
    "a thread", "A thread besides main.",
    Field("priority", Integer(-253, 253), "Relative to the instance's priority.", default=0),
    Field("stack", PAGES, "Its stack.", required=True, example="stack: 8KiB"),
)

POOL = Map(
    "a pool", "Pages of its own from which a component makes regions, components and threads at run time.",
    Field("memory", PAGES, "Bytes, whole pages.", required=True, example="memory: 256KiB"),
    Field("threads", Integer(0, 1024), "The most threads that exist in it at a time.", default=0),
)

ATTRIBUTE_TYPES = ("bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "size", "duration", "string", "enum")

ATTRIBUTE = Map(
    "an attribute", "A typed value that each instance can set; C sees it as CONFIG_<NAME>.",
    Field("type", Choice(ATTRIBUTE_TYPES), "Its type. A size is in bytes, a duration in nanoseconds.", required=True,
          example="type: u32"),
    Field("default", Scalar(), "Its value when an instance does not say. Without: each instance must."),
    Field("min", Scalar(), "The smallest value."),
    Field("max", Scalar(), "The largest value; for a string its longest length."),
    Field("choices", ListOf(NAME), "The values of an enum."),
    Field("help", DOC, "What it is for.", default=""),
)

ATTRIBUTES = MapOf(NAME, ATTRIBUTE, "an attribute")
COMPONENT_NAME = Field("component", NAME, "Its name, which is its folder's.", required=True, example="component: echo")
COMPONENT_KIND = Field("kind", Choice(KINDS), "What it is.", required=True, example="kind: app")

COMPONENT = Map(
    "a component", "A component: what it is made of, what it provides and what it needs.",
    COMPONENT_NAME,
    COMPONENT_KIND,
    Field("doc", DOC, "One sentence about it.", default=""),
    Field("sources", ListOf(FILE), "Its C and assembly files.", required=True, example="sources: [echo.c]"),
    Field("libraries", ListOf(NAME), "Folders of components/lib/ that it links, or of the app's own components/lib/. What "
          "a library has below arch/<arch>/ is linked on boards of that architecture."),
    Field("provides", MapOf(NAME, Either(scalar=INTERFACE_REFERENCE, map=PROVIDE), "a provided interface"),
          "The interfaces it serves, by its own names for them."),
    Field("uses", MapOf(NAME, Either(scalar=INTERFACE_REFERENCE, map=USE), "a used interface"),
          "The interfaces it calls, by its own names for them."),
    Field("devices", MapOf(NAME, DEVICE, "a device"), "The devices it drives, by its own names for them."),
    Field("dma", MapOf(NAME, PAGES, "a DMA area"), "Memory that it shares with its devices; it learns the device "
          "address."),
    Field("regions", MapOf(NAME, Either(scalar=RIGHTS, map=REGION_USE), "a region"),
          "Shared memory it expects: r or rw."),
    Field("quiesce", ListOf(QUIESCE, unique=False), "How its devices are silenced when it has died."),
    Field("stack", PAGES, "Stack of its main thread.", default=16 << 10),
    Field("heap", Size(0, 1 << 32, PAGE_BYTES), "Memory of malloc. 0: malloc does not link.", default=0),
    Field("pool", POOL, "Memory from which it makes objects at run time."),
    Field("slots", Integer(0, 4096), "Capability slots for what it receives in messages or makes from its pool.", default=0),
    Field("threads", MapOf(NAME, THREAD, "a thread"), "Threads besides main."),
    Field("timers", ListOf(NAME), "One-shot timers, delivered as notifications."),
    Field("needs", ListOf(Choice(NEEDS)), "Kernel services it may use."),
    Field("grants", ListOf(NAME), "Those of its uses and needs that it may pass on to others at run time."),
    Field("supervises", Bool(), "Instances may name it as their supervisor.", default=False),
    Field("guest", Bool(), "Each instance handles one guest: the exits of its virtual CPUs come to it.", default=False),
    Field("attributes", ATTRIBUTES, "Typed values that instances can set."),
    Field("fpu", Bool(), "It may use floating point.", default=False),
    Field("stack_calls", MapOf(C_SYMBOL, ListOf(C_SYMBOL), "a C function"),
          "For the stack check: what a function's indirect calls may reach."),
    Field("stack_extern", MapOf(C_SYMBOL, Size(0, 1 << 32), "a C function"),
          "For the stack check: bytes used by functions without a record, such as assembly."),
)

EXPORTS = Map(
    "`exports`", "What the outside sees of a compound.",
    Field("provides", MapOf(NAME, END, "a provided interface"), "Outer name to inner `instance.provide`."),
    Field("uses", MapOf(NAME, END, "a used interface"), "Outer name to inner `instance.use`."),
    Field("devices", MapOf(NAME, END, "a device"), "Outer name to inner `instance.device`."),
    Field("regions", MapOf(NAME, END, "a region"), "Outer name to inner `instance.region`."),
)

COMPOUND = Map(
    "a compound", "Instances and connections under one name; it is flattened before anything is laid out.",
    COMPONENT_NAME,
    COMPONENT_KIND,
    Field("doc", DOC, "One sentence about it.", default=""),
    Field("attributes", ATTRIBUTES, "Typed values that instances can set; inside, `${config.NAME}`."),
    Field("instances", INSTANCES, "The instances inside.", required=True,
          example="instances: {inner: {component: echo, priority: 10}}"),
    Field("connections", CONNECTIONS, "Connections among them."),
    Field("regions", REGIONS, "Memory they share."),
    Field("exports", EXPORTS, "What the outside sees.", required=True, example="exports: {provides: {}}"),
)

# --- Interface files ---------------------------------------------------------------------------------

TYPE = Text(r".{1,200}", "a type, such as u32, bytes<512> or mode[4]")
PARAMETERS = MapOf(NAME, TYPE, "a parameter")

NAMED_TYPE = Map(
    "a type", "One of: an enum, flags or a struct.",
    Field("enum", ListOf(NAME), "The values, from 0 up."),
    Field("flags", ListOf(NAME), "The bits, from bit 0 up."),
    Field("struct", MapOf(NAME, TYPE, "a field"), "The fields, in order."),
)

METHOD = Map(
    "a method", "A call from a client to the server.",
    Field("in", PARAMETERS, "What the client sends."),
    Field("out", PARAMETERS, "What the server answers."),
    Field("errors", ListOf(NAME), "The errors the server may answer with."),
    Field("restart", Choice(RESTARTS), "What a client may do when the server died during the call: an idempotent call "
          "is repeated by the stub.", default="at-most-once"),
    Field("doc", DOC, "One sentence about it.", default=""),
)

STREAM = Map(
    "a stream", "A queue in shared memory.",
    Field("item", TYPE, "The type of an item.", required=True, example="item: u32"),
    Field("depth", Integer(2, 65536), "Items it holds, a power of two.", required=True, example="depth: 64"),
    Field("direction", Choice(("to_client", "to_server")), "Who reads.", required=True, example="direction: to_client"),
)

INTERFACE = Map(
    "an interface", "An interface: methods a client calls, events it hears of, streams it shares.",
    Field("interface", Text(TYPE_NAME, "a name such as Block or DataStore", "E0106"), "Its name; the file is called "
          "after it, block.yaml or data_store.yaml.", required=True, example="interface: Block"),
    Field("version", VERSION, "Counts changes that break users.", default=1),
    Field("doc", DOC, "One sentence about it.", default=""),
    Field("types", MapOf(NAME, NAMED_TYPE, "a type"), "Types with a name."),
    Field("methods", MapOf(NAME, METHOD, "a method"), "What a client can call; the order fixes the numbers."),
    Field("events", ListOf(NAME), "What the server can tell its clients."),
    Field("streams", MapOf(NAME, STREAM, "a stream"), "Queues between server and client."),
)

# --- settings.yaml -----------------------------------------------------------------------------------

SETTING = Map(
    "a setting", "A value of the whole product that descriptions, C and CMake can read.",
    Field("type", Choice(("bool", "integer", "size", "duration", "text", "choice")), "Its type.", required=True,
          example="type: bool"),
    Field("default", Scalar(), "Its value when nobody says.", required=True, example="default: true"),
    Field("help", DOC, "What it is for.", required=True, example="help: What it is for."),
    Field("choices", ListOf(Text(r"[A-Za-z0-9_.-]+", "a word")), "The values of a choice."),
    Field("min", Scalar(), "The smallest value."),
    Field("max", Scalar(), "The largest value."),
)

CONSTRAINT = Map(
    "a constraint", "Something that must hold between settings.",
    Field("require", Text(), "An expression that must be true.", required=True, example="require: settings.a > 0"),
    Field("because", Text(), "Why, as the user should read it.", required=True, example="because: the reason"),
)

SETTINGS = Map(
    "the settings", "The settings of the product line, or of one app.",
    Field("settings", MapOf(NAME, SETTING, "a setting"), "The settings by name.", required=True,
          example="settings: {}"),
    Field("constraints", ListOf(CONSTRAINT, unique=False), "What must hold between them."),
)

# --- board.yaml --------------------------------------------------------------------------------------

VIRTIO_BUS = Map(
    "`virtio_mmio`", "Which bus of QEMU is the virtio,mmio node at an address.",
    Field("bus", Text(), "Name of the buses, without the number.", required=True, example="bus: virtio-mmio-bus"),
    Field("first", Integer(0, U64_MAX), "Address of bus 0.", required=True, example="first: 0xa000000"),
    Field("step", Integer(1, 1 << 32), "Bytes from one to the next.", required=True, example="step: 0x200"),
    Field("count", Integer(1, 1024), "How many there are.", required=True, example="count: 32"),
)

ARGUMENTS = ListOf(Text(), unique=False)
FIRMWARE = Map(
    "`firmware`", "What starts the board in QEMU the way hardware starts: `tenon run --firmware NAME`.",
    Field("uboot", ARGUMENTS, "QEMU's arguments that start U-Boot, which boots a disk (`tenon build --format disk`)."),
    Field("uefi", ARGUMENTS, "QEMU's arguments that start UEFI, which boots an ISO (`tenon build --format iso`)."),
    Field("bios", ARGUMENTS, "QEMU's arguments that start a PC's older BIOS, which boots the same ISO."),
)

QEMU = Map(
    "`qemu`", "How `tenon run` starts the board.",
    Field("binary", Text(), "The program.", required=True, example="binary: qemu-system-aarch64"),
    Field("machine", Text(), "The value of -machine.", required=True, example="machine: virt"),
    Field("el2", Text(), "What is added to -machine when a run asks for exception level 2.", default=""),
    Field("cpu", Text(), "The value of -cpu.", required=True, example="cpu: cortex-a53"),
    Field("cpus", ListOf(Text()), "What --cpu may choose from."),
    Field("arguments", ARGUMENTS, "Further arguments."),
    Field("firmware", FIRMWARE, "The firmware there is for it."),
    Field("exits", Choice(("semihosting", "test_device", "debug_exit")), "How the kernel ends the machine with an exit "
          "code.", default="semihosting"),
    Field("virtio_mmio", VIRTIO_BUS, "Where QEMU's virtio devices appear."),
)

ROLE = Map(
    "a role", "A device of the board, and what drives it; without `component`, systems know.",
    Field("component", NAME, "The component that drives it."),
    Field("device", Text(), "Its node: label, path, or name@unit.", required=True, example="device: /pl011@9000000"),
)

BAR_BYTES = Size(1, 1 << 30)
VIRTIO_STRUCTURES = Map(
    "`virtio`", "Where a virtio device has its structures, each on a page of its own: checked when the system starts.",
    Field("bar", Integer(0, 5), "The BAR that holds them.", required=True, example="bar: 4"),
    Field("common", Integer(0, 1 << 30), "Offset of the common configuration.", required=True, example="common: 0"),
    Field("isr", Integer(0, 1 << 30), "Offset of the interrupt status.", required=True, example="isr: 0x1000"),
    Field("device", Integer(0, 1 << 30), "Offset of the device's configuration.", required=True, example="device: 0x2000"),
    Field("notify", Integer(0, 1 << 30), "Offset of the notifications.", required=True, example="notify: 0x3000"),
    Field("notify_step", Integer(0, PAGE_BYTES), "Bytes from one queue's notification to the next.", required=True,
          example="notify_step: 4"),
)

PCI_FUNCTION = Map(
    "a PCI function", "A device on PCI bus 0: function 0 of its slot. Drivers bind it by its name.",
    Field("slot", Integer(0, 31), "Its slot, the device number.", required=True, example="slot: 1"),
    Field("id", Text(r"[0-9a-f]{4}:[0-9a-f]{4}", "vendor and device, such as 1af4:1042"), "Vendor and device.", required=True,
          example='id: "1af4:1042"'),
    Field("pin", Choice(("a", "b", "c", "d")), "The interrupt pin it uses.", default="a"),
    Field("bars", Map("the BARs", "Sizes of all its base address registers for memory.",
                      *(Field(str(index), BAR_BYTES, f"Bytes of BAR {index}.") for index in range(6))),
          "All its base address registers for memory, and their sizes.", required=True, example='bars: {"0": 4KiB}'),
    Field("virtio", VIRTIO_STRUCTURES, "It is a virtio device, and its structures are there."),
)

PCI = Map(
    "`pci`", "PCI functions of the board that drivers can be given.",
    Field("host", Text(), "The node of the host bridge.", required=True, example="host: pcie@10000000"),
    Field("bus", INSTANCE, "The instance that drives the host. A system that uses a function and has no instance of its own for the "
          "host gets this one, called `pcie`.", required=True,
          example="bus: {component: pcie_bus, priority: 250, devices: {ecam: pcie@10000000}}"),
    Field("functions", MapOf(NAME, PCI_FUNCTION, "a PCI function"), "The functions by name.", required=True, example="functions: {}"),
)

BOARD = Map(
    "a board", "A machine that an image is built for.",
    Field("board", Text(r"[a-z][a-z0-9_-]{0,39}", "small letters, digits, `-` and `_`", "E0106"), "Its name, which is its "
          "folder's.", required=True, example="board: qemu-aarch64"),
    Field("arch", Choice(("aarch64", "riscv64", "x86_64")), "Its architecture.", required=True, example="arch: aarch64"),
    Field("devicetree", FILE, "Its device tree source.", required=True, example="devicetree: board.dts"),
    Field("memory", Size(1 << 20, 1 << 44), "The memory an image may count on.", required=True, example="memory: 256MiB"),
    Field("console", Text(), "The node of the kernel's debug console."),
    Field("roles", MapOf(NAME, ROLE, "a role"), "Devices by the part they play, under the same names on each board that has "
          "them: systems write `${board.NAME.component}` and `${board.NAME.device}`."),
    Field("pci", PCI, "Its PCI functions."),
    Field("qemu", QEMU, "How it is started in QEMU."),
)

# File kinds by the name of their schema, and which files they are for.
COMPONENT_FILE = "component.yaml"
FILE_KINDS = {
    "system": (SYSTEM, ("apps/*/system.yaml",)),
    "component": (COMPONENT, ("component.yaml",)),
    "interface": (INTERFACE, ("components/interfaces/*.yaml", "apps/*/components/interfaces/*.yaml")),
    "settings": (SETTINGS, ("settings.yaml", "apps/*/settings.yaml")),
    "board": (BOARD, ("cmake/boards/*/board.yaml",)),
}
