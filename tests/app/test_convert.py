"""`vtm convert`: all or nothing, there and back, and what has happened stays known."""

import errno
import json
import os
from pathlib import Path

import pytest

from tests.cli.test_commands import checked
from tests.projects import MANIFEST, NOW, STATE, put, task, write
from tests.projects import sample as sample_project
from tests.repositories import vtm
from tests.shared_data import json_of, shared_data
from vtm.discovery import find_project, runtime_folder
from vtm.stores.lock import locked

A, B = "A--T01", "B--T01"
JOURNAL = "docs/backlog/task-events.jsonl"


@pytest.fixture
def sample(tmp_path):
    return sample_project(tmp_path)


def convert(root, to, *arguments, code=0):
    answer = vtm(root, "convert", to, *arguments, "--json", "--now", NOW)
    assert answer.code == code, answer
    return checked(answer)


def everything(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".vtm" not in path.parts
    }


def document(root, name=MANIFEST):
    return json.loads((root / name).read_text("utf-8"))


def listed(root):
    """All that `vtm list` says, whatever the order."""
    tasks = vtm(root, "list", "--json").json["tasks"]
    return sorted(tasks, key=lambda each: each["task_id"])


def there_and_back(root, first, second):
    """Convert and remove twice; returns what there was in between."""
    before, tasks = everything(root), listed(root)
    preview = convert(root, first, "--remove")
    assert everything(root) == before
    done = convert(root, first, "--apply", "--remove")
    assert done["tasks"] == preview["tasks"]
    between = everything(root)
    assert [each["status"] for each in listed(root)] == [each["status"] for each in tasks]
    convert(root, second, "--apply", "--remove")
    assert listed(root) == tasks
    return before, between, everything(root)


def test_the_sample_there_and_back(sample):
    before, between, after = there_and_back(sample, "markdown", "manifest")
    assert json.loads(after[MANIFEST]) == json.loads(before[MANIFEST])
    assert {**after, MANIFEST: b""} == {**before, MANIFEST: b""}
    assert json.loads(between[MANIFEST]) == json.loads(before[MANIFEST]) | {"tasks": []}
    text = between["tasks/AUTH--T02.md"].decode()
    assert 'status: in-progress\nstarted_at: "2026-03-08T08:00:00Z"\n' in text
    assert "- [x] AUTH--T02-AC01 A right password opens\n- [ ] AUTH--T02-AC02" in text


def test_without_remove_the_old_form_stays(sample):
    before = everything(sample)
    answer = convert(sample, "markdown", "--apply")
    assert (answer["removed"], len(answer["files"])) == ([], len(answer["tasks"]))
    after = everything(sample)
    assert {name: after[name] for name in before} == before
    assert convert(sample, "markdown", "--apply")["files"] == []
    assert everything(sample) == after
    assert "declared twice until" in vtm(sample, "convert", "markdown", "--apply").out


@pytest.mark.parametrize("to", ["markdown", "manifest"])
def test_the_old_form_can_be_removed_later(to, sample):
    convert(sample, "markdown", "--apply")
    state = (sample / STATE).read_bytes()
    kept = convert(sample, to, "--apply", "--remove")
    assert kept["files"] == ([MANIFEST] if to == "markdown" else [])
    assert bool(document(sample)["tasks"]) == (to == "manifest")
    assert (sample / "tasks").exists() == (to == "markdown")
    assert (sample / STATE).read_bytes() == state


def test_what_was_changed_since_is_not_taken_for_done(sample):
    convert(sample, "markdown", "--apply")
    path = sample / "tasks/AUTH--T01.md"
    path.write_bytes(path.read_bytes() + b"mine\n")
    before = everything(sample)
    for to in ("markdown", "manifest"):
        assert len(convert(sample, to, "--apply", "--remove", code=1)["problems"]) == 1
    assert everything(sample) == before


@pytest.mark.parametrize("number", ["001", "053", "098"])
def test_history(number, tmp_path):
    source = shared_data("vtm-history") / number / "docs/backlog"
    for path in source.iterdir():
        put(tmp_path, f"docs/backlog/{path.name}", path.read_text("utf-8"))
    before, _, after = there_and_back(tmp_path, "markdown", "manifest")
    assert json.loads(after[MANIFEST]) == json.loads(before[MANIFEST])
    assert after.get(STATE) == before.get(STATE)


