"""`vtm validate --fix` with task files: what is mended in them, and that every other byte stays."""

import errno
import os
from contextlib import nullcontext
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app.test_fixing import A, B, changed, document, mend
from tests.model.test_unified_diff import patched
from tests.projects import MANIFEST, put, task, write
from tests.random_backlogs import RELAXED
from tests.repositories import vtm
from vtm.app import mending_files
from vtm.app.app import App
from vtm.app.fixing import fix
from vtm.errors import UnreadableError
from vtm.sources.front_matter_text import FrontMatterText
from vtm.stores.watched import Watched

BODY = "\n# One\n\n- [ ] AC01 It works  \n\u2028\x85end"
OTHER = "id: B\n"


def file_of(front, end="\n"):
    """A task file with this front matter."""
    return f"---\n{front}---\n{BODY}".replace("\n", end).encode()


def project(folder, fronts, end="\n"):
    """A project of task files `tasks/<name>.md`."""
    for name, front in fronts.items():
        put(folder, f"tasks/{name}.md", "").write_bytes(file_of(front, end))
    return Path(folder)


def texts(root):
    return {path.stem: path.read_bytes() for path in sorted((root / "tasks").rglob("*.md"))}


def read_alike(root):
    """What vtm reads of the tasks, whatever the files look like."""
    return [vtm(root, command, "--json").json for command in ("list", "blocked", "graph order")]


def applied(root, *arguments):
    """The answer of `--apply`; the plan says the same, and a second run finds nothing."""
    before = texts(root)
    plan = mend(root, *arguments)
    assert texts(root) == before
    done = mend(root, *arguments, "--apply")
    for key in ("fixes", "unsafe", "held_back"):
        assert plan[key] == done[key]
    assert [each["diff"] for each in plan["files"]] == [each["diff"] for each in done["files"]]
    again = mend(root, *arguments, "--apply")
    assert (again["fixes"], again["files"], again["findings"]) == ([], [], done["findings"])
    for each in done["files"]:
        name = Path(each["path"]).stem
        if each["path"].endswith(".md"):
            assert patched(each["path"], before[name], each["diff"]) == texts(root)[name]
    return done


