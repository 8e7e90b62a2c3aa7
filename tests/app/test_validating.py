"""What `validate` judges: the project at hand, or what a user names, wherever it is named from."""

import json

import pytest

from tests.projects import MANIFEST, STATE, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.app import App
from vtm.app.places import place
from vtm.app.validating import narrowed
from vtm.errors import WrongUsageError
from vtm.model.finding import Finding, Location, Severity
from vtm.model.settings import Rules, Settings

LOOSE = task("A--T01", acceptance_criteria=[])
"""A task with exactly one error, `BLOCKED::EMPTY-AC`."""
OTHER = "plans/other.json"


def judged(folder, *arguments):
    """Exit code of `vtm validate` in `folder`, and code with path of each finding, sorted."""
    answer = vtm(folder, "validate", "--json", *arguments)
    if answer.json["schema"] == "vtm.error/1":
        return answer.code, answer.json["code"], answer.json["location"]["path"]
    return answer.code, *sorted((each["code"], each["location"]["path"]) for each in answer.json["findings"])


@pytest.fixture
def root(tmp_path):
    """A sound project with a second manifest, a second project inside, and a damaged file."""
    root = write(tmp_path / "root", [task("A--T01")], {})
    put(root, OTHER, json.dumps({"tasks": [LOOSE]}))
    put(root, "plans/damaged.json", "{")
    write(root / "inner", [LOOSE], {"B--T09": {"status": "pending"}})
    put(tmp_path, "outside.json", "{}")
    (root / "link.json").symlink_to("../outside.json")
    (root / "short.json").symlink_to(OTHER)
    (root / "loop.json").symlink_to("loop.json")
    return root


EMPTY = ("BLOCKED::EMPTY-AC::A--T01", OTHER)
LOOSE_HERE = ("BLOCKED::EMPTY-AC::A--T01", MANIFEST)
INNER = [
    ("BLOCKED::EMPTY-AC::A--T01", f"inner/{MANIFEST}"),
    ("WARN::UNKNOWN-TASK-IN-STATE::B--T09", f"inner/{STATE}"),
]
DAMAGED = ("GAP::UNREADABLE", "plans/damaged.json")

PATHS = {
    "none": ([], (0,)),
    "folder": (["."], (0,)),
    "folder-below": (["docs/backlog"], (0,)),
    "manifest": ([MANIFEST], (0,)),
    "state": ([STATE], (0,)),
    "dotted": ([f"./docs/../{MANIFEST}"], (0,)),
    "another-manifest": ([OTHER], (1, EMPTY)),
    "by-a-link": (["short.json"], (1, EMPTY)),
    "damaged": (["plans/damaged.json"], (1, DAMAGED)),
    "another-project": (["inner"], (1, *INNER)),
    "another-projects-state": ([f"inner/{STATE}"], (1, *INNER)),
    "several": ([MANIFEST, OTHER, "plans/damaged.json"], (1, EMPTY, DAMAGED)),
}


@pytest.mark.parametrize("name", PATHS)
def test_paths(name, root):
    paths, expected = PATHS[name]
    assert judged(root, *paths) == expected