def test_44_files(tmp_path):
    for name, text in json_of(shared_data("markdown-44-tasks.json"))["input"]["files"].items():
        put(tmp_path, name, text)
    before, between, after = there_and_back(tmp_path, "manifest", "markdown")
    assert {name: after[name] for name in before} == before
    assert not any(name.startswith("tasks/") for name in between)
    assert vtm(tmp_path, "doctor").code == 0


OTHER_TOOL = """---
name: x # why
id: a/b
status: done
created: 2026-01-01
n: [1, 2.5, ~]
---
Text

- [x] one
- [ ] two
"""
FILES = {
    "plain": "---\nid: A--T01\ntitle: x\n---\n",
    "of-another-tool": OTHER_TOOL,
    "crlf": "---\r\nid: A\r\ntitle: x\r\n---\r\n## Notes\r\nmine\r\n",
    "mark": "\ufeff---\nid: A\n---\n",
    "wrong-case": "---\nid: A\nrisk: HIGH\nstatus: In Progress\n---\n",
    "own-x": "---\nid: A\nx_markdown: {a: 1}\nx_manifest: text\nx_position: no\n$file: 1\n---\n",
    "notes": "---\nid: A\nstatus: pending\n---\n\n## Context\n\n## Acceptance Criteria\n\n## Notes\n\nmine\n",
}


@pytest.mark.parametrize("place", ["tasks/A.md", "tasks/deep/er/x.md"])
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_files_there_and_back(text, place, tmp_path):
    put(tmp_path, place, "").write_bytes(text.encode())
    put(tmp_path, "tasks/README.md", "# No task\n")
    before, between, after = there_and_back(tmp_path, "manifest", "markdown")
    assert {name: after[name] for name in before} == before
    assert {name for name in between if name.startswith("tasks")} == {"tasks/README.md"}


def test_what_has_no_place_can_be_read(tmp_path):
    put(tmp_path, "tasks/x.md", OTHER_TOOL)
    convert(tmp_path, "manifest", "--apply")
    (entry,) = document(tmp_path)["tasks"]
    assert entry["x_markdown"] == {
        "created": "2026-01-01",
        "n": [1, 2.5, None],
        "$path": "tasks/x.md",
        "$file": OTHER_TOOL,
    }
    assert entry["acceptance_criteria"] == [{"id": "AC01", "text": "one"}, {"id": "AC02", "text": "two"}]
    assert document(tmp_path, STATE)["tasks"]["a/b"]["acs_completed"] == ["AC01"]


def test_what_happens_in_between_is_in_the_file(tmp_path):
    put(tmp_path, "tasks/x.md", OTHER_TOOL.replace("done", "todo\ngap_codes: [new]"))
    convert(tmp_path, "manifest", "--apply", "--remove")
    assert vtm(tmp_path, "start", "a/b", "--now", NOW).code == 0
    assert vtm(tmp_path, "ac", "a/b", "AC02").code == 0
    convert(tmp_path, "markdown", "--apply", "--remove")
    text = (tmp_path / "tasks/x.md").read_text("utf-8")
    assert "name: x # why\nid: a/b\nstatus: in-progress\nstarted_at: " in text
    assert text.endswith("Text\n\n- [x] one\n- [x] two\n")


def test_what_is_edited_in_between_wins(tmp_path):
    put(tmp_path, "tasks/x.md", OTHER_TOOL)
    convert(tmp_path, "manifest", "--apply", "--remove")
    manifest = document(tmp_path)
    manifest["tasks"][0]["title"] = "new"
    put(tmp_path, MANIFEST, json.dumps(manifest))
    convert(tmp_path, "markdown", "--apply", "--remove")
    text = (tmp_path / "tasks/x.md").read_text("utf-8")
    assert "\ntitle: new\nstatus: completed\n" in text
    assert '\ncreated: "2026-01-01"\n' in text
    assert "$file" in text
    assert "- [x] AC01 one\n- [ ] AC02 two\n" in text


def test_what_is_edited_in_a_file_wins_over_what_was_kept(tmp_path):
    write(tmp_path, [task(A, est={"size": "s", "hours": 2}, risk="high", description=None)])
    convert(tmp_path, "markdown", "--apply", "--remove")
    path = tmp_path / f"tasks/{A}.md"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("risk: high", "risk: low", 1).replace("## Context\n", "## Context\n\nnew\n"), "utf-8"
    )
    convert(tmp_path, "manifest", "--apply", "--remove")
    (entry,) = document(tmp_path)["tasks"]
    assert (entry["risk"], entry["est"], entry["description"]) == ("Low", {"size": "s", "hours": 2}, "new")


