"""Edits of front matter: what is meant, and not a byte more; the rest is refused with its place."""

import time

import pytest

from vtm.errors import UnreadableError
from vtm.sources.front_matter_text import FrontMatterText

NOON = "2026-03-10T12:00:00Z"


def read(data):
    return FrontMatterText.read(data, "tasks/a.md")


def file(yaml, body=b"\n# Body\nstatus: body\n---\nmore\n"):
    yaml = yaml.encode() if isinstance(yaml, str) else yaml
    return b"---\n" + yaml + b"---\n" + body


VALUES = {
    # name: front matter, key, value, front matter after
    "plain": ("id: A\nstatus: todo\nx: 1\n", "status", "done", "id: A\nstatus: done\nx: 1\n"),
    "first key": ("status: todo\nid: A\n", "status", "done", "status: done\nid: A\n"),
    "one line": ("status: todo\n", "status", "done", "status: done\n"),
    "same": ("status:   'todo'  # c\n", "status", "todo", "status:   'todo'  # c\n"),
    "single": ("status: 'todo' \n", "status", "it's", "status: 'it''s' \n"),
    "double": ('status: "to\\u0064o"\n', "status", 'a"\\b', 'status: "a\\"\\\\b"\n'),
    "escape same": ('status: "to\\u0064o"\n', "status", "todo", 'status: "to\\u0064o"\n'),
    "single cannot": ("status: 'todo'\n", "status", "a\nb\x07", 'status: "a\\nb\\x07"\n'),
    "multi-line plain": ("t: one\n  two\n  three # c\nx: 1\n", "t", "four", "t: four # c\nx: 1\n"),
    "multi-line double": ('t: "one\n  two \\\n  3" # c\nx: 1\n', "t", "four", 't: "four" # c\nx: 1\n'),
    "multi-line single": ("t: 'one\n\n  # two'\nx: 1\n", "t", "four", "t: 'four'\nx: 1\n"),
    "next line": ("t:\n  one # c\nx: 1\n", "t", "two", "t:\n  two # c\nx: 1\n"),
    "next line, comment": ("t: # c\n  one\nx: 1\n", "t", "two", "t: # c\n  two\nx: 1\n"),
    "literal": ("t: |\n  one\n  two\n\nx: 1\n", "t", "three", "t: three\n\nx: 1\n"),
    "literal, comment": ("t: |2- # c\n   one\n# d\nx: 1\n", "t", "a: b", "t: 'a: b' # c\n# d\nx: 1\n"),
    "folded": ("t: >+1\n  # no comment\n\n\nx: 1\n", "t", "three", "t: three\n\n\nx: 1\n"),
    "literal, last": ("x: 1\nt: |\n  one\n  two\n", "t", "three", "x: 1\nt: three\n"),
    "literal removed": ("x: 1\nt: |\n  one\n  two\ny: 2\n", "t", None, "x: 1\ny: 2\n"),
    "literal removed, comment": ("t: | # c\n  one\ny: 2\n", "t", None, "t: null # c\ny: 2\n"),
    "empty": ("status:\nx: 1\n", "status", "todo", "status: todo\nx: 1\n"),
    "empty, spaces": ("status:   \nx: 1\n", "status", "todo", "status: todo   \nx: 1\n"),
    "empty, comment": ("status: # c\nx: 1\n", "status", "todo", "status: todo # c\nx: 1\n"),
    "empty, last": ("x: 1\nstatus:\n", "status", "todo", "x: 1\nstatus: todo\n"),
    "tilde": ("status: ~ # c\n", "status", "todo", "status: todo # c\n"),
    "null to text": ("status: null\n", "status", "null", "status: 'null'\n"),
    "comment": ("status: todo # why: not\n", "status", "done", "status: done # why: not\n"),
    "no comment": ("status: to#do\n", "status", "done", "status: done\n"),
    "comment lines": (
        "# a\nstatus: todo\n# b\n\nx: 1\n",
        "status",
        "done",
        "# a\nstatus: done\n# b\n\nx: 1\n",
    ),
    "quoted key": ('"status": todo\n', "status", "done", '"status": done\n'),
    "escaped key": ('"st\\x61tus" : todo\n', "status", "done", '"st\\x61tus" : done\n'),
    "spaces around colon": ("status  :   todo  \n", "status", "done", "status  :   done  \n"),
    "indented mapping": (
        "  id: A\n  status: b\n",
        "started_at",
        NOON,
        f"  id: A\n  status: b\n  started_at: {NOON}\n",
    ),
    "nested status": ("n:\n  status: a\nstatus: b\n", "status", "c", "n:\n  status: a\nstatus: c\n"),
    "nested only": ("n:\n  status: a\n", "status", "c", "n:\n  status: a\nstatus: c\n"),
    "status in text": ("n: |\n  status: a\nstatus: b\n", "status", "c", "n: |\n  status: a\nstatus: c\n"),
    "status in quotes": (
        'n: "x\n  status: a"\nstatus: b\n',
        "status",
        "c",
        'n: "x\n  status: a"\nstatus: c\n',
    ),
    "status in flow": ("n: {status: a}\nstatus: b\n", "status", "c", "n: {status: a}\nstatus: c\n"),
    "crlf": ("id: A\r\nstatus: b # c\r\nx: 1\n", "status", "c", "id: A\r\nstatus: c # c\r\nx: 1\n"),
    "crlf new": ("id: A\nstatus: b\r\nx: 1\n", "k", "c", "id: A\nstatus: b\r\nk: c\r\nx: 1\n"),
    "crlf literal": ("t: |\r\n  a\r\n  b\r\nx: 1\r\n", "t", "c", "t: c\r\nx: 1\r\n"),
    "lone cr": ("id: A\rstatus: b\rx: 1\n", "status", "c", "id: A\rstatus: c\rx: 1\n"),
    "lone cr new": ("id: A\rstatus: b\rx: 1\n", "k", "c", "id: A\rstatus: b\rk: c\rx: 1\n"),
    "unicode line ends": (
        "t: a\x85b\u2028c # d\u2028status: no\nstatus: b # \u2029\x85\n",
        "status",
        "c",
        "t: a\x85b\u2028c # d\u2028status: no\nstatus: c # \u2029\x85\n",
    ),
    "unicode line end in value": ("t: a\u2028b\n", "t", "a\u2028b", "t: a\u2028b\n"),
    "unicode line end to write": ("t: ab\n", "t", "a\u2028b\x85", 't: "a\\Lb\\N"\n'),
    "astral": (
        "t: 😀👩‍👩‍👧 é e\u0301 # 😀\nstatus: b\n",
        "status",
        "c",
        "t: 😀👩‍👩‍👧 é e\u0301 # 😀\nstatus: c\n",
    ),
    "astral key": ("😀: {é: '😀'}\nstatus: 😀 # 😀\n", "status", "é", "😀: {é: '😀'}\nstatus: é # 😀\n"),
    "on": ("t: a\n", "t", "on", "t: 'on'\n"),
    "number": ("t: 1\n", "t", "1", "t: '1'\n"),
    "octal": ("t: a\n", "t", "0o17", "t: '0o17'\n"),
    "sexagesimal": ("t: a\n", "t", "1:30", "t: '1:30'\n"),
    "infinity": ("t: a\n", "t", "0.5e+3", "t: '0.5e+3'\n"),
    "colon": ("t: a\n", "t", "a: b", "t: 'a: b'\n"),
    "colon at end": ("t: a\n", "t", "a:", "t: 'a:'\n"),
    "hash": ("t: a\n", "t", "#1", "t: '#1'\n"),
    "hash inside": ("t: a\n", "t", "a #1", "t: 'a #1'\n"),
    "space at end": ("t: a\n", "t", " a ", "t: ' a '\n"),
    "nothing": ("t: a\n", "t", "", "t: ''\n"),
    "indicator": ("t: a\n", "t", "- a", "t: '- a'\n"),
    "merge sign": ("t: a\n", "t", "<<", "t: '<<'\n"),
    "tab": ("t: a\n", "t", "a\tb", 't: "a\\tb"\n'),
    "words": ("t: a\n", "t", "In Progress (é)", "t: In Progress (é)\n"),
    "truth": ("t: 'a'\n", "t", True, "t: true\n"),
    "same truth": ("t: True\n", "t", True, "t: True\n"),
    "truth as text": ("t: true\n", "t", "true", "t: 'true'\n"),
    "date stays bare": ("t: 2026-01-01\n", "t", NOON, f"t: {NOON}\n"),
    "date over text": ("t: soon\n", "t", NOON, f"t: '{NOON}'\n"),
    "date quoted": ('t: "2026-01-01"\n', "t", NOON, f't: "{NOON}"\n'),
    "new date": ("status: a\n", "k", NOON, f"status: a\nk: {NOON}\n"),
    "new date like others": (
        "c: '2026-01-01'\nstatus: a\n",
        "k",
        NOON,
        f"c: '2026-01-01'\nstatus: a\nk: '{NOON}'\n",
    ),
    "new without status": ("id: A\nt: b\n# end\n", "k", "c", "id: A\nt: b\nk: c\n# end\n"),
    "new, no keys": ("", "k", "c", "k: c\n"),
    "new, comments only": ("# a\n", "k", "c", "# a\nk: c\n"),
    "new behind text": ("status: |+\n  a\n\n\nx: 1\n", "k", "c", "status: |+\n  a\n\n\nk: c\nx: 1\n"),
    "new behind clipped text": ("status: |\n  a\n\n\nx: 1\n", "k", "c", "status: |\n  a\nk: c\n\n\nx: 1\n"),
    "new behind a list": ("a:\n- b # c\n  # d\n# e\n", "k", "c", "a:\n- b # c\n  # d\nk: c\n# e\n"),
    "new behind comments": ("status: a\n  # d\nx: 1\n", "k", "c", "status: a\n  # d\nk: c\nx: 1\n"),
    "removed": ("a: 1\nk: b\nx: 1\n", "k", None, "a: 1\nx: 1\n"),
    "removed, alone": ("k: b\n", "k", None, ""),
    "removed, multi-line": ("a: 1\nk: b\n  c\n\nx: 1\n", "k", None, "a: 1\n\nx: 1\n"),
    "removed, comment": ("a: 1\nk: 'b' # c\n", "k", None, "a: 1\nk: null # c\n"),
    "removed, comment kept": ("k: null # c\n", "k", None, "k: null # c\n"),
    "removed, empty with comment": ("k: # c\n", "k", None, "k: # c\n"),
    "removed, empty": ("a: 1\nk:\n", "k", None, "a: 1\n"),
    "removed, comment above": ("a: 1\n# d\nk: b\n", "k", None, "a: 1\n# d\n"),
    "removed list": ("a: 1\nk:\n  - b # c\n  - d\nx: 1\n", "k", None, "a: 1\nx: 1\n"),
    "removed list, comment": ("k: # c\n  - b\nx: 1\n", "k", None, "k: null # c\nx: 1\n"),
    "removed flow": ("k: [a,\n b]\nx: 1\n", "k", None, "x: 1\n"),
    "removed, absent": ("a: 1\n", "k", None, "a: 1\n"),
    "tab in quotes": (
        'a: "x\t# y"\nb: |\n  z\t# w\nstatus: b\n',
        "status",
        "c",
        'a: "x\t# y"\nb: |\n  z\t# w\nstatus: c\n',
    ),
    "anchor elsewhere": (
        "a: &x {b: !t c}\nd: *x\nstatus: b\n",
        "status",
        "c",
        "a: &x {b: !t c}\nd: *x\nstatus: c\n",
    ),
    "merge beside": ("a: &x {b: c}\n<<: *x\nstatus: b\n", "status", "c", "a: &x {b: c}\n<<: *x\nstatus: c\n"),
}


