"""`tenon schema`: JSON Schemas of all description files, for editors that complete and check YAML."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import json
from pathlib import Path

from .. import schema, text
from ..project import BUILD, ROOT, UserError
from ..reference import reference_text

NAME = "schema"
HELP = "write JSON Schemas of the description files, and tell the editor about them"
EXAMPLE = "./tenon schema"

SETTINGS = ROOT / ".vscode" / "settings.json"


def add_arguments(parser) -> None:
    parser.add_argument("--out", type=Path, default=BUILD / "schema", metavar="DIR",
                        help="where to write them (default: build/schema)")
    parser.add_argument("--reference", type=Path, metavar="FILE",
                        help="write the reference manual instead, usually docs/reference.md")
    parser.add_argument("--no-editor", action="store_true", help="leave .vscode/settings.json alone")


def run(args) -> int:
    if args.reference:
        text.write(args.reference, reference_text())
        return 0
    out = args.out.resolve()
    for name, content in schema.schemas().items():
        text.write(out / f"{name}.schema.json", json.dumps(content, indent=1) + "\n")
    print(f"{len(schema.schemas())} schemas in {_shown(out)}")
    if not args.no_editor:
        associate(out)
        print(f"associated in {_shown(SETTINGS)}")
    return 0


def associate(out: Path) -> None:
    """Adds `yaml.schemas` to the editor's settings of this project and keeps what else is there."""
    settings = _read_settings()
    settings["yaml.schemas"] = {_shown(out / f"{name}.schema.json"): patterns for name, patterns in schema.globs().items()}
    text.write(SETTINGS, json.dumps(settings, indent=2) + "\n")


def _read_settings() -> dict:
    try:
        found = json.loads(SETTINGS.read_text())
    except OSError:
        return {}
    except ValueError as problem:
        raise UserError(f"{_shown(SETTINGS)} is not plain JSON: {problem}",
                        "use --no-editor, and associate by hand") from None
    return found if isinstance(found, dict) else {}


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
