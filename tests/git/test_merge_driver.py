"""The merge driver in real merges, rebases and cherry-picks."""

import json

import pytest
from jsonschema import Draft202012Validator

from tests.git.merging import CONFLICTS, JOURNAL, TASKS, happen, project, try_git
from tests.projects import STATE, put
from tests.repositories import commit, git, repository, vtm
from tests.schemas.generate import FOLDER
from vtm.model.event import Kind
from vtm.model.folding import fold
from vtm.model.standing import Standing, standing
from vtm.sources.state import JsonState
from vtm.stores.journal import Journal


def tasks(root):
    return json.loads((root / STATE).read_text("utf-8"))["tasks"]


def agrees(root):
    """Whether each entry is what the journal beside it gives, and vtm has nothing to say of either."""
    journal = Journal((root / JOURNAL).read_bytes())
    assert journal.read[1] == []
    entries = JsonState(root / STATE, STATE).load(thorough=True)
    assert list(entries.defects) == []
    events = journal.by_task()
    assert entries.state.tasks.keys() == events.keys()
    for name, entry in entries.state.tasks.items():
        assert standing(entry, events[name]) is Standing.SAME, name
        assert fold(events[name]).state.status is entry.status
    return vtm(root, "validate", "--select", "GAP").code == 0


@pytest.fixture
def two(tmp_path):
    """A task was started; then main notes something on it, and the branch completes it and starts another."""
    top = project(tmp_path / "top")
    happen(top, Kind.START, at="2026-03-01T12:00:01Z", owner="ada")
    commit(top, "Start")
    git(top, "switch", "-qc", "side")
    happen(top, Kind.MEET, at="2026-03-01T12:00:03Z", criteria=("A--T01-AC01",))
    commit(top, "Meet")
    happen(top, Kind.COMPLETE, at="2026-03-01T12:00:05Z", pr_number=7)
    happen(top, Kind.START, "A--T02", at="2026-03-01T12:00:06Z", owner="bob")
    commit(top, "Complete")
    git(top, "switch", "-q", "main")
    happen(top, Kind.NOTE, at="2026-03-01T12:00:02Z", text="seen")
    happen(top, Kind.BLOCK, "A--T03", at="2026-03-01T12:00:04Z", reason="no keys")
    commit(top, "Note")
    return top


def check_all(top):
    assert agrees(top)
    found = tasks(top)
    assert [found[name]["status"] for name in ("A--T01", "A--T02", "A--T03")] == [
        "completed",
        "in-progress",
        "blocked",
    ]
    assert (found["A--T01"]["notes"], found["A--T01"]["pr_number"]) == ("seen", 7)
    assert found["A--T01"]["acs_completed"] == ["A--T01-AC01"]
    assert not (top / CONFLICTS).exists()
    assert git(top, "status", "--porcelain") == ""


def test_merge(two):
    done = try_git(two, "merge", "--no-edit", "side")
    assert done.code == 0, done.said
    assert f"vtm merged {STATE} as the journals of both sides say" in done.said
    check_all(two)


def test_merge_the_other_way(two):
    git(two, "switch", "-q", "side")
    assert try_git(two, "merge", "--no-edit", "main").code == 0
    check_all(two)


def test_rebase(two):
    git(two, "switch", "-q", "side")
    done = try_git(two, "rebase", "main")
    assert done.code == 0, done.said
    check_all(two)
    for each in ("HEAD~1", "HEAD"):
        git(two, "checkout", "-q", each)
        assert agrees(two)


def test_cherry_pick_takes_what_the_journal_takes(two):
    """The lines that came before are in the journal then, and so in the state."""
    done = try_git(two, "cherry-pick", "side")
    assert done.code == 0, done.said
    check_all(two)


def test_cherry_pick_of_a_commit_that_no_branch_has_any_more(two):
    picked = git(two, "rev-parse", "side")
    git(two, "branch", "-qD", "side")
    assert try_git(two, "cherry-pick", picked).code == 0
    check_all(two)


def test_criss_cross(two):
    git(two, "switch", "-qc", "other", "main")
    assert try_git(two, "merge", "--no-edit", "side").code == 0
    happen(two, Kind.NOTE, at="2026-03-01T12:00:08Z", text="other")
    commit(two, "On other")
    git(two, "switch", "-q", "side")
    assert try_git(two, "merge", "--no-edit", "main").code == 0
    happen(two, Kind.NOTE, "A--T02", at="2026-03-01T12:00:09Z", text="side")
    commit(two, "On side")
    done = try_git(two, "merge", "--no-edit", "other")
    assert done.code == 0, done.said
    assert agrees(two)
    assert (tasks(two)["A--T01"]["notes"], tasks(two)["A--T02"]["notes"]) == ("seen\nother", "side")


