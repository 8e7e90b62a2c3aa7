"""Messages of commits: scaffolds, what the branch of a task refuses, and what is filled in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checkout import ROOT
from tests.cli.test_commands import checked
from tests.git.merging import try_git
from tests.projects import HOSTILE, STATE, criteria, put, task, write
from tests.repositories import commit, git, repository, spy_on_git, vtm
from vtm.git.head import branch_at
from vtm.git.staged import Staged
from vtm.model.plain import one_line
from vtm.model.task import Criterion, Task
from vtm.queries.commit_message import branch_of
from vtm.queries.commit_scaffold import commit_scaffold

LONG = "The amount that is paid back is never more than what was paid, whatever the voucher says about it"
TASKS = [
    task("PAY--T01", "Refund", acceptance_criteria=criteria("PAY--T01", LONG, "It is logged")),
    task("PAY--T02", "Charge", acceptance_criteria=criteria("PAY--T02", "A card is charged")),
    task("shop:pay 1", acceptance_criteria=[{"id": "SP-AC01", "text": "x"}]),
]
FIRST = "PAY--T01-AC01"


@pytest.fixture(autouse=True)
def _vtm_on_path(tmp_path_factory, monkeypatch):
    """This checkout's vtm, as a hook finds it."""
    folder = tmp_path_factory.mktemp("bin")
    put(folder, "vtm", f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m vtm \"$@\"\n").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A repository with hooks, on the branch of a task."""
    folder = write(repository(tmp_path_factory.mktemp("made")), TASKS, {})
    commit(folder, "First")
    assert vtm(folder, "init", "--git").code == 0
    git(folder, "switch", "-qc", "feat/PAY--T01")
    return folder


@pytest.fixture
def top(made, tmp_path):
    """A copy of it for one test."""
    return Path(shutil.copytree(made, tmp_path / "top"))


def said(folder, message):
    """How git answers to a commit with this message."""
    return try_git(folder, "commit", "--allow-empty", "-m", message)


def looked(folder, message):
    """How the hook answers to a message."""
    put(folder, "message", message)
    return vtm(folder, "hook", "commit-msg", "message")


def met(*names):
    """State in which these criteria of the first task are met."""
    listed = ", ".join(f'"{name}"' for name in names)
    return f'{{"tasks": {{"PAY--T01": {{"status": "in-progress", "acs_completed": [{listed}]}}}}}}'


# --- vtm commit-msg


def test_a_scaffold(top):
    answer = vtm(top, "commit-msg", "PAY--T01", "AC01")
    assert (answer.code, answer.err) == (0, "")
    subject, empty, *body = answer.out.splitlines()
    assert (subject, empty) == ("feat(PAY--T01): AC01 The amount that is paid back is never more than…", "")
    assert " ".join(line.strip() for line in body) == f"Meets {FIRST}: {LONG}"
    data = checked(vtm(top, "commit-msg", "PAY--T01", FIRST, "--json"))
    assert (data["criterion"], data["subject"], data["message"] + "\n") == (FIRST, subject, answer.out)
    assert said(top, answer.out).code == 0


@pytest.mark.parametrize("name", ["AC09", "PAY--T02-AC01"])
def test_no_criterion_of_the_task(name, top):
    answer = vtm(top, "commit-msg", "PAY--T01", name, "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "UNKNOWN-CRITERION")


WORDS = st.text(alphabet=HOSTILE + "#: ab\n-", max_size=300)


@given(st.text(min_size=1, max_size=120), WORDS)
def test_git_keeps_all_of_a_scaffold(name, text):
    found = commit_scaffold(Task("A--T01", acceptance_criteria=()), Criterion(name, text))
    subject, empty, *body = found.message.split("\n")
    assert (subject, empty) == (found.subject, "")
    assert len(subject) <= 72
    assert body
    assert not any(line.startswith("#") for line in [subject, *body])
    assert all(line == one_line(line) for line in [subject, *body])


# --- vtm hook commit-msg

PASSES = {
    "scaffold": "feat(PAY--T01): AC01 The amount",
    "id": f"{FIRST}: done",
    "in-the-body": f"Cap it\n\nMeets {FIRST}.",
    "short-with-task": "PAY--T01: met AC02",
    "revert": 'Revert "feat(PAY--T01): AC01 The amount"',
    "fixup": "fixup! Cap it",
    "squash": "squash! Cap it",
    "amend": "amend! Cap it\n\nAnother",
}
REFUSED = {
    "nothing": "Cap it",
    "task-only": "feat(PAY--T01): cap it",
    "short-without-task": "AC01 done",
    "another-tasks": "feat(PAY--T02): PAY--T02-AC01",
    "unknown": "feat(PAY--T01): AC09",
    "longer": f"{FIRST}0",
    "fixup-later": "Cap it, fixup! x",
}


@pytest.mark.parametrize("name", PASSES)
def test_it_passes(name, top):
    assert looked(top, PASSES[name]) == (0, "", "")


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name, top):
    answer = looked(top, REFUSED[name])
    assert answer.code == 1
    assert answer.err.startswith("vtm: the message names no criterion of PAY--T01")
    assert f"it has {FIRST}, PAY--T01-AC02" in answer.err
    assert ("PAY--T02-AC01 is one of PAY--T02" in answer.err) == (name == "another-tasks")


def test_git_makes_no_commit_then(top):
    assert said(top, "Cap it").code == 1
    assert git(top, "log", "-1", "--format=%s") == "First"


@pytest.mark.parametrize("switch", ["-c main2", "-c feat/NOBODY--T01", "-c feature/PAY--T01", "--detach"])
def test_elsewhere_everything_passes(switch, top):
    git(top, "switch", "-q", *switch.split())
    assert looked(top, "Cap it") == (0, "", "")


def test_the_branch_of_an_id_that_cannot_be_one(top):
    assert vtm(top, "commit-msg", "shop:pay 1", "SP-AC01").out.startswith("feat(shop:pay 1): AC01 x\n")
    git(top, "switch", "-qc", branch_of("shop:pay 1"))
    assert looked(top, "Cap it").code == 1
    assert looked(top, "SP-AC01").code == 0


def test_a_merge_passes(top):
    git(top, "commit", "-q", "--allow-empty", "-m", FIRST)
    git(top, "switch", "-q", "main")
    git(top, "commit", "-q", "--allow-empty", "-m", "Main")
    git(top, "switch", "-q", "feat/PAY--T01")
    done = try_git(top, "merge", "-q", "--no-ff", "main")
    assert done.code == 0, done.said


def test_what_git_will_not_keep_does_not_count(top):
    put(top, "a.txt", FIRST)
    git(top, "add", "a.txt")
    scissors = f"# {'-' * 24} >8 {'-' * 24}"
    put(top, "message", f"Cap it\n# On branch x {FIRST}\n{scissors}\n+{FIRST}\n")
    assert vtm(top, "hook", "commit-msg", "message").code == 1
    git(top, "config", "core.commentChar", ";")
    put(top, "message", f"; {FIRST}\n")
    assert vtm(top, "hook", "commit-msg", "message", "--json").json["criteria"] == []
    put(top, "message", f"Cap it\n# {FIRST}\n")
    assert vtm(top, "hook", "commit-msg", "message", "--json").json["criteria"] == [FIRST]


@pytest.mark.parametrize("damage", ["manifest", "settings", "file"])
def test_where_vtm_cannot_look_the_commit_is_made_and_that_is_said(damage, top):
    name = {"manifest": "docs/backlog/virtual-task-manifest.json", "settings": "vtm.toml"}.get(damage)
    if name:
        put(top, name, "[")
    put(top, "message", "Cap it")
    answer = vtm(top, "hook", "commit-msg", "message" if name else "gone")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith("vtm: nobody looked at the message: ")
    data = checked(vtm(top, "hook", "commit-msg", "message" if name else "gone", "--json"))
    assert (data["schema"], bool(data["note"])) == ("vtm.hook.commit-msg/1", True)
    filled = vtm(top, "hook", "prepare-commit-msg", "message" if name else "gone")
    assert (filled.code, filled.out) == (0, "")
    assert filled.err.startswith("vtm: no message was filled in: ")


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\x00", b"", b"# only a comment\n"])
def test_messages_that_are_none(data, top):
    (top / "message").write_bytes(data)
    assert vtm(top, "hook", "commit-msg", "message").code == (1 if b"\xff" in data or b"\0" in data else 0)


def test_outside_git(tmp_path):
    write(tmp_path, TASKS, {})
    put(tmp_path, "message", "Cap it")
    assert vtm(tmp_path, "hook", "commit-msg", "message") == (0, "", "")
    assert vtm(tmp_path, "hook", "prepare-commit-msg", "message") == (0, "", "")
    assert (tmp_path / "message").read_text("utf-8") == "Cap it"


# --- vtm hook prepare-commit-msg


def edited(folder, *arguments):
    """How git answers to a commit, and the message that its editor was handed, which leaves it as it is."""
    seen = folder.parent / "seen"
    editor = put(folder.parent, "editor", f"#!/bin/sh\ncp \"$1\" '{seen}'\n")
    editor.chmod(0o755)
    done = subprocess.run(
        ["git", "commit", "--allow-empty", *arguments],
        cwd=folder,
        env=os.environ | {"GIT_EDITOR": str(editor)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr, seen.read_text("utf-8")


def test_the_next_open_criterion_is_filled_in(top):
    _, seen = edited(top)
    assert seen.startswith(vtm(top, "commit-msg", "PAY--T01", "AC01").out)
    assert "# On branch feat/PAY--T01" in seen
    assert git(top, "log", "-1", "--format=%B") + "\n" == vtm(top, "commit-msg", "PAY--T01", "AC01").out
    put(top, STATE, met(FIRST))
    assert edited(top, "--verbose")[1].startswith("feat(PAY--T01): AC02 It is logged\n")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Mine\n", []),
        ("# x\n\nMine\n", []),
        *(("\n# x\n", [source]) for source in ("message", "template", "merge", "squash")),
        ("\n# x\n", ["commit", "HEAD"]),
    ],
)
def test_a_message_that_is_there_stays(text, more, top):
    put(top, "message", text)
    assert vtm(top, "hook", "prepare-commit-msg", "message", *more) == (0, "", "")
    assert (top / "message").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("hook", "most"),
    [(["pre-commit"], 1), (["commit-msg", "message"], 1), (["prepare-commit-msg", "empty"], 1)],
)
def test_a_hook_asks_git_as_little_as_it_can(hook, most, top, tmp_path, monkeypatch):
    put(top, "message", FIRST)
    put(top, "empty", "\n# Please enter\n")
    git(top, "add", "message")
    log = spy_on_git(monkeypatch, tmp_path)
    assert vtm(top, "hook", *hook).code == 0
    assert len(log.read_text("utf-8").splitlines()) <= most


def test_a_message_that_cannot_be_filled_in_stays(top, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    put(top, "message", "\n# Please enter\n")
    monkeypatch.setattr(Path, "replace", refuse)
    code, out, err = vtm(top, "hook", "prepare-commit-msg", "message")
    assert (code, out) == (0, "")
    assert "no message was filled in: message cannot be written: no space left on device" in err
    assert (top / "message").read_text("utf-8") == "\n# Please enter\n"
    assert not (top / "message.vtm").exists()


def test_the_branch_is_that_of_the_repository_that_git_names(top, tmp_path, monkeypatch):
    elsewhere = repository(tmp_path / "elsewhere")
    git(elsewhere, "switch", "-qc", "feat/PAY--T01")
    git(top, "switch", "-qc", "other")
    assert Staged(top).branch() == "other"
    monkeypatch.setenv("GIT_DIR", str(elsewhere / ".git"))
    assert Staged(top).branch() == "feat/PAY--T01"
    put(elsewhere, ".git/HEAD", "ref: refs/heads/.invalid\n")
    assert branch_at(elsewhere) == ""
    monkeypatch.delenv("GIT_DIR")
    git(top, "checkout", "-q", "--detach")
    assert Staged(top).branch() == ""


def test_there_is_nothing_to_fill_in(top):
    put(top, STATE, met(FIRST, "PAY--T01-AC02"))
    put(top, "message", "\n# Please enter\n")
    answer = checked(vtm(top, "hook", "prepare-commit-msg", "message", "--json"))
    assert (answer["task_id"], answer["criterion"]) == ("PAY--T01", "")
    assert (top / "message").read_text("utf-8") == "\n# Please enter\n"
    git(top, "switch", "-qc", "other")
    assert checked(vtm(top, "hook", "prepare-commit-msg", "message", "--json"))["task_id"] == ""


# --- how they are installed


def test_in_a_project_below_the_top_and_in_a_linked_worktree(tmp_path):
    top = repository(tmp_path / "top")
    root = write(top / "sub dir" / "shop", TASKS, {})
    commit(top, "First")
    assert vtm(root, "init", "--git").code == 0
    git(top, "worktree", "add", "-q", "-b", "feat/PAY--T02", "../linked")
    assert vtm(root, "worktree", "make", "shop:pay 1", "--prefix", "fix/").code == 0
    git(top, "switch", "-qc", "feat/PAY--T01")
    (prefixed,) = (top / ".worktrees/fix").iterdir()
    assert said(prefixed, "Cap it").code == 1
    for folder, name in ((top, "PAY--T01"), (tmp_path / "linked", "PAY--T02")):
        assert said(folder, "Cap it").code == 1
        assert edited(folder)[1].startswith(f"feat({name}): AC01 ")


@pytest.mark.parametrize("name", ["commit-msg", "prepare-commit-msg"])
def test_a_hook_that_is_there_stays(name, tmp_path):
    top = repository(tmp_path)
    put(top, f".git/hooks/{name}", "#!/bin/sh\n")
    (step,) = (each for each in vtm(top, "init", "--git", "--json").json["git"] if each["what"] == name)
    assert step["done"] == "by-hand"
    assert f'add `vtm hook {name} "$' in step["note"]
    assert (top / f".git/hooks/{name}").read_text("utf-8") == "#!/bin/sh\n"


def test_without_vtm_commits_are_made(top, monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join(os.environ["PATH"].split(os.pathsep)[1:]))
    if try_git(top, "-c", "alias.x=!command -v vtm", "x").code == 0:
        pytest.skip("vtm is installed on this machine's PATH")
    errors, seen = edited(top, "-m", "Cap it", "--edit")
    assert "vtm is not on PATH: nobody looked whether this commit names a criterion" in errors
    assert seen.startswith("Cap it\n")
