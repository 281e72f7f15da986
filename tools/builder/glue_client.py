"""The client's side of a method: its C function, as parts that templates/glue_client.j2 puts in order."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .glue_types import Types
from .glue_values import Words, from_word, leaves, member, take_chunk, value_bytes, word_is_bad
from .idl import MethodLayout, Place, error_codes
from .model import Use
from .plan import macro
from .text import place

LOCALS = ("message", "status", "tries")


def argument(name: str) -> str:
    """A parameter's name, away from the stub's own variables."""
    return f"{name}_" if name in LOCALS else name


@dataclass(slots=True)
class ClientMethod:
    """Parts of the function, in the order in which they run."""

    name: str
    parameters: list[str]
    source: str
    doc: str
    slot: str
    label: int
    restart: str
    in_registers: bool
    request: str                                        # arguments of message_info
    reply: str
    errors: int
    prepare: list[str] = field(default_factory=list)    # statements that make values ready
    refuse: list[str] = field(default_factory=list)     # when the caller's arguments cannot be sent
    words: str = ""
    fill: list[str] = field(default_factory=list)       # statements that complete the request
    bad: list[str] = field(default_factory=list)        # when the reply's words are no answer
    take: list[str] = field(default_factory=list)       # statements that hand out the answer
    bad_values: list[str] = field(default_factory=list)  # when values that came through memory are none

    @property
    def unused(self) -> list[str]:
        """The parameters' names, for a stub that goes nowhere."""
        return [re.sub(r"\[.*", "", parameter).split()[-1].lstrip("*") for parameter in self.parameters]

    @property
    def signature(self) -> str:
        return f"enum status {self.name}({', '.join(self.parameters) or 'void'})"


def client_method(use: Use, layout: MethodLayout, types: Types) -> ClientMethod:
    return _Builder(use, layout, types).build()