def test_in_a_linked_worktree(two):
    git(two, "worktree", "add", "-q", "../linked", "side")
    done = try_git(two.parent / "linked", "merge", "--no-edit", "main")
    assert done.code == 0, done.said
    check_all(two.parent / "linked")
    assert git(two, "status", "--porcelain") == ""


PLACES = {"usual": (STATE, JOURNAL), "elsewhere": ("plan/s.json", "plan/a b.jsonl")}


@pytest.mark.parametrize("name", PLACES)
def test_in_a_project_below_the_top(name, tmp_path):
    state, journal = PLACES[name]
    top = repository(tmp_path / "top")
    root = top / "sub"
    put(root, "vtm.toml", f'[paths]\nstate = "{state}"\njournal = "{journal}"\n')
    project(top, below="sub")
    for branch, number in (("side", 1), ("main", 2)):
        git(top, "switch", "-q", *(["-c"] if branch == "side" else []), branch)
        place(root, (state, journal), (STATE, JOURNAL))
        happen(root, Kind.NOTE, at=f"2026-03-01T12:00:0{number}Z", text=branch)
        place(root, (STATE, JOURNAL), (state, journal))
        commit(top, branch)
    done = try_git(top, "merge", "--no-edit", "side")
    assert done.code == 0, done.said
    assert "as the journals of both sides say" in done.said
    assert json.loads((root / state).read_text("utf-8"))["tasks"]["A--T01"]["notes"] == "side\nmain"
    assert len((root / journal).read_text("utf-8").splitlines()) == 2


def place(root, old, new):
    """Move state and journal to where they are wanted."""
    for before, after in zip(old, new, strict=True):
        if (root / before).exists():
            (root / after).parent.mkdir(parents=True, exist_ok=True)
            (root / before).replace(root / after)


# --- conflicts


def by_hand(top, **fields):
    """Write into an entry as a person would."""
    document = json.loads((top / STATE).read_text("utf-8"))
    document["tasks"].setdefault("A--T01", {"status": "pending"}).update(fields)
    put(top, STATE, json.dumps(document, indent=2))


def parted(tmp_path, ours, theirs, base=None):
    """A repository whose main and side have written these fields by hand."""
    top = project(tmp_path / "top")
    by_hand(top, **(base or {}))
    commit(top, "Base")
    git(top, "switch", "-qc", "side")
    by_hand(top, **theirs)
    commit(top, "Theirs")
    git(top, "switch", "-q", "main")
    by_hand(top, **ours)
    commit(top, "Ours")
    return top


CONFLICTING = {
    "status": ({"status": "blocked"}, {"status": "completed"}, "status"),
    "pr": ({"pr_number": 7}, {"pr_number": 8}, "pr_number"),
    "unknown": ({"jira": 7.50}, {"jira": "A-8"}, "jira"),
    "waived": ({"waived": {"A--T02": "x"}}, {"waived": {"A--T02": "y"}}, "waived.A--T02"),
}


@pytest.mark.parametrize("how", [("merge", "--no-edit"), ("rebase",), ("cherry-pick",)], ids=" ".join)
@pytest.mark.parametrize("name", CONFLICTING)
def test_conflict(name, how, tmp_path):
    ours, theirs, field = CONFLICTING[name]
    top = parted(tmp_path, ours, theirs)
    done = try_git(top, *how, "side")
    assert done.code != 0
    assert f"A--T01: {field}" in done.said
    assert f"CONFLICT (content): Merge conflict in {STATE}" in done.said
    document = json.loads((top / CONFLICTS).read_text("utf-8"))
    (schema,) = [json.loads(each.read_text("utf-8")) for each in FOLDER.glob("state-conflicts.schema.json")]
    Draft202012Validator(schema).validate(document)
    (conflict,) = document["conflicts"]
    (mine,), (other,) = ours.values(), theirs.values()
    mine, other = (each["A--T02"] if isinstance(each, dict) else each for each in (mine, other))
    kept, given = (other, mine) if how == ("rebase",) else (mine, other)
    assert (conflict["task"], conflict["field"]) == ("A--T01", field)
    assert (conflict["ours"], conflict["theirs"]) == (kept, given)
    assert conflict.get("base", "absent") == ("pending" if name == "status" else "absent")
    left = ours if how != ("rebase",) else theirs
    assert {key: tasks(top)["A--T01"][key] for key in left} == left
    assert git(top, "diff", "--name-only", "--diff-filter=U") == STATE


