"""A CD or USB stick for x86_64: GRUB for UEFI and for the older BIOS, and the linked image, which it loads by Multiboot.

GRUB's own parts are made here and not by grub-mkrescue, which puts today's date and random numbers into what it makes.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from pathlib import Path

from .media import FIRST_DATE, run

MODULES = ("boot", "configfile", "iso9660", "multiboot", "normal", "search", "search_fs_file")
UEFI_MODULES = ("fat", "part_gpt", "part_msdos")
BIOS_MODULES = ("biosdisk",)
# Each GRUB begins with this, since it may have been loaded from elsewhere than the ISO's own file system.
EARLY = "search --file --set=root /boot/tenon.elf\nset prefix=/boot/grub\nnormal\n"
# No menu and no waiting. The kernel speaks on its serial line, so no screen is asked for.
CONFIG = "set gfxpayload=text\nmultiboot /boot/tenon.elf\nboot\n"
VOLUME_ID = "544e4f4e"
FLOPPY = 1440 << 10   # UEFI looks for its program in a FAT file system, here one in the shape of a floppy


def make(image: Path, folder: Path) -> Path:
    """Makes the ISO in that folder, from the linked image."""
    tree, early, iso = folder / "tree", folder / "early.cfg", folder / "iso"
    grub = tree / "boot" / "grub"
    grub.mkdir(parents=True)
    early.write_text(EARLY)
    (grub / "grub.cfg").write_text(CONFIG)
    # GRUB loads all sections, also those that only debuggers read, and UEFI's disk refuses some of the places it puts them.
    run("x86_64-linux-gnu-strip", "--strip-all", "-o", tree / "boot" / "tenon.elf", image)
    _grub("i386-pc-eltorito", early, grub / "bios.img", *MODULES, *BIOS_MODULES)
    uefi = _uefi_partition(folder, early)
    run("xorriso", "-as", "mkisofs", "-R", "-V", "TENON", "--set_all_file_dates", f"={FIRST_DATE}", "-o", iso,
        "-b", "boot/grub/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info",
        "-eltorito-alt-boot", "-append_partition", "2", "0xef", uefi, "-appended_part_as_gpt",
        "-e", "--interval:appended_partition_2:all::", "-no-emul-boot", tree)
    return iso


def _grub(platform: str, early: Path, target: Path, *modules: str) -> None:
    run("grub-mkimage", "-O", platform, "-p", "/boot/grub", "-c", early, "-o", target, *modules)


def _uefi_partition(folder: Path, early: Path) -> Path:
    program, volume = folder / "BOOTX64.EFI", folder / "uefi.img"
    _grub("x86_64-efi", early, program, *MODULES, *UEFI_MODULES)
    with open(volume, "wb") as file:
        file.truncate(FLOPPY)
    run("mformat", "-i", volume, "-f", FLOPPY >> 10, "-N", VOLUME_ID, "::")
    run("mmd", "-i", volume, "::/EFI", "::/EFI/BOOT")
    run("mcopy", "-i", volume, program, "::/EFI/BOOT/BOOTX64.EFI")
    return volume
