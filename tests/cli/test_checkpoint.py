"""`vtm checkpoint` from the outside."""

import re

import pytest

from tests.checkpoints import TASKS, go_on, ok, project
from tests.cli.test_commands import checked
from tests.projects import put, write
from tests.repositories import commit, copy_of, git, repository, vtm

AT = ("--now", "2026-03-10T12:00:00Z")


@pytest.fixture
def top(tmp_path):
    return copy_of(gone_on, tmp_path / "top")


def gone_on(top):
    """A project with the checkpoint `then`, and work since."""
    folder = project(top)
    ok(folder, "checkpoint", "create", "then", "-m", "Before it all", *AT)
    go_on(folder)
    return folder


def shown(text):
    """An answer without what differs from run to run."""
    return re.sub(r"\b[0-9a-f]{12,40}\b", "COMMIT", re.sub(r"2026-[0-9T:-]+Z", "MOMENT", text))


CALLS = {
    "list": ("list",),
    "show": ("show", "then"),
    "preview": ("rollback", "then"),
    "rollback": ("rollback", "then", "--apply"),
}


@pytest.mark.parametrize("words", CALLS.values(), ids=CALLS)
def test_for_a_person(top, words, snapshot):
    assert shown(ok(top, "checkpoint", *words).out) == snapshot


@pytest.mark.parametrize("words", CALLS.values(), ids=CALLS)
def test_for_a_program(top, words):
    answer = checked(ok(top, "checkpoint", *words, "--json"))
    assert answer["schema"] == f"vtm.checkpoint.{words[0]}/1"


def test_what_no_commit_has_is_named(top, snapshot):
    put(top, "src/a/mine.py", "")
    answer = ok(top, "checkpoint", "create", "more")
    assert shown(answer.out) == snapshot
    assert checked(ok(top, "checkpoint", "create", "again", "--json"))["left_out"] == ["src/a/mine.py"]


def test_the_latest_of_what_has_happened(top):
    answer = checked(ok(top, "checkpoint", "show", "then", "--limit", "1", "--json"))
    assert (answer["commits_total"], answer["events_total"], answer["truncated"]) == (1, 4, True)
    assert [each["event"] for each in answer["events"]] == ["note"]


