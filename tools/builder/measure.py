"""How much stack each thread needs: the longest path of calls from its entry.

Fails closed: recursion, an indirect call, an unbounded frame or a function without a record (assembly, a
compiler's helper) is an error until the component's `stack_calls` or `stack_extern` says what to count.
Interrupts and system calls use the kernel's stack, so a path of calls is all there is.

The graph of calls is that of the whole program: handlers of one thread count for all that serve.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import model
from .abi import PAGE
from .callgraph import INDIRECT, Function, merge, read_folder
from .diagnostic import Diagnostics, Note, Span, did_you_mean

ENTRY = "_start"                    # of every thread; it goes to START
THREADS = "instance_run_thread"     # glue: goes to <thread>_main of threads other than main
MAIN = "main"


@dataclass(frozen=True, slots=True)
class Annotations:
    """What gcc cannot know. `bytes` of a function that has a record replaces what its record and its calls say."""

    calls: Mapping[str, tuple[str, ...]]
    bytes: Mapping[str, int]


# The runtime's entry is assembly: it takes no stack and goes on in C.
RUNTIME = Annotations({ENTRY: ("runtime_start",)}, {ENTRY: 0})


@dataclass(frozen=True, slots=True)
class Need:
    """What one thread needs, and the functions on the path that needs most."""

    thread: str
    bytes: int
    path: tuple[tuple[str, int], ...]


def folders(instance: model.Instance, build: Path) -> list[Path]:
    """Where CMake keeps the records of everything linked into an instance."""
    component = instance.component
    targets = [f"component_{instance.c_name}", "runtime", "newlib_fpu" if component.fpu else "newlib"]
    targets += ["newlib_heap"] if component.heap else []
    return [build / "CMakeFiles" / f"{target}.dir" for target in targets]


def graph_of(instance: model.Instance, build: Path) -> dict[str, Function]:
    return merge(read_folder(folder) for folder in folders(instance, build))


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
        walk = _Walk(instance, graph, annotations, frozenset(skip), problems)
        total, path = walk.need(ENTRY)
        needs.append(Need(thread, total, path))
        if not walk.failed:
            _compare(instance, needs[-1], problems)
    return tuple(needs)


def _check_annotations(component: model.ComponentType, graph: Mapping[str, Function], problems: Diagnostics) -> None:
    """Each names a function that is there, or that somebody calls."""
    if not component.stack_calls and not component.stack_extern:
        return
    known = {key.rpartition(":")[2] for function in graph.values() for key in (function.key, *function.calls)}
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


@dataclass(slots=True)
class _Walk:
    """Depth-first search for the longest path. Each function is worked out once."""

    instance: model.Instance
    graph: Mapping[str, Function]
    annotations: Annotations
    skip: frozenset[str]
    problems: Diagnostics
    done: dict[str, tuple[int, tuple[tuple[str, int], ...]]] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    failed: bool = False
    statics: dict[str, list[str]] = field(default_factory=dict)  # keys by plain name, made when needed

    def need(self, key: str) -> tuple[int, tuple[tuple[str, int], ...]]:
        name = key.rpartition(":")[2]
        if key in self.done or name in self.skip:
            return self.done.get(key, (0, ()))
        if key in self.trail:
            self._recursion(key)
            return 0, ()
        stated = self.annotations.bytes.get(name)
        function = self.graph.get(key)
        if function is None and stated is None:
            self._no_record(key)
            return 0, ()
        self.trail.append(key)
        if stated is None:
            found = self._deepest(function.frame, name, self._callees(function))
        else:
            found = self._deepest(stated, name, self._annotated(name) if function is None else [])
        self.trail.pop()
        self.done[key] = found
        return found

    def _deepest(self, frame: int, name: str, callees: list[str]) -> tuple[int, tuple[tuple[str, int], ...]]:
        below = max((self.need(callee) for callee in callees), default=(0, ()))
        return frame + below[0], ((name, frame), *below[1])

    def _callees(self, function: Function) -> list[str]:
        callees = sorted(function.calls - {INDIRECT})
        if not function.bounded:
            self._unbounded(function)
        if INDIRECT in function.calls:
            if function.name not in self.annotations.calls:
                self._indirect(function)
            callees += self._annotated(function.name)
        return callees

    def _annotated(self, name: str) -> list[str]:
        """The functions `stack_calls` names, by their keys; a name without file may be a static function's."""
        return [key for target in self.annotations.calls.get(name, ()) for key in self._keys(target)]

    def _keys(self, name: str) -> list[str]:
        if not self.statics:
            for key in self.graph:
                self.statics.setdefault(key.rpartition(":")[2], []).append(key)
        return self.statics.get(name, [name])

    def _report(self, code: str, message: str, expected: str, suggestion: str) -> None:
        self.failed = True
        component = self.instance.component
        way = " > ".join(key.rpartition(":")[2] for key in self.trail)
        notes = [Note(f"reached by {way}")] if way else []
        self.problems.add(code, component.span, message, expected=expected, suggestion=suggestion, notes=notes)

    def _recursion(self, key: str) -> None:
        name = key.rpartition(":")[2]
        self._report("E0903", f"`{name}` of `{self.instance.component.name}` calls itself",
                     "a path of calls that ends, or the most bytes that it may need in all",
                     f"stack_extern: {{{name}: BYTES}}")

    def _indirect(self, function: Function) -> None:
        self._report("E0904", f"`{function.name}` of `{self.instance.component.name}` calls through a pointer",
                     "the functions that the pointer may lead to",
                     f"stack_calls: {{{function.name}: [FUNCTION, ...]}}")

    def _no_record(self, key: str) -> None:
        self._report("E0905", f"how much stack `{key}` needs is not known (`{self.instance.component.name}` uses it)",
                     "its bytes, and what it calls if it calls anything", f"stack_extern: {{{key}: BYTES}}")

    def _unbounded(self, function: Function) -> None:
        self._report("E0906", f"the frame of `{function.name}` of `{self.instance.component.name}` has no fixed size",
                     "no alloca and no array of variable length, or the most bytes it may need in all",
                     f"stack_extern: {{{function.name}: BYTES}}")
