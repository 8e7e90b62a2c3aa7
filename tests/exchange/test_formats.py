"""What each format means by what it says, row by row."""

import json

import pytest

from vtm.exchange.format import load_format
from vtm.exchange.reading import File


def read(name, text, file="x"):
    data = text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode()
    return load_format(name).read([File(file, data)])


def only(name, text, file="x"):
    (task,) = read(name, text, file).tasks
    return task


def issue(**more):
    return {"id": "a", "title": "t", **more}


def front(*lines, body=""):
    return "\n".join(["---", "id: T-1", "title: t", *lines, "---", body])


STATUSES = {  # format, status there, status here, reason
    "beads": ("open pending|in_progress in-progress|hooked in-progress|blocked blocked|closed completed"),
    "taskmaster": "pending pending|in-progress in-progress|review in-progress|done completed",
    "vtm-cli": "pending pending|in-progress in-progress|blocked blocked|completed completed",
    "csv": "pending pending|In_Progress in-progress|blocked blocked|done completed|abandoned abandoned",
    "taskwarrior": "pending pending|completed completed|deleted abandoned",
    "backlog-md": "To_Do pending|In_Progress in-progress|Review in-progress|Cancelled abandoned",
}
WAITS = [
    ("beads", "deferred"),
    ("taskmaster", "deferred"),
    ("taskwarrior", "waiting"),
    ("backlog-md", "Draft"),
]


def with_status(name, status):
    if name == "csv":
        return f"task_id,title,status\na,t,{status}\n"
    if name == "backlog-md":
        return front(f"status: {status}")
    entry = {"title": "t", "description": "t", "status": status, "id": 1, "uuid": "u"}
    tasks = {"taskmaster": {"tasks": [entry]}, "taskwarrior": [entry], "beads": entry | {"id": "a"}}
    return tasks.get(name, {"tasks": [entry | {"id": "a"}]})


@pytest.mark.parametrize(
    ("name", "there", "here"),
    [(name, *row.split(" ")) for name, rows in STATUSES.items() for row in rows.split("|")],
)
def test_status(name, there, here):
    spelled = there.replace("_", " ") if name in {"csv", "backlog-md"} else there
    state = only(name, with_status(name, spelled)).state
    assert (state.status, state.blocked_reason) == (here, "")


@pytest.mark.parametrize(("name", "status"), WAITS)
def test_what_is_not_to_be_started_is_blocked_and_says_why(name, status):
    state = only(name, with_status(name, status)).state
    assert (state.status, state.blocked_reason) == ("blocked", f"its status is {status}")


@pytest.mark.parametrize("name", STATUSES)
def test_an_unknown_status_counts_as_blocked(name):
    (unit,) = read(name, with_status(name, "huh")).units
    assert (unit.outcome, unit.reason) == ("in part", "status 'huh' is unknown and counts as blocked")
    assert only(name, with_status(name, "huh")).state.status == "blocked"


BEADS_UNITS = {  # a line, to why it is not read, or read in part
    "conflict": ("<<<<<<< HEAD", "is a conflict marker of git"),
    "bad-json": ('{"id": "b"', "is not JSON: "),
    "list": ("[]", "is not an object"),
    "deep": ('{"id": "b", "x": ' + "[" * 70 + "]" * 70 + "}", "is nested too deeply"),
    "no-id": ('{"title": "b"}', "it has no id"),
    "id-of-another-kind": ('{"id": 7}', "it has no id"),
    "hostile-id": ('{"id": "b\\u001b[31m"}', "its id cannot be one"),
    "again": ('{"id": "a"}', "repeats the id a of 1"),
    "not-utf-8": (b'{"id": "b\xff"}', "is not UTF-8"),
    "nan": ('{"id": "b", "x": NaN}', "holds NaN"),
    "key-twice": ('{"id": "b", "title": "1", "title": "2"}', "title stands twice"),
    "huge": ('{"id": "b", "x": 1e999}', "a number is too large"),
    "half": ('{"id": "b", "title": "\\ud800"}', "half a character"),
    "number": ('{"id": "b", "title": 7}', "title is not text"),
    "time": ('{"id": "b", "closed_at": "soon", "status": "closed"}', "closed_at is not a time"),
}


