"""What the decoder takes for JSON, and what it says of everything else."""

import gc
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.model.finding import Damage
from vtm.model.task import Manifest
from vtm.sources.decoder import BOM, MalformedError, convert, decode, may_repeat_keys, parse, paused_collector
from vtm.sources.files import malformed

EMPTY = "restore the file, or remove it and run `vtm init`"
SYNTAX = "correct the syntax at this place"
REST = "restore the rest of the file"
UTF8 = "save it as UTF-8"
NUL = "remove it; the file may be binary or cut"
HALF = "write the character itself, or both \\u escapes"
MERGE = "resolve the merge conflict"

MALFORMED = {
    "empty": (b"", "is empty", 1, 1, EMPTY),
    "blank": (b" \n\t\r\n", "is empty", 1, 1, EMPTY),
    "nothing-but-a-mark": (BOM + b"\n", "is empty", 1, 1, EMPTY),
    "text": (b"Hello", "is not JSON: invalid character", 1, 1, SYNTAX),
    "yaml": (b"tasks:\n- a\n", "is not JSON: invalid character", 1, 1, SYNTAX),
    "wrong-word": (b'{"tasks": [\n  yes]}', "is not JSON: invalid character", 2, 3, SYNTAX),
    "behind-wide-characters": (
        '{"é😀":\r\n "日本", x}'.encode(),
        "is not JSON: object keys must be strings",
        2,
        8,
        SYNTAX,
    ),
    "behind-a-mark": (BOM + b'{"a": x}', "is not JSON: invalid character", 1, 7, SYNTAX),
    "missing-comma": (b"[1\n 2]", "is not JSON: expected ',' or ']'", 2, 2, SYNTAX),
    "missing-colon": (b'{"a" 1}', "is not JSON: expected ':'", 1, 6, SYNTAX),
    "comma-at-the-end": (b'{"a": 1,\n}', "is not JSON: trailing comma in object", 2, 1, SYNTAX),
    "comment": (b"{} // x", "is not JSON: trailing characters", 1, 4, SYNTAX),
    "two-documents": (b"{}\n{}", "is not JSON: trailing characters", 2, 1, SYNTAX),
    "single-quotes": (b"{'a': 1}", "is not JSON: object keys must be strings", 1, 2, SYNTAX),
    "leading-zero": (b"[01]", "is not JSON: invalid number", 1, 3, SYNTAX),
    "not-a-number": (b"[NaN]", "is not JSON: invalid character", 1, 2, SYNTAX),
    "wrong-escape": (b'["ab\\q"]', "is not JSON: invalid escape character in string", 1, 6, SYNTAX),
    "wrong-hex": (b'["\\u12x4"]', "is not JSON: invalid character in unicode escape", 1, 7, SYNTAX),
    "raw-line-end": (b'["a\nb"]', "is not JSON: invalid character", 1, 4, SYNTAX),
    "raw-escape": (b'["a\x1b[31m"]', "is not JSON: invalid character", 1, 4, SYNTAX),
    "cut-in-a-list": (b'{"tasks": [\n', "ends in the middle", 2, 1, REST),
    "cut-in-a-string": (b'{"tasks": ["a', "ends in the middle", 1, 14, REST),
    "cut-in-a-word": (b"[tru", "ends in the middle", 1, 5, REST),
    "cut-in-a-pair": (b'["\\ud83d', "ends in the middle", 1, 9, REST),
    "first-half-of-a-pair": (b'["\\ud83d"]', "holds half of a surrogate pair", 1, 3, HALF),
    "second-half-of-a-pair": (b'[1,\n"a\\udc00"]', "holds half of a surrogate pair", 2, 3, HALF),
    "two-first-halves": (b'["\\ud83d\\ud83d\\ude00"]', "holds half of a surrogate pair", 1, 3, HALF),
    "half-behind-a-backslash": (b'["\\\\ud800 \\uD800x"]', "holds half of a surrogate pair", 1, 11, HALF),
    "backslash-before-a-name": (b'["\\\\ud800", x]', "is not JSON: invalid character", 1, 13, SYNTAX),
    "invalid-utf8": (b'{"tasks": [],\n "a": "\xff"}', "is not valid UTF-8", 2, 8, UTF8),
    "invalid-utf8-and-cut": (b'{"a": "\xc3', "is not valid UTF-8", 1, 8, UTF8),
    "surrogate-in-utf8": (b'["\xed\xa0\x80"]', "is not valid UTF-8", 1, 3, UTF8),
    "utf16": ('{"tasks": []}'.encode("utf-16"), "is not UTF-8 but UTF-16 or UTF-32", 1, 1, UTF8),
    "utf32": ('{"tasks": []}'.encode("utf-32"), "is not UTF-8 but UTF-16 or UTF-32", 1, 1, UTF8),
    "nul-in-a-string": (b'{"a":\n"x\0"}', "holds a NUL byte", 2, 3, NUL),
    "nul-behind": (b'{"tasks": []}\n\0\0', "holds a NUL byte", 2, 1, NUL),
    "conflict": (
        b'{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> b\n}',
        "holds conflict markers of a merge",
        2,
        1,
        MERGE,
    ),
    "conflict-in-three": (b"{\r\n||||||| base\r\n}", "holds conflict markers of a merge", 2, 1, MERGE),
    "conflict-behind-a-mark": (BOM + b"=======\n{}", "holds conflict markers of a merge", 1, 1, MERGE),
    "no-conflict-inside-a-line": (b'{"a": <<<<<<< 1}', "is not JSON: invalid character", 1, 7, SYNTAX),
    "deep-lists": (b"[" * 100_000, "is nested too deeply to be a backlog", 1, 201, "restore the file"),
    "deep-objects": (b'{"a":' * 100_000, "is nested too deeply to be a backlog", 1, 1001, "restore the file"),
    "deep-with-brackets-in-strings": (
        b'["]",' * 9_000,
        "is nested too deeply to be a backlog",
        1,
        1001,
        "restore the file",
    ),
    "deep-behind-a-large-number": (
        b"[1e999," + b"[" * 9_000,
        "is nested too deeply to be a backlog",
        1,
        207,
        "restore the file",
    ),
    "wrong-behind-a-large-number": (b"[1e999,\n x]", "is not JSON: invalid character", 2, 2, SYNTAX),
    "invalid-utf8-behind-a-large-number": (b'[1e999, "\xff"]', "is not valid UTF-8", 1, 10, UTF8),
}


