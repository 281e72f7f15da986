"""Guards of the layout that no description of sensible size reaches, with systems made by hand."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from builder import model
from builder.allocate import THREADS_MAX, allocate
from hand_made import HERE, component, instance, system


def codes(*instances: model.Instance) -> list[str]:
    return [problem.code for problem in allocate(system(list(instances)))[1]]


def with_pool(threads: int) -> model.Instance:
    return instance("maker", component("maker", pool=model.Pool(1 << 20, threads, HERE)))


def test_more_threads_than_a_token_can_name() -> None:
    """E0803: main counts as well."""
    assert codes(with_pool(THREADS_MAX - 1)) == []
    assert codes(with_pool(THREADS_MAX)) == ["E0803"]


def test_more_memory_than_an_address_space_has() -> None:
    """E0804."""
    assert codes(instance("driver", component("driver", dma={"ring": model.Dma("ring", 1 << 30, HERE)}))) == []
    assert codes(instance("driver", component("driver", dma={"ring": model.Dma("ring", 1 << 48, HERE)}))) == ["E0804"]
