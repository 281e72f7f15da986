"""Give each instance its notification bits and its capability slots; the order is docs/model.md's.

Bits come first, for all instances: a slot that signals somebody holds that one's bit.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import model
from .abi import NOTIFICATION_BITS, constant
from .diagnostic import Diagnostics, Span
from .plan import Bit, Slot
from .text import place

TIMEOUT_MAX = 0xFFFF  # granules; struct cap keeps 16 bits


def numbered(name: str, number: int) -> str:
    """The first of several is named like an only one."""
    return name if number == 0 else f"{name}_{number}"


def bits_of(system: model.System, instance: model.Instance, problems: Diagnostics) -> tuple[Bit, ...]:
    """The bits of the main thread's notification, which is where everything is signalled."""
    wanted = [*_interrupt_bits(instance), *_timer_bits(instance), *_event_bits(system, instance),
              *_stream_bits(system, instance), *_child_bits(system, instance), *_start_bits(system, instance), *_pool_bits(instance),
              *_guest_bits(system, instance)]
    if len(wanted) > NOTIFICATION_BITS:
        problems.add("E0801", instance.span, f"`{instance.name}` gets more signals than a notification has bits",
                     found=f"{len(wanted)}: {_census(wanted)}", expected=f"at most {NOTIFICATION_BITS}",
                     suggestion="several instances, each with a part of the connections, timers or children")
        wanted = wanted[:NOTIFICATION_BITS]
    return tuple(Bit(index, kind, name, why, place(span)) for index, (kind, name, why, span) in enumerate(wanted))


def _census(wanted: list[tuple[str, str, str, Span]]) -> str:
    kinds = [kind for kind, *_ in wanted]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))


