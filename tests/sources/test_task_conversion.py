"""Entries as files and files as entries: nothing is lost on the way there and back."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.test_fuzz import JUNK
from tests.projects import HOSTILE, HOSTILE_ID, SAMPLE_TASKS, task
from tests.shared_data import json_of, shared_data
from vtm.model.own_file import overlaid
from vtm.model.state import UNTOUCHED, TaskState
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.sources.decoder import convert
from vtm.sources.markdown_task import read_task
from vtm.sources.task_places import NotConvertibleError, same
from vtm.sources.task_restoring import as_file, path_of
from vtm.sources.task_to_entry import as_entry

TASKS = "tasks"
DESCRIPTIONS = (
    *(
        "",
        "One line",
        "Two\nlines",
        " indented",
        "ends \n",
        "a\r\nb",
        "## Notes\nx",
        "# Title",
        "- [ ] AC01 box",
    ),
    *(
        "```\n## Notes",
        "<!-- ",
        "---",
        "a\n---\nb",
        "<<<<<<< a\n=======\n>>>>>>> b",
        "\x00",
        "\u2028",
        "> quote",
        "x" * 9000,
    ),
)
CRITERIA = (
    [],
    [{"id": "A--T01-AC01", "text": "It works"}],
    [{"id": "AC-1", "text": "b"}, {"id": "AC-1", "text": "a"}],
    [{"id": "mine", "text": "of my own"}],
    [{"id": "AC01", "text": ""}, {"id": "AC02"}],
    [{"id": "AC01", "text": "two\nlines"}],
    [{"id": "AC01", "text": " spaces  within "}],
    [{"id": "AC01", "text": "- more"}, {"id": "AC02", "text": "```"}, {"id": "AC03", "text": "<!--"}],
    [{"id": "AC01", "text": "x", "verify": ["a", 1.5]}],
    [{"id": "AC01", "text": "## Notes"}, "text", None],
    "text",
)
FIELDS = {
    "title": st.text() | st.sampled_from(["yes", HOSTILE, "a: b", "x" * 2000]),
    "description": st.sampled_from(DESCRIPTIONS) | st.text(),
    "acceptance_criteria": st.sampled_from(CRITERIA),
    "risk": st.sampled_from(["High", "Medium", "Low", "high", "LOW", "huge"]),
    "grade": st.sampled_from(["trivial", "low", "medium", "high", "critical", "F"]),
    "scope": st.sampled_from(["narrow", "system", "all"]),
    "impact": st.sampled_from(["phase", "none"]),
    "level": st.text(),
    "phase": st.sampled_from(["Phase 1", "phase_1", ""]) | st.text(),
    "slice": st.text(),
    "capability_id": st.text(),
    "est": st.sampled_from([{"size": "S"}, {"size": "l"}, {"size": "M", "hours": 2}, {}, {"size": None}]),
    "parallelism_group": st.none() | st.text(),
    **{name: st.booleans() | st.none() for name in ("provisional", "parallel")},
    **{
        name: st.lists(st.text(), max_size=3) | st.none()
        for name in ("depends_on_tasks", "related_specs", "test_verification", "gap_codes", "conflicts_with")
    },
}
VALUES = st.one_of([each.map(lambda value, key=key: (key, value)) for key, each in FIELDS.items()])


def is_json(value):
    try:
        json.dumps(value, allow_nan=False).encode()
        return json.loads(json.dumps(value)) == value
    except ValueError:
        return False


PAIRS = VALUES | st.tuples(
    st.sampled_from([*FIELDS, "x_manifest", "x_markdown", "notes", "status"]) | st.text(),
    JUNK.filter(is_json),
)
IDS = st.sampled_from(["A--T01", "a/b", "../x", HOSTILE_ID, "con", "a b", "é" * 200])
ENTRIES = st.tuples(IDS, st.lists(PAIRS, max_size=6)).map(
    lambda it: {"task_id": it[0]} | dict(it[1]) | {"task_id": it[0]}
)
PROGRESS = TaskState(status=Status.COMPLETED, acs_completed=("A--T01-AC01", "AC01"))


def there_and_back(entry, progress=PROGRESS):
    data = as_file(entry, progress, TASKS)
    back = as_entry(path_of(entry, TASKS), data, TASKS)
    assert same(back.entry, entry), (entry, data)
    assert back.task.declared_status == progress.status
    again = as_file(back.entry, overlaid(back.task, None) or UNTOUCHED, TASKS)
    assert again == data
    return data, back.entry


def comparable(found):
    return {
        name: getattr(found, name)
        for name in Task.__struct_fields__
        if name not in {"grade", "declared_status"}
    }


@pytest.mark.parametrize("entry", SAMPLE_TASKS, ids=lambda each: each["task_id"])
def test_sample(entry):
    data, back = there_and_back(entry)
    assert list(back)[:5] == list(entry)[:5]
    found = read_task("x", data).task
    if entry["risk"] == "Medium":
        assert comparable(found) == comparable(convert(entry, Task))


@pytest.mark.parametrize("criteria", CRITERIA, ids=range(len(CRITERIA)))
@pytest.mark.parametrize("description", DESCRIPTIONS, ids=range(len(DESCRIPTIONS)))
def test_bodies(description, criteria):
    data, _ = there_and_back(task("A--T01", description=description, acceptance_criteria=criteria))
    assert read_task("x", data).task.description == description


@given(ENTRIES)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_entry(entry):
    try:
        there_and_back(entry)
    except NotConvertibleError as error:
        pytest.fail(f"{error}: {entry}")


def test_history():
    folder = shared_data("vtm-history")
    for number in ("001", "053", "098"):
        for entry in json_of(folder / number / "docs/backlog/virtual-task-manifest.json")["tasks"]:
            there_and_back(entry)


VALUES_OF_FILES = st.sampled_from(
    [
        *(
            "a",
            "'b'",
            '"c: d"',
            "",
            "[x, y] # z",
            "|\n  text\n\n  more",
            "|+\n  k\n\n",
            "\n  - a\n  - b",
            "{k: v}",
        ),
        *(
            "\n  k: v\n  # c",
            "&a x",
            "*a",
            "~",
            "2026-01-01",
            "true",
            "1.50",
            "high",
            "HIGH",
            "in_progress",
            "done",
        ),
        *("2026-03-01T09:00:00Z", "0x1f", "1e400", "[1, [2, ~]]", "{1: 2}", "!!str 1", "[]", "narrow", "S"),
    ]
)
KEYS_OF_FILES = st.sampled_from(
    [
        *(
            "title",
            "name",
            "description",
            "status",
            "started_at",
            "completed_at",
            "depends_on",
            "dependencies",
        ),
        *(
            "risk",
            "scope",
            "impact",
            "level",
            "phase",
            "size",
            "parallel",
            "test_verification",
            "conflicts_with",
        ),
        *("x_manifest", "x_markdown", "x_position", "created", "zeta", "$file", "'$path'", "1", "é"),
    ]
)
BODIES = st.lists(
    st.sampled_from(
        [
            *(
                "",
                "Text",
                "# Title",
                "## Context",
                "## Acceptance Criteria",
                "## Notes",
                "- [ ] AC01 one",
                "- [x] two",
            ),
            *(
                "- [X] AC-3: three",
                "> - [ ] quoted",
                "```",
                "<!--",
                "-->",
                "---",
                "  ",
                "1. [ ] four\r",
                "\x00",
                "\u2028",
            ),
        ]
    ),
    max_size=8,
).map("\n".join)


@st.composite
def files(draw):
    keys = draw(st.lists(KEYS_OF_FILES, unique=True, max_size=5))
    front = "".join(f"{key}: {draw(VALUES_OF_FILES)}\n" for key in ["id: a/b\nx", *keys])
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return (
        draw(st.sampled_from(["", "\ufeff"])) + f"---\n{front}---\n".replace("\n", newline) + draw(BODIES)
    ).encode()


@given(files(), st.sampled_from(["tasks/a/b.md", "tasks/x.md", "tasks/con.md"]))
@settings(max_examples=500, deadline=None)
def test_any_file(data, name):
    try:
        found = as_entry(name, data, TASKS)
    except NotConvertibleError:
        return
    entry = json.loads(json.dumps(found.entry))
    task_there = read_task(name, data).task
    read = convert({key: each for key, each in entry.items() if key != "grade"}, Task)
    assert comparable(read) == comparable(task_there)
    assert (read.risk, entry.get("grade")) in {
        (task_there.risk, None),
        (task_there.risk, task_there.grade),
    }
    state = overlaid(found.task, None) or UNTOUCHED
    back = as_file(entry, state, TASKS)
    if path_of(entry, TASKS) == name:
        assert back == data
    assert read_task(name, back).task == task_there


STRANGE = {
    "none": None,
    "empty": {},
    "text": "x",
    "notes-no-text": {"$notes": 5},
    "known-key": {"id": "x", "risk": "high"},
    "file-no-text": {"$file": 5},
    "path-without-file": {"$path": "tasks/other.md"},
    "unknown": {"a": 1, "$b": 2},
    "own": {"x_manifest": 1, "x_markdown": {"a": 1}},
}


@pytest.mark.parametrize("kept", STRANGE.values(), ids=STRANGE)
def test_strange_remains_of_a_file(kept):
    there_and_back({"task_id": "A--T01", "x_markdown": kept})


PATHS = [
    "tasks/../../x.md",
    "/etc/x.md",
    "tasks/.git/x.md",
    "tasks//x.md",
    "other/x.md",
    "tasks/x",
    "tasks/\0.md",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_leads_elsewhere_is_not_followed(path):
    assert path_of({"task_id": "A", "x_markdown": {"$path": path}}, TASKS) == "tasks/A.md"


def test_a_file_of_another_task_is_not_taken():
    entry = {"task_id": "A", "x_markdown": {"$file": "---\nid: B\n---\n"}}
    data = as_file(entry, UNTOUCHED, TASKS)
    assert read_task("x", data).task.task_id == "A"
    assert b"id: B" in data


def test_a_file_that_cannot_be_edited_keeps_its_task_in_the_manifest():
    text = "---\nid: A\nstatus: &a pending\n---\n"
    entry = as_entry("tasks/A.md", text.encode(), TASKS).entry
    assert as_file(entry, UNTOUCHED, TASKS) == text.encode()
    with pytest.raises(NotConvertibleError, match="cannot be edited"):
        as_file(entry, PROGRESS, TASKS)
