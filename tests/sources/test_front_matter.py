"""Front matter as values: two readers, one table of results, and nothing that runs out of bounds."""

import subprocess
import sys
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.sources.front_matter import YamlError, exact, fast, read_front_matter
from vtm.sources.front_matter_keys import FLAGS, KEYS, LISTS, TEXTS

BOTH = {
    "plain": ("id: A\n", {"id": "A"}),
    "slashes": ("id: area/sub/task-1\n", {"id": "area/sub/task-1"}),
    "quoted": ("id: 'it''s'\ntitle: \"a\\tb\"\n", {"id": "it's", "title": "a\tb"}),
    "quoted-keys": ("'id': A\n\"title\": B\n", {"id": "A", "title": "B"}),
    "space-before-the-colon": ("id : A\n", {"id": "A"}),
    "comment": ("# first\nid: A # an id\n# last\n", {"id": "A"}),
    "no-comment": ("id: A#1\n", {"id": "A#1"}),
    "on-and-off": ("on: push\nname: off\nstatus: on\n", {"name": "off", "status": "on"}),
    "yes-and-no": ("name: no\nstatus: yes\n", {"name": "no", "status": "yes"}),
    "y-and-n": ("name: n\nstatus: y\n", {"name": "n", "status": "y"}),
    "nulls": (
        "title:\nname: ~\nphase: null\nslice: Null\nlevel: NULL\n",
        dict.fromkeys(["title", "name", "phase", "slice", "level"]),
    ),
    "quoted-null": ("title: 'null'\nname: \"~\"\n", {"title": "null", "name": "~"}),
    "flow-list": ("depends_on: [A, 'B', \"C\"]\n", {"depends_on": ["A", "B", "C"]}),
    "empty-list": ("depends_on: []\n", {"depends_on": []}),
    "block-list": ("depends_on:\n  - A\n  - B\n", {"depends_on": ["A", "B"]}),
    "block-list-flush": ("depends_on:\n- A\n- B\ntitle: C\n", {"depends_on": ["A", "B"], "title": "C"}),
    "null-in-a-list": ("depends_on: [A, ~]\n", {"depends_on": ["A", None]}),
    "literal": ("title: |\n  one\n  two\n", {"title": "one\ntwo\n"}),
    "literal-stripped": ("title: |-\n  one\n  two\n", {"title": "one\ntwo"}),
    "literal-kept": ("title: |+\n  one\n\n", {"title": "one\n\n"}),
    "folded": ("title: >\n  one\n  two\n", {"title": "one two\n"}),
    "folded-stripped": ("title: >-\n  one\n\n  two\n", {"title": "one\ntwo"}),
    "plain-on-lines": ("title: one\n  two\n", {"title": "one two"}),
    "below": ("title:\n  one\n", {"title": "one"}),
    "truth": ("provisional: true\nparallel: FALSE\n", {"provisional": True, "parallel": False}),
    "quoted-truth": ("provisional: 'true'\n", {"provisional": True}),
    "no-truth": ("provisional: yes\nparallel: off\n", {"provisional": "yes", "parallel": "off"}),
    "colon-inside": ("title: see http://x:8 and a:b\n", {"title": "see http://x:8 and a:b"}),
    "dashes-inside": ("title: a - b -- c\n", {"title": "a - b -- c"}),
    "astral": ("title: 😀é\u200b\n", {"title": "😀é\u200b"}),
    "no-break-space": ("title: \xa0a\n", {"title": "\xa0a"}),
    "escaped-nul": ('title: "a\\0b"\n', {"title": "a\0b"}),
    "unknown-keys": ("id: A\nlabels: [x, y]\nowner: ada\n", {"id": "A"}),
    "unknown-numbers": ("id: A\npriority: 10\nweights: [1, 2.5]\n", {"id": "A"}),
    "dates": (
        "title: 2026-01-31\nstarted_at: 2026-01-31T12:00:00Z\n",
        {"title": "2026-01-31", "started_at": "2026-01-31T12:00:00Z"},
    ),
    "underscores": ("id: 1_000\n", {"id": "1_000"}),
    "sexagesimal": ("id: 1:30\n", {"id": "1:30"}),
    "null-key": ("~: x\nid: A\n", {"id": "A"}),
}
"""What the fast reader answers itself."""

