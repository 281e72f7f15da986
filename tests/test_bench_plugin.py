"""The plugin that counts barriers, switches and TLB operations knows them by their encodings, as the assemblers make them; and
what it counted is believed only where it counted as many instructions as the guest.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from builder.commands import bench
from builder.project import ROOT

BARRIER, TLB, SWITCH, READING, ZERO, ONE = (1 << bit for bit in range(6))
SOURCES = ROOT / "tests" / "bench" / "plugin"
TELL = ROOT / "apps" / "bench" / "components" / "lib" / "tell"

# The architecture's extensions; instructions of each class; neighbours of theirs that are of none.
AARCH64 = ("-march=armv8.7-a+sb", {
    BARRIER: ["dsb ish", "dsb nsh", "dsb sy", ".inst 0xd5033e3f", "dmb ishst", "dmb ld", "isb", "sb"],
    TLB: ["tlbi vmalle1", "tlbi vae1is, x3", "tlbi aside1, x0", "tlbi alle2", "tlbi rvae1, x1", "sys #0, c9, c7, #1, x2"],
    SWITCH: ["msr ttbr0_el1, x12", "msr ttbr0_el2, x0", "msr s3_5_c2_c0_0, x1"],
    READING: ["mrs x0, pmccntr_el0", "mrs x29, pmccntr_el0"],
    0: ["clrex", "nop", "yield", "eret", "svc #1", "msr ttbr1_el1, x0", "msr tcr_el1, x0", "mrs x0, ttbr0_el1", "mrs x0, cntvct_el0",
        "ic ialluis", "dc civac, x0", "at s1e1r, x0", "msr pmccntr_el0, x0", "msr daifset, #2", "ldar x0, [x1]", "movz x1, #0x650"]})
RISCV64 = ("-march=rv64gc_svinval_zihintpause", {
    BARRIER: ["fence", "fence r, rw", "fence w, r", "fence.tso", "fence.i", "sfence.w.inval", "sfence.inval.ir"],
    TLB: ["sfence.vma", "sfence.vma a0", "sfence.vma a0, a1", "sinval.vma a0, a1", ".insn 0x22000073", ".insn 0x62000073"],
    SWITCH: ["csrw satp, a0", "csrrw a1, satp, a0", "csrs satp, a0", "csrrwi x0, satp, 0", "csrrci x0, satp, 1"],
    READING: ["rdcycle a0", "rdcycle t6"],
    0: [".insn 0x0100000f", "csrr a0, satp", "csrw sscratch, a0", "rdtime a0", "ecall", "ebreak", "sret", "wfi", "amoadd.d.aqrl a0, a1, (a2)",
        "c.nop", "c.li a0, 3", "sltiu a0, x0, 0x650", "sltiu x0, a0, 0x650", "sltiu x0, x0, 0x652"]})
X86_64 = ("--64", {
    BARRIER: ["mfence", "lfence", "sfence", "serialize", "cpuid", "iretq", "wrmsr", "mov %rax, %cr0", "mov %rax, %cr4", "mov %r9, %cr4",
              "mov %rax, %db7", "ltr %ax", "lldt %cx", "lgdt (%rax)", "lidt 8(%rip)", "wbinvd", "invd"],
    TLB: ["invlpg (%rax)", "invlpg (%r9)", "invpcid (%rax), %rcx", "invlpga"],
    TLB | SWITCH: ["mov %rax, %cr3", "mov %r11, %cr3"],
    READING: ["rdtsc"],
    0: ["nop", "swapgs", "sysretq", "syscall", "mov %cr3, %rax", "mov %rax, %cr8", "rdmsr", "lock incl (%rax)", "xchg %rax, (%rcx)",
        "clflush (%rax)", "ldmxcsr (%rax)", "fxsave64 (%rax)", "xsave (%rax)", "rdtscp", "sgdt (%rax)", "smsw %ax", "str %ax", "pause",
        "movbe (%rax), %ecx", "nopl 0x650(%rax)", "nopl 0x10650(%rcx)", "int3", "monitor"]})
TARGETS = {"aarch64": AARCH64, "riscv64": RISCV64, "x86_64": X86_64}


@pytest.fixture(scope="module")
def classify(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], int]:
    made = tmp_path_factory.mktemp("plugin") / "classify.so"
    subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-fno-sanitize-recover", "-shared", "-fPIC", "-o", made,
                    SOURCES / "classify.c"], check=True)
    function = ctypes.CDLL(str(made)).classify
    return lambda target, code: function(target.encode(), code, ctypes.c_size_t(len(code)))


def assembled(target: str, option: str, instructions: list[str], folder: Path) -> list[bytes]:
    """The code of each."""
    sections = "".join(f".section .text.n{number}, \"ax\"\n{text}\n" for number, text in enumerate(instructions))
    made = folder / f"{target}.o"
    subprocess.run([f"{target}-linux-gnu-as", option, "-o", made, "-"], input=sections, text=True, check=True)
    with open(made, "rb") as file:
        read = ELFFile(file)
        return [read.get_section_by_name(f".text.n{number}").data() for number in range(len(instructions))]


@pytest.mark.parametrize("target", TARGETS)
def test_each_instruction_is_of_its_class(target: str, classify: Callable[[str, bytes], int], tmp_path: Path) -> None:
    option, classes = TARGETS[target]
    expected = [(text, kind) for kind, texts in classes.items() for text in texts]
    codes = assembled(target, option, [text for text, _ in expected], tmp_path)

    assert [(text, classify(target, code)) for (text, _), code in zip(expected, codes, strict=True)] == expected


@pytest.mark.parametrize("target", TARGETS)
def test_what_a_program_tells_is_heard(target: str, classify: Callable[[str, bytes], int], tmp_path: Path) -> None:
    program = "#include <tell.h>\nvoid tells(void)\n{\n    TELL(TELL_ZERO);\n    TELL(TELL_ONE);\n}\n"
    made = tmp_path / "tells.s"
    subprocess.run([f"{target}-linux-gnu-gcc", "-O2", "-ffreestanding", "-I", TELL, "-I", TELL / "arch" / target, "-x", "c", "-S", "-o", made, "-"],
                   input=program, text=True, check=True)
    told = [line.strip() for line in made.read_text().splitlines() if any(word in line for word in ("movz", "sltiu", "nopl"))]

    assert [classify(target, code) for code in assembled(target, TARGETS[target][0], told, tmp_path)] == [ZERO, ONE]


def test_an_architecture_that_is_not_known_has_no_classes(classify: Callable[[str, bytes], int]) -> None:
    assert classify("mips", bytes.fromhex("0f30")) == 0


LEAST = {"counter": 1, "call_reply_0": 162, "map_page": 444, "fault_to_supervisor": 912}


def test_counts_are_those_of_one_time() -> None:
    text = "counter 1 1 0 0 0\ncall_reply_0 64 10626 0 128 64\nmap_page 1 445 2 0 0\nfault_to_supervisor 1 914 1 1 0\n"

    assert bench.load("ipc").read_operations(text, LEAST) == {
        "call_reply_0": {"barriers": 0, "switches": 2, "tlb": 1}, "map_page": {"barriers": 2, "switches": 0, "tlb": 0},
        "fault_to_supervisor": {"barriers": 1, "switches": 1, "tlb": 0}}


@pytest.mark.parametrize("line", ["map_page 1 446 2 0 0", "map_page 1 444 2 0 0", "call_reply_0 64 10626 0 127 0"])
def test_counts_of_something_else_are_refused(line: str) -> None:
    with pytest.raises(RuntimeError, match=line.split()[0]):
        bench.load("ipc").read_operations(line, LEAST)
