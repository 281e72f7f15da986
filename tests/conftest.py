"""The fixtures are in tools/builder/fixtures.py; plain `pytest tests` finds them through this line."""

pytest_plugins = ["builder.fixtures"]
