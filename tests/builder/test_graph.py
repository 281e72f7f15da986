"""Circles are found, against a plain search. tools/builder/graph.py."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from builder.graph import cycles
from hypothesis import given
from hypothesis import strategies as some


def reaches(edges: set[tuple[str, str]], start: str) -> set[str]:
    """What can be reached from a node in one step or more, the plain way."""
    found: set[str] = set()
    grown = {b for a, b in edges if a == start}
    while grown - found:
        found |= grown
        grown = {b for a, b in edges if a in found}
    return found


def test_a_circle_begins_with_its_smallest_name() -> None:
    assert cycles([("c", "a"), ("a", "b"), ("b", "c"), ("b", "d")]) == [("a", "b", "c")]


def test_a_node_that_points_to_itself_is_a_circle() -> None:
    assert cycles([("a", "a"), ("a", "b")]) == [("a",)]


def test_a_long_chain_is_no_problem() -> None:
    chain = [(f"n{i:05}", f"n{i + 1:05}") for i in range(20_000)]

    assert cycles(chain) == []
    assert len(cycles([*chain, ("n20000", "n00000")])[0]) == 20_001


@given(some.sets(some.tuples(some.sampled_from("abcdefg"), some.sampled_from("abcdefg"))))
def test_circles_agree_with_a_plain_search(edges: set[tuple[str, str]]) -> None:
    found = cycles(edges)
    circular = {node for edge in edges for node in edge if node in reaches(edges, node)}

    for path in found:
        assert path[0] == min(path)
        assert all(edge in edges for edge in zip(path, (*path[1:], path[0])))
    # Each tangle is told once: its nodes reach each other.
    tangles = {frozenset(other for other in circular if other in reaches(edges, node) and node in reaches(edges, other))
               for node in circular}
    assert len(found) == len(tangles)
    assert all(any(set(path) <= tangle for tangle in tangles) for path in found)
