"""The stack check, on call graphs that gcc makes of small programs. SPDX-License-Identifier: BSD-2-Clause"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from builder import model
from builder.callgraph import INDIRECT, Function, merge, read_folder
from builder.callpath import Annotations
from builder.diagnostic import Diagnostics
from builder.measure import RUNTIME, Need, stack_needs
from hand_made import HERE, component, instance

ENTRY = Annotations({"_start": ("main", "instance_run_thread")}, {"_start": 0})
GCC = ["aarch64-linux-gnu-gcc", "-O2", "-ffreestanding", "-fno-inline", "-fno-optimize-sibling-calls",
       "-fno-ipa-pure-const", "-fstack-usage", "-fcallgraph-info=su,da", "-c"]


def compiled(folder: Path, **sources: str) -> dict[str, Function]:
    folder = folder / "objects"  # each test has its own: records of a folder are read once
    folder.mkdir()
    for name, text in sources.items():
        (folder / f"{name}.c").write_text(text)
        subprocess.run([*GCC, f"{name}.c", "-o", f"{name}.o"], cwd=folder, check=True)
    return read_folder(folder)


def check(graph: dict[str, Function], stack: int = 4096, common: Annotations = ENTRY,
          **given: object) -> tuple[tuple[Need, ...], Diagnostics]:
    problems = Diagnostics()
    return stack_needs(instance("i", component("c", stack=stack, **given)), graph, problems, common), problems


def frame(graph: dict[str, Function], name: str) -> int:
    return next(function.frame for function in graph.values() if function.name == name)


LEAF = "void use(void *); int leaf(int n) { char room[500]; use(room); return room[n]; } void use(void *p) {(void)p;}"


def test_the_deepest_path_counts(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int leaf(int); int small(int n) { return n; }"
                     "int main(void) { return leaf(1) + small(2); }", b=LEAF)
    (need,), problems = check(graph)

    assert not problems
    assert need.bytes == frame(graph, "main") + frame(graph, "leaf") + frame(graph, "use") > 500
    assert [name for name, _ in need.path] == ["_start", "main", "leaf"]


def test_a_stack_that_is_too_small_is_an_error_with_the_path(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int leaf(int); int main(void) { return leaf(1); }", b=LEAF)
    (need,), problems = check(graph, stack=512)

    assert [p.code for p in problems] == ["E0902"]
    assert problems[0].expected == f"at least {need.bytes} bytes" and problems[0].suggestion == "stack: 4KiB"
    assert "main" in problems[0].notes[0].text and "leaf" in problems[0].notes[0].text


def test_a_stack_of_exactly_the_need_is_enough(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int leaf(int); int main(void) { return leaf(1); }", b=LEAF)
    (need,), _ = check(graph)

    assert not check(graph, stack=need.bytes)[1]
    assert check(graph, stack=need.bytes - 1)[1]


@pytest.mark.parametrize("code,source,cure", [
    ("E0903", "int other(int); int main(void) { return other(3); } int other(int n) { return n ? main() : 1; }",
     {"stack_extern": {"main": 200}}),
    ("E0903", "int f(int n) { return n ? f(n - 1) * n + 1 : 1; } int main(void) { return f(3); }",
     {"stack_extern": {"f": 200}}),
    ("E0904", "int (*volatile way)(void); int there(void) { return 1; } int main(void) { return way(); }",
     {"stack_calls": {"main": ("there",)}}),
    ("E0905", "int assembly(void); int main(void) { return assembly(); }", {"stack_extern": {"assembly": 32}}),
    ("E0906", "void use(void *p) { (void)p; } int main(int n) { char room[n]; use(room); return room[0]; }",
     {"stack_extern": {"main": 700}}),
], ids=["mutual recursion", "recursion", "pointer", "assembly", "variable frame"])
def test_what_gcc_cannot_know_is_an_error_until_it_is_annotated(tmp_path: Path, code: str, source: str,
                                                                 cure: dict) -> None:
    graph = compiled(tmp_path, a=source.replace("int main(int n)", "extern int n; int main(void)"))

    assert {p.code for p in check(graph)[1]} == {code}
    assert not check(graph, **cure)[1]


def test_a_pointer_counts_as_its_deepest_target(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int leaf(int); static int cheap(int n) { return n; }"
                     "int (*volatile way)(int) = cheap; int main(void) { return way(1); }", b=LEAF)
    (cheap,), _ = check(graph, stack_calls={"main": ("cheap",)})
    (both,), _ = check(graph, stack_calls={"main": ("cheap", "leaf")})

    assert both.bytes - cheap.bytes == frame(graph, "leaf") + frame(graph, "use") - frame(graph, "cheap")


def test_an_annotation_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int (*volatile way)(void); int main(void) { return way(); }")

    assert [p.code for p in check(graph, stack_calls={"main": ("mispelt",)})[1]] == ["E0905"]


def test_each_thread_is_checked_against_its_own_stack(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int leaf(int); void worker_main(void) { leaf(1); }"
                     "void instance_run_thread(int n) { if (n == 1) worker_main(); } int main(void) { return 0; }",
                     b=LEAF)
    threads = {"main": model.Thread("main", 0, 4096, HERE), "worker": model.Thread("worker", 0, 256, HERE)}
    (main, worker), problems = check(graph, threads=threads)

    assert main.bytes < 100 and worker.bytes > 500
    assert [p.code for p in problems] == ["E0902"] and "`i.worker`" in problems[0].message


def test_of_two_functions_called_the_same_the_larger_counts() -> None:
    small, large = Function("f", 10, True, {"a"}), Function("f", 20, True, {"b"})
    merged = merge([{"f": small}, {"f": large}])["f"]

    assert (merged.frame, merged.calls) == (20, {"a", "b"})


def test_an_annotation_is_about_the_variants_that_gcc_makes_of_a_function() -> None:
    graph = {"main": Function("main", 16, True, {"a.c:act.isra.0"}), "a.c:act.isra.0": Function("a.c:act.isra.0", 32, True, {INDIRECT}),
             "a.c:there.part.0": Function("a.c:there.part.0", 700, True, set())}
    (need,), problems = check(graph, stack_calls={"act": ("there",)})

    assert not problems and need.bytes == 16 + 32 + 700


def test_an_annotation_of_a_function_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int assembly(void); int main(void) { return assembly(); }")

    problems = check(graph, stack_extern={"assembly": 0, "asembly": 0}, stack_calls={"mian": ("main",)})[1]
    assert [(p.code, p.suggestion) for p in problems] == [("E0907", "main"), ("E0907", "assembly")]


def test_the_entry_of_the_runtime_is_known(tmp_path: Path) -> None:
    graph = compiled(tmp_path, a="int leaf(int); void runtime_start(void) { leaf(1); }", b=LEAF)

    (need,), problems = check(graph, common=RUNTIME)
    assert not problems and [name for name, _ in need.path] == ["_start", "runtime_start", "leaf"]
