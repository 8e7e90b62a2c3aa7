"""Finished work comes to main: in order, tested there, once, or not at all."""

from random import Random

import pytest

from tests.git.merging import happen
from tests.homes import (
    app,
    completed,
    done,
    entry,
    events,
    head,
    home,
    job,
    merge,
    ways,
    worked,
)
from tests.projects import put
from tests.repositories import commit, git, spy_on_git, vtm
from vtm.app.bringing_home import merge_one
from vtm.model.event import Kind

MERGED = ("merged", "")
ALREADY = ("already", "")
NOT_COMPLETED = ("held-up", "NOT-COMPLETED")
BEHIND = ("held-up", "BLOCKED::DEPENDENCY-NOT-MERGED")
CONFLICT = ("handed-back", "MERGE-CONFLICT")
RED = ("handed-back", "MERGE-TESTS-RED")


def subjects(top, revision="main"):
    return git(top, "log", "--format=%s", revision).splitlines()


@pytest.fixture
def top(tmp_path):
    return home(tmp_path / "top")


def test_it_comes_to_main_with_a_merge_commit(top):
    done(top, "A--T01")
    before, work = head(top), head(top, "feat/A--T01")
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (0, {"A--T01": MERGED})
    (found,) = answer.json["merged"]
    assert (found["commit"], found["head"]) == (head(top), work)
    assert git(top, "log", "-1", "--format=%P%n%s").splitlines() == [
        f"{before} {work}",
        "Merge feat/A--T01: Title of A--T01",
    ]
    assert (top / "src/a--t01.py").read_text() == "1\n"
    assert entry(top, "A--T01")["status"] == "completed"
    assert entry(top, "A--T01")["evidence"]["commit"] == work
    last = vtm(top, "log", "A--T01", "--json").json["events"][-1]
    assert (last["event"], last["evidence"]["result"]["commit"]) == ("merge", head(top))


def test_merging_again_changes_nothing(top):
    done(top, "A--T01")
    merge(top, "A--T01")
    before = head(top), (top / "docs/backlog/task-events.jsonl").read_bytes()
    answer = merge(top, "A--T01", "A--T01")
    assert (answer.code, ways(answer)) == (0, {"A--T01": ALREADY})
    assert merge(top, "--ready").json["already"] == []
    assert before == (head(top), (top / "docs/backlog/task-events.jsonl").read_bytes())
    assert subjects(top).count("Work at A--T01") == 1


def test_what_was_merged_by_hand_is_there(top):
    done(top, "A--T01")
    git(top, "merge", "-q", "--no-ff", "-m", "By hand", "feat/A--T01")
    assert ways(merge(top, "A--T01")) == {"A--T01": ALREADY}
    git(top, "worktree", "remove", str(top / ".worktrees/feat/A--T01"))
    git(top, "branch", "-d", "feat/A--T01")
    assert ways(merge(top, "A--T01")) == {"A--T01": ALREADY}
    assert subjects(top)[0] == "By hand"


def test_a_branch_without_a_commit_of_its_own_makes_none(top):
    git(top, "branch", "feat/A--T01")
    completed(top, "A--T01", "")
    before = head(top)
    assert ways(merge(top, "A--T01")) == {"A--T01": ALREADY}
    assert head(top) == before


@pytest.mark.parametrize("status", ["pending", "in-progress", "blocked", "abandoned"])
def test_only_completed_tasks(top, status):
    worked(top, "A--T01")
    if status != "pending":
        happen(top, Kind.START, owner="ada")
    if status in {"blocked", "abandoned"}:
        happen(top, Kind.BLOCK if status == "blocked" else Kind.ABANDON, reason="x")
    before = head(top)
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (1, {"A--T01": NOT_COMPLETED})
    assert status in answer.json["held_up"][0]["reason"]
    assert (head(top), merge(top, "--ready").code) == (before, 0)


@pytest.mark.parametrize("what", ["changed", "staged", "untracked", "deleted"])
def test_only_what_is_committed(top, what):
    tree = done(top, "A--T01")
    if what == "deleted":
        (tree / "src/shared.py").unlink()
    else:
        put(tree, "src/new.py" if what == "untracked" else "src/shared.py", "2\n")
    if what == "staged":
        git(tree, "add", "-A")
    before = head(top)
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (1, {"A--T01": ("held-up", "NOT-COMMITTED")})
    assert answer.json["held_up"][0]["files"] == ["src/new.py" if what == "untracked" else "src/shared.py"]
    assert head(top) == before
    commit(tree)
    answer = merge(top, "A--T01")
    assert ways(answer) == {"A--T01": MERGED}
    (found,) = answer.json["merged"]
    assert found["recorded"] != found["head"] == git(tree, "rev-parse", "HEAD")


