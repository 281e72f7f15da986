"""Settings: declared in settings.yaml, changed by a description or by `--set`, read by YAML, C and CMake."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import grammar
from .diagnostic import Diagnostics, Note, Span, did_you_mean, option, whole_file
from .expression import ExpressionError, evaluate, shown
from .model import Setting, Settings
from .shape import BROKEN, Key, Named, Record, Value
from .source import Node, resolve
from .typed import Declared, declared


FILE = "settings.yaml"
# Settings that the builder itself reads, with the type each must have.
REQUIRED = {"board": "text", "build": "choice", "log_level": "choice", "default_timeout": "duration",
            "timeout_granularity": "duration", "server_reserve": "duration", "counters": "bool"}


class Declarations:
    """The settings and constraints of all settings files of a product."""

    def __init__(self) -> None:
        self.types: dict[str, tuple[Named, Declared | None]] = {}
        self.constraints: list[Record] = []

    def add(self, tree: Node, file_key: Key, problems: Diagnostics) -> None:
        value = grammar.SETTINGS.read(tree, problems, file_key)
        if value is None:
            return
        record: Record = value.value
        for named in (record["settings"] or {}).values():
            self._add_one(named, problems)
        self.constraints += [item.value for item in record["constraints"] or ()]

    def _add_one(self, named: Named, problems: Diagnostics) -> None:
        if named.name in self.types:
            problems.add("E0206", named.span, f"the setting `{named.name}` is declared twice",
                         notes=[Note("first declared here", self.types[named.name][0].span)])
            return
        kind = None if named.value is BROKEN else declared(named.value, problems)
        self.types[named.name] = (named, kind)


def resolve_settings(declarations: Declarations, changes: Mapping[str, Named], sets: Sequence[str],
                     problems: Diagnostics) -> Settings:
    """The value of every setting. `changes` come from the description; `sets` are `key=value` and win."""
    typed = {name: _typed_on_command_line(name, text) for name, text in _parse_sets(sets, declarations, problems)}
    for name, named in changes.items():
        if name not in declarations.types:
            _unknown(name, named.span, declarations, problems)
    found: dict[str, Setting] = {}
    for name in sorted(declarations.types):
        named, kind = declarations.types[name]
        if kind is not None:
            given = typed.get(name) or _given(changes.get(name))
            found[name] = _setting(named, kind, given, name in typed, problems)
    _check_required(declarations, problems)
    settings = Settings(found)
    _check_constraints(declarations, settings, problems)
    return settings


def _check_required(declarations: Declarations, problems: Diagnostics) -> None:
    for name, type_name in REQUIRED.items():
        named, kind = declarations.types.get(name, (None, None))
        if named is None:
            near = did_you_mean(name, declarations.types)
            span = declarations.types[near][0].span if near else whole_file(FILE)
            problems.add("E0208", span, f"the builder needs the setting `{name}`, and nobody declares it",
                         suggestion=f"{name}: {{type: {type_name}, default: ..., help: ...}}")
        elif kind is not None and kind.type != type_name:
            problems.add("E0208", named.value.at("type"), f"the builder needs `{name}` to be a {type_name}",
                         found=f"`{kind.type}`", suggestion=f"type: {type_name}")


def _parse_sets(sets: Sequence[str], declarations: Declarations, problems: Diagnostics) -> list[tuple[str, str]]:
    pairs = []
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            problems.add("E0202", option(f"--set {text}"), "`--set` wants `key=value`", found=f"`{text}`",
                         suggestion=f"--set {text}=VALUE")
        elif name not in declarations.types:
            _unknown(name, option(f"--set {text}"), declarations, problems)
        else:
            pairs.append((name, value))
    return pairs


def _unknown(name: str, span: Span, declarations: Declarations, problems: Diagnostics) -> None:
    near = did_you_mean(name, declarations.types)
    problems.add("E0201", span, f"there is no setting `{name}`",
                 expected="" if near else "one of " + ", ".join(sorted(declarations.types)), suggestion=near)


def _typed_on_command_line(name: str, text: str) -> Node:
    return Node(option(f"--set {name}={text}"), "scalar", resolve(text), text)


def _given(named: Named | None) -> Node | None:
    return named.value if named is not None and named.value is not BROKEN else None


def _setting(named: Named, kind: Declared, given: Node | None, is_option: bool, problems: Diagnostics) -> Setting:
    value: Value | None = None
    origin = "default"
    if given is not None:
        value = kind.shape.read(given, problems, Key(named.name, given.span))
        origin = "--set" if is_option else str(given.span)
    return Setting(named.name, kind.type, kind.default if value is None else value.value, kind.default,
                   named.value["help"], named.span, origin, kind.choices, kind.minimum, kind.maximum)


def scope_of(settings: Settings) -> dict[str, dict[str, object]]:
    """As expressions see them."""
    return {"settings": {name: setting.value for name, setting in settings.all.items()}}


def _check_constraints(declarations: Declarations, settings: Settings, problems: Diagnostics) -> None:
    if problems:
        return  # a broken declaration was reported; what depends on it would only repeat that
    for record in declarations.constraints:
        if record is BROKEN or record.broken:
            continue
        try:
            holds = evaluate(record["require"], scope_of(settings))
        except ExpressionError as problem:
            code = "E0204" if problem.unknown else "E0203"
            problems.add(code, record.at("require"), f"an expression is wrong: {problem}", suggestion=problem.suggestion)
            continue
        if holds is not True:
            involved = set(re.findall(r"settings\.(\w+)", record["require"]))
            changed = [f"{s.name} is {shown(s.value)} ({s.origin})" for s in settings.all.values() if s.name in involved]
            problems.add("E0207", record.at("require"), f"the settings do not fit: {record['because']}",
                         found=", ".join(changed), expected=record["require"])


# --- For C and CMake ---------------------------------------------------------------------------------

def settings_header(settings: Settings) -> str:
    """settings.h: one macro per setting. Sizes are in bytes, durations in nanoseconds."""
    lines = ["// The settings of this product. Generated from the settings files; change it there or with --set.",
             "#pragma once", ""]
    for setting in settings.all.values():
        lines += _c_lines(setting)
    return "\n".join(lines) + "\n"


def _c_lines(setting: Setting) -> list[str]:
    name = f"SETTING_{setting.name.upper()}"
    lines = [f"// {setting.help} ({setting.span.file}:{setting.span.line})"]
    if setting.type == "choice":
        words = [_macro_word(choice) for choice in setting.choices]
        lines += [f"#define {name}_{word} {index}" for index, word in enumerate(words)]
        return lines + [f"#define {name} {name}_{_macro_word(setting.value)}", ""]
    return lines + [f"#define {name} {_c_value(setting)}", ""]


def _macro_word(choice: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in choice).upper()


def _c_value(setting: Setting) -> str:
    if setting.type == "text":
        return '"' + str(setting.value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    if setting.type == "bool":
        return str(int(setting.value))
    return f"{setting.value}ull" if setting.type in ("size", "duration") else f"({setting.value}ll)"


def settings_cmake(settings: Settings) -> str:
    """One `set(TENON_SETTING_<NAME> ...)` per setting; a bool is ON or OFF."""
    def value(setting: Setting) -> str:
        if setting.type == "bool":
            return "ON" if setting.value else "OFF"
        return str(setting.value).replace("]=]", "] =]")
    return "".join(f"set(TENON_SETTING_{s.name.upper()} [=[{value(s)}]=])\n" for s in settings.all.values())
