"""`vtm abort` and `vtm logs`, with real processes."""

import asyncio
import json
import os
import re
import signal
import subprocess
import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.cli.processes import COMMAND, environment
from tests.cli.test_commands import checked
from tests.projects import STATE, task, write
from tests.repositories import vtm
from tests.sessions import DEADLINE, ELSEWHERE, STARTED, Processes, agents, keep, kept, session
from vtm.app.app import App
from vtm.app.sessions import place_of
from vtm.model.liveness import ENDED, GONE
from vtm.runners import keeping

NAMES = [f"A--T0{number}" for number in range(1, 8)]
SETTINGS = 'wip_limit = 0\n[git]\ngate = false\n[run]\ngrace = "1s"\n'


@pytest.fixture
def project(tmp_path):
    root = write(tmp_path / "shop", [task(name, file_scope=[f"src/{name}/**"]) for name in NAMES], {})
    (root / "vtm.toml").write_text(SETTINGS, "utf-8")
    return root


@pytest.fixture
def living(tmp_path):
    with Processes(tmp_path) as found:
        yield found


def claimed(root, *names):
    """Sessions of tasks that are under the lease of each."""
    for name in names:
        answer = vtm(root, "start", name, "--agent", "ada", "--session", f"{name}:1", "--json")
        assert answer.code == 0, answer
    return [session(name) for name in names]


def status(root, name):
    return vtm(root, "show", name, "--json").json["status"]


def holding(living, what="signal.pause()", before=""):
    """A script that does `before`, says that it is up, and then `what`."""
    return (
        f"import os, signal, subprocess, sys, time\n{before}\n"
        f"living = open({str(living.pipe)!r}, 'w')\nos.set_inheritable(living.fileno(), True)\n"
        f"print('up', file=living, flush=True)\n{what}"
    )


def deaf(living):
    """A script that does not hear the polite signal."""
    return holding(living, "while True: time.sleep(60)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")


def with_grandchild(living):
    """A script with a child in a session of its own, which does not hear the polite signal either."""
    child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)"
    child += "\nwhile True: time.sleep(60)"
    start = f"subprocess.Popen([sys.executable, '-c', {child!r}], stdout=living, start_new_session=True)"
    return holding(living, f"{start}\nsignal.pause()")


def test_a_parent_with_four_children_leaves_no_process(project, living):
    parent, *children = claimed(project, *NAMES[:5])
    other = claimed(project, NAMES[5])[0]
    children = [replace(each, parent=parent.id) for each in children[:3]] + [
        replace(children[3], parent=children[0].id)
    ]
    scripts = [holding(living), deaf(living), with_grandchild(living), holding(living), deaf(living)]
    with agents(project, *zip([parent, *children], scripts, strict=True)):
        keep(project, other)
        living.said(6)
        answer = vtm(project, "abort", parent.id, "--tree", "--json", "--agent", "bob")
        living.wait_for_the_last()
    assert answer.code == 0
    found = checked(answer)
    assert (found["ended"], found["left"]) == (5, 0)
    assert [each["session"] for each in found["sessions"]] == [each.id for each in (parent, *children)]
    for each in found["sessions"]:
        assert (each["outcome"], each["released"], each["reason"]) == ("ended", True, "")
        after = kept(project, each["session"])
        assert (after.status, after.reason) == ("aborted", "ended by bob")
        assert status(project, each["task_id"]) == "pending"
        assert not keeping.is_alive(place_of(App.at(project), after))
    assert kept(project, other.id).status == "active"
    assert status(project, other.task) == "in-progress"
    state = json.loads((project / STATE).read_text("utf-8"))["tasks"][parent.task]
    assert state["notes"] == f"Given back: session {parent.id} was aborted by bob"


def test_all_is_gone_before_the_answer(project, living):
    """Nothing is left to be waited for, so that nobody has to measure five seconds."""
    (one,) = claimed(project, NAMES[0])
    with agents(project, (one, with_grandchild(living))):
        living.said(2)
        answer = vtm(project, "abort", one.task)
        assert not keeping.is_alive(place_of(App.at(project), one))
        living.wait_for_the_last()
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [f"{one.id}: ended; {one.task} is pending again", "1 session ended"]