@pytest.mark.parametrize(("yaml", "key", "value", "after"), VALUES.values(), ids=VALUES)
def test_value(yaml, key, value, after):
    edited = read(file(yaml)).with_value(key, value)
    assert edited.data == file(after)
    assert edited.with_value(key, value) == edited


WHOLE = {
    # name: file, file with `status: c` and `k: d`
    "byte order mark": (b"\xef\xbb\xbf---\nstatus: b\n---\n", b"\xef\xbb\xbf---\nstatus: c\nk: d\n---\n"),
    "no newline at the end": (b"---\nstatus: b\n---", b"---\nstatus: c\nk: d\n---"),
    "blank lines before": (b"\n \r\n--- \r\nstatus: b\n---\t\n", b"\n \r\n--- \r\nstatus: c\nk: d\n---\t\n"),
    "empty": (b"---\r\n---\r\n", b"---\r\nstatus: c\r\nk: d\r\n---\r\n"),
    "no body line end": (b"---\nstatus: b\n---\na\r\n---\nb", b"---\nstatus: c\nk: d\n---\na\r\n---\nb"),
    "body of any text": (
        "---\nstatus: b\n---\n\u2028\x85\x00\t  ".encode(),
        "---\nstatus: c\nk: d\n---\n\u2028\x85\x00\t  ".encode(),
    ),
}


