"""Systems made by hand, for tests of the back-end alone.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from dataclasses import replace

from builder import model
from builder.diagnostic import Span

HERE = Span("apps/test/system.yaml", 7, 3, 7, 9)
SETTINGS = {"build": "debug", "timeout_granularity": 1_000_000, "server_reserve": 50_000,
            "counters": False}


def settings(**changed: object) -> model.Settings:
    return model.Settings({name: model.Setting(name, "text", value, value, "", HERE, "default")
                           for name, value in (SETTINGS | changed).items()})


def interface(name: str = "Echo", events: tuple[str, ...] = ()) -> model.Interface:
    method = model.Method("echo", 1, (), (), (), "idempotent", "", HERE)
    return model.Interface(name, 1, "", {}, (method,), tuple(model.Event(e, i, HERE) for i, e in enumerate(events)),
                           (), HERE)


def component(name: str, **given: object) -> model.ComponentType:
    main = model.Thread("main", 0, 4096, HERE)
    values = dict(name=name, kind="app", doc="", folder=f"components/{name}", sources=(f"{name}.c",), libraries=(),
                  provides={}, uses={}, devices={}, dma={}, regions={}, quiesce=(), stack=4096, heap=0,
                  threads={"main": main}, timers=(), needs=(), supervises=False, attributes={}, fpu=False,
                  stack_calls={}, stack_extern={}, span=HERE)
    return model.ComponentType(**values | given)


def instance(name: str, of: model.ComponentType, **given: object) -> model.Instance:
    values = dict(name=name, component=of, priority=100, budget=None, period=None, cpu=0, log="info", stack=of.stack,
                  config={}, devices={}, after=(), supervisor=None, restart=None, span=HERE)
    return model.Instance(**values | given)


def provide(of: model.Interface, name: str = "echo", thread: str = "main") -> dict[str, model.Provide]:
    return {name: model.Provide(name, of, thread, None, HERE)}


def use(of: model.Interface, name: str = "echo") -> dict[str, model.Use]:
    return {name: model.Use(name, of, False, HERE)}


def connect(user: model.Instance, provider: model.Instance, timeout: int | None = 1_000_000_000) -> model.Connection:
    """By the first thing that the user uses and the provider provides."""
    wanted = next(iter(user.component.uses.values()))
    offered = next(iter(provider.component.provides.values()))
    return model.Connection(f"{user.name}.{wanted.name}", user, wanted, provider, offered, timeout, HERE)


def node(path: str, base: int, size: int = 0x1000, interrupts: tuple[int, ...] = ()) -> model.DeviceNode:
    return model.DeviceNode(path, path.strip("/"), (), (), (model.MmioRange(base, size),),
                            tuple(model.Interrupt(number, False) for number in interrupts), False, True)


def board() -> model.Board:
    controller = replace_mmio(node("/intc@8000000", 0x8000000, 0x10000), (0x80A0000, 0xF60000))
    console = node("/pl011@9000000", 0x9000000, 0x1000, (33,))
    return model.Board("test-board", "aarch64", 256 << 20, (model.MmioRange(0x40000000, 256 << 20),), (0,), console,
                       "pl011", controller, None, None, None, {console.path: console, controller.path: controller}, {}, None,
                       HERE)


def replace_mmio(of: model.DeviceNode, more: tuple[int, int]) -> model.DeviceNode:
    return replace(of, mmio=(*of.mmio, model.MmioRange(*more)))


def system(instances: list[model.Instance], connections: tuple[model.Connection, ...] = (),
           **given: object) -> model.System:
    values = dict(name="test", doc="", app="test", variant=None, board=board(), settings=settings(),
                  expect="poweroff", on_failure=model.OnFailure(),
                  instances={i.name: i for i in sorted(instances, key=lambda i: i.name)},
                  connections=tuple(sorted(connections, key=lambda c: c.name)), regions={}, inputs=(), span=HERE)
    return model.System(**values | given)
