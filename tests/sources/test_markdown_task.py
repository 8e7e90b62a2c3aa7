"""What one task file says: its front matter in every spelling, its body, and what is wrong with it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schemas.generate import FOLDER
from tests.shared_data import FOLDER as SHARED
from tests.shared_data import json_of
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.finding import Damage
from vtm.model.state import State
from vtm.model.status import Status
from vtm.model.task import Criterion, FileTask, Manifest
from vtm.sources.decoder import BOM, convert
from vtm.sources.front_matter import read_front_matter
from vtm.sources.front_matter_keys import FLAGS, GRADES, KEYS, LISTS, POSITION, TEXTS, TIMES
from vtm.sources.markdown_task import SCHEMA, read_task
from vtm.sources.markdown_text import parts
from vtm.sources.salvage import errors
from vtm.sources.task_entry import entry_of

NAME = "tasks/a.md"
DEFINITION = json.loads((FOLDER / f"{SCHEMA}.schema.json").read_text("utf-8"))["$defs"]["task"]


def read(front, body=""):
    return read_task(NAME, f"---\n{front}---\n{body}".encode())


def said(found):
    """Damage, place and message of each defect."""
    return [
        (each.damage, each.location.pointer or f"{each.location.line}:{each.location.column}", each.message)
        for each in found.defects
    ]


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
VALUES = {
    **{
        key: ("id: A\n" * (key != "id") + f"{key}: some text\n", field, "some text")
        for key, field in TEXTS.items()
    },
    **{key: (f"id: A\n{key}: [x, 'y']\n", field, ("x", "y")) for key, field in LISTS.items()},
    **{f"{key}-block": (f"id: A\n{key}:\n  - x\n", field, ("x",)) for key, field in LISTS.items()},
    **{f"{key}-empty": (f"id: A\n{key}: []\n", field, ()) for key, field in LISTS.items()},
    **{key: (f"id: A\n{key}: true\n", key, True) for key in FLAGS},
    **{f"{key}-no": (f"id: A\n{key}: FALSE\n", key, False) for key in FLAGS},
    **{key: (f"id: A\n{key}: 2026-01-31T12:00:00Z\n", key, NOON) for key in TIMES},
    **{f"status-{each}": (f"id: A\nstatus: {each}\n", "declared_status", each) for each in Status},
    **{
        f"risk-{each}": (f"id: A\nrisk: {each}\n", "grade", each.casefold())
        for each in ("trivial", "low", "medium", "high", "critical", "High", "Medium", "Low")
    },
    **{
        f"risk-as-{each}": (f"id: A\nrisk: {each}\n", "risk", risk)
        for each, risk in {
            "trivial": "Low",
            "low": "Low",
            "medium": "Medium",
            "high": "High",
            "critical": "High",
            "High": "High",
            "Medium": "Medium",
            "Low": "Low",
        }.items()
    },
    **{
        f"scope-{each}": (f"id: A\nscope: {each}\n", "scope", each)
        for each in ("single", "narrow", "moderate", "broad", "system")
    },
    **{
        f"impact-{each}": (f"id: A\nimpact: {each}\n", "impact", each)
        for each in ("isolated", "component", "phase", "project")
    },
    **{f"size-{each}": (f"id: A\nsize: {each}\n", "size", each) for each in "SML"},
    "slashes-in-the-id": ("id: area/b/c-1\n", "task_id", "area/b/c-1"),
    "number-as-id": ("id: 007\n", "task_id", "007"),
    "name-before-title": ("id: A\nname: x\ntitle: y\n", "title", "y"),
    "title-before-name": ("id: A\ntitle: y\nname: x\n", "title", "y"),
    "name-beside-no-title": ("id: A\ntitle:\nname: x\n", "title", "x"),
    "both-lists": ("id: A\ndepends_on: [x, y]\ndependencies: [y, z]\n", "depends_on_tasks", ("x", "y", "z")),
    "three-lists": (
        "id: A\ndependsOn: [x]\ndepends_on:\ndependencies: [y]\n",
        "depends_on_tasks",
        ("x", "y"),
    ),
    "null-in-a-list": ("id: A\ndepends_on: [x, ~, y]\n", "depends_on_tasks", ("x", "y")),
    "numbers-in-a-list": ("id: A\ndepends_on: [1, 02]\n", "depends_on_tasks", ("1", "02")),
    "nothing": ("id: A\n", "declared_status", "pending"),
    "nulls": ("id: A\n" + "".join(f"{key}:\n" for key in sorted(KEYS - {"id", "status"})), "risk", "Medium"),
    "no-grade": ("id: A\n", "grade", None),
    "unknown": ("id: A\npriority: 3\nlabels: {a: [b]}\n", "title", ""),
}


@pytest.mark.parametrize(("front", "field", "value"), VALUES.values(), ids=VALUES)
def test_a_value_is_read_and_nothing_is_said(front, field, value):
    found = read(front)
    assert getattr(found.task, field) == value
    assert found.defects == ()


LENIENT = {
    **{
        f"status-{written}": (f"status: {written}\n", "status", "declared_status", status)
        for written, status in {
            "todo": "pending",
            "open": "pending",
            "To Do": "pending",
            "done": "completed",
            "Closed": "completed",
            "complete": "completed",
            "COMPLETED": "completed",
            "failed": "blocked",
            "cancelled": "abandoned",
            "canceled": "abandoned",
            "In Progress": "in-progress",
            "in_progress": "in-progress",
        }.items()
    },
    "status-null": ("status:\n", "status", "declared_status", "pending"),
    "risk": ("risk: HIGH\n", "risk", "grade", "high"),
    "risk-as-risk": ("risk: Critical\n", "risk", "risk", "High"),
    "scope": ("scope: Broad\n", "scope", "scope", "broad"),
    "impact": ("impact: ' PROJECT'\n", "impact", "impact", "project"),
    "size": ("size: l\n", "size", "size", "L"),
    "phase": ("phase: phase_1\n", "phase", "phase", "Phase 1"),
    "slice": ("slice: slice-1_2\n", "slice", "slice", "Slice 1.2"),
    "day": ("started_at: 2026-01-31\n", "started_at", "started_at", NOON.replace(hour=0)),
    "naive": ("completed_at: 2026-01-31 12:00\n", "completed_at", "completed_at", NOON),
    **{key: (f"{key}: x\n", key, field, ("x",)) for key, field in LISTS.items()},
}


@pytest.mark.parametrize(("front", "key", "field", "value"), LENIENT.values(), ids=LENIENT)
def test_a_variant_is_read_as_what_it_means_and_that_is_said(front, key, field, value):
    found = read(f"id: A\n{front}")
    assert getattr(found.task, field) == value
    (defect,) = found.defects
    assert (defect.damage, defect.task_id) == (Damage.LENIENT, "A")
    assert (defect.location.path, defect.location.pointer) == (NAME, (key,))


WRONG = {
    **{key: (f"{key}: [x]\n", key, TEXTS[key]) for key in sorted(set(TEXTS) - {"id"})},
    **{f"{key}-mapping": (f"{key}: {{a: b}}\n", key, None) for key in sorted(KEYS - {"id", POSITION})},
    **{f"{key}-item": (f"{key}: [x, [y]]\n", key, None) for key in LISTS},
    **{key: (f"{key}: maybe\n", key, None) for key in (*FLAGS, *TIMES, *GRADES, "risk", "size", "status")},
    "yes": ("provisional: yes\n", "provisional", None),
    "leap": ("started_at: 2026-02-30T00:00:00Z\n", "started_at", None),
}


@pytest.mark.parametrize(("front", "key", "field"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_reported_and_the_task_is_there(front, key, field):
    found = read(f"id: A\n{front}")
    assert found.task.task_id == "A"
    assert {(each.damage, each.location.pointer[0], each.task_id) for each in found.defects} == {
        (Damage.SCHEMA, key, "A")
    }
    if field:
        assert getattr(found.task, field) in {"", None}
    assert found.task.provisional is (key == "provisional")


NO_TASK = {
    "no-id": ("title: x\n", ("1:1", "'id' is a required property")),
    "empty": ("", ("1:1", "'id' is a required property")),
    "null-id": ("id:\n", ("1:1", "'id' is a required property")),
    "list-as-id": ("id: [A]\n", (("id",), "id: ['A'] is not of type 'string'")),
    "empty-id": ("id: ''\n", (("id",), "id: '' is empty or holds control characters")),
    "escape-in-id": ('id: "A\\e[2J"\n', (("id",), "id: 'A\\x1b[2J' is empty or holds control characters")),
    "line-end-in-id": ('id: "A\\n"\n', (("id",), "id: 'A\\n' is empty or holds control characters")),
    "separator-in-id": ("id: A\u2028B\n", (("id",), "id: 'A\\u2028B' is empty or holds control characters")),
}


@pytest.mark.parametrize(("front", "expected"), NO_TASK.values(), ids=NO_TASK)
def test_without_an_id_there_is_no_task_but_a_defect(front, expected):
    found = read(front)
    assert found.task is None
    ((damage, place, message),) = said(found)
    assert (damage, place if place != "0:0" else "1:1", message) == (Damage.SCHEMA, *expected)


@pytest.mark.parametrize(
    "status", ["wip", "'3'", "3", "[done]", "{a: b}", "''", "true", "pending!", "review"]
)
def test_an_unknown_status_holds_the_task_back(status):
    found = read(f"id: A\nstatus: {status}\n")
    assert found.task.declared_status is Status.BLOCKED
    assert [(damage, at) for damage, at, _ in said(found)] == [(Damage.SCHEMA, ("status",))]
    assert not Readiness(Backlog(Manifest((found.task,)), State({}))).eligible


@pytest.mark.parametrize("written", ["{A: true}", "[{A: B}]", "[[A]]", "[A, [B]]"])
def test_a_dependency_that_cannot_be_read_is_never_met(written):
    found = read(f"id: B\ndepends_on: {written}\n")
    done = read("id: A\nstatus: completed\n")
    ready = Readiness(Backlog(Manifest((done.task, found.task)), State({})))
    assert [each.task_id for each in ready.eligible] == []
    assert {each.damage for each in found.defects} == {Damage.SCHEMA}


WHOLE = {
    "none": (b"# Text\n", None),
    "nothing": (b"", None),
    "mark-alone": (BOM, None),
    "rule": (b"Text\n\n---\n\nmore\n\n---\n", None),
    "four-dashes": (b"----\nid: A\n----\n", None),
    "rule-first": (b"---\n\nA text that starts with a rule.\n", None),
    "unclosed": (
        b"---\nid: A\n",
        ("GAP::UNREADABLE", 1, 1, "opens front matter that no line of three dashes closes"),
    ),
    "unclosed-comment": (
        b"\n---\n# x\n\nid: A\n----\n",
        ("GAP::UNREADABLE", 1, 1, "no line of three dashes closes"),
    ),
    "unclosed-marked": (
        BOM + b"---\r\nid: A\r\n",
        ("GAP::UNREADABLE", 1, 1, "no line of three dashes closes"),
    ),
    "old-mac": (b"---\rid: A\r---\rText\r", ("GAP::UNREADABLE", 1, 1, "line ends of old Macs")),
    "utf16": ("---\nid: A\n---\n".encode("utf-16"), ("GAP::UNREADABLE", 1, 1, "is not UTF-8")),
    "latin-1-in-front": (
        "---\nid: A\ntitle: é\n---\n".encode("latin-1"),
        ("GAP::UNREADABLE", 3, 8, "is not UTF-8"),
    ),
    "latin-1-in-body": (
        "---\nid: A\n---\n\né\n".encode("latin-1"),
        ("GAP::UNREADABLE", 5, 1, "is not UTF-8"),
    ),
    "cut-character": ("---\nid: A\n---\né".encode()[:-1], ("GAP::UNREADABLE", 4, 1, "is not UTF-8")),
    "surrogate": (b"---\nid: A\ntitle: \xed\xa0\x80\n---\n", ("GAP::UNREADABLE", 3, 8, "is not UTF-8")),
    "conflict-first": (
        b"<<<<<<< HEAD\n---\nid: A\n---\n=======\n---\nid: B\n---\n>>>>>>> x\n",
        ("GAP::CONFLICT-MARKERS", 1, 1, "has conflict markers of git"),
    ),
    "conflict-in-front": (
        b"---\nid: A\n<<<<<<< HEAD\nrisk: low\n=======\nrisk: high\n>>>>>>> x\n---\n",
        ("GAP::CONFLICT-MARKERS", 3, 1, "has conflict markers of git"),
    ),
    "conflict-in-front-of-windows": (
        b"---\r\nid: A\r\n<<<<<<< HEAD\r\nrisk: low\r\n=======\r\nrisk: high\r\n>>>>>>> x\r\n---\r\n",
        ("GAP::CONFLICT-MARKERS", 3, 1, "has conflict markers of git"),
    ),
    "second-document": (b"---\nid: A\n...\nid: B\n---\n", ("GAP::SCHEMA", 4, 1, "is no valid YAML")),
    "second-document-behind-directive": (
        b"---\nid: A\n...\n%YAML 1.2\n--- x\n---\n",
        ("GAP::SCHEMA", 4, 1, "holds more than one YAML document"),
    ),
    "duplicate": (b"\n\n---\nid: A\nid: B\n---\n", ("GAP::SCHEMA", 5, 1, "has the key id twice")),
    "tag": (
        b"---\nid: !!python/name:os.system x\n---\n",
        ("GAP::SCHEMA", 2, 5, "which would build an object"),
    ),
    "nul": (b"---\nid: A\0\n---\n", ("GAP::SCHEMA", 2, 6, "holds a control character")),
    "list": (b"---\n- id: A\n---\n", ("GAP::SCHEMA", 2, 1, "no mapping of keys to values")),
}


@pytest.mark.parametrize(("data", "expected"), WHOLE.values(), ids=WHOLE)
def test_a_file_that_is_no_task_is_passed_over_only_without_front_matter(data, expected):
    found = read_task(NAME, data)
    assert found.task is None
    if expected is None:
        assert found.defects == ()
        return
    (defect,) = found.defects
    where = defect.location
    assert (defect.damage, where.path, where.line, where.column) == (expected[0], NAME, *expected[1:3])
    assert defect.message.startswith(f"{NAME} ")
    assert expected[3] in defect.message
    assert defect.fix


def test_a_conflict_in_the_body_holds_the_task_back():
    found = read("id: A\n", "<<<<<<< HEAD\n- [ ] a\n=======\n- [ ] b\n>>>>>>> x\n")
    assert found.task.task_id == "A"
    assert [(each.damage, each.location.line, each.task_id) for each in found.defects] == [
        (Damage.CONFLICT_MARKERS, 4, "A")
    ]


TITLE = "Title\n=======\n\n## Other\n"
BODIES = {
    "own-ids": (
        "- [ ] AC01 one\n- [x] AC02: two\n* [X] AC-3 \u2013 three\n",
        "AC01 one|AC02 two|AC-3 three",
        "AC02 AC-3",
        "",
    ),
    "long-ids": (
        "- [ ] A--T01-AC01 one\n- [ ] **AC02**: two\n- [ ] `AC03` three\n",
        "A--T01-AC01 one|AC02 two|AC03 three",
        "",
        "",
    ),
    "no-ids": ("- [ ] one\n- [x] two\n", "AC01 one|AC02 two", "AC02", "AC01 AC02"),
    "some-ids": (
        "- [ ] one\n- [x] AC01 two\n- [ ] three\n",
        "AC02 one|AC01 two|AC03 three",
        "AC01",
        "AC02 AC03",
    ),
    "no-id-after-all": ("- [ ] ACCEPT it\n- [ ] AC it\n", "AC01 ACCEPT it|AC02 AC it", "", "AC01 AC02"),
    "an-id-alone": ("- [ ] AC01\n- [ ]\n", "AC01 |AC02 ", "", "AC02"),
    "repeated": ("- [ ] AC01 one\n- [x] AC01 two\n", "AC01 one|AC01 two", "AC01", ""),
    "kinds-of-lists": (
        "* [ ] a\n+ [ ] b\n1. [ ] c\n2) [x] d\n",
        "AC01 a|AC02 b|AC03 c|AC04 d",
        "AC04",
        "AC01 AC02 AC03 AC04",
    ),
    "nested": (
        "- [ ] a\n  - [x] b\n\t- [ ] c\n> - [ ] d\n",
        "AC01 a|AC02 b|AC03 c|AC04 d",
        "AC02",
        "AC01 AC02 AC03 AC04",
    ),
    "no-boxes": ("- [] a\n- [y] b\n-[ ] c\n[ ] d\n- a [ ] e\n- [ ]f\n- [x](link)\n", "", "", ""),
    "windows": (
        "## Acceptance Criteria\r\n\r\n- [x] AC01 one\r\n- [ ] two\r\n",
        "AC01 one|AC02 two",
        "AC01",
        "AC02",
    ),
    "no-line-end": ("- [x] AC01 one", "AC01 one", "AC01", ""),
    "fence": (
        "```\n- [ ] no\n```\n- [ ] a\n~~~md\n- [ ] no\n```\n- [ ] no\n~~~~\n- [ ] b\n",
        "AC01 a|AC02 b",
        "",
        "AC01 AC02",
    ),
    "fence-inside-a-fence": ("````\n```\n- [ ] no\n```\n- [ ] no\n````\n- [ ] a\n", "AC01 a", "", "AC01"),
    "fence-that-stays-open": ("- [ ] a\n```\n- [ ] no\n", "AC01 a", "", "AC01"),
    "code-in-a-line": ("```a``` - [ ] no\n- [ ] a\n", "AC01 a", "", "AC01"),
    "comment": (
        "<!-- - [ ] no\n- [ ] no\n-->\n- [ ] a\n<!-- x -->\n- [ ] b\n",
        "AC01 a|AC02 b",
        "",
        "AC01 AC02",
    ),
    "comment-that-stays-open": ("- [ ] a\n<!--\n- [ ] no\n", "AC01 a", "", "AC01"),
    "section": (
        "- [ ] no\n## Acceptance Criteria\n- [ ] a\n### Sub\n- [ ] b\n## Later\n- [ ] no\n",
        "AC01 a|AC02 b",
        "",
        "AC01 AC02",
    ),
    "section-at-another-level": (
        "# Acceptance criteria:\n- [ ] a\n# Later\n- [ ] no\n",
        "AC01 a",
        "",
        "AC01",
    ),
    "section-deep": ("###### ACCEPTANCE CRITERIA ######\n- [ ] a\n##### X\n- [ ] no\n", "AC01 a", "", "AC01"),
    "section-without": ("- [ ] no\n## Acceptance Criteria\n\nnone\n", "", "", ""),
    "section-in-a-fence": ("```\n## Acceptance Criteria\n```\n- [ ] a\n", "AC01 a", "", "AC01"),
    "two-sections": (
        "## Acceptance Criteria\n- [ ] a\n## Acceptance Criteria\n- [ ] no\n",
        "AC01 a",
        "",
        "AC01",
    ),
    "other-boxes": (
        "- [ ] a\n## Notes\n- [ ] no\n## Definition of Done\n- [ ] no\n## Tests\n- [ ] b\n",
        "AC01 a|AC02 b",
        "",
        "AC01 AC02",
    ),
    "dashes": ("- [ ] a\n---\n- [ ] b\n", "AC01 a|AC02 b", "", "AC01 AC02"),
    "words": ("- [ ] é 😀 \u2028x\n", "AC01 é 😀 \u2028x", "", "AC01"),
    "underlined-sections": (
        "Notes\n-----\n- [ ] no\n\nAcceptance Criteria\n===\n- [ ] a\n\nMore\n====\n- [ ] no\n",
        "AC01 a",
        "",
        "AC01",
    ),
    "done-inside-criteria": (
        "# Notes\n## Acceptance Criteria\n- [ ] a\n### Definition of Done\n- [ ] no\n",
        "AC01 a",
        "",
        "AC01",
    ),
    "underlined": (TITLE + "- [ ] a\n", "AC01 a", "", "AC01"),
}


@pytest.mark.parametrize(("body", "criteria", "met", "numbered"), BODIES.values(), ids=BODIES)
def test_criteria(body, criteria, met, numbered):
    task = read("id: A\n", body).task
    expected = [each.partition(" ")[::2] for each in criteria.split("|")] if criteria else []
    assert task.acceptance_criteria == tuple(Criterion(*each) for each in expected)
    assert (task.met, task.numbered) == (tuple(met.split()), tuple(numbered.split()))


def test_many_boxes_take_no_longer_than_they_should():
    many = 20_000
    own = "".join(f"- [ ] AC{at} x\n" for at in range(many, 2 * many))
    task = read("id: A\n", own + "- [ ] y\n" * many).task
    ids = [each.id for each in task.acceptance_criteria]
    assert len(set(ids)) == len(ids) == 2 * many
    assert ids[many:] == [f"AC{at}" for at in range(2 * many, 3 * many)]


SECTIONS = {
    "sections": ("## Context\n\nWhy.\n\n## Notes\n\nLater.\n", "Why.", "Later."),
    "at-any-level": (
        "# context:\nWhy.\n### Deep\nMore.\n# NOTES #\nLater.",
        "Why.\n### Deep\nMore.",
        "Later.",
    ),
    "no-context": ("# A title\n\nWhy.\n\n## Tests\nx\n", "Why.", ""),
    "no-title": ("Why.\n\n## Tests\nx\n", "Why.", ""),
    "text-alone": ("Why.\n", "Why.", ""),
    "empty": ("## Context\n## Notes\n", "", ""),
    "nothing": ("", "", ""),
    "windows": ("## Context\r\nWhy.\r\nMore.\r\n## Notes\r\nLater.\r\n", "Why.\r\nMore.", "Later."),
    "fence": ("## Context\n```\n## Notes\n```\nWhy.\n", "```\n## Notes\n```\nWhy.", ""),
}


@pytest.mark.parametrize(("body", "context", "notes"), SECTIONS.values(), ids=SECTIONS)
def test_context_and_notes(body, context, notes):
    task = read("id: A\n", body).task
    assert (task.description, task.notes) == (context, notes)
    assert read("id: A\ndescription: Own\n", body).task.description == "Own"


CASE = SHARED / "taskgraph-cases/31-ts-frontmatter-split.json"
ROWS = list(enumerate(json_of(CASE)["input"]["rows"])) if CASE.exists() else []


@pytest.mark.skipif(not ROWS, reason="the case is on the developers' machines")
@pytest.mark.parametrize(("at", "text"), ROWS)
def test_where_front_matter_is_for_the_tools_that_files_come_from(at, text):
    expected = json_of(CASE)["asserted"]["rows"][at]
    data = text.encode()
    found = parts(data)
    if expected is None:
        assert found is None
    else:
        front = data[found.yaml : found.end].decode().rstrip("\n")
        assert [front, data[found.body :].decode().lstrip("\n")] == expected


WORDS = [
    "done",
    "todo",
    "wip",
    "high",
    "HIGH",
    "critical",
    "broad",
    "project",
    "S",
    "xl",
    "phase_1",
    "true",
    "yes",
    "2026-01-31",
    "2026-01-31T12:00:00Z",
    "2026-02-30T00:00:00Z",
    "null",
    "~",
    "1",
    "A",
    "a b",
    "x:y",
    "\x85",
]
TEXT = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
JUNK = st.recursive(
    TEXT | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


def fitting(schema):
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "type" not in schema:
        return st.integers(-1, 10**10) | st.integers(0, 99).map(str)
    return {
        "array": st.lists(TEXT, max_size=3),
        "boolean": st.booleans(),
        "string": st.just("2026-01-31T12:00:00Z") if "format" in schema else TEXT,
    }[schema["type"]]


FRONTS = st.fixed_dictionaries(
    {"id": st.just("A") | JUNK},
    optional={key: fitting(each) | JUNK for key, each in DEFINITION["properties"].items() if key != "id"},
)


@given(FRONTS)
def test_schema_and_decoder_have_one_verdict(values):
    text = json.dumps(values, ensure_ascii=True).replace("\\ud", "\\\\ud")
    found = read(f"{text}\n")
    if any(each.location.line for each in found.defects):  # what YAML does not allow
        return
    read_values = read_front_matter(f"{text}\n")
    entry, notes = entry_of(read_values)
    entry["description"] = entry.get("description", "")
    tolerated = {key: value for key, value in read_values.items() if value is not None}
    tolerated |= {note.pointer[0]: note.read for note in notes if note.written is not None}
    tolerated = {
        key: [each for each in value if each is not None] if isinstance(value, list) else value
        for key, value in tolerated.items()
    }
    assert (convert(entry, FileTask) is not None) == (errors(tolerated, SCHEMA, "task") == [])
    broken = [each for each in found.defects if each.damage is Damage.SCHEMA]
    assert bool(broken) == (convert(entry, FileTask) is None)
    assert (found.task is None) <= bool(broken)


def test_the_schema_knows_every_key_that_is_read_and_no_other():
    assert set(DEFINITION["properties"]) == KEYS
