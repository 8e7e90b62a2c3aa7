"""Task files in git: what vtm writes of them is state, everything else is work."""

import pytest

from tests.git.merging import DRIVER, try_git
from tests.projects import STATE, criteria, put, task
from tests.repositories import commit, git, repository, vtm
from tests.state.projects import JOURNAL, assert_sound
from tests.task_files import FOLDER, edit_by_hand, file_of, path_of, write_files

A, B = "A--T01", "B--T01"
BLOCK = ("--reason", "r", "--tried", "t", "--suggest", "s")
TASKS = [
    task(each, acceptance_criteria=criteria(each, "one", "two"), phase="Phase \u00e9 1") for each in (A, B)
]
FILES = [file_of(each) for each in TASKS]


@pytest.fixture(params=["", "below the top/é"], ids=["top", "below"])
def root(request, tmp_path):
    """A project on main, all of it committed; its paths have spaces and other letters."""
    top = repository(tmp_path / "top")
    root = write_files(top / request.param, TASKS)
    put(top, ".gitignore", ".original/\n.vtm/\n")
    put(root, "vtm.toml", "wip_limit = 0\n")
    commit(top)
    return root


def changed(root):
    """Paths below the project that are not as they were committed."""
    said = git(root, "ls-files", "-z", "--modified", "--others", "--exclude-standard")
    return {each for each in said.split("\0") if each}


def done(root, *arguments):
    answer = vtm(root, *arguments, "--json")
    assert answer.code == 0, answer
    return answer.json


def dirty(root):
    found = vtm(root, "preflight", "--json").json
    return "BLOCKED::DIRTY-GIT-STATUS" in str(found)


def test_state_in_a_task_file_is_no_dirt(root):
    done(root, "start", A)
    done(root, "ac", A, "AC01")
    assert changed(root) == {FILES[0], STATE, JOURNAL}
    assert not dirty(root)
    done(root, "start", B)
    path = path_of(root, B)
    path.write_bytes(path.read_bytes().replace(b"Text.", b"Other text."))
    assert dirty(root)
    assert vtm(root, "block", A, *BLOCK).code == 0


def test_sync_takes_state_and_leaves_work(root):
    done(root, "start", A)
    done(root, "start", B)
    path = path_of(root, B)
    path.write_bytes(path.read_bytes().replace(b"Text.", b"Other text."))
    done(root, "sync")
    assert changed(root) == {FILES[1]}
    assert b"status: in-progress" in path_of(root, A).read_bytes()
    assert "in-progress" in git(root, "show", f"HEAD:./{FILES[0]}")


def test_each_change_is_committed_with_its_file(root):
    put(root, "vtm.toml", 'wip_limit = 0\n[git]\ncommit_state = "each"\n')
    commit(root)
    for command in (["start", A], ["ac", A, "AC02"], ["start", B]):
        done(root, *command)
        assert changed(root) == set()
    said = git(root, "-c", "core.quotePath=off", "show", "--format=%s", "--name-only", "-z", "HEAD")
    assert FILES[1] in said
    assert "vtm: start B--T01" in said


def test_the_hook_refuses_state_of_files_on_a_feature_branch(root):
    git(root, "switch", "-qc", "feature")
    done(root, "note", A, "x")
    edit_by_hand(root, A, "blocked")
    git(root, "add", "--", FILES[0])
    answer = vtm(root, "hook", "pre-commit", "--json")
    assert (answer.code, answer.json["code"]) == (1, "STATE-ON-FEATURE-BRANCH")
    assert FILES[0] in answer.json["message"]
    path = path_of(root, A)
    path.write_bytes(path.read_bytes() + b"more\n")
    git(root, "add", "--", FILES[0])
    assert vtm(root, "hook", "pre-commit").code == 0


def test_from_a_linked_worktree_files_of_the_main_one_are_written(root, tmp_path):
    git(root, "worktree", "add", "-q", "-b", "feature", str(tmp_path / "linked"))
    linked = tmp_path / "linked" / git(root, "rev-parse", "--show-prefix")
    done(linked, "start", A, "--agent", "ada")
    assert b"status: in-progress" in path_of(root, A).read_bytes()
    assert changed(linked) == set()
    assert_sound(root)


def merged(root, ours, theirs):
    """What git says of merging two branches in each of which something happened."""
    git(root, "switch", "-qc", "other")
    theirs()
    commit(root, "Theirs")
    git(root, "switch", "-q", "main")
    ours()
    commit(root, "Ours")
    return try_git(root, "merge", "-q", "--no-edit", "other")


def test_a_merge_of_work_on_two_tasks(root):
    assert vtm(root, "init", "--git").code == 0
    git(root, "config", "merge.vtm.driver", DRIVER)
    commit(root)

    def happens(name, *commands):
        return lambda: [done(root, each[0], name, *each[1:]) for each in commands]

    said = merged(root, happens(A, ["start"], ["ac", "AC01"]), happens(B, ["block", *BLOCK]))
    assert said.code == 0, said
    done(root, "note", A, "after")
    done(root, "note", B, "after")
    assert (done(root, "show", A)["status"], done(root, "show", B)["status"]) == ("in-progress", "blocked")
    assert_sound(root)


def test_a_merge_that_conflicts_leaves_other_tasks_at_work(root):
    put(root, ".gitattributes", f"{STATE} merge=ours\n{JOURNAL} merge=union\n")
    git(root, "config", "merge.ours.driver", "true")
    commit(root)
    said = merged(root, lambda: edit_by_hand(root, A, "blocked"), lambda: edit_by_hand(root, A, "abandoned"))
    assert said.code == 1
    found = vtm(root, "validate", "--json").json["findings"]
    assert any(each["code"].startswith("GAP::CONFLICT-MARKERS") for each in found)
    marked = path_of(root, A).read_bytes()
    done(root, "note", B, "goes on")
    done(root, "block", B, *BLOCK)
    assert vtm(root, "block", A, *BLOCK).code != 0
    assert path_of(root, A).read_bytes() == marked
    assert (root / FOLDER).is_dir()
