"""`vtm phase`, and the gates at the borders of phases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.checkpoints import TASKS, ok
from tests.cli.test_commands import checked
from tests.projects import put, write
from tests.repositories import commit, git, repository, vtm
from vtm.app.app import App
from vtm.app.phases import Border, gate_after, gate_before, gates_behind, phase_gate
from vtm.errors import ExternalError
from vtm.model.phase_gate import Outcome, Side

ONE, TWO = "Phase 1", "Phase 2"


@pytest.fixture
def top(tmp_path):
    """A repository with two tasks in the first phase and one in the second."""
    folder = write(repository(tmp_path / "top", commit_first=False), TASKS, {})
    for letter in "abc":
        put(folder, f"tests/test_{letter}.py", "")
    commit(folder)
    return folder


def settings(folder, text):
    put(folder, "vtm.toml", text)
    commit(folder, "Settings")


def counting(folder, name, exit_code=0):
    """A command that writes a line into a file, and how it ends."""
    return f"echo x >> '{folder}/.git/{name}'; exit {exit_code}"


def ran(folder, name):
    path = folder / ".git" / name
    return len(path.read_text("utf-8").split()) if path.exists() else 0


def done(folder, name, *more):
    ok(folder, "start", name)
    ok(folder, "ac", name, "AC01")
    ok(folder, "complete", name, "--tests-passed", "1", "--commit", "HEAD", *more)


def app(folder):
    return App.at(folder)


def test_where_nothing_is_set_nothing_is_asked(top, monkeypatch):
    monkeypatch.setattr("vtm.app.phases.Border", None)
    for side in Side:
        assert phase_gate(app(top), ONE, side).outcome is Outcome.UNSET


def test_before_runs_once(top):
    settings(top, f'[gate]\nbefore = ["{counting(top, "before")}"]\n')
    assert [gate_before(app(top), ONE).ran for _ in range(3)] == [True, False, False]
    assert ran(top, "before") == 1
    assert gate_before(app(top), TWO).ran


@pytest.mark.parametrize("exit_code", [0, 1], ids=["passes", "fails"])
def test_of_many_who_ask_at_once_one_runs_it(top, exit_code):
    settings(top, f'[gate]\nbefore = ["{counting(top, "before", exit_code)}"]\n')
    borders = [Border(app(top)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda border: border.cross(border.named(ONE), Side.BEFORE), borders))
    assert [each.stops for each in found] == [bool(exit_code)] * 4
    assert ran(top, "before") == 1


def test_one_that_failed_runs_again_and_stops_until_then(top):
    settings(
        top,
        f'[gate]\nbefore = ["{counting(top, "first")}", "echo no; test -e .git/fine"]\n',
    )
    found = gate_before(app(top), ONE)
    assert (found.stops, found.reason) == (
        *(True, "`echo no; test -e .git/fine` before Phase 1 ended with exit code 1"),
    )
    assert found.last.output == "no"
    put(top, ".git/fine", "")
    assert not gate_before(app(top), ONE).stops
    assert ran(top, "first") == 2


def test_after_waits_for_all_work_and_for_main(top):
    settings(top, f'[gate]\nafter = ["{counting(top, "after")}"]\n')
    assert gate_after(app(top), ONE).reason == "A--T01 is pending, and 1 more"
    done(top, "A--T01")
    git(top, "switch", "-q", "-c", "feat/B--T01")
    git(top, "commit", "-q", "--allow-empty", "-m", "Work")
    git(top, "switch", "-q", "main")
    ok(top, "start", "B--T01")
    ok(top, "ac", "B--T01", "AC01")
    ok(top, "complete", "B--T01", "--tests-passed", "1", "--commit", "feat/B--T01")
    waiting = gate_after(app(top), ONE)
    assert (waiting.outcome, waiting.stops) == (Outcome.WAITING, False)
    assert waiting.reason == "the work of B--T01 is not on main"
    git(top, "merge", "-q", "--ff-only", "feat/B--T01")
    assert [gate_after(app(top), ONE).ran for _ in range(2)] == [True, False]
    assert ran(top, "after") == 1


def test_a_gate_that_failed_behind_a_phase_stops_the_next_one(top):
    settings(top, '[gate.phase]\nafter = ["false"]\nbefore = ["true"]\n')
    assert not gate_before(app(top), TWO).stops  # the first phase is not over
    done(top, "A--T01")
    done(top, "B--T01")
    found = gate_before(app(top), TWO)
    assert (found.stops, found.phase, found.side) == (True, ONE, Side.AFTER)


def test_at_the_end_of_all_work(top):
    settings(top, f'[gate.phase]\nafter = ["{counting(top, "after")}"]\n')
    assert gates_behind(app(top)) is None
    for name in ("A--T01", "B--T01", "C--T01"):
        done(top, name)
    assert [gates_behind(app(top)) for _ in range(2)] == [None, None]
    assert ran(top, "after") == 2
    settings(top, '[gate.phase]\nafter = ["false"]\n')
    found = gates_behind(app(top))
    assert (found.phase, found.stops) == (ONE, True)


def test_what_is_done_anew_is_judged_anew(top):
    settings(top, f'[gate]\nafter = ["{counting(top, "after")}"]\n')
    done(top, "A--T01")
    done(top, "B--T01")
    assert gate_after(app(top), ONE).outcome is Outcome.PASSED
    ok(top, "reopen", "A--T01", "--reason", "x")
    assert gate_after(app(top), ONE).outcome is Outcome.WAITING
    done(top, "A--T01")
    gate_after(app(top), ONE)
    assert ran(top, "after") == 2


def test_other_commands_count_anew(top):
    settings(top, '[gate]\nbefore = ["true"]\n')
    assert not gate_before(app(top), ONE).stops
    settings(top, '[gate]\nbefore = ["false"]\n')
    assert gate_before(app(top), ONE).stops


SETTINGS = {
    "[gate] counts for phases too": ('[gate]\nbefore = ["a"]\nafter = ["b"]\n', ("a",), ("b",)),
    "[gate.phase] wins": ('[gate]\nafter = ["b"]\n[gate.phase]\nafter = ["c"]\n', (), ("c",)),
    "empty is as good as unset": ('[gate]\nafter = ["b"]\n[gate.phase]\nafter = []\n', (), ("b",)),
}


@pytest.mark.parametrize(("text", "before", "after"), SETTINGS.values(), ids=SETTINGS)
def test_which_commands(top, text, before, after):
    put(top, "vtm.toml", text)
    gate = app(top).settings.gate
    assert (gate.of_phase(before=True), gate.of_phase(before=False)) == (before, after)


@pytest.mark.parametrize("command", ["no-such-program-here", "./vtm.toml"], ids=["unknown", "not a program"])
def test_a_command_that_cannot_be_started(top, command):
    settings(top, f'[gate]\nbefore = ["{command}"]\n')
    with pytest.raises(ExternalError, match="cannot be started") as caught:
        gate_before(app(top), ONE)
    assert (caught.value.code, caught.value.exit_code) == ("GATE-NOT-STARTED", 5)
    shown = checked(ok(top, "phase", ONE, "--json"))["phases"][0]
    assert (shown["before"]["outcome"], shown["before"]["last"]["command"]) == ("failed", command)


def test_one_that_takes_longer_than_an_agent_may_fails(top):
    settings(top, '[gate]\nbefore = ["echo begun; sleep 1000"]\n[run]\ntimeout = "1s"\n')
    found = gate_before(app(top), ONE)
    assert (found.outcome, found.last.exit_code) == (Outcome.FAILED, 124)
    assert found.last.output == "begun\n(it took longer than 1 s)"
    assert found.why.endswith("ended with exit code 124, as what takes longer than `[run] timeout` does")


def test_output_is_handed_on_and_its_end_is_kept(top):
    settings(
        top,
        r"""[gate]
