"""A stub whose values are words of the message costs no instruction more than a call written by hand."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from builder.allocate import allocate
from builder.emit_config import config_header
from builder.emit_glue import Glue
from stubs.test_stubs import HERE_FOLDER, ROOT, RUNTIME, interface, loopback

TEXT = """interface: Adder
methods:
  add: {in: {a: u64, b: u64}, out: {sum: u64}}
  turn: {in: {words: 'u64[3]'}, out: {answer: 'u64[3]'}}
"""


def instructions(listing: str, function: str) -> list[str]:
    body = re.search(rf"^{function}:\n(.*?)^\t\.size\t{function}", listing, re.MULTILINE | re.DOTALL)[1]
    return [line.split()[0] for line in body.splitlines() if re.match(r"^\t[a-z]", line)]


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The stubs and the calls by hand as the compiler writes them."""
    folder = tmp_path_factory.mktemp("cost")
    made = loopback([interface(TEXT, "Adder")])
    plan, problems = allocate(made)
    assert not problems
    both = made.instances["both"]
    for name, text in {**Glue(made).files(both, plan.instances[0]), "config.h": config_header(both, plan.instances[0])}.items():
        (folder / name).write_text(text)
    # The stubs' header wants the C library's, which is not built here and of which these methods use nothing.
    (folder / "string.h").write_text("#include <stddef.h>\nvoid *memcpy(void *to, const void *from, size_t bytes);\n")
    text = ""
    for source in (HERE_FOLDER / "by_hand.c", folder / "glue.c"):
        text += subprocess.run(["aarch64-linux-gnu-gcc", "-std=c11", "-O2", "-ffreestanding", "-fno-asynchronous-unwind-tables",
                                f"-I{folder}", f"-I{RUNTIME / 'include'}", f"-I{RUNTIME / 'arch' / 'aarch64'}",
                                f"-I{ROOT / 'kernel' / 'include'}", "-S", "-o", "-", source],
                               check=True, capture_output=True, text=True).stdout
    return text


@pytest.mark.parametrize(("by_stub", "by_hand"), [("by_stub", "by_hand"), ("u0_turn", "by_hand_array")], ids=["scalars", "array"])
def test_a_stub_costs_no_more_than_a_call_by_hand(listing: str, by_stub: str, by_hand: str) -> None:
    stub, hand = instructions(listing, by_stub), instructions(listing, by_hand)
    assert "svc" in stub and "svc" in hand
    assert len(stub) <= len(hand), f"{stub}\n{hand}"
