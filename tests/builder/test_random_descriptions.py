"""Random and broken descriptions never give a traceback: each is good, or has diagnostics that can be shown.

Three ways to make them: known keys with any values, known files with damaged text, and any bytes at all.
The number of examples is fixed, so that the whole file takes some 20 s.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builder import grammar
from builder.commands.check import problems_of
from builder.diagnostic import Diagnostic, render, render_json
from builder.errors import ERRORS
from builder.shape import (Anything, Bool, Choice, Duration, Either, Integer, ListOf, Map, MapOf, Scalar, Shape, Size, Text)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from corpus import BASE, make_project

FILES = sorted(path.relative_to(BASE).as_posix() for path in BASE.rglob("*.yaml")) + ["settings.yaml"]
BUDGET = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("random"))


@contextmanager
def changed(project: Path, file: str, data: bytes) -> Iterator[None]:
    path = project / file
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(before)


def check(project: Path) -> list[Diagnostic]:
    """Everything a user can be shown comes out well formed."""
    problems = problems_of("case", "", "", [], project)
    text = render(problems, project)
    for problem in problems:
        assert problem.code in ERRORS and problem.message and "\n" not in problem.message
        assert problem.span.file and not problem.span.file.startswith("/")
        assert f"error[{problem.code}]" in text
    assert len([json.loads(line) for line in render_json(problems).splitlines()]) == len(problems)
    return problems


# --- Known keys, any values --------------------------------------------------------------------------

NAMES = some.sampled_from(["caller", "echo", "boss", "driver", "pair", "tuned", "writer", "a", "b", "samples", "dev", "rate", "x"])
JUNK = some.one_of(some.none(), some.booleans(), some.integers(-(1 << 70), 1 << 70), some.floats(), some.text(max_size=6),
                   some.just([]), some.just({}), some.just("${settings.checks}"), some.just("${config.x + 1}"))


def value_for(shape: Shape, depth: int = 0) -> some.SearchStrategy:
    """A value that often fits the shape."""
    return some.one_of(*[_fitting(shape, depth)] * 5, JUNK) if depth else _fitting(shape, depth)


def _fitting(shape: Shape, depth: int) -> some.SearchStrategy:
    match shape:
        case Bool():
            return some.booleans()
        case Integer():
            return some.integers(max(shape.minimum - 2, -100), min(shape.maximum + 2, 300))
        case Size():
            return some.sampled_from(["4KiB", 4096, "16MiB", "1GiB", 0, "64kb"])
        case Duration():
            return some.sampled_from(["1ms", "10ms", "2s", "none", 5])
        case Choice():
            return some.sampled_from([*shape.choices, "nothing"])
        case ListOf():
            return some.lists(value_for(shape.item, depth + 1), max_size=4)
        case MapOf():
            return some.dictionaries(NAMES, value_for(shape.item, depth + 1), max_size=4)
        case Either():
            return some.one_of(*(value_for(inner, depth) for inner in (shape.scalar, shape.list, shape.map) if inner))
        case Map():
            return _map(shape, depth)
        case Text():
            return some.one_of(NAMES, _text(shape))
        case Scalar():
            return JUNK
        case Anything():
            return some.just({})
    raise AssertionError(f"no strategy for {shape}")


def _text(shape: Text) -> some.SearchStrategy:
    if shape is grammar.ARROW:
        return some.tuples(NAMES, NAMES, NAMES, NAMES).map(lambda n: f"{n[0]}.{n[1]} -> {n[2]}.{n[3]}")
    if shape is grammar.END:
        return some.tuples(NAMES, NAMES).map(".".join)
    if shape.pattern and len(shape.pattern) < 200:
        return some.from_regex(re.compile(shape.pattern, re.ASCII), fullmatch=True)
    return some.text(max_size=8)


def _map(shape: Map, depth: int) -> some.SearchStrategy:
    required = {field.name: value_for(field.shape, depth + 1) for field in shape.fields.values() if field.required}
    optional = {field.name: value_for(field.shape, depth + 1) for field in shape.fields.values() if not field.required}
    return some.fixed_dictionaries(required, optional=optional)


def as_file(value: dict, name: str, key: str) -> bytes:
    """YAML by way of JSON, with the name that finds the file."""
    return json.dumps({**value, key: name}, allow_nan=True).encode("utf-8", "replace")


SYSTEMS = value_for(grammar.SYSTEM).map(lambda v: as_file({"settings": {"board": "tiny"}, **v}, "case", "system"))


@settings(BUDGET, max_examples=120)
@given(SYSTEMS)
def test_any_system(project: Path, data: bytes) -> None:
    with changed(project, "apps/case/system.yaml", data):
        check(project)


@settings(BUDGET, max_examples=60)
@given(some.one_of(value_for(grammar.COMPONENT), value_for(grammar.COMPOUND)).map(lambda v: as_file(v, "echo", "component")))
def test_any_component(project: Path, data: bytes) -> None:
    with changed(project, "components/echo/component.yaml", data):
        check(project)


@settings(BUDGET, max_examples=60)
@given(value_for(grammar.INTERFACE).map(lambda v: as_file(v, "Echo", "interface")))
def test_any_interface(project: Path, data: bytes) -> None:
    with changed(project, "components/interfaces/echo.yaml", data):
        check(project)


@settings(BUDGET, max_examples=60)
@given(value_for(grammar.SETTINGS).map(lambda v: json.dumps(v).encode()))
def test_any_settings(project: Path, data: bytes) -> None:
    with changed(project, "settings.yaml", data):
        check(project)


@settings(BUDGET, max_examples=60)
@given(value_for(grammar.BOARD).map(lambda v: as_file(v, "tiny", "board")))
def test_any_board(project: Path, data: bytes) -> None:
    with changed(project, "cmake/boards/tiny/board.yaml", data):
        check(project)


# --- Systems that could be meant ---------------------------------------------------------------------

INSTANCES = {"c1": "caller", "c2": "caller", "e1": "echo", "e2": "echo", "boss": "boss", "w": "writer", "r": "reader", "t": "tuned",
             "l": "listener", "p": "pair", "d1": "driver", "d2": "driver", "dma": "dma_driver"}
DEVICES = some.sampled_from(["first", "second", "third", "fourth", "off", "uart", "psci", "timer@1000", "frst", '/dev@a002000'])
OTHERS = some.sampled_from([*INSTANCES, "c", "missing"])
RESTARTS = some.fixed_dictionaries({"on": some.lists(some.sampled_from(["fault", "exit", "hang", "refused"]), unique=True)}, optional={
    "heartbeat": some.sampled_from(["10ms", "1s"]), "limit": some.sampled_from(["0 in 1s", "9 in 1s", "none"]),
    "backoff": some.sampled_from(["1s", "1s..10ms", "10ms..1s"]), "escalate": some.booleans()})


def _instance(component: str) -> some.SearchStrategy:
    optional = {"budget": some.sampled_from(["1ms", "20ms"]), "period": some.just("10ms"), "after": some.lists(OTHERS, max_size=2),
                "supervisor": OTHERS, "restart": RESTARTS, "when": some.booleans(), "replicas": some.integers(1, 3),
                "cpu": some.integers(0, 1), "config": some.fixed_dictionaries({}, optional={"rate": some.integers(0, 120)}),
                "devices": some.fixed_dictionaries({}, optional={"dev": DEVICES})}
    priority = {} if component == "pair" else {"priority": some.sampled_from([1, 50, 100, 150, 254])}
    return some.fixed_dictionaries({"component": some.just(component), **priority}, optional=optional)


ENDS = some.sampled_from(["c1.echo", "c2.echo", "l.tick", "c.echo", "c1.ehco", "r.echo"])
PROVIDERS = some.sampled_from(["e1.echo", "e2.echo", "p.echo", "e.echo", "e1.ehco", "boss.echo"])
PLAUSIBLE = some.fixed_dictionaries(
    {"instances": some.fixed_dictionaries({}, optional={name: _instance(component) for name, component in INSTANCES.items()})},
    optional={"connections": some.lists(some.one_of(
        some.tuples(ENDS, PROVIDERS).map(" -> ".join),
        some.builds(lambda user, to, time: {"from": user, "to": to, "timeout": time}, ENDS, PROVIDERS,
                    some.sampled_from(["1ms", "none", "86400s"]))), max_size=5),
        "regions": some.dictionaries(some.sampled_from(["samples", "other"]), some.fixed_dictionaries({
            "size": some.sampled_from(["4KiB", "1GiB"]),
            "users": some.dictionaries(some.sampled_from(["w", "r", "w.samples", "r.samples", "x"]), some.sampled_from(["r", "rw"]))}))})


def test_any_plausible_system(project: Path) -> None:
    seen: set[str] = set()

    @settings(BUDGET, max_examples=150)
    @given(PLAUSIBLE.map(lambda v: as_file({"settings": {"board": "tiny"}, **v}, "case", "system")))
    def run(data: bytes) -> None:
        with changed(project, "apps/case/system.yaml", data):
            seen.update({problem.code for problem in check(project)} or {"good"})

    run()
    # The rules behind names and shapes are reached too: of some 40 that could show, most do.
    assert "good" in seen and len(seen) > 18, sorted(seen)


# --- Known files, damaged ----------------------------------------------------------------------------

PIECES = some.sampled_from([":", "- ", "{", "}", "[", "]", ",", "\n", "  ", "'", '"', "&a ", "*a", "!!int ", "${", "}", "null", "0",
                            "999999999999999999999", "#", "->", ".", "\t", "echo", "caller: ", "\x00", "\ufeff", "é", "|", ">", "? "])
EDITS = some.lists(some.tuples(some.floats(0, 1), some.integers(0, 12), some.lists(PIECES, max_size=3).map("".join)),
                   min_size=1, max_size=3)


def edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    for place, length, piece in edits:
        at = int(place * len(text))
        text = text[:at] + piece + text[at + length:]
    return text


@settings(BUDGET, max_examples=250)
@given(some.sampled_from(FILES), EDITS)
def test_any_damage_to_a_file(project: Path, file: str, edits: list[tuple[float, int, str]]) -> None:
    text = (project / file).read_text()
    with changed(project, file, edited(text, edits).encode("utf-8", "surrogatepass")):
        check(project)


@settings(BUDGET, max_examples=60)
@given(some.sampled_from(FILES), some.binary(max_size=60))
def test_any_bytes(project: Path, file: str, data: bytes) -> None:
    with changed(project, file, data):
        check(project)


@settings(BUDGET, max_examples=60)
@given(some.sampled_from(["case", "", "..", "../case", "no/app", "\x00"]), some.lists(some.text("abcdelorstuv_=.0123${}'", max_size=14), max_size=2),
       some.sampled_from(["", "tiny", "../tiny", "x"]), some.sampled_from(["", "small", "../x", "\x00"]))
def test_any_command_line(project: Path, app: str, sets: list[str], board: str, variant: str) -> None:
    for problem in problems_of(app, board, variant, sets, project):
        assert problem.code in ERRORS
