"""The whole front-end on small projects: all mistakes at once, what compounds and replicas come to, speed."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from builder.diagnostic import render
from builder.front import check_library, load
from builder.model import MS, SECOND, System

from corpus import HERE, check_project, make_project


def project(tmp_path: Path, system: str, files: dict[str, str] | None = None) -> Path:
    root = make_project(tmp_path / "project")
    for path, text in {"apps/case/system.yaml": system, **(files or {})}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def loaded(root: Path, variant: str | None = None, sets: tuple[str, ...] = ()) -> System:
    result = load("case", None, variant, sets, root)
    assert result.system is not None, render(result.problems, root)
    return result.system


def system_yaml(instances: str, connections: str = "[]", rest: str = "") -> str:
    return f"system: case\nsettings: {{board: tiny}}\ninstances: {{{instances}}}\nconnections: {connections}\n{rest}"


PAIR = "caller: {component: caller, priority: 100}, echo: {component: echo, priority: 150}"


def test_twelve_mistakes_give_twelve_messages(tmp_path: Path) -> None:
    root = make_project(tmp_path, HERE / "twelve")
    marked = {number: line for number, line in enumerate((HERE / "twelve/system.yaml").read_text().split("\n"), 1)
              if re.search(r"# \d+:", line)}

    problems = check_project(root)

    assert len(marked) == 12
    assert [problem.span.line for problem in problems] == sorted(marked), render(problems, root)


def test_names_are_resolved(tmp_path: Path) -> None:
    system = loaded(project(tmp_path, system_yaml(PAIR, "[caller.echo -> echo.echo]")))
    connection, = system.connections

    assert connection.name == "caller.echo"
    assert connection.user is system.instances["caller"] and connection.provider is system.instances["echo"]
    assert connection.use is connection.user.component.uses["echo"]
    assert connection.provide is connection.provider.component.provides["echo"]
    assert connection.timeout == SECOND
    assert system.clients_of(connection.provider) == system.connections_of(connection.user) == (connection,)


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    text = "system: case\nsettings: {board: tiny}\ninstances:\n  tuned:\n    component: tuned\n    priority: 7\n    config:\n      rate: 9\n"
    tuned = loaded(project(tmp_path, text)).instances["tuned"]

    assert str(tuned.where("priority")) == "apps/case/system.yaml:6:15"
    assert str(tuned.where("config.rate")) == "apps/case/system.yaml:8:13"
    assert tuned.where("config.label").file == "components/tuned/component.yaml"
    assert tuned.where("budget") == tuned.span
    assert {name: value.value for name, value in tuned.config.items()} == {"label": "none", "rate": 9}


def test_a_compound_is_flattened(tmp_path: Path) -> None:
    text = system_yaml("pair: {component: pair, config: {base: 60}, log: debug}, caller: {component: caller, priority: 50}",
                       "[caller.echo -> pair.echo]")
    system = loaded(project(tmp_path, text))

    assert list(system.instances) == ["caller", "pair.helper", "pair.inner"]
    assert [system.instances[name].priority for name in ("pair.inner", "pair.helper")] == [60, 110]
    assert {system.instances[name].log for name in ("pair.inner", "pair.helper")} == {"debug"}
    assert [(c.name, c.provider.name) for c in system.connections] == [
        ("caller.echo", "pair.helper"), ("pair.inner.echo", "pair.helper")]
    assert system.instances["pair.inner"].c_name == "pair_inner"


def test_replicas_fan_out(tmp_path: Path) -> None:
    many = "many: {component: caller, priority: 10, replicas: 3}, echo: {component: echo, priority: 150}"
    system = loaded(project(tmp_path, system_yaml(many, "[many.echo -> echo.echo]")))

    assert [(c.name, c.provider.name) for c in system.connections] == [
        (f"many{index}.echo", "echo") for index in range(3)]


def test_as_many_users_as_providers_go_one_by_one(tmp_path: Path) -> None:
    many = "many: {component: caller, priority: 10, replicas: 2}, echo: {component: echo, priority: 150, replicas: 2}"
    system = loaded(project(tmp_path, system_yaml(many, "[many.echo -> echo.echo]")))

    assert [c.provider.name for c in system.connections] == ["echo0", "echo1"]


def test_compounds_are_replicated_and_nested(tmp_path: Path) -> None:
    outer = "component: outer\nkind: compound\ninstances: {two: {component: pair, replicas: 2}}\nexports: {}\n"
    system = loaded(project(tmp_path, system_yaml("o: {component: outer}"), {"components/outer/component.yaml": outer}))

    assert list(system.instances) == ["o.two0.helper", "o.two0.inner", "o.two1.helper", "o.two1.inner"]


def test_what_is_left_out_takes_optional_connections_along(tmp_path: Path) -> None:
    ticker = "component: ticker\nkind: server\nsources: [ticker.c]\nprovides: {tick: Tick}\n"
    files = {"components/ticker/component.yaml": ticker, "components/ticker/ticker.c": "int main(void) { return 0; }\n"}
    text = system_yaml("l: {component: listener, priority: 10, after: [t]}, "
                       "t: {component: ticker, priority: 20, when: '${settings.log_level == ''debug''}'}", "[l.tick -> t.tick]")

    without = loaded(project(tmp_path, text, files))
    with_it = loaded(project(tmp_path, text, files), sets=("log_level=debug",))

    assert (list(without.instances), without.connections, without.instances["l"].after) == (["l"], (), ())
    assert (len(with_it.connections), with_it.instances["l"].after) == (1, ("t",))


def test_a_variant_changes_removes_and_adds(tmp_path: Path) -> None:
    variant = ("settings: {log_level: error}\ninstances: {caller: null, other: {component: caller, priority: 9}, "
               "echo: {priority: 99}}\nconnections: null\nconnections+: [other.echo -> echo.echo]\n")
    root = project(tmp_path, system_yaml(PAIR, "[caller.echo -> echo.echo]"), {"apps/case/variants/other.yaml": variant})
    system = loaded(root, "other")

    assert list(system.instances) == ["echo", "other"]
    assert (system.instances["echo"].priority, system.instances["echo"].log) == (99, "error")
    assert system.instances["echo"].where("priority").file == "apps/case/variants/other.yaml"
    assert [c.name for c in system.connections] == ["other.echo"]


def test_includes_add_up(tmp_path: Path) -> None:
    common = "instances: {echo: {component: echo, priority: 150}}\nconnections: [caller.echo -> echo.echo]\n"
    text = "include: [parts/common.yaml]\nsystem: case\nsettings: {board: tiny}\ninstances: {caller: {component: caller, priority: 1}}\n"
    system = loaded(project(tmp_path, text, {"apps/case/parts/common.yaml": common}))

    assert list(system.instances) == ["caller", "echo"] and len(system.connections) == 1
    assert "apps/case/parts/common.yaml" in system.inputs


def test_timeouts_come_from_the_nearest_place(tmp_path: Path) -> None:
    text = system_yaml("c: {component: caller, priority: 9, replicas: 3}, echo: {component: echo, priority: 150}",
                       "[c0.echo -> echo.echo, {from: c1.echo, to: echo.echo, timeout: none}, "
                       "{from: c2.echo, to: echo.echo, timeout: 30ms}]", "defaults: {timeout: 2s}\n")

    assert [c.timeout for c in loaded(project(tmp_path, text)).connections] == [2 * SECOND, None, 30 * MS]


@pytest.mark.parametrize("limit, expected", [("limit: 5 in 10s", (5, 10)), ("limit: 3 in 7s", (3, 7)), ("limit: none", (None, 10))])
def test_a_backoff_grows_within_some_time_also_without_a_limit(limit: str, expected: tuple[int | None, int], tmp_path: Path) -> None:
    text = system_yaml(f"boss: {{component: boss, priority: 200}}, echo: {{component: echo, priority: 150, supervisor: boss, "
                       f"restart: {{on: [fault], {limit}}}}}")
    restart = loaded(project(tmp_path, text)).instances["echo"].restart

    assert (restart.limit, restart.window) == (expected[0], expected[1] * SECOND)


def test_a_device_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    for name in ("timer@1000", "/bus/timer@1000", '"test,timer"'):
        text = system_yaml(f"drv: {{component: driver, priority: 9, devices: {{dev: {name}}}}}")
        node = loaded(project(tmp_path, text)).instances["drv"].devices["dev"]
        assert node.path == "/bus/timer@1000"


def test_regions_are_bound_by_name(tmp_path: Path) -> None:
    text = system_yaml("w: {component: writer, priority: 9}, r: {component: reader, priority: 8}", "[]",
                       "regions: {box: {size: 8KiB, persistent: true, users: {w.samples: rw, r.samples: r}}}\n")
    region = loaded(project(tmp_path, text)).regions["box"]

    assert (region.bytes, region.persistent) == (8192, True)
    assert [(u.instance.name, u.use.name, u.rights) for u in region.users] == [("r", "samples", "r"), ("w", "samples", "rw")]


def test_the_order_of_a_file_changes_nothing(tmp_path: Path) -> None:
    first = loaded(project(tmp_path / "a", system_yaml(PAIR, "[caller.echo -> echo.echo]")))
    swapped = ", ".join(reversed(re.findall(r"\w+: \{.*?\}", PAIR)))
    second = loaded(project(tmp_path / "b", system_yaml(swapped, "[caller.echo -> echo.echo]")))

    assert list(first.instances) == list(second.instances)
    assert [c.name for c in first.connections] == [c.name for c in second.connections]


def test_an_unused_broken_component_is_found_in_the_library(tmp_path: Path) -> None:
    root = project(tmp_path, system_yaml(PAIR, "[caller.echo -> echo.echo]"),
                   {"components/lonely/component.yaml": "component: lonely\nkind: app\nsources: [lonely.c]\n"})

    assert [problem.code for problem in check_library(root)] == ["E0607"]


def test_a_failed_load_names_its_inputs(tmp_path: Path) -> None:
    root = project(tmp_path, "system: case\nsettings: {board: tiny\n")

    assert "apps/case/system.yaml" in load("case", None, None, (), root).inputs


@pytest.mark.parametrize("count", [1000])
def test_a_thousand_instances_are_checked_in_time(count: int, tmp_path: Path) -> None:
    pairs = count // 2
    instances = ", ".join(f"c{i}: {{component: caller, priority: 9, supervisor: b{i // 50}}}, e{i}: {{component: echo, priority: 99}}"
                          for i in range(pairs))
    bosses = ", ".join(f"b{i}: {{component: boss, priority: 200}}" for i in range(pairs // 50 + 1))
    text = system_yaml(f"{instances}, {bosses}", "[" + ", ".join(f"c{i}.echo -> e{i}.echo" for i in range(pairs)) + "]")
    root = project(tmp_path, text)

    before = time.process_time()
    system = loaded(root)

    assert len(system.instances) > count
    # Measured: 0.3 s. A quadratic pass would take several.
    assert time.process_time() - before < 1.5
