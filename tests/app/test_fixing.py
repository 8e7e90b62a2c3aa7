"""`vtm validate --fix`: what is mended, that nothing else changes, and that once is enough."""

import errno
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.test_commands import checked
from tests.model.test_unified_diff import patched
from tests.projects import MANIFEST, SPEC, STATE, put, task, write
from tests.random_backlogs import RELAXED
from tests.repositories import vtm
from tests.shared_data import shared_data
from tests.sources.test_positions import TEXTS, Writer, values
from vtm.app.app import App
from vtm.app.fixing import fix
from vtm.discovery import find_project, runtime_folder
from vtm.model.edits import Appended, Removed
from vtm.model.fixing import planned
from vtm.sources.manifest import JsonManifest
from vtm.sources.manifest_mending import MendableManifest
from vtm.sources.scanner import extents, first
from vtm.stores.lock import locked

A, B, C = "A--T01", "B--T01", "C--T01"
OWN = ("WARN::LENIENT-VALUE", "WARN::CONFLICT-ASYMMETRIC", "GAP::DANGLING-DEPENDENCY")


def files(root):
    return {name: (root / name).read_bytes() for name in (MANIFEST, STATE) if (root / name).exists()}


def mend(root, *arguments):
    """The answer; without `--apply` nothing is written."""
    before = files(root)
    answer = vtm(root, "validate", "--fix", "--json", *arguments)
    assert "--apply" in arguments or files(root) == before
    return checked(answer) | {"code": answer.code}


def document(root):
    return json.loads((root / MANIFEST).read_bytes())


def mended(folder, tasks, *arguments, state=None):
    """The tasks after `--apply`, without what the plan and the second run agree on."""
    root = write(folder, tasks, state)
    plan = mend(root, *arguments)
    done = mend(root, *arguments, "--apply")
    for key in ("fixes", "unsafe", "held_back"):
        assert plan[key] == done[key]
    assert [each["diff"] for each in plan["files"]] == [each["diff"] for each in done["files"]]
    assert done["code"] == (0 if not done["errors"] else 1)
    again = mend(root, *arguments, "--apply")
    assert (again["fixes"], again["files"], again["findings"]) == ([], [], done["findings"])
    return document(root)["tasks"], done


def changed(before, after):
    """The fields that differ, by the first letter of the task's id."""
    return {
        one["task_id"][0]: {
            key: two.get(key) for key in one.keys() | two.keys() if one.get(key) != two.get(key)
        }
        for one, two in zip(before, after, strict=True)
        if one != two
    }


SAFE = {
    "other-side": ([task(A, conflicts_with=[B]), task(B)], {"B": {"conflicts_with": [A]}}),
    "other-side-undeclared": (
        [task(A, conflicts_with=[B]), task(B, conflicts_with=None)],
        {"B": {"conflicts_with": [A]}},
    ),
    "two-sides-of-one": (
        [task(A, conflicts_with=[C]), task(B, conflicts_with=[C]), task(C)],
        {"C": {"conflicts_with": [A, B]}},
    ),
    "both-sides-there": ([task(A, conflicts_with=[B]), task(B, conflicts_with=[A])], {}),
    "conflict-with-itself": ([task(A, conflicts_with=[A])], {}),
    "conflict-with-nobody": ([task(A, conflicts_with=["X"])], {}),
    "dependency-twice": (
        [task(A), task(B, needs=[A, A, C, A]), task(C)],
        {"B": {"depends_on_tasks": [A, C]}},
    ),
    "unknown-twice": ([task(A, needs=["X", "X"])], {"A": {"depends_on_tasks": ["X"]}}),
    "conflict-twice": (
        [task(A, conflicts_with=[B, B]), task(B, conflicts_with=[A])],
        {"A": {"conflicts_with": [B]}},
    ),
    "values": (
        [task(A, risk="high", phase="phase_2", slice="SLICE-2.1", est={"size": "l", "x": 1})],
        {"A": {"risk": "High", "phase": "Phase 2", "slice": "Slice 2.1", "est": {"size": "L", "x": 1}}},
    ),
    "letter-case": ([task(A), task(B, needs=["a--t01"])], {}),
    "unreadable-lists": (
        [task(A, conflicts_with=[B, B, 1]), task(B, conflicts_with="x", needs={"a": 1})],
        {},
    ),
}


