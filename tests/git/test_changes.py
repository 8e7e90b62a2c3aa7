"""What a branch has changed since it left main."""

import shutil

import pytest

from tests.projects import MANIFEST, STATE, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.app import App
from vtm.app.branch_changes import branch_facts
from vtm.app.place_of_work import at_the_work, commit_of_work
from vtm.discovery import find_project
from vtm.git.changes import changes
from vtm.model.settings import Settings

BELOW = {"top": ".", "subfolder": "packages/my project"}


@pytest.fixture
def top(tmp_path):
    """A repository on a branch `feat/x` that has changed nothing yet."""
    top = repository(tmp_path / "top")
    for name in ("kept.py", "old.py", "gone.py", "staged.py", "folder/deep.py"):
        put(top, name, f"# {name}\n")
    commit(top)
    git(top, "switch", "-qc", "feat/x")
    return top


def _committed(top):
    put(top, "new.py", "1\n")
    commit(top)


def _renamed(top):
    git(top, "mv", "old.py", "folder/other.py")
    commit(top)


def _renamed_here(top):
    (top / "old.py").rename(top / "other.py")


def _staged(top):
    put(top, "staged.py", "2\n")
    git(top, "add", "-A")


def _staged_and_back(top):
    _staged(top)
    put(top, "staged.py", "# staged.py\n")


def _deleted(top):
    (top / "gone.py").unlink()


def _reverted_here(top):
    put(top, "kept.py", "2\n")
    commit(top)
    put(top, "kept.py", "# kept.py\n")


def _main_went_on(top):
    _committed(top)
    git(top, "switch", "-q", "main")
    put(top, "theirs.py", "1\n")
    commit(top)
    git(top, "switch", "-q", "feat/x")


def _main_merged(top):
    _main_went_on(top)
    git(top, "merge", "-q", "-m", "Merge", "main")


def _ignored(top):
    put(top, ".git/info/exclude", "*.log\n")
    put(top, "a.log", "")


def _detached(top):
    _committed(top)
    git(top, "checkout", "-q", "--detach")


def _relative_by_configuration(top):
    git(top, "config", "diff.relative", "true")
    git(top, "config", "diff.renames", "copies")
    _renamed(top)


CHANGED = {
    "nothing": (lambda top: None, []),
    "committed": (_committed, ["new.py"]),
    "untracked": (lambda top: put(top, "folder/new.py", ""), ["folder/new.py"]),
    "changed": (lambda top: put(top, "kept.py", "2\n"), ["kept.py"]),
    "renamed": (_renamed, ["folder/other.py", "old.py"]),
    "renamed-here": (_renamed_here, ["old.py", "other.py"]),
    "staged": (_staged, ["staged.py"]),
    "staged-and-back": (_staged_and_back, ["staged.py"]),
    "deleted": (_deleted, ["gone.py"]),
    "reverted-here": (_reverted_here, ["kept.py"]),
    "main-went-on": (_main_went_on, ["new.py"]),
    "main-merged": (_main_merged, ["new.py"]),
    "ignored": (_ignored, []),
    "detached": (_detached, ["new.py"]),
    "relative-by-configuration": (_relative_by_configuration, ["folder/other.py", "old.py"]),
    "name-of-many-bytes": (lambda top: put(top, "grün\n.py", ""), ["grün\n.py"]),
}


@pytest.mark.parametrize("name", CHANGED)
def test_changed(name, top):
    arrange, expected = CHANGED[name]
    arrange(top)
    found = changes(top / "folder", ["main"])
    assert list(found.paths) == expected
    assert found.branch == ("" if name == "detached" else "feat/x")
    assert found.base == git(top, "merge-base", "main", "HEAD")
    assert found.top == top


def _no_main(top):
    git(top, "branch", "-qm", "main", "trunk")


def _unrelated(top):
    git(top, "checkout", "-q", "--orphan", "other")
    commit(top, "Other")


def _no_commit(top):
    git(top, "checkout", "-q", "--orphan", "other")


@pytest.mark.parametrize("arrange", [_no_main, _unrelated, _no_commit])
def test_nothing_in_common_with_main(arrange, top):
    arrange(top)
    assert changes(top, ["main", "master"]) is None


def test_the_first_main_that_exists_counts(top):
    git(top, "branch", "-qm", "main", "trunk")
    git(top, "update-ref", "refs/remotes/origin/main", "trunk")
    _committed(top)
    git(top, "branch", "late")
    assert changes(top, ["nope", "late", "trunk"]).paths == ()
    assert changes(top, ["nope", "trunk"]).paths == ("new.py",)
    assert changes(top, ["main"]).paths == ("new.py",)  # a clone may have none of its own


# --- as rules are told


