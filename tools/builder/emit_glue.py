"""glue.h and glue.c of an instance: its stubs, and what the runtime must know of it.

All decisions are made here and in glue_client, glue_server and glue_types; templates/glue.*.j2 put texts in order.
What many instances have in common is made once: a part of the values by what it depends on, a text by its values.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import idl, model, text
from .glue_client import ClientMethod, client_method
from .glue_server import ServerMethod, server_method
from .glue_types import InterfaceTypes, Types
from .interface import fixed_bytes
from .plan import Instance, macro
from .text import place

LOG_INTERFACE, LOG_STREAM = "Log", "lines"
LINES_INTERFACE = "Lines"       # what programs log through


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """One end of a stream: `bases` and `signals` by client; a client's end has one of each."""

    name: str               # "log_lines": prefix of its functions
    source: str
    item: str               # declaration of a parameter that points to an item
    item_bytes: int
    depth: int
    produces: bool
    bases: tuple[str, ...]
    signals: tuple[str, ...]
    checks: tuple[str, ...]
    by_client: bool


@dataclass(frozen=True, slots=True)
class Buffer:
    """Memory for a parameter of type buffer: where it is, by client."""

    name: str
    bases: tuple[str, ...]
    by_client: bool


@dataclass(frozen=True, slots=True)
class EventOut:
    name: str               # "block_media_changed"
    slots: tuple[str, ...]  # by client; "0" for a client of another provide