class _Builder:
    def __init__(self, use: Use, layout: MethodLayout, types: Types) -> None:
        self.layout = layout
        self.types = types
        self.words = Words()
        method = layout.method
        self.made = ClientMethod(
            name=f"{use.name}_{method.name}", parameters=[], source=place(method.span), doc=method.doc,
            slot=macro("slot", "use", use.name), label=method.label, restart=method.restart,
            in_registers=layout.in_registers,
            request=f"{method.label}, {layout.request_words}, {layout.lends}, {_c_bool(layout.sends_capability)}",
            reply=f"STATUS_OK, {layout.reply_words}, 0, {_c_bool(layout.answers_capability)}",
            errors=len(error_codes(use.interface)))

    def build(self) -> ClientMethod:
        for each in self.layout.inputs:
            getattr(self, f"_in_{each.way}")(each, argument(each.field.name))
        for each in self.layout.outputs:
            for leaf in leaves(each):
                self.made.bad += word_is_bad(leaf, "message.", strict=False)
            getattr(self, f"_out_{each.way}")(each, argument(each.field.name))
        self.made.words = self.words.initialisers
        return self.made

    def _parameter(self, *declarations: str) -> None:
        self.made.parameters.extend(declarations)

    # --- Inputs ---

    def _in_words(self, each: Place, name: str) -> None:
        if not each.chunk:
            kind = each.field.type
            is_struct = kind.kind == "struct"
            self._parameter(f"const {self.types.of(kind)} *{name}" if is_struct else f"{self.types.of(kind)} {name}")
            for leaf in each.leaves:
                self.words.add(leaf, member(name, leaf.path))
            return
        memory, size = self._in_memory(each, name)
        if each.length:
            self.words.add(each.length, size)
        if each.field.type.fixed:
            self.words.add_chunk(each, memory)
        else:
            self.made.fill.append(f"memcpy(&message.words[{each.word}], {memory}, {size});")

    def _in_lend(self, each: Place, name: str) -> None:
        memory, size = self._in_memory(each, name)
        self.made.fill.append(f"message_lend(&message, {each.index}, {memory}, {size}, LEND_READ);")

    def _in_memory(self, each: Place, name: str) -> tuple[str, str]:
        """Where the value's bytes lie and how many they are, after its parameters and checks were added."""
        kind = each.field.type
        made = self.made
        if kind.kind == "bytes":
            self._parameter(f"const void *{name}", f"size_t {name}_bytes")
            made.refuse.append(f"{name}_bytes > {kind.count}")
            return name, f"{name}_bytes"
        if kind.kind == "string":
            self._parameter(f"const char *{name}")
            made.prepare.append(f"size_t {name}_length = strnlen({name}, {kind.count + 1});")
            made.refuse.append(f"{name}_length > {kind.count}")
            return name, f"{name}_length"
        is_struct = kind.kind == "struct"
        declared = f"*{name}" if is_struct else name
        self._parameter(f"const {self.types.declaration(kind, declared)}")
        if self.types.has_padding(kind):
            made.prepare.append(f"{self.types.declaration(kind, name + '_copy')};")
            made.prepare.append(f"memcpy(&{name}_copy, {name}, sizeof {name}_copy);")
            made.prepare += self.types.cleaning(kind, f"{name}_copy")
            return f"&{name}_copy", str(value_bytes(kind))
        return name, str(value_bytes(kind))

    def _in_capability(self, each: Place, name: str) -> None:
        self._parameter(f"slot_t {name}")
        self.made.refuse.append(f"{name} == SLOT_NULL")
        self.made.fill.append(f"message.words[CAP_WORD] = {name};")

    def _in_buffer(self, each: Place, name: str) -> None:
        self._parameter(f"size_t {name}_bytes")
        self.made.refuse.append(f"{name}_bytes > {each.field.type.count}")
        self.words.add(each.length, f"{name}_bytes")

    # --- Outputs ---

    def _out_words(self, each: Place, name: str) -> None:
        kind = each.field.type
        if not each.chunk:
            self._parameter(f"{self.types.of(kind)} *{name}")
            for leaf in each.leaves:
                target = member(name, leaf.path) if leaf.path else f"*{name}"
                self.made.take.append(f"{target} = {from_word(leaf, self.types, 'message.')};")
            return
        self._out_memory(each, name)
        if kind.kind == "bytes":
            self.made.take.append(f"memcpy({name}, &message.words[{each.word}], *{name}_bytes);")
        else:
            self.made.take += take_chunk(each, name, "message.")
        if kind.kind == "string":
            self.made.take.append(f"{name}[{kind.count}] = 0;")

    def _out_lend(self, each: Place, name: str) -> None:
        kind = each.field.type
        self._out_memory(each, name)
        room = f"{name}_room" if kind.kind == "bytes" else str(value_bytes(kind))
        self.made.fill.append(f"message_lend(&message, {each.index}, {name}, {room}, LEND_WRITE);")
        if kind.kind == "string":
            self.made.bad.append(f"message.words[{each.length.word}] > {kind.count}" if each.length.alone else
                                 f"{from_word(each.length, self.types, 'message.')} > {kind.count}")
            self.made.take.append(f"{name}[{from_word(each.length, self.types, 'message.')}] = 0;")

    def _out_memory(self, each: Place, name: str) -> None:
        kind = each.field.type
        made = self.made
        if kind.kind == "bytes":
            self._parameter(f"void *{name}", f"size_t {name}_room", f"size_t *{name}_bytes")
            made.prepare.append(f"if ({name}_room > {kind.count})\n        {name}_room = {kind.count};")
            length = from_word(each.length, self.types, "message.")
            made.bad.append(f"{length} > {name}_room")
            made.take.append(f"*{name}_bytes = {length};")
        elif kind.kind == "string":
            self._parameter(f"char {name}[{kind.count + 1}]")
        else:
            is_struct = kind.kind == "struct"
            self._parameter(self.types.declaration(kind, f"*{name}" if is_struct else name))
            made.bad_values += [f"!{check}" for check in self.types.checks(kind, f"(*{name})" if is_struct else name)]

    def _out_capability(self, each: Place, name: str) -> None:
        self._parameter(f"slot_t *{name}")
        self.made.take.append(f"*{name} = (slot_t)message.words[CAP_WORD];")

    def _out_buffer(self, each: Place, name: str) -> None:
        self._parameter(f"size_t *{name}_bytes")
        length = from_word(each.length, self.types, "message.")
        self.made.bad.append(f"{length} > {each.field.type.count}")
        self.made.take.append(f"*{name}_bytes = {length};")


def _c_bool(value: bool) -> str:
    return "true" if value else "false"