def test_the_recorded_commit_is_on_the_branch(top):
    tree = done(top, "A--T01")
    git(tree, "commit", "-q", "--amend", "-m", "Other")
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (1, {"A--T01": ("held-up", "COMMIT-NOT-ON-BRANCH")})


def test_a_conflict_hands_the_task_back_and_leaves_main(top):
    done(top, "A--T01", {"src/shared.py": "one\n"})
    tree = done(top, "A--T02", {"src/shared.py": "two\n", "src/other.py": "2\n"})
    assert ways(merge(top, "A--T01")) == {"A--T01": MERGED}
    before, status = head(top), git(top, "status", "--porcelain")
    answer = merge(top, "A--T02")
    assert (answer.code, ways(answer)) == (1, {"A--T02": CONFLICT})
    assert answer.json["handed_back"][0]["files"] == ["src/shared.py"]
    assert (head(top), git(top, "status", "--porcelain")) == (before, status)
    assert entry(top, "A--T02")["status"] == "pending"
    last = vtm(top, "log", "A--T02", "--json").json["events"][-1]
    assert (last["event"], last["evidence"]["codes"]) == ("reopen", ["MERGE-CONFLICT"])
    assert "src/shared.py" in last["evidence"]["reason"]
    assert "merge main into feat/A--T02" in last["evidence"]["reason"]
    assert (git(tree, "status", "--porcelain"), git(tree, "branch", "--show-current")) == ("", "feat/A--T02")


def test_what_was_handed_back_is_taken_up_and_merged(top):
    done(top, "A--T01", {"src/shared.py": "one\n"})
    tree = done(top, "A--T02", {"src/shared.py": "two\n"})
    merge(top, "A--T01", "A--T02")
    assert vtm(top, "start", "A--T02").code == 0
    with pytest.raises(Exception, match="merge"):
        git(tree, "merge", "-q", "main")
    put(tree, "src/shared.py", "one and two\n")
    commit(tree, "Settle it")
    passed = ("--tests-passed", "1", "--commit", head(tree, "HEAD"))
    allowed = ("--allow", "BLOCKED::MISSING-TESTS", "--reason", "there are none")
    assert vtm(top, "complete", "A--T02", *passed, *allowed).code == 0
    assert ways(merge(top, "A--T02")) == {"A--T02": MERGED}
    assert (top / "src/shared.py").read_text() == "one and two\n"
    assert events(top, "A--T02") == [
        *("start", "complete", "reopen"),
        *("start", "complete", "merge"),
    ]


def test_red_tests_on_what_both_are_together(tmp_path):
    """Each branch passes by itself."""
    both = "test ! -e src/one.py || test ! -e src/two.py || { echo both; exit 3; }"
    top = home(tmp_path / "top", settings=f'[gate]\nafter = ["true", "{both}"]\n')
    done(top, "A--T01", {"src/one.py": "1\n"})
    done(top, "A--T02", {"src/two.py": "2\n"})
    done(top, "A--T03", {"src/three.py": "3\n"})
    worktrees = git(top, "worktree", "list")
    answer = merge(top, "--ready")
    assert (answer.code, ways(answer)) == (1, {"A--T01": MERGED, "A--T02": RED, "A--T03": MERGED})
    (red,) = answer.json["handed_back"]
    assert (red["output"], "exit code 3" in red["reason"]) == ("both", True)
    assert "Work at A--T02" not in subjects(top)
    reason = vtm(top, "log", "A--T02", "--json").json["events"][-1]["evidence"]["reason"]
    assert reason.endswith("\nboth")
    assert git(top, "worktree", "list").splitlines()[1:] == worktrees.splitlines()[1:]
    assert sorted(each.name for each in (top / ".worktrees").iterdir()) == [".gitignore", "feat"]


def test_a_gate_that_is_no_program_is_nobodys_fault(tmp_path):
    top = home(tmp_path / "top", settings='[gate]\nafter = ["no-such-program-at-all"]\n')
    done(top, "A--T01")
    before = head(top)
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (5, {"A--T01": ("held-up", "GATE-NOT-STARTED")})
    assert (entry(top, "A--T01")["status"], head(top)) == ("completed", before)


def test_tests_have_their_time(tmp_path):
    settings = '[gate]\nafter = ["sleep 600 & echo begun; sleep 600"]\n[run]\ntimeout = "1s"\n'
    top = home(tmp_path / "top", settings=settings)
    done(top, "A--T01")
    answer = merge(top, "A--T01")
    assert ways(answer) == {"A--T01": RED}
    assert answer.json["handed_back"][0]["output"] == "begun"
    assert "longer than 1 s" in answer.json["handed_back"][0]["reason"]


