"""Which way each value of a method goes, and where in the message. SPDX-License-Identifier: BSD-2-Clause"""

from __future__ import annotations

import pytest

from builder import idl
from builder.diagnostic import Diagnostics
from builder.idl import MethodLayout
from builder.interface import read_interface
from builder.source import read_text

TYPES = """
types:
  kind: {enum: [one, two]}
  point: {struct: {x: i32, y: i32, kind: kind}}
  padded: {struct: {small: u8, large: u64}}
  table: {struct: {rows: 'padded[40]'}}
"""


def problems_and_layout(inputs: str, outputs: str = "") -> tuple[list[str], MethodLayout]:
    problems = Diagnostics()
    text = f"interface: Test{TYPES}methods:\n  m: {{in: {{{inputs}}}, out: {{{outputs}}}}}\n"
    interface = read_interface(read_text(text, "test.yaml", problems), "Test", "test.yaml", problems)
    assert not problems
    layout = idl.method_layout(interface.methods[0], problems)
    problems += idl.check_layouts([interface])
    return sorted({problem.code for problem in problems}), layout


def layout(inputs: str, outputs: str = "") -> MethodLayout:
    problems, found = problems_and_layout(inputs, outputs)
    assert not problems
    return found


def words(places: tuple[idl.Place, ...]) -> list[tuple[int, int]]:
    """Word and shift of each leaf, in order."""
    return [(leaf.word, leaf.shift) for place in places for leaf in place.leaves]


def test_scalars_have_a_word_each_while_there_are_enough() -> None:
    found = layout("a: u8, b: u64, c: bool, d: kind")
    assert words(found.inputs) == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert found.request_words == 4 and found.in_registers


def test_scalars_share_words_at_their_alignment_when_they_must() -> None:
    found = layout(", ".join(f"v{n}: u8" for n in range(9)) + ", w: u32, x: u16, y: u64")
    assert words(found.inputs) == [(0, 8 * n) for n in range(8)] + [(1, 0), (1, 32), (2, 0), (3, 0)]
    assert found.request_words == 4


def test_a_struct_of_scalars_travels_as_its_fields() -> None:
    found = layout("p: point, q: u64")
    assert [leaf.path for leaf in found.inputs[0].leaves] == [".x", ".y", ".kind"]
    assert found.request_words == 4 and found.in_registers


def test_an_array_travels_as_its_bytes() -> None:
    place = layout("a: u64, b: 'u16[5]'").inputs[1]
    assert (place.way, place.word, place.chunk) == ("words", 1, 10)


def test_text_that_fits_is_in_the_words_and_needs_no_length() -> None:
    found = layout("a: 'string<80>'", "b: 'bytes<72>'")
    assert found.inputs[0].way == "words" and found.inputs[0].length is None and found.request_words == 10
    assert found.outputs[0].way == "words" and found.outputs[0].length is not None and found.reply_words == 10


def test_the_largest_value_is_lent_first_and_only_as_many_as_needed() -> None:
    found = layout("a: 'u64[4]', b: 'string<60>', c: u64")
    assert [place.way for place in found.inputs] == ["words", "lend", "words"]
    assert found.lends == 1 and found.request_words == 5


def test_a_lend_leaves_six_words_for_the_rest_of_the_request() -> None:
    assert layout("a: 'bytes<100>', " + ", ".join(f"v{n}: u64" for n in range(6))).lends == 1
    problems, _ = problems_and_layout("a: 'bytes<100>', " + ", ".join(f"v{n}: u64" for n in range(7)))
    assert problems == ["E0520"]


def test_what_is_answered_may_take_ten_words_beside_a_lend() -> None:
    found = layout("a: 'bytes<100>'", ", ".join(f"v{n}: u64" for n in range(10)))
    assert found.reply_words == 10 and found.lends == 1


def test_a_lent_answer_takes_the_second_lend_and_tells_its_length() -> None:
    found = layout("a: 'bytes<100>'", "b: 'bytes<300>', c: u8")
    assert (found.inputs[0].index, found.outputs[0].index) == (0, 1)
    assert found.outputs[0].length.word == 0 and words(found.outputs) == [(1, 0)]


def test_a_capability_leaves_five_words() -> None:
    found = layout("c: capability<region>, " + ", ".join(f"v{n}: u64" for n in range(5)))
    assert found.sends_capability and found.request_words == 5
    problems, _ = problems_and_layout("c: capability<region>, " + ", ".join(f"v{n}: u64" for n in range(6)))
    assert problems == ["E0520"]


def test_small_lent_values_are_copied_by_the_stub_and_large_ones_by_the_handler() -> None:
    assert layout("a: 'bytes<256>'").inputs[0].copied
    assert not layout("a: 'bytes<257>'").inputs[0].copied
    assert layout("a: table").inputs[0].way == "lend" and layout("a: table").inputs[0].copied


def test_a_buffer_stays_in_shared_memory_and_sends_its_length() -> None:
    found = layout("a: 'buffer<9000>', b: u8")
    assert found.inputs[0].way == "buffer" and found.lends == 0 and found.request_words == 2


@pytest.mark.parametrize("inputs, outputs, code", [
    ("a: table", "b: table, c: 'bytes<200>'", "E0521"),
    ("data: 'bytes<9>', data_bytes: u8", "", "E0522"),
    ("data_room: u32", "data: 'bytes<900>'", "E0522"),
    (", ".join(f"v{n}: u64" for n in range(11)), "", "E0520"),
])
def test_what_cannot_travel_is_an_error(inputs: str, outputs: str, code: str) -> None:
    problems, _ = problems_and_layout(inputs, outputs)
    assert code in problems


def test_one_name_of_an_error_is_one_code() -> None:
    problems = Diagnostics()
    text = "interface: Test\nmethods:\n  a: {errors: [io, range]}\n  b: {errors: [range, full, io]}\n"
    interface = read_interface(read_text(text, "test.yaml", problems), "Test", "test.yaml", problems)
    assert idl.error_codes(interface) == {"io": 64, "range": 65, "full": 66}
