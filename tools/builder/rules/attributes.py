"""Rules about attributes and the code that reads them."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..diagnostic import did_you_mean
from ..model import ComponentType
from .rule import Context, rule

CONFIG_ALWAYS = {"CONFIG_LOG_LEVEL"}      # in every config.h
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


@rule("E0609")
def attributes_are_read(context: Context, add: Callable) -> None:
    """An attribute is read by the code: one that nobody reads misleads whoever sets it."""
    for component in context.components():
        read = _config_words(context, component)
        meant = {did_you_mean(name, component.attributes) for name in _undeclared(component, read or set())}
        for attribute in component.attributes.values() if read is not None else ():
            macro = f"CONFIG_{attribute.name.upper()}"
            if attribute.name not in meant and not any(word == macro or word.startswith(f"{macro}_") for word in read):
                add(attribute.span, f"no source of `{component.name}` reads the attribute `{attribute.name}`",
                    expected=f"{macro} in its sources")


@rule("E0610")
def what_the_code_reads_is_an_attribute(context: Context, add: Callable) -> None:
    """Each CONFIG_ macro of the code is an attribute: otherwise the compiler would complain about a generated name."""
    for component in context.components():
        for name in _undeclared(component, _config_words(context, component) or set()):
            near = did_you_mean(name, component.attributes)
            add(component.attributes[near].span if near else component.span,
                f"the code of `{component.name}` reads CONFIG_{name.upper()}, but no attribute is called `{name}`",
                suggestion=name if near else f"attributes: {{{name}: {{type: u32, default: 0}}}}")


def _undeclared(component: ComponentType, words: set[str]) -> list[str]:
    """The names of attributes that the code reads and the component does not have."""
    macros = {f"CONFIG_{name.upper()}" for name in component.attributes} | CONFIG_ALWAYS
    return sorted(word.removeprefix("CONFIG_").lower() for word in words
                  if word not in macros and not any(word.startswith(f"{macro}_") for macro in macros))




def _config_words(context: Context, component: ComponentType) -> set[str] | None:
    """The CONFIG_ macros that its sources use and do not define; None: there are no sources."""
    if component.folder not in context.words:
        context.words[component.folder] = _words_in(context.root / component.folder)
    return context.words[component.folder]


def _words_in(folder: Path) -> set[str] | None:
    text = "".join(_text(path) for path in sorted(folder.rglob("*.[chS]")))
    if not text:
        return None
    if "CONFIG_" not in text:
        return set()
    code = NOT_CODE.sub(" ", text)
    return set(re.findall(r"\bCONFIG_[A-Z0-9_]+", code)) - set(re.findall(r"#\s*define\s+(CONFIG_[A-Z0-9_]+)", code))


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