def _interrupt_bits(instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    for device, node in instance.devices.items():
        for number, line in enumerate(node.interrupts):
            yield ("interrupt", f"interrupt_{numbered(device, number)}", f"interrupt {line.number} of {node.name}",
                   instance.where(f"devices.{device}"))


def _timer_bits(instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    for timer in instance.component.timers:
        yield "timer", f"timer_{timer}", f"timer {timer}", instance.component.span


def _event_bits(system: model.System, instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    for connection in system.connections_of(instance):
        for event in connection.interface.events:
            yield ("event", f"event_{connection.use.name}_{event.name}",
                   f"{event.name} from {connection.provider.name}", connection.span)


def _stream_bits(system: model.System, instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    """A consumer hears of new items; a server by one bit for all its clients."""
    for connection in system.connections_of(instance):
        for stream in connection.interface.streams:
            if stream.direction == "to_client":
                yield ("stream", f"stream_{connection.use.name}_{stream.name}",
                       f"{stream.name} from {connection.provider.name}", connection.span)
    provides = {connection.provide.name: connection.provide for connection in system.clients_of(instance)}
    for name in sorted(provides):
        for stream in provides[name].interface.streams:
            if stream.direction == "to_server":
                yield "stream", f"stream_{name}_{stream.name}", f"{stream.name} from clients", provides[name].span


def _child_bits(system: model.System, instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    for child in system.children_of(instance):
        yield "child", f"child_{child.name}", f"state of {child.name} changed", child.where("supervisor")
    for child in system.children_of(instance):
        if has_heartbeat(child):
            yield "pong", f"pong_{child.name}", f"{child.name} answers a ping", child.where("restart")


def _start_bits(system: model.System, instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    if has_heartbeat(instance):
        yield "ping", "ping", f"ping from {instance.supervisor}", instance.where("restart")
    for name in instance.after:
        yield "ready", f"ready_{name}", f"{name} is ready", instance.where("after")


def _pool_bits(instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    pool = instance.component.pool
    if pool and pool.threads:
        yield "pool", "pool", "what it made changed its state", pool.span


def _guest_bits(system: model.System, instance: model.Instance) -> Iterator[tuple[str, str, str, Span]]:
    guest = system.guest_of(instance)
    if guest:
        yield "guest", "guest", f"state of {guest.name} changed", guest.where("vmm")


def has_heartbeat(instance: model.Instance) -> bool:
    return bool(instance.supervisor and instance.restart and instance.restart.heartbeat)


@dataclass(frozen=True, slots=True)
class Indices:
    """Where the objects of all instances stand; made before any slot is."""

    system: model.System
    granularity: int
    component: dict[str, int]                       # by instance
    main: dict[str, int]                            # its main thread's notification
    endpoint: dict[tuple[str, str], int]            # by instance and thread
    interrupt: dict[str, int]                       # first, by instance
    ports: dict[str, int]
    timer: dict[str, int]
    bits: dict[str, dict[str, int]]                 # by instance and name
    dma: dict[tuple[str, str], int]                 # regions by instance and DMA name
    pool: dict[str, int]                            # by instance
    guest: dict[str, int]                           # components, by guest
    vcpu: dict[str, int]                            # first thread, by guest


class SlotMaker:
    """Makes the slots of one instance, in the order of its methods."""

    def __init__(self, indices: Indices, instance: model.Instance, problems: Diagnostics) -> None:
        self.indices = indices
        self.instance = instance
        self.problems = problems
        self.slots: list[Slot] = []

    def make(self) -> tuple[Slot, ...]:
        self._uses()
        self._events()
        self._streams()
        self._interrupts()
        self._ports()
        self._timers()
        self._kernel()
        self._dma()
        self._children()
        self._start()
        self._pool()
        self._guest()
        return tuple(self.slots)

    def _add(self, kind: str, name: str, type_: str, object_: tuple[str, int], rights: tuple[str, ...],
             span: Span, why: str, badge: int = 0, timeout: int = 0) -> None:
        index = constant("SLOT_FIRST") + len(self.slots)
        self.slots.append(Slot(index, kind, name, type_, object_, rights, badge, timeout, why, place(span)))

    def _reach(self, target: str) -> tuple[str, ...]:
        """The right to call or signal another instance; the kernel's quick paths are for those of one core."""
        there = self.indices.system.instances[target].cpu
        return ("RIGHT_CALL" if there == self.instance.cpu else "RIGHT_CALL_ACROSS",)

    def _signal(self, kind: str, name: str, target: str, bit: str, span: Span, why: str) -> None:
        """The right to signal one bit of another instance's main thread."""
        badge = 1 << self.indices.bits[target].get(bit, 0)
        self._add(kind, name, "CAP_NOTIFICATION", ("notifications", self.indices.main[target]),
                  self._reach(target), span, why, badge)

    def _uses(self) -> None:
        for connection in self.indices.system.connections_of(self.instance):
            provider = connection.provider
            badge = self.indices.system.badge_of(connection)
            endpoint = self.indices.endpoint[provider.name, connection.provide.thread]
            self._add("use", f"use_{connection.use.name}", "CAP_ENDPOINT", ("endpoints", endpoint),
                      self._reach(provider.name) + self._grant(connection.use.name), connection.span, f"calls {provider.name}.{connection.provide.name}", badge,
                      self._granules(connection))

    def _grant(self, name: str) -> tuple[str, ...]:
        return ("RIGHT_GRANT",) if name in self.instance.component.grants else ()

    def _granules(self, connection: model.Connection) -> int:
        if connection.timeout is None:
            return 0
        granules = -(-connection.timeout // self.indices.granularity)
        if granules > TIMEOUT_MAX:
            longest = TIMEOUT_MAX * self.indices.granularity
            self.problems.add("E0802", connection.span, f"the timeout of `{connection.name}` is too long",
                              found=f"{connection.timeout / 1e9:g} s", expected=f"at most {longest / 1e9:g} s",
                              suggestion="timeout: none")
        return max(1, min(granules, TIMEOUT_MAX))

    def _events(self) -> None:
        for number, connection in enumerate(self.indices.system.clients_of(self.instance)):
            for event in connection.interface.events:
                client = connection.user.name
                self._signal("event", f"event_{connection.provide.name}_{event.name}_{number}", client,
                             f"event_{connection.use.name}_{event.name}", connection.span,
                             f"tells {client} of {event.name}")

    def _streams(self) -> None:
        """The producer's right to wake the consumer."""
        for connection in self.indices.system.connections_of(self.instance):
            for stream in connection.interface.streams:
                if stream.direction == "to_server":
                    self._signal("stream", f"stream_{connection.use.name}_{stream.name}", connection.provider.name,
                                 f"stream_{connection.provide.name}_{stream.name}", connection.span,
                                 f"sends {stream.name} to {connection.provider.name}")
        for number, connection in enumerate(self.indices.system.clients_of(self.instance)):
            for stream in connection.interface.streams:
                if stream.direction == "to_client":
                    self._signal("stream", f"stream_{connection.provide.name}_{stream.name}_{number}",
                                 connection.user.name, f"stream_{connection.use.name}_{stream.name}", connection.span,
                                 f"sends {stream.name} to {connection.user.name}")

    def _interrupts(self) -> None:
        index = self.indices.interrupt[self.instance.name]
        for kind, name, why, span in _interrupt_bits(self.instance):
            self._add(kind, name, "CAP_INTERRUPT", ("interrupts", index), ("RIGHT_CALL",), span, why)
            index += 1

    def _ports(self) -> None:
        index = self.indices.ports[self.instance.name]
        for device, node in self.instance.devices.items():
            for number, ports in enumerate(node.ports):
                self._add("ports", f"ports_{numbered(device, number)}", "CAP_PORTS", ("ports", index),
                          ("RIGHT_READ", "RIGHT_WRITE"), self.instance.where(f"devices.{device}"),
                          f"I/O ports {ports.first:#x} to {ports.end - 1:#x} of {node.name}")
                index += 1

    def _timers(self) -> None:
        index = self.indices.timer[self.instance.name]
        for kind, name, why, span in _timer_bits(self.instance):
            self._add(kind, name, "CAP_TIMER", ("timers", index), ("RIGHT_CALL",), span, why)
            index += 1

    def _kernel(self) -> None:
        for need in self.instance.component.needs:
            self._add("kernel", need, f"CAP_{need.upper()}", (f"{need}_object", -1), ("RIGHT_CALL", *self._grant(need)),
                      self.instance.component.span, f"needs {need}")

    def _dma(self) -> None:
        for dma in self.instance.component.dma.values():
            region = self.indices.dma[self.instance.name, dma.name]
            self._add("region", f"dma_{dma.name}", "CAP_REGION", ("regions", region), ("RIGHT_READ", "RIGHT_DMA"),
                      dma.span, f"device address of {dma.name}")

    def _children(self) -> None:
        children = self.indices.system.children_of(self.instance)
        for child in children:
            self._component("child", child.name, ("RIGHT_READ", "RIGHT_CONTROL"), child.where("supervisor"),
                            f"supervises {child.name}")
        for child in filter(has_heartbeat, children):
            self._signal("ping", f"ping_{child.name}", child.name, "ping", child.where("restart"),
                         f"pings {child.name}")

    def _component(self, kind: str, target: str, rights: tuple[str, ...], span: Span, why: str) -> None:
        self._add(kind, f"{kind}_{target}", "CAP_COMPONENT", ("components", self.indices.component[target]), rights,
                  span, why)

    def _start(self) -> None:
        name = self.instance.name
        if has_heartbeat(self.instance):
            self._signal("pong", "pong", self.instance.supervisor, f"pong_{name}", self.instance.where("restart"),
                         f"answers {self.instance.supervisor}'s pings")
        for dependant in self.indices.system.dependants_of(self.instance):
            self._signal("ready", f"ready_{dependant.name}", dependant.name, f"ready_{name}",
                         dependant.where("after"), f"tells {dependant.name} that it is ready")
        for earlier in self.instance.after:
            self._component("after", earlier, ("RIGHT_READ",), self.instance.where("after"), f"starts after {earlier}")

    def _pool(self) -> None:
        pool = self.instance.component.pool
        if pool:
            index = self.indices.pool[self.instance.name]
            self._add("pool", "pool", "CAP_POOL", ("pools", index), ("RIGHT_CALL",), pool.span,
                      f"makes objects from {pool.bytes // 1024} KiB of its own")

    def _guest(self) -> None:
        guest = self.indices.system.guest_of(self.instance)
        if guest is None:
            return
        self._add("guest", "guest", "CAP_COMPONENT", ("components", self.indices.guest[guest.name]), ("RIGHT_READ", "RIGHT_CONTROL"),
                  guest.where("vmm"), f"starts and stops {guest.name}")
        for number in range(guest.vcpus):
            self._add("vcpu", f"vcpu_{number}", "CAP_THREAD", ("threads", self.indices.vcpu[guest.name] + number),
                      ("RIGHT_READ", "RIGHT_WRITE"), guest.where("vmm"), f"handles virtual CPU {number} of {guest.name}")
