"""`tenon lines`: how large the kernel is, in lines of code and, for a built image, in bytes of .text.

A line counts when something is on it after clang-format, blanks and comments taken away. The folder
arch/host is a fake machine for tests and in no image, so it is shown but not added.
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
# A string or character is matched first, so that a // inside it is no comment.
COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')|//[^\n]*|/\*.*?\*/', re.DOTALL)


def add_arguments(parser) -> None:
    parser.add_argument("--image", metavar="ELF", help="also tell the .text size of this kernel")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")


def run(args) -> int:
    folders = count_folders()
    result = {"folders": folders, "total": total(folders), "one_image": one_image(folders)}
    if args.image:
        result["text_bytes"] = text_bytes(Path(args.image))
    if args.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    return 0


def count_folders() -> dict[str, int]:
    """Lines of each folder: arch/<name> and include as wholes, the others one by one."""
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "kernel"
        shutil.copytree(KERNEL, copy)
        shutil.copy(ROOT / ".clang-format", temporary)
        files = sorted(path for path in copy.rglob("*") if path.suffix in (".c", ".h", ".S"))
        formatted = [str(path) for path in files if path.suffix != ".S"]
        if formatted:
            subprocess.run(["clang-format", "-i", *formatted], check=True)
        for path in files:
            folder = folder_of(path.relative_to(copy))
            counts[folder] = counts.get(folder, 0) + code_lines(path.read_text())
    return dict(sorted(counts.items()))


def folder_of(path: Path) -> str:
    depth = 2 if path.parts[0] == "arch" else 1
    return "/".join(path.parts[:-1][:depth]) or "."


def code_lines(text: str) -> int:
    bare = COMMENT.sub(lambda match: match.group(1) or "\n" * match.group().count("\n"), text)
    return sum(1 for line in bare.splitlines() if line.strip())


def total(folders: dict[str, int]) -> int:
    return sum(count for folder, count in folders.items() if folder != NOT_COUNTED)


def one_image(folders: dict[str, int]) -> dict[str, int]:
    """What one architecture's image is made from: all that is portable, and its own folder."""
    portable = sum(count for folder, count in folders.items() if not folder.startswith("arch/"))
    return {folder.removeprefix("arch/"): portable + count for folder, count in folders.items()
            if folder.startswith("arch/") and folder != NOT_COUNTED}


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
    if "text_bytes" in result:
        print(f"{'.text, bytes':20} {result['text_bytes']:6}")