@dataclass(frozen=True, slots=True, eq=False)
class UseGlue:
    name: str
    source: str
    interface: str
    connected: bool
    has_session: bool
    methods: tuple[ClientMethod, ...]
    streams: tuple[StreamEnd, ...]
    buffers: tuple[Buffer, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ProvideGlue:
    name: str
    source: str
    interface: str
    index: int
    has_session: bool
    methods: tuple[ServerMethod, ...]
    events: tuple[EventOut, ...]
    streams: tuple[StreamEnd, ...]
    buffers: tuple[Buffer, ...]


@dataclass(frozen=True, slots=True)
class Handler:
    """A notification bit and the function it calls."""

    bit: str
    call: str               # "on_timer_tick()"
    prototype: str          # "void on_timer_tick(void);", or "" when another handler declared it


@dataclass(frozen=True, slots=True)
class Child:
    """A supervised instance and what its supervisor does about it; 0 is "none"."""

    name: str
    slot: str
    bit: str
    ping: str
    pong: str
    on: tuple[str, ...]
    limit: int
    window: int
    backoff_first: int
    backoff_last: int
    heartbeat: int
    escalate: bool
    source: str


@dataclass(frozen=True, slots=True)
class Values:
    """What the templates see. Equal values make equal files: uses, provides and types compare by identity, and
    `Glue` makes each of those once."""

    types: tuple[InterfaceTypes, ...]
    uses: tuple[UseGlue, ...]
    provides: tuple[ProvideGlue, ...]
    clients: tuple[str, ...]
    client_names: tuple[str, ...]
    client_provides: tuple[int, ...]
    threads: tuple[str, ...]
    handlers: tuple[Handler, ...]
    children: tuple[Child, ...]
    supervises: bool
    after: tuple[tuple[str, str, str], ...]
    dependants: tuple[str, ...]
    heartbeat: bool
    heap: bool
    log_way: str
    backlog: int
    makes: bool                             # components, from a pool
    made: tuple[tuple[str, int], ...]      # provides with clients that are made at run time, and how many


FILES = ("glue.h", "glue.c")


class Glue:
    """The glue of all instances of a system."""

    def __init__(self, system: model.System) -> None:
        self.system = system
        self.parts: dict[tuple, object] = {}        # of values, by what they are made from
        self.texts: dict[Values, list[str]] = {}    # of FILES, without their first lines

    def files(self, instance: model.Instance, planned: Instance) -> dict[str, str]:
        """The two files by name."""
        values = _Maker(self, instance).values()
        texts = self.texts.get(values)
        if texts is None:
            named = {name: getattr(values, name) for name in Values.__slots__}
            texts = self.texts[values] = [tidy(text.render(f"{name}.j2", **named)) for name in FILES]
        head = text.render("glue_head.j2", i=planned)
        return {name: head + body for name, body in zip(FILES, texts)}

    def part(self, make: Callable, *key: object) -> object:
        """`make(*key)`, which depends on nothing else, made once."""
        found = self.parts.get((make, *key))
        if found is None:
            found = self.parts[make, *key] = make(*key)
        return found


def tidy(code: str) -> str:
    """Blank lines as a person sets them: templates lose those that follow a control line."""
    lines: list[str] = []
    for line in code.split("\n"):
        before = lines[-1] if lines else ""
        starts = line and not line[0].isspace() and line[0] not in "}{"
        ends_item = before in ("}", "};") and not line.startswith("_Static_assert")
        comment = line.startswith("//") and before and not before.startswith(("//", "#if", "#else"))
        if line == "" and (before == "" or before.endswith("{")):
            continue
        if starts and before and (ends_item or comment):
            lines.append("")
        if line.startswith("}") and before == "":
            lines.pop()
        lines.append(line)
    return "\n".join(lines).rstrip("\n") + "\n"


class _Maker:
    def __init__(self, glue: Glue, instance: model.Instance) -> None:
        self.glue = glue
        self.system = glue.system
        self.instance = instance
        self.component = instance.component
        self.clients = self.system.clients_of(instance)
        self.made = self.system.made_clients_of(instance)
        self.guest = self.system.guest_of(instance)
        self.connected = {connection.use.name for connection in self.system.connections_of(instance)}

    def values(self) -> Values:
        part = self.glue.part
        provides = list(self.component.provides)
        ends = [client.provide.name for client in self.clients]
        return Values(
            types=part(_types, self.component),
            uses=tuple(part(_use, self.component, name, name in self.connected) for name in self.component.uses),
            provides=tuple(part(_provide, self.component, name, tuple(end == name for end in ends)) for name in provides),
            clients=(*(macro("client", c.user.name, c.use.name) for c in self.clients),
                     *(macro("client_made", provide.name, str(number)) for provide, number in self._made())),
            client_names=(*(c.name for c in self.clients), *(f"{provide.name}.{number}" for provide, number in self._made())),
            client_provides=tuple(provides.index(end) for end in (*ends, *(provide.name for provide, _ in self._made()))),
            threads=tuple(self.component.threads), handlers=tuple(self._handlers()),
            children=tuple(_child(child) for child in self.system.children_of(self.instance)),
            supervises=self.component.supervises,
            after=tuple((name, macro("slot", "after", name), macro("bit", "ready", name))
                        for name in self.instance.after),
            dependants=tuple(macro("slot", "ready", other.name)
                             for other in self.system.dependants_of(self.instance)),
            heartbeat=bool(self.instance.supervisor and self.instance.restart and self.instance.restart.heartbeat),
            heap=bool(self.component.heap), log_way=self._log_way(),
            backlog=sum(len(c.user.component.threads) for c in self.clients) + len(self.made) +
            (self.guest.vcpus if self.guest else 0),
            makes=bool(self.component.pool and self.component.pool.threads),
            made=tuple((provide.name, provide.made) for provide in self.component.provides.values() if provide.made))

    def _made(self) -> list[tuple[model.Provide, int]]:
        """The clients that the component makes at run time, each with its number among those of its provide."""
        return [(provide, number) for provide in self.component.provides.values() for number in range(provide.made)]

    def _log_way(self) -> str:
        log = self.component.uses.get("log")
        is_log = log is not None and log.interface.name == LOG_INTERFACE
        streams = {stream.name for stream in log.interface.streams} if is_log else ()
        if LOG_STREAM in streams and "log" in self.connected:
            return "stream"
        if log is not None and log.interface.name == LINES_INTERFACE and "log" in self.connected:
            return "call"
        return "console" if "console" in self.component.needs else "nowhere"

    def _handlers(self) -> list[Handler]:
        found = []
        for device, node in self.instance.devices.items():
            for number in range(len(node.interrupts)):
                found.append(_handler("interrupt", device if number == 0 else f"{device}_{number}"))
        found += [_handler("timer", timer) for timer in self.component.timers]
        if self.component.pool and self.component.pool.threads:
            found.append(Handler(macro("bit", "pool"), "on_pool_changed()", ""))
        for connection in self.system.connections_of(self.instance):
            for event in connection.interface.events:
                name = f"{connection.use.name}_{event.name}"
                found.append(Handler(macro("bit", "event", name), f"on_{name}()", f"void on_{name}(void);"))
        found += self._stream_handlers()
        for number, child in enumerate(self.system.children_of(self.instance)):
            found.append(Handler(macro("bit", "child", child.name), f"on_child_changed({number})", ""))
            if child.restart and child.restart.heartbeat:
                found.append(Handler(macro("bit", "pong", child.name), f"on_child_pong({number})", ""))
        if self.guest:
            found.append(Handler(macro("bit", "guest"), "on_guest_changed()", "void on_guest_changed(void);"))
        return found

    def _stream_handlers(self) -> list[Handler]:
        """A consumer hears when its queue was empty and is not any more; a server once for all its clients."""
        ends = [(c.use.name, c.interface, "to_client") for c in self.system.connections_of(self.instance)]
        served = {c.provide.name: c.interface for c in self.clients}
        ends += [(name, interface, "to_server") for name, interface in sorted(served.items())]
        return [Handler(macro("bit", "stream", name, stream.name), f"on_{name}_{stream.name}()",
                        f"void on_{name}_{stream.name}(void);")
                for name, interface, direction in ends for stream in interface.streams
                if stream.direction == direction]


# --- Parts, each made once for all instances that have it ---

def _types(component: model.ComponentType) -> tuple[InterfaceTypes, ...]:
    ends = (*component.provides.values(), *component.uses.values())
    interfaces = sorted({end.interface for end in ends}, key=lambda interface: interface.name)
    return tuple(Types(interface).all() for interface in interfaces)


def _use(component: model.ComponentType, name: str, connected: bool) -> UseGlue:
    use = component.uses[name]
    types = Types(use.interface)
    layouts = idl.interface_layouts(use.interface)
    streams = tuple(_stream(name, stream, types, stream.direction == "to_server", [""] if connected else [], False)
                    for stream in use.interface.streams)
    buffers = tuple(
        Buffer(f"{name}_{shared.name}", (f"{macro('buffer', name, shared.name)}_BASE" if connected else "NULL",), False)
        for shared in idl.shared_memory(use.interface) if shared.kind == "buffer")
    return UseGlue(name, place(use.span), use.interface.name, connected, _has_session(use.interface),
                   tuple(client_method(use, layout, types) for layout in layouts), streams, buffers)


def _provide(component: model.ComponentType, name: str, clients: tuple[bool, ...]) -> ProvideGlue:
    """`clients` says of each of the instance's clients whether this is the provide that it uses."""
    provide = component.provides[name]
    types = Types(provide.interface)
    layouts = idl.interface_layouts(provide.interface)
    numbers = [str(number) if its_own else "" for number, its_own in enumerate(clients)]
    streams = tuple(_stream(name, stream, types, stream.direction == "to_client", numbers, True)
                    for stream in provide.interface.streams)
    buffers = tuple(
        Buffer(f"{name}_{shared.name}",
               tuple(f"{macro('buffer', name, shared.name, n)}_BASE" if n else "0" for n in numbers), True)
        for shared in idl.shared_memory(provide.interface) if shared.kind == "buffer")
    return ProvideGlue(name, place(provide.span), provide.interface.name, list(component.provides).index(name),
                       _has_session(provide.interface),
                       tuple(server_method(name, provide.interface, layout, types) for layout in layouts),
                       tuple(_event(provide, event, numbers) for event in provide.interface.events), streams, buffers)


def _event(provide: model.Provide, event: model.Event, numbers: list[str]) -> EventOut:
    return EventOut(f"{provide.name}_{event.name}", tuple(
        macro("slot", "event", provide.name, event.name, n) if n else "0" for n in numbers))


def _stream(end: str, stream: model.Stream, types: Types, produces: bool, numbers: list[str],
            by_client: bool) -> StreamEnd:
    """`numbers`: for each client its number as text, "" for one of another provide; a use has one, unnumbered."""
    wanted = [(number or not by_client, [number] if number else []) for number in numbers]
    const = "const " if produces else ""
    kind = stream.item
    array = kind.kind == "array"
    item = f"{const}{types.declaration(kind, 'item')}" if array else f"{const}{types.of(kind)} *item"
    checks = types.checks(kind, "item" if array else "(*item)")
    return StreamEnd(
        f"{end}_{stream.name}", place(stream.span), item, fixed_bytes(kind), stream.depth, produces,
        tuple(f"{macro('stream', end, stream.name, *n)}_BASE" if there else "0" for there, n in wanted),
        tuple(macro("slot", "stream", end, stream.name, *n) if there else "0" for there, n in wanted),
        tuple(checks), by_client)


def _child(child: model.Instance) -> Child:
    policy = child.restart
    beats = bool(policy and policy.heartbeat)
    return Child(
        name=child.name, slot=macro("slot", "child", child.name), bit=macro("bit", "child", child.name),
        ping=macro("slot", "ping", child.name) if beats else "SLOT_NULL",
        pong=macro("bit", "pong", child.name) if beats else "0",
        on=policy.on if policy else (), limit=policy.limit or 0 if policy else 0,
        window=policy.window if policy else 0, backoff_first=policy.backoff_first if policy else 0,
        backoff_last=policy.backoff_last if policy else 0,
        heartbeat=policy.heartbeat if policy and beats else 0, escalate=bool(policy and policy.escalate), source=place(child.where("restart")))


def _handler(kind: str, name: str) -> Handler:
    return Handler(macro("bit", kind, name), f"on_{kind}_{name}()", f"void on_{kind}_{name}(void);")


def _has_session(interface: model.Interface) -> bool:
    return any(method.restart == "session" for method in interface.methods)
