"""How a task is named in git."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import backlog_of
from tests.projects import HOSTILE, HOSTILE_ID
from vtm.model.naming import criteria_named
from vtm.model.plain import one_line
from vtm.model.task import Criterion, Task
from vtm.queries.commit_message import branch_of, commit_message, pull_request_title, short_id

IDS = {
    "usual": ("AUTH--T01", "feat/AUTH--T01"),
    "dots": ("1.2.3", "feat/1.2.3"),
    "umlaut": ("GRÖSSE--T01", "feat/GRÖSSE--T01"),
    "space": ("A B", "feat/A-B-fea4c5ce"),
    "folder": ("a/b", "feat/a-b-c14cddc0"),
    "lock": ("x.lock", "feat/x-f53b5310"),
    "dotted": ("..", "feat/5ec1f7e7"),
    "at": ("@", "feat/c3641f85"),
    "shell": ("A;rm -rf $HOME`id`", None),
    "hostile": (HOSTILE_ID, None),
    "long": ("A" * 300, None),
    "half": ("A\ud800", None),
}


def a_task(task_id="AUTH--T02", title="Sign in", criteria=()):
    return Task(task_id, title, acceptance_criteria=tuple(Criterion(*each) for each in criteria))


def is_branch(name):
    done = subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize(("task_id", "branch"), IDS.values(), ids=IDS)
def test_branch(task_id, branch):
    found = branch_of(task_id)
    assert branch is None or found == branch
    assert is_branch(found)
    assert found.count("/") == 1
    assert len(found) < 120


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_no_two_tasks_share_a_branch(one, other):
    assert (branch_of(one) == branch_of(other)) == (one == other)


@given(st.text(alphabet="aA./\\@{}~^:?*[ \x7f-_\u202e'\"$`", min_size=1, max_size=8))
def test_a_branch_is_nothing_that_git_or_a_shell_would_trip_over(task_id):
    name = branch_of(task_id)
    assert all(each.isalnum() or each in "/._+-" for each in name)
    parts = name.split("/")
    assert len(parts) == 2
    assert parts[1]
    assert not parts[1].startswith((".", "-"))
    assert not name.endswith((".", ".lock"))
    assert ".." not in name


MESSAGES = {
    "usual": (("AUTH-AC01", "It works."), "feat(AUTH--T02): AC01 It works"),
    "lines": (("AUTH-AC01", "It\n works\tfine"), "feat(AUTH--T02): AC01 It works fine"),
    "long": (
        ("AUTH-AC01", "A right password opens the door, and a wrong one leaves it shut"),
        "feat(AUTH--T02): AC01 A right password opens the door, and a wrong one…",
    ),
    "one-word": (("AUTH-AC01", "x" * 90), "feat(AUTH--T02): AC01 " + "x" * 49 + "…"),
    "no-text": (("AUTH-AC01", ""), "feat(AUTH--T02): AC01"),
    "escape": (("AUTH-AC01", "\x1b[31mred\u202e"), "feat(AUTH--T02): AC01 \\x1b[31mred\\u202e"),
}


@pytest.mark.parametrize(("criterion", "message"), MESSAGES.values(), ids=MESSAGES)
def test_commit_message(criterion, message):
    task = a_task(criteria=[criterion])
    assert commit_message(task, task.acceptance_criteria[0]) == message


@given(st.text(min_size=1), st.text(min_size=1), st.text())
def test_a_message_is_one_short_line(task_id, criterion, text):
    task = a_task(task_id, text, [(criterion, text)])
    message = commit_message(task, task.acceptance_criteria[0])
    assert one_line(message) == message
    assert len(message) <= 72
    assert len(pull_request_title(task)) <= 120


@pytest.mark.parametrize("name", [HOSTILE, HOSTILE_ID])
def test_hostile_names_stay_text(name):
    task = a_task(name, HOSTILE, [(HOSTILE, HOSTILE)])
    for message in (commit_message(task, task.acceptance_criteria[0]), pull_request_title(task)):
        assert one_line(message) == message


SHORT = {
    "usual": (["AUTH-AC01", "AUTH-AC02"], ["AC01", "AC02"]),
    "alike": (["A-AC01", "B-AC01"], ["A-AC01", "B-AC01"]),
    "one-is-the-end-of-another": (["AC01", "A-AC01"], ["AC01", "A-AC01"]),
    "no-dash": (["first", "second"], ["first", "second"]),
    "ends-with-a-dash": (["A-", "B-C"], ["A-", "C"]),
}


@pytest.mark.parametrize(("ids", "short"), SHORT.values(), ids=SHORT)
def test_short_id(ids, short):
    task = a_task(criteria=[(each, "") for each in ids])
    assert [short_id(task, each) for each in task.acceptance_criteria] == short


@given(st.lists(st.text("aB-1", min_size=1, max_size=5), min_size=1, max_size=4, unique=True))
def test_a_short_id_is_understood(ids):
    backlog = backlog_of([{"task_id": "A", "acceptance_criteria": [{"id": each} for each in ids]}])
    task = backlog["A"]
    for each in task.acceptance_criteria:
        assert criteria_named(backlog, task, [short_id(task, each)]) == (each.id,)


def test_title_of_a_pull_request():
    assert pull_request_title(a_task()) == "feat(AUTH--T02): Sign in"
    assert pull_request_title(a_task(title="")) == "feat(AUTH--T02):"
