"""Any task file and any legal edit: nothing but the lines that had to change is touched."""

from datetime import UTC, datetime
from typing import NamedTuple

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.test_task_text import task_in
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.markdown_text import criteria_boxes, parts
from vtm.sources.status_words import status_of
from vtm.sources.task_text import edited
from vtm.sources.tolerant import read_status

ENDS = st.sampled_from(["\n", "\r\n"])
COMMENTS = st.sampled_from(["", "", " # c", "  # 'x: [", " # 😀 \u2028é", "   "])
WORDS = st.sampled_from(["a", "todo", "B--T01/x", "é 😀", "it is", "2026-03-10T12:00:00Z", "a-b_c.d"])
ANYTHING = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(list(":#-'\"[]{},&*!|>%@` \n\t\\\x85\u2028")),
    max_size=8,
) | st.sampled_from(["on", "null", "1", "a: b", "1e3", "~", "---", "...", "=", "<<", "0x1", "- a", "? a"])
STATUSES = ["todo", "Done", "In Progress", "in_progress", "blocked", "cancelled", "open", "unheard"]
NAMES = ["status", "started_at", "completed_at", "depends_on", "title", "x-1", "😀"]


class File(NamedTuple):
    """A file in pieces.

    Attributes:
        entries: Name to the lines of key and value.
        simple: Keys whose value is on one line and written in the simplest way.
    """

    data: bytes
    entries: dict[str, bytes]
    simple: set[str]


@st.composite
def values(draw, text, indent, end):
    """A scalar as YAML, and whether it is on one line and written in the simplest way."""
    style = draw(st.sampled_from(["plain", "'", '"', "|", ">-", "lines", "below", "empty", "null"]))
    comment = draw(COMMENTS)
    deep = indent + "  "
    written = {
        "plain": f" {text}{comment}{end}",
        "'": f"  '{text}'{comment}{end}",
        '"': f' "{text}"{comment}{end}',
        "|": f" |{comment.strip() and comment}{end}{deep}{text}{end}{end}{deep} # no{end}",
        ">-": f" >-{end}{deep}{text}{end}",
        "lines": f" {text}{end}{end}{deep}and{comment}{end}",
        "below": f"{comment}{end}{deep}{text}{end}",
        "empty": f"{comment}{end}",
        "null": f" ~{comment}{end}",
    }
    return written[style], style in {"'", '"'} or (style == "plain" and not text.startswith("2026"))


@st.composite
def lists(draw, indent, end):
    items = draw(st.lists(WORDS, max_size=3))
    comment = draw(COMMENTS)
    if not items or draw(st.booleans()):
        between = draw(st.sampled_from([", ", ",", f",{end}{indent}    ", f", # c{end}{indent}  "]))
        return f" [{between.join(items)}]{comment}{end}"
    return f"{comment}{end}" + "".join(f"{indent}  - {each}{draw(COMMENTS)}{end}" for each in items)


@st.composite
def bodies(draw):
    marks = st.sampled_from(
        ["- [ ]", "* [x]", "  1. [X]", "> - [ ]", "## Acceptance Criteria", "---", "status: a", "é"]
    )
    lines = [f"{each} {draw(WORDS)}{draw(ENDS)}" for each in draw(st.lists(marks, max_size=6))]
    return "".join(lines) + draw(st.sampled_from(["", "end", "\u2028\x85 "]))


@st.composite
def files(draw):
    """A task file with any keys in any order, laid out in any way."""
    indent = draw(st.sampled_from(["", "", "  "]))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    entries, simple, text = {}, set(), ""
    for name in names:
        end = draw(ENDS)
        text += draw(st.sampled_from(["", "", f"{indent}# {name}: x{end}", end]))
        key = draw(st.sampled_from([name, f'"{name}"', f"{name} "]))
        if name == "depends_on":
            value = draw(lists(indent, end))
        else:
            words = st.sampled_from(STATUSES) if name == "status" else WORDS
            value, is_simple = draw(values(draw(words), indent, end))
            simple |= {name} if is_simple else set()
        entries[name] = f"{indent}{key}:{value}".encode()
        text += f"{indent}{key}:{value}"
    end = draw(ENDS)
    whole = draw(st.sampled_from(["", "\ufeff", "\n"])) + f"---{end}{text}---"
    if draw(st.booleans()):
        whole += end + draw(bodies())
    return File(whole.encode(), entries, simple)


