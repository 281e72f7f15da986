"""What a MiB through the network takes stays as it was found: see docs/network.md. The command measures at length.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from builder.commands.bench import Bench
from builder.starts import Start, one_core
from system.network_host import Network
from system.network_throughput import Counter, echo, transfer

MEBIBYTES = 3
RECORDED = {"qemu-aarch64": 57.5, "qemu-riscv64": 60.5, "qemu-x86_64": 68.5}   # million instructions for each, in and out
WORSE = 1.1     # how the stream is cut into frames varies


@one_core("instructions of several cores are no measure of one")
def test_a_mebibyte_in_and_out_takes_no_more_instructions_than_recorded(board: Start) -> None:
    with Bench(board.board, board.cpu, board.el, verbose=False) as bench:
        counter = Counter(bench)
        network = Network(board, extra=counter.options)
        try:
            network.wait()
            echo(network.echo, 1, counter)
            found = transfer(network, counter, MEBIBYTES)
        finally:
            network.machine.kill()

    assert 0 < found.million_instructions < RECORDED[board.board] * WORSE
    assert found.seconds * 1e9 >= found.instructions
    assert found.kills == 0
