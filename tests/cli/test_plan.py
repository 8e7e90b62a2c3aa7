"""`vtm plan` from the outside: options, settings, the journal, damage."""

import json

import pytest

from tests.cli.test_commands import checked
from tests.projects import put, task, write
from tests.repositories import vtm

JOURNAL = "docs/backlog/task-events.jsonl"


def free(name, *needs, **more):
    return task(name, needs=needs, parallel=True, file_scope=[f"src/{name}/**"], **more)


def project(root, *tasks, state=None, settings=""):
    put(root, "vtm.toml", settings)
    return write(root, tasks, state)


THREE = [free(f"A--T0{number}") for number in range(1, 6)]


def groups(answer):
    return [[task["task_id"] for task in group["tasks"]] for group in answer["groups"]]


def test_a_plan_for_a_person(tmp_path, snapshot):
    tasks = [
        free("A--T01", risk="High"),
        free("A--T02", est={"size": "L"}),
        free("A--T03", est={"size": "S"}),
        free("B--T01", "A--T02", conflicts_with=["A--T04"]),
        free("A--T04", "A--T03"),
        free("C--T01"),
        free("C--T02", "C--T01"),
    ]
    project(tmp_path, *tasks, state={"C--T01": {"status": "blocked", "blocked_reason": "No key\x1b[31m"}})
    assert vtm(tmp_path, "plan", "--mode", "parallel").out == snapshot


LIMITS = {
    "the setting": ("", [], 3),
    "more in the settings": ("wip_limit = 9\n[parallel]\nmax = 4", [], 4),
    "wip_limit below the setting": ("wip_limit = 2", [], 2),
    "no wip_limit": ("wip_limit = 0\n[parallel]\nmax = 5", [], 5),
    "asked for": ("", ["--max", "2"], 2),
    "asked for without wip_limit": ("wip_limit = 0", ["--max", "40"], 40),
    "none in the settings": ("[parallel]\nmax = 0", [], 1),
}


@pytest.mark.parametrize(("settings", "options", "expected"), LIMITS.values(), ids=LIMITS)
def test_how_many_at_once(settings, options, expected, tmp_path):
    project(tmp_path, *THREE, settings=settings)
    answer = checked(vtm(tmp_path, "plan", "--mode", "parallel", "--json", *options))
    assert answer["max"] == expected
    assert max(map(len, groups(answer))) == min(expected, 5)


def test_more_at_once_than_wip_limit_is_wrong_usage(tmp_path):
    project(tmp_path, *THREE)
    answer = vtm(tmp_path, "plan", "--max", "4", "--json")
    assert answer.code == 2
    assert checked(answer)["message"] == "--max 4 is more than wip_limit allows, which is 3"
    assert "vtm.toml" in answer.json["fix"]


@pytest.mark.parametrize(
    ("options", "message", "fix"),
    [
        (["--slice", "1.2"], "there is no slice 1.2", "did you mean Slice 1.1?"),
        (["--slice", "wood"], "there is no slice wood", "there are Slice 1.1"),
        (["--phase", "2"], "there is no phase 2", "there are Phase 1"),
    ],
)
def test_an_unknown_place_is_wrong_usage(options, message, fix, tmp_path):
    project(tmp_path, *THREE)
    answer = vtm(tmp_path, "plan", "--json", *options)
    assert (answer.code, checked(answer)["message"], answer.json["fix"]) == (2, message, fix)


def test_places_of_a_backlog_without_any(tmp_path):
    project(tmp_path, free("A", slice=None))
    answer = vtm(tmp_path, "plan", "--slice", "1")
    assert (answer.code, "no task has a slice" in answer.err) == (2, True)


def test_a_slice_in_which_all_is_done_is_an_empty_plan(tmp_path):
    project(tmp_path, free("A"), state={"A": {"status": "completed"}})
    answer = vtm(tmp_path, "plan", "--slice", "1.1")
    assert (answer.code, answer.out, answer.err) == (0, "Nothing to plan.\n", "")


def test_missing_metadata_is_said_with_its_place(tmp_path):
    project(tmp_path, free("A"), free("B", conflicts_with=None))
    answer = vtm(tmp_path, "plan", "--mode", "parallel")
    assert answer.code == 0
    place = "virtual-task-manifest.json:60:7: warning: "
    assert f"{place}WARN::PARALLEL-METADATA-MISSING: planned one after another: " in answer.out
    (found,) = checked(vtm(tmp_path, "plan", "--mode", "parallel", "--json"))["findings"]
    assert found["code"] == "WARN::PARALLEL-METADATA-MISSING"
    assert checked(vtm(tmp_path, "plan", "--json"))["findings"] == []


def test_a_cycle_is_reported_once_and_the_rest_is_planned(tmp_path):
    project(tmp_path, free("A", "B"), free("B", "A"), free("C", slice="Slice 1.2"), free("D", "A"))
    answer = checked(vtm(tmp_path, "plan", "--json"))
    assert [each["code"] for each in answer["findings"]] == ["GAP::TASK-DEP-CYCLE"]
    assert [each["hindrance"] for each in answer["unplanned"]] == ["stuck", "stuck", "stuck"]
    assert groups(answer) == [["C"]]
    assert checked(vtm(tmp_path, "plan", "--slice", "1.2", "--json"))["findings"] == []


def event(number, name, kind, minute):
    line = {"id": f"{number:04}", "at": f"2026-01-01T10:{minute:02}:00Z", "task": name, "event": kind}
    ends = {"start": ("pending", "in-progress"), "complete": ("in-progress", "completed")}[kind]
    return json.dumps({**line, "from": ends[0], "to": ends[1], "epoch": 1}, separators=(",", ":"))


def journal(count, minutes):
    lines = [
        line
        for number in range(count)
        for line in (
            event(2 * number, f"D{number}", "start", 0),
            event(2 * number + 1, f"D{number}", "complete", minutes),
        )
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("count", "minutes", "expected"),
    [(5, 12, (12, "journal", 5)), (4, 12, (30, "settings", 4)), (9, 0, (30, "settings", 0))],
    ids=["five", "four", "written down afterwards"],
)
def test_estimates_come_from_the_journal(count, minutes, expected, tmp_path):
    done = {f"D{number}": {"status": "completed"} for number in range(count)}
    project(tmp_path, free("A"), *[free(name) for name in done], state=done)
    put(tmp_path, JOURNAL, journal(count, minutes))
    _, medium, _ = checked(vtm(tmp_path, "plan", "--json"))["estimates"]
    assert (medium["minutes"], medium["origin"], medium["completed"]) == expected
    said = f"M {expected[0]}" + (" (median of 5 completed)" if expected[1] == "journal" else "")
    assert said in vtm(tmp_path, "plan").out


DAMAGE = {
    "a bad line": '{"id":"1","event":"start"}\n' + journal(5, 12),
    "a line without an end": journal(5, 12) + '{"id":"9","at":"2026',
    "no text at all": "\x00\n",
    "conflict markers": "<<<<<<< ours\n" + journal(5, 12) + ">>>>>>> theirs\n",
}


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_journal_does_not_stop_a_plan(text, tmp_path):
    project(tmp_path, free("A"))
    put(tmp_path, JOURNAL, text)
    answer = vtm(tmp_path, "plan", "--json")
    assert (answer.code, groups(checked(answer))) == (0, [["A"]])


def test_a_plan_of_hostile_text(hostile):
    answer = vtm(hostile, "plan", "--mode", "parallel")
    assert answer.code == 0
    assert "\x1b" not in answer.out
