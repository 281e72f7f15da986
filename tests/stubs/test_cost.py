"""A stub whose values travel in registers costs no instruction more than a call written by hand."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from builder.allocate import allocate
from builder.emit_config import config_header
from builder.emit_glue import Glue
from stubs.test_stubs import HERE_FOLDER, ROOT, RUNTIME, interface, loopback

TEXT = "interface: Adder\nmethods:\n  add: {in: {a: u64, b: u64}, out: {sum: u64}}\n"


def instructions(listing: str, function: str) -> list[str]:
    body = re.search(rf"^{function}:\n(.*?)^\t\.size\t{function}", listing, re.MULTILINE | re.DOTALL)[1]
    return [line.split()[0] for line in body.splitlines() if re.match(r"^\t[a-z]", line)]


def test_a_stub_in_registers_is_as_short_as_a_call_by_hand(tmp_path: Path) -> None:
    made = loopback([interface(TEXT, "Adder")])
    plan, problems = allocate(made)
    assert not problems
    both = made.instances["both"]
    for name, text in {**Glue(made).files(both, plan.instances[0]), "config.h": config_header(both, plan.instances[0])}.items():
        (tmp_path / name).write_text(text)
    listing = tmp_path / "by_hand.s"
    # The stubs' header wants the C library's, which is not built here and of which this method uses nothing.
    (tmp_path / "string.h").write_text("#include <stddef.h>\nvoid *memcpy(void *to, const void *from, size_t bytes);\n")
    subprocess.run(["aarch64-linux-gnu-gcc", "-std=c11", "-O2", "-ffreestanding", "-fno-asynchronous-unwind-tables",
                    f"-I{tmp_path}", f"-I{RUNTIME / 'include'}", f"-I{RUNTIME / 'arch' / 'aarch64'}",
                    f"-I{ROOT / 'kernel' / 'include'}", "-S", "-o", listing,
                    HERE_FOLDER / "by_hand.c"], check=True)
    stub, hand = (instructions(listing.read_text(), name) for name in ("by_stub", "by_hand"))
    assert "svc" in stub and "svc" in hand
    assert len(stub) <= len(hand), f"{stub}\n{hand}"
