"""What has happened to a task, written into its file."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.shared_data import shared_data
from vtm.errors import UnreadableError
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import Criterion, FileTask
from vtm.sources import task_text
from vtm.sources.front_matter_text import FrontMatterText
from vtm.sources.markdown_text import criteria_boxes, numbered, parts
from vtm.sources.status_words import status_of, status_word
from vtm.sources.task_text import edited

PENDING, WORKING, BLOCKED, COMPLETED, ABANDONED = Status
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def task_in(data):
    """The task of a file, as far as an edit looks at it."""
    boxes = criteria_boxes(data, parts(data).body)[1]
    criteria = tuple(Criterion(name, box.text) for name, box in zip(numbered(boxes), boxes, strict=True))
    met = tuple(each.id for each, box in zip(criteria, boxes, strict=True) if box.ticked)
    return FileTask(task_id="A", acceptance_criteria=criteria, met=met)


def edit(text, after, others=()):
    data = text.encode()
    return edited(data, "a.md", task_in(data), after, others).decode()


WORDS = {
    # name: what is there, what others say, wanted, word
    "same": ("done", (), COMPLETED, "done"),
    "canonical": ("pending", (), COMPLETED, "completed"),
    "done": ("done", (), PENDING, "todo"),
    "todo": ("todo", (), COMPLETED, "done"),
    "closed": ("closed", (), PENDING, "open"),
    "open": ("open", (), COMPLETED, "closed"),
    "capital": ("Done", (), PENDING, "Todo"),
    "capitals": ("In Progress", (), COMPLETED, "Completed"),
    "to capitals": ("Done", (), WORKING, "In Progress"),
    "shouted": ("IN_PROGRESS", (), ABANDONED, "ABANDONED"),
    "underscore": ("in_progress", (), COMPLETED, "completed"),
    "capital, hyphen": ("In-Progress", (), BLOCKED, "Blocked"),
    "lower after": ("In progress", (), PENDING, "Pending"),
    "others": ("in-progress", ("todo", "done"), COMPLETED, "done"),
    "others as written": ("In Progress", ("To Do", "Done"), COMPLETED, "Done"),
    "others disagree": ("done", ("pending", "done"), PENDING, "pending"),
    "others agree": ("done", ("pending", "todo"), PENDING, "todo"),
    "others say nothing": ("done", ("done",), PENDING, "todo"),
    "to do": ("To Do", (), COMPLETED, "Done"),
    "to do, others": ("done", ("To Do", "Done"), PENDING, "To Do"),
    "unknown": ("waiting", (), COMPLETED, "completed"),
    "none": (None, (), WORKING, "in-progress"),
}


@pytest.mark.parametrize(("present", "others", "wanted", "word"), WORDS.values(), ids=WORDS)
def test_word(present, others, wanted, word):
    assert status_word(wanted, present, others) == word
    assert status_of(word) == wanted


EDITS = {
    # name: file, state, file after
    "started": (
        "---\nid: A\nstatus: todo # c\nx: 1\n---\n- [ ] a\n",
        TaskState(WORKING, NOON),
        "---\nid: A\nstatus: in-progress # c\nstarted_at: 2026-03-10T12:00:00Z\nx: 1\n---\n- [ ] a\n",
    ),
    "completed": (
        "---\nstatus: 'In Progress'\nstarted_at: 2026-03-10 12:00\n---\n- [ ] a",
        TaskState(COMPLETED, NOON, NOON, ("AC01",)),
        "---\nstatus: 'Completed'\nstarted_at: 2026-03-10 12:00\n"
        "completed_at: 2026-03-10T12:00:00Z\n---\n- [x] a",
    ),
    "both times": (
        "---\nstatus: todo\n---\n",
        TaskState(COMPLETED, NOON, NOON),
        "---\nstatus: done\nstarted_at: 2026-03-10T12:00:00Z\ncompleted_at: 2026-03-10T12:00:00Z\n---\n",
    ),
    "no status, no front matter keys": (
        "---\r\n---\r\n",
        TaskState(BLOCKED),
        "---\r\nstatus: blocked\r\n---\r\n",
    ),
    "null is pending": ("---\nstatus: ~\n---\n", TaskState(), "---\nstatus: ~\n---\n"),
    "another word": ("---\nstatus: Open \n---\n", TaskState(), "---\nstatus: Open \n---\n"),
    "another offset": (
        "---\nstatus: open\nstarted_at: '2026-03-10T13:00:00+01:00'\n---\n",
        TaskState(PENDING, NOON),
        "---\nstatus: open\nstarted_at: '2026-03-10T13:00:00+01:00'\n---\n",
    ),
    "an offset to write": (
        "---\nstatus: open\n---\n",
        TaskState(PENDING, datetime(2026, 3, 10, 13, 0, 0, 500, timezone(timedelta(hours=1)))),
        "---\nstatus: open\nstarted_at: 2026-03-10T12:00:00.000500Z\n---\n",
    ),
    "times removed": (
        "---\nstatus: closed\nstarted_at: 2026-03-10 # c\ncompleted_at: 2026-03-11\n---\n",
        TaskState(),
        "---\nstatus: open\nstarted_at: null # c\n---\n",
    ),
    "no time stays": (
        "---\nstatus: open\nstarted_at: soon\n---\n",
        TaskState(),
        "---\nstatus: open\nstarted_at: soon\n---\n",
    ),
    "unknown counts as blocked": ("---\nstatus: hm\n---\n", TaskState(BLOCKED), "---\nstatus: hm\n---\n"),
    "boxes": (
        "---\n---\r\n* [ ] a\r\n+ [x] b\n1. [ ] c\r\n   - [ ] d\n> - [ ] e\n```\n- [ ] code\n```\n- [X] f\n",
        TaskState(acs_completed=("AC01", "AC03", "AC04", "AC05", "unknown")),
        "---\n---\r\n* [x] a\r\n+ [ ] b\n1. [x] c\r\n   - [x] d\n> - [x] e\n```\n- [ ] code\n```\n- [ ] f\n",
    ),
    "all large": (
        "---\n---\n## Acceptance Criteria\n- [X] AC-7 a\n- [ ] b\n## Notes\n- [X] n\n",
        TaskState(acs_completed=("AC-7", "AC02")),
        "---\n---\n## Acceptance Criteria\n- [X] AC-7 a\n- [X] b\n## Notes\n- [X] n\n",
    ),
    "only criteria": (
        "---\n---\n- [ ] no\n## Acceptance Criteria\n- [ ] a\n"
        "## Definition of Done\n- [ ] d\n<!--\n- [ ] x\n-->\n",
        TaskState(acs_completed=("AC01",)),
        "---\n---\n- [ ] no\n## Acceptance Criteria\n- [x] a\n"
        "## Definition of Done\n- [ ] d\n<!--\n- [ ] x\n-->\n",
    ),
    "same id twice": (
        "---\n---\n- [x] AC1 a\n- [ ] AC1 b\n- [ ] AC2\n",
        TaskState(acs_completed=("AC1", "AC2")),
        "---\n---\n- [x] AC1 a\n- [ ] AC1 b\n- [x] AC2\n",
    ),
    "same id twice, taken back": (
        "---\n---\n- [x] AC1 a\n- [X] AC1 b\n",
        TaskState(),
        "---\n---\n- [ ] AC1 a\n- [ ] AC1 b\n",
    ),
    "mark, BOM, no line end": (
        "\ufeff---\nstatus: 😀\n---\n😀 - [ ] no\n- [ ] 😀",
        TaskState(BLOCKED, acs_completed=("AC01",)),
        "\ufeff---\nstatus: 😀\n---\n😀 - [ ] no\n- [x] 😀",
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), EDITS.values(), ids=EDITS)
def test_edit(before, after, expected):
    assert edit(before, after) == expected
    assert edit(expected, after) == expected


def test_words_of_other_files():
    before = "---\nstatus: in-progress\n---\n"
    assert edit(before, TaskState(COMPLETED), ["todo", "done"]) == "---\nstatus: done\n---\n"


def test_refuses_other_criteria_than_were_read():
    data = b"---\n---\n- [ ] a\n- [ ] b\n"
    with pytest.raises(UnreadableError, match="has 2 criteria, not the 0 that were read") as refusal:
        edited(data, "a.md", FileTask(task_id="A"), TaskState())
    assert (refusal.value.code, refusal.value.line) == ("NOT-SPLICED", 3)


ALIASED = "---\na: &done todo\nb: &when 2026-03-10 12:00\nstatus: *done\nstarted_at: *when\n---\n- [ ] a\n"
MERGED = "---\na: &x {status: done}\n<<: *x\n---\n"


def test_an_alias_is_followed():
    after = TaskState(PENDING, NOON, acs_completed=("AC01",))
    assert edit(ALIASED, after) == ALIASED.replace("[ ]", "[x]")


INDIRECT = {
    "alias": (ALIASED, TaskState(COMPLETED, NOON), 4, "'status' that is an alias"),
    "merge": (MERGED, TaskState(), 3, "is a merge, which may hold 'status' too"),
}


@pytest.mark.parametrize(("text", "after", "line", "message"), INDIRECT.values(), ids=INDIRECT)
def test_refuses_to_write_over_what_stands_elsewhere(text, after, line, message):
    with pytest.raises(UnreadableError, match=message) as refusal:
        edit(text, after)
    assert (refusal.value.code, refusal.value.line) == ("NOT-SPLICED", line)


def test_refuses_what_it_cannot_read_back(monkeypatch):
    monkeypatch.setattr(task_text, "status_word", lambda *_: "unheard-of")
    with pytest.raises(UnreadableError, match=r"would not read as intended \(status\)") as refusal:
        edit("---\nstatus: todo\n---\n", TaskState(COMPLETED))
    assert (refusal.value.code, refusal.value.line) == ("NOT-SPLICED", 2)


def test_refuses_a_removal_that_would_give_a_comment_to_the_text_above():
    text = "---\nt: |\n  a\nstarted_at: 2026-03-10\n  # c\n---\n"
    with pytest.raises(UnreadableError, match="another key would change") as refusal:
        edit(text, TaskState())
    assert (refusal.value.code, refusal.value.line) == ("NOT-SPLICED", 4)


def lines_changed(before, after):
    """How many lines of each text are not in the other one."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return len([each for each in old if each not in new]), len([each for each in new if each not in old])


def test_real_files():
    """613 files of Backlog.md's own backlog: 21 of them are not valid YAML."""
    refused, done = [], 0
    for position, path in enumerate(sorted(shared_data("backlog.md").rglob("*.md"))):
        data = path.read_bytes()
        if parts(data) is None:
            continue
        task = task_in(data)
        wanted = TaskState(
            list(Status)[position % len(Status)],
            NOON,
            acs_completed=tuple(c.id for c in task.acceptance_criteria),
        )
        try:
            after = edited(data, path.name, task, wanted)
        except UnreadableError as error:
            refused.append(error.message.partition("character ")[2])
            continue
        again = FrontMatterText.read(after, path.name)
        assert status_of(again.entry("status").node.value) == wanted.status
        assert task_in(after).met == tuple(c.id for c in task.acceptance_criteria)
        gone, came = lines_changed(data, after)
        assert gone <= 1 + len(task.acceptance_criteria) and came <= 2 + len(task.acceptance_criteria)
        done += 1
    assert done > 500
    assert set(refused) == {"'@' that cannot start any token"}