def task_file(name, status, box):
    return f"---\nid: {name}\nstatus: {status}\n---\n\n{box} {name}-AC01 it works\n"


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_relative_to_the_project_and_without_own_files(below, tmp_path):
    top = repository(tmp_path / "top")
    root = write(top / below, [task("A--T01")], {})
    put(root, "tasks/B.md", task_file("B", "pending", "- [ ]"))
    put(root, "tasks/C.md", task_file("C", "pending", "- [ ]"))
    commit(top)
    git(top, "switch", "-qc", "feat/x")
    put(root, "src/a.py", "")
    put(root, "tasks/B.md", task_file("B", "completed", "- [x]"))
    put(root, "tasks/C.md", task_file("C", "pending", "- [x]") + "More.\n")
    put(root, STATE, '{"tasks": {}} ')
    put(root, "docs/backlog/task-events.jsonl", "")
    put(root, ".vtm/runtime.db", "")
    put(root, MANIFEST, (root / MANIFEST).read_text("utf-8") + "\n")
    put(top, "elsewhere.py", "")
    outside = "elsewhere.py" if below == "." else "../../elsewhere.py"
    found = branch_facts(find_project(root / "src"), Settings())
    assert set(found.changed) == {"src/a.py", "tasks/C.md", MANIFEST, outside}


def test_of_the_callers_worktree(tmp_path):
    main = repository(tmp_path / "main")
    write(main, [task("A--T01", file_scope=["src/**"])], {})
    commit(main)
    git(main, "worktree", "add", "-q", "-b", "feat/A", str(tmp_path / "linked"))
    put(tmp_path / "linked", "src/a.py", "")
    put(main, "loose.py", "")
    here, there = (branch_facts(find_project(each), Settings()) for each in (main, tmp_path / "linked"))
    assert (here.name, here.changed) == ("main", ("loose.py",))
    assert (there.name, there.changed) == ("feat/A", ("src/a.py",))


def test_outside_git(tmp_path):
    project = find_project(write(tmp_path, [task("A--T01")]))
    app = App(project)
    assert (branch_facts(project, Settings()), commit_of_work(app, "A--T01")) == (None, "")
    assert at_the_work(app, "A--T01") is app


# --- where the branch of a task is checked out


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_the_work_is_where_the_branch_is(below, tmp_path):
    top = repository(tmp_path / "top", commit_first=False)
    write(top / below, [task("A--T01"), task("B--T01")])
    commit(top)
    git(top, "worktree", "add", "-q", "-b", "feat/A--T01", str(tmp_path / "für a"))
    app = App.at(top / below)
    assert at_the_work(app, "A--T01").project == (top / below, tmp_path / "für a" / below, top)
    assert at_the_work(app, "B--T01") is app
    there = App.at(tmp_path / "für a" / below)
    assert at_the_work(there, "A--T01") is there


def test_a_worktree_that_is_gone_is_no_place_of_work(tmp_path):
    top = repository(tmp_path / "top")
    git(top, "worktree", "add", "-q", "-b", "feat/A--T01", str(tmp_path / "linked"))
    shutil.rmtree(tmp_path / "linked")
    app = App.at(top)
    assert at_the_work(app, "A--T01") is app


# --- WARN::SCOPE-ESCAPE at `vtm complete`

SCOPES = {  # to each name: the scope, the files, those that are outside
    "inside": (["src/**"], ["src/a.py"], ""),
    "outside": (["src/a/**"], ["src/ab/c.py", "src/a/b.py"], "src/ab/c.py"),
    "everything": (["**"], ["anything.py"], ""),
    "undeclared": ([], ["anything.py"], ""),
    "many": (["src"], [f"lib/{each}.py" for each in range(7)], "lib/0.py, lib/1.py, lib/2.py, "),
}


def on_its_branch(top, root, scope):
    """A task with this scope, and a branch for it; whether git is clean does not count."""
    write(root, [task("A--T01", file_scope=scope, test_verification=[])], {})
    put(root, "vtm.toml", "[git]\ngate = false\n")
    commit(top)
    git(top, "switch", "-qc", "feat/A--T01")


def escaped(root):
    """What is said of the scope of the task when it is completed."""
    for each in ("start A--T01", "ac A--T01 AC01"):
        assert vtm(root, *each.split()).code == 0
    done = vtm(root, "complete", "A--T01", "--tests-passed", "1", "--commit", "HEAD", "--json")
    assert done.code == 0
    code = "WARN::SCOPE-ESCAPE::A--T01"
    return "".join(each["message"] for each in done.json["findings"] if each["code"] == code)


@pytest.mark.parametrize("name", SCOPES)
def test_scope_escape_at_complete(name, tmp_path):
    scope, files, outside = SCOPES[name]
    top = repository(tmp_path / "top", commit_first=False)
    on_its_branch(top, top, scope)
    for each in files:
        put(top, each, "")
    commit(top)
    said = escaped(top)
    assert outside in said
    assert bool(outside) == said.startswith("feat/A--T01 changed files outside the file scope of A--T01: ")


def test_everything_of_a_project_is_not_what_lies_outside_of_it(tmp_path):
    top = repository(tmp_path / "top")
    on_its_branch(top, top / "inner", ["**"])
    put(top, "outer.py", "")
    assert escaped(top / "inner").endswith(": ../outer.py")
