"""The call graph of a program with its frame sizes, as gcc records it (-fcallgraph-info=su,da).

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

NODE = re.compile(r'^node: \{ title: "([^"]+)" label: "([^"]*)"( shape : ellipse)?', re.MULTILINE)
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', re.MULTILINE)
FRAME = re.compile(r"\\n(\d+) bytes \((static|dynamic|dynamic,bounded)\)")
INDIRECT = "__indirect_call"


@dataclass(slots=True)
class Function:
    """`key` is gcc's title: the name, for a static function with its file before it."""

    key: str
    frame: int
    bounded: bool                                     # False: alloca or an array of variable length
    calls: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return plain_name(self.key)


def plain_name(key: str) -> str:
    """As the source has it: gcc calls its own variants of a function NAME.part.0, NAME.constprop.1 and so on."""
    return key.rpartition(":")[2].partition(".")[0]


@cache
def read_folder(folder: Path) -> dict[str, Function]:
    """All functions compiled in a folder of object files. Cached: libraries serve many programs."""
    return merge(_parse(path.read_text()) for path in sorted(folder.rglob("*.ci")))


def merge(graphs: Iterable[dict[str, Function]]) -> dict[str, Function]:
    """One graph. Of two functions called the same, which one was linked is not known: both count."""
    merged: dict[str, Function] = {}
    for graph in graphs:
        for key, function in graph.items():
            other = merged.get(key)
            merged[key] = function if other is None else Function(
                key, max(function.frame, other.frame), function.bounded and other.bounded,
                function.calls | other.calls)
    return merged


def _parse(text: str) -> dict[str, Function]:
    functions = {}
    for key, label, is_external in NODE.findall(text):
        frame = FRAME.search(label)
        if frame and not is_external:
            functions[key] = Function(key, int(frame.group(1)), frame.group(2) != "dynamic")
    for caller, callee in EDGE.findall(text):
        if caller in functions:
            functions[caller].calls.add(callee)
    return functions
