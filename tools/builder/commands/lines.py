"""`tenon lines`: how large the kernel is, in lines of code and, for a built image, in bytes of .text.

A line counts when something is on it after clang-format, blanks and comments taken away. The folder
arch/host is a fake machine for tests and in no image, so it is shown but not added. What only images with guests have is counted by itself.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..project import ROOT, UserError

NAME = "lines"
HELP = "count the kernel's lines of code and the bytes of a built kernel"
EXAMPLE = "./tenon lines --image build/hello-qemu-aarch64/tenon.elf"
NEEDS = "format"

KERNEL = ROOT / "kernel"
NOT_COUNTED = "arch/host"
GUEST_ABI = "include/abi/guest.h"
# A string or character is matched first, so that a // inside it is no comment.
COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')|//[^\n]*|/\*.*?\*/', re.DOTALL)


def add_arguments(parser) -> None:
    parser.add_argument("--image", metavar="ELF", help="also tell the .text size of this kernel")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")


def run(args) -> int:
    files, guest_files = split(count_files())
    folders = by_folder(files)
    result = {"folders": folders, "total": total(folders), "one_image": one_image(files), "guests": guests(guest_files)}
    if args.image:
        result["text_bytes"] = text_bytes(Path(args.image))
    if args.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    return 0


def count_files() -> dict[str, int]:
    """Lines of each file, by its path below kernel/."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "kernel"
        shutil.copytree(KERNEL, copy)
        shutil.copy(ROOT / ".clang-format", temporary)
        files = sorted(path for path in copy.rglob("*") if path.suffix in (".c", ".h", ".S"))
        formatted = [str(path) for path in files if path.suffix != ".S"]
        if formatted:
            subprocess.run(["clang-format", "-i", *formatted], check=True)
        return {str(path.relative_to(copy)): code_lines(path.read_text()) for path in files}


def split(files: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """What every image has, and what only those with guests have."""
    there = {path: count for path, count in files.items() if "vm" in Path(path).parts[:-1] or path == GUEST_ABI}
    return {path: count for path, count in files.items() if path not in there}, there


def guests(files: dict[str, int]) -> dict[str, int]:
    """By architecture that can host them: its own part and the portable one."""
    portable = sum(count for path, count in files.items() if not path.startswith("arch/"))
    return {arch: portable + own for arch in architectures()
            if (own := sum(count for path, count in files.items() if path.startswith(f"arch/{arch}/")))}


def by_folder(files: dict[str, int]) -> dict[str, int]:
    """arch/<name> and include as wholes, the others one by one."""
    counts: dict[str, int] = {}
    for path, count in files.items():
        folder = folder_of(Path(path))
        counts[folder] = counts.get(folder, 0) + count
    return dict(sorted(counts.items()))


def folder_of(path: Path) -> str:
    depth = 2 if path.parts[0] == "arch" else 1
    return "/".join(path.parts[:-1][:depth]) or "."


def code_lines(text: str) -> int:
    bare = COMMENT.sub(lambda match: match.group(1) or "\n" * match.group().count("\n"), text)
    return sum(1 for line in bare.splitlines() if line.strip())


def total(folders: dict[str, int]) -> int:
    return sum(count for folder, count in folders.items() if folder != NOT_COUNTED)


def one_image(files: dict[str, int]) -> dict[str, int]:
    """What one image is made from, by architecture: the sources its build compiles, all headers but those of other
    architectures, and the largest of the consoles that boards choose from."""
    sources = {arch: build_sources(arch) for arch in architectures()}
    return {arch: sum(count for path, count in files.items() if path in listed or is_header_of(path, arch))
            + max(count for path, count in files.items() if path.startswith("plat/") and path not in listed)
            for arch, listed in sources.items()}


def architectures() -> list[str]:
    return sorted(folder.name for folder in (KERNEL / "arch").iterdir() if f"arch/{folder.name}" != NOT_COUNTED)


def build_sources(arch: str) -> set[str]:
    command = ["cmake", f"-DTENON_ARCH={arch}", "-P", str(ROOT / "cmake" / "list_kernel.cmake")]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stderr.split()
    return {*listed, f"arch/{arch}/numbers.c"}


def is_header_of(path: str, arch: str) -> bool:
    return path.endswith(".h") and (not path.startswith("arch/") or path.startswith(f"arch/{arch}/"))


def text_bytes(elf: Path) -> int:
    if not elf.is_file():
        raise UserError(f"no image {elf}", "type: ./tenon build")
    from elftools.elf.elffile import ELFFile

    with elf.open("rb") as file:
        section = ELFFile(file).get_section_by_name(".text")
        return section["sh_size"] if section else 0


def show(result: dict) -> None:
    for folder, count in result["folders"].items():
        note = "   (for tests, not added)" if folder == NOT_COUNTED else ""
        print(f"{folder:20} {count:6}{note}")
    print(f"{'total':20} {result['total']:6}")
    for arch, count in result["one_image"].items():
        print(f"{'one image, ' + arch:20} {count:6}")
    for arch, count in result["guests"].items():
        print(f"{'guests, ' + arch:20} {count:6}")
    if "text_bytes" in result:
        print(f"{'.text, bytes':20} {result['text_bytes']:6}")