LEFT = {
    "nothing": ("", {}),
    "blank": ("\n\n", {}),
    "nothing-but-a-comment": ("# later\n", {}),
    "octal-of-1.1": ("phase: 012\nslice: 0o17\n", {"phase": "012", "slice": "0o17"}),
    "hex": ("phase: 0x1f\n", {"phase": "0x1f"}),
    "exponent": ("name: 1e3\n", {"name": "1e3"}),
    "decimal": ("phase: 1.50\n", {"phase": "1.50"}),
    "number-as-id": ("id: 42\n", {"id": "42"}),
    "infinity": ("id: .inf\nname: .NaN\n", {"id": ".inf", "name": ".NaN"}),
    "truth-as-text": ("title: true\n", {"title": "true"}),
    "number-in-a-list": ("depends_on: [1, 02]\n", {"depends_on": ["1", "02"]}),
    "mapping": ("title: {a: b}\n", {"title": {"a": "b"}}),
    "mapping-nobody-asks-for": ("id: A\nmeta:\n  a: 1\n  b: [c]\n", {"id": "A"}),
    "list-of-mappings": ("id: A\nlinks:\n  - a: 1\n    b: 2\n", {"id": "A"}),
    "list-in-a-list": ("depends_on: [[A], B]\n", {"depends_on": [["A"], "B"]}),
    "explicit-key": ("? id\n: A\n", {"id": "A"}),
    "list-as-key": ("? [a, b]\n: x\nid: A\n", {"id": "A"}),
    "tab-before-a-value": ("id:\tA\n", {"id": "A"}),
    "tab-before-a-comment": ("id: A\t# c\n", {"id": "A"}),
    "next-line": ("title: a\x85b\u2028c\u2029d\n", {"title": "a\x85b\u2028c\u2029d"}),
    "next-line-alone": ("depends_on:\n- \x85\n", {"depends_on": ["\x85"]}),
    "windows": ("id: A\r\ntitle: |\r\n  a\r\n  b\r\n", {"id": "A", "title": "a\nb\n"}),
    "indented": ("  id: A\n  title: B\n", {"id": "A", "title": "B"}),
    "anchor-and-alias": ("title: &t same\nname: *t\n", {"title": "same", "name": "same"}),
    "alias-of-a-list": (
        "depends_on: &d [A]\nconflicts_with: *d\n",
        {"depends_on": ["A"], "conflicts_with": ["A"]},
    ),
    "alias-as-key": ("x: &k id\n*k : A\n", {"id": "A"}),
    "merge": ("x: &x {risk: low}\nid: A\n<<: *x\n", {"id": "A", "risk": "low"}),
    "merge-of-a-list": ("<<: [{id: A}, {id: B, title: C}]\n", {"id": "A", "title": "C"}),
    "merge-of-nothing": ("id: A\n<<: ~\n", {"id": "A"}),
    "text-tag": ("id: !!str 42\ntitle: !!str ~\nname: ! ~\n", {"id": "42", "title": "~", "name": "~"}),
    "null-tag": ("title: !!null x\n", {"title": None}),
    "directive": ("%YAML 1.2\n---\nid: A\n", {"id": "A"}),
    "document-end": ("id: A\n...\n", {"id": "A"}),
    "byte-order-mark": ("\ufeffid: A\n", {"id": "A"}),
    "literal-with-a-number": ("depends_on:\n- |2\n", {"depends_on": [""]}),
    "question-mark-in-brackets": ("depends_on: [ ?A ]\n", {"depends_on": [{"A": None}]}),
    "blank-lines": ("\n\nid: A\n\n\ntitle: B\n\n", {"id": "A", "title": "B"}),
    "flow-list-on-lines": ("depends_on: [\n  A,\n  B,\n]\n", {"depends_on": ["A", "B"]}),
    "no-line-end": ("id: A", {"id": "A"}),
    "words-after-a-literal": ("title: |\n  a\n  b", {"title": "a\nb"}),
}
"""What the fast reader leaves to the exact one."""

