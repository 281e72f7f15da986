"""Builds a component and its unit test as one host process, with the component's own stubs.

The test is the other side: the instance that is generated for it also uses each interface the component
provides (as `client_<provide>`) and provides each that it uses (as `peer_<use>`), connected to itself.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from builder import model, source_archive, source_package
from builder.allocate import allocate
from builder.devicetree import PCI_HOST
from builder.emit_config import config_header
from builder.emit_glue import Glue
from builder.emit_table import system_table
from builder.plan import macro
from builder.project import ROOT
from hand_made import HERE, instance, node, system
from hand_made import component as hand_made_component

RUNTIME = ROOT / "components" / "runtime"
REGION_PAGES = 32  # of each region that a component uses
TESTS = ROOT / "tests"
COMPILER = ["clang", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-D_GNU_SOURCE"]
INCLUDES = [f"-I{RUNTIME / 'include'}", f"-I{RUNTIME / 'arch' / 'host'}", f"-I{ROOT / 'kernel' / 'include'}",
            f"-I{TESTS / 'components'}"]
RUNTIME_SOURCES = [RUNTIME / "source" / f"{name}.c" for name in ("backlog", "event_loop", "fault", "log", "panic", "queue", "stub")]


def with_other_side(component: model.ComponentType) -> model.ComponentType:
    provides = {f"peer_{name}": model.Provide(f"peer_{name}", use.interface, "main", None, HERE)
                for name, use in component.uses.items()}
    uses = {f"client_{name}": model.Use(f"client_{name}", provide.interface, False, HERE)
            for name, provide in component.provides.items()}
    return replace(component, provides={**component.provides, **provides}, uses={**component.uses, **uses},
                   needs=tuple(sorted({*component.needs, "console"}, key=model.NEEDS.index)))


FUNCTION = model.PciFunction("dev", "/pcie", 1, 0x1AF4, 0x1042, (model.PciBar(4, 0x10000000, 0x4000),),
                            model.VirtioStructures(4, 0, 0x1000, 0x2000, 0x3000, 4))


def fake_node(name: str, reach: str, compatible: tuple[str, ...]) -> model.DeviceNode:
    """A device whose registers are reached so: of a PCI function, the first that it may be."""
    made = node(f"/{name}@9000000", 0x9000000, interrupts=() if PCI_HOST in compatible else (33,))
    if reach == "pci":
        return replace(made, mmio=tuple(model.MmioRange(0x9000000 + at, 0x1000) for at in range(0, 0x4000, 0x1000)),
                       function=replace(FUNCTION, device=next(int(c[-4:], 16) for c in compatible if c.startswith("pci"))))
    return replace(made, mmio=(), ports=(model.PortRange(0x3F8, 8),)) if reach == "ports" else made


def self_connected(component: model.ComponentType, config: Mapping[str, bool | int | str] = {},
                   reach: str | None = None) -> model.System:
    """`reach`: how the devices' registers are reached; None: as the component says first."""
    whole = with_other_side(component)
    values = {name: model.ConfigValue(attribute, config.get(name, attribute.default), HERE)
              for name, attribute in whole.attributes.items()}
    devices = {name: fake_node(name, reach or next(iter(use.registers), "mmio"), use.compatible) for name, use in whole.devices.items()}
    one = instance(component.name, whole, config=values, devices=devices)
    connections = []
    for name, use in whole.uses.items():
        other = name.removeprefix("client_") if name.startswith("client_") else f"peer_{name}"
        connections.append(model.Connection(f"{one.name}.{name}", one, use, one, whole.provides[other], None, HERE))
    regions = {name: model.Region(name, REGION_PAGES * model.PAGE_BYTES, True, (model.RegionUser(one, use, use.rights, HERE),), HERE)
               for name, use in whole.regions.items()}
    return system([one, *children_of(one)], tuple(connections), regions=regions)


