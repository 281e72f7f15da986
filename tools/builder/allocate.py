"""Decide every number that does not depend on compiled code: the Plan of a system.

Pure. Objects are numbered by instance name, then by their own, so that no number depends on the order of
a file; indices of one instance's objects are consecutive, as the kernel's layout wants them.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Mapping

from . import model
from .areas import AreaMaker, user_end, Shares
from .abi import PAGE, constant
from .diagnostic import Diagnostics
from .guest_image import GuestImage
from .plan import Area, Bit, Board, Endpoint, Guest, Instance, Interrupt, Plan, Pool, Ports, Quiesce, Region, Thread, Timer
from .slots import Indices, SlotMaker, bits_of, numbered
from .text import place
from .units import format_size

THREADS_MAX = 0xFFFE      # a token holds the thread's id in 16 bits; id 0 is nobody
ROOT_SHIFT = 30           # address bits below one entry of the root of a guest's page tables
PAGE_LEVELS = {"aarch64": 3, "riscv64": 3, "x86_64": 4}
GUARD_AND_CODE = 1 << 30  # room for code and data behind the areas


def allocate(system: model.System, images: Mapping[str, GuestImage] | None = None) -> tuple[Plan, Diagnostics]:
    """`images`: what those guests are started with that have a kernel."""
    problems = Diagnostics()
    return _Allocator(system, images or {}, problems).plan(), problems


class _Allocator:
    def __init__(self, system: model.System, images: Mapping[str, GuestImage], problems: Diagnostics) -> None:
        self.system = system
        self.images = images
        self.problems = problems
        self.instances = list(system.instances.values())
        self.threads: dict[str, int] = {}        # first, by instance
        self.vcpus: dict[str, int] = {}          # first thread, by guest
        self.static_threads = 0
        self.endpoints: list[Endpoint] = []
        self.interrupts: list[Interrupt] = []
        self.ports: list[Ports] = []
        self.timers: list[Timer] = []
        self.pools: list[Pool] = []
        self.shares = Shares(system, images)
        self.regions: list[Region] = list(self.shares.regions)
        self.areas: dict[str, list[Area]] = {}
        self.bits: dict[str, tuple[Bit, ...]] = {i.name: bits_of(system, i, problems) for i in self.instances}

    def plan(self) -> Plan:
        self._number_threads()
        self._lay_out_areas()
        indices = self._number_objects()
        settings = self.system.settings
        return Plan(
            system=self.system.name, board=board_of(self.system), debug=settings["build"] == "debug",
            counters=bool(settings["counters"]),
            granularity=indices.granularity,
            on_component_dead=self.system.on_failure.component_dead, on_panic=self.system.on_failure.panic,
            cores=1 + max((i.cpu for i in self.instances), default=0),
            instances=tuple(self._instance(indices, number, i) for number, i in enumerate(self.instances)),
            endpoints=tuple(self.endpoints), interrupts=tuple(self.interrupts), ports=tuple(self.ports), timers=tuple(self.timers),
            pools=tuple(self.pools), regions=tuple(self.regions), guests=tuple(self._guests(indices)))

    def _number_threads(self) -> None:
        count = 0
        for instance in self.instances:
            self.threads[instance.name] = count
            count += len(instance.component.threads)
        for guest in self.system.guests.values():
            self.vcpus[guest.name] = count
            count += guest.vcpus
        self.static_threads = count
        count += sum(i.component.pool.threads for i in self.instances if i.component.pool)
        if count > THREADS_MAX:
            self.problems.add("E0803", self.system.span, "the system has too many threads", found=str(count),
                              expected=f"at most {THREADS_MAX}")

    def _lay_out_areas(self) -> None:
        for number, instance in enumerate(self.instances):
            maker = AreaMaker(instance, self.regions, self.shares.of.get(instance.name, []))
            self.areas[instance.name] = maker.make()
            if maker.pool is not None:
                self._add_pool(number, instance, maker.pool)
            end = user_end(self.system.board.arch)
            if maker.address + GUARD_AND_CODE > end:
                self.problems.add("E0804", instance.span, f"`{instance.name}` does not fit in an address space",
                                  found=f"{maker.address:#x} bytes of stacks, DMA memory, regions and devices",
                                  expected=f"at most {end - GUARD_AND_CODE:#x}")

    def _add_pool(self, number: int, instance: model.Instance, region: int) -> None:
        pool = instance.component.pool
        earlier = self.pools[-1] if self.pools else None
        first = earlier.thread_first + earlier.threads if earlier else 1 + self.static_threads  # 0 is nobody
        self.pools.append(Pool(f"{instance.name}.pool", number, region, pool.bytes // PAGE, first, pool.threads,
                               place(pool.span)))

    def _number_objects(self) -> Indices:
        first_interrupt, first_ports, first_timer, endpoint = {}, {}, {}, {}
        for instance in self.instances:
            first_interrupt[instance.name] = len(self.interrupts)
            first_ports[instance.name] = len(self.ports)
            first_timer[instance.name] = len(self.timers)
            for thread in self._receivers(instance):
                endpoint[instance.name, thread] = len(self.endpoints)
                self.endpoints.append(Endpoint(f"{instance.name}.{thread}", self._thread_index(instance, thread),
                                               len(self.system.clients_of(instance)) + len(self.system.made_clients_of(instance))))
            self._interrupts(instance)
            self._ports(instance)
            self._timers(instance)
        return Indices(
            system=self.system, granularity=self.system.settings["timeout_granularity"],
            component={i.name: number for number, i in enumerate(self.instances)}, main=self.threads,
            endpoint=endpoint, interrupt=first_interrupt, ports=first_ports, timer=first_timer,
            bits={name: {bit.name: bit.index for bit in bits} for name, bits in self.bits.items()},
            dma={(name, area.name): area.region for name, areas in self.areas.items()
                 for area in areas if area.kind == "dma"},
            pool={self.instances[pool.owner].name: index for index, pool in enumerate(self.pools)},
            guest={name: len(self.instances) + number for number, name in enumerate(self.system.guests)}, vcpu=self.vcpus)

    def _receivers(self, instance: model.Instance) -> list[str]:
        """The threads that receive calls, in the component's order."""
        threads = {provide.thread for provide in instance.component.provides.values()}
        if self.system.guest_of(instance):
            threads.add(model.MAIN_THREAD)
        return [thread for thread in instance.component.threads if thread in threads]

    def _thread_index(self, instance: model.Instance, thread: str) -> int:
        return self.threads[instance.name] + list(instance.component.threads).index(thread)

    def _interrupts(self, instance: model.Instance) -> None:
        bits = iter(bit for bit in self.bits[instance.name] if bit.kind == "interrupt")
        for device, node in instance.devices.items():
            for number, line in enumerate(node.interrupts):
                bit = next(bits, None)
                if bit:
                    self.interrupts.append(Interrupt(
                        f"{instance.name}.{numbered(device, number)}", line.number, line.edge,
                        self.threads[instance.name], bit.index, place(instance.where(f"devices.{device}"))))

    def _ports(self, instance: model.Instance) -> None:
        self.ports += [Ports(f"{instance.name}.{numbered(device, number)}", ports.first, ports.count,
                             place(instance.where(f"devices.{device}")))
                       for device, node in instance.devices.items() for number, ports in enumerate(node.ports)]

    def _timers(self, instance: model.Instance) -> None:
        bits = [bit for bit in self.bits[instance.name] if bit.kind == "timer"]
        for timer, bit in zip(instance.component.timers, bits):
            self.timers.append(Timer(f"{instance.name}.{timer}", self.threads[instance.name], bit.index,
                                     place(instance.component.span)))

    def _instance(self, indices: Indices, number: int, instance: model.Instance) -> Instance:
        name, areas = instance.name, self.areas[instance.name]
        end = max(area.address + self.regions[area.region].bytes for area in areas)
        image = end + PAGE if areas[-1].kind == "stack" else end
        endpoints = self._receivers(instance)
        return Instance(
            index=number, name=name, component=instance.component.name, source=place(instance.span),
            core=instance.cpu, autostart=True, restartable=bool(instance.supervisor and instance.restart),
            budget=instance.budget or 0, period=instance.period or 0,
            reserve=self.system.settings["server_reserve"] if endpoints and instance.period else 0,
            threads=tuple(self._threads(indices, instance)),
            slots=SlotMaker(indices, instance, self.problems).make(), dynamic_slots=instance.component.slots,
            areas=tuple(areas), quiesce=tuple(self._quiesce(indices, instance)),
            interrupts=(indices.interrupt[name], sum(b.kind == "interrupt" for b in self.bits[name])),
            timers=(indices.timer[name], len(instance.component.timers)),
            endpoints=(indices.endpoint[name, endpoints[0]] if endpoints else 0, len(endpoints)),
            supervisor=self._supervisor(indices, instance),
            first_address=areas[0].address, image_address=image)

    def _threads(self, indices: Indices, instance: model.Instance) -> list[Thread]:
        stacks = {area.name: area for area in self.areas[instance.name] if area.kind == "stack"}
        return [Thread(index=self.threads[instance.name] + local, name=name, local=local,
                       priority=instance.priority_of(name), stack_address=stacks[name].address,
                       stack_bytes=self.regions[stacks[name].region].bytes,
                       endpoint=indices.endpoint.get((instance.name, name)), fpu=instance.component.fpu,
                       bits=self.bits[instance.name] if local == 0 else ())
                for local, name in enumerate(instance.component.threads)]

    def _first_ports(self, indices: Indices, instance: model.Instance) -> dict[str, int]:
        """By device, the index of its first range."""
        found, index = {}, indices.ports[instance.name]
        for device, node in instance.devices.items():
            if node.ports:
                found[device] = index
            index += len(node.ports)
        return found

    def _quiesce(self, indices: Indices, instance: model.Instance) -> list[Quiesce]:
        devices = {area.name: area for area in self.areas[instance.name] if area.kind == "device"}
        ports = self._first_ports(indices, instance)
        steps = []
        for q in instance.quiesce:
            if q.device in ports:
                steps.append(Quiesce(0, ports[q.device], q.offset, q.width, q.value, place(q.span)))
            else:
                area = devices[q.device]
                steps.append(Quiesce(area.region, None, area.skew + q.offset, q.width, q.value, place(q.span)))
        return steps

    def _guests(self, indices: Indices) -> list[Guest]:
        found = []
        for name, guest in self.system.guests.items():
            vmm = guest.vmm.name
            image = self.images.get(name)
            if image and image.needs > guest.memory:
                self.problems.add("E0805", guest.where("memory"), f"the guest `{name}` does not fit in its memory", found=format_size(guest.memory),
                                  expected=f"at least {format_size(-(-image.needs // model.GUEST_BLOCK) * model.GUEST_BLOCK)}, and what it wants to work with")
            address = constant("GUEST_RAM")
            first, last = address >> ROOT_SHIFT, (address + guest.memory - 1) >> ROOT_SHIFT
            found.append(Guest(
                index=indices.guest[name], name=name, source=place(guest.span), core=guest.vmm.cpu, thread_first=self.vcpus[name],
                vcpus=guest.vcpus, priority=guest.priority, budget=guest.budget or 0, period=guest.period or 0,
                handler=indices.endpoint[vmm, model.MAIN_THREAD],
                supervisor=(self.threads[vmm], indices.bits[vmm].get("guest", 0)), region=self.shares.guest_memory[name],
                address=address, tables=2 + last - first))
        return found

    def _supervisor(self, indices: Indices, instance: model.Instance) -> tuple[int, int] | None:
        if instance.supervisor is None:
            return None
        return (self.threads[instance.supervisor],
                indices.bits[instance.supervisor].get(f"child_{instance.name}", 0))