REFUSED = {
    "duplicate": ("id: A\nid: B\n", "has the key id twice", 2, 1),
    "duplicate-quoted": ("id: A\n'id': B\n", "has the key id twice", 2, 1),
    "duplicate-unknown": ("x: 1\nid: A\nx: 2\n", "has the key x twice", 3, 1),
    "duplicate-inside": ("id: A\nm:\n  a: 1\n  a: 2\n", "has the key a twice", 4, 3),
    "duplicate-in-braces": ("id: A\nm: {a: 1, a: 2}\n", "has the key a twice", 2, 11),
    "duplicate-in-a-list": ("id: A\nm:\n- a: 1\n  a: 2\n", "has the key a twice", 4, 3),
    "duplicate-indented": ("\n  id: A\n  id: B\n", "has the key id twice", 3, 3),
    "duplicate-beside-a-dash": ("-x: y\nid: A\nid: B\n", "has the key id twice", 3, 1),
    "duplicate-null": ("~: 1\n? \n: 2\n", "has the key None twice", 2, 2),
    "indentation-that-ends": ("  id: A\ntitle: B\n", "is no valid YAML", 2, 1),
    "second-document": ("id: A\n--- \nid: B\n", "holds more than one YAML document", 2, 1),
    "second-document-behind-dots": ("id: A\n...\n---\nid: B\n", "holds more than one YAML document", 3, 1),
    "text-behind-dots": ("id: A\n...\nid: B\n", "is no valid YAML", 3, 1),
    "directive-alone": ("%YAML 1.2\n", "is no valid YAML", 2, 1),
    "list": ("- id: A\n", "has front matter that is no mapping", 1, 1),
    "text": ("just words\n", "has front matter that is no mapping", 1, 1),
    "unclosed-quote": ("id: 'A\ntitle: B\n", "is no valid YAML", 3, 1),
    "unclosed-list": ("depends_on: [A\ntitle: B\n", "is no valid YAML", 2, 6),
    "colon-twice": ("title: a: b\n", "is no valid YAML", 1, 9),
    "tab-as-indentation": ("x:\n\ty: 1\n", "is no valid YAML", 2, 1),
    "at-sign": ("title: @ada\n", "is no valid YAML", 1, 8),
    "backtick": ("title: `x`\n", "is no valid YAML", 1, 8),
    "literal-in-brackets": ("depends_on: [\n |A]\n", "is no valid YAML", 2, 2),
    "colon-first": (": A\n", "is no valid YAML", 1, 1),
    "nul": ("id: A\ntitle: a\0b\n", "holds a control character", 2, 9),
    "escape": ("id: \x1b[31m\n", "holds a control character", 1, 5),
    "delete": ("id: \x7f\n", "holds a control character", 1, 5),
    "c1": ("id: \x9b31m\n", "holds a control character", 1, 5),
    "no-character": ("id: \uffff\n", "holds a control character", 1, 5),
    "half-a-pair": ('id: "\\ud800"\n', "is no valid YAML", 1, 8),
    "object-tag": ("id: !!python/object/apply:os.system [ls]\n", "would build an object", 1, 5),
    "binary-tag": ("id: !!binary aGk=\n", "would build an object", 1, 5),
    "own-tag": ("id: !x A\n", "has the tag !x", 1, 5),
    "tag-of-a-mapping": ("!!set\n? id\n", "would build an object", 1, 1),
    "unknown-alias": ("id: *x\n", "has an alias *x", 1, 5),
    "alias-of-itself": ("id: &x [*x]\n", "has an alias *x", 1, 9),
    "merge-that-repeats": ("id: A\n<<: {id: B}\n", "has the key id beside a merge key", 1, 1),
    "two-merges": ("<<: {id: A}\n<<: {title: B}\n", "has two merge keys", 2, 1),
    "merge-of-text-in-a-list": ("<<: [{id: A}, x]\n", "leads to no mapping", 1, 1),
}  # fmt: skip