@pytest.mark.parametrize(("before", "after"), WHOLE.values(), ids=WHOLE)
def test_whole_file(before, after):
    assert read(before).with_value("status", "c").with_value("k", "d").data == after


LISTS = {
    # name: front matter, items of d, front matter after
    "same": ("d: [ a,b , 'c' ,]\n", ["a", "b", "c"], "d: [ a,b , 'c' ,]\n"),
    "appended": ("d: [a, b]\n", ["a", "b", "c"], "d: [a, b, c]\n"),
    "first": ("d: [a, b]\n", ["c", "a", "b"], "d: [c, a, b]\n"),
    "first gone": ("d: [a,  b, c]\n", ["b", "c"], "d: [b, c]\n"),
    "middle gone": ("d: [ a, b , c ]\n", ["a", "c"], "d: [ a, c ]\n"),
    "last gone": ("d: [a, b , c,]\n", ["a", "b"], "d: [a, b ,]\n"),
    "unspaced": ("d: [a,b, c]\n", ["a", "b", "c", "e"], "d: [a,b, c,e]\n"),
    "all gone": ("d: [ a, b ] # c\n", [], "d: [] # c\n"),
    "empty": ("d: [ ]\n", ["a", "b"], "d: [a, b ]\n"),
    "quoted alike": ("d: ['a', 'b']\n", ["a", "c"], "d: ['a', 'c']\n"),
    "quoted where needed": (
        "d: [a]\n",
        ["a", "x: y", "no", "b,c", "e:f", "h/i"],
        "d: [a, 'x: y', 'no', 'b,c', 'e:f', h/i]\n",
    ),
    "several lines": (
        "d: [\n    a, # ca\n    b # cb\n  ]\n",
        ["a", "b", "c"],
        "d: [\n    a, # ca\n    b, # cb\n    c\n  ]\n",
    ),
    "comment goes along": (
        "d: [\n  a, # ca\n  # own\n  b # cb\n  ]\n",
        ["a"],
        "d: [\n  a # ca\n  # own\n  ]\n",
    ),
    "comment at the end": ("d: [a, # ca\n  b]\n", ["a"], "d: [a # ca\n  ]\n"),
    "comment then new": ("d: [a, # ca\n  b]\n", ["a", "c", "b"], "d: [a, # ca\n  c,\n  b]\n"),
    "crlf flow": ("d: [\r\n a,\r\n b]\r\n", ["a", "b", "c"], "d: [\r\n a,\r\n b,\r\n c]\r\n"),
    "block": (
        "d:\n  - a # ca\n  # own\n  -  b\nx: 1\n",
        ["a", "c"],
        "d:\n  - a # ca\n  # own\n  - c\nx: 1\n",
    ),
    "block first": ("d:\n  - a\nx: 1\n", ["b", "a"], "d:\n  - b\n  - a\nx: 1\n"),
    "block middle": ("d:\n  - a\n  - b\n", ["a", "c", "e", "b"], "d:\n  - a\n  - c\n  - e\n  - b\n"),
    "block not indented": ("d:\n- a\n- b\nx: 1\n", ["b", "c"], "d:\n- b\n- c\nx: 1\n"),
    "block all gone": ("d: # c\n  # own\n  - a\n  - b # cb\nx: 1\n", [], "d: [] # c\n  # own\nx: 1\n"),
    "block next line": ("d:\n-\n  a\n- b\n", ["b"], "d:\n- b\n"),
    "block wide": ("d:\n  -   a\n", ["a", "b"], "d:\n  -   a\n  -   b\n"),
    "block crlf": ("d:\r\n  - a\r\nx: 1\r\n", ["a", "b"], "d:\r\n  - a\r\n  - b\r\nx: 1\r\n"),
    "block dash in comment": ("d:\n  # - x\n  - a\n  # - y\n  - b\n", ["b"], "d:\n  # - x\n  # - y\n  - b\n"),
    "block astral": ("d:\n  - 😀 # 😀\n  - b\n", ["😀", "é"], "d:\n  - 😀 # 😀\n  - é\n"),
    "none to some": ("d: # c\nx: 1\n", ["a"], "d: [a] # c\nx: 1\n"),
    "null to some": ("d: ~\nx: 1\n", ["a"], "d: [a]\nx: 1\n"),
    "new": ("status: a\nx: 1\n", ["a", "b"], "status: a\nd: [a, b]\nx: 1\n"),
    "new, as others": ("e:\n  - f\nstatus: a\n", ["a", "b"], "e:\n  - f\nstatus: a\nd:\n  - a\n  - b\n"),
    "new, none": ("status: a\n", [], "status: a\n"),
}