def test_output_of_tests_is_bounded_and_harmless(tmp_path):
    noise = "yes 0123456789 | head -n 100000; printf '\\\\033[31mred\\\\000\\\\377\\\\n'; exit 1"
    top = home(tmp_path / "top", settings=f'[gate]\nafter = ["{noise}"]\n')
    done(top, "A--T01")
    (red,) = merge(top, "A--T01").json["handed_back"]
    assert red["output"].endswith("\n\\x1b[31mred\\x00\N{REPLACEMENT CHARACTER}")
    assert len(red["output"]) <= 4100


def chain(folder, **options):
    """T01 <- T02 <- T03, and T04 by itself."""
    tasks = (job("A--T01"), job("A--T02", "A--T01"), job("A--T03", "A--T02"), job("A--T04"))
    return home(folder, *tasks, **options)


def test_dependencies_come_first(tmp_path):
    top = chain(tmp_path / "top")
    for name in ("A--T01", "A--T02", "A--T03", "A--T04"):
        done(top, name)
    answer = merge(top, "A--T03", "A--T04", "A--T02", "A--T01")
    assert [each["task_id"] for each in answer.json["merged"]] == ["A--T01", "A--T02", "A--T03", "A--T04"]


def test_a_dependency_that_nobody_asked_for_holds_up(tmp_path):
    top = chain(tmp_path / "top")
    done(top, "A--T01")
    done(top, "A--T02")
    answer = merge(top, "A--T02")
    assert (answer.code, ways(answer)) == (1, {"A--T02": BEHIND})
    assert "A--T01" in answer.json["held_up"][0]["reason"]
    happen(top, Kind.WAIVE, "A--T03", dependency="A--T02", reason="x")
    done(top, "A--T03")
    assert ways(merge(top, "A--T03")) == {"A--T03": MERGED}


def test_the_rest_goes_on_behind_one_that_fails(tmp_path):
    top = chain(tmp_path / "top")
    done(top, "A--T01", {"src/shared.py": "mine\n"})
    for name in ("A--T02", "A--T03", "A--T04"):
        done(top, name)
    put(top, "src/shared.py", "theirs\n")
    commit(top)
    answer = merge(top, "--ready")
    assert answer.code == 1
    assert ways(answer) == {"A--T01": CONFLICT, "A--T02": BEHIND, "A--T03": BEHIND, "A--T04": MERGED}
    assert "A--T02" in answer.json["held_up"][1]["reason"]


@pytest.mark.parametrize("seed", range(3))
def test_any_graph_in_any_order(tmp_path, seed):
    """A task comes to main if its own work fits and all that it depends on did, and only then."""
    chance = Random(seed)
    names = [f"A--T{number:02}" for number in range(9)]
    needs = {name: chance.sample(names[:at], min(at, chance.randrange(3))) for at, name in enumerate(names)}
    top = home(tmp_path / "top", *(job(name, *needs[name]) for name in names))
    flaws = {name: chance.choice(["", "", "", "conflict", "open", "dirty"]) for name in names}
    for name, flaw in flaws.items():
        files = {f"src/{name}.py": "1\n"} | ({"src/shared.py": name} if flaw == "conflict" else {})
        tree = (worked if flaw == "open" else done)(top, name, files)
        if flaw == "dirty":
            put(tree, "new.py", "1\n")
    put(top, "src/shared.py", "theirs\n")
    commit(top)
    wanted = set()
    for name in names:
        if not flaws[name] and set(needs[name]) <= wanted:
            wanted.add(name)
    found = ways(merge(top, *chance.sample(names, len(names))))
    assert {name for name, way in found.items() if way == MERGED} == wanted
    assert set(found) == set(names)
    lines = subjects(top)
    assert {name: lines.count(f"Work at {name}") for name in names} == {
        name: int(name in wanted) for name in names
    }


def test_a_merge_is_not_undone(top):
    done(top, "A--T01")
    merge(top, "A--T01")
    answer = vtm(top, "undo", "A--T01", "--json")
    assert (answer.code, answer.json["code"]) == (4, "NOTHING-TO-UNDO")
    assert events(top, "A--T01")[-1] == "merge"


