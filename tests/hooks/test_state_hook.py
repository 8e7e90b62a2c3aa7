"""State and journal stay off feature branches: the hook, and how `vtm init --git` installs it."""

import os
import subprocess
import sys

import pytest
from ruamel.yaml import YAML

from tests.checkout import ROOT
from tests.git.merging import JOURNAL, TASKS, happen, try_git
from tests.projects import STATE, put, write
from tests.repositories import commit, git, repository, vtm
from vtm.git.attributes import extended, pattern
from vtm.model.event import Kind

HOOKS = ["pre-commit", "prepare-commit-msg", "commit-msg"]
KEYS = ["merge.vtm.name", "merge.vtm.driver", ".gitattributes", *HOOKS]
ATTRIBUTES = f"{STATE} merge=vtm\n{JOURNAL} merge=union\n"
BODY = "#!/bin/sh\nexit 0\n"


@pytest.fixture(autouse=True)
def _vtm_on_path(tmp_path_factory, monkeypatch):
    """This checkout's vtm, as a hook finds it."""
    folder = tmp_path_factory.mktemp("bin")
    script = f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m vtm \"$@\"\n"
    put(folder, "vtm", script)
    (folder / "vtm").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.fixture
def top(tmp_path):
    """A repository with a committed project and the hook; then something happens on a feature branch."""
    folder = write(repository(tmp_path / "top"), TASKS, {})
    assert vtm(folder, "init", "--git").code == 0
    commit(folder)
    git(folder, "switch", "-qc", "feature")
    happen(folder, Kind.NOTE, text="x")
    return folder


def hook(folder, *arguments):
    return vtm(folder, "hook", "pre-commit", *arguments)


REFUSED = f"""\
vtm: {STATE} and {JOURNAL} must not be committed on feature, only on main or master
     fix: git restore --staged {STATE} {JOURNAL} (if feature is a main branch, name it in vtm.toml under \
[git] main)
"""


def test_a_feature_branch_takes_neither(top):
    git(top, "add", "-A")
    assert hook(top) == (1, "", REFUSED)
    done = try_git(top, "commit", "-m", "Work")
    assert done == (1, REFUSED)
    git(top, "restore", "--staged", STATE, JOURNAL)
    assert hook(top) == (0, "", "")


def test_what_is_not_staged_does_not_matter(top):
    put(top, "src/a.py", "")
    git(top, "add", "src")
    assert try_git(top, "commit", "-qm", "Work").code == 0


@pytest.mark.parametrize("arguments", [["-a"], ["--", STATE], ["--amend", "-a"]], ids=" ".join)
def test_the_index_that_git_works_with_counts(arguments, top):
    """`git commit -a` and `git commit FILE` make one of their own."""
    done = try_git(top, "commit", "-m", "Work", *arguments)
    assert done.code == 1
    assert f"{STATE} must not be committed on feature" in done.said
    assert git(top, "diff", "--cached", "--name-only") == ""


def test_a_deletion_is_a_change(top):
    git(top, "rm", "-qf", STATE)
    assert f"{STATE} must not be" in hook(top).err


def test_json(top):
    git(top, "add", STATE)
    answer = hook(top, "--json")
    assert (answer.code, answer.json["code"]) == (1, "STATE-ON-FEATURE-BRANCH")
    git(top, "switch", "-q", "main")
    assert hook(top, "--json").json == {"schema": "vtm.hook.pre-commit/1", "branch": "main", "paths": [STATE]}


@pytest.mark.parametrize("where", ["main", "--detach"])
def test_on_main_and_without_a_branch_everything_passes(where, top):
    git(top, "switch", "-q", where)
    git(top, "add", "-A")
    assert try_git(top, "commit", "-qm", "State").code == 0


def test_another_main_branch(top):
    put(top, "vtm.toml", '[git]\nmain = ["feature"]\n')
    git(top, "add", "-A")
    assert hook(top).code == 0


def test_outside_git(tmp_path):
    write(tmp_path, TASKS, {})
    assert hook(tmp_path) == (0, "", "")


def test_the_first_commit_of_all(tmp_path):
    top = write(repository(tmp_path, commit_first=False), TASKS, {})
    git(top, "switch", "-qc", "feature")
    git(top, "add", "-A")
    assert hook(top).code == 1
    git(top, "symbolic-ref", "HEAD", "refs/heads/main")
    assert hook(top).code == 0