def test_the_order_of_the_manifest_comes_back(tmp_path):
    tasks = [task(each) for each in ("C", "A", "B")]
    write(tmp_path, tasks)
    convert(tmp_path, "markdown", "--apply", "--remove")
    convert(tmp_path, "manifest", "--apply", "--remove")
    assert document(tmp_path)["tasks"] == tasks


HINDRANCES = {
    "no-object": ([7], {}, "has no id"),
    "no-id": ([{"title": "x"}], {}, "has no id"),
    "bad-id": ([{"task_id": "\x07"}], {}, "has no id"),
    "twice": ([task(A), task(A)], {}, "declared twice"),
    "file": ([task(A)], {f"tasks/{A}.md": "mine"}, "exists"),
    "task": ([task(A)], {"tasks/x.md": f"---\nid: {A}\n---\n"}, "declared twice"),
}


@pytest.mark.parametrize(("tasks", "files", "problem"), HINDRANCES.values(), ids=HINDRANCES)
def test_hindrances_to_files(tasks, files, problem, tmp_path):
    write(tmp_path, [task("0"), *tasks])
    for name, text in files.items():
        put(tmp_path, name, text)
    before = everything(tmp_path)
    answer = convert(tmp_path, "markdown", "--apply", "--remove", code=1)
    assert problem in answer["problems"][0]["problem"]
    assert everything(tmp_path) == before
    assert "Refused" in vtm(tmp_path, "convert", "markdown").out