def test_it_is_only_said_with_dry_run(tmp_path):
    """Each task is looked at as if those before it were on main."""
    top = chain(tmp_path / "top", settings='[gate]\nafter = ["exit 1"]\n')
    done(top, "A--T01")
    done(top, "A--T02", {"src/shared.py": "two\n"})
    done(top, "A--T03", {"src/x.py": "3\n"})
    done(top, "A--T04", {"src/shared.py": "four\n"})

    def everything():
        files = [(top / name).read_bytes() for name in ("docs/backlog/task-events.jsonl", "src/shared.py")]
        return files, git(top, "for-each-ref"), git(top, "worktree", "list")

    before = everything()
    answer = merge(top, "--ready", "--dry-run", "--push")
    assert (answer.code, answer.json["dry_run"]) == (1, True)
    assert ways(answer) == {"A--T01": MERGED, "A--T02": MERGED, "A--T03": MERGED, "A--T04": CONFLICT}
    assert everything() == before


OUTSIDE = {"src/a.py": "1\n", "lib/b.py": "1\n"}


def test_what_is_outside_the_scope_is_warned_of_by_hand(top):
    done(top, "A--T01", OUTSIDE)
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (0, {"A--T01": MERGED})
    (warning,) = answer.json["merged"][0]["findings"]
    assert warning["code"] == "WARN::SCOPE-ESCAPE::A--T01"
    assert "lib/b.py" in warning["message"]
    assert "src/a.py" not in warning["message"]


def test_what_is_outside_the_scope_stops_what_nobody_looks_at(tmp_path):
    top = home(tmp_path / "top", settings='[git]\nmerge = "auto"\n')
    done(top, "A--T01", OUTSIDE)
    before = head(top)
    assert ways(merge(top, "A--T01")) == {"A--T01": ("held-up", "WARN::SCOPE-ESCAPE")}
    found = merge_one(app(top), "A--T01")
    assert (found.how, found.code) == ("held-up", "WARN::SCOPE-ESCAPE::A--T01")
    assert (head(top), entry(top, "A--T01")["status"]) == (before, "completed")
    assert merge_one(app(top), "A--T01", strict=False).how == "merged"


def test_what_main_changed_meanwhile_is_not_the_branch_s(top):
    tree = done(top, "A--T01")
    put(top, "lib/other.py", "1\n")
    commit(top)
    git(tree, "merge", "-q", "--no-edit", "main")
    assert merge_one(app(top), "A--T01").how == "merged"


@pytest.mark.parametrize(
    "path", ["docs/backlog/task-state.json", "docs/backlog/task-events.jsonl", ".vtm/templates/x.md"]
)
def test_what_vtm_alone_writes_comes_from_no_branch(top, path):
    done(top, "A--T01", {"src/a.py": "1\n", path: '{"tasks": {}}\n\n'})
    before = head(top)
    answer = merge(top, "A--T01")
    assert (answer.code, ways(answer)) == (1, {"A--T01": ("held-up", "OWN-FILES")})
    assert (answer.json["held_up"][0]["files"], head(top)) == ([path], before)


def test_boxes_of_a_task_file_come_from_no_branch_but_its_text_does(top):
    text = "---\nid: B--T01\nname: Do it\nstatus: pending\n---\n\n- [ ] It works\n"
    put(top, "tasks/b.md", text)
    commit(top)
    done(top, "A--T01", {"tasks/b.md": text.replace("[ ]", "[x]")})
    done(top, "A--T02", {"tasks/b.md": text.replace("It works", "It works well")})
    answer = merge(top, "A--T01", "A--T02")
    assert ways(answer) == {"A--T01": ("held-up", "OWN-FILES"), "A--T02": MERGED}


def test_no_force_and_no_push(tmp_path, monkeypatch):
    """In all that a merge does: also after a conflict, red tests, and a main that moves."""
    moves = "test -e ../moved || { touch ../moved; git -C ../.. commit -q --allow-empty -m More; }"
    settings = f'[gate]\nafter = ["{moves}", "test ! -e src/bad.py"]\n'
    top = chain(tmp_path / "top", settings=settings)
    done(top, "A--T01")
    done(top, "A--T02", {"src/bad.py": "1\n"})
    done(top, "A--T04", {"src/shared.py": "mine\n"})
    put(top, "src/shared.py", "theirs\n")
    commit(top)
    log = spy_on_git(monkeypatch, tmp_path)
    assert ways(merge(top, "--ready")) == {"A--T01": MERGED, "A--T02": RED, "A--T04": CONFLICT}
    assert vtm(top, "merge", "A--T01", "--dry-run").code == 0
    calls = [line.split() for line in log.read_text().splitlines()]
    words = {word for call in calls for word in call}
    options = {word for word in words if word.startswith(("-", "+"))}
    assert {"merge-tree", "worktree", "merge", "--ff-only"} <= words
    assert not {"push", "reset", "clean", "--hard", "-f", "-ff", "-D", "-B"} & words
    assert not [word for word in options if "force" in word or word.startswith("+")]
