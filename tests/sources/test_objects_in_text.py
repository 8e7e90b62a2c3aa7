"""JSON objects are found in text that is not JSON, whatever stands around them."""

import json
import subprocess
import sys

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vtm.sources.objects_in_text import LARGEST, last_object

MARK = b'"task_id"'


def wanted(value):
    return value if "task_id" in value else "lacks task_id"


def found(text):
    return last_object(text if isinstance(text, bytes) else text.encode(), wanted, MARK).found


REPORT = {"task_id": "A--T01", "note": 'a } b { c " d \\ e', "more": {"passed": 1}}
ONE_LINE, INDENTED = json.dumps(REPORT), json.dumps(REPORT, indent=2)
AROUND = {
    "bare": "{}",
    "with-line-ends": "\n\n{}\r\n",
    "in-a-block": "Done.\n\n```json\n{}\n```\n\nThat is all.\n",
    "in-a-tilde-block": "~~~\n{}\n~~~",
    "in-a-sentence": "This is it: {} - I hope it helps (it's fine).",
    "behind-a-brace": "function f() { return {} }",
    "behind-an-open-brace": "use { to open, then {}",
    "behind-a-quote": 'he said "so: {}',
    "behind-an-open-string": '{{"task_id": "B\n{}',
    "behind-a-path": "C:\\new\\{}",
    "before-a-quote": '{} "and so on',
    "before-other-objects": '{} {{"passed": 3}} {{not json}} {{}}',
    "in-a-list": "[1, {}, 2]",
    "in-an-object": '{{"report": {}}}',
    "behind-one-cut-off": '{{"task_id": "B", "list": [1,\n\n{}',
}


@pytest.mark.parametrize("text", [ONE_LINE, INDENTED], ids=["one-line", "indented"])
@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_found(around, text):
    before, _, after = around.partition("{}")
    assert found((before + text + after).replace("{{", "{").replace("}}}", "}}")) == REPORT


def test_the_last_one_counts():
    assert found('{"task_id": "A"} {"task_id": "B"} {"x": 1}') == {"task_id": "B"}


def test_the_outer_one_counts():
    outer = {"task_id": "A", "inner": {"task_id": "B"}}
    assert found(json.dumps(outer)) == outer


NAMED = {  # to each text: the lines of candidates, with what they lack
    "nothing": ("no object", []),
    "empty": ("{}", []),
    "code": ("if (x) { y() }", []),
    "other": ('a\n{"status": 1}', [(2, "lacks task_id")]),
    "two": ('{"a": 1}\n\n{"b": 1}', [(1, "lacks task_id"), (3, "lacks task_id")]),
    "nested-is-not-named": ('{"a": {"b": 1}}', [(1, "lacks task_id")]),
    "comma": ('{"task_id": "A",\n}', [(1, "is not JSON: trailing comma in object on line 2")]),
    "nan": ('{"task_id": NaN}', [(1, "is not JSON: invalid character on line 1")]),
    "huge": ('{"task_id": 1e999}', [(1, "is not JSON: number out of range on line 1")]),
    "open": ('\n{"task_id": "A"', [(2, "is never closed")]),
    "half-a-string": ('{"task_id": "A\n"}', [(1, "is never closed")]),
    "deep": ('{"task_id": ' + "[" * 99999 + "]" * 99999 + "}", [(1, "is nested too deeply")]),
    "large": ('{"task_id": "' + "x" * LARGEST + '"}', [(1, "is larger than 1 MB")]),
}


@pytest.mark.parametrize(("text", "expected"), NAMED.values(), ids=NAMED)
def test_what_comes_close_is_named(text, expected):
    search = last_object(text.encode(), wanted, MARK)
    assert (search.found, search.passed, search.more) == (None, expected, 0)


def test_of_many_the_last_are_named():
    search = last_object(b'{"a": 1}\n' * 30, wanted, MARK)
    assert ([each.line for each in search.passed], search.more) == (list(range(11, 31)), 10)


def test_what_is_passed_over_is_named():
    search = last_object(b'{"a": 1}\n{"task_id": "A"}\n{"task_id": "B",}', wanted, MARK)
    assert search.found == {"task_id": "A"}
    assert [each.line for each in search.passed] == [3]


def test_one_that_is_too_large_hides_those_before_it():
    large = '{"task_id": "B", "x": "' + "x" * LARGEST + '"}'
    assert found('{"task_id": "A"}' + large) is None
    assert found('{"task_id": "A"}' + large.replace("task_id", "other")) == {"task_id": "A"}


HOSTILE = {
    "open": b"{" * 300_000,
    "open-and-close": b"{" * 150_000 + b"}" * 150_000,
    "nested": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "never-closed": b'{"a":' * 60_000,
    "quotes": b'"' * 300_000,
    "open-strings": b'{"' * 150_000,
    "broken": b'{"}' * 100_000,
    "empty": b"{}" * 150_000,
    "small": b'{"a":1}' * 50_000,
    "deep": b'{"a":' * 900 + b'"' + b"x" * 900_000 + b'"' + b"}" * 900,
    "lines": b"{\n" * 150_000,
    "space": (b"{" + b" " * 1000) * 1000,
    "escapes": b'\\"{' * 100_000,
}
QUICKLY = """
import resource, sys
from tests.sources.test_objects_in_text import HOSTILE, found
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
for name, text in HOSTILE.items():
    assert found(text) is None, name
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a process's time there")
def test_hostile_text_ends():
    """What takes time with the square of the text would take hours, and is killed after a minute."""
    done = subprocess.run([sys.executable, "-c", QUICKLY], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


PIECES = st.sampled_from(
    ['{"a":1}', '{"a":{"b":[]}}', "{", "}", '"', "\\", '\\"', ":", "1", "\n", " ", '"a"', ",", "x", '{"a":"']
)


def by_trying_everything(text):
    """The object that ends last, and starts first of those."""
    for end in range(len(text), 0, -1):
        for start in range(end):
            if text[start] == "{" and text[end - 1] == "}":
                try:
                    value = msgspec.json.decode(text[start:end])
                except msgspec.DecodeError:
                    continue
                if value:
                    return value
    return None


@given(st.lists(PIECES, max_size=14).map("".join))
@example('{"a":1} " {"a":1} "')
@example('"{"a":"\n{"a":1}')
def test_as_if_every_place_had_been_tried(text):
    assert last_object(text.encode(), lambda value: value, MARK).found == by_trying_everything(text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_may_stand_around_it(before, after):
    text = f"{before}\n{ONE_LINE}\n{after}".encode("utf-8", "replace")
    assert last_object(text, wanted, MARK).found == REPORT


@given(st.binary(max_size=300))
def test_any_bytes(data):
    text = data.decode("utf-8", "replace").encode()
    last_object(text, wanted, MARK)