BAD_FILES = {
    "yaml": "---\nid: [\n---\n",
    "no-id": "---\ntitle: x\n---\n",
    "twice": f"---\nid: {A}\n---\n",
    "schema": "---\nid: X\nrisk: huge\n---\n",
    "open": "---\nid: X\n",
    "bomb": "---\nid: X\na: &a [1]\n"
    + "".join(
        f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "---\n",
    "tag": "---\nid: X\na: !!python/object:x {}\n---\n",
}


@pytest.mark.parametrize("text", BAD_FILES.values(), ids=BAD_FILES)
def test_hindrances_to_entries(text, tmp_path):
    write(tmp_path, [task(A)])
    put(tmp_path, "tasks/good.md", "---\nid: good\n---\n")
    put(tmp_path, "tasks/x.md", text)
    before = everything(tmp_path)
    answer = convert(tmp_path, "manifest", "--apply", "--remove", code=1)
    assert [each["path"] for each in answer["problems"]] == ["tasks/x.md"]
    assert everything(tmp_path) == before


def test_names_that_no_file_can_have(tmp_path):
    ids = ["../x", "/etc/x", "con", "a:b", "A" * 300, "a", "A"]
    write(tmp_path, [task(each) for each in ids])
    answer = convert(tmp_path, "markdown", "--apply", "--remove")
    assert all(Path(each["target"]).parent.as_posix() == "tasks" for each in answer["tasks"])
    assert len({each["target"].casefold() for each in answer["tasks"]}) == len(ids)
    convert(tmp_path, "manifest", "--apply", "--remove")
    assert [each["task_id"] for each in document(tmp_path)["tasks"]] == ids


def test_nothing_to_convert(tmp_path):
    write(tmp_path, [])
    for to in ("markdown", "manifest"):
        assert convert(tmp_path, to, "--apply")["tasks"] == []
    assert vtm(tmp_path, "convert", "markdown").out == "There is nothing to convert.\n"
    assert convert(tmp_path / "docs", "manifest")["ok"]


def test_no_manifest(tmp_path):
    for to in ("markdown", "manifest"):
        for arguments in ([], ["--apply"]):
            assert convert(tmp_path, to, *arguments, code=3)["code"] == "BLOCKED::MANIFEST-MISSING"
    assert convert(tmp_path, "xml", code=2)["exit"] == 2


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("failing", [1, 2])
def test_a_system_that_refuses_a_file(failing, reason, tmp_path, monkeypatch):
    write(tmp_path, [task(A), task("x/B")])
    calls = []

    def link(*arguments):
        calls.append(arguments)
        if len(calls) == failing:
            raise OSError(reason, os.strerror(reason))
        return real(*arguments)

    real = os.link
    monkeypatch.setattr(os, "link", link)
    before = everything(tmp_path)
    convert(tmp_path, "markdown", "--apply", "--remove", code=1)
    assert everything(tmp_path) == before
    assert not (tmp_path / "tasks").exists()


@pytest.mark.parametrize(
    ("to", "failing"), [("markdown", MANIFEST), ("manifest", MANIFEST), ("manifest", STATE)]
)
def test_a_system_that_refuses_the_manifest_or_the_state(to, failing, tmp_path, monkeypatch):
    write(tmp_path, [task(A)], {})
    put(tmp_path, "tasks/b.md", "---\nid: B\nstatus: completed\n---\n")
    refused = []

    def replace(source, target):
        if Path(target).name == Path(failing).name and not refused:
            refused.append(target)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(source, target)

    real = os.replace
    monkeypatch.setattr(os, "replace", replace)
    before = everything(tmp_path)
    convert(tmp_path, to, "--apply", "--remove", code=5)
    after = everything(tmp_path)
    assert after.pop(JOURNAL, b"") == b""
    assert after == before


def test_the_lock_is_waited_for(tmp_path):
    write(tmp_path, [task(A)])
    put(tmp_path, "vtm.toml", 'lock_wait = "0s"\n')
    with locked(runtime_folder(find_project(tmp_path)), 5):
        assert convert(tmp_path, "markdown", "--apply", code=4)["code"] == "LOCKED"
        assert convert(tmp_path, "markdown")["ok"]


def test_text(tmp_path):
    write(tmp_path, [task(A), 7])
    assert vtm(tmp_path, "convert", "markdown").out == (
        f"{A}: {MANIFEST} -> tasks/{A}.md\n{MANIFEST}: an entry has no id\n"
        "Refused: nothing was written; 1 problem in the way.\n"
    )
    write(tmp_path, [task(A)])
    out = vtm(tmp_path, "convert", "markdown", "--apply", "--remove").out
    assert out == f"{A}: {MANIFEST} -> tasks/{A}.md\nConverted 1 task; the old form is removed.\n"


@pytest.mark.parametrize("path", ["tasks/../../evil.md", "/tmp/evil.md", "tasks/.git/evil.md"])
def test_a_manifest_cannot_name_a_file_elsewhere(path, tmp_path):
    root = write(tmp_path / "shop", [task(A, x_markdown={"$path": path, "$file": f"---\nid: {A}\n---\n"})])
    (done,) = convert(root, "markdown", "--apply")["tasks"]
    assert done["target"] == f"tasks/{A}.md"
    assert not list(tmp_path.rglob("evil.md"))


def test_a_file_that_cannot_be_removed(tmp_path, monkeypatch):
    put(tmp_path, "tasks/a.md", "---\nid: A\n---\n")
    put(tmp_path, "tasks/b.md", "---\nid: B\n---\n")

    def unlink(self, missing_ok=False):
        if self.name == "b.md":
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return real(self, missing_ok)

    real = Path.unlink
    monkeypatch.setattr(Path, "unlink", unlink)
    answer = convert(tmp_path, "manifest", "--apply", "--remove", code=5)
    assert "1 of 2 files were" in answer["message"]
    assert [each["task_id"] for each in document(tmp_path)["tasks"]] == ["A", "B"]


@pytest.mark.parametrize("arguments", [[], ["--apply"], ["--apply", "--remove"]])
def test_files_alone_are_files_already(arguments, tmp_path):
    put(tmp_path, "tasks/a.md", "---\nid: A\n---\n")
    before = everything(tmp_path)
    answer = convert(tmp_path, "markdown", *arguments)
    assert (answer["ok"], answer["tasks"], answer["files"], answer["removed"]) == (True, [], [], [])
    assert everything(tmp_path) == before
    assert vtm(tmp_path, "convert", "markdown").out == "There is nothing to convert.\n"


def test_files_alone_that_cannot_be_read(tmp_path):
    put(tmp_path, "tasks/a.md", BAD_FILES["yaml"])
    before = everything(tmp_path)
    answer = convert(tmp_path, "manifest", "--apply", code=1)
    assert [each["path"] for each in answer["problems"]] == ["tasks/a.md"]
    assert everything(tmp_path) == before