def read(data):
    return FrontMatterText.read(data, "a.md")


def loaded(data):
    """The front matter as another parser reads it, each scalar as text."""
    found = parts(data)
    return yaml.load(data[found.yaml : found.end], yaml.BaseLoader) or {}


def assert_rest_is_kept(file, key, after):
    """All bytes but those of the lines of `key` are there, in order."""
    own = file.entries.get(key)
    if own is None:
        new = len(after) - len(file.data)
        assert new >= 0
        at = next(at for at, (a, b) in enumerate(zip(file.data, after, strict=False)) if a != b) if new else 0
        lines = [at for at in range(at + 1) if file.data[:at] + after[at + new :] == file.data]
        assert not new or any(after[at - 1 : at] in {b"\n", b"\r"} for at in lines)
        return
    head, tail = file.data.split(own, 1) if file.data.count(own) == 1 else (b"", b"")
    assert after.startswith(head)
    assert after.endswith(tail)


def assert_others_read_alike(key, before, after):
    if "\u2028" not in before.decode() and b"\xc2\x85" not in before:
        old, new = loaded(before), loaded(after)
        assert {**old, key: ""} == {**new, key: ""}


@given(files(), st.sampled_from([name for name in NAMES if name != "depends_on"]), ANYTHING | WORDS)
def test_any_value(file, key, value):
    text = read(file.data)
    after = text.with_value(key, value)
    assert_rest_is_kept(file, key, after.data)
    assert_others_read_alike(key, file.data, after.data)
    assert after.entry(key).node.value == value
    assert after.with_value(key, value) == after
    if key in file.simple and after.entry(key).style == text.entry(key).style:
        assert after.with_value(key, text.entry(key).node.value) == text
    if key not in file.entries:
        assert after.with_value(key, None).data == file.data


@given(files(), st.sampled_from(NAMES))
def test_any_removal(file, key):
    after = read(file.data).with_value(key, None)
    assert_rest_is_kept(file, key, after.data)
    assert after.with_value(key, None) == after
    if key in file.entries and b"#" not in file.entries[key].partition(b":")[2]:
        assert after.entry(key) is None


@given(files(), st.lists(ANYTHING | WORDS, max_size=4))
def test_any_items(file, items):
    after = read(file.data).with_items("depends_on", items)
    assert_rest_is_kept(file, "depends_on", after.data)
    assert_others_read_alike("depends_on", file.data, after.data)
    assert after.with_items("depends_on", items) == after
    entry = after.entry("depends_on")
    assert [each.value for each in entry.node.children] == items if entry else items == []


MOMENTS = st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(files(), st.sampled_from(Status), MOMENTS, MOMENTS, st.sets(st.integers(1, 6)))
@settings(deadline=None)
def test_any_state(file, status, started, completed, met):
    task = task_in(file.data)
    ids = tuple(each.id for at, each in enumerate(task.acceptance_criteria, 1) if at in met)
    state = TaskState(status, started, completed, ids)
    after = edited(file.data, "a.md", task, state)
    assert edited(after, "a.md", task, state) == after
    assert task_in(after).met == ids
    body = file.data[parts(file.data).body :]
    boxes = {each.at - parts(file.data).body for each in criteria_boxes(file.data, parts(file.data).body)[1]}
    new = after[parts(after).body :]
    assert len(new) == len(body)
    assert {at for at, (one, two) in enumerate(zip(body, new, strict=True)) if one != two} <= boxes
    entry = read(after).entry("status")
    assert status_of(entry.node.value if entry and entry.node.value not in {"", "~"} else None) == status
    for name, lines in file.entries.items():
        assert name in {"status", "started_at", "completed_at"} or lines in after
    if "status" in file.simple and read_status(read(file.data).entry("status").node.value) == status:
        assert file.entries["status"] in after
