"""Generated stubs: what goes in comes out, on both sides, and malformed messages never get further than the stub."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import pytest

from builder import idl, model
from builder.allocate import allocate
from builder.diagnostic import Diagnostics, render
from builder.emit_config import config_header
from builder.emit_glue import Glue
from builder.interface import file_stem, read_interface
from builder.project import ROOT
from builder.source import read_text
from hand_made import HERE, component, instance, system

from stubs.exercise import program

HERE_FOLDER = Path(__file__).parent
RUNTIME = ROOT / "components" / "runtime"
# Not optimised: the written programs have functions so long that it would take minutes.
COMPILER = ["clang", "-std=c11", "-O0", "-Wall", "-Wextra", "-Werror", "-Wno-self-assign",
            "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]


def interface(text: str, name: str) -> model.Interface:
    problems = Diagnostics()
    file = f"{file_stem(name)}.yaml"
    read = read_interface(read_text(text, file, problems), name, file, problems)
    problems += idl.check_layouts([read]) if read else []
    assert not problems, render(problems, ROOT)
    return read


def loopback(interfaces: list[model.Interface]) -> model.System:
    """One instance that provides each interface to itself."""
    provides = {f"p{n}": model.Provide(f"p{n}", each, "main", None, HERE) for n, each in enumerate(interfaces)}
    uses = {f"u{n}": model.Use(f"u{n}", each, False, HERE) for n, each in enumerate(interfaces)}
    both = instance("both", component("both", provides=provides, uses=uses))
    # Named so that the order of names is the order of numbers: the badge of interface n is n.
    return system([both], tuple(model.Connection(f"both.u{n:04}", both, uses[f"u{n}"], both, provides[f"p{n}"], None, HERE)
                                for n in range(len(interfaces))))


def buffers(glue: str) -> str:
    """Memory of this process for the buffers, in place of addresses in a component."""
    names = sorted(set(re.findall(r"\bBUFFER_\w+_BASE\b", glue)))
    return "".join(f"static unsigned char {name.lower()}[8192];\n#undef {name}\n#define {name} ((uintptr_t){name.lower()})\n"
                   for name in names)


def build(interfaces: list[model.Interface], folder: Path) -> Path:
    made = loopback(interfaces)
    plan, problems = allocate(made)
    assert not problems
    both = made.instances["both"]
    files = Glue(made).files(both, plan.instances[0])
    config = config_header(both, plan.instances[0]) + "#include <stdint.h>\n" + buffers("".join(files.values()))
    for name, text in {**files, "config.h": config, "exercise.c": program(interfaces)}.items():
        (folder / name).write_text(text)
    done = compiled(folder, "exercise.c", "exercise")
    assert done.returncode == 0, done.stderr
    return folder / "exercise"


def compiled(folder: Path, source: str, binary: str) -> subprocess.CompletedProcess[str]:
    """Compiles and links one program with the glue in the folder."""
    return subprocess.run([*COMPILER, f"-I{folder}", f"-I{HERE_FOLDER}", f"-I{RUNTIME / 'include'}",
                           f"-I{RUNTIME / 'arch' / 'host'}", f"-I{ROOT / 'kernel' / 'include'}", "-D_GNU_SOURCE",
                           "-o", folder / binary, folder / source, folder / "glue.c",
                           HERE_FOLDER / "loopback.c", RUNTIME / "source" / "stub.c", RUNTIME / "source" / "queue.c"],
                          capture_output=True, text=True)


def run(binary: Path, seed: int, rounds: int, malformed: int) -> str:
    done = subprocess.run([binary, str(seed), str(rounds), str(malformed)], capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build([interface((HERE_FOLDER / "every.yaml").read_text(), "Every")], tmp_path_factory.mktemp("every"))


def test_every_type_makes_the_round_trip_at_its_limits(every: Path) -> None:
    assert "calls" in run(every, seed=1, rounds=100, malformed=0)


def test_a_hundred_thousand_malformed_messages_are_all_answered(every: Path) -> None:
    out = run(every, seed=2, rounds=10, malformed=100_000)
    assert "100000 malformed messages" in out


def random_type(draw: random.Random, named: list[str]) -> str:
    kind = draw.choice(["bool", "integer", "integer", "named", "array", "string", "bytes"])
    match kind:
        case "integer":
            return draw.choice("ui") + draw.choice(["8", "16", "32", "64"])
        case "string" | "bytes":
            return f"{kind}<{draw.choice([1, 7, 8, 9, 16, 40, 80, 81, 255, 256, 257, 4096])}>"
        case "named":
            return draw.choice(named)
        case "array":
            return f"{draw.choice(['u8', 'i64', 'bool', *named])}[{draw.randint(1, 12)}]"
    return kind


def random_interface(draw: random.Random, name: str) -> model.Interface | None:
    """An interface by chance; None when its values cannot travel."""
    text = [f"interface: {name}", "types:", "  kind: {enum: [%s]}" % ", ".join(f"k{n}" for n in range(draw.randint(1, 256))),
            "  marks: {flags: [%s]}" % ", ".join(f"m{n}" for n in range(draw.randint(1, 64)))]
    named = ["kind", "marks"]
    for n in range(draw.randint(0, 4)):
        fields = [f"f{i}: '{t}'" for i in range(draw.randint(1, 5))
                  if "<" not in (t := random_type(draw, named))] or ["f: u8"]
        text.append(f"  s{n}: {{struct: {{{', '.join(fields)}}}}}")
        named.append(f"s{n}")
    text.append("methods:")
    for n in range(5):
        sides = {side: ", ".join(f"{side}_{i}: '{random_type(draw, named)}'" for i in range(draw.randint(0, 5)))
                 for side in ("in", "out")}
        restart = draw.choice(model.RESTARTS)
        text.append(f"  m{n}: {{in: {{{sides['in']}}}, out: {{{sides['out']}}}, errors: [bad, e{n}], restart: {restart}}}")
    problems = Diagnostics()
    read = read_interface(read_text("\n".join(text) + "\n", "random.yaml", problems), name, "random.yaml", problems)
    problems += idl.check_layouts([read]) if read else []
    assert {problem.code for problem in problems} <= {"E0504", "E0506", "E0520", "E0521"}, render(problems, ROOT)
    return None if problems else read


def test_random_interfaces_make_the_round_trip_too(tmp_path: Path) -> None:
    draw = random.Random(2024)
    found: list[model.Interface] = []
    while len(found) < 8:
        made = random_interface(draw, f"Chance{len(found)}")
        found += [made] if made else []
    run(build(found, tmp_path), seed=3, rounds=30, malformed=20_000)


def test_a_missing_handler_does_not_link(every: Path) -> None:
    folder = every.parent
    text = (folder / "exercise.c").read_text().replace("enum status p0_enums(", "enum status p0_enums_gone(")
    (folder / "missing.c").write_text(text)
    done = compiled(folder, "missing.c", "missing")
    assert done.returncode != 0 and "p0_enums" in done.stderr


def test_a_handler_of_another_type_does_not_compile(every: Path) -> None:
    folder = every.parent
    text = (folder / "exercise.c").read_text().replace("enum status p0_booleans(const struct call *call, bool a",
                                                       "enum status p0_booleans(const struct call *call, uint64_t a")
    (folder / "wrong.c").write_text(text)
    done = compiled(folder, "wrong.c", "wrong")
    assert done.returncode != 0 and "conflicting types for 'p0_booleans'" in done.stderr


@pytest.mark.parametrize("compiler", ["clang", "gcc"])
def test_ends_that_nobody_is_connected_to_compile(compiler: str, tmp_path: Path) -> None:
    whole = interface((HERE_FOLDER / "every.yaml").read_text() + """