def kinds(found):
    return {key: [type(each) for each in value] if isinstance(value, list) else type(value)
            for key, value in found.items()}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*BOTH.values(), *LEFT.values()], ids=[*BOTH, *LEFT])
def test_the_exact_reader(text, expected):
    found = exact(text)
    assert (found, kinds(found)) == (expected, kinds(expected))
    assert read_front_matter(text) == expected


@pytest.mark.parametrize(("text", "expected"), BOTH.values(), ids=BOTH)
def test_the_fast_reader_gives_the_same(text, expected):
    found = fast(text)
    assert (found, kinds(found)) == (expected, kinds(expected))


@pytest.mark.parametrize("text", [text for text, _ in LEFT.values()], ids=LEFT)
def test_the_fast_reader_leaves_what_it_reads_otherwise(text):
    assert fast(text) is None


@pytest.mark.parametrize(("text", "message", "line", "column"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(text, message, line, column):
    assert fast(text) is None
    with pytest.raises(YamlError) as caught:
        read_front_matter(text)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_is_given_by_both_readers(key):
    text = f"{key}: [a, b]\n" if key in LISTS else f"{key}: a text\n"
    assert fast(text) == exact(text) == {key: ["a", "b"] if key in LISTS else "a text"}
    assert fast(f"{key}:\n") == exact(f"{key}:\n") == {key: None}


def test_no_key_has_two_meanings():
    groups = [set(TEXTS), set(LISTS), set(FLAGS)]
    assert sum(map(len, groups)) == len(set.union(*groups))


def laughs(levels, wide=9):
    """Each level holds the one before it `wide` times."""
    rows = ["a0: &a0 [x]"]
    rows += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * wide)}]" for at in range(1, levels)]
    return "\n".join([*rows, ""])


def merges(levels):
    rows = ["a0: &a0 {k0: v}"]
    rows += [f"a{at}: &a{at} {{<<: [*a{at - 1}, *a{at - 1}], k{at}: v}}" for at in range(1, levels)]
    return "\n".join([*rows, ""])