NAMES = {
    "blanks": "a b",
    "a path": "a/b",
    "up": "..",
    "points": "a..b",
    "an option": "-a",
    "a lock": "a.lock",
    "a point at the end": "a.",
    "nothing": "",
    "braces": "a@{1}",
    "a line": "a\nb",
    "half a character": "a\udcff",
    "escapes": "\x1b[31m",
    "too long": "x" * 101,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_no_tag_can_have(top, name):
    answer = vtm(top, "checkpoint", "create", "--json", "--", name)
    assert (answer.code, checked(answer)["code"]) == (2, "CHECKPOINT-NAME")


@pytest.mark.parametrize("name", ["v1.0", "größe_2", "a+b", "x" * 100, "1"])
def test_a_name_that_a_tag_can_have(top, name):
    ok(top, "checkpoint", "create", name)
    assert name in [each["name"] for each in checked(ok(top, "checkpoint", "list", "--json"))["checkpoints"]]
    assert git(top, "tag", "--list", f"vtm/checkpoint/{name}")


def test_an_existing_name(top):
    answer = vtm(top, "checkpoint", "create", "then", "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "CHECKPOINT-EXISTS")


@pytest.mark.parametrize("word", ["show", "rollback"])
def test_an_unknown_checkpoint(top, word):
    answer = vtm(top, "checkpoint", word, "them", "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "UNKNOWN-CHECKPOINT")
    assert checked(answer)["fix"] == "did you mean then?"


def moved(top):
    git(top, "tag", "-f", "vtm/checkpoint/then", "HEAD")


def deleted(top):
    git(top, "tag", "-d", "vtm/checkpoint/then")


def anothers(top):
    ok(top, "checkpoint", "create", "other")
    git(top, "update-ref", "refs/tags/vtm/checkpoint/then", "refs/tags/vtm/checkpoint/other")


def annotated(top):
    git(top, "tag", "-f", "-a", "-m", "Mine", "vtm/checkpoint/then", "HEAD")


@pytest.mark.parametrize("damage", [moved, deleted, anothers, annotated])
def test_a_damaged_one_is_listed_and_cannot_be_gone_back_to(top, damage):
    damage(top)
    found = checked(ok(top, "checkpoint", "list", "--json"))["checkpoints"][-1]
    assert found["name"] == "then"
    assert found["flaw"]
    assert "damaged" in ok(top, "checkpoint", "list").out
    for words in (["show", "then"], ["rollback", "then"], ["rollback", "then", "--apply"]):
        answer = vtm(top, "checkpoint", *words, "--json")
        assert (answer.code, checked(answer)["code"]) == (1, "CHECKPOINT-DAMAGED")


@pytest.mark.parametrize("damage", [moved, deleted, anothers, annotated])
def test_the_way_back_that_is_offered_works(top, damage):
    damage(top)
    found = checked(ok(top, "checkpoint", "list", "--json"))["checkpoints"][-1]
    command = re.search(r"`git (update-ref refs[^`]+)`", found["fix"])
    git(top, *command[1].split())
    assert checked(ok(top, "checkpoint", "show", "then", "--json"))["checkpoint"]["flaw"] == ""


def test_without_checkpoints(tmp_path):
    folder = project(tmp_path / "top")
    assert ok(folder, "checkpoint", "list").out == (
        "There are no checkpoints; `vtm checkpoint create NAME` makes one.\n"
    )


@pytest.mark.parametrize("words", [("create", "a"), ("list",), ("show", "a"), ("rollback", "a")])
def test_outside_git(tmp_path, words):
    write(tmp_path, TASKS, {})
    answer = vtm(tmp_path, "checkpoint", *words, "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "NOT-A-REPOSITORY")


def test_before_the_first_commit(tmp_path):
    folder = write(repository(tmp_path / "top", commit_first=False), TASKS, {})
    answer = vtm(folder, "checkpoint", "create", "a", "--json")
    assert (answer.code, checked(answer)["code"]) == (5, "NO-COMMIT")
    assert git(folder, "for-each-ref") == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("switch", "-q", "-c", "other"), "BLOCKED::NOT-ON-MAIN-BRANCH"),
        (("switch", "-q", "--detach"), "DETACHED-HEAD"),
    ],
    ids=["branch", "detached"],
)
def test_away_from_main(top, words, code):
    git(top, *words)
    answer = vtm(top, "checkpoint", "create", "a", "--json")
    assert (answer.code, checked(answer)["code"]) == (1, code)


def test_without_a_backlog(tmp_path):
    folder = repository(tmp_path / "top")
    answer = vtm(folder, "checkpoint", "create", "a", "--json")
    assert answer.code == 3


def test_a_git_that_does_not_know_who_it_is(top, monkeypatch):
    git(top, "config", "user.useConfigOnly", "true")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    refs = git(top, "for-each-ref")
    answer = vtm(top, "checkpoint", "create", "a", "--json")
    assert (answer.code, checked(answer)["code"]) == (5, "GIT-FAILED")
    assert git(top, "for-each-ref") == refs


def test_a_project_below_the_top(tmp_path):
    folder = write(repository(tmp_path / "top") / "shop", TASKS, {})
    put(folder, "src/x.py", "one\n")
    commit(tmp_path / "top")
    ok(folder, "checkpoint", "create", "then")
    put(folder, "src/x.py", "two\n")
    commit(tmp_path / "top")
    ok(folder, "note", "A--T01", "x")
    answer = checked(ok(folder, "checkpoint", "rollback", "then", "--apply", "--json"))
    assert (answer["paths"], [each["task_id"] for each in answer["tasks"]]) == (["shop/src/x.py"], ["A--T01"])
    assert (folder / "src/x.py").read_text("utf-8") == "one\n"


def test_messages_of_any_kind(top):
    said = "\x1b[31mred\u202e\n# no comment\n\n{}"
    ok(top, "checkpoint", "create", "loud", "--message", said)
    assert checked(ok(top, "checkpoint", "list", "--json"))["checkpoints"][-1]["message"] == said
    assert "\x1b" not in ok(top, "checkpoint", "list").out
    assert "\x1b" not in git(top, "tag", "-n", "--list", "vtm/checkpoint/loud")
