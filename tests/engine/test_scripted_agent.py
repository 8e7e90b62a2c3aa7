"""The scripted agent does what its plan says, and tells of it."""

import os
import signal
import subprocess

import pytest

from tests.engine.scripted_agent import ACTS
from tests.engine.scripting import Plan
from tests.projects import put, task, write
from tests.repositories import commit, git, repository, vtm

TASK = "AUTH--T01"
FILES = {"src/auth/a.py": "A = 1\n", "tests/test_auth.py": "def test_a(): ...\n"}
ENDINGS = {"crashes": 1, "is-killed": -signal.SIGSEGV, "hangs": -signal.SIGKILL}


@pytest.fixture
def project(tmp_path):
    root = repository(tmp_path / "shop", commit_first=False)
    write(root, [task(TASK, file_scope=["src/auth/**", "tests/**"])])
    commit(root, "Plan")
    assert vtm(root, "start", TASK).code == 0
    git(root, "worktree", "add", "-q", "-b", f"feat/{TASK}", str(tmp_path / "tree"))
    return root


def ran(plan, project, act, attempt=1, epoch=1):
    """Run an agent in the worktree of the task, as a runner would: its output, exit code and errors."""
    plan.write({TASK: FILES}, {TASK: [act]})
    prompt, said, told = (project.parent / each for each in ("prompt", "said", "told"))
    prompt.write_text(vtm(project, "prompt", TASK).out, "utf-8")
    names = {"VTM_TASK": TASK, "VTM_EPOCH": str(epoch), "VTM_SESSION": f"{TASK}:{attempt}"}
    with prompt.open("rb") as stdin, said.open("wb") as stdout, told.open("wb") as stderr:
        process = subprocess.Popen(
            plan.argv,
            cwd=project.parent / "tree",
            env=os.environ | names,
            stdin=stdin,
            stdout=subprocess.PIPE if act == "hangs" else stdout,
            stderr=stderr,
        )
    if act == "hangs":
        with process.stdout:
            process.stdout.readline()
        process.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.1)
        process.kill()
    try:
        code = process.wait(30)
    finally:
        process.kill()
    return said.read_bytes(), code, told.read_bytes()


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"records", "drowns", "spawns"}))
def test_acts(act, project, tmp_path):
    plan = Plan(tmp_path / "agents", project)
    said, code, err = ran(plan, project, act)
    assert code == ENDINGS.get(act, 0), err
    start, *end = plan.audit
    assert (start["what"], start["task"], start["act"], start["beside"]) == ("start", TASK, act, [])
    assert len(end) == (act not in {"is-killed", "hangs"})
    for name in plan.alive:
        assert act == "leaves-a-child"
        assert name == f"{TASK}:1 child"
        os.kill(plan.pid(name), signal.SIGKILL)
        plan.wait_for(name)
    assert plan.alive == []
    silent = {*ENDINGS, "says-nothing"}
    assert (b'"task_id"' in said) == (act not in silent)


def test_a_good_report_is_taken(project, tmp_path):
    plan = Plan(tmp_path / "agents", project)
    said, _, _ = ran(plan, project, "well")
    report = put(tmp_path, "said.txt", said.decode())
    answer = vtm(project, "report-back", str(report), "--json")
    assert (answer.code, answer.json["outcome"]) == (0, "applied")


def test_a_prompt_for_another_epoch_is_refused(project, tmp_path):
    plan = Plan(tmp_path / "agents", project)
    _, code, err = ran(plan, project, "well", epoch=2)
    assert code == 1
    assert b"epoch 2" in err
    assert "error" in plan.audit[-1]
