"""gen/run.json: what `tenon run` must know of an app to start it in QEMU.

SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

from . import model


def run_needs(system: model.System) -> dict:
    return {"expect": system.expect, "disks": [], "rng": [], "net": []}
