"""Repositories with a backlog that scripted agents work through, and what must hold of them at the end."""

import json
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from tests.cli.processes import call
from tests.engine.scripting import Plan
from tests.projects import put, task, write
from tests.repositories import commit, git, repository, vtm
from tests.state.projects import events, state

BENIGN = ("records", "floods", "swears", "leaves-a-child")
"""What agents do whose tasks are completed all the same."""
CHECK = """\
import importlib, pathlib, sys

sys.dont_write_bytecode = True
sys.path.insert(0, "src")
for path in sorted(pathlib.Path("src").glob("*/*.py")):
    importlib.import_module(f"{path.parent.name}.{path.stem}")
"""
"""Imports all modules that tasks have written; each imports those of the tasks that it depends on."""


class Shop(NamedTuple):
    """A repository, and the agents that work in it.

    Attributes:
        base: The commit of main that all began with.
        tasks: Their entries, by id.
    """

    root: Path
    plan: Plan
    base: str
    tasks: dict

    def run(self, *arguments, **options):
        """`vtm run` to its end, with what it answered and told, as objects; with `options` as a process."""
        if options:
            done = call(self.root, "run", *arguments, "--json", **{"timeout": 600} | options)
            code, told, complaints = done.returncode, done.stdout.decode(), done.stderr.decode()
        else:
            code, told, complaints = vtm(self.root, "run", *arguments, "--json")
        return code, [json.loads(line) for line in told.splitlines()], complaints


def shop(folder, tasks, acts=None, seconds=None, settings=""):
    """A repository with these tasks, for each of which an agent writes a module and a test."""
    root = repository(folder / "shop", commit_first=False)
    write(root, tasks, {})
    plan = Plan(folder / "agents", root)
    plan.write({each["task_id"]: files(each) for each in tasks}, acts, seconds)
    check = f'"{sys.executable}" -I -S check.py'
    put(root, "check.py", CHECK)
    put(root, ".gitignore", "/.worktrees/\n")
    put(
        root,
        "vtm.toml",
        f"""\
wip_limit = 0
{settings}
[parallel]
max = 6
[gate]
after = ['{check}']
[agents]
runner = "scripted"
[runners.scripted]
command = {json.dumps(plan.argv)}
""",
    )
    return Shop(root, plan, commit(root, "Plan"), {each["task_id"]: each for each in tasks})


def module(task_id):
    """The name of the package that a task writes."""
    return task_id.lower().replace("--", "_")


def entry(task_id, needs=(), **more):
    """A task that may run beside others, with a module and a test of its own."""
    name = module(task_id)
    own = {
        "parallel": True,
        "file_scope": [f"src/{name}/**", f"tests/test_{name}.py"],
        "test_verification": [f"tests/test_{name}.py"],
    }
    return task(task_id, "", needs, **own | more)


def files(task_entry):
    """What the agent of a task writes."""
    name = module(task_entry["task_id"])
    needs = "".join(f"import {module(each)}.made\n" for each in task_entry["depends_on_tasks"])
    return {
        f"src/{name}/made.py": f"{needs}NAME = {name!r}\n",
        f"tests/test_{name}.py": f"def test_{name}(): ...\n",
    }


def assert_agents_kept_to_the_rules(of, most):
    """As the agents themselves have written down.

    No prompt was wrong, at most `most` were at work at once, and no two at one task or in overlapping scopes.
    """
    for line in of.plan.audit:
        assert not line.get("twice"), line
        assert "prompt" not in line.get("error", ""), line
        beside = [each for each in line.get("beside", ()) if not each.endswith(" child")]
        assert len(beside) < most, line
        mine = set(of.tasks[line["task"]]["file_scope"])
        assert not any(mine & set(of.tasks[each]["file_scope"]) for each in beside), line


def assert_nothing_is_left(of):
    """No process of the agents or of vtm, and no worktree or branch of a task that is merged."""
    assert of.plan.alive == []
    assert processes_about(of.root.parent) == {}
    kept = {name for name, each in state(of.root).items() if each["status"] not in {"completed", "pending"}}
    listed = git(of.root, "worktree", "list", "--porcelain").split("\n\n")
    assert not any("prunable" in each for each in listed)
    trees = {Path(each.partition("\n")[0].removeprefix("worktree ")) for each in listed}
    names = {tree.relative_to(of.root / ".worktrees" / "feat").as_posix() for tree in trees - {of.root}}
    assert names <= kept
    branches = set(git(of.root, "for-each-ref", "--format=%(refname:short)", "refs/heads").split())
    assert branches - {"main"} <= {f"feat/{name}" for name in kept}


def assert_main_is_whole(of):
    """Main builds; it holds the commits of completed tasks, once each, and nothing else."""
    git(of.root, "diff", "--quiet", "HEAD", "--", "src", "tests", "check.py")
    ran = call_check(of.root)
    assert ran.returncode == 0, ran.stderr
    done = {name for name, each in state(of.root).items() if each["status"] == "completed"}
    subjects = git(of.root, "log", "--no-merges", "--format=%s", f"{of.base}..main").splitlines()
    own = [each for each in subjects if each.startswith("feat(")]
    assert len(own) == len(set(own))
    assert {each.partition("(")[2].partition(")")[0] for each in own} == done
    for name in done:
        recorded = state(of.root)[name]["evidence"]["commit"]
        git(of.root, "merge-base", "--is-ancestor", recorded, "main")
    changed = git(of.root, "diff", "--name-only", of.base, "main").splitlines()
    scopes = [scope for name in done for scope in of.tasks[name]["file_scope"]]
    foreign = {
        path for each in of.plan.audit if each["act"] == "clashes" for path in files(of.tasks[each["task"]])
    }
    stray = [
        path for path in changed if path not in foreign and not any(fnmatch(path, each) for each in scopes)
    ]
    assert stray == []


def assert_each_is_done_once(of):
    """As the journal says: a task was completed once for each time that it was open, and no more."""
    log, entries = events(of.root), state(of.root)
    for name, each in entries.items():
        kinds = [event["event"] for event in log if event["task"] == name]
        completed, reopened = kinds.count("complete"), kinds.count("reopen")
        assert completed - reopened == (each["status"] == "completed"), (name, kinds)


def call_check(root):
    """Import all that is on main."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "check.py"], cwd=root, check=False, capture_output=True
    )


def processes_about(folder):
    """Processes that work below a folder or were told of it: id to command line; none on other systems."""
    found, wanted = {}, os.fsencode(folder) + b"/"
    for each in Path("/proc").glob("[0-9]*"):
        try:
            where = os.fsencode((each / "cwd").readlink())
            called, told = (each / "cmdline").read_bytes(), (each / "environ").read_bytes()
        except OSError:
            continue
        if each.name != str(os.getpid()) and (where.startswith(wanted) or wanted in called + told):
            found[int(each.name)] = called
    return found