SAFE = {
    "status": ("id: A\nstatus: done # c\nx: 1\n", "id: A\nstatus: completed # c\nx: 1\n"),
    "status-quoted": ("id: A\n'status' : 'Done'\n", "id: A\n'status' : 'completed'\n"),
    "status-null": ("id: A\nstatus: ~\n", "id: A\nstatus: pending\n"),
    "status-nothing": ("id: A\nstatus:\n", "id: A\nstatus: pending\n"),
    "risk": ("id: A\nrisk: HIGH\n", "id: A\nrisk: high\n"),
    "risk-of-manifests": ("id: A\nrisk: High\n", None),
    "grades": (
        "id: A\nscope: Broad\nimpact: ' phase'\nsize: l\n",
        "id: A\nscope: broad\nimpact: 'phase'\nsize: L\n",
    ),
    "phase": ("id: A\nphase: phase_2\nslice: slice-2.1\n", "id: A\nphase: Phase 2\nslice: Slice 2.1\n"),
    "times": (
        "id: A\nstarted_at: 2026-01-01 10:00:00\ncompleted_at: '2026-01-02'\n",
        "id: A\nstarted_at: 2026-01-01T10:00:00Z\ncompleted_at: '2026-01-02T00:00:00Z'\n",
    ),
    "single-dependency": ("id: A\ndepends_on: B # c\n", "id: A\ndepends_on: [B] # c\n"),
    "single-number": ("id: A\ndepends_on: 5\n", "id: A\ndepends_on: ['5']\n"),
    "single-quoted": ('id: A\ndependsOn: "B"\n', 'id: A\ndependsOn: ["B"]\n'),
    "single-below": ("id: A\ndependencies:\n  B\nx: 1\n", "id: A\ndependencies:\n  [B]\nx: 1\n"),
    "single-block": ("id: A\ndependencies: >-\n  B\nx: 1\n", "id: A\ndependencies: [B]\nx: 1\n"),
    "single-other": ("id: A\nrelated_specs: docs/x, y.md\n", "id: A\nrelated_specs: ['docs/x, y.md']\n"),
    "dependency-twice": ("id: A\ndepends_on: [B, C , B, B]\n", "id: A\ndepends_on: [B, C ]\n"),
    "dependency-twice-in-lines": (
        "id: A\ndepends_on:\n- B\n# c\n- 'B'  # d\n\n- C\n- ~\n",
        "id: A\ndepends_on:\n- B\n# c\n\n- C\n- ~\n",
    ),
    "two-keys": (
        "id: A\ndepends_on: [B, B]\ndependencies: [B, C, C]\n",
        "id: A\ndepends_on: [B]\ndependencies: [B, C]\n",
    ),
    "conflict-twice": ("id: A\nconflicts_with: [X, X]\n", "id: A\nconflicts_with: [X]\n"),
    "conflict-with-itself": ("id: A\nconflicts_with: [A]\n", None),
    "not-known-to-vtm": ("id: A\nstate: done\npriority: HIGH\n", None),
    "unknown-status": ("id: A\nstatus: waiting\n", None),
    "all-at-once": (
        "id: A\nstatus: todo\ndepends_on: B\nconflicts_with: X\nrisk: LOW\n",
        "id: A\nstatus: pending\ndepends_on: [B]\nconflicts_with: [X]\nrisk: low\n",
    ),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", SAFE)
def test_safe(name, end, tmp_path):
    before, after = SAFE[name]
    root = project(tmp_path, {"a": before, "b": OTHER}, end)
    read = read_alike(root)
    answer = applied(root)
    assert texts(root)["a"] == file_of(before if after is None else after, end)
    assert bool(answer["fixes"]) == (after is not None)
    assert all(each["safe"] and each["location"]["line"] > 1 for each in answer["fixes"])
    assert read_alike(root) == read


OTHER_SIDE = {
    "no-key": ("id: A\nx: 1\n", "id: A\nx: 1\nconflicts_with: [B]\n"),
    "behind-status": (
        "id: A\nstatus: blocked\nx: 1\n",
        "id: A\nstatus: blocked\nconflicts_with: [B]\nx: 1\n",
    ),
    "null": ("id: A\nconflicts_with: # c\n", "id: A\nconflicts_with: [B] # c\n"),
    "empty": ("id: A\nconflicts_with: []\n", "id: A\nconflicts_with: [B]\n"),
    "in-brackets": ("id: A\nconflicts_with: [X ]\n", "id: A\nconflicts_with: [X, B ]\n"),
    "in-lines": (
        "id: A\nconflicts_with:\n  - X # c\nx: 1\n",
        "id: A\nconflicts_with:\n  - X # c\n  - B\nx: 1\n",
    ),
    "as-other-lists": ("id: A\ntags:\n- t\n", "id: A\ntags:\n- t\nconflicts_with:\n- B\n"),
    "single": ("id: A\nconflicts_with: X\n", "id: A\nconflicts_with: [X, B]\n"),
    "there": ("id: A\nconflicts_with: [B]\n", None),
}


@pytest.mark.parametrize("name", OTHER_SIDE)
def test_other_side(name, tmp_path):
    before, after = OTHER_SIDE[name]
    root = project(tmp_path, {"a": before, "b": "id: B\nconflicts_with: [A]\n"})
    answer = applied(root)
    assert texts(root)["a"] == file_of(before if after is None else after)
    assert bool(answer["fixes"]) == (after is not None)


def test_a_single_text_stays_single_where_that_is_not_asked_for(tmp_path):
    root = project(tmp_path, {"a": "id: A\ndepends_on: b\nstatus: done\n", "b": OTHER})
    applied(root, "--unsafe", "--select", "DANGLING-DEPENDENCY")
    assert texts(root)["a"] == file_of("id: A\ndepends_on: B\nstatus: done\n")


UNSAFE = {
    "dependency": ("id: A\ndepends_on: ['b', 'X']\n", "id: A\ndepends_on: ['B', 'X']\n"),
    "dependency-in-lines": ("id: A\ndepends_on:\n  - b # c\n  - X\n", None),
    "single": ("id: A\ndepends_on: b\n", "id: A\ndepends_on: [B]\n"),
    "listed-then": ("id: A\ndepends_on: [B, b]\n", "id: A\ndepends_on: [B]\n"),
    "under-another-key": (
        "id: A\ndepends_on: [X, B]\ndependencies: [X, b, C]\n",
        "id: A\ndepends_on: [X, B]\ndependencies: [X, C]\n",
    ),
    "hidden-under-another-key": (
        "id: A\ndepends_on: [b]\ndependencies: [b, C]\n",
        "id: A\ndepends_on: [B]\ndependencies: [C]\n",
    ),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe(name, tmp_path):
    before, after = UNSAFE[name]
    root = project(tmp_path, {"a": before, "b": OTHER})
    count = mend(root)["unsafe"]
    answer = applied(root, "--unsafe")
    assert sum(not each["safe"] for each in answer["fixes"]) == count == 1
    got = texts(root)["a"]
    if after is None:
        assert b"- b" not in got
        assert got.startswith(b"---\nid: A\ndepends_on:\n") and got.endswith(b"  - X\n---\n" + BODY.encode())
    else:
        assert got == file_of(after)


REFUSED = {
    "alias": ("id: A\nx: &x done\nstatus: *x\n", "has a 'status' that is an alias (line 4)"),
    "anchor": ("id: A\nrisk: &r HIGH\nx: *r\n", "a value with an anchor or a tag (line 3)"),
    "merge": ("id: A\nx: &x {depends_on: [B, B]}\n<<: *x\n", "come from elsewhere, such as a merge"),
    "list-of-blocks": (
        "id: A\ndepends_on:\n- B\n- |-\n  B\n",
        "has a 'depends_on' that does not consist of plain texts, each on one line (line 4)",
    ),
    "in-brackets": ("{id: A, status: done}\n", "does not consist of keys with values"),
    "tab": ("id: A\nstatus: done\t# c\n", "cannot be edited"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_edited_is_left_alone(name, tmp_path):
    front, reason = REFUSED[name]
    root = project(tmp_path, {"a": front, "b": "id: B\nstatus: done\n"})
    answer = applied(root)
    assert texts(root) == {"a": file_of(front), "b": file_of("id: B\nstatus: completed\n")}
    (held,) = answer["held_back"]
    assert held["fix"]["task"] == "A"
    assert held["reason"].startswith("tasks/a.md cannot be edited: it ")
    assert reason in held["reason"]


def test_both_kinds_of_files(tmp_path):
    tasks = [task(A, conflicts_with=["C"]), task(B, needs=["c", "c"], risk="low")]
    root = write(tmp_path, tasks, {})
    assert vtm(root, "rehash").code == 0
    project(root, {"c": f"id: C\nconflicts_with: [{B}]\n", "d": "id: D\n"})
    answer = applied(root)
    assert changed(tasks, document(root)["tasks"]) == {
        "B": {"depends_on_tasks": ["c"], "risk": "Low", "conflicts_with": ["C"]}
    }
    assert texts(root) == {"c": file_of(f"id: C\nconflicts_with: [{B}, {A}]\n"), "d": file_of("id: D\n")}
    assert [Path(each["path"]).name for each in answer["files"]] == [
        *("virtual-task-manifest.json", "task-state.json", "c.md")
    ]
    assert answer["unsafe"] == 1
    applied(root, "--unsafe")
    assert document(root)["tasks"][1]["depends_on_tasks"] == ["C"]


def test_an_id_that_is_declared_twice(tmp_path):
    root = project(tmp_path, {"a": "id: A\nconflicts_with: [B]\n", "b": OTHER, "c": "id: B\nrisk: LOW\n"})
    applied(root)
    assert texts(root)["b"] == file_of("id: B\nconflicts_with: [A]\n")
    assert texts(root)["c"] == file_of("id: B\nrisk: low\n")


def test_a_link_to_a_file_is_written_once(tmp_path):
    root = project(tmp_path, {"a": "id: A\nrisk: LOW\ndepends_on: [B, B]\n", "b": OTHER})
    (root / "tasks/c.md").symlink_to("a.md")
    assert mend(root, "--apply")["code"] == 1
    assert texts(root)["a"] == file_of("id: A\nrisk: low\ndepends_on: [B]\n")
    assert mend(root, "--apply")["fixes"] == []


def test_only_what_is_mended_is_opened(tmp_path, monkeypatch):
    names = [f"t{number}" for number in range(20)]
    root = project(tmp_path, {name: f"id: {name}\n" for name in names})
    project(root, {"t3": "id: t3\nstatus: done\n", "t5": "id: t5\nconflicts_with: [t7]\n"})
    opened = []
    read = Watched.read

    def counted(folder, name):
        opened.append(name)
        return read(folder, name)

    monkeypatch.setattr(mending_files.Watched, "read", counted)
    assert len(mend(root, "--apply")["fixes"]) == 2
    assert sorted(each for each in opened if each.endswith(".md")) == ["tasks/t3.md", "tasks/t7.md"]


# --- other writers, and systems that refuse


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_full_disk(failing, tmp_path, monkeypatch):
    real, calls = os.replace, []

    def replace(*arguments):
        if "index" not in os.fspath(arguments[1]):
            calls.append(arguments)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    root = write(tmp_path, [task(A, risk="low")], {})
    assert vtm(root, "rehash").code == 0
    project(root, {name: f"id: {name}\nstatus: done\n" for name in "bc"})
    before = texts(root), (root / MANIFEST).read_bytes()
    monkeypatch.setattr("vtm.stores.durable.os.replace", replace)
    assert vtm(root, "validate", "--fix", "--apply").code == 5
    assert (texts(root), (root / MANIFEST).read_bytes()) == before


def test_a_change_underneath_is_not_overwritten(tmp_path, monkeypatch):
    root = project(tmp_path, {name: f"id: {name}\nstatus: done\n" for name in "abc"})
    real = __import__("vtm.app.fixing", fromlist=["replace_all"]).replace_all

    def late(*arguments, **options):
        put(root, "tasks/b.md", "---\nid: b\n---\nmine\n")
        return real(*arguments, **options)

    before = texts(root)
    monkeypatch.setattr("vtm.app.fixing.replace_all", late)
    answer = vtm(root, "validate", "--fix", "--apply", "--json")
    assert (answer.code, answer.json["code"]) == (4, "CHANGED-UNDERNEATH")
    assert texts(root) == before | {"b": b"---\nid: b\n---\nmine\n"}


def test_a_change_while_it_is_read(tmp_path, monkeypatch):
    root = project(tmp_path, {"a": "id: A\nstatus: done\n"})
    real = mending_files.TaskFiles.__init__

    def late(self, folder, found):
        put(root, "tasks/a.md", "---\nid: B\nstatus: done\n---\n")
        real(self, folder, found)

    monkeypatch.setattr(mending_files.TaskFiles, "__init__", late)
    answer = vtm(root, "validate", "--fix", "--apply", "--json")
    assert (answer.code, answer.json["code"]) == (4, "CHANGED-UNDERNEATH")


def test_the_journal_agrees_with_the_other_word(tmp_path):
    root = project(tmp_path, {"a": "id: A\nstatus: todo\n"})
    for command in (["start", "A"], ["complete", "A"]):
        vtm(root, *command)
    text = texts(root)["a"]
    (root / "tasks/a.md").write_bytes(text.replace(b"in-progress", b"In_Progress"))
    before = vtm(root, "doctor", "--json").json
    assert [each["task"] for each in applied(root)["fixes"]] == ["A"]
    assert texts(root)["a"] == text
    assert vtm(root, "doctor", "--json").json == before


# --- any files

IDS = st.sampled_from(["A", "a", "B", "b", "C", "X", "É", "é"])
WORDS = {
    "status": ["done", "todo", "Done", "pending", "completed", "failed", "unheard", "~", "'open'"],
    "risk": ["HIGH", "High", "low", "' medium'", "7"],
    "scope": ["Broad", "broad"],
    "size": ["l", "L"],
    "phase": ["phase_1", "Phase 1", "later", "slice 2_1"],
    "started_at": ["2026-01-01 10:00:00", "2026-01-01T10:00:00Z", "'2026-01-01'", "soon"],
    "related_specs": ["a.md", "'a, b'", "[a.md]", "[]", "5"],
    "title": ["One", "'done'"],
    "x": ["done", "[B, B]", "&x done", "{a: 1}"],
}
LISTS = ["depends_on", "dependencies", "conflicts_with"]
COMMENTS = st.sampled_from(["", "", " # c", "  # 'x: ["])


@st.composite
def lists(draw, key, end):
    """A list of ids in any layout, with nulls and in quotes, or a single one."""
    items = [
        draw(st.sampled_from(["{}", "{}", "'{}'", '"{}"'])).format(draw(IDS))
        for _ in range(draw(st.integers(0, 4)))
    ]
    if draw(st.integers(0, 9)) == 0:
        items.append("~")
    layout = draw(st.sampled_from(["flow", "lines", "single"]))
    if layout == "single" or not items:
        return f"{key}: {items[0] if items else ''}{draw(COMMENTS)}{end}"
    if layout == "flow":
        return f"{key}: [{draw(st.sampled_from([', ', ',', ' , '])).join(items)}]{draw(COMMENTS)}{end}"
    indent = draw(st.sampled_from(["", "  "]))
    return f"{key}:{draw(COMMENTS)}{end}" + "".join(
        f"{indent}- {each}{draw(COMMENTS)}{end}" for each in items
    )


@st.composite
def task_files(draw):
    """A task file with flaws that can be mended, laid out in any way."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    entries = [f"id: {draw(IDS)}{draw(COMMENTS)}{end}"]
    for key in draw(st.lists(st.sampled_from([*WORDS, *LISTS]), unique=True, max_size=6)):
        if key in LISTS:
            entries.append(draw(lists(key, end)))
        else:
            entries.append(f"{key}: {draw(st.sampled_from(WORDS[key]))}{draw(COMMENTS)}{end}")
    between = draw(st.sampled_from(["", "", f"# done{end}", end]))
    text = between.join(draw(st.permutations(entries)))
    return f"{draw(st.sampled_from(['', chr(0xFEFF)]))}---{end}{text}---{end}{BODY}".encode()


def assert_untouched(before, after, touched):
    """Every key that is not `touched`, and all that follows the front matter, is as it was."""
    try:
        old, new = FrontMatterText.read(before, "x"), FrontMatterText.read(after, "x")
    except UnreadableError:
        assert before == after
        return
    assert old.data[old.parts.end :] == new.data[new.parts.end :]
    lines = [
        [text.data[each.lines.start : each.lines.end] for each in text.entries() if each.name not in touched]
        for text in (old, new)
    ]
    assert lines[0] == lines[1]


def keys_of(fixes, path):
    """The keys of a file that fixes are about; ids may stand under two of them."""
    found = {each.location.pointer[0] for each in fixes if each.location.path == path}
    return found | ({"depends_on", "dependencies"} if "depends_on_tasks" in found else set())


@settings(RELAXED, max_examples=80)
@given(st.lists(task_files(), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_any_files(files, unsafe, with_manifest):
    with TemporaryDirectory() as folder:
        root = Path(folder)
        if with_manifest:
            write(root, [task("A", conflicts_with=["B", "C"]), task("x", needs=["c", "A", "A"])])
        for number, data in enumerate(files):
            put(root, f"tasks/{number}.md", "").write_bytes(data)
        options = {"strict": False, "unsafe": unsafe}
        before = texts(root)
        plan = fix(App.at(root), apply=False, **options)
        assert texts(root) == before
        done = fix(App.at(root), apply=True, **options)
        assert (plan.fixes, plan.held_back, plan.unsafe) == (done.fixes, done.held_back, done.unsafe)
        after = texts(root)
        for name, data in before.items():
            assert_untouched(data, after[name], keys_of(done.fixes, f"tasks/{name}.md"))
        for each in plan.files:
            if each.path.endswith(".md"):
                assert (
                    patched(each.path, before[Path(each.path).stem], each.diff) == after[Path(each.path).stem]
                )
        again = fix(App.at(root), apply=True, **options)
        assert (again.fixes, again.files, texts(root)) == ([], [], after)
        assert again.left == done.left
        if not again.held_back:
            messages = [each.message for each in again.left if each.location.path.endswith(".md")]
            assert not [each for each in messages if "more than once" in each or "is read as" in each]


@pytest.mark.parametrize(
    ("end", "mark", "applies"), [("\n", "", True), ("\r\n", "", False), ("\n", "\ufeff", False)]
)
def test_git_takes_the_difference_of_json_whatever_the_file(end, mark, applies, tmp_path):
    before = (
        (mark + f"---\nid: A\nstatus: done\n---\n{BODY}".replace("\u2028\x85", ""))
        .replace("\n", end)
        .encode()
    )
    put(tmp_path, "tasks/a.md", "").write_bytes(before)
    after = before.replace(b"done", b"completed")
    text = vtm(tmp_path, "validate", "--fix").out
    (file,) = mend(tmp_path)["files"]
    assert patched(file["path"], before, file["diff"]) == after
    with nullcontext() if applies else pytest.raises(CalledProcessError):
        assert patched(file["path"], before, text) == after