@pytest.mark.parametrize("name", SAFE)
def test_safe(name, tmp_path):
    tasks, expected = SAFE[name]
    after, answer = mended(tmp_path, tasks)
    assert changed(tasks, after) == expected
    assert all(each["safe"] for each in answer["fixes"])
    assert bool(answer["fixes"]) == bool(expected)


UNSAFE = {
    "dependency": ([task(A), task(B, needs=["a--t01"])], {"B": {"depends_on_tasks": [A]}}),
    "conflict-and-its-other-side": (
        [task(A), task(B, conflicts_with=["a--T01"])],
        {"A": {"conflicts_with": [B]}, "B": {"conflicts_with": [A]}},
    ),
    "then-twice": (
        [task(A), task(B, needs=["a--t01", A, "a--t01", "A--t01"])],
        {"B": {"depends_on_tasks": [A]}},
    ),
    "two-that-fit": ([task("X"), task("x"), task("Y", needs=["X"]), task("É", needs=["é"])], {}),
    "not-in-ascii": ([task("É"), task("B", needs=["é"])], {"B": {"depends_on_tasks": ["É"]}}),
    "declared-in-both": ([task("X"), task("x"), task("Y", needs=["x"])], {}),
    "itself": ([task(A, needs=["a--t01"], conflicts_with=["a--T01"])], {}),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe(name, tmp_path):
    tasks, expected = UNSAFE[name]
    without = mend(write(tmp_path, tasks))
    after, answer = mended(tmp_path, tasks, "--unsafe")
    assert changed(tasks, after) == expected
    assert sum(not each["safe"] for each in answer["fixes"]) == without["unsafe"]
    assert bool(without["unsafe"]) == bool(expected)
    assert answer["unsafe"] == 0


def test_what_would_be_an_error_is_held_back(tmp_path):
    tasks = [task(A, needs=["b--t01"]), task(B, needs=[A]), task(C, needs=["a--t01"], risk="low")]
    after, answer = mended(tmp_path, tasks, "--unsafe")
    assert changed(tasks, after) == {"C": {"depends_on_tasks": [A], "risk": "Low"}}
    (held,) = answer["held_back"]
    assert (held["fix"]["task"], held["reason"]) == (A, "GAP::TASK-DEP-CYCLE would be found then")


def test_a_waiver_is_not_lost(tmp_path):
    tasks = [task(A), task(B, needs=["a--t01"])]
    after, answer = mended(tmp_path, tasks, "--unsafe", state={B: {"waived": {"a--t01": "later"}}})
    assert after == tasks
    assert "waives a--t01" in answer["held_back"][0]["reason"]


TASK_FILE = "---\nid: x--t01\ntitle: One\nstatus: pending\nconflicts_with: []\n---\n\n- [ ] AC01 It works\n"


def test_task_files_count(tmp_path):
    tasks = [task("X--T01"), task(A, needs=["x--t01", "x--t01"], conflicts_with=["x--t01"])]
    root = write(tmp_path, tasks)
    put(root, "tasks/x.md", TASK_FILE)
    answer = mend(root, "--unsafe", "--apply")
    assert changed(tasks, document(root)["tasks"]) == {"A": {"depends_on_tasks": ["x--t01"]}}
    assert "WARN::CONFLICT-ASYMMETRIC" not in {each["code"] for each in answer["findings"]}
    mended_file = TASK_FILE.replace("conflicts_with: []", f"conflicts_with: [{A}]")
    assert (root / "tasks/x.md").read_text("utf-8") == mended_file
    (root / MANIFEST).unlink()
    assert mend(root)["fixes"] == []


def test_beside_the_tasks(tmp_path):
    head = {"status": "ok", "timestamp": "2026-01-01 10:00:00"}
    root = write(tmp_path, [task(A)], None, head)
    assert {each["code"] for each in mend(root, "--apply")["fixes"]} == {"WARN::LENIENT-VALUE"}
    assert document(root) | {"tasks": []} == {
        "status": "OK",
        "timestamp": "2026-01-01T10:00:00Z",
        "tasks": [],
    }


def test_settings_choose(tmp_path):
    root = write(tmp_path, [task(A, risk="low", conflicts_with=[B, B]), task(B, needs=[A, A])])
    codes = lambda *arguments: sorted({each["code"] for each in mend(root, *arguments)["fixes"]})  # noqa: E731
    assert codes() == ["DUPLICATE-CONFLICT", OWN[1], f"{OWN[0]}::{A}", f"{OWN[0]}::{B}"]
    assert codes("--select", "CONFLICT-ASYMMETRIC") == [OWN[1]]
    assert codes("--ignore", "WARN::LENIENT-VALUE::A--T01", "--ignore", OWN[1]) == [
        *("DUPLICATE-CONFLICT", f"{OWN[0]}::{B}")
    ]
    left = mend(root, "--select", "CONFLICT-ASYMMETRIC", "--apply")
    assert (left["code"], left["findings"]) == (0, [])
    assert mend(root)["fixes"]


EXIT_CODES = {
    "sound": ([task(A)], [], 0, 0),
    "fixable": ([task(A, risk="low")], [], 1, 0),
    "strict": ([task(A, risk="low")], ["--strict"], 1, 0),
    "an-error-stays": ([task(A, risk="low", related_specs=[])], [], 1, 1),
    "only-an-error": ([task(A, related_specs=[])], [], 1, 1),
    "a-warning-stays": ([task(A, conflicts_with=["X"])], [], 0, 0),
    "a-strict-warning-stays": ([task(A, conflicts_with=["X"])], ["--strict"], 1, 1),
}


@pytest.mark.parametrize(("tasks", "arguments", "plan", "done"), EXIT_CODES.values(), ids=EXIT_CODES)
def test_exit_codes(tasks, arguments, plan, done, tmp_path):
    root = write(tmp_path, tasks)
    for form in ([], ["--json"]):
        assert vtm(root, "validate", "--fix", *form, *arguments).code == plan
    assert vtm(root, "validate", "--fix", "--apply", *arguments).code == done


@pytest.mark.parametrize(
    "arguments",
    ["--unsafe", "--apply", "--fix --format sarif", "--fix --format github", "--fix --budget 100"],
)
def test_wrong_usage(arguments, tmp_path):
    root = write(tmp_path, [task(A, risk="low")])
    before = files(root)
    assert vtm(root, "validate", *arguments.split()).code == 2
    assert files(root) == before


DAMAGED = {
    "cut": (MANIFEST, '{"tasks": [', "GAP::UNREADABLE"),
    "conflict": (MANIFEST, '{\n<<<<<<< a\n=======\n>>>>>>> b\n"tasks": []}', "GAP::CONFLICT-MARKERS"),
    "key-twice": (MANIFEST, '{"tasks": [{"task_id": "A", "risk": "low", "risk": "high"}]}', "GAP::SCHEMA"),
    "no-list": (MANIFEST, '{"tasks": {}}', "GAP::SCHEMA"),
    "no-manifest": (MANIFEST, None, "BLOCKED::MANIFEST-MISSING"),
    "state": (STATE, "[]", "GAP::SCHEMA"),
}


@pytest.mark.parametrize(("name", "text", "code"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_left_alone(name, text, code, tmp_path):
    root = write(tmp_path, [task(A, risk="low")], {})
    (root / name).unlink()
    if text is not None:
        put(root, name, text)
    before = files(root)
    answer = vtm(root, "validate", "--fix", "--apply", "--json")
    assert (answer.code, answer.json["code"]) == (3, code)
    assert files(root) == before


# --- hashes, state, other writers


@pytest.mark.parametrize("hashed", [True, False], ids=["manifest-has-one", "it-has-none"])
def test_hashes_follow(hashed, tmp_path):
    root = write(tmp_path, [task(A, risk="low")], {}, {"manifest_hash": "x"} if hashed else {})
    assert vtm(root, "rehash").code == 0
    answer = mend(root, "--apply")
    assert [each["path"] for each in answer["files"]] == [MANIFEST, STATE]
    assert (answer["findings"], ("manifest_hash" in document(root))) == ([], hashed)
    assert not any(each["changes"] for each in vtm(root, "rehash", "--json").json["files"])


def test_a_state_that_was_not_in_step_stays_so(tmp_path):
    root = write(tmp_path, [task(A, risk="low")], {}, None, {"manifest_hash": "ab" * 32})
    before = files(root)[STATE]
    (left,) = mend(root, "--apply")["findings"]
    assert left["code"] == "WARN::MANIFEST-HASH-MISMATCH"
    assert files(root)[STATE] == before


def test_the_state_is_for_migrate(tmp_path):
    root = write(tmp_path, [task(A)], {A: {"status": "todo", "started_at": "2026-01-01 10:00"}})
    before = files(root)
    answer = mend(root, "--apply")
    assert (answer["fixes"], answer["migratable"], files(root)) == ([], 2, before)
    assert "\nLeft to `vtm migrate --apply`: 2 values of the state.\n" in vtm(root, "validate", "--fix").out
    assert vtm(root, "migrate", "--apply").code == 0
    assert mend(root)["migratable"] == 0


def test_the_lock_is_waited_for(tmp_path):
    root = write(tmp_path, [task(A, risk="low")])
    put(root, "vtm.toml", 'lock_wait = "0s"\n')
    with locked(runtime_folder(find_project(root)), 5):
        assert vtm(root, "validate", "--fix", "--apply").code == 4
        assert vtm(root, "validate", "--fix").code == 1


def test_a_change_underneath_is_not_overwritten(tmp_path, monkeypatch):
    root = write(tmp_path, [task(A, risk="low")], {})
    mine = "vtm.app.fixing.replace_all"
    real = __import__("vtm.app.fixing", fromlist=["replace_all"]).replace_all

    def late(*arguments, **options):
        put(root, MANIFEST, '{"tasks": []}')
        return real(*arguments, **options)

    monkeypatch.setattr(mine, late)
    answer = vtm(root, "validate", "--fix", "--apply", "--json")
    assert (answer.code, answer.json["code"]) == (4, "CHANGED-UNDERNEATH")
    assert document(root) == {"tasks": []}


@pytest.mark.parametrize("failing", [1, 2], ids=["manifest", "state"])
def test_a_full_disk(failing, tmp_path, monkeypatch):
    calls = []

    def replace(*arguments):
        calls.append(arguments)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    real = os.replace
    root = write(tmp_path, [task(A, risk="low")], {})
    assert vtm(root, "rehash").code == 0
    before = files(root)
    monkeypatch.setattr(os, "replace", replace)
    assert vtm(root, "validate", "--fix", "--apply").code == 5
    assert files(root) == before


def test_several_projects(tmp_path):
    root = write(tmp_path / "root", [task(A, risk="low")])
    write(root / "inner", [task(B, risk="low")], {B: {"status": "todo"}})
    put(root, "plans/damaged.json", "{")
    refused = vtm(root, "validate", "--fix", "--apply", ".", "plans/damaged.json")
    assert (refused.code, document(root)["tasks"][0]["risk"]) == (3, "low")
    answer = mend(root, "--apply", ".", "inner")
    assert [each["path"] for each in answer["files"]] == [MANIFEST, f"inner/{MANIFEST}"]
    assert [each["location"]["path"] for each in answer["fixes"]] == [MANIFEST, f"inner/{MANIFEST}"]
    assert answer["files"][1]["diff"].startswith(f"--- a/inner/{MANIFEST}\n+++ b/inner/{MANIFEST}\n@@ ")
    assert answer["migratable"] == 1
    assert {document(each)["tasks"][0]["risk"] for each in (root, root / "inner")} == {"Low"}


def test_text(tmp_path):
    root = write(tmp_path, [task(A), task(B, needs=[A, "a--t01", A])])
    plan = vtm(root, "validate", "--fix").out
    place = f"{MANIFEST}:54:9: fix: WARN::LENIENT-VALUE::{B}: {B}: dependency {A} is listed again"
    assert plan.startswith(f"--- a/{MANIFEST}\n+++ b/{MANIFEST}\n@@ -")
    assert (
        f"\n{place}; the first one stays\nNothing was written; --apply makes 1 fix.\n1 more fix with" in plan
    )
    assert plan.endswith("\n1 error, 0 warnings left then\n")
    assert f"\n1 fix made; {MANIFEST} written.\n" in vtm(root, "validate", "--fix", "--apply").out
    assert vtm(root, "validate", "--fix").out.startswith(
        "There is nothing to fix.\n1 more fix with --unsafe.\n"
    )


# --- bytes

LAYOUTS = {
    "one-line": '{"tasks":[{"task_id":"A","conflicts_with":["B"],"risk" : "low"},{"task_id":"B"}]}',
    "crlf-bom-tabs": '\ufeff{\r\n\t"tasks": [\r\n\t\t{"task_id": "A", "conflicts_with": ["B"]},\r\n'
    '\t\t{"x": "\\u00e9",'
    '\r\n\t\t "task_id": "B", "conflicts_with": [ ],\r\n\t\t "risk": "low" }\r\n\t]\r\n}\r\n',
    "escapes": '{"tasks": [{"task_id": "\\u0041", "conflicts_with": ["\\u0042", "B"], "n": 1.50e3},\n'
    ' {"task_id": "B", "\\u0072isk": "low", "conflicts_with": null}]}',
}
AFTER = {
    "one-line": '{"tasks":[{"task_id":"A","conflicts_with":["B"],"risk" : "Low"},{"task_id":"B",'
    '"conflicts_with":["A"]}]}',
    "crlf-bom-tabs": '\ufeff{\r\n\t"tasks": [\r\n\t\t{"task_id": "A", "conflicts_with": ["B"]},\r\n'
    '\t\t{"x": "\\u00e9",'
    '\r\n\t\t "task_id": "B", "conflicts_with": ["A"],\r\n\t\t "risk": "Low" }\r\n\t]\r\n}\r\n',
    "escapes": '{"tasks": [{"task_id": "\\u0041", "conflicts_with": ["\\u0042"], "n": 1.50e3},\n'
    ' {"task_id": "B", "\\u0072isk": "Low", "conflicts_with": ["A"]}]}',
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_stays(name, tmp_path):
    put(tmp_path, MANIFEST, "").write_bytes(LAYOUTS[name].encode())
    answer = mend(tmp_path, "--apply")
    assert (tmp_path / MANIFEST).read_bytes().decode() == AFTER[name]
    (file,) = answer["files"]
    assert patched(MANIFEST, LAYOUTS[name].encode(), file["diff"]) == AFTER[name].encode()


IDS = st.sampled_from(["A", "a", "B", "b", "C", "é", "É", "X", "x\n"])
MENDABLE = {
    "depends_on_tasks": st.lists(IDS, max_size=4),
    "conflicts_with": st.none() | st.lists(IDS, max_size=4),
    "risk": st.sampled_from(["High", "high", "LOW", "medium", 7]),
    "phase": st.sampled_from(["Phase 1", "phase_1", "later"]),
    "est": st.sampled_from([(), (("size", "s"), ("x", 1.5)), (("size", "XL"),)]),
}
KEYS = {"task_id", "status", "timestamp", "tasks", "manifest_hash", "gaps", "ingested", *MENDABLE}


@st.composite
def manifests(draw):
    """The bytes of a manifest with such flaws, laid out in any way; no key stands twice."""

    def any_fields(most):
        found = dict(draw(st.lists(st.tuples(TEXTS, values(1)), max_size=most)))
        return tuple((key, plain(value)) for key, value in found.items() if key not in KEYS)

    def plain(value):
        if isinstance(value, list):
            return [plain(each) for each in value]
        return (
            tuple((key, plain(each)) for key, each in dict(value).items())
            if isinstance(value, tuple)
            else value
        )

    tasks = []
    for _ in range(draw(st.integers(0, 4))):
        fields = draw(st.fixed_dictionaries({"task_id": IDS}, optional=MENDABLE))
        tasks.append(tuple(draw(st.permutations([*fields.items(), *any_fields(1)]))))
    head = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "status": st.sampled_from(["ok", "OK", "no"]),
                "timestamp": st.just("2026-01-01 10:00"),
            },
        )
    )
    tree = tuple(draw(st.permutations([*head.items(), *any_fields(2), ("tasks", tasks)])))
    return Writer(draw, draw(st.booleans())).whole(tree).data


def assert_same_but_for(edits, before, after, pointer=(), at=None):
    """Every value that is in both texts, and what is between values, is the same, byte for byte."""
    one, two = at or (first(before), first(after))
    ours, theirs = list(extents(before, one)), list(extents(after, two))
    gone = {each.pointer[-1] for each in edits if isinstance(each, Removed) and each.pointer[:-1] == pointer}
    grown = any(isinstance(each, Appended) and each.pointer == pointer for each in edits)
    kept = [each for each in ours if each[0] not in gone]
    assert len(theirs) >= len(kept)
    for (key, start, value, end), (_, start2, value2, end2) in zip(kept, theirs, strict=False):
        inside = (*pointer, key)
        assert before[start:value] == after[start2:value2]
        if not any(each.pointer[: len(inside)] == inside for each in edits):
            assert before[value:end] == after[value2:end2]
        elif not any(each.pointer == inside for each in edits):
            assert_same_but_for(edits, before, after, inside, (value, value2))
    if not gone and not grown:
        ends = zip(ours, ours[1:], theirs, theirs[1:], strict=False)
        assert all(before[a[3] : b[1]] == after[c[3] : d[1]] for a, b, c, d in ends)


@given(manifests(), st.booleans())
def test_every_byte_that_is_not_mended_stays(data, unsafe):
    text = MendableManifest(MANIFEST, data)
    plans = planned([text.declaring()], lambda each: unsafe or each.fix.safe)
    edits = [each.edit for each in plans]
    after = text.mended(edits)
    assert_same_but_for(edits, data, after.data)
    assert planned([after.declaring()], lambda each: unsafe or each.fix.safe) == []


@given(manifests())
def test_what_was_decoded_tells_the_same(data):
    declared = JsonManifest(Path(MANIFEST), MANIFEST).read(data, thorough=False)
    texts = MendableManifest(MANIFEST, data), MendableManifest(MANIFEST, data, declared)
    one, other = (planned([text.declaring()], lambda _: True) for text in texts)
    assert one == other


@settings(RELAXED, max_examples=60)
@given(manifests(), st.booleans())
def test_what_is_fixed_is_found_no_more(data, unsafe):
    with TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, SPEC, "")
        put(root, MANIFEST, "").write_bytes(data)
        options = {"strict": False, "unsafe": unsafe}
        plan = fix(App.at(root), apply=False, **options)
        assert (root / MANIFEST).read_bytes() == data
        done = fix(App.at(root), apply=True, **options)
        assert (plan.fixes, plan.held_back) == (done.fixes, done.held_back)
        assert [(each.code, each.message) for each in plan.left] == [
            (each.code, each.message) for each in done.left
        ]
        for file in plan.files:
            assert patched(file.path, data, file.diff) == (root / MANIFEST).read_bytes()
        written = (root / MANIFEST).read_bytes()
        again = fix(App.at(root), apply=True, **options)
        assert (again.fixes, again.files, (root / MANIFEST).read_bytes()) == ([], [], written)
        assert again.left == done.left


@pytest.mark.parametrize("number", [1, 21, 52, 98])
def test_real_manifests(number, tmp_path):
    real = shared_data("vtm-history") / f"{number:03}"
    for name, data in files(real).items():
        put(tmp_path, name, "").write_bytes(data)
    done = mend(tmp_path, "--unsafe", "--apply")
    assert mend(tmp_path, "--unsafe", "--apply")["fixes"] == []
    assert {each["code"].rpartition("::")[0] for each in done["fixes"]} <= {*OWN, "WARN", "GAP"}