@pytest.mark.parametrize(("data", "message", "line", "column", "fix"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_bytes_are_told_apart_and_placed(data, message, line, column, fix):
    with pytest.raises(MalformedError) as raised:
        parse(data)
    defect = malformed("a.json", data, raised.value)
    assert (defect.message, defect.location.line, defect.location.column, defect.fix) == (
        f"a.json {message}",
        line,
        column,
        fix,
    )
    assert defect.damage is (Damage.CONFLICT_MARKERS if fix == MERGE else Damage.UNREADABLE)
    assert decode(data, Manifest) is None


LARGE = "9" * 5000
NUMBERS = {
    "fits": ('{"a": [1, -2.5, 1e308], "b": "1e999"}', {"a": [1, -2.5, 1e308], "b": "1e999"}),
    "beyond-64-bits": ("[18446744073709551616]", [2**64]),
    "too-large": ('[1e999, "x", -1e999, 7]', [1e308, "x", -1e308, 7]),
    "too-long": (f"[{LARGE}]", [1e308]),
    "too-small": ("[1e-999]", [0.0]),
    "digits-in-a-string": (f'[1e999, "{LARGE}"]', [1e308, LARGE]),
    "quotes-in-a-string": ('[1e999, "\\" 1e999 \\\\", 1]', [1e308, '" 1e999 \\', 1]),
}


@pytest.mark.parametrize(("text", "value"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_too_large_for_any_type_is_made_to_fit(text, value):
    assert parse(text.encode()) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 0, 3, "\t"]), st.booleans(), st.booleans())
def test_json_is_read_as_it_was_written(value, indent, ascii_only, mark):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert parse(BOM * mark + text.encode("utf-8", "surrogatepass")) == value


@given(JSON, st.data())
def test_a_document_that_is_cut_is_malformed(value, data):
    text = json.dumps([value]).encode()
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(MalformedError) as raised:
        parse(cut)
    what = raised.value.args[0]
    assert what.message in {
        "is empty",
        "ends in the middle",
        "is not JSON: invalid number",
        "is not JSON: invalid character",
    }
    assert 0 <= what.offset <= len(cut)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_json_or_malformed_inside_them(data):
    try:
        parse(data)
    except MalformedError as error:
        assert 0 <= error.args[0].offset <= len(data)
        assert error.args[0].fix


@pytest.mark.parametrize("unknown", [b'"\xff"', b'"\xed\xa0\x80"', b'{"\xff": 1}'])
def test_bytes_that_a_struct_passes_over_must_be_text_too(unknown):
    assert decode(b'{"tasks": [], "metadata": ' + unknown + b"}", Manifest) is None


def test_text_that_a_struct_passes_over_may_be_of_any_script():
    assert decode('{"tasks": [], "metadata": "日本 é 😀"}'.encode(), Manifest) == Manifest(())


REPEATED = {
    "none": ('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}', False),
    "top": ('{"a": 1, "a": 1}', True),
    "deep": ('{"b": [{"c": {"d": 1, "d": 2}}]}', True),
    "escaped": ('{"a": 1, "\\u0061": 2}', True),
    "long-number": (f'{{"a": {LARGE}}}', False),
    "list": ('["a", "a"]', False),
}


@pytest.mark.parametrize(("text", "expected"), REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "marked"])
def test_repeated_keys_are_noticed(text, expected, mark):
    assert may_repeat_keys(mark + text.encode()) is expected


def test_where_nesting_hides_repeated_keys_there_may_be_some():
    assert may_repeat_keys(b"[" * 2000 + b"]" * 2000)


@pytest.mark.parametrize("before", [True, False], ids=["on", "off"])
def test_the_collector_is_as_it_was(before):
    was = gc.isenabled()
    (gc.enable if before else gc.disable)()
    try:
        with paused_collector():
            assert not gc.isenabled()
        assert gc.isenabled() is before
    finally:
        (gc.enable if was else gc.disable)()


def test_a_value_that_does_not_fit_is_none():
    assert convert({"tasks": 3}, Manifest) is None
    assert convert({"tasks": []}, Manifest) == msgspec.convert({"tasks": []}, Manifest)
