"""How much stack each thread needs: the longest path of calls from its entry.

What the compiler cannot know comes from the component's `stack_calls` and `stack_extern` (see callpath.py).
Interrupts and system calls use the kernel's stack, so a path of calls is all there is.

The graph of calls is that of the whole program: handlers of one thread count for all that serve.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import model
from .abi import PAGE
from .callgraph import Function, merge, plain_name, read_folder
from .callpath import Annotations, Walk
from .diagnostic import Diagnostics, Note, Span, did_you_mean

ENTRY = "_start"                    # of every thread; it goes to START
THREADS = "instance_run_thread"     # glue: goes to <thread>_main of threads other than main
MAIN = "main"


# The runtime's entry is assembly: it takes no stack and goes on in C.
RUNTIME = Annotations({ENTRY: ("runtime_start",)}, {ENTRY: 0})


@dataclass(frozen=True, slots=True)
class Need:
    """What one thread needs, and the functions on the path that needs most."""

    thread: str
    bytes: int
    path: tuple[tuple[str, int], ...]


def folders(component: model.ComponentType, program: str, build: Path) -> list[Path]:
    """Where CMake keeps the records of everything linked into a program; those of the C library are shared."""
    libraries = ["newlib_fpu" if component.fpu else "newlib", *(["newlib_heap"] if component.heap else [])]
    return [*(build / "CMakeFiles" / f"{target}.dir" for target in (f"program_{program}", "runtime")),
            *(build / name / "CMakeFiles" / f"{name}.dir" for name in libraries)]


def graph_of(component: model.ComponentType, program: str, build: Path) -> dict[str, Function]:
    return merge(read_folder(folder) for folder in folders(component, program, build))


def stack_needs(instance: model.Instance, graph: Mapping[str, Function], problems: Diagnostics,
                common: Annotations = RUNTIME) -> tuple[Need, ...]:
    """The need of each thread, in order; those too large for their stack are reported."""
    component = instance.component
    _check_annotations(component, graph, problems)
    annotations = Annotations({**common.calls, **component.stack_calls}, {**common.bytes, **component.stack_extern})
    needs = []
    for thread in component.threads:
        others = {f"{name}_main" for name in component.threads if name not in (thread, model.MAIN_THREAD)}
        skip = others | ({THREADS} if thread == model.MAIN_THREAD else {MAIN})
        walk = Walk(component.name, component.span, graph, annotations, problems, frozenset(skip))
        total, path = walk.need(ENTRY)
        needs.append(Need(thread, total, path))
        if not walk.failed:
            _compare(instance, needs[-1], problems)
    return tuple(needs)


def _check_annotations(component: model.ComponentType, graph: Mapping[str, Function], problems: Diagnostics) -> None:
    """Each names a function that is there, or that somebody calls."""
    if not component.stack_calls and not component.stack_extern:
        return
    known = {plain_name(key) for function in graph.values() for key in (function.key, *function.calls)}
    for key, named in (("stack_calls", component.stack_calls), ("stack_extern", component.stack_extern)):
        for name in sorted(set(named) - known):
            problems.add("E0907", component.span, f"`{key}` of `{component.name}` names `{name}`, which is not there",
                         expected="a function of the component, of its libraries or of the runtime",
                         suggestion=did_you_mean(name, known))


def _compare(instance: model.Instance, need: Need, problems: Diagnostics) -> None:
    has = instance.stack_of(need.thread)
    if need.bytes > has:
        path = " > ".join(f"{name} {size}" for name, size in need.path)
        problems.add("E0902", _stack_span(instance, need.thread),
                     f"the stack of `{instance.name}.{need.thread}` is too small", found=f"{has} bytes",
                     expected=f"at least {need.bytes} bytes",
                     suggestion=f"stack: {-(-need.bytes // PAGE) * PAGE // 1024}KiB",
                     notes=[Note(f"the deepest path of calls: {path}")])


def _stack_span(instance: model.Instance, thread: str) -> Span:
    return instance.where("stack") if thread == model.MAIN_THREAD else instance.component.threads[thread].span