@pytest.mark.parametrize(("line", "reason"), BEADS_UNITS.values(), ids=BEADS_UNITS)
def test_beads_lines(line, reason):
    line = line if isinstance(line, bytes) else line.encode()
    reading = read("beads", b'{"id": "a"}\n\n' + line + b'\r\n{"id": "z"}')
    assert [unit.number for unit in reading.units] == [1, 3, 4]
    assert reading.units[1].reason.startswith(reason)
    assert [reading.units[0].outcome, reading.units[2].outcome] == ["read", "read"]


@pytest.mark.parametrize(
    ("kind", "needs"),
    [("blocks", ("b",)), ("parent-child", ()), ("related", ()), ("discovered-from", ()), (None, ())],
)
def test_only_what_blocks_is_a_dependency(kind, needs):
    dependency = {"issue_id": "a", "depends_on_id": "b", "type": kind}
    task = only("beads", issue(dependencies=[dependency]))
    assert task.task.depends_on_tasks == needs
    assert task.kept.get("dependencies", [dependency]) == [dependency]


CRITERIA = {
    "none": ("", []),
    "bullets": ("- a\n* b\n1. c", ["a", "b", "c"]),
    "with-text": ("These:\n- a\n  more\n\nFiles:\n- b", ["a\nmore", "b"]),
    "paragraphs": ("One line\nof text\n\nAnother", ["One line\nof text", "Another"]),
}


@pytest.mark.parametrize(("text", "criteria"), CRITERIA.values(), ids=CRITERIA)
def test_criteria_in_text(text, criteria):
    task = only("beads", issue(acceptance_criteria=text))
    assert [each.text for each in task.checks] == criteria
    assert [each.id for each in task.task.acceptance_criteria] == [
        f"a-AC{at:02}" for at in range(1, len(criteria) + 1)
    ]


def test_ticked_criteria_are_met():
    task = only("beads", issue(acceptance_criteria="- [x] a\n- [ ] b"))
    assert task.state.acs_completed == ("a-AC01",)


def test_times_are_utc():
    task = only("beads", issue(status="closed", closed_at="2026-01-01T23:30:00.123456789-08:00"))
    assert task.state.completed_at.isoformat() == "2026-01-02T07:30:00+00:00"
    assert task.state.started_at is None


SIBLINGS = {  # dependencies of a subtask 1.2, to what they are
    "number": ([1], ("1.1",)),
    "number-as-text": (["1"], ("1.1",)),
    "whole": (["2.1", "1.1"], ("2.1", "1.1")),
    "unknown": ([7], ("1.7",)),
}


@pytest.mark.parametrize(("given", "needs"), SIBLINGS.values(), ids=SIBLINGS)
def test_a_number_in_a_subtask_is_a_sibling(given, needs):
    subtasks = [{"id": 1, "title": "a"}, {"id": 2, "title": "b", "dependencies": given}]
    document = {
        "tasks": [{"id": 1, "title": "p", "subtasks": subtasks}, {"id": 2, "dependencies": [1, "1.2"]}]
    }
    for whole in (document, {"master": document}):
        tasks = {each.task.task_id: each.task for each in read("taskmaster", whole).tasks}
        assert list(tasks) == ["1", "1.1", "1.2", "2"]
        assert tasks["1.2"].depends_on_tasks == needs
        assert tasks["2"].depends_on_tasks == ("1", "1.2")


def test_tags_keep_their_tasks_apart():
    tasks = [{"id": 1, "dependencies": []}, {"id": 2, "dependencies": [1]}]
    found = read("taskmaster", {"master": {"tasks": tasks}, "new": {"tasks": tasks}}).tasks
    assert [(each.task.task_id, each.task.depends_on_tasks) for each in found] == [
        *(("1", ()), ("2", ("1",)), ("new/1", ()), ("new/2", ("new/1",))),
    ]