before = ["printf 'a\\000\\377'; head -c 10000 /dev/zero | tr '\\0' x; false"]
""",
    )
    said = []
    found = gate_before(app(top), ONE, said.append)
    assert b"".join(said) == b"a\0\xff" + b"x" * 10000
    assert found.last.output == "x" * 4000


def test_for_a_person(top, snapshot):
    settings(top, '[gate]\nbefore = ["true"]\n[gate.phase]\nafter = ["echo it is broken; false"]\n')
    gate_before(app(top), ONE)
    put(top, "src/a/x.py", "1\n")
    put(top, "docs/guide.md", "x\n")
    put(top, "tests/test_a.py", "1\n")
    commit(top, "feat(A--T01): AC01 It works", at="2099-01-01T00:00:00Z")
    done(top, "A--T01")
    done(top, "B--T01")
    gate_after(app(top), ONE)
    assert ok(top, "phase").out == snapshot
    assert ok(top, "phase", ONE).out == snapshot(name="done")
    assert ok(top, "phase", "phase_2").out == snapshot(name="named")


def test_files_by_agent(top):
    ok(top, "start", "A--T01", "--agent", "ada")
    git(top, "switch", "-q", "-c", "feat/A--T01")
    put(top, "src/a/x.py", "1\n")
    git(top, "add", "src")
    git(top, "commit", "-q", "-m", "Work", at="2099-01-01T00:00:00Z")
    git(top, "switch", "-q", "main")
    ok(top, "start", "B--T01", "--agent", "bob")
    found = checked(ok(top, "phase", "--json"))
    assert found["files"] == [
        {"path": "src/a/x.py", "agent": "ada", "task_id": "A--T01", "status": "in-progress"}
    ]
    git(top, "merge", "-q", "--no-ff", "-m", "Merge feat/A--T01: x", "feat/A--T01", at="2099-01-01T00:00:00Z")
    git(top, "branch", "-q", "-D", "feat/A--T01")
    assert checked(ok(top, "phase", "--json"))["files"] == found["files"]


def test_outside_git(tmp_path):
    write(tmp_path, TASKS, {})
    found = checked(ok(tmp_path, "phase", "--json"))
    assert (found["current"], found["remaining"], found["completed"]) == (ONE, [TWO], [])


def test_an_unknown_phase(top):
    answer = vtm(top, "phase", "Phase 3", "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "UNKNOWN-PHASE")