@pytest.mark.parametrize(("yaml", "items", "after"), LISTS.values(), ids=LISTS)
def test_items(yaml, items, after):
    edited = read(file(yaml)).with_items("d", items)
    assert edited.data == file(after)
    assert edited.with_items("d", items) == edited


def twice(text):
    return text.with_value("status", "c").with_items("d", ["x"])


UNREADABLE, SCHEMA, UNSAFE = "GAP::UNREADABLE", "GAP::SCHEMA", "NOT-SPLICED"
REFUSED = {
    # name: file, code, line, column, part of the message
    "no front matter": (b"# Title\n", UNREADABLE, 1, 1, "has no front matter"),
    "not closed": (b"---\nid: A\n", UNREADABLE, 1, 1, "has no front matter"),
    "not utf-8": (file(b"\xc3\xa9: 1\nt: \xff\n"), UNREADABLE, 3, 4, "is not UTF-8"),
    "body not utf-8": (file("id: A\n", b"\xe9"), UNREADABLE, 4, 1, "is not UTF-8"),
    "invalid": (file("id: A\nt: 😀 b: c\n"), UNREADABLE, 3, 7, "mapping values are not allowed"),
    "not closed flow": (file("d: [a\n"), UNREADABLE, 3, 1, "is not valid YAML"),
    "bad escape": (file('t: "\\q"\n'), UNREADABLE, 2, 6, "is not valid YAML"),
    "bad code point": (file('t: "\\UFFFFFFFF"\n'), UNREADABLE, 2, 1, "is not valid YAML"),
    "control character": (file("id: é\nt: a\x07\n"), UNREADABLE, 3, 5, "holds the character U+0007"),
    "undefined alias": (file("id: A\nt: *x\n"), UNREADABLE, 3, 4, "has an alias *x of nothing"),
    "repeated key": (file("id: A\nt: 1\n'id': B\n"), SCHEMA, 4, 1, "has the key 'id' twice"),
    "repeated key inside": (file("id: A\nt: [{a: 1, a: 2}]\n"), SCHEMA, 3, 12, "has the key 'a' twice"),
    "repeated merge": (file("x: &x {a: 1}\n<<: *x\n<<: *x\n"), SCHEMA, 4, 1, "has the key '<<' twice"),
    "two documents": (file("id: A\n--- # x\nid: B\n"), SCHEMA, 3, 1, "second document"),
    "document end": (file("id: A\n...\n"), SCHEMA, 3, 1, "document marker"),
    "directive": (file("%YAML 1.1\nid: A\n"), SCHEMA, 2, 1, "directive"),
    "flow mapping": (file("{id: A}\n"), SCHEMA, 2, 1, "does not consist of keys"),
    "list": (file("- id: A\n"), SCHEMA, 2, 1, "does not consist of keys"),
    "text": (file("id\n"), SCHEMA, 2, 1, "does not consist of keys"),
    "tagged": (file("!!map\nid: A\n"), SCHEMA, 2, 1, "does not consist of keys"),
    "explicit key": (file("id: A\n? t\n: b\n"), SCHEMA, 3, 3, "has a key that is not plain"),
    "anchored key": (file("id: A\n&x t: b\n"), SCHEMA, 3, 1, "has a key that is not plain"),
    "list as key": (file("id: A\n[a]: b\n"), SCHEMA, 3, 1, "has a key that is not plain"),
    "tab before comment": (file("id: é\t# c\n"), SCHEMA, 2, 6, "has a tab"),
    "tab before value": (file("id:\tA\n"), SCHEMA, 2, 4, "has a tab"),
    "tab as indentation": (file("a:\n\tb: c\n"), SCHEMA, 3, 1, "has a tab"),
    "deep": (file("a: " + "[" * 70 + "]" * 70 + "\n"), SCHEMA, 2, 66, "is nested more than 64 levels deep"),
    "alias": (file("a: &x b\nstatus: *x\n"), UNSAFE, 3, 9, "'status' that is an alias"),
    "anchor": (file("status: &x b\nt: *x\n"), UNSAFE, 2, 9, "'status' that is a value with an anchor"),
    "tag": (file("status: !!str b\n"), UNSAFE, 2, 9, "'status' that is a value with an anchor or a tag"),
    "merge": (file("a: &x {status: b}\n<<: *x\n"), UNSAFE, 3, 1, "'<<' that is a merge"),
    "list for value": (file("status: [a]\n"), UNSAFE, 2, 9, "'status' that is a list or a mapping"),
    "value for list": (file("d: a\n"), UNSAFE, 2, 4, "'d' that is not a list"),
    "list of lists": (file("d: [[a]]\n"), UNSAFE, 2, 4, "'d' that has items that are not text"),
    "list of text": (file("d:\n  - |\n    a\n"), UNSAFE, 3, 3, "'d' that has items that are not text"),
    "list with nothing": (file("d: [a, !t b]\n"), UNSAFE, 2, 4, "'d' that has items that are not text"),
}