def test_without_tree_its_children_go_on(project, living):
    parent, child = claimed(project, *NAMES[:2])
    with agents(project, (parent, holding(living)), (replace(child, parent=parent.id), holding(living))):
        living.said(2)
        assert checked(vtm(project, "abort", parent.id, "--json"))["ended"] == 1
        assert keeping.is_alive(place_of(App.at(project), child))
        assert checked(vtm(project, "abort", parent.id, "--tree", "--json"))["sessions"] == [
            outcome(parent, "over", "it is aborted: ended by somebody"),
            outcome(child, "ended", released=True),
        ]
    living.wait_for_the_last()


def outcome(one, what, reason="", *, released=False):
    return {
        "session": one.id,
        "task_id": one.task,
        "outcome": what,
        "released": released,
        "reason": reason,
    }


def test_sessions_that_started_each_other(project, living):
    first, second = claimed(project, *NAMES[:2])
    first, second = replace(first, parent=second.id), replace(second, parent=first.id)
    with agents(project, (first, holding(living)), (second, holding(living))):
        living.said(2)
        assert checked(vtm(project, "abort", first.id, "--tree", "--json"))["ended"] == 2
        living.wait_for_the_last()


OVER = {
    "completed": (
        {"status": "completed", "ended_at": STARTED},
        "over",
        "it is completed: it was over already",
    ),
    "failed": (
        {"status": "failed", "reason": "too slow", "ended_at": STARTED},
        "over",
        "it is failed: too slow",
    ),
    "gone": ({"pid": 1}, "ended", GONE),
    "never-started": ({}, "ended", ""),
}


@pytest.mark.parametrize(("recorded", "what", "reason"), OVER.values(), ids=OVER)
def test_what_does_not_run(recorded, what, reason, project):
    (one,) = claimed(project, NAMES[0])
    one = keep(project, replace(one, **recorded))
    answer = vtm(project, "abort", one.id, "--json", "--now", (STARTED + timedelta(minutes=1)).isoformat())
    assert answer.code == 0
    released = what == "ended"
    assert checked(answer)["sessions"] == [outcome(one, what, reason, released=released)]
    assert status(project, one.task) == ("pending" if released else "in-progress")
    expected = {"gone": "failed", "never-started": "aborted"}
    after = kept(project, one.id).status
    assert after == (one.status if one.ended_at else expected["gone" if one.pid else "never-started"])


def test_what_came_of_a_session_that_ended_by_itself_is_not_thrown_away(project, living):
    (one,) = claimed(project, NAMES[0])
    with agents(project, (one, holding(living, "pass"))):
        asyncio.run(keeping.ended(place_of(App.at(project), one)))
        (found,) = checked(vtm(project, "abort", one.id, "--json"))["sessions"]
    assert found == outcome(one, "over", f"it is completed: {ENDED}")
    assert kept(project, one.id).status == "active"


def test_a_task_that_is_no_longer_its_own_stays_as_it_is(project):
    done, lost = claimed(project, *NAMES[:2])
    keep(project, done, lost)
    vtm(project, "block", done.task, "--reason", "x", "--tried", "y", "--suggest", "z", "--epoch", "1")
    vtm(project, "release", lost.task, "--epoch", "1")
    vtm(project, "start", lost.task, "--agent", "bob", "--session", "other")
    for one, stands in ((done, "blocked"), (lost, "in-progress")):
        (found,) = checked(vtm(project, "abort", one.id, "--json"))["sessions"]
        assert found == outcome(one, "ended")
        assert status(project, one.task) == stands


def test_a_task_that_was_removed(project):
    one = keep(project, session("GONE--T01"))
    (found,) = checked(vtm(project, "abort", one.id, "--json"))["sessions"]
    assert (found["outcome"], found["released"]) == ("ended", False)
    assert found["reason"].startswith("GONE--T01 was not given back: there is no task GONE--T01")


