"""Writes a C program that calls every method of some interfaces through its stubs and compares what arrives.

The component provides each interface and uses it itself, so that one program holds both sides. It draws
values, many at the edge of their range; handlers compare what they get with what was drawn and answer with
drawn values, which the caller compares.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from builder import idl
from builder.glue_types import Types, flags_mask
from builder.glue_values import value_bytes
from builder.idl import MethodLayout, Place
from builder.model import Field, Interface, Type


def program(interfaces: list[Interface]) -> str:
    """Interface number i is provided as `p<i>` and used as `u<i>`; its badge is i."""
    methods = [_Method(number, interface, layout) for number, interface in enumerate(interfaces)
               for layout in idl.interface_layouts(interface)]
    bodies = "\n".join(method.text() for method in methods)
    runs = "\n".join(f"    run_{m.name}();" for m in methods)
    slots = "\n".join(f"    case SLOT_USE_U{n}: return {n};" for n in range(len(interfaces)))
    return f"""#include <glue.h>
#include "loopback.h"

uint32_t badge_of_slot(slot_t slot)
{{
    switch (slot) {{
{slots}
    }}
    CHECK(false);
    return 0;
}}

static uint64_t touched;

// Reads every byte, so that the sanitizers see it.
static void touch(const void *memory, size_t bytes)
{{
    for (size_t i = 0; i < bytes; i++)
        touched += ((const unsigned char *)memory)[i];
}}

static void draw_text(char *text, size_t most)
{{
    size_t bytes = draw_below(3) == 0 ? most : draw_below(most + 1);

    for (size_t i = 0; i < bytes; i++)
        text[i] = (char)(1 + draw_below(255));
    text[bytes] = 0;
}}

{bodies}
int main(int count, char **words)
{{
    unsigned rounds = count > 2 ? (unsigned)atoi(words[2]) : 50;

    seed = count > 1 ? strtoull(words[1], NULL, 10) : 1;
    for (unsigned round = 0; round < rounds; round++) {{
{runs}
    }}
    if (count > 3 && atoi(words[3]) > 0)
        fuzz_requests((unsigned)atoi(words[3]));
    printf("%u calls, %u copies\\n", calls, copies);
    return touched == 1;
}}
"""


class _Method:
    def __init__(self, number: int, interface: Interface, layout: MethodLayout) -> None:
        self.layout = layout
        self.method = layout.method
        self.types = Types(interface)
        self.name = f"p{number}_{layout.method.name}"
        self.client = f"u{number}_{layout.method.name}"
        self.use = f"u{number}"
        self.errors = len(idl.error_codes(interface))
        self.badge = number

    def text(self) -> str:
        stored = [line for place in (*self.layout.inputs, *self.layout.outputs) for line in self._storage(place)]
        return f"""
// --- {self.method.name}
static struct {{
    uint64_t unused;
    {"".join(line + chr(10) + "    " for line in stored)}}} sent_{self.name};
static token_t token_{self.name};
static enum status answer_{self.name};

static void late_{self.name}(void)
{{
    CHECK({self.name}_reply({", ".join([f"token_{self.name}", f"answer_{self.name}", *self._reply_arguments()])}) == STATUS_OK);
}}

{self._handler()}