def test_taskwarrior_names_tasks_as_it_shows_them():
    done = {"id": 0, "uuid": "u0", "description": "a", "status": "completed", "end": "20260102T030405Z"}
    runs = {"id": 1, "uuid": "u1", "description": "b", "status": "pending", "start": "20260102T030405Z"}
    waits = {"id": 2, "uuid": "u2", "description": "c", "status": "pending", "depends": ["u1", "u0", "u9"]}
    notes = {"annotations": [{"entry": "x", "description": "one"}, {"entry": "y", "description": "two"}]}
    lines = "".join(json.dumps(each) + "\n" for each in (done, runs, waits | notes))
    for text in ([done, runs, waits | notes], lines, f"[\n{lines.replace(chr(10), ',' + chr(10))}]"):
        first, second, third = read("taskwarrior", text).tasks
        assert [each.task.task_id for each in (first, second, third)] == ["u0", "1", "2"]
        assert third.task.depends_on_tasks == ("1", "u0", "u9")
        assert third.state.notes == "one\ntwo"
        assert (second.state.status, first.state.completed_at.isoformat()) == (
            "in-progress",
            "2026-01-02T03:04:05+00:00",
        )


def test_a_broken_line_of_taskwarrior_is_told_by_number():
    lines = ["[", '{"uuid": "u1", "description": "a"},', '{"uuid": "u2", "descr', "]"]
    reading = read("taskwarrior", "\n".join(lines))
    assert [(unit.number, unit.task_id) for unit in reading.units] == [(2, "u1"), (3, "")]


def test_vtm_cli_risk_and_verified_criteria():
    task = only(
        "vtm-cli",
        {
            "tasks": [
                issue(
                    risk="high",
                    acceptance_criteria=["one", "two"],
                    validation={"ac_verified": ["two"]},
                    spec_source="s.md",
                    files={"create": ["a"], "modify": ["b"], "delete": []},
                )
            ]
        },
    )
    assert (task.task.risk, task.task.related_specs, task.task.file_scope) == ("High", ("s.md",), ("a", "b"))
    assert task.state.acs_completed == ("a-AC02",)


def test_priority_is_no_risk():
    for name in ("beads", "taskmaster", "taskwarrior"):
        entry = {"id": 1, "uuid": "u", "title": "t", "description": "d", "priority": "high"}
        text = {"taskmaster": {"tasks": [entry]}, "taskwarrior": [entry]}.get(name, entry | {"id": "a"})
        task = only(name, text)
        assert (task.task.risk, task.kept["priority"]) == ("Medium", "high")


SPEC_LINES = {  # a line, to id, title, parallel, slice, dependencies and status
    "plain": ("- [ ] T001 Do it", ("T001", "Do it", None, "", (), "pending")),
    "marks": ("- [x] T010 [P] [US1] Do it", ("T010", "Do it", True, "US1", (), "completed")),
    "marks-turned": ("* [X] T2 [US12][P] Do it", ("T2", "Do it", True, "US12", (), "completed")),
    "needs": ("- [ ] T3 Do (depends on T1, T2)", ("T3", "Do", None, "", ("T1", "T2"), "pending")),
    "needs-inside": (
        "- [ ] T3 Do (depends on T1) now",
        ("T3", "Do (depends on T1) now", None, "", ("T1",), "pending"),
    ),
    "other-mark": ("- [ ] T4 [X] Do", ("T4", "[X] Do", None, "", (), "pending")),
}


@pytest.mark.parametrize(("line", "said"), SPEC_LINES.values(), ids=SPEC_LINES)
def test_spec_kit_line(line, said):
    task = only("spec-kit", f"## Phase 2: More\n{line}\n")
    found = task.task
    assert said == (
        *(found.task_id, found.title, found.parallel, found.slice, found.depends_on_tasks),
        task.state.status,
    )
    assert found.phase == "Phase 2"


@pytest.mark.parametrize(
    "line", ["- [ ] TXXX Do", "- [ ] Do SHA256", "- [ ] SHA256 sums", "- [ ] UTF-8 only"]
)
def test_spec_kit_lines_without_an_id_are_reported(line):
    (unit,) = read("spec-kit", line).units
    assert (unit.number, unit.outcome) == (1, "unreadable")