SECOND = 1_000_000_000
POLICY = model.Restart(("fault", "exit", "hang"), 4, 10 * SECOND, SECOND // 100, SECOND // 25, SECOND // 10, HERE)
POLICIES = (POLICY, replace(POLICY, limit=None), replace(POLICY, escalate=True))


def children_of(one: model.Instance) -> list[model.Instance]:
    """Three for one that supervises, the second without a limit, the third with an escalation. Their names sort behind its own: it stays the first instance."""
    if not one.component.supervises:
        return []
    return [instance(f"{one.name}_child{n}", hand_made_component("child"), priority=50, supervisor=one.name, restart=policy)
            for n, policy in enumerate(POLICIES)]


def generated(made: model.System) -> dict[str, str]:
    """config.h and the glue; memory that the layout would map is memory of the process."""
    plan, problems = allocate(made)
    assert not problems
    one = next(iter(made.instances.values()))
    files = Glue(made).files(one, plan.instances[0])
    badges = {macro("slot", "use", c.use.name): n for n, c in enumerate(made.clients_of(one))}
    cases = "".join(f"    case {slot}: return {badge};\n" for slot, badge in badges.items())
    config = config_header(one, plan.instances[0])
    table = {"system_table.h": system_table(plan)} if "inspect" in next(iter(made.instances.values())).component.needs else {}
    return {**files, **table, "config.h": config + _memory(config), "badges.c": f"""#include <glue.h>
const char instance_name[] = "{one.name}";
uint32_t host_badge_of(slot_t slot);
uint32_t host_badge_of(slot_t slot)
{{
    switch (slot) {{
{cases}    }}
    return ~0u;
}}
"""}


def _memory(config: str) -> str:
    """Streams connect a component with itself here, so both ends of one are the same memory."""
    lines = ["#include <stdint.h>\n"]
    for name, size in re.findall(r"^#define (\w+)_BYTES (\d+)", config, re.MULTILINE):
        if f"#define {name}_BASE " not in config:
            continue
        ends = re.sub(r"_0$|_1$|_2$|_3$", "", name.replace("_CLIENT_", "_").replace("_PEER_", "_"))
        shared = (name if name.startswith("DEVICE_") else ends).lower()
        lines.append(f"extern unsigned char host_{shared}[{size}];\n#undef {name}_BASE\n"
                     f"#define {name}_BASE ((uintptr_t)host_{shared})\n")
    return "".join(lines)


def memory_source(config: str) -> str:
    names = dict(re.findall(r"^extern unsigned char (host_\w+)\[(\d+)\];", config, re.MULTILINE))
    return "".join(f"unsigned char {name}[{size}] __attribute__((aligned(4096)));\n" for name, size in sorted(names.items()))


def build(component: model.ComponentType, test: Path, folder: Path, config: Mapping[str, bool | int | str] = {}) -> Path:
    """A test that is called ..._ports or ..._pci is about devices that are reached so."""
    reach = test.stem.rpartition("_")[2]
    made = self_connected(component, config, reach if reach in model.REACHES else None)
    files = generated(made)
    files["memory.c"] = memory_source(files["config.h"])
    for name, text in files.items():
        (folder / name).write_text(text)
    sources = [ROOT / source for source in component.sources]
    libraries = [ROOT / folder for folder in next(iter(made.instances.values())).libraries]
    reaches = {node.reach for one in made.instances.values() for node in one.devices.values()}
    source_archive.ensure(libraries)
    packages = [package for package in map(source_package.of_library, libraries) if package]
    headers = [ROOT / name for package in packages for name in package.folders]
    includes = [f"-I{path}" for path in (folder, ROOT / component.folder, *libraries, *headers)] + INCLUDES
    includes += [f"-I{TESTS / 'components' / reach}" for reach in sorted(reaches)]
    objects = []
    sources += [path for library in libraries for path in sorted(library.glob("*.c"))]
    sources += [ROOT / name for package in packages for name in package.sources]
    for source in sources:
        # The component's main is a function of the test program.
        objects.append(folder / f"{source.parent.name}-{source.stem}.o")
        run([*COMPILER, *includes, "-Dmain=component_main", "-c", "-o", objects[-1], source])
    own = [folder / name for name in ("glue.c", "badges.c", "memory.c")]
    binary = folder / test.stem
    run([*COMPILER, *includes, "-o", binary, test, *objects, *own, TESTS / "components" / "host.c",
         TESTS / "kernel" / "check.c", *RUNTIME_SOURCES])
    return binary


def run(words: list[object]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    return done
