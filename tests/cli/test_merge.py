"""`vtm merge` at a terminal and as JSON."""

import re

import pytest

from tests.cli.test_commands import checked
from tests.homes import done, home, job, merge
from tests.projects import HOSTILE, put
from tests.repositories import commit, git, vtm


@pytest.fixture
def top(tmp_path):
    """Six tasks: one that merges, one that changes too much, and four that do not merge."""
    tasks = [job(f"A--T0{number}") for number in (1, 2, 3, 4, 5)]
    tasks += [job("A--T06", "A--T03")]
    gate = "test ! -e src/bad.py || { echo one; echo two; exit 3; }"
    top = home(tmp_path / "top", *tasks, settings=f'[gate]\nafter = ["{gate}"]\n')
    done(top, "A--T01")
    done(top, "A--T02", {"lib/x.py": "1\n"})
    done(top, "A--T03", {"src/shared.py": "mine\n"})
    done(top, "A--T04", {"src/bad.py": "1\n"})
    done(top, "A--T06")
    put(top, "src/shared.py", "theirs\n")
    commit(top)
    return top


def shown(answer):
    """The answer, without what is different each time."""
    return re.sub(r"\b[0-9a-f]{12}\b|\b[0-9a-f]{40}\b", "<commit>", answer)


ALL = ("A--T01", "A--T02", "A--T03", "A--T04", "A--T05", "A--T06")


def test_text(top, snapshot):
    git(top, "merge", "-q", "--no-edit", "feat/A--T01")
    answer = vtm(top, "merge", *ALL)
    assert (answer.code, answer.err) == (1, "")
    assert shown(answer.out) == snapshot


def test_text_of_what_would_be(top, snapshot):
    answer = vtm(top, "merge", "--ready", "--dry-run")
    assert answer.code == 1
    assert shown(answer.out) == snapshot


def test_json(top):
    answer = merge(top, *ALL)
    checked(answer)
    found = answer.json
    names = ("merged", "already", "handed_back", "held_up")
    lists = {name: [each["task_id"] for each in found[name]] for name in names}
    assert lists == {
        "merged": ["A--T01", "A--T02"],
        "already": [],
        "handed_back": ["A--T03", "A--T04"],
        "held_up": ["A--T05", "A--T06"],
    }


def test_nothing_is_ready(tmp_path):
    top = home(tmp_path / "top")
    assert vtm(top, "merge", "--ready") == (0, "Nothing is ready to be merged.\n", "")


@pytest.mark.parametrize("arguments", [(), ("A--T01", "--ready")], ids=["nothing", "both"])
def test_it_is_to_be_said_what(tmp_path, arguments):
    top = home(tmp_path / "top")
    answer = vtm(top, "merge", *arguments)
    assert (answer.code, "--ready" in answer.err) == (2, True)


def test_a_title_reaches_git_and_the_terminal_as_one_line(tmp_path):
    top = home(tmp_path / "top", job("A--T01", title=HOSTILE))
    done(top, "A--T01")
    answer = vtm(top, "merge", "A--T01")
    assert answer.code == 0
    subject = git(top, "log", "-1", "--format=%B")
    assert subject.startswith("Merge feat/A--T01: \\x1b[31mred")
    assert len(subject.splitlines()) == 1
    assert not set("\x1b\u202e\x9b") & set(answer.out + subject)


def test_what_an_agent_has_in_its_environment_is_no_hindrance(top, monkeypatch):
    monkeypatch.setenv("VTM_EPOCH", "7")
    monkeypatch.setenv("VTM_TASK", "A--T05")
    monkeypatch.setenv("VTM_AGENT", "ada")
    assert vtm(top, "merge", "A--T01").code == 0
    last = vtm(top, "log", "A--T01", "--json").json["events"][-1]
    assert (last["event"], last["actor"]) == ("merge", "ada")
