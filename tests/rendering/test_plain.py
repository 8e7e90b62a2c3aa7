"""No text of a backlog reaches a terminal or a program as anything but text."""

import json
import re
from unicodedata import category

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.projects import HOSTILE
from vtm.queries.graph_view import GraphView, Node
from vtm.rendering.plain import json_text, many_lines, one_line
from vtm.rendering.render import Terminal, as_json
from vtm.rendering.text.graph_show import dot, mermaid

NASTY = (HOSTILE, "\x1b[2J", "\x9b", "\r", "\n", "\t", "\u2028", "\u202e", "\U000e0041", "\ud800", '"', "\\")
TEXT = st.lists(st.one_of(st.characters(), st.sampled_from(NASTY))).map("".join)
WHOLE = TEXT.map(lambda text: re.sub("[\ud800-\udfff]", "", text))
DANGEROUS = {
    "escape": "\x1b",
    "bell": "\x07",
    "backspace": "\x08",
    "carriage-return": "\r",
    "line-feed": "\n",
    "tab": "\t",
    "nul": "\x00",
    "delete": "\x7f",
    "c1-csi": "\x9b",
    "next-line": "\x85",
    "soft-hyphen": "\xad",
    "arabic-mark": "\u061c",
    "zero-width-space": "\u200b",
    "left-to-right-mark": "\u200e",
    "line-separator": "\u2028",
    "paragraph-separator": "\u2029",
    "right-to-left-override": "\u202e",
    "word-joiner": "\u2060",
    "isolate": "\u2066",
    "byte-order-mark": "\ufeff",
    "annotation": "\ufff9",
    "noncharacter": "\uffff",
    "half": "\ud800",
    "tag": "\U000e0041",
}


def is_unsafe(text):
    return any(category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in DANGEROUS.values() for char in text)


@pytest.mark.parametrize("char", DANGEROUS.values(), ids=DANGEROUS)
def test_dangerous_character_is_escaped(char):
    assert one_line(f"a{char}b").isprintable()
    assert many_lines(f"a{char}b").isprintable() or char in "\t\n\r"
    assert json.loads(json_text(json.dumps(f"a{char}b", ensure_ascii=False))) == f"a{char}b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("größer 日本語 😀 \ufffd", "größer 日本語 😀 \ufffd"),
        ("a\n\tb\r", "a\\n\\tb\\r"),
        ("\x1b[31m\x9b", "\\x1b[31m\\x9b"),
        ("\u202e\ud800\U000e0041", "\\u202e\\ud800\\U000e0041"),
        ("\\x1b", "\\x1b"),
    ],
)
def test_one_line(text, shown):
    assert one_line(text) == shown
    assert many_lines(text) == shown.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")


def test_every_character_of_unicode():
    """What is escaped is never printable, and no control or half character is left."""
    for code in (*range(0x20000), *range(0xE0000, 0xE1000)):
        char = chr(code)
        shown = one_line(char)
        assert (shown == char) or not char.isprintable()
        assert not is_unsafe(shown)


@given(TEXT)
@example(HOSTILE)
def test_no_unsafe_character_survives(text):
    assert not is_unsafe(one_line(text))
    assert not is_unsafe(re.sub("[\t\n\r]", "", many_lines(text)))
    assert one_line(one_line(text)) == one_line(text)
    assert many_lines(many_lines(text)) == many_lines(text)


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"])))
def test_what_is_safe_stays_as_it_is(text):
    assert one_line(text) == many_lines(text) == json_text(text) == text


class Example(msgspec.Struct, tag_field="schema", tag="vtm.example/1"):
    text: str
    texts: list[str]
    by_text: dict[str, str]


EXAMPLES = st.builds(Example, WHOLE, st.lists(WHOLE, max_size=3), st.dictionaries(WHOLE, WHOLE, max_size=3))


@given(EXAMPLES, st.booleans())
@example(Example(HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}), True)
def test_json_says_the_same(value, interactive):
    shown = as_json(value, Terminal(interactive))
    assert json.loads(shown) == msgspec.to_builtins(value)
    assert not is_unsafe(shown.replace("\n", "") if interactive else shown)


@given(st.builds(Example, TEXT, st.lists(TEXT, max_size=3), st.dictionaries(TEXT, TEXT, max_size=3)))
@example(Example("\udcff", ["\ud800"], {"\udfff": "a"}))
def test_json_holds_half_characters_as_escapes(value):
    shown = as_json(value, Terminal())
    assert json.loads(shown)["text"] == value.text.encode("utf-8", "backslashreplace").decode()
    assert not is_unsafe(shown)


def test_json_of_other_values_beside_half_characters():
    class Mixed(msgspec.Struct):
        numbers: tuple[int, ...]
        nothing: None
        half: str

    assert json.loads(as_json(Mixed((1, 2), None, "\ud800"), Terminal())) == {
        "numbers": [1, 2],
        "nothing": None,
        "half": "\\ud800",
    }


@st.composite
def graphs(draw):
    names = draw(st.lists(TEXT.filter(bool), min_size=1, max_size=6, unique_by=one_line))
    statuses = st.sampled_from(["pending", "in-progress", "blocked", "completed", "abandoned", "unknown"])
    edges = st.lists(st.sampled_from(names), unique=True, max_size=3)
    nodes = [Node(name, draw(TEXT), draw(statuses), 0, draw(edges)) for name in names]
    return GraphView("", nodes, sum(len(node.depends_on) for node in nodes), 1)


QUOTED = r'"(?:[^"\\]|\\.)*"'


@given(graphs())
def test_dot_quotes_every_id(graph):
    lines = dot(graph).split("\n")
    nodes = [
        line for line in lines if re.fullmatch(rf'  {QUOTED}(?: \[fillcolor="#[0-9a-f]{{6}}"\])?;', line)
    ]
    edges = [line for line in lines if re.fullmatch(rf"  {QUOTED} -> {QUOTED};", line)]
    assert len(nodes) == len(set(nodes)) == len(graph.nodes)
    assert len(edges) == graph.edges
    assert len(lines) == len(nodes) + len(edges) + 4
    assert not any(map(is_unsafe, lines))


@given(graphs())
def test_mermaid_quotes_every_id(graph):
    lines = mermaid(graph).split("\n")
    labels = [line for line in lines if re.fullmatch(r'  t\d+\["(?:[^"#\[\]<>&;]|#\d+;)+"\]', line)]
    edges = [line for line in lines if re.fullmatch(r"  t\d+ --> t\d+", line)]
    classes = [line for line in lines if re.fullmatch(r"  class(?:Def \w+ fill:#\w+| [t\d,]+ \w+)", line)]
    assert len(labels) == len(graph.nodes)
    assert len(edges) == graph.edges
    assert len(lines) == 1 + len(labels) + len(edges) + len(classes)
    assert not any(map(is_unsafe, lines))


def test_mermaid_label_reads_back():
    graph = GraphView("", [Node('A"]; B\n#é', "", "pending", 0, ())], 0, 1)
    label = mermaid(graph).split("\n")[1].removeprefix('  t0["').removesuffix('"]')
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label) == 'A"]; B\\n#é'