NASTY = {
    "laughs": (lambda: laughs(12), "stand for more than 1,000,000"),
    "merges": (lambda: merges(60), "stand for more than 1,000,000"),
    "brackets": (lambda: "id: " + "[" * 100_000 + "\n", "nest"),
    "closed-brackets": (lambda: "id: " + "[" * 9_000 + "]" * 9_000 + "\n", "nest"),
    "braces": (lambda: "id: " + "{a: " * 100_000 + "\n", "nested more than 60"),
    "levels": (lambda: "".join(" " * at + "a:\n" for at in range(1_500)), "nested more than 60"),
    "dashes": (lambda: "- " * 50_000 + "\n", "nested more than 60"),
    "dashes-below": (lambda: "id:\n " + "- " * 50_000 + "\n", "nested more than 60"),
    "question-marks": (lambda: "? " * 50_000 + "\n", "nested more than 60"),
    "mixed": (lambda: "id:\n  - ? " + "- ? " * 9_000 + "a\n", "nested more than 60"),
    "too-long": (lambda: "id: A\n#" + "x" * 4_000_000 + "\n", "more than 4,000,000 characters"),
    "long-tag": (lambda: "id: !" + "a" * 100_000 + " x\n", "would build an object"),
    "long-key": (lambda: "x" * 3_000 + ": a\n", "is no valid YAML"),
    "colons": (lambda: "id: " + "a:" * 50_000 + "\n", "is no valid YAML"),
    "long-text": (lambda: "id: A\ntitle: '" + "x" * 1_000_000 + "'\n", ""),
    "long-literal": (lambda: "id: A\ntitle: |\n" + "  some words\n" * 80_000, ""),
    "many-keys": (lambda: "id: A\n" + "".join(f"k{at}: v\n" for at in range(60_000)), ""),
    "many-anchors": (lambda: "id: A\n" + "".join(f"k{at}: &k{at} v\n" for at in range(30_000)), ""),
    "many-merges": (lambda: "id: A\na: &a {x: 1}\n" + "".join(
        f"b{at}: {{<<: *a}}\n" for at in range(10_000)), ""),
    "long-anchor": (lambda: "title: &" + "a" * 200_000 + " x\n", ""),
    "many-blank-lines": (lambda: "id: A\n" + "\n" * 500_000 + "title: B\n", ""),
    "many-commas": (lambda: "id: A\nx: 'a" + " ," * 30_000 + "'\n", ""),
    "many-spaces": (lambda: "id: A\n" + " " * 60_000 + "\n", ""),
}  # fmt: skip
_ALONE = """
import resource, sys
from vtm.sources.front_matter import YamlError, exact, fast
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
text = sys.stdin.read()
found = fast(text)
try:
    other = exact(text)
except YamlError as error:
    assert found is None
    print(error.message)
else:
    assert found is None or found == other
    print("read")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the bounds are those of POSIX")
@pytest.mark.parametrize(("make", "message"), NASTY.values(), ids=NASTY)
def test_nothing_runs_out_of_bounds(make, message):
    # a process of its own: a stack that overflows in the reader would take all tests with it
    done = subprocess.run(
        [sys.executable, "-c", _ALONE], input=make(), capture_output=True, text=True, check=False, timeout=90
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (message or "read") in done.stdout


PIECES = [
    *("id: A\n", "title: x y\n", "depends_on: [a, b]\n", "depends_on:\n  - a\n  - b\n", "depends_on:\n- a\n"),
    *(
        "name: 1e3\n",
        "phase: 012\n",
        "title: ~\n",
        "title: 'it''s'\n",
        'title: "a\\nb"\n',
        "- x\n",
        "  - x\n",
    ),
    *(
        "title: |\n  text\n  more\n",
        "title: >-\n  a\n  b\n",
        "'a\nb: c'\n",
        "[a,\nb: c]\n",
        "{a: 1,\nb: c}\n",
    ),
    *(
        "provisional: true\n",
        "parallel: off\n",
        "x:\n\ty\n",
        "\n  id: A\n",
        "id : B\n",
        "'id': C\n",
        "%YAML 1.1\n",
    ),
    *(
        "\n",
        " ",
        "  ",
        "\t",
        "\r\n",
        "\r",
        "# c\n",
        ": ",
        ":",
        "- ",
        "-",
        "? ",
        "?",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
    ),
    *(
        "|",
        ">",
        "|2\n",
        ">+\n",
        "&a ",
        "*a",
        "!",
        "!!str ",
        "!x ",
        "<<: ",
        "---",
        "...",
        "@",
        "`",
        "\\",
        "~",
        "=",
    ),
    *(
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\xa0",
        "\x80",
        "\ufffe",
        "é",
        "😀",
        "\0",
        "\x1b",
        "\x7f",
        "\ue000",
        "null",
        "true",
        "on",
    ),
]
TEXTS_LIKE_YAML = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


@given(TEXTS_LIKE_YAML | TEXTS_LIKE_YAML.map("{}\n".format))
def test_the_fast_reader_gives_nothing_or_what_the_exact_one_gives(text):
    start = process_time()
    found = fast(text)
    try:
        expected = exact(text)
    except YamlError as error:
        assert error.line >= 1
        assert error.column >= 1
        expected = None
    assert process_time() - start < 5
    if found is not None:
        assert expected is not None
        assert (found, kinds(found)) == (expected, kinds(expected))
