"""The fixtures are in tools/builder/fixtures.py; plain `pytest tests` finds them through this line.

Not by `pytest_plugins`: pytest refuses that when it meets this file late, as in a run of one app's tests.
"""

from builder.fixtures import machine, tenon

__all__ = ["machine", "tenon"]
