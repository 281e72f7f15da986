"""Running the programs that make boot media, so that they make the same bytes each time and for everybody.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import os
import subprocess

from .project import UserError

FIRST_DATE = "315532800"  # 1980-01-01: no file system of boot media knows an earlier one


def run(*words: object) -> None:
    """UserError with what the program said when it fails."""
    fixed = {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", FIRST_DATE), "TZ": "UTC", "LC_ALL": "C",
             "MTOOLSRC": os.devnull, "MTOOLS_SKIP_CHECK": "1"}
    done = subprocess.run([str(word) for word in words], env=os.environ | fixed, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0:
        raise UserError(f"{words[0]} failed: {done.stdout.strip()}")