YAML = {  # lines of front matter, to what is kept, where, and a part of the reason
    "at-sign": (["reporter: @ada"], {"reporter": "@ada"}, (4, 11), "reporter is taken as text"),
    "alias": (["a: &x [1]", "b: *x"], {"a": [1], "b": "*x"}, (5, 4), "uses an alias"),
    "tag": (["a: !!python/object/apply:os.system [x]"], {}, (4, 4), "uses the tag"),
    "twice": (["a: 1", "a: 2"], {"a": 1}, (5, 1), "has the key a twice"),
    "two-documents": (["a: 1", "...", "b: 2"], {"a": "1\n..."}, (0, 0), ""),
}


@pytest.mark.parametrize(("lines", "kept", "place", "reason"), YAML.values(), ids=YAML)
def test_front_matter_that_is_not_sound_is_read_in_part(lines, kept, place, reason):
    reading = read("backlog-md", front(*lines), "tasks/x.md")
    (unit,) = reading.units
    assert (unit.task_id, unit.outcome) == ("T-1", "in part")
    assert reason in unit.reason
    if place[0]:
        assert (unit.line, unit.column) == place
        assert reading.tasks[0].kept.items() >= kept.items()


SCALARS = {  # what is written in front matter, to what is kept of it and how an export writes it
    "text": ("a b", "a b", "a b"),
    "date": ("2026-01-01", "2026-01-01", "'2026-01-01'"),
    "yes": ("yes", "yes", "'yes'"),
    "null": ("null", None, "null"),
    "tilde": ("~", None, "null"),
    "empty": ("", None, "null"),
    "true": ("true", True, "true"),
    "false": ("FALSE", False, "false"),
    "integer": ("235000", 235000, "235000"),
    "negative": ("-3", -3, "-3"),
    "zero": ("0", 0, "0"),
    "large": ("9" * 40, int("9" * 40), "9" * 40),
    "float": ("1.5", 1.5, "1.5"),
    "whole-float": ("1.0", 1.0, "1.0"),
    "zeros-behind": ("1.10", "1.10", "'1.10'"),
    "zeros-in-front": ("012", "012", "'012'"),
    "eight-in-front": ("08", "08", "'08'"),
    "plus": ("+1", "+1", "'+1'"),
    "exponent": ("1e3", "1e3", "'1e3'"),
    "octal": ("0o17", "0o17", "'0o17'"),
    "infinity": (".inf", ".inf", "'.inf'"),
    "huge": ("9" * 5000, "9" * 5000, "'" + "9" * 5000 + "'"),
    "quoted-integer": ('"1000"', "1000", "'1000'"),
    "quoted-exponent": ('"1e3"', "1e3", "'1e3'"),
    "quoted-true": ('"true"', "true", "'true'"),
    "quoted-null": ('"~"', "~", "'~'"),
    "not-specific": ("! 12", "12", "'12'"),
}


@pytest.mark.parametrize(("raw", "kept", "written"), SCALARS.values(), ids=SCALARS)
def test_front_matter_keeps_what_a_scalar_is(raw, kept, written):
    task = only("backlog-md", front(f"x: {raw}", f"m: {{1: {raw}}}" if raw else "m: {1: }"), "tasks/x.md")
    assert repr(task.kept["x"]) == repr(kept)
    assert repr(task.kept["m"]) == repr({"1": kept})
    form = load_format("backlog-md")
    (file,) = form.write([task])
    assert f"\nx: {written}\nm:\n  '1': {written}\n" in file.data.decode()
    assert form.read([file]).tasks == [task]
    assert form.write(form.read([file]).tasks) == [file]


