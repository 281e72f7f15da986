"""The rules about a whole system, a module for each subject. Importing this package registers them all."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from . import attributes, connections, devices, guests, instances, memory, supervision
from .rule import RULES, Context

__all__ = ["RULES", "Context", "attributes", "connections", "devices", "guests", "instances", "memory", "supervision"]
