"""The page docs/performance.md: the figures of `tenon bench`, with the anchors of tests/bench/anchors.yaml beside them."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from pathlib import Path

from .project import ROOT

ANCHORS = ROOT / "tests" / "bench" / "anchors.yaml"

HEAD = """# Performance

Why: a component system lives on its calls, so what each operation costs is measured, not guessed. This page is written by
`./tenon bench --write docs/performance.md`; figures are guest instructions under QEMU's `-icount shift=0`, unless the name says
otherwise, from user instruction to user instruction across two address spaces. Instructions are not cycles.
"""

TAIL = """
What it does not say: nothing about caches, pipelines or real processors; the builder's seconds depend on the machine.
"""


def page(where: dict, results: dict) -> str:
    anchors = _anchors()
    parts = [HEAD, "Measured with " + ", ".join(f"{key} {value}" for key, value in where.items()
                                                if key not in ("commit", "python")) + ".\n"]
    for name, figures in results.items():
        parts += [f"## {name}\n", "| what | figure | anchor |", "| --- | ---: | ---: |"]
        parts += [f"| {key} | {_number(value)} | {anchors.get(key, '')} |" for key, value in _flat(figures)]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n" + TAIL


def _anchors() -> dict[str, str]:
    import yaml

    return yaml.load(Path(ANCHORS).read_text(), Loader=yaml.CSafeLoader)


def _flat(figures: dict, prefix: str = ""):
    for key, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)
