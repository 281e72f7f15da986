"""The longest path of calls from a function, in bytes of stack.

Fails closed: recursion, a call through a pointer, a frame without bound and a function without a record
(assembly, a compiler's helper) are errors until an annotation says what to count.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .callgraph import INDIRECT, Function, plain_name
from .diagnostic import Diagnostics, Note, Span

Path = tuple[int, tuple[tuple[str, int], ...]]   # bytes in all; each function with its frame


@dataclass(frozen=True, slots=True)
class Annotations:
    """What gcc cannot know. `bytes` of a function that has a record replaces what its record and its calls say."""

    calls: Mapping[str, tuple[str, ...]]
    bytes: Mapping[str, int]


@dataclass(slots=True)
class Walk:
    """Depth-first search for the longest path. Each function is worked out once."""

    owner: str                      # whose functions these are, for messages
    span: Span
    graph: Mapping[str, Function]
    annotations: Annotations
    problems: Diagnostics
    skip: frozenset[str] = frozenset()  # functions that do not run on this stack
    done: dict[str, Path] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    failed: bool = False
    statics: dict[str, list[str]] = field(default_factory=dict)  # keys by plain name, made when needed

    def need(self, key: str) -> Path:
        name = plain_name(key)
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

    def _deepest(self, frame: int, name: str, callees: list[str]) -> Path:
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
                self.statics.setdefault(plain_name(key), []).append(key)
        return self.statics.get(name, [name])

    def _report(self, code: str, message: str, expected: str, suggestion: str) -> None:
        self.failed = True
        way = " > ".join(plain_name(key) for key in self.trail)
        notes = [Note(f"reached by {way}")] if way else []
        self.problems.add(code, self.span, message, expected=expected, suggestion=suggestion, notes=notes)

    def _recursion(self, key: str) -> None:
        name = plain_name(key)
        self._report("E0903", f"`{name}` of `{self.owner}` calls itself",
                     "a path of calls that ends, or the most bytes that it may need in all",
                     f"stack_extern: {{{name}: BYTES}}")

    def _indirect(self, function: Function) -> None:
        self._report("E0904", f"`{function.name}` of `{self.owner}` calls through a pointer",
                     "the functions that the pointer may lead to",
                     f"stack_calls: {{{function.name}: [FUNCTION, ...]}}")

    def _no_record(self, key: str) -> None:
        self._report("E0905", f"how much stack `{key}` needs is not known (`{self.owner}` uses it)",
                     "its bytes, and what it calls if it calls anything", f"stack_extern: {{{key}: BYTES}}")

    def _unbounded(self, function: Function) -> None:
        self._report("E0906", f"the frame of `{function.name}` of `{self.owner}` has no fixed size",
                     "no alloca and no array of variable length, or the most bytes it may need in all",
                     f"stack_extern: {{{function.name}: BYTES}}")
