"""How sessions stand: what is recorded of them, what can be seen of their processes, and who started whom."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.cli.test_commands import checked
from tests.projects import task, write
from tests.repositories import repository, vtm
from tests.sessions import ELSEWHERE, STARTED, Processes, agents, keep, kept, session
from vtm.app.app import App
from vtm.app.messages import messages_of
from vtm.app.running.attention import Attention
from vtm.app.sessions import place_of, sessions_of
from vtm.cli import watching
from vtm.model.liveness import ENDED, GONE, SILENT, Signs, judged
from vtm.model.message import Audience, Draft, Level
from vtm.model.session import SessionStatus
from vtm.model.session_tree import started_by

LEASE = timedelta(minutes=30)
SOON, LATE = STARTED + timedelta(minutes=5), STARTED + timedelta(minutes=31)
ALIVE = Signs(here=True, alive=True)
NO_PROCESS = Signs(here=True)
WELL, BADLY = (Signs(here=True, ended=True, exit_code=code) for code in (0, 1))
STILL_TALKS = replace(ALIVE, heard_at=LATE)
FAR = Signs()
A, C, F, B, S = (SessionStatus(each) for each in ("active", "completed", "failed", "aborted", "stale"))

STANDING = {
    "runs": ({"pid": 7}, ALIVE, SOON, (A, "")),
    "is-about-to-be-started": ({}, NO_PROCESS, SOON, (A, "")),
    "was-never-started": ({}, NO_PROCESS, LATE, (S, SILENT)),
    "runs-and-is-silent": ({"pid": 7}, ALIVE, LATE, (S, SILENT)),
    "runs-and-talks": ({"pid": 7}, STILL_TALKS, LATE, (A, "")),
    "is-gone": ({"pid": 7}, NO_PROCESS, SOON, (F, GONE)),
    "is-gone-for-long": ({"pid": 7}, NO_PROCESS, LATE, (F, GONE)),
    "ended-well": ({"pid": 7}, WELL, LATE, (C, ENDED)),
    "ended-badly": ({"pid": 7}, BADLY, SOON, (F, ENDED)),
    "is-recorded-as-completed": ({"status": C}, BADLY, LATE, (C, "")),
    "is-recorded-as-failed": ({"status": F, "reason": "too slow"}, WELL, SOON, (F, "too slow")),
    "is-recorded-as-aborted": ({"status": B, "reason": "by ada"}, ALIVE, SOON, (B, "by ada")),
    "runs-elsewhere": ({"pid": 7, "host": ELSEWHERE}, FAR, SOON, (A, "")),
    "is-silent-elsewhere": ({"pid": 7, "host": ELSEWHERE}, FAR, LATE, (S, SILENT)),
    "is-over-elsewhere": ({"status": F, "reason": "no", "host": ELSEWHERE}, FAR, LATE, (F, "no")),
}


@pytest.mark.parametrize(("recorded", "signs", "now", "stands"), STANDING.values(), ids=STANDING)
def test_standing(recorded, signs, now, stands):
    assert judged(session(**recorded), signs, now, LEASE)[:2] == stands


def test_who_started_whom():
    parents = {"A:1": "", "B:1": "A:1", "C:1": "B:1", "D:1": "A:1", "E:1": "", "F:1": "E:1"}
    known = [replace(session(name[0]), parent=parent) for name, parent in parents.items()]
    assert [each.id for each in started_by(known[0], known)] == ["B:1", "D:1", "C:1"]
    assert started_by(known[2], known) == []


def test_sessions_that_started_each_other_are_each_named_once():
    parents = {"A:1": "C:1", "B:1": "A:1", "C:1": "B:1", "D:1": "D:1"}
    known = [replace(session(name[0]), parent=parent) for name, parent in parents.items()]
    assert [each.id for each in started_by(known[0], known)] == ["B:1", "C:1"]
    assert started_by(known[3], known) == []


@pytest.fixture
def project(tmp_path):
    names = [f"A--T0{number}" for number in range(1, 8)]
    return repository(write(tmp_path / "shop", [task(name) for name in names], {}))


def listed(folder, *arguments, now=SOON):
    answer = vtm(folder, "sessions", "--json", "--now", now.isoformat(), *arguments)
    assert (answer.code, answer.err) == (0, "")
    return checked(answer)


def waiting(living):
    """A script that prints a line and then waits to be ended."""
    return (
        "import signal; print('\\x1b[31mhello', flush=True);"
        f"living = open({str(living.pipe)!r}, 'w'); print('up', file=living, flush=True); signal.pause()"
    )


def test_each_status_as_it_is_with_real_processes(project, tmp_path):
    over = {"ended_at": SOON, "pid": 1}
    keep(
        project,
        session("A--T02", status=C, exit_code=0, **over),
        session("A--T03", status=B, reason="aborted by ada", **over),
        session("A--T04", pid=1),  # a process with this number lives on every machine: it is not its own
        session("A--T05", pid=1, host=ELSEWHERE),
        session("A--T06", heard_at=STARTED - LEASE, started_at=STARTED - LEASE),
    )
    with Processes(tmp_path) as living, agents(project, (session("A--T01", heard_at=SOON), waiting(living))):
        living.said(1)
        found = {each["task_id"]: each for each in listed(project)["sessions"]}
        assert {name: each["status"] for name, each in found.items()} == {
            "A--T06": "stale",
            "A--T01": "active",
            "A--T05": "active",
            "A--T02": "completed",
            "A--T03": "aborted",
            "A--T04": "failed",
        }
        assert found["A--T04"]["reason"] == GONE
        assert (found["A--T05"]["here"], found["A--T05"]["host"]) == (False, ELSEWHERE)
        assert found["A--T01"]["said"] == "\x1b[31mhello"
        assert "\x1b" not in vtm(project, "sessions").out
    assert kept(project, "A--T04:1").status is A  # a question records nothing


def test_those_that_run_come_first_and_then_the_latest(project):
    started = {f"A--T0{number}": STARTED + timedelta(seconds=number) for number in range(1, 7)}
    over = {"A--T01": C, "A--T03": F, "A--T05": B}
    for name, at in started.items():
        keep(project, session(name, started_at=at, heard_at=at, status=over.get(name, A), host=ELSEWHERE))
    ids = [each["task_id"] for each in listed(project)["sessions"]]
    assert ids == ["A--T02", "A--T04", "A--T06", "A--T05", "A--T03", "A--T01"]
    some = listed(project, "--limit", "2")
    assert ([each["task_id"] for each in some["sessions"]], some["total"], some["truncated"]) == (
        ids[:2],
        6,
        True,
    )
    assert [each["task_id"] for each in listed(project, "--active")["sessions"]] == ids[:3]
    assert [each["id"] for each in listed(project, "--task", "A--T03")["sessions"]] == ["A--T03:1"]
    assert listed(project, "--budget", "1")["returned"] == 0


def test_what_waits_for_a_session_and_what_stops_it(project):
    keep(project, session("A--T01", host=ELSEWHERE, parent="A--T09:2", agent="rust", branch="feat/A--T01"))
    messages = messages_of(App.at(project))
    for level in Level:
        messages.send(Draft(Audience.COORDINATOR, f"{level}!", SOON, "A--T01:1", "A--T01", "ada", level))
    for _ in range(2):
        messages.send(Draft(Audience.WORKER, "go on", SOON, "A--T01:1", "A--T01", "bob"))
    (found,) = listed(project)["sessions"]
    assert (found["unread"], found["blocking"]) == (2, ["blocking!"])
    assert (found["age_seconds"], found["silent_seconds"]) == (300, 300)
    text = vtm(project, "sessions", "--now", SOON.isoformat()).out
    assert text.splitlines() == [
        f"A--T01:1  active     command (rust) on {ELSEWHERE}  for 5m, heard of 5m ago",
        "  cannot go on: blocking!",
        "  2 unread messages",
        "  started by A--T09:2",
        "  on feat/A--T01",
        "1 session",
    ]


def test_no_session(project):
    assert listed(project) == {
        "schema": "vtm.sessions/1",
        "sessions": [],
        "total": 0,
        "returned": 0,
        "truncated": False,
    }
    assert not (project / ".git" / "vtm").exists()


def test_watching_shows_them_again_when_they_change(project, monkeypatch):
    """Ages alone are no change; a session more is one, and so is its end."""
    keep(project, session("A--T01", host=ELSEWHERE))
    store = sessions_of(App.at(project))
    steps = iter(
        [
            lambda: None,
            lambda: keep(project, session("A--T02", host=ELSEWHERE)),
            lambda: store.ended("A--T01:1", F, SOON, exit_code=1, reason="too slow"),
        ]
    )

    def sleep(_):
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(watching.time, "sleep", sleep)
    answer = vtm(project, "sessions", "--watch", "--json", "--now", SOON.isoformat())
    assert (answer.code, answer.err) == (0, "")
    shown = [json.loads(line)["sessions"] for line in answer.out.splitlines()]
    assert [{each["task_id"]: each["status"] for each in found} for found in shown] == [
        {"A--T01": "active"},
        {"A--T01": "active", "A--T02": "active"},
        {"A--T01": "failed", "A--T02": "active"},
    ]


def test_for_what_nobody_waits_that_is_said(project):
    keep(project, session("A--T01", pid=7), session("B--T01", pid=7), session("C--T01", host=ELSEWHERE))
    keep(project, session("D--T01", pid=7, ended_at=STARTED, status=A))
    attention, waited_for = Attention(), sessions_of(App.at(project)).named("A--T01:1")
    attention.hold(waited_for.id, place_of(App.at(project), waited_for))
    try:
        found = checked(vtm(project, "sessions", "--json"))
        said = vtm(project, "sessions").out
    finally:
        attention.let_go(waited_for.id)
    assert [each["task_id"] for each in found["sessions"] if each["unattended"]] == ["B--T01"]
    assert said.count("`vtm run --resume` takes over") == 1