def test_fields_that_vtm_reads_are_text_whatever_they_look_like():
    lines = (
        "id: 7",
        "title: 2024",
        "status: 1",
        "dependencies: [8, ~, 1.5, true]",
        "completed_date: 20260102",
    )
    data = ("---\n" + "\n".join(lines) + "\n---\n").encode()
    form = load_format("backlog-md")
    (task,) = form.read([File("tasks/x.md", data)]).tasks
    assert (task.task.task_id, task.task.title) == ("7", "2024")
    assert task.task.depends_on_tasks == ("8", "1.5", "true")
    assert task.state.blocked_reason == "its status is 1"
    assert task.kept["completed_date"] == 20260102
    (file,) = form.write([task])
    for line in (
        "id: 7",
        "title: 2024",
        "status: '1'",
        "- 8\n- null\n- 1.5\n- true",
        "completed_date: 20260102",
    ):
        assert f"\n{line}\n" in file.data.decode()
    assert form.read([file]).tasks == [task]
    other = form.read([File("a.md", data), File("b.md", b"---\nid: 8\ntitle: ~\n---\n")])
    assert [each.task.task_id for each in other.tasks] == ["7", "8"]


def test_an_alias_bomb_is_refused_at_once():
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    (unit,) = read("backlog-md", front(*lines)).units
    assert "uses an alias" in unit.reason


def test_sections_of_backlog_md():
    body = (
        "\n## Description\n\nWhat\n\n## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [x] #1 One\n- [ ] #2 Two\n"
        "<!-- AC:END -->\n\n## Implementation Notes\n\nSeen\n\n## Final Summary\n\nDone\n"
    )
    task = only("backlog-md", front("status: Done", body=body))
    assert (task.task.description, task.state.notes) == ("What", "Seen")
    assert [(each.text, each.met) for each in task.checks] == [("One", True), ("Two", False)]
    assert task.kept["sections"] == [["Final Summary", "Done"]]


def test_archived_tasks_are_abandoned_unless_done():
    for status, here in (("To Do", "abandoned"), ("Done", "completed")):
        assert only("backlog-md", front(f"status: {status}"), "archive/tasks/x.md").state.status == here


def test_ids_of_backlog_md_are_the_same_in_any_letter_case():
    files = [File("tasks/a.md", front("dependencies: [t-2, T-3]").encode())]
    files += [File("tasks/b.md", b"---\nid: T-2\ntitle: b\n---\n")]
    first, _ = load_format("backlog-md").read(files).tasks
    assert first.task.depends_on_tasks == ("T-2", "T-3")


LISTS = {"a; b": ("a", "b"), r"a\; b;c": ("a; b", "c"), "a;;": ("a",), "a;a": ("a",), "\\": ("\\",)}


@pytest.mark.parametrize(("cell", "values"), LISTS.items())
def test_lists_in_a_cell(cell, values):
    assert only("csv", f"id,name,related_specs\n1,x,{cell}\n").task.related_specs == values


def test_csv_lines_are_told_by_number():
    text = 'id,name\n1,"two\nlines"\n\n,no id\n2,x,more\n"\x07",y\n'
    reading = read("csv", text)
    assert [(unit.number, unit.task_id) for unit in reading.units] == [(2, "1"), (5, ""), (6, "2"), (7, "")]
    assert reading.units[2].reason == "has 3 cells, and the header names 2"
    assert reading.tasks[1].kept == {"more cells": "more"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiters(delimiter):
    text = f'id{delimiter}name{delimiter}"a;b,c;d,e"\n1{delimiter}x{delimiter}y\n'
    assert only("csv", text).kept == {"a;b,c;d,e": "y"}


def test_a_csv_of_all_fields_gives_them_back():
    head = (
        "task_id,title,risk,size,phase,provisional,parallel,impact,started_at,pr_number,acceptance_criteria"
    )
    task = only("csv", f"{head}\nA,t,Low,S,Phase 1,true,false,project,2026-01-01,7,[x] a; b\n")
    found = task.task
    assert (found.risk, found.size, found.phase, found.provisional) == ("Low", "S", "Phase 1", True)
    assert (found.parallel, found.impact, task.state.pr_number) == (False, "project", 7)
    assert task.state.acs_completed == ("A-AC01",)
    assert task.kept.get("vtm:written", {}).keys() <= {"started_at", "acceptance_criteria"}