@pytest.mark.parametrize(("data", "code", "line", "column", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(data, code, line, column, message):
    with pytest.raises(UnreadableError) as refusal:
        twice(read(data))
    error = refusal.value
    assert message in error.message
    assert (error.code, error.path, error.line, error.column) == (code, "tasks/a.md", line, column)
    assert error.fix


REMOVAL_REFUSED = {
    # name: front matter, part of the message
    "comment becomes text": ("t: |\n  a\nk: b\n  # c\n", "another key would change"),
    "anchor is needed": ("k: {x: &x b}\nt: *x\n", "has an alias *x of nothing"),
    "mark becomes the first": ("k: b\n\ufeff@: c\n", "is not valid YAML"),
    "merge": ("k: b\na: &x {}\n<<: *x\n", "is a merge, which may hold 'k' too"),
}


@pytest.mark.parametrize(("yaml", "message"), REMOVAL_REFUSED.values(), ids=REMOVAL_REFUSED)
def test_removal_refused(yaml, message):
    with pytest.raises(UnreadableError) as refusal:
        read(file(yaml)).with_value("k", None)
    assert message in refusal.value.message
    assert refusal.value.code == "NOT-SPLICED"


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)
)


def test_alias_bomb_is_not_expanded():
    started = time.monotonic()
    assert read(file(BOMB + "status: b\n")).with_value("status", "c").data == file(BOMB + "status: c\n")
    assert time.monotonic() - started < 20