def test_main_may_be_merged_into_a_feature_branch(top):
    """Also where the merge stops for another file, and is committed by hand."""
    git(top, "stash", "-qu")
    put(top, "a.txt", "feature\n")
    commit(top, "Feature")
    git(top, "switch", "-q", "main")
    git(top, "stash", "pop", "-q")
    put(top, "a.txt", "main\n")
    commit(top, "Main")
    git(top, "switch", "-q", "feature")
    assert try_git(top, "merge", "main").code == 1
    put(top, "a.txt", "both\n")
    git(top, "add", "a.txt")
    assert git(top, "diff", "--cached", "--name-only").splitlines() == ["a.txt", JOURNAL, STATE]
    put(top, STATE, "{}")
    git(top, "add", STATE)
    assert hook(top).code == 1
    git(top, "checkout", "-q", "main", "--", STATE)
    done = try_git(top, "commit", "-qm", "Merge")
    assert done.code == 0, done.said


def test_a_linked_worktree_has_an_index_of_its_own(top):
    git(top, "worktree", "add", "-q", "-b", "other", "../linked")
    linked = top.parent / "linked"
    git(top, "add", "-A")
    assert hook(linked).code == 0
    put(linked, STATE, "{}")
    done = try_git(linked, "commit", "-qam", "Work")
    assert done.code == 1
    assert f"{STATE} must not be committed on other" in done.said


def test_from_a_folder_below(top):
    git(top, "add", "-A")
    assert hook(top / "docs") == (1, "", REFUSED)


def test_in_a_project_below_the_top(tmp_path):
    top = repository(tmp_path / "top")
    root = write(top / "sub dir", TASKS, {})
    assert vtm(root, "init", "--git").code == 0
    commit(top)
    assert (top / ".gitattributes").read_text("utf-8") == (
        f'"sub dir/{STATE}" merge=vtm\n"sub dir/{JOURNAL}" merge=union\n'
    )
    assert git(top, "check-attr", "merge", f"sub dir/{STATE}").endswith(": merge: vtm")
    git(top, "switch", "-qc", "feature")
    happen(root, Kind.NOTE, text="x")
    done = try_git(top, "commit", "-am", "Work")
    assert done.code == 1
    assert f"sub dir/{STATE} must not be committed on feature" in done.said
    git(top, "worktree", "add", "-q", "-b", "other", "../linked")
    git(top.parent / "linked", "rm", "-qr", "sub dir")
    git(top.parent / "linked", "restore", "--staged", f"sub dir/{STATE}")
    assert try_git(top.parent / "linked", "commit", "-qm", "Work").code == 0


def test_where_vtm_is_not_installed_the_commit_is_made_and_that_is_said(top, monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join(os.environ["PATH"].split(os.pathsep)[1:]))
    if subprocess.run(["sh", "-c", "command -v vtm"], check=False, capture_output=True).returncode == 0:
        pytest.skip("vtm is installed on this machine's PATH")
    done = try_git(top, "commit", "-qam", "Work")
    assert done.code == 0
    assert "vtm is not on PATH: nobody looked" in done.said