def test_a_conflict_is_over_with_the_next_merge(tmp_path):
    top = parted(tmp_path, {"pr_number": 7}, {"pr_number": 8})
    assert try_git(top, "merge", "side").code == 1
    assert (top / STATE).read_bytes().endswith(b"}\n")
    assert b'\n  "tasks": {\n' in (top / STATE).read_bytes()
    git(top, "merge", "--abort")
    assert (top / CONFLICTS).exists()
    git(top, "switch", "-q", "side")
    by_hand(top, pr_number=7, notes="put right")
    git(top, "commit", "-qam", "Right")
    git(top, "switch", "-q", "main")
    assert try_git(top, "merge", "--no-edit", "side").code == 0
    assert not (top / CONFLICTS).exists()
    assert (tasks(top)["A--T01"]["pr_number"], tasks(top)["A--T01"]["notes"]) == (7, "put right")


def test_numbers_and_unknown_keys_stay_as_they_are_written(tmp_path):
    top = parted(tmp_path, {"notes": "ours"}, {"pr_number": 8})
    for branch, text in (("main", '"a": 1.50'), ("side", '"b": 123456789012345678901234567890')):
        git(top, "switch", "-q", branch)
        written = (top / STATE).read_text("utf-8")
        put(top, STATE, written.replace("{", "{\n  " + text + ",", 1))
        commit(top, branch)
    done = try_git(top, "merge", "--no-edit", "main")
    assert done.code == 0, done.said
    written = (top / STATE).read_text("utf-8")
    assert '"a": 1.50' in written
    assert '"b": 123456789012345678901234567890' in written


# --- what is no state

DAMAGED = {
    "cut": ('{"tasks": {', "GAP::UNREADABLE", ":1:12:"),
    "repeated": ('{"tasks": {},\n "tasks": {}}', "GAP::SCHEMA", ":2:2:"),
    "list": ("[]", "GAP::SCHEMA", ":1:1:"),
    "no-tasks": ('{"tasks": []}', "GAP::SCHEMA", ":1:2:"),
    "empty": ("", "GAP::UNREADABLE", ""),
    "markers": ("<<<<<<< a\n{}\n=======\n{}\n>>>>>>> b\n", "GAP::CONFLICT-MARKERS", ":1:1:"),
}


@pytest.mark.parametrize("side", ["base", "ours", "theirs"])
@pytest.mark.parametrize("name", DAMAGED)
def test_a_version_that_is_no_state(name, side, tmp_path):
    text, code, place = DAMAGED[name]
    files = {each: json.dumps({"tasks": {}, "from": each}) for each in ("base", "ours", "theirs")}
    files[side] = text
    for each, content in files.items():
        put(tmp_path, each, content)
    answer = vtm(tmp_path, "git-merge", "base", "ours", "theirs", STATE, "--json")
    if (name, side) == ("empty", "base"):  # so does git hand over that there is no base
        assert answer.code == 1
        assert answer.json["code"] == "MERGE-CONFLICT"
        return
    assert (answer.code, answer.json["code"]) == (1, code)
    assert f"the version of {side} cannot be merged" in answer.json["message"]
    where = answer.json["location"]
    assert place in {"", f":{where['line']}:{where['column']}:"}
    assert (tmp_path / "ours").read_text("utf-8") == files["ours"]
    assert not (tmp_path / CONFLICTS).exists()


def test_git_stops_where_a_version_is_no_state(two):
    put(two, STATE, '{"tasks": {')
    commit(two, "Broken")
    done = try_git(two, "merge", "side")
    assert done.code == 1
    assert f"vtm: {STATE}:1:12: the version of ours cannot be merged" in done.said
    assert (two / STATE).read_text("utf-8") == '{"tasks": {'
    assert git(two, "diff", "--name-only", "--diff-filter=U") == STATE


# --- called by hand