def test_a_session_of_another_machine(project):
    """The number of its process means nothing here."""
    (one, child) = claimed(project, *NAMES[:2])
    with subprocess.Popen(["sleep", "60"]) as innocent:
        one = keep(project, replace(one, host=ELSEWHERE, pid=innocent.pid))
        answer = vtm(project, "abort", one.id, "--json")
        assert (answer.code, checked(answer)["code"]) == (4, "OTHER-HOST")
        assert f"run `vtm abort {one.id}` there" in checked(answer)["fix"]
        keep(project, replace(child, parent=one.id))
        answer = vtm(project, "abort", one.id, "--tree", "--json")
        assert answer.code == 1
        assert checked(answer)["sessions"] == [
            outcome(one, "left", f"it runs on {ELSEWHERE}"),
            outcome(child, "ended", released=True),
        ]
        assert innocent.poll() is None
        innocent.kill()
    assert kept(project, one.id).status == "active"
    assert status(project, one.task) == "in-progress"
    answer = vtm(project, "logs", one.id, "--json")
    assert (answer.code, checked(answer)["code"]) == (4, "OTHER-HOST")


@pytest.mark.parametrize("command", ["abort", "logs"])
def test_no_such_session(command, project):
    keep(project, session(NAMES[0], host=ELSEWHERE))
    answer = vtm(project, command, f"{NAMES[0]}:2", "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "UNKNOWN-SESSION")
    assert f"did you mean {NAMES[0]}:1" in checked(answer)["fix"]


PRINTS = "for n in range(5): print(n)\nsys.stdout.write('\\x1b[31m\\xff\\n'); sys.stdout.flush()\n"
LINES = ["0", "1", "2", "3", "4", "\x1b[31m\xff"]


def test_logs(project, living):
    (one,) = claimed(project, NAMES[0])
    with agents(project, (one, holding(living, before=PRINTS))):
        living.said(1)
        found = checked(vtm(project, "logs", one.id, "--json", "--tail", "2"))
        assert found["lines"] == LINES[-2:]
        assert (found["total"], found["returned"], found["truncated"]) == (6, 2, True)
        assert found["status"] == "active"
        assert vtm(project, "logs", one.task).out.splitlines() == [*LINES[:-1], "\\x1b[31m\xff"]
        assert vtm(project, "logs", one.task, "--tail", "0").out == "\n"
        assert vtm(project, "logs", one.task, "--follow", "--json").code == 2
        vtm(project, "abort", one.id)
    assert checked(vtm(project, "logs", one.id, "--json"))["status"] == "aborted"


def test_nothing_was_printed(project):
    keep(project, session(NAMES[0]))
    answer = vtm(project, "logs", NAMES[0], "--json")
    assert (answer.code, checked(answer)["lines"]) == (0, [])
    assert vtm(project, "logs", NAMES[0], "--follow") == (0, "", "")


def test_follow_ends_with_the_session_and_masks_secrets(project, living, monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", "not for everybody")
    (one,) = claimed(project, NAMES[0])
    says = "print('first', os.environ['SHOP_TOKEN'], flush=True)"
    then = "signal.sigwait([signal.SIGUSR1]); print('last', flush=True)"
    before = f"signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n{says}"
    with agents(project, (one, holding(living, then, before + "\nprint(os.getpid(), flush=True)"))):
        living.said(1)
        follow = subprocess.Popen(
            [*COMMAND, "logs", one.id, "--follow"],
            cwd=project,
            env=environment(),
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        giving_up = threading.Timer(DEADLINE, follow.kill)
        giving_up.start()
        with follow:
            first, pid = follow.stdout.readline(), follow.stdout.readline()
            assert re.fullmatch(r"first \*\*\*\w*\*\*\*\n", first)
            os.kill(int(pid), signal.SIGUSR1)
            assert follow.stdout.read() == "last\n"
        giving_up.cancel()
    assert follow.returncode == 0


def test_ctrl_c_ends_following(project, living):
    (one,) = claimed(project, NAMES[0])
    with agents(project, (one, holding(living, before="print('first', flush=True)"))):
        living.said(1)
        follow = subprocess.Popen(
            [*COMMAND, "logs", one.id, "--follow"],
            cwd=project,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads yet
        )
        with follow:
            assert follow.stdout.readline() == "first\n"
            follow.send_signal(signal.SIGINT)
            assert follow.communicate(timeout=DEADLINE) == ("", "")
        assert follow.returncode == 0
