"""Edits of a manifest's text: what is meant, and not a byte more."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared_data
from tests.sources.test_positions import TEXTS, Writer, values
from vtm.errors import UnreadableError
from vtm.model.transaction import Transaction
from vtm.sources.decoder import BOM, parse
from vtm.sources.manifest_text import ManifestText, with_hash

NEW = [
    {"task_id": "Z--T01", "est": {"size": "S"}, "depends_on_tasks": ["é\n", "\u2028"]},
    {"task_id": "Z--T02"},
]
RECORD = Transaction("ingest-1", datetime(2026, 3, 1, 12, tzinfo=UTC), ("Z--T01", "Z--T02"), "ab" * 32)
SPECIAL = {"tasks", "ingested", "depends_on_tasks"}


def without_repetition(value):
    """A tree of `values()` in which each key stands once."""
    if isinstance(value, list):
        return [without_repetition(each) for each in value]
    if isinstance(value, tuple):
        return tuple(
            (key, without_repetition(each)) for key, each in dict(value).items() if key not in SPECIAL
        )
    return value


@st.composite
def manifests(draw, least=0):
    """The bytes of a manifest with any fields and tasks, laid out in any way."""
    needs = st.none() | st.lists(TEXTS, max_size=3)
    tasks = []
    for _ in range(draw(st.integers(least, 3))):
        rest = without_repetition(tuple(draw(st.lists(st.tuples(TEXTS, values(1)), max_size=2))))
        needed = draw(st.just(()) | needs.map(lambda each: (("depends_on_tasks", each),)))
        tasks.append(tuple(draw(st.permutations([*rest, *needed]))))
    fields = without_repetition(tuple(draw(st.lists(st.tuples(TEXTS, values(2)), max_size=3))))
    tree = tuple(draw(st.permutations([*fields, ("tasks", tasks)])))
    return Writer(draw, draw(st.booleans())).whole(tree).data


def read(data):
    return ManifestText.read(data, "plan.json")


def kept_around(before, after):
    """How many bytes of `before` do not stand at the same place from the start or from the end of `after`."""
    start = next(
        (at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), len(before)
    )
    rest = before[start:]
    same = next((at for at in range(len(rest)) if after.endswith(rest[at:])), len(rest))
    return rest[:same]


@given(manifests())
def test_tasks_are_put_behind_the_others(data):
    text = read(data).with_tasks(NEW)
    assert text.document == {**parse(data), "tasks": [*parse(data)["tasks"], *NEW]}
    assert kept_around(data, text.data).strip(b" \t\r\n") == b""
    assert not parse(data)["tasks"] or kept_around(data, text.data) == b""


@given(manifests(1))
def test_what_was_added_is_taken_out_without_a_trace(data):
    text = read(data)
    count = len(text.document["tasks"])
    added = text.with_tasks(NEW).with_transaction(RECORD)
    assert added.transactions == [RECORD]
    assert added.without_tasks([count, count + 1]).without_transaction("ingest-1") == text
    assert added.without_transaction("ingest-1").without_tasks([count, count + 1]) == text


@given(manifests(), st.data())
def test_tasks_are_removed_by_their_positions(data, draw):
    tasks = parse(data)["tasks"]
    gone = draw.draw(st.sets(st.integers(0, len(tasks) - 1))) if tasks else set()
    text = read(data).without_tasks(gone)
    left = [each for at, each in enumerate(tasks) if at not in gone]
    assert text.document == {**parse(data), "tasks": left}
    assert gone or text.data == data or not tasks


@given(manifests(1), st.data())
def test_a_dependency_is_added(data, draw):
    document = parse(data)
    at = draw.draw(st.integers(0, len(document["tasks"]) - 1))
    text = read(data).with_dependency(at, "resolve-é")
    needed = document["tasks"][at].get("depends_on_tasks") or []
    document["tasks"][at]["depends_on_tasks"] = [*needed, "resolve-é"]
    assert text.document == document
    assert kept_around(data, text.data).strip(b" \t\r\n") in {b"", b"null"}


@given(manifests(), values(1).map(without_repetition), st.data())
def test_fields_are_replaced_or_put_at_the_end(data, value, draw):
    value = parse(Writer(draw.draw, mark=False).whole(value).data)
    document = parse(data)
    key = draw.draw(st.sampled_from([*(each for each in document if each != "tasks"), "manifest_hash"]))
    text = read(data).with_fields({key: value, "other": 1})
    assert text.document == {**document, key: value, "other": 1}
    assert list(text.document) == [*dict.fromkeys([*document, key, "other"])]


@given(manifests(1))
def test_transactions_follow_each_other(data):
    later = msgspec.structs.replace(RECORD, id="ingest-2")
    both = read(data).with_transaction(RECORD).with_transaction(later)
    assert both.transactions == [RECORD, later]
    assert both.without_transaction("ingest-2") == read(data).with_transaction(RECORD)
    assert both.without_transaction("ingest-1").transactions == [later]
    assert both.document["ingested"][0]["at"] == "2026-03-01T12:00:00Z"


ENTRY = {"task_id": "B", "est": {}, "depends_on_tasks": ["A"]}
LAYOUTS = {
    "two-spaces": (
        '{\n  "tasks": [\n    {\n      "task_id": "A"\n    }\n  ]\n}\n',
        '{\n  "tasks": [\n    {\n      "task_id": "A"\n    },\n    {\n      "task_id": "B",\n'
        '      "est": {},\n      "depends_on_tasks": [\n        "A"\n      ]\n    }\n  ]\n}\n',
    ),
    "tabs-and-crlf": (
        '{\r\n\t"tasks": [\r\n\t\t{\r\n\t\t\t"task_id": "A"\r\n\t\t}\r\n\t]\r\n}',
        '{\r\n\t"tasks": [\r\n\t\t{\r\n\t\t\t"task_id": "A"\r\n\t\t},\r\n\t\t{\r\n\t\t\t"task_id": "B",\r\n'
        '\t\t\t"est": {},\r\n\t\t\t"depends_on_tasks": [\r\n\t\t\t\t"A"\r\n\t\t\t]\r\n\t\t}\r\n\t]\r\n}',
    ),
    "compact": (
        '{"tasks":[{"task_id":"A"}]}',
        '{"tasks":[{"task_id":"A"},{"task_id":"B","est":{},"depends_on_tasks":["A"]}]}',
    ),
    "one-line": (
        '{"tasks": [{"task_id": "A"}], "x": 1.50}\n',
        '{"tasks": [{"task_id": "A"}, {"task_id": "B", "est": {}, "depends_on_tasks": ["A"]}], "x": 1.50}\n',
    ),
    "a-task-a-line": (
        '{"tasks": [\n  {"task_id": "A"}\n]}',
        '{"tasks": [\n  {"task_id": "A"},\n  {"task_id": "B", "est": {}, "depends_on_tasks": ["A"]}\n]}',
    ),
    "brackets-together": (
        '{"tasks": [{\n  "task_id": "A"\n}]}',
        '{"tasks": [{\n  "task_id": "A"\n}, {\n  "task_id": "B",\n  "est": {},\n'
        '  "depends_on_tasks": [\n    "A"\n  ]\n}]}',
    ),
    "comma-in-front": (
        '{ "tasks":\n  [ {"task_id":"A"}\n  , {"task_id":"C"}\n  ]\n}',
        '{ "tasks":\n  [ {"task_id":"A"}\n  , {"task_id":"C"}\n'
        '  , {"task_id":"B","est":{},"depends_on_tasks":["A"]}\n'
        "  ]\n}",
    ),
    "none": (
        '{\n "tasks": []\n}',
        '{\n "tasks": [\n  {\n   "task_id": "B",\n   "est": {},\n'
        '   "depends_on_tasks": [\n    "A"\n   ]\n  }\n ]\n}',
    ),
    "none-compact": ('{"tasks":[ ]}', '{"tasks":[{"task_id":"B","est":{},"depends_on_tasks":["A"]}]}'),
}


@pytest.mark.parametrize(("before", "after"), LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "marked"])
def test_new_text_is_laid_out_like_the_old(before, after, mark):
    text = read(mark + before.encode()).with_tasks([ENTRY])
    assert text.data == mark + after.encode()


DEPENDENCIES = {
    "empty": ('{"depends_on_tasks": []}', '{"depends_on_tasks": ["R"]}'),
    "one": ('{"depends_on_tasks": ["A"]}', '{"depends_on_tasks": ["A", "R"]}'),
    "null": ('{"depends_on_tasks": null, "x": 1e5}', '{"depends_on_tasks": ["R"], "x": 1e5}'),
    "absent": ('{"a": 1}', '{"a": 1, "depends_on_tasks": ["R"]}'),
    "escaped-key": ('{"depends\\u005fon_tasks": ["A"]}', '{"depends\\u005fon_tasks": ["A", "R"]}'),
    "lines": ('{"depends_on_tasks": [\n  "A"\n]}', '{"depends_on_tasks": [\n  "A",\n  "R"\n]}'),
}


@pytest.mark.parametrize(("before", "after"), DEPENDENCIES.values(), ids=DEPENDENCIES)
def test_a_dependency_is_put_behind_the_others(before, after):
    frame = '{"tasks": [{}, %s]}'
    text = read((frame % before).encode()).with_dependency(1, "R")
    assert text.data.decode() == frame % after


UNUSABLE = {
    "not-json": ("{", 1, 2, "ends in the middle"),
    "empty": ("", 1, 1, "is empty"),
    "list": ("[]", 1, 1, "not an object with a list `tasks`"),
    "no-tasks": ('{"a": 1}', 1, 1, "not an object with a list `tasks`"),
    "tasks-are-text": ('{"a": 1,\n "tasks": "x"}', 2, 2, "not an object with a list `tasks`"),
    "key-twice": ('{"tasks": [],\n "tasks": []}', 2, 2, "key 'tasks' stands twice"),
    "key-twice-in-a-task": ('{"tasks": [\n{"x": 1, "\\u0078": 2}]}', 2, 10, "key 'x' stands twice"),
    "conflict": ('{"tasks": [\n<<<<<<< HEAD\n', 2, 1, "conflict markers"),
}


@pytest.mark.parametrize(("text", "line", "column", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_edited_is_refused(text, line, column, message):
    with pytest.raises(UnreadableError, match=message) as caught:
        read(text.encode())
    assert (caught.value.path, caught.value.line, caught.value.column) == ("plan.json", line, column)
    assert caught.value.fix


@pytest.mark.parametrize("needed", ['"A"', "{}", "7"])
def test_dependencies_that_are_no_list_are_not_overwritten(needed):
    text = read(b'{"tasks": [{"depends_on_tasks": %s}]}' % needed.encode())
    with pytest.raises(UnreadableError, match=r"tasks\.0\.depends_on_tasks is not a list"):
        text.with_dependency(0, "R")


@pytest.mark.parametrize("entry", ["7", "[]", "null"])
def test_a_task_that_is_no_object_gets_no_dependency(entry):
    with pytest.raises(UnreadableError, match=r"tasks\.0 is not an object"):
        read(b'{"tasks": [%s]}' % entry.encode()).with_dependency(0, "R")


@pytest.mark.parametrize("written", ['"x"', "{}x", '[{"id": "a"}]', "[7]"])
def test_transactions_that_vtm_did_not_write_are_refused(written):
    text = b'{"tasks": [],\n "ingested": %s}' % written.replace("{}x", '{"a": 1}').encode()
    with pytest.raises(UnreadableError, match="`ingested`") as caught:
        _ = read(text).transactions
    assert (caught.value.line, caught.value.column) == (2, 2)


@pytest.mark.parametrize("value", ["null", "[]", "false"])
def test_no_transactions(value):
    text = read(b'{"tasks": [], "ingested": %s}' % value.encode())
    assert text.transactions == []
    assert text.with_transaction(RECORD).transactions == [RECORD]


def test_the_hash_of_a_state_without_anything():
    assert parse(with_hash(b"{}", "state.json", "ab")) == {"manifest_hash": "ab"}
    assert with_hash(b'{"a": 1, "manifest_hash": "x"}', "s", "ab") == b'{"a": 1, "manifest_hash": "ab"}'


def test_what_is_nested_too_deeply_is_refused():
    nested = ManifestText(b'{"tasks": %s%s}' % (b"[" * 2000, b"]" * 2000), "plan.json")
    for ask in (lambda: nested.canonical, lambda: nested.document, lambda: read(nested.data)):
        with pytest.raises(UnreadableError, match="nested too deeply"):
            ask()


PAIRS = ("001", "002", "005", "052", "078", "090")


@pytest.mark.parametrize("pair", PAIRS)
def test_real_manifests(pair):
    data = (shared_data("vtm-history") / pair / "docs/backlog/virtual-task-manifest.json").read_bytes()
    text = read(data)
    count = len(text.document["tasks"])
    added = text.with_tasks(NEW).with_transaction(RECORD)
    assert added.without_tasks([count, count + 1]).without_transaction("ingest-1").data == data
    changed = {line for line in data.splitlines() if line not in set(added.data.splitlines())}
    assert len(changed) <= 2, "only the lines that get a comma are other ones"
    hashed = added.with_fields({"manifest_hash": added.canonical})
    assert hashed.canonical == added.canonical
    assert hashed.document == added.document | {"manifest_hash": added.canonical}
    name = text.document["tasks"][count // 2]["task_id"]
    assert text.positions([name, "nobody"]) == {name: [count // 2]}
    more = text.with_dependency(count // 2, "R").document["tasks"][count // 2]["depends_on_tasks"]
    assert more == [*text.document["tasks"][count // 2]["depends_on_tasks"], "R"]
