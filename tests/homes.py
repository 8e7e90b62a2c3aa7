"""Projects in git whose tasks were done on branches of their own, and wait to be brought to main."""

import json
import os
import stat
from pathlib import Path

from tests.git.merging import happen
from tests.projects import STATE, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.app import App
from vtm.model.event import Kind
from vtm.model.state import Evidence

WORK = ".worktrees/feat"


def home(folder, *tasks, settings=""):
    """A repository on main with a project of these tasks, by default three that may change `src`."""
    top = repository(folder)
    tasks = tasks or tuple(job(f"A--T{number:02}") for number in (1, 2, 3))
    write(top, tasks, {})
    put(top, "vtm.toml", settings)
    put(top, ".worktrees/.gitignore", "*\n")
    put(top, "src/shared.py", "1\n")
    commit(top)
    return top


def job(name, *needs, **more):
    """A task that may change all of `src`."""
    return task(name, needs=needs, **({"file_scope": ["src/**"]} | more))


def worked(top, name, files=None, *, base="main", branch=""):
    """Work at a task in a worktree of its own and commit it; the worktree."""
    branch = branch or f"feat/{name}"
    tree = Path(top) / ".worktrees" / branch
    git(top, "worktree", "add", "-q", "-b", branch, str(tree), base)
    for path, text in (files or {f"src/{name.lower()}.py": "1\n"}).items():
        put(tree, path, text)
    commit(tree, f"Work at {name}")
    return tree


def completed(top, name, commit_id=None):
    """Record that a task was started and is completed, with the head of its branch unless told otherwise."""
    found = git(top, "rev-parse", f"feat/{name}") if commit_id is None else commit_id
    happen(top, Kind.START, name, owner="ada", session="s1")
    evidence = Evidence(tests_passed=1, commit=found or None)
    happen(top, Kind.COMPLETE, name, criteria=(f"{name}-AC01",), result=evidence)


def done(top, name, files=None, *, base="main"):
    """Work at a task, and record that it is completed; the worktree."""
    tree = worked(top, name, files, base=base)
    completed(top, name)
    return tree


def merge(top, *arguments):
    """What `vtm merge` answers, as JSON."""
    return vtm(top, "merge", "--json", *arguments)


def ways(answer):
    """For each task that was asked for how it ended, and the code of why it was not merged."""
    found = answer.json
    return {
        each["task_id"]: (each["how"], each["code"].removesuffix(f"::{each['task_id']}"))
        for name in ("merged", "already", "handed_back", "held_up")
        for each in found[name]
    }


def entry(top, name):
    """The entry of a task in the state file."""
    return json.loads((top / STATE).read_bytes())["tasks"][name]


def events(top, name):
    """Kinds of what happened to a task."""
    return [each["event"] for each in vtm(top, "log", name, "--json").json["events"]]


def head(top, branch="main"):
    """The commit of a branch."""
    return git(top, "rev-parse", branch)


def app(top):
    """The project."""
    return App.at(top)


def program(path, text):
    """A program in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def first_on_path(monkeypatch, program_file):
    """Let a program be the one of its name."""
    monkeypatch.setenv("PATH", str(program_file.parent), prepend=os.pathsep)
