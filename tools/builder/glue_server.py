"""The server's side of a method: the handler it must write, and the function that decodes for it."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from dataclasses import dataclass, field

from .glue_types import Types
from .glue_values import Words, from_word, leaves, member, take_chunk, value_bytes, word_is_bad
from .idl import MethodLayout, Place, error_codes
from .model import Interface
from .plan import macro
from .text import place


@dataclass(slots=True)
class ServerMethod:
    """Parts of the stub, in the order in which they run. Its variables are called value_NAME and lend_NAME."""

    name: str
    source: str
    doc: str
    label: int
    shape: str                                           # arguments of message_has_shape after the message
    reply: str                                           # arguments of message_begin_reply after the message
    errors: int
    handler: list[str] = field(default_factory=list)     # parameters of the handler, after the call
    locals: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)         # when the request is malformed
    take: list[str] = field(default_factory=list)        # statements that make the handler's arguments
    bad_values: list[str] = field(default_factory=list)  # when what they took is malformed
    arguments: list[str] = field(default_factory=list)   # of the handler
    answer: list[str] = field(default_factory=list)      # parameters of the answer function, after the message
    answers: list[str] = field(default_factory=list)     # its arguments for an immediate reply
    names: list[str] = field(default_factory=list)       # its arguments when the reply function calls it
    copies: list[str] = field(default_factory=list)      # statements that make answers ready
    impossible: list[str] = field(default_factory=list)  # when an answer cannot be sent
    put: list[str] = field(default_factory=list)         # statements that make the reply

    @property
    def prototype(self) -> str:
        return f"enum status {self.name}({', '.join(['const struct call *call', *self.handler])})"

    @property
    def reply_prototype(self) -> str:
        return f"enum status {self.name}_reply({', '.join(['token_t token', 'enum status status', *self.answer])})"

    @property
    def answer_prototype(self) -> str:
        return f"void {self.name}_answer({', '.join(['struct message *message', *self.answer])})"


def server_method(provide: str, interface: Interface, layout: MethodLayout, types: Types) -> ServerMethod:
    return _Builder(provide, interface, layout, types).build()


class _Builder:
    def __init__(self, provide: str, interface: Interface, layout: MethodLayout, types: Types) -> None:
        self.layout = layout
        self.types = types
        self.words = Words()
        self.buffers = macro("buffer", provide, layout.method.name)
        self.made = ServerMethod(
            name=f"{provide}_{layout.method.name}", source=place(layout.method.span), doc=layout.method.doc,
            label=layout.method.label,
            shape=f"{layout.request_words}, {layout.lends}, {'true' if layout.sends_capability else 'false'}",
            reply=f"{layout.reply_words}, {'true' if layout.answers_capability else 'false'}",
            errors=len(error_codes(interface)))

    def build(self) -> ServerMethod:
        for each in self.layout.inputs:
            for leaf in leaves(each):
                self.made.bad += word_is_bad(leaf, "message->", strict=True)
            getattr(self, f"_in_{each.way}")(each, each.field.name)
        for each in self.layout.outputs:
            getattr(self, f"_out_{each.way}")(each, each.field.name)
        self.made.put += self.words.assignments("message->")
        return self.made

    def _handler(self, declaration: str, argument: str) -> None:
        self.made.handler.append(declaration)
        self.made.arguments.append(argument)

    def _answer(self, declaration: str, argument: str, name: str) -> None:
        self.made.answer.append(declaration)
        self.made.answers.append(argument)
        self.made.names.append(name)

    def _declared(self, kind, name: str) -> str:
        """A parameter that points to a value of fixed size."""
        return self.types.declaration(kind, f"*{name}" if kind.kind == "struct" else name)

    def _address(self, kind, name: str) -> str:
        return f"&value_{name}" if kind.kind == "struct" else f"value_{name}"

    # --- Inputs ---

    def _in_words(self, each: Place, name: str) -> None:
        kind, made = each.field.type, self.made
        if not each.chunk:
            made.locals.append(f"{self.types.of(kind)} value_{name};")
            for leaf in each.leaves:
                made.take.append(f"value_{name}{leaf.path} = {from_word(leaf, self.types, 'message->')};")
            if kind.kind == "struct":
                self._handler(f"const {self.types.of(kind)} *{name}", f"&value_{name}")
            else:
                self._handler(f"{self.types.of(kind)} {name}", f"value_{name}")
            return
        if kind.kind == "bytes":
            length = from_word(each.length, self.types, "message->")
            made.bad.append(f"{length} > {kind.count}")
            made.locals += [f"uint8_t value_{name}[{kind.count}];", f"size_t value_{name}_bytes;"]
            made.take += [f"value_{name}_bytes = {length};", f"memcpy(value_{name}, &message->words[{each.word}], value_{name}_bytes);"]
            self._bytes_argument(name)
        elif kind.kind == "string":
            made.locals.append(f"char value_{name}[{kind.count + 1}];")
            made.take += [*take_chunk(each, f"value_{name}", "message->"), f"value_{name}[{kind.count}] = 0;"]
            self._handler(f"const char *{name}", f"value_{name}")
        else:
            self._fixed_input(each, name)
            made.take += take_chunk(each, f"&value_{name}", "message->")

    def _fixed_input(self, each: Place, name: str) -> None:
        kind = each.field.type
        self.made.locals.append(f"{self.types.declaration(kind, 'value_' + name)};")
        self.made.bad_values += [f"!({check})" for check in self.types.checks(kind, f"value_{name}")]
        self._handler(f"const {self._declared(kind, name)}", self._address(kind, name))

    def _bytes_argument(self, name: str) -> None:
        self._handler(f"const uint8_t *{name}", f"value_{name}")
        self._handler(f"size_t {name}_bytes", f"value_{name}_bytes")

    def _in_lend(self, each: Place, name: str) -> None:
        kind, made = each.field.type, self.made
        self._take_lend(each, name, "LEND_READ")
        if not each.copied:
            self._handler(f"const struct lend *{name}", f"&lend_{name}")
            return
        read = f"lend_{name}.bytes != 0 && lend_read(&lend_{name}, 0, {{}}, lend_{name}.bytes) != STATUS_OK"
        if kind.kind == "bytes":
            made.locals += [f"uint8_t value_{name}[{kind.count}];", f"size_t value_{name}_bytes;"]
            made.take.append(f"value_{name}_bytes = lend_{name}.bytes;")
            made.bad_values.append(f"({read.format('value_' + name)})")
            self._bytes_argument(name)
        elif kind.kind == "string":
            made.locals.append(f"char value_{name}[{kind.count + 1}];")
            made.take.append(f"value_{name}[lend_{name}.bytes] = 0;")
            made.bad_values.append(f"({read.format('value_' + name)})")
            made.bad_values.append(f"strlen(value_{name}) != lend_{name}.bytes")
            self._handler(f"const char *{name}", f"value_{name}")
        else:
            made.bad_values.append(f"({read.format('&value_' + name)})")
            self._fixed_input(each, name)

    def _take_lend(self, each: Place, name: str, right: str) -> None:
        kind = each.field.type
        most = value_bytes(kind)
        least = most if kind.fixed or (kind.kind == "string" and right == "LEND_WRITE") else 0
        self.made.locals.append(f"struct lend lend_{name};")
        self.made.bad.append(f"!message_take_lend(message, {each.index}, {right}, {least}, {most}, &lend_{name})")

    def _in_capability(self, each: Place, name: str) -> None:
        self._handler(f"slot_t {name}", "(slot_t)message->words[CAP_WORD]")

    def _in_buffer(self, each: Place, name: str) -> None:
        length = from_word(each.length, self.types, "message->")
        self.made.bad.append(f"{length} > {each.field.type.count}")
        self._handler(f"const void *{name}", self._buffer(name))
        self._handler(f"size_t {name}_bytes", length)

    def _buffer(self, name: str) -> str:
        return f"{self.made.name}_{name}_buffer(call.client)"

    # --- Outputs ---

    def _out_words(self, each: Place, name: str) -> None:
        kind, made = each.field.type, self.made
        if not each.chunk:
            is_struct = kind.kind == "struct"
            made.locals.append(f"{self.types.of(kind)} value_{name} = {'{0}' if is_struct else '0'};")
            self._handler(f"{self.types.of(kind)} *{name}", f"&value_{name}")
            if is_struct:
                self._answer(f"const {self.types.of(kind)} *{name}", f"&value_{name}", name)
            else:
                self._answer(f"{self.types.of(kind)} {name}", f"value_{name}", name)
            for leaf in each.leaves:
                self.words.add(leaf, member(name, leaf.path))
            return
        memory, size = self._out_memory(each, name, str(value_bytes(kind)))
        if each.length:
            self.words.add(each.length, size)
        if kind.fixed:
            self.words.add_chunk(each, memory)
            return
        if kind.kind == "string":
            # Bytes after the end stay zero, as begin_reply left them.
            made.impossible.append(f"strnlen({name}, {kind.count + 1}) > {kind.count}")
            size = f"strnlen({name}, {kind.count})"
        made.put.append(f"memcpy(&message->words[{each.word}], {memory}, {size});")

    def _out_lend(self, each: Place, name: str) -> None:
        kind, made = each.field.type, self.made
        self._take_lend(each, name, "LEND_WRITE")
        if not each.copied:
            made.locals.append(f"size_t value_{name}_bytes = 0;")
            self._handler(f"const struct lend *{name}", f"&lend_{name}")
            self._handler(f"size_t *{name}_bytes", f"&value_{name}_bytes")
            self._answer(f"size_t {name}_bytes", f"value_{name}_bytes", f"{name}_bytes")
            made.impossible.append(f"{name}_bytes > {kind.count}")
            self.words.add(each.length, f"{name}_bytes")
            return
        memory, size = self._out_memory(each, name, f"lend_{name}.bytes")
        if kind.kind == "string":
            made.impossible.append(f"strnlen({name}, {kind.count + 1}) > {kind.count}")
            size = f"strlen({name})"
        if each.length:
            self.words.add(each.length, size)
        made.impossible.append(f"({size} != 0 && sys_copy_out(message->token, {each.index}, 0, {memory}, {size}) "
                               "!= STATUS_OK)")

    def _out_memory(self, each: Place, name: str, room: str) -> tuple[str, str]:
        """The handler's and the answer's arguments; where the answer's bytes lie and how many they are."""
        kind, made = each.field.type, self.made
        if kind.kind == "bytes":
            made.locals += [f"uint8_t value_{name}[{kind.count}];", f"size_t value_{name}_bytes = 0;"]
            self._handler(f"uint8_t *{name}", f"value_{name}")
            self._handler(f"size_t {name}_room", room)
            self._handler(f"size_t *{name}_bytes", f"&value_{name}_bytes")
            self._answer(f"const void *{name}", f"value_{name}", name)
            self._answer(f"size_t {name}_bytes", f"value_{name}_bytes", f"{name}_bytes")
            made.impossible.append(f"{name}_bytes > {kind.count}")
            return name, f"{name}_bytes"
        if kind.kind == "string":
            made.locals.append(f"char value_{name}[{kind.count + 1}] = {{0}};")
            self._handler(f"char {name}[{kind.count + 1}]", f"value_{name}")
            self._answer(f"const char *{name}", f"value_{name}", name)
            return name, ""
        made.locals.append(f"{self.types.declaration(kind, 'value_' + name)} = {{0}};")
        self._handler(self._declared(kind, name), self._address(kind, name))
        self._answer(f"const {self._declared(kind, name)}", self._address(kind, name), name)
        return self._clean(each, name), str(value_bytes(kind))

    def _clean(self, each: Place, name: str) -> str:
        """What is sent of a value with padding is a copy without the sender's bytes in it."""
        kind = each.field.type
        if not self.types.has_padding(kind):
            return name
        self.made.copies.append(f"{self.types.declaration(kind, name + '_copy')};")
        self.made.copies.append(f"memcpy(&{name}_copy, {name}, sizeof {name}_copy);")
        self.made.copies += self.types.cleaning(kind, f"{name}_copy")
        return f"&{name}_copy"

    def _out_capability(self, each: Place, name: str) -> None:
        self.made.locals.append(f"slot_t value_{name} = SLOT_NULL;")
        self._handler(f"slot_t *{name}", f"&value_{name}")
        self._answer(f"slot_t {name}", f"value_{name}", name)
        self.made.impossible.append(f"{name} == SLOT_NULL")
        self.made.put.append(f"message->words[CAP_WORD] = {name};")

    def _out_buffer(self, each: Place, name: str) -> None:
        self.made.locals.append(f"size_t value_{name}_bytes = 0;")
        self._handler(f"void *{name}", self._buffer(name))
        self._handler(f"size_t *{name}_bytes", f"&value_{name}_bytes")
        self._answer(f"size_t {name}_bytes", f"value_{name}_bytes", f"{name}_bytes")
        self.made.impossible.append(f"{name}_bytes > {each.field.type.count}")
        self.words.add(each.length, f"{name}_bytes")
