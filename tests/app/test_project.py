"""Which folders a command works with, from wherever it is started."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import MANIFEST, SPEC, STATE, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.discovery import Project, find_project, schema_folder

TASK = "A--T01"


def project(root, title="Here", **more):
    """A project of one task, which tells by its title which project it is."""
    return write(root, [task(TASK, title, test_verification=None, **more)])


def title(folder):
    """What `vtm next` in `folder` finds."""
    return vtm(folder, "next", "--json").json["title"]


# --- outside git

OUTSIDE = {
    "root": (".", ["docs/backlog/x"], "."),
    "below": ("a/b", ["."], "."),
    "in-the-backlog": ("docs/backlog", ["."], "."),
    "nearest-wins": ("inner/x", [".", "inner"], "inner"),
    "beside": ("other", [".", "inner"], "."),
    "none": ("a/b", [], "a/b"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_git(name, tmp_path):
    start, roots, expected = OUTSIDE[name]
    (tmp_path / start).mkdir(parents=True, exist_ok=True)
    if name == "root":
        roots = ["."]
    for root in roots:
        project(tmp_path / root)
    root = (tmp_path / expected).resolve()
    assert find_project(tmp_path / start) == Project(root, root, None)


def test_settings_mark_a_root(tmp_path):
    put(tmp_path, "inner/vtm.toml", '[paths]\nmanifest = "plan.json"\nstate = "state.json"\n')
    (tmp_path / "inner" / "deep").mkdir()
    project(tmp_path, "Outer")
    assert find_project(tmp_path / "inner" / "deep").root == (tmp_path / "inner").resolve()
    answer = vtm(tmp_path / "inner" / "deep", "next", "--json")
    assert (answer.code, answer.json["location"]["path"]) == (3, "plan.json")


def test_from_any_folder_the_answer_is_the_same(tmp_path):
    root = project(tmp_path / "p")
    (root / "src" / "deep").mkdir(parents=True)
    answers = {
        vtm(root / at, "next", "--json") for at in (".", "src", "src/deep", "docs", "src/..", "docs/backlog")
    }
    assert len(answers) == 1


def test_dots_are_followed_before_the_search(tmp_path):
    """`inner/..` lies above `inner`."""
    project(tmp_path, "Outer")
    project(tmp_path / "inner", "Inner")
    assert title(tmp_path / "inner") == "Inner"
    assert title(tmp_path / "inner" / "..") == "Outer"
    (tmp_path / "MANIFEST").mkdir()
    assert title(tmp_path / "inner" / "docs" / ".." / "..") == "Outer"


def test_dots_that_lead_out_of_every_project(tmp_path):
    project(tmp_path / "inner")
    assert vtm(tmp_path / "inner" / "..", "next", "--json").code == 3


# --- in git


def test_the_top_of_the_worktree_ends_the_search(tmp_path):
    project(tmp_path, "Around")
    top = repository(tmp_path / "top")
    (top / "a").mkdir()
    assert find_project(top / "a") == Project(top.resolve(), top.resolve(), top.resolve())
    assert vtm(top / "a", "next", "--json").json["code"] == "BLOCKED::MANIFEST-MISSING"


def test_a_project_in_a_subfolder(tmp_path):
    top = repository(tmp_path / "top")
    project(top, "Whole")
    project(top / "packages" / "one", "One")
    commit(top)
    (top / "packages" / "one" / "src").mkdir()
    assert title(top / "packages" / "one" / "src") == "One"
    assert title(top / "packages") == "Whole"
    found = find_project(top / "packages" / "one" / "src")
    assert found == Project(found.work, top.resolve() / "packages" / "one", top.resolve())


def test_a_submodule_is_a_repository_of_its_own(tmp_path):
    library = repository(tmp_path / "library")
    project(library, "Library")
    commit(library)
    top = repository(tmp_path / "top")
    project(top, "Top")
    git(top, "submodule", "add", "-q", str(library), "lib")
    commit(top)
    assert (title(top), title(top / "lib"), title(top / "lib" / "docs")) == ("Top", "Library", "Library")
    found = find_project(top / "lib" / "docs")
    assert found == Project(found.root, found.root, (top / "lib").resolve())


# --- linked worktrees


@pytest.fixture
def linked(tmp_path):
    """A main worktree and a linked one on `feature`; each has a spec that the other has not."""
    top = repository(tmp_path / "top")
    project(top, related_specs=[SPEC, "docs/specs/feature.md", "docs/specs/main.md"])
    put(top, "vtm.toml", "wip_limit = 7\n")
    commit(top)
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    put(top, "docs/specs/main.md", "")
    put(tmp_path / "linked", "docs/specs/feature.md", "")
    put(tmp_path / "linked", MANIFEST, '{"tasks": []}')
    put(tmp_path / "linked", STATE, "damaged")
    put(tmp_path / "linked", "vtm.toml", "damaged")
    return tmp_path / "linked"


def test_backlog_state_and_settings_are_those_of_the_main_worktree(linked):
    top = (linked.parent / "top").resolve()
    assert find_project(linked / "docs") == Project(top, linked.resolve(), top)
    assert title(linked / "docs") == "Here"
    settings = {each["key"]: each["value"] for each in vtm(linked, "config", "--json").json["settings"]}
    assert settings["wip_limit"] == 7


@pytest.mark.parametrize(("where", "missing"), [("linked", "main"), ("top", "feature")])
def test_references_are_those_of_the_callers_worktree(where, missing, linked):
    answer = vtm(linked.parent / where, "validate", "--json").json
    found = [each["message"] for each in answer["findings"] if "MISSING-CONTEXT" in each["code"]]
    assert found == [f"{TASK} refers to docs/specs/{missing}.md, which does not exist"]


def test_tests_are_those_of_the_callers_worktree(tmp_path):
    top = repository(tmp_path / "top")
    done = git(top, "rev-parse", "HEAD")
    tasks = [task(TASK, test_verification=["tests/test_a.py (unit)"])]
    write(top, tasks, {TASK: {"status": "completed", "evidence": {"commit": done}}})
    commit(top)
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    put(tmp_path / "linked", "tests/test_a.py", "")

    def missing(folder):
        codes = [each["code"] for each in vtm(folder, "validate", "--json").json["findings"]]
        return f"BLOCKED::MISSING-TESTS::{TASK}" in codes

    assert missing(top)
    assert not missing(tmp_path / "linked")


def test_the_git_gate_is_that_of_the_main_worktree(linked):
    top = linked.parent / "top"
    git(top, "clean", "-qfd")
    checks = {each["step"]: each for each in vtm(linked, "preflight", "--json").json["checks"]}
    assert checks["7"]["result"] == "pass"
    put(top, "dirt.md", "")
    checks = {each["step"]: each for each in vtm(linked, "preflight", "--json").json["checks"]}
    assert checks["7"]["codes"] == ["BLOCKED::DIRTY-GIT-STATUS"]


def test_a_linked_worktree_of_a_subfolder_project(tmp_path):
    top = repository(tmp_path / "top")
    project(top, "Whole")
    project(top / "one", "One")
    commit(top)
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    project(tmp_path / "linked" / "one", "Changed on the branch")
    found = find_project(tmp_path / "linked" / "one" / "docs")
    assert found == Project(top.resolve() / "one", (tmp_path / "linked" / "one").resolve(), top.resolve())
    assert title(tmp_path / "linked" / "one") == "One"


def test_only_the_main_worktree_says_where_projects_are(tmp_path):
    top = repository(tmp_path / "top")
    project(top, "Whole")
    commit(top)
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    project(tmp_path / "linked" / "one", "Only on the branch")
    project(top / "two", "Not committed yet")
    (tmp_path / "linked" / "two").mkdir()
    assert title(tmp_path / "linked" / "one") == "Whole"
    assert title(tmp_path / "linked" / "two") == "Not committed yet"


def _bare(tmp_path, name):
    """A bare repository called `name`; returns the folder of its two worktrees."""
    source = repository(tmp_path / "source")
    project(source)
    commit(source)
    git(source, "branch", "feature")
    git(tmp_path, "clone", "-q", "--bare", str(source), name)
    for branch in ("main", "feature"):
        git(tmp_path / name, "worktree", "add", "-q", str(tmp_path / "w" / branch), branch)
    return tmp_path / "w"


@pytest.mark.parametrize("name", ["hub.git", "w/.bare", "w/.git"])
def test_each_worktree_of_a_bare_repository_is_its_own(name, tmp_path):
    (tmp_path / "w").mkdir()
    found = _bare(tmp_path, name)
    for branch in ("main", "feature"):
        at = (found / branch).resolve()
        assert find_project(at / "docs") == Project(at, at, at)
    assert [vtm(found / each, "preflight", "--json").code for each in ("main", "feature")] == [0, 1]


def test_a_linked_worktree_of_a_submodule(tmp_path):
    library = repository(tmp_path / "library")
    project(library)
    commit(library)
    top = repository(tmp_path / "top")
    git(top, "submodule", "add", "-q", str(library), "lib")
    git(top / "lib", "worktree", "add", "-q", "-b", "feature", str(tmp_path / "linked"))
    main = (top / "lib").resolve()
    assert find_project(tmp_path / "linked") == Project(main, (tmp_path / "linked").resolve(), main)


def test_a_git_directory_elsewhere(tmp_path):
    (tmp_path / "top").mkdir()
    git(tmp_path / "top", "init", "-q", "--separate-git-dir", "../elsewhere.git")
    top = project(tmp_path / "top").resolve()
    assert find_project(top / "docs") == Project(top, top, top)


POINTERS = {
    "empty": "",
    "no-pointer": "garbage",
    "nowhere": "gitdir: /nowhere",
    "nul": "gitdir: a\0b",
    "long": "gitdir: " + "x" * 5000,
    "control": "gitdir: \x1b[31m\n\n",
    "binary": "gitdir: \udcff",
}


@pytest.mark.parametrize("name", POINTERS)
def test_a_damaged_pointer_leads_nowhere_else(name, tmp_path):
    (tmp_path / ".git").write_text(POINTERS[name], "utf-8", "surrogateescape")
    root = project(tmp_path).resolve()
    assert find_project(tmp_path) == Project(root, root, root)
    assert vtm(tmp_path, "next").code == 0
    assert vtm(tmp_path, "preflight", "--json").json["code"] == "GIT-FAILED"


def test_a_main_worktree_that_is_gone(tmp_path):
    top = repository(tmp_path / "top")
    project(top)
    commit(top)
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    top.rename(tmp_path / "moved")
    assert title(tmp_path / "linked") == "Here"
    assert vtm(tmp_path / "linked", "preflight").code == 5


# --- the way to the folder


def test_a_folder_reached_by_a_symbolic_link(tmp_path):
    top = repository(tmp_path / "top")
    project(top)
    (top / "src").mkdir()
    (tmp_path / "link").symlink_to(top / "src", target_is_directory=True)
    assert find_project(tmp_path / "link").root == top.resolve()
    assert title(tmp_path / "link") == "Here"


def test_a_symbolic_link_to_another_project(tmp_path):
    project(tmp_path / "one", "One")
    project(tmp_path / "two", "Two")
    (tmp_path / "one" / "shared").symlink_to(tmp_path / "two", target_is_directory=True)
    assert title(tmp_path / "one" / "shared") == "Two"


def test_a_folder_that_cannot_be_looked_into(tmp_path, monkeypatch):
    """As root everything can be, so the refusal is made up."""
    root = project(tmp_path / "p")
    (root / "src").mkdir()
    real = Path.exists

    def exists(path):
        if path.name == "vtm.toml" and path.parent != tmp_path:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "exists", exists)
    assert find_project(root / "src").root == root.resolve()


def test_a_folder_that_is_gone(tmp_path):
    code = (
        "import os, sys; os.mkdir('x'); os.chdir('x'); os.rmdir('../x'); "
        "from vtm.cli.main import run; sys.exit(run(['next', '--json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(schema_folder().parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["message"].endswith("'.' is not a directory.")


NO_FOLDERS = {"absent": "gone", "a-file": "file"}


@pytest.mark.parametrize("name", NO_FOLDERS)
def test_a_start_that_is_no_folder_is_wrong_usage(name, tmp_path):
    (tmp_path / "file").touch()
    answer = vtm(tmp_path / NO_FOLDERS[name], "next", "--json")
    assert (answer.code, answer.json["code"]) == (2, "USAGE")


def test_schemas_are_beside_the_package_or_in_it():
    assert (schema_folder() / "next.schema.json").is_file()