REFUSED = {
    "absent": ("gone.json", "does not exist"),
    "absent-folder": ("gone/gone.json", "does not exist"),
    "leads-out": ("link.json", "lies outside the project"),
    "goes-round": ("loop.json", "lies outside the project"),
    "below-what-goes-round": ("loop.json/x.json", "cannot be used|lies outside|does not exist"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_paths_that_cannot_be_judged(name, root):
    path, message = REFUSED[name]
    answer = vtm(root, "validate", "--json", path)
    assert (answer.code, answer.json["error"]) == (3, "unreadable")
    assert any(each in answer.json["message"] for each in message.split("|"))


def test_a_manifest_has_its_state_beside_it(root):
    put(root, "plans/task-state.json", json.dumps({"tasks": {"B--T09": {"status": "pending"}}}))
    unknown = ("WARN::UNKNOWN-TASK-IN-STATE::B--T09", "plans/task-state.json")
    assert judged(root, OTHER) == (1, EMPTY, unknown)
    put(root, "top.json", json.dumps({"tasks": [LOOSE]}))
    put(root, "task-state.json", json.dumps({"tasks": {"B--T09": {"status": "pending"}}}))
    assert judged(root, "top.json")[-1] == ("WARN::UNKNOWN-TASK-IN-STATE::B--T09", "task-state.json")


def test_a_file_of_a_linked_worktree_is_judged_as_it_is_there(tmp_path):
    top = repository(tmp_path / "top")
    write(top, [task("A--T01")], {})
    put(top, "vtm.toml", '[rules]\nignore = ["WARN"]\n')
    commit(top)
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    linked = write(tmp_path / "linked", [LOOSE], {"B--T09": {"status": "pending"}})
    assert judged(linked) == (0,)
    assert judged(linked, ".") == (0,)
    assert judged(linked, MANIFEST) == (1, LOOSE_HERE)
    assert judged(linked, str(top / MANIFEST)) == (0,)


def test_the_command_line_narrows_the_settings():
    settings = Settings(rules=Rules(select=("GAP",), ignore=("WARN",)))
    assert narrowed(settings, (), ()).rules == settings.rules
    assert narrowed(settings, ("BLOCKED",), ("EMPTY-AC",)).rules == Rules(("BLOCKED",), ("WARN", "EMPTY-AC"))


WRONG = {
    "select": Rules(select=("GAP::NONE",)),
    "ignore": Rules(ignore=("GAP::NONE",)),
    "severity": Rules(severity={"GAP::NONE": "error"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_codes_that_do_not_exist_are_wrong_usage(name):
    with pytest.raises(WrongUsageError, match="GAP::NONE is no code of vtm"):
        narrowed(Settings(rules=WRONG[name]), (), ())


# --- the app


def test_it_is_read_again_under_the_same_clock(tmp_path):
    root = write(tmp_path, [task("A--T01")])
    app = App.at(root)
    assert len(app.backlog.tasks) == 1
    write(root, [task("A--T01"), task("A--T02")])
    assert len(app.backlog.tasks) == 1
    assert len(app.again().backlog.tasks) == 2
    fixed = App.at(root, app.now)
    assert fixed.again().now == app.now


def test_each_task_has_its_own_findings(root):
    write(root, [task("A--T01"), LOOSE | {"task_id": "A--T02"}])
    answers = [vtm(root, "show", name, "--json").json["findings"] for name in ("A--T01", "A--T02")]
    assert [[each["code"] for each in found] for found in answers] == [[], ["BLOCKED::EMPTY-AC::A--T02"]]
    assert answers[1][0]["location"]["line"] > 1


def test_without_a_backlog_there_is_nothing_to_judge(tmp_path):
    assert judged(tmp_path) == (3, "BLOCKED::MANIFEST-MISSING", MANIFEST)


PLACES = {
    "in-the-manifest": (Location(MANIFEST, pointer=("tasks", 0, "risk")), (16, 7)),
    "as-near-as-there-is": (Location(MANIFEST, pointer=("tasks", 7)), (3, 3)),
    "no-such-file": (Location("gone.json", pointer=("tasks",)), (0, 0)),
    "known-already": (Location(MANIFEST, 3, 4, pointer=("tasks", 0)), (3, 4)),
    "a-file": (Location(MANIFEST), (0, 0)),
}


@pytest.mark.parametrize("name", PLACES)
def test_places(name, root):
    where, expected = PLACES[name]
    (found,) = place(root, [Finding("X", Severity.ERROR, "", "", where)])
    assert (found.location.line, found.location.column) == expected
    assert (found.location.path, found.location.pointer) == (where.path, where.pointer)