events: [changed]
streams: {up: {item: mixed, depth: 8, direction: to_server}, down: {item: 'u8[3]', depth: 8, direction: to_client}}
""", "Every")
    lonely = instance("lonely", component("lonely", provides={"p0": model.Provide("p0", whole, "main", None, HERE)},
                                          uses={"u0": model.Use("u0", whole, True, HERE)}))
    made = system([lonely])
    plan, problems = allocate(made)
    assert not problems
    for name, text in {**Glue(made).files(lonely, plan.instances[0]),
                       "config.h": config_header(lonely, plan.instances[0])}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "main.c").write_text("""#include <glue.h>
int main(void)
{
    uint8_t item[3];
    bool answer;

    return u0_booleans(true, &answer) != STATUS_PEER_GONE || u0_down_take(item) || u0_shared_request_buffer() != NULL;
}
""")
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-ffunction-sections"]
    for source in ("main.c", "glue.c"):
        done = subprocess.run([compiler, *flags, "-c", f"-I{tmp_path}", f"-I{RUNTIME / 'include'}", "-D_GNU_SOURCE",
                               f"-I{RUNTIME / 'arch' / 'host'}", f"-I{ROOT / 'kernel' / 'include'}",
                               "-o", tmp_path / f"{source}.o", tmp_path / source], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    subprocess.run([compiler, "-o", tmp_path / "main", tmp_path / "main.c.o"], check=True)
    assert subprocess.run([tmp_path / "main"]).returncode == 0
