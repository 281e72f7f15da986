"""Settings: where a value comes from, and what C and CMake get. tools/builder/settings.py."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import subprocess
from pathlib import Path

from builder.front import load
from builder.model import Settings
from builder.project import ROOT
from builder.settings import settings_cmake, settings_header

from corpus import make_project

DECLARED = """settings:
  flag: {type: bool, default: true, help: A flag.}
  count: {type: integer, default: -3, min: -5, max: 5, help: A number.}
  room: {type: size, default: 64KiB, help: A size.}
  pause: {type: duration, default: 10ms, help: A time.}
  title: {type: text, default: 'say "hi" \\ there', help: Text.}
  mode: {type: choice, choices: [slow, very-fast], default: slow, help: A choice.}
"""


def settings(tmp_path: Path, sets: tuple[str, ...] = (), described: str = "") -> Settings:
    root = make_project(tmp_path)
    (root / "apps/case/settings.yaml").write_text(DECLARED)
    system = root / "apps/case/system.yaml"
    system.write_text(system.read_text().replace("{board: tiny}", f"{{board: tiny{described}}}"))
    loaded = load("case", None, None, sets, root)
    assert loaded.system is not None, loaded.problems
    return loaded.system.settings


def test_the_command_line_wins_over_the_description_over_the_default(tmp_path: Path) -> None:
    found = settings(tmp_path, ("count=4", "mode=very-fast"), ", count: 2, room: 1MiB")

    assert (found["count"], found["room"], found["pause"], found["mode"]) == (4, 1 << 20, 10_000_000, "very-fast")
    assert (found.all["count"].origin, found.all["pause"].origin) == ("--set", "default")
    assert found.all["room"].origin.startswith("apps/case/system.yaml:3:")
    assert found.all["room"].span.file == "apps/case/settings.yaml"


def test_the_header_compiles_and_has_the_values(tmp_path: Path) -> None:
    header = tmp_path / "settings.h"
    header.write_text(settings_header(settings(tmp_path / "project")))
    program = tmp_path / "test.c"
    program.write_text("""#include "settings.h"
        _Static_assert(SETTING_FLAG == 1, "");
        _Static_assert(SETTING_COUNT == -3, "");
        _Static_assert(SETTING_ROOM == 65536, "");
        _Static_assert(SETTING_PAUSE == 10000000, "");
        _Static_assert(SETTING_MODE == SETTING_MODE_SLOW && SETTING_MODE_VERY_FAST == 1, "");
        _Static_assert(sizeof SETTING_TITLE == sizeof "say \\"hi\\" \\\\ there", "");
        #if SETTING_COUNT >= 0 || SETTING_ROOM != 65536
        #error the preprocessor must be able to compare settings
        #endif
    """)
    done = subprocess.run(["gcc", "-std=c11", "-Wall", "-Werror", "-fsyntax-only", program], capture_output=True, text=True)

    assert done.stderr == "" and done.returncode == 0


def test_cmake_reads_the_values(tmp_path: Path) -> None:
    script = tmp_path / "settings.cmake"
    script.write_text(settings_cmake(settings(tmp_path / "project")) +
                      'message("${TENON_SETTING_FLAG}|${TENON_SETTING_COUNT}|${TENON_SETTING_ROOM}|${TENON_SETTING_TITLE}")\n')
    done = subprocess.run(["cmake", "-P", script], capture_output=True, text=True)

    assert done.stderr.strip() == 'ON|-3|65536|say "hi" \\ there'


def test_the_projects_own_settings_have_help() -> None:
    found = load("hello", None, None, (), ROOT)

    assert found.system is not None and all(setting.help for setting in found.system.settings.all.values())
