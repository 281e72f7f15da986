"""Circles in a graph of names."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Iterable


def cycles(edges: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """One circle for each tangle of nodes that reach each other, as a path without its repeated end.

    In linear time and without recursion; the first node of a path is the smallest name, and paths are sorted.
    """
    following: dict[str, list[str]] = {}
    for a, b in sorted(set(edges)):
        following.setdefault(a, []).append(b)
        following.setdefault(b, [])
    found = [_path_within(group, following) for group in _components(following)
             if len(group) > 1 or group[0] in following[group[0]]]
    return sorted(found)


def _components(following: dict[str, list[str]]) -> list[list[str]]:
    """Strongly connected components, by Tarjan's method with a stack of our own."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    groups: list[list[str]] = []
    for start in following:
        if start in number:
            continue
        work = [(start, iter(following[start]))]
        number[start] = low[start] = len(number)
        path.append(start)
        on_path.add(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = low[other] = len(number)
                    path.append(other)
                    on_path.add(other)
                    work.append((other, iter(following[other])))
                    break
                if other in on_path:
                    low[node] = min(low[node], number[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    groups.append(_take_group(node, path, on_path))
    return groups


def _take_group(node: str, path: list[str], on_path: set[str]) -> list[str]:
    group = []
    while True:
        group.append(path.pop())
        on_path.discard(group[-1])
        if group[-1] == node:
            return group


def _path_within(group: list[str], following: dict[str, list[str]]) -> tuple[str, ...]:
    """The shortest circle through the smallest name of a group."""
    inside, start = set(group), min(group)
    came: dict[str, str] = {}
    level = [start]
    while level:
        reached = []
        for node in level:
            for other in following[node]:
                if other == start:
                    return _walk_back(start, node, came)
                if other in inside and other not in came:
                    came[other] = node
                    reached.append(other)
        level = reached
    raise AssertionError("a strongly connected group has a circle through each of its nodes")


def _walk_back(start: str, node: str, came: dict[str, str]) -> tuple[str, ...]:
    path = []
    while node != start:
        path.append(node)
        node = came[node]
    return (start, *reversed(path))
