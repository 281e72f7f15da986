"""The page docs/performance.md: the figures of `tenon bench`, with the anchors of tests/bench/anchors.yaml beside them; and
tests/bench/recorded.yaml, the kernel's figures on each board, which tests compare with."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable
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

OPERATIONS = """## What is slower than an instruction

Barriers / switches of the address space / TLB operations, between the same two user instructions. A plugin of QEMU looks at each
instruction that is executed (`tests/bench/plugin`); it counts as many of them as the guest's counter does. Barriers: fences, and on
x86_64 instructions that serialise, but not locked ones. A write of CR3 is a TLB operation, too.
"""

IN_TABLES = ("operations", "el2")   # of a measurement's figures, those that only the tables of all boards show

TAIL = """
What it does not say: nothing about caches, pipelines or real processors; the builder's seconds depend on the machine.
"""


def page(where: dict, results: dict) -> str:
    known = anchors()
    made_with = ", ".join(f"{key} {value}" for key, value in where.items() if key not in ("arch", "commit", "python"))
    parts = [HEAD, *_boards(known), f"Measured with {made_with}.\n"]
    for name, figures in results.items():
        figures = {key: value for key, value in figures.items() if key not in IN_TABLES}
        parts += [f"## {name}\n", "| what | figure | bar | others |", "| --- | ---: | ---: | ---: |"]
        for key, value in _flat(figures):
            bar, others = beside(known, key, where["arch"])
            parts.append(f"| {key} | {_number(value)} | {bar} | {others} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n" + TAIL


def anchors() -> dict:
    return _read(ANCHORS)


def beside(known: dict, key: str, arch: str) -> tuple[str, str]:
    """The bar of a figure and what others need, each "" where there is none. The same holds at EL2."""
    anchor = known.get(key) or known.get(key.rpartition(".")[2], {})
    anchor = anchor.get(arch) or anchor.get("all") or {}
    others = f"seL4 {anchor['seL4']}" if "seL4" in anchor else anchor.get("others", "")
    return _number(anchor["bar"]) if "bar" in anchor else "", others


def column(board: str, cpu: str, el: int) -> str:
    """Where the figures are recorded: those at EL1 do not depend on the CPU."""
    return board if el == 1 else f"{board} EL{el} {cpu}"


def recorded() -> dict[str, dict]:
    """By column: the kernel's figures of the measurement `ipc`."""
    return _read(RECORDED) if RECORDED.exists() else {}


def record(columns: dict[str, dict]) -> None:
    import yaml

    text = yaml.dump(recorded() | columns, sort_keys=True, default_flow_style=None)
    RECORDED.write_text(RECORDED_HEAD + text)


def _boards(anchors: dict) -> list[str]:
    """The recorded figures of all boards, each with the bar and seL4's beside it; then what is slow in them."""
    boards = recorded()
    slow = {board: figures.pop("operations", {}) for board, figures in boards.items()}
    return ["## The kernel on each board\n", "Ours, in brackets the bar where there is one / seL4 (with budgets), which is at EL1.\n",
            *_table(boards, lambda name, board, figure: _cell(figure, *_beside(anchors, name, board))), OPERATIONS,
            *_table(slow, lambda name, board, counts: " / ".join(map(str, counts.values())))]


def _table(columns: dict[str, dict], cell: Callable[[str, str, object], str]) -> list[str]:
    lines = ["| what | " + " | ".join(columns) + " |", "| --- |" + " ---: |" * len(columns)]
    for name in sorted({name for figures in columns.values() for name in figures}):
        cells = [cell(name, column, figures[name]) if name in figures else "" for column, figures in columns.items()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _beside(known: dict, name: str, column: str) -> tuple[str, str]:
    board, *el2 = column.split()
    bar, others = beside(known, name, board.removeprefix("qemu-"))
    return bar, "" if el2 else others


def _cell(figure: int, bar: str, others: str) -> str:
    return _number(figure) + (f" ({bar})" if bar else "") + (f" / {others.removeprefix('seL4 ')}" if others else "")


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
