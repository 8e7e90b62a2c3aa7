"""The pre-commit hook, as a user's repository gets it."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.checkout import copy_project
from tests.projects import MANIFEST, STATE, put
from tests.repositories import commit, git, repository, vtm


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """A repository that holds what this checkout holds."""
    top = repository(tmp_path_factory.mktemp("source"), commit_first=False)
    copy_project(top)
    commit(top)
    return top


@pytest.fixture
def user(tmp_path):
    """A user's repository on a feature branch, with a backlog made by `vtm init`."""
    top = repository(tmp_path / "user")
    assert vtm(top, "init").code == 0
    commit(top)
    git(top, "switch", "-qc", "feature/x")
    return top


def try_hooks(source, user, *only):
    """Exit code and output of the hooks for what is staged, by default of all."""
    environment = os.environ | {"PRE_COMMIT_HOME": str(user.parent / "cache"), "PRE_COMMIT_COLOR": "never"}
    environment.pop("SKIP", None)
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(source), *only, "--verbose"],
        cwd=user,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def test_it_passes_on_a_feature_branch_with_staged_files(source, user):
    document = json.loads((user / MANIFEST).read_text("utf-8"))
    document["tasks"][0]["title"] = "Another title"
    put(user, MANIFEST, json.dumps(document, indent=2))
    put(user, "src/a.py", "")
    git(user, "add", "-A")
    put(user, "untracked.md", "")
    code, output = try_hooks(source, user, "vtm-validate")
    assert code == 0, output
    assert re.search(r"^vtm validate\.+Passed$", output, re.MULTILINE)


def test_each_hook_fails_for_a_fault_of_its_own_and_says_where(source, user):
    document = json.loads((user / MANIFEST).read_text("utf-8"))
    document["tasks"][1]["depends_on_tasks"] = ["FIRST_STEPS--T09"]
    text = json.dumps(document, indent=2)
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "--T09" in each)
    put(user, MANIFEST, text)
    path = put(user, "tasks/a.md", "---\nstatus: pending\nid: A\n---\n\n- [ ] It works\n")
    put(user, STATE, (user / STATE).read_text("utf-8") + "\n")
    git(user, "add", "-A")
    code, output = try_hooks(source, user)
    assert code == 1, output
    for name in ("validate", "fmt", "state"):
        assert re.search(rf"^vtm {name}\.+Failed$", output, re.MULTILINE), output
    assert f"{MANIFEST}:{line}:9: error: GAP::DANGLING-DEPENDENCY: " in output
    assert path.read_text("utf-8").startswith("---\nid: A\nstatus: pending\n---\n")
    assert f"{STATE} must not be committed on feature/x, only on main or master" in output
