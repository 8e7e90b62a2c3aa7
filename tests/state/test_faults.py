"""Every call that changes a file fails once, or is the last thing its process does."""

import errno
import itertools
import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.cli.processes import ROOT, environment
from tests.repositories import vtm
from tests.state.breaking import KILLED
from tests.state.cases import CASES
from tests.state.projects import assert_sound, files, state
from tests.task_files import task_files

pytestmark = pytest.mark.no_cover  # at full speed: the same commands are covered where nothing fails
FAULTS = [("error", errno.ENOSPC), ("error", errno.EROFS), ("error", errno.EACCES), ("lasting", errno.ENOSPC)]
cases = pytest.mark.parametrize("case", CASES)


def broken_at_each_call(case, form, folder, forks, kind, error=0):
    """Each process that met the fault, with its project and what was in it before."""
    prepare, command = CASES[case]
    prepared = prepare(folder / "prepared", form)
    for nth in itertools.count(1):
        root = shutil.copytree(prepared, folder / f"{nth}")
        before = files(root)
        ended = forks.run(root, *command, fault=(nth, kind, error))
        if not ended.reached:
            assert ended.answer.code == 0
            assert nth > 5, "too few calls for this to have tested anything"
            return
        yield root, before, ended


def assert_goes_on(root):
    """The next command works as if nothing had happened, and all is sound after it."""
    answer = vtm(root, "note", "ALL--T01", "and on")
    assert answer.code == 0, answer
    assert state(root)["ALL--T01"]["notes"].endswith("and on")
    assert_sound(root)


@pytest.mark.parametrize("kind", ["before", "after"])
@cases
def test_the_process_dies(tmp_path, forks, form, case, kind):
    for root, before, ended in broken_at_each_call(case, form, tmp_path, forks, kind):
        assert ended.code == KILLED
        if "task-state.json" in files(root):
            json.loads(files(root)["task-state.json"])
        assert len(files(root)) >= len(before)
        assert_goes_on(root)


@pytest.mark.parametrize(
    ("form", "kind", "error"),
    [*(("manifest", *each) for each in FAULTS), *(("files", *each) for each in FAULTS[::3])],
    ids=lambda each: errno.errorcode.get(each, each),
)
@cases
def test_the_system_refuses(tmp_path, forks, form, case, kind, error):
    refusals = 0
    for root, before, ended in broken_at_each_call(case, form, tmp_path, forks, kind, error):
        code, out, err = ended.answer
        if code == 0:
            assert files(root) != before
            assert_sound(root)
        else:
            refusals += 1
            assert (code, out) == (5, ""), err
            assert os.strerror(error).lower() in err
            assert "fix: " in err
            assert "Traceback" not in err
            after = files(root)
            if kind == "lasting" and "nor be left as it was" in err:
                for name in ("task-events.jsonl", *task_files(root)):
                    before[name] = after[name] = b"it is said that this is uncertain"
            if case == "torn journal":
                before["task-events.jsonl"] = after["task-events.jsonl"] = b"whole lines alone count"
            assert after == before
        assert_goes_on(root)
    assert refusals >= 4


@pytest.mark.parametrize("left", [0, 1, 2, 4])
@pytest.mark.parametrize("disk", ["", "shop/.vtm"], ids=["all", "database"])
@pytest.mark.parametrize("case", ["first change", "note", "first claim", "lease ended", "lease prolonged"])
def test_a_full_disk(tmp_path, form, case, disk, left):
    if shutil.which("unshare") is None or os.geteuid():
        pytest.skip("only root may mount a disk")
    given = [tmp_path, case, form, str(left), tmp_path / disk]
    command = ["unshare", "--mount", sys.executable, "-m", "tests.state.full_disk", *given]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    if b"unshare failed" in done.stderr or done.stdout == b"null":
        pytest.skip("nothing can be mounted here")
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    code, out, err = found["answer"]
    assert found["unchanged"] == (code != 0), (code, err)
    if code:
        assert (code, out) == (5, ""), err
        assert "no space left" in err or "full" in err or "disk I/O error" in err, err
    elif err:
        assert "the lease of ALL--T02 counts from the journal" in err
    assert code or left or disk
    assert found["following"][0] == 0