def test_it_is_offered_to_users_of_pre_commit():
    hooks = {each["id"]: each for each in YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")}
    offered = hooks["vtm-state"]
    assert offered["entry"] == "vtm hook pre-commit"
    assert (offered["stages"], offered["always_run"], offered["pass_filenames"]) == (
        ["pre-commit"],
        True,
        False,
    )


# --- vtm init --git


def steps(folder):
    answer = vtm(folder, "init", "--git", "--json")
    assert answer.code == 0, answer.out
    found = {each["what"]: each for each in answer.json["git"]}
    assert list(found) == KEYS
    return found


def everything(folder):
    """What `vtm init --git` could change."""
    paths = [".gitattributes", ".git/config", *(f".git/hooks/{name}" for name in HOOKS)]
    return [path.read_bytes() if path.exists() else None for path in (folder / each for each in paths)]


def test_what_is_set(tmp_path):
    top = repository(tmp_path)
    assert {each["done"] for each in steps(top).values()} == {"set"}
    assert (top / ".gitattributes").read_text("utf-8") == ATTRIBUTES
    assert git(top, "config", "merge.vtm.driver") == "vtm git-merge %O %A %B %P"
    assert git(top, "config", "merge.vtm.name")
    before = everything(top)
    assert {each["done"] for each in steps(top).values()} == {"kept"}
    assert everything(top) == before
    assert "  kept    .gitattributes\n" in vtm(top, "init", "--git").out


def test_without_the_option_git_is_left_alone(tmp_path):
    top = repository(tmp_path)
    before = everything(top)
    assert vtm(top, "init").code == 0
    assert everything(top) == before


def test_outside_git_nothing_is_done(tmp_path):
    answer = vtm(tmp_path, "init", "--git", "--json")
    assert (answer.code, answer.json["code"]) == (2, "NOT-A-REPOSITORY")
    assert list(tmp_path.iterdir()) == []


def test_a_hook_that_is_there_stays(tmp_path):
    top = repository(tmp_path)
    put(top, ".git/hooks/pre-commit", BODY)
    step = steps(top)["pre-commit"]
    assert (step["done"], "add `vtm hook pre-commit` to it" in step["note"]) == ("by-hand", True)
    assert (top / ".git/hooks/pre-commit").read_text("utf-8") == BODY
    put(top, ".git/hooks/pre-commit", BODY + "vtm hook pre-commit\n")
    assert steps(top)["pre-commit"]["done"] == "kept"


def test_where_hooks_lie_elsewhere_none_is_written(tmp_path):
    top = repository(tmp_path)
    git(top, "config", "core.hooksPath", ".husky")
    step = steps(top)["pre-commit"]
    assert (step["done"], step["note"].startswith("core.hooksPath is .husky: add ")) == ("by-hand", True)
    assert not (top / ".husky").exists()
    assert not (top / ".git/hooks/pre-commit").exists()


def test_without_a_folder_of_hooks(tmp_path):
    git(tmp_path, "init", "-q", "--template=")
    assert steps(tmp_path)["pre-commit"]["done"] == "set"
    assert os.access(tmp_path / ".git/hooks/pre-commit", os.X_OK)


def test_another_driver_stays_and_that_is_said(tmp_path):
    top = repository(tmp_path)
    git(top, "config", "merge.vtm.driver", ".venv/bin/vtm git-merge %O %A %B %P")
    step = steps(top)["merge.vtm.driver"]
    assert (step["done"], ".venv/bin/vtm" in step["note"]) == ("kept", True)


def test_from_a_linked_worktree_the_main_one_is_set_up(tmp_path):
    top = repository(tmp_path / "top")
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    steps(tmp_path / "linked")
    assert (top / ".gitattributes").read_text("utf-8") == ATTRIBUTES
    assert (top / ".git/hooks/pre-commit").exists()
    assert not (tmp_path / "linked/.gitattributes").exists()


def test_attributes_that_cannot_be_written(tmp_path):
    top = repository(tmp_path)
    (top / ".gitattributes").mkdir()
    answer = vtm(top, "init", "--git", "--json")
    assert (answer.code, answer.json["code"]) == (5, "NOT-WRITTEN")


EXTENDED = {  # name: before, after
    "nothing": (b"", b"a/s merge=vtm\na/j merge=union\n"),
    "others": (b"* text\n", b"* text\na/s merge=vtm\na/j merge=union\n"),
    "no-line-end": (b"* text", b"* text\na/s merge=vtm\na/j merge=union\n"),
    "crlf": (b"* text\r\n", b"* text\r\na/s merge=vtm\r\na/j merge=union\r\n"),
    "one": (b"a/s -text  merge=vtm\n", b"a/s -text  merge=vtm\na/j merge=union\n"),
    "another": (b"a/s merge=binary\n", b"a/s merge=binary\na/s merge=vtm\na/j merge=union\n"),
    "no-text": (b"\xff\n", b"\xff\na/s merge=vtm\na/j merge=union\n"),
    "longer": (b"a/s2 merge=vtm\n", b"a/s2 merge=vtm\na/s merge=vtm\na/j merge=union\n"),
}


@pytest.mark.parametrize("name", EXTENDED)
def test_attributes(name):
    before, after = EXTENDED[name]
    wanted = {"a/s": "merge=vtm", "a/j": "merge=union"}
    assert extended(before, wanted) == after
    assert extended(after, wanted) == after


@pytest.mark.parametrize(
    "path", ["s.json", "#a/s", "!a/s", "a b/s", "a*/s[1]?", 'a"b/s', "a\\b/s", "ü/s", "a\tb"]
)
def test_a_pattern_fits_its_path_and_no_other(path, tmp_path):
    repository(tmp_path, commit_first=False)
    (tmp_path / ".gitattributes").write_bytes(extended(b"", {path: "merge=vtm"}))
    asked = [path, f"deep/{path}", path.replace("*", "x")]
    told = git(tmp_path, "check-attr", "-z", "merge", "--", *asked).split("\0")[2::3]
    assert told == ["vtm", "unspecified", "vtm" if "*" not in path else "unspecified"], pattern(path)
