"""What `tenon new` makes works as it is: it checks, builds and runs.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from documents import environment
from project_copy import project_copy

SYSTEM = """system: lamp
expect: poweroff
instances:
  lamp: {component: lamp, priority: 100}
  wall_switch: {component: wall_switch, priority: 200}
connections: []
"""


def tenon(root: Path, *words: str) -> str:
    """What the command prints; it must succeed."""
    done = subprocess.run([str(root / "tenon"), *words], cwd=root, env=environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.timeout(900)  # it may have to wait for others that use the copy
def test_a_new_component_with_a_new_interface_runs_in_a_new_app() -> None:
    with project_copy() as root:
        tenon(root, "new", "app", "lamp")
        tenon(root, "new", "component", "wall_switch", "--app", "lamp")
        tenon(root, "new", "interface", "dim_level")
        (root / "apps/lamp/system.yaml").write_text(SYSTEM)
        component = root / "apps/lamp/components/wall_switch/component.yaml"
        component.write_text(component.read_text() + "uses: {level: {interface: DimLevel, optional: true}}\n")

        shown = tenon(root, "run", "lamp").splitlines()

    assert [line for line in shown if line.startswith(("lamp:", "wall_switch:"))] == ["wall_switch: ready", "lamp: hello"]


@pytest.mark.parametrize("name", ["main", "default", "Door", "1st"])
def test_a_name_that_c_or_yaml_cannot_have_is_refused(name: str, tenon) -> None:
    done = tenon("new", "app", name)

    assert done.returncode == 1
    assert f"tenon: `{name}` is" in done.stderr and "Traceback" not in done.stderr