@pytest.mark.parametrize("gone", [False, True], ids=["on-a-branch", "on-none"])
def test_the_commit_of_a_version_is_found_by_what_is_in_it(gone, two):
    """Whatever the commit is called; also one that only the reflog knows, and one that was replaced since."""
    for name, commit_id in (("o", "main~1"), ("a", "main"), ("b", "side~1")):
        put(two, name, git(two, "show", f"{commit_id}:{STATE}") + "\n")
    if gone:
        git(two, "branch", "-qD", "side")
    answer = vtm(two, "git-merge", "o", "a", "b", STATE, "--json")
    assert answer.json == {"schema": "vtm.git-merge/1", "path": STATE, "tasks": 2, "by_journal": True}
    entry = json.loads((two / "a").read_text("utf-8"))["tasks"]["A--T01"]
    assert (entry["notes"], entry["acs_completed"]) == ("seen", ["A--T01-AC01"])


@pytest.mark.parametrize("variable", ["GITHEAD_", "ORIG_HEAD"])
def test_the_commit_of_a_version_is_looked_for_where_git_says(variable, two, monkeypatch):
    for name, commit_id in (("o", "main~1"), ("a", "main"), ("b", "side")):
        put(two, name, git(two, "show", f"{commit_id}:{STATE}") + "\n")
    theirs = git(two, "rev-parse", "side")
    if variable == "ORIG_HEAD":
        git(two, "update-ref", "ORIG_HEAD", theirs)
    else:
        monkeypatch.setenv(f"GITHEAD_{theirs}", "side")
    assert vtm(two, "git-merge", "o", "a", "b", STATE, "--json").json["by_journal"]


def test_a_version_that_no_commit_has_is_merged_without_journals(two):
    for name, commit_id in (("o", "main~1"), ("a", "main"), ("b", "side")):
        put(two, name, git(two, "show", f"{commit_id}:{STATE}"))  # the line end is missing
    answer = vtm(two, "git-merge", "o", "a", "b", STATE, "--json")
    assert answer.code == 0
    assert not answer.json["by_journal"]


def test_a_result_that_cannot_be_written(tmp_path):
    (tmp_path / "docs").write_text("", "utf-8")
    for name, number in (("o", 1), ("a", 2), ("b", 3)):
        put(tmp_path, name, json.dumps({"tasks": {"A--T01": {"pr_number": number}}}))
    answer = vtm(tmp_path, "git-merge", "o", "a", "b", STATE, "--json")
    assert (answer.code, answer.json["code"]) == (5, "NOT-WRITTEN")


def test_without_git_and_without_a_path(tmp_path):
    for name, fields in (("o", {}), ("a", {"notes": "a"}), ("b", {"pr_number": 1})):
        put(tmp_path, name, json.dumps({"tasks": {"A--T01": fields}}))
    answer = vtm(tmp_path, "git-merge", "o", "a", "b", "--json")
    assert answer.json == {"schema": "vtm.git-merge/1", "path": STATE, "tasks": 1, "by_journal": False}
    assert json.loads((tmp_path / "a").read_text("utf-8"))["tasks"]["A--T01"] == {
        "notes": "a",
        "pr_number": 1,
    }


def test_without_a_path_conflicts_lie_beside_the_state(tmp_path):
    for name, number in (("o", 1), ("a", 2), ("b", 3)):
        put(tmp_path, name, json.dumps({"tasks": {"A--T01": {"pr_number": number}}}))
    answer = vtm(tmp_path, "git-merge", "o", "a", "b")
    assert answer.code == 1
    assert "A--T01: pr_number" in answer.err
    assert json.loads((tmp_path / CONFLICTS).read_text("utf-8"))["path"] == STATE


def test_a_file_that_is_not_there(tmp_path):
    answer = vtm(tmp_path, "git-merge", "o", "a", "b", "--json")
    assert (answer.code, answer.json["code"]) == (3, "GAP::UNREADABLE")


def test_many_tasks(tmp_path):
    assert len(TASKS) == 3
    for name, fields in (("o", {"pr_number": 1}), ("a", {"pr_number": 2}), ("b", {"pr_number": 3})):
        put(tmp_path, name, json.dumps({"tasks": {f"A--T{number}": fields for number in range(30)}}))
    answer = vtm(tmp_path, "git-merge", "o", "a", "b", STATE)
    assert "A--T19: pr_number and 10 more" in answer.err
    assert len(json.loads((tmp_path / CONFLICTS).read_text("utf-8"))["conflicts"]) == 30
