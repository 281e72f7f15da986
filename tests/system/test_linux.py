"""Debian's kernel, unmodified, as a guest: to a shell on each start that can host guests, with two virtual CPUs, a new start and an end.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from builder.machine import Machine
from builder.starts import STARTS, Start, one_core, only_on

pytestmark = [only_on(["qemu-aarch64"], "the kernel of this architecture hosts no guests yet"),
              one_core("several cores start at EL1 here, where a system with guests is refused")]
HOSTS = [start for start in STARTS if start.el == 2]

UP = r"guest: Linux 6\.1\.0-\d+-cloud-arm64 is up"
PROMPT = r"/ # "


@pytest.mark.parametrize("host", HOSTS, ids=str)
def test_it_comes_to_a_shell_that_does_what_is_typed_and_ends(machine: Callable[..., Machine], host: Start) -> None:
    running = machine("linux", host, settings=("build=release",), icount=True)

    running.expect(UP)
    running.expect(PROMPT)
    running.send("echo answer $((6*7)); grep -c ^processor /proc/cpuinfo; ls /bin/busybox; date > /tmp/now && cat /tmp/now\n")
    running.expect(r"answer 42\r?\n1\r?\n/bin/busybox\r?\n")
    running.send("dmesg | grep -c -i 'warning\\|oops\\|bug:'\n")
    running.expect(r"\n0\r?\n")
    running.send("poweroff -f\n")
    running.expect("vmm: the guest is off")


@pytest.mark.parametrize("host", [next(host for host in HOSTS if host.cpu == "neoverse-n1")], ids=str)
def test_two_virtual_cpus_work_and_a_reboot_starts_it_anew(machine: Callable[..., Machine], host: Start) -> None:
    """In real time: QEMU takes a core that waits for another out of its loop each time, which is slow where it counts instructions."""
    running = machine("linux", host, variant="two_cpus", settings=("build=release",))

    running.expect(UP, timeout=120)
    running.expect(PROMPT)
    running.send("grep -c ^processor /proc/cpuinfo\n")
    running.expect(r"\n2\r?\n")
    running.send("reboot -f\n")
    running.expect("vmm: the guest starts again")
    running.expect(UP, timeout=120)


@pytest.mark.parametrize("host", HOSTS, ids=str)
def test_when_the_vmm_dies_it_and_its_guest_begin_anew(machine: Callable[..., Machine], host: Start) -> None:
    running = machine("linux", host, variant="vmm_dies", settings=("build=release",), icount=True)

    running.expect(UP)
    running.expect(PROMPT)
    running.send("touch /tmp/lost\n")
    running.expect(UP)
    running.expect(PROMPT)
    running.send("ls /tmp; echo end\n")
    running.expect(r"echo end\r?\nend\r?\n")
