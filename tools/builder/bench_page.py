"""The page docs/performance.md: the figures of `tenon bench`, with the anchors of tests/bench/anchors.yaml beside them; and
tests/bench/recorded.yaml, the kernel's figures on each board, which tests compare with."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from pathlib import Path

from .project import ROOT

ANCHORS = ROOT / "tests" / "bench" / "anchors.yaml"
RECORDED = ROOT / "tests" / "bench" / "recorded.yaml"
RECORDED_HEAD = """# Instructions, as `./tenon bench ipc --board B --record` found them. A test fails when one gets more than 2 % worse; they change
# in a commit of their own that says why. SPDX-License-Identifier: BSD-2-Clause
"""

HEAD = """# Performance

Why: a component system lives on its calls, so what each operation costs is measured, not guessed. This page is written by
`./tenon bench --write docs/performance.md`; figures are guest instructions under QEMU's `-icount shift=0`, unless the name says
otherwise, from user instruction to user instruction across two address spaces. Instructions are not cycles.

`call_reply`: bare system calls on both sides, messages in registers. `call_reply_memory`: through a `struct message` on both sides.
`stub_call_reply`: a generated stub calls a server of the second kind. `lend_N`: with N bytes lent and copied by the server;
`lend_4096_extra`: what that takes more than an empty call.
"""

TAIL = """
What it does not say: nothing about caches, pipelines or real processors; the builder's seconds depend on the machine.
"""


def page(where: dict, results: dict) -> str:
    known = anchors()
    made_with = ", ".join(f"{key} {value}" for key, value in where.items() if key not in ("arch", "commit", "python"))
    parts = [HEAD, *_boards(known), f"Measured with {made_with}.\n"]
    for name, figures in results.items():
        parts += [f"## {name}\n", "| what | figure | bar | others |", "| --- | ---: | ---: | ---: |"]
        for key, value in _flat(figures):
            bar, others = beside(known, key, where["arch"])
            parts.append(f"| {key} | {_number(value)} | {bar} | {others} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n" + TAIL


def anchors() -> dict:
    return _read(ANCHORS)


def beside(known: dict, key: str, arch: str) -> tuple[str, str]:
    """The bar of a figure and what others need, each "" where there is none."""
    anchor = known.get(key, {})
    anchor = anchor.get(arch) or anchor.get("all") or {}
    others = f"seL4 {anchor['seL4']}" if "seL4" in anchor else anchor.get("others", "")
    return _number(anchor["bar"]) if "bar" in anchor else "", others


def recorded() -> dict[str, dict[str, int]]:
    """By board: the kernel's figures of the measurement `ipc`."""
    return _read(RECORDED) if RECORDED.exists() else {}


def record(board: str, figures: dict[str, int]) -> None:
    import yaml

    text = yaml.dump(recorded() | {board: figures}, sort_keys=True, default_flow_style=False)
    RECORDED.write_text(RECORDED_HEAD + text)


def _boards(anchors: dict) -> list[str]:
    """The recorded figures of all boards, each with the bar and seL4's beside it."""
    boards = recorded()
    lines = ["## The kernel on each board\n", "Ours, in brackets the bar where there is one / seL4 (with budgets).\n",
             "| what | " + " | ".join(boards) + " |", "| --- |" + " ---: |" * len(boards)]
    for name in sorted({name for figures in boards.values() for name in figures}):
        cells = [_cell(figures.get(name), *beside(anchors, name, board.removeprefix("qemu-"))) for board, figures in boards.items()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _cell(figure: int | None, bar: str, others: str) -> str:
    own = _number(figure) if figure is not None else ""
    return own + (f" ({bar})" if bar else "") + (f" / {others.removeprefix('seL4 ')}" if others else "")


def _read(path: Path) -> dict:
    import yaml

    return yaml.load(path.read_text(), Loader=yaml.CSafeLoader)


def _flat(figures: dict, prefix: str = ""):
    for key, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)