{self._caller()}
"""

    def _storage(self, place: Place) -> list[str]:
        kind, name = place.field.type, place.field.name
        if kind.kind == "string":
            return [f"char {name}[{kind.count + 1}];"]
        if kind.kind == "bytes":
            return [f"uint8_t {name}[{kind.count}];", f"size_t {name}_bytes;"]
        if kind.kind == "buffer":
            return [f"size_t {name}_bytes;"]
        return [f"{self.types.declaration(kind, name)};"]

    # --- Values ---

    def _draw(self, place: Place) -> list[str]:
        kind, at = place.field.type, f"sent_{self.name}.{place.field.name}"
        if kind.kind == "string":
            return [f"draw_text({at}, {kind.count});"]
        if kind.kind in ("bytes", "buffer"):
            lines = [f"{at}_bytes = draw_below(3) == 0 ? {kind.count} : draw_below({kind.count} + 1);"]
            return lines + ([f"draw_bytes({at}, {at}_bytes);"] if kind.kind == "bytes" else [])
        if kind.kind == "capability":
            return [f"{at} = (slot_t)(1 + draw_below(1000));"]
        return [self._draw_fixed(kind, at, 0)]

    def _draw_fixed(self, kind: Type, at: str, depth: int) -> str:
        match kind.kind:
            case "bool":
                return f"{at} = draw_below(2) == 1;"
            case "integer":
                return f"{at} = (__typeof__({at}))draw_bits({kind.bits});"
            case "enum":
                return f"{at} = (__typeof__({at}))draw_below({len(kind.members)});"
            case "flags":
                return f"{at} = draw_bits({kind.bits}) & {flags_mask(kind)};"
            case "array":
                i = f"i{depth}"
                return f"for (size_t {i} = 0; {i} < {kind.count}; {i}++) {{ {self._draw_fixed(kind.item, f'{at}[{i}]', depth + 1)} }}"
        return " ".join(self._draw_fixed(field.type, f"{at}.{field.name}", depth) for field in kind.fields)

    def _same(self, kind: Type, left: str, right: str, depth: int = 0) -> str:
        """A statement that checks that two values of fixed size are equal."""
        if kind.kind == "array":
            i = f"i{depth}"
            inner = self._same(kind.item, f"{left}[{i}]", f"{right}[{i}]", depth + 1)
            return f"for (size_t {i} = 0; {i} < {kind.count}; {i}++) {{ {inner} }}"
        if kind.kind == "struct":
            return " ".join(self._same(f.type, f"{left}.{f.name}", f"{right}.{f.name}", depth) for f in kind.fields)
        return f"CHECK({left} == {right});"

    # --- Server ---

    def _handler(self) -> str:
        parameters = [p for place in self.layout.inputs for p in self._handler_input(place)[0]]
        parameters += [p for place in self.layout.outputs for p in self._handler_output(place)[0]]
        compare = [line for place in self.layout.inputs for line in self._handler_input(place)[1]]
        touch = [line for place in self.layout.inputs for line in self._handler_input(place)[2]]
        answer = [line for place in self.layout.outputs for line in self._handler_output(place)[1]]
        lines = lambda texts: "".join(f"    {t}\n" for t in texts)  # noqa: E731
        return f"""enum status {self.name}({", ".join(["const struct call *call", *parameters])})
{{
    CHECK(!refusing);
    if (fuzzing) {{
        CHECK(call->client == {self.badge});
{lines(touch)}        if (draw_below(4) == 0)
            return draw_below(2) ? (enum status)(RESULT_FIRST + draw_below(70)) : STATUS_TIMED_OUT;
{lines(self._fuzz_draws())}    }} else {{
        CHECK(call->client == {self.badge});
{lines(compare)}    }}
    if (!fuzzing && answer_{self.name} != STATUS_OK && draw_below(2) == 0)
        return answer_{self.name};
{lines(answer)}    if (!fuzzing && (overlong || draw_below(2) == 0 || answer_{self.name} != STATUS_OK)) {{
        token_{self.name} = call->token;
        deferred = late_{self.name};
        return CALL_DEFERRED;
    }}
    return STATUS_OK;
}}"""

    def _fuzz_draws(self) -> list[str]:
        return [line for place in self.layout.outputs for line in self._draw(place)]

    def _handler_input(self, place: Place) -> tuple[list[str], list[str], list[str]]:
        """Parameters, what a good call's value must be, and a reading of every byte."""
        kind, name = place.field.type, place.field.name
        sent = f"sent_{self.name}.{name}"
        if kind.kind == "capability":
            return [f"slot_t {name}"], [f"CHECK({name} == {sent});"], []
        if kind.kind == "buffer":
            return ([f"const void *{name}", f"size_t {name}_bytes"], [f"CHECK({name}_bytes == {sent}_bytes);"],
                    [f"touch({name}, {name}_bytes);"])
        if place.way == "lend" and not place.copied:
            return self._large_input(place, kind, name, sent)
        if kind.kind == "string":
            return [f"const char *{name}"], [f"CHECK(strcmp({name}, {sent}) == 0);"], [f"touch({name}, strlen({name}));"]
        if kind.kind == "bytes":
            return ([f"const uint8_t *{name}", f"size_t {name}_bytes"],
                    [f"CHECK({name}_bytes == {sent}_bytes);", f"CHECK(memcmp({name}, {sent}, {name}_bytes) == 0);"],
                    [f"touch({name}, {name}_bytes);"])
        if kind.kind == "struct":
            return ([f"const {self.types.of(kind)} *{name}"], [self._same(kind, f"(*{name})", sent)],
                    self._valid(kind, f"(*{name})"))
        if kind.kind == "array":
            return ([f"const {self.types.declaration(kind, name)}"], [self._same(kind, name, sent)], self._valid(kind, name))
        return [f"{self.types.of(kind)} {name}"], [f"CHECK({name} == {sent});"], self._valid(kind, name)

    def _valid(self, kind: Type, at: str) -> list[str]:
        return [f"CHECK({self._is_valid(kind, at)});"] + ([] if kind.kind == "array" else [f"touch(&{at}, sizeof {at});"])

    def _is_valid(self, kind: Type, at: str) -> str:
        """The rules of the types once more, in other words than the stubs'."""
        match kind.kind:
            case "bool":
                return f"(*(const uint8_t *)&{at} == 0 || *(const uint8_t *)&{at} == 1)"
            case "enum":
                return f"((unsigned){at} <= {len(kind.members) - 1})"
            case "flags":
                return f"(({at} | {flags_mask(kind)}) == {flags_mask(kind)})"
            case "array":
                return f"({self._is_valid(kind.item, at + '[0]')} && {self._is_valid(kind.item, f'{at}[{kind.count - 1}]')})"
            case "struct":
                return "(" + (" && ".join(self._is_valid(f.type, f"{at}.{f.name}") for f in kind.fields) or "true") + ")"
        return "true"

    def _large_input(self, place: Place, kind: Type, name: str, sent: str) -> tuple[list[str], list[str], list[str]]:
        size = f"{sent}_bytes" if kind.kind == "bytes" else f"strlen({sent})"
        fetch = (f"{{ uint8_t *copy = malloc({kind.count} + 1); size_t half = {name}->bytes / 2; "
                 f"if (half != 0) {{ enum status status = lend_read({name}, 0, copy, half); (void)status; }} "
                 f"if ({name}->bytes != half) {{ enum status status = lend_read({name}, half, copy + half, "
                 f"{name}->bytes - half); (void)status; }} ")
        return ([f"const struct lend *{name}"],
                [f"CHECK({name}->bytes == {size});", fetch + f"CHECK(memcmp(copy, {sent}, {size}) == 0); free(copy); }}"],
                [f"CHECK({name}->bytes <= {kind.count});", fetch + "free(copy); }"])

    def _handler_output(self, place: Place) -> tuple[list[str], list[str]]:
        """Parameters, and statements that answer what was drawn."""
        kind, name = place.field.type, place.field.name
        sent = f"sent_{self.name}.{name}"
        if kind.kind == "buffer":
            return [f"void *{name}", f"size_t *{name}_bytes"], [f"memset({name}, 7, {sent}_bytes);", f"*{name}_bytes = {sent}_bytes;"]
        if place.way == "lend" and not place.copied:
            size = f"{sent}_bytes" if kind.kind == "bytes" else f"strlen({sent})"
            return ([f"const struct lend *{name}", f"size_t *{name}_bytes"],
                    [f"if (fuzzing && {size} > {name}->bytes) return STATUS_TIMED_OUT;",
                     f"if ({size} != 0) {{ enum status status = lend_write({name}, 0, {sent}, {size}); CHECK(fuzzing || status == STATUS_OK); }}",
                     f"*{name}_bytes = {size};"])
        if kind.kind == "string":
            return [f"char {name}[{kind.count + 1}]"], [f"strcpy({name}, {sent});"]
        if kind.kind == "bytes":
            return ([f"uint8_t *{name}", f"size_t {name}_room", f"size_t *{name}_bytes"],
                    [f"CHECK({name}_room <= {kind.count});",
                     f"if ({sent}_bytes > {name}_room) {{ CHECK(fuzzing); {sent}_bytes = {name}_room; }}",
                     f"memcpy({name}, {sent}, {sent}_bytes);", f"*{name}_bytes = {sent}_bytes;"])
        if kind.kind == "struct":
            return [f"{self.types.of(kind)} *{name}"], [f"*{name} = {sent};"]
        if kind.kind == "array":
            return [f"{self.types.declaration(kind, name)}"], [f"memcpy({name}, {sent}, sizeof {sent});"]
        return [f"{self.types.of(kind)} *{name}"], [f"*{name} = {sent};"]

    def _reply_arguments(self) -> list[str]:
        arguments = []
        for place in self.layout.outputs:
            kind, sent = place.field.type, f"sent_{self.name}.{place.field.name}"
            if place.way == "lend" and not place.copied:
                arguments.append(f"{sent}_bytes" if kind.kind == "bytes" else f"strlen({sent})")
            elif kind.kind == "buffer":
                arguments.append(f"{sent}_bytes")
            elif kind.kind == "bytes":
                arguments += [sent, f"{sent}_bytes"]
            else:
                arguments.append(f"&{sent}" if kind.kind == "struct" else sent)
        return [f"overlong ? {place_limit(self.layout, a)} + 1 : {a}" if a.endswith("_bytes") else a for a in arguments]

    # --- Client ---

    def _caller(self) -> str:
        draws = [line for place in (*self.layout.inputs, *self.layout.outputs) for line in self._draw(place)]
        received = [line for place in self.layout.outputs for line in self._received(place)]
        frees = [f"free({place.field.name});" for place in self.layout.outputs if place.field.type.kind == "bytes"]
        same = [line for place in self.layout.outputs for line in self._compare(place)]
        valid = [line for place in self.layout.outputs for line in self._received_valid(place)]
        arguments = [a for place in self.layout.inputs for a in self._in_argument(place.field)]
        arguments += [a for place in self.layout.outputs for a in self._out_argument(place.field)]
        call = f"{self.client}({', '.join(arguments)})"
        lines = lambda texts: "".join(f"    {t}\n" for t in texts)  # noqa: E731
        return f"""static void run_{self.name}(void)
{{
    doing = "{self.name}";
    sent_{self.name}.unused = 0;
{lines(draws)}{lines(received)}
    answer_{self.name} = STATUS_OK;
    CHECK({call} == STATUS_OK);
{lines(same)}
    // The same request with one thing wrong.
    struct message good = last_received;
    unsigned before = calls;

{lines(self._refusals())}
    // Values that are too long, on their way in and on their way out.
{lines(self._too_long(arguments))}    CHECK(calls == before);
{lines(self._answers_too_long(call))}
    // An error of the interface arrives as it is; any other status of a handler is no answer.
    if ({self.errors} > 0) {{
        answer_{self.name} = (enum status)(RESULT_FIRST + draw_below({max(1, self.errors)}));
        before = calls;
        CHECK({call} == answer_{self.name} && calls == before + 1);
    }}
    answer_{self.name} = STATUS_TIMED_OUT;
    CHECK({call} == STATUS_BAD_MESSAGE);
    answer_{self.name} = STATUS_OK;
{self._restart(call)}
    mode = MODE_HOSTILE;
    for (unsigned i = 0; i < 20; i++) {{
        enum status status = {call};

        if (status == STATUS_OK) {{
{lines(valid)}        }}
{self._renew()}    }}
    mode = MODE_DELIVER;
{lines(frees)}}}"""

    def _refusals(self) -> list[str]:
        changes = ["bad.info ^= 1ull << INFO_WORDS_SHIFT", "bad.info ^= 2ull << INFO_WORDS_SHIFT",
                   "bad.info ^= 1ull << INFO_LENDS_SHIFT", "bad.info ^= 2ull << INFO_LENDS_SHIFT",
                   "bad.info ^= 1ull << INFO_CAP_BIT", "bad.info &= ~0xffffull", "bad.info |= 0x8000",
                   "bad.info |= 0xffffull << INFO_SLOT_SHIFT"]
        for place in self.layout.inputs:
            for leaf in (*place.leaves, *([place.length] if place.length else [])):
                changes += self._bad_leaf(leaf)
            if place.length:
                changes.append(f"bad.words[{place.length.word}] |= 0x7fffffffull << {place.length.shift}")
        for place in (*self.layout.inputs, *self.layout.outputs):
            changes += self._bad_lend(place) if place.way == "lend" else []
        return [f"REFUSED({change});" for change in changes]

    def _bad_leaf(self, leaf: idl.Leaf) -> list[str]:
        """Bits that are no value; a scalar alone in its word leaves those above it zero."""
        bits, kind = idl.scalar_bits(leaf.type), leaf.type
        word = f"bad.words[{leaf.word}]"
        changes = [f"{word} |= 1ull << {bits}", f"{word} |= 1ull << 63"] if leaf.alone and bits < 64 else []
        mask = f"~({(1 << bits) - 1:#x}ull << {leaf.shift})"
        if kind.kind == "bool":
            changes.append(f"{word} = ({word} & {mask}) | 2ull << {leaf.shift}")
        elif kind.kind == "enum" and len(kind.members) < 256:
            changes.append(f"{word} = ({word} & {mask}) | {len(kind.members)}ull << {leaf.shift}")
        elif kind.kind == "flags" and len(kind.members) < 64:
            changes.append(f"{word} |= 1ull << {len(kind.members)}")
        return changes

    def _bad_lend(self, place: Place) -> list[str]:
        kind = place.field.type
        word = f"bad.words[LEND_FIRST_WORD + 2 * {place.index} + 1]"
        most = value_bytes(kind)
        rights = f"({word} & LEND_FLAGS)"
        changes = [f"{word} &= ~LEND_FLAGS", f"{word} ^= LEND_READ | LEND_WRITE", f"{word} = {rights} | {most + 1}",
                   f"{word} = {rights} | 0x0fffffffffffffffull"]
        return changes + ([f"{word} = {rights} | {most - 1}", f"{word} = {rights}"] if kind.fixed else [])

    def _too_long(self, arguments: list[str]) -> list[str]:
        """Calls that the stub refuses before it makes them."""
        found = []
        for place in self.layout.inputs:
            kind, sent = place.field.type, f"sent_{self.name}.{place.field.name}"
            if kind.kind in ("bytes", "buffer"):
                other = [f"{kind.count} + 1" if a == f"{sent}_bytes" else a for a in arguments]
                found.append(f"CHECK({self.client}({', '.join(other)}) == STATUS_BAD_ARGUMENT);")
            if kind.kind == "string":
                other = ["long_text" if a == sent else a for a in arguments]
                found.append(f"{{ char *long_text = calloc(1, {kind.count} + 2); memset(long_text, 'x', {kind.count} + 1); "
                             f"CHECK({self.client}({', '.join(other)}) == STATUS_BAD_ARGUMENT); free(long_text); }}")
            if kind.kind == "string" and place.way == "lend" and place.copied:
                found.append(f"if (strlen({sent}) != 0) {{ zero_copies = true; must_refuse(&good); zero_copies = false; }}")
            if kind.kind == "capability":
                other = ["SLOT_NULL" if a == sent else a for a in arguments]
                found.append(f"CHECK({self.client}({', '.join(other)}) == STATUS_BAD_ARGUMENT);")
        return found

    def _answers_too_long(self, call: str) -> list[str]:
        if not any(place.field.type.kind in ("bytes", "buffer") for place in self.layout.outputs):
            return []
        return ["overlong = true;", f"CHECK({call} == STATUS_BAD_MESSAGE);", "overlong = false;"]

    def _renew(self) -> str:
        return f"        {self.use}_session_renewed();\n" if self.method.restart == "session" else ""

    def _restart(self, call: str) -> str:
        if self.method.restart == "idempotent":
            return f"""    before = calls;
    deaths = 2;
    CHECK({call} == STATUS_OK && calls == before + 3);
    deaths = 9;
    CHECK({call} == STATUS_PEER_DIED && calls == before + 3 + 1 + CALL_RETRIES);
    deaths = 0;"""
        again = "" if self.method.restart == "at-most-once" else f"""
    CHECK({call} == STATUS_PEER_DIED && calls == before + 1);
    {self.use}_session_renewed();
    CHECK({call} == STATUS_OK && calls == before + 2);"""
        return f"""    before = calls;
    deaths = 1;
    CHECK({call} == STATUS_PEER_DIED && calls == before + 1);{again}
    deaths = 0;"""

    def _in_argument(self, field: Field) -> list[str]:
        sent = f"sent_{self.name}.{field.name}"
        match field.type.kind:
            case "bytes":
                return [sent, f"{sent}_bytes"]
            case "buffer":
                return [f"{sent}_bytes"]
            case "struct":
                return [f"&{sent}"]
        return [sent]

    def _out_argument(self, field: Field) -> list[str]:
        match field.type.kind:
            case "bytes":
                return [field.name, f"{field.name}_room", f"&{field.name}_bytes"]
            case "buffer":
                return [f"&{field.name}_bytes"]
            case "string" | "array":
                return [field.name]
        return [f"&{field.name}"]

    def _received(self, place: Place) -> list[str]:
        """Memory for an output of exactly its size, so that a byte too many is seen."""
        kind, name = place.field.type, place.field.name
        if kind.kind == "bytes":
            return [f"size_t {name}_room = sent_{self.name}.{name}_bytes + draw_below(3);",
                    f"uint8_t *{name} = malloc({name}_room + 1);", f"size_t {name}_bytes = 0;"]
        if kind.kind == "buffer":
            return [f"size_t {name}_bytes = 0;"]
        if kind.kind == "string":
            return [f"char {name}[{kind.count + 1}];"]
        if kind.kind in ("struct", "array"):
            return [f"{self.types.declaration(kind, name)};"]
        return [f"{self.types.of(kind)} {name} = 0;"]

    def _compare(self, place: Place) -> list[str]:
        kind, name = place.field.type, place.field.name
        sent = f"sent_{self.name}.{name}"
        if kind.kind == "bytes":
            return [f"CHECK({name}_bytes == {sent}_bytes);", f"CHECK(memcmp({name}, {sent}, {name}_bytes) == 0);"]
        if kind.kind == "buffer":
            return [f"CHECK({name}_bytes == {sent}_bytes);"]
        if kind.kind == "string":
            return [f"CHECK(strcmp({name}, {sent}) == 0);"]
        return [self._same(kind, name, sent)] if kind.fixed else [f"CHECK({name} == {sent});"]

    def _received_valid(self, place: Place) -> list[str]:
        """What a client may rely on whatever the server is."""
        kind, name = place.field.type, place.field.name
        if kind.kind == "bytes":
            return [f"CHECK({name}_bytes <= {name}_room && {name}_bytes <= {kind.count});"]
        if kind.kind == "buffer":
            return [f"CHECK({name}_bytes <= {kind.count});"]
        if kind.kind == "string":
            return [f"CHECK(strnlen({name}, {kind.count + 1}) <= {kind.count});"]
        return [f"CHECK({self._is_valid(kind, name)});"] if kind.fixed else []


def place_limit(layout: MethodLayout, argument: str) -> int:
    """The most bytes of the output whose length this argument is."""
    return next(place.field.type.count for place in layout.outputs if argument.endswith(f".{place.field.name}_bytes"))
