"""The runtime library on the host: event loop, start, panic, log and queues, under sanitizers."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from pathlib import Path

import pytest

from components.harness import COMPILER, INCLUDES, RUNTIME, RUNTIME_SOURCES, TESTS, run

HERE = Path(__file__).parent
CHECKS = [TESTS / "kernel" / "check.c"]
FIXTURE = [HERE / "fixture.c", TESTS / "components" / "host.c", *RUNTIME_SOURCES, RUNTIME / "source" / "start.c"]


@pytest.mark.parametrize("name", ["event_loop", "start"])
def test_of_the_library(name: str, tmp_path: Path) -> None:
    binary = tmp_path / name
    run([*COMPILER, "-Werror", *INCLUDES, f"-I{RUNTIME / 'source'}", "-Dmain=component_main", "-c",
         "-o", tmp_path / "start.o", RUNTIME / "source" / "start.c"])
    run([*COMPILER, "-Werror", *INCLUDES, f"-I{RUNTIME / 'source'}", f"-I{HERE}", "-o", binary, HERE / f"test_{name}.c",
         *CHECKS, *FIXTURE[:-1], tmp_path / "start.o"])
    assert " 0 failed" in run([binary]).stdout


@pytest.mark.parametrize("sanitizer", ["address,undefined", "thread"])
def test_of_queues(sanitizer: str, tmp_path: Path) -> None:
    binary = tmp_path / "queue"
    compiler = [word for word in COMPILER if not word.startswith("-fsanitize")]
    run([*compiler, f"-fsanitize={sanitizer}", "-Wno-tsan", *INCLUDES, "-pthread", "-o", binary, HERE / "test_queue.c",
         RUNTIME / "source" / "queue.c", *CHECKS])
    assert " 0 failed" in run([binary]).stdout
