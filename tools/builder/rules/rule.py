"""What a rule is: a function with an error code, which looks at the linked system and reports."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..link import Linked
from ..model import Board, ComponentType, Instance, OnFailure, Settings


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules look at. Names that are not in `linked` were wrong, and that was said."""

    root: Path
    linked: Linked
    board: Board | None
    settings: Settings
    on_failure: OnFailure | None        # None: it was wrong
    words: dict[str, set[str] | None] = field(default_factory=dict)     # CONFIG_ macros of the code, by folder

    @property
    def instances(self) -> Iterable[Instance]:
        return self.linked.instances.values()

    def components(self) -> list[ComponentType]:
        return sorted({i.component for i in self.instances}, key=lambda c: c.name)


Rule = Callable[[Context, Callable], None]      # the second is Diagnostics.add with the code filled in
RULES: list[tuple[str, Rule]] = []


def rule(code: str) -> Callable[[Rule], Rule]:
    """Registers the function below as the rule with this code."""
    def register(function: Rule) -> Rule:
        RULES.append((code, function))
        return function
    return register
