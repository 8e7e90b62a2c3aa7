"""Lines and columns, held against a writer of JSON that notes where it puts things."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.sources.decoder import BOM, parse
from vtm.sources.positions import Position, RepeatedKey, locate, position, repeated_keys

GAPS = st.text(st.sampled_from(" \t\n"), max_size=3) | st.sampled_from(["", " ", "\r\n", "\n\n  ", "\r\n\t"])
TEXTS = st.text(st.sampled_from('ab"\\/{}[]:, \n\x00é日😀\ufeff\u2028'), max_size=4) | st.text(max_size=4)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS


@st.composite
def values(draw, depth=3):
    """A value as a tree: an object is a tuple of pairs, in which a key may come again."""
    shape = draw(st.sampled_from(["scalar", "list", "object"] if depth else ["scalar"]))
    if shape == "scalar":
        return draw(SCALARS)
    inner = values(depth - 1)
    if shape == "list":
        return draw(st.lists(inner, max_size=4))
    return tuple(draw(st.lists(st.tuples(TEXTS, inner), max_size=4)))


class Writer:
    """Writes JSON with gaps where JSON allows them, and notes where each value stands."""

    def __init__(self, draw, mark):
        self.draw, self.text, self.starts, self.again = draw, "", {}, []
        self.mark = BOM if mark else b""

    def gap(self):
        self.text += self.draw(GAPS)

    def scalar(self, value):
        self.text += json.dumps(value, ensure_ascii=self.draw(st.booleans()))

    def value(self, value, at=()):
        if isinstance(value, list):
            self.members("[]", [((*at, index), None, each) for index, each in enumerate(value)])
        elif isinstance(value, tuple):
            self.members("{}", [((*at, key), key, each) for key, each in value])
        else:
            self.scalar(value)

    def members(self, brackets, members):
        self.text += brackets[0]
        for number, (pointer, key, value) in enumerate(members):
            self.text += "," * bool(number)
            self.gap()
            if pointer in self.starts:
                self.again.append((key, len(self.text)))
                self.starts = {k: v for k, v in self.starts.items() if k[: len(pointer)] != pointer}
            self.starts[pointer] = len(self.text)
            if key is not None:
                self.scalar(key)
                self.gap()
                self.text += ":"
                self.gap()
            self.value(value, pointer)
            self.gap()
        self.text += brackets[1]

    def whole(self, value):
        self.gap()
        self.starts[()] = len(self.text)
        self.value(value)
        self.gap()
        return self

    @property
    def data(self):
        return self.mark + self.text.encode()

    def place(self, index):
        lines = self.text[:index].split("\n")
        return Position(len(lines), len(lines[-1]) + 1)


@given(values(), st.booleans(), st.data())
def test_every_value_is_found_where_it_was_written(value, mark, data):
    written = Writer(data.draw, mark).whole(value)
    expected = {pointer: written.place(index) for pointer, index in written.starts.items()}
    assert locate(written.data, written.starts) == expected
    one = data.draw(st.sampled_from(sorted(written.starts, key=repr)))
    assert locate(written.data, [one]) == {one: expected[one]}


@given(values(), st.booleans(), st.data())
def test_every_repeated_key_is_found_where_it_stands_again(value, mark, data):
    written = Writer(data.draw, mark).whole(value)
    expected = [RepeatedKey(key, written.place(index)) for key, index in written.again]
    assert repeated_keys(written.data) == expected


@given(values(), st.lists(st.integers(0, 2) | TEXTS, max_size=3), st.data())
def test_what_is_not_there_has_the_place_of_its_nearest_parent(value, rest, data):
    written = Writer(data.draw, mark=False).whole(value)
    known = data.draw(st.sampled_from(sorted(written.starts, key=repr)))
    pointer = (*known, *rest)
    nearest = next(pointer[:end] for end in range(len(pointer), -1, -1) if pointer[:end] in written.starts)
    assert locate(written.data, [pointer]) == {pointer: written.place(written.starts[nearest])}


@given(values(), st.data())
def test_a_document_that_changed_meanwhile_is_searched_without_harm(value, data):
    written = Writer(data.draw, mark=False).whole(value)
    cut = bytearray(written.data[: data.draw(st.integers(0, len(written.data)))])
    for _ in range(data.draw(st.integers(0, 3)) if cut else 0):
        cut[data.draw(st.integers(0, len(cut) - 1))] = data.draw(st.integers(0, 255))
    found = locate(bytes(cut), written.starts)
    assert found.keys() == written.starts.keys()


@given(st.text(st.sampled_from("ab\n\ré日😀"), max_size=20), st.booleans(), st.data())
def test_the_place_of_a_byte_counts_lines_and_code_points(text, mark, data):
    index = data.draw(st.integers(0, len(text)))
    lines = text[:index].split("\n")
    data = BOM * mark + text.encode()
    offset = len(BOM) * mark + len(text[:index].encode())
    assert position(data, offset) == (len(lines), len(lines[-1]) + 1)


FOUND = {
    "top": ("  {}", (), (1, 3)),
    "key": ('{\n  "a": 1}', ("a",), (2, 3)),
    "value-in-a-list": ("[1,\r\n 2]", (1,), (2, 2)),
    "inside": ('{"tasks": [{}, {"risk": 1}]}', ("tasks", 1, "risk"), (1, 17)),
    "last-of-a-repeated-key": ('{"a": 1,\n "a": 2}', ("a",), (2, 2)),
    "inside-the-last-of-a-repeated-key": ('{"a": {"b": 1}, "a": {"c": 1,\n "b": 2}}', ("a", "b"), (2, 2)),
    "only-inside-the-first": ('{"a": {"b": 1},\n "a": {}}', ("a", "b"), (2, 2)),
    "repeated-with-an-escape": ('{"a": 1,\n "\\u0061": 2}', ("a",), (2, 2)),
    "repeated-special-key": ('{"\\n": 1,\n "\\u000a": 2}', ("\n",), (2, 2)),
    "escaped-key": ('{"\\u0061\\n": 1, "b": 2}', ("a\n",), (1, 2)),
    "same-text-as-a-value": ('{"x": "a", "y": {"a": 0}, "a": 1}', ("a",), (1, 27)),
    "brackets-in-a-string": ('["]}{[\\"", {"a": 1}]', (1, "a"), (1, 13)),
    "index-of-an-object": ('{"a": 1}', (0,), (1, 1)),
    "key-of-a-list": ('[{"a": 1}]', ("a",), (1, 1)),
    "inside-a-scalar": ('{"a":\n 1}', ("a", "b", 0), (1, 2)),
    "behind-the-end": ("[1, 2]", (7,), (1, 1)),
    "wrong-escape-in-a-key": ('{"\\q": 1,\n "b": 2}', ("b",), (2, 2)),
    "empty-key": ('{"": {"": 1}}', ("", ""), (1, 7)),
}


@pytest.mark.parametrize(("text", "pointer", "place"), FOUND.values(), ids=FOUND)
@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "marked"])
def test_a_pointer_leads_to_a_place(text, pointer, place, mark):
    assert locate(mark + text.encode(), [pointer]) == {pointer: place}


def test_many_pointers_are_found_at_once():
    data = json.dumps({"tasks": {f"T{each}": {"n": each} for each in range(200)}}, indent=1).encode()
    wanted = [("tasks", f"T{each}", "n") for each in range(200)]
    assert locate(data, wanted) == {pointer: (4 + 3 * each, 4) for each, pointer in enumerate(wanted)}


def test_a_thousand_levels_are_searched_without_recursion():
    deep = b'{"a":' * 1000 + b"1" + b"}" * 1000
    pointer = ("a",) * 1000
    assert locate(deep[:-1] + b"\n}", [pointer])[pointer] == (1, 4_997)
    assert repeated_keys(deep) == []


def test_the_value_that_is_read_is_the_one_that_is_found():
    data = b'{"a": 1,\n "a": 2}'
    line, column = locate(data, [("a",)])["a",]
    assert data.splitlines()[line - 1][column - 1 :].startswith(b'"a": %d' % parse(data)["a"])
