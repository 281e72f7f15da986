"""`tenon new`: a small app, component or interface to begin with, from templates/new."""

from __future__ import annotations

import re
from pathlib import Path

from ..c_names import RESERVED
from ..project import ROOT, UserError

NAME = "new"
HELP = "begin an app, a component or an interface"
EXAMPLE = "./tenon new app thermostat"
NEEDS = ""

TEMPLATES = ROOT / "templates" / "new"


def add_arguments(parser) -> None:
    parser.add_argument("kind", choices=["app", "component", "interface"], metavar="KIND",
                        help="app, component or interface")
    parser.add_argument("name", metavar="NAME", help="lower case, such as data_logger")
    parser.add_argument("--app", metavar="APP", help="put the component into this app instead of components/servers")


def run(args) -> int:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", args.name):
        raise UserError(f"`{args.name}` is no name: use lower case letters, digits and _, a letter first")
    if args.name in RESERVED:
        raise UserError(f"`{args.name}` is a word of C, and the name becomes part of C names")
    target = place(args.kind, args.name, args.app)
    files = rendered(args.kind, args.name, target)
    for path in files if args.kind == "interface" else [target]:
        if path.exists():
            raise UserError(f"{path.relative_to(ROOT)} exists already")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path.relative_to(ROOT))
    print(next_step(args.kind, args.name))
    return 0


def place(kind: str, name: str, app: str | None) -> Path:
    """The folder the files go to."""
    if app and kind != "component":
        raise UserError("only a component goes into an app")
    if app and not (ROOT / "apps" / app).is_dir():
        raise UserError(f"no app `{app}`")
    if kind == "app":
        return ROOT / "apps" / name
    if kind == "interface":
        return ROOT / "components" / "interfaces"
    return (ROOT / "apps" / app / "components" if app else ROOT / "components" / "servers") / name


def rendered(kind: str, name: str, target: Path) -> dict[Path, str]:
    def fill(text: str) -> str:
        return text.replace("@NAME@", name).replace("@TITLE@", title_of(name))

    sources = sorted(path for path in (TEMPLATES / kind).rglob("*") if path.is_file())
    return {target / fill(str(path.relative_to(TEMPLATES / kind))): fill(path.read_text()) for path in sources}


def title_of(name: str) -> str:
    """An interface's name: block_device is BlockDevice."""
    return "".join(word.capitalize() for word in name.split("_"))


def next_step(kind: str, name: str) -> str:
    return {"app": f"now type: ./tenon run {name}",
            "component": f"now name it in an app's system.yaml: {name}: {{component: {name}, priority: 100}}",
            "interface": f"now provide it in a component.yaml: provides: {{{name}: {title_of(name)}}}"}[kind]