HUGE = {
    "keys": ("".join(f"k{i}: v\n" for i in range(100_000)), "20,000 values"),
    "items": ("a: [" + "b," * 400_000 + "]\n", "20,000 values"),
    "brackets": ("a: " + "[" * 500_000 + "\n", "64 levels"),
    "tag": ("a: !" + "t" * 900_000 + "\n", "has a tag of more than 1,000 characters"),
    "text": ("a: |\n" + "  text\n" * 160_000, "longer than 1 MB"),
}


@pytest.mark.parametrize(("yaml", "message"), HUGE.values(), ids=HUGE)
def test_too_much_is_refused_in_bounded_time(yaml, message):
    started = time.monotonic()
    with pytest.raises(UnreadableError, match=message):
        read(file(yaml))
    assert time.monotonic() - started < 30


def test_one_megabyte_of_text_is_edited():
    text = "a: |\n" + "  text\n" * 149_000
    assert read(file(text + "status: b\n")).with_value("status", "c").data == file(text + "status: c\n")


def test_entries():
    data = file(
        "# top\n\n# of id\nid: 'é' # c\n  # deeper\nlist:\n- a\n\n- b # c\n# end\n\nt: |\n  x\n# last\n"
    )
    found = {
        each.name: tuple(
            data[slice(*part)].decode() for part in (each.span, each.lines, each.key, each.value)
        )
        for each in read(data).entries()
    }
    assert found == {
        "id": ("# of id\nid: 'é' # c\n  # deeper\n", "id: 'é' # c\n", "id", "'é'"),
        "list": ("list:\n- a\n\n- b # c\n", "list:\n- a\n\n- b # c\n", "list", "- a\n\n- b # c"),
        "t": ("t: |\n  x\n", "t: |\n  x\n", "t", "|\n  x"),
    }
    assert [each.style for each in read(data).entries()] == ["'", "", "|"]