def _base(node: model.DeviceNode | None) -> int:
    """Where its registers or ports begin; 0 for none."""
    if node is None:
        return 0
    return node.mmio[0].address if node.mmio else node.ports[0].first


def board_of(system: model.System) -> Board:
    """What the kernel must know of the board. A component that claims the console's device takes it over."""
    board, console = system.board, system.board.console
    controller = board.interrupt_controller.mmio
    cores = controller[1] if len(controller) > 1 else model.MmioRange(0, 0)
    exits = board.qemu.exits if board.qemu else None
    claimed = any(node is console for instance in system.instances.values() for node in instance.devices.values())
    return Board(
        name=board.name, memory=board.memory, console_base=_base(console),
        console_component=claimed, intc_base=controller[0].address, intc_bytes=controller[0].bytes,
        intc_core_base=cores.address, intc_core_bytes=cores.bytes, core_ids=board.core_ids, page_levels=PAGE_LEVELS[board.arch], timer_frequency=board.timer_frequency or 0,
        clock_base=_base(board.clock), exit_base=_base(board.test_device) if exits != "semihosting" else 0,
        power_port=board.test_device.ports[1].first if board.test_device and len(board.test_device.ports) > 1 else 0,
        semihosting=exits == "semihosting" and not system.guests)  # guests could use it, too
