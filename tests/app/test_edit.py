"""`vtm edit`: with scripts as editors, that a text is taken or kept, and that nothing else changes."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import checked
from tests.projects import HOSTILE, MANIFEST, STATE, put, task, write
from tests.repositories import vtm
from vtm.discovery import find_project, runtime_folder
from vtm.stores.lock import locked

A, B, C = "A--T01", "B--T01", "c/d"
FILE = "---\r\nid: c/d # own\r\ntitle: x\r\n---\r\n- [ ] AC01 box"


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Where texts are kept."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return folder


@pytest.fixture
def shop(tmp_path):
    root = write(tmp_path / "shop", [task(A, est={"size": "M", "n": 1.50}), task(B, needs=[A])], {})
    put(root, "tasks/c.md", "").write_bytes(FILE.encode())
    assert vtm(root, "rehash").code == 0
    return root


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Set an editor that runs these lines of Python, in which `path` is the file and `text` what is in it."""

    def install(lines, variable="EDITOR", arguments=""):
        script = put(
            tmp_path,
            "my editor.py",
            "import json, pathlib, sys\n"
            "path = pathlib.Path(sys.argv[-1])\ntext = path.read_bytes().decode(errors='replace')\n"
            f"def save(text): path.write_bytes(text.encode())\n{lines}\n",
        )
        monkeypatch.setenv(variable, f"'{sys.executable}' '{script}' {arguments}")

    return install


def edit(root, name, *arguments, code=0):
    answer = vtm(root, "edit", name, *arguments, "--json")
    assert answer.code == code, answer
    return checked(answer)


def everything(root):
    return {
        path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".vtm" not in path.parts
    }


REPLACE = "save(text.replace({!r}, {!r}))"


def test_an_entry(shop, editor, temporary):
    before = (shop / MANIFEST).read_bytes()
    editor(
        "assert json.loads(text)['task_id'] == 'A--T01'\n" + REPLACE.format("Title of A--T01", "New: \\u00fc")
    )
    answer = edit(shop, A)
    assert (answer["ok"], answer["changed"], answer["path"]) == (True, True, MANIFEST)
    assert answer["files"] == [MANIFEST, STATE]
    assert (shop / MANIFEST).read_bytes() == before.replace(b"Title of A--T01", "New: ü".encode())
    assert vtm(shop, "validate", "--select", "MANIFEST-HASH-MISMATCH").code == 0
    assert list(temporary.iterdir()) == []


def test_members_come_and_go(shop, editor):
    editor(
        "entry = json.loads(text)\ndel entry['phase']\n"
        "entry['new'] = [1, {'a': None}]\nsave(json.dumps(entry))"
    )
    edit(shop, A)
    tasks = json.loads((shop / MANIFEST).read_text("utf-8"))["tasks"]
    expected = task(A, est={"size": "M", "n": 1.5}) | {"new": [1, {"a": None}]}
    del expected["phase"]
    assert tasks == [expected, task(B, needs=[A])]


def test_a_file(shop, editor, temporary):
    editor("assert path.suffix == '.md'\n" + REPLACE.format("title: x", "title: y"))
    answer = edit(shop, C)
    assert (answer["path"], answer["files"]) == ("tasks/c.md", ["tasks/c.md"])
    assert (shop / "tasks/c.md").read_bytes() == FILE.replace("title: x", "title: y").encode()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("lines", ["", "save(text)", "save('x')\nsave(text)"])
@pytest.mark.parametrize("name", [A, C])
def test_without_a_change_nothing_happens(name, lines, shop, editor, temporary):
    before = everything(shop)
    editor(lines)
    assert edit(shop, name) | {"path": ""} == {
        "schema": "vtm.edit/1",
        "ok": True,
        "changed": False,
        "task_id": name,
        "path": "",
        "reason": "",
        "kept": "",
        "files": [],
        "findings": [],
        "errors": 0,
        "warnings": 0,
    }
    assert everything(shop) == before
    assert list(temporary.iterdir()) == []


def test_another_layout_is_no_change(shop, editor):
    before = everything(shop)
    editor("save(json.dumps(json.loads(text)))")
    assert edit(shop, A)["changed"] is False
    assert everything(shop) == before


CYCLE = REPLACE.format('"depends_on_tasks": []', '"depends_on_tasks": ["B--T01"]')
NO_CRITERIA = "entry = json.loads(text)\nentry['acceptance_criteria'] = []\nsave(json.dumps(entry))"
BAD = {  # task, what the editor does; to a part of the reason or a code
    "no-json": (A, "save('{')", "ends in the middle"),
    "no-object": (A, "save('[]')", "is no object"),
    "nothing": (A, "save('')", "is empty"),
    "key-twice": (A, "save(text[:-2] + ', \"task_id\": \"A--T01\"}')", "twice"),
    "number": (A, "save(text.replace('1.5', '1e999'))", "too large"),
    "deep": (A, "save(text.replace('1.5', '[' * 500 + ']' * 500))", "deep"),
    "bytes": (A, "path.write_bytes(b'\\xff')", "UTF-8"),
    "other-id": (A, REPLACE.format('"A--T01",', '"A--T02",'), "must stay A--T01"),
    "no-id": (A, REPLACE.format('"task_id"', '"id"'), "must stay A--T01"),
    "schema": (A, REPLACE.format('"risk": "Medium"', '"risk": "Huge"'), "GAP::SCHEMA"),
    "cycle": (A, CYCLE, "GAP::TASK-DEP-CYCLE"),
    "dangling": (B, "save(text.replace('[\\n    \"A--T01', '[\\n    \"Z'))", "GAP::DANGLING-DEPENDENCY"),
    "no-criteria": (A, NO_CRITERIA, "BLOCKED::EMPTY-AC::A--T01"),
    "file-yaml": (C, REPLACE.format("title: x", "title: ["), "GAP::SCHEMA"),
    "file-id": (C, REPLACE.format("id: c/d", "id: d"), "must stay c/d"),
    "file-no-id": (C, REPLACE.format("id: c/d", "i: d"), "GAP::SCHEMA"),
    "file-no-front": (C, "save('')", "no front matter"),
    "file-schema": (C, REPLACE.format("title: x", "risk: huge"), "GAP::SCHEMA"),
    "file-dangling": (C, REPLACE.format("title: x", "depends_on: [Z]"), "GAP::DANGLING-DEPENDENCY"),
    "file-bytes": (C, "path.write_bytes(b'---\\nid: c/d\\n---\\n\\xff')", "GAP::UNREADABLE"),
    "file-twice": (C, REPLACE.format("title: x", "title: x\r\ntitle: y"), "GAP::SCHEMA"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "lines", "why"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_kept_elsewhere(name, lines, why, shop, editor, temporary):
    before = everything(shop)
    editor(lines)
    answer = edit(shop, name, code=1)
    assert (answer["ok"], answer["changed"], answer["files"]) == (False, False, [])
    assert why in answer["reason"] or why in {each["code"] for each in answer["findings"]}, answer
    assert everything(shop) == before
    kept = Path(answer["kept"])
    assert kept.is_relative_to(temporary)
    text = kept.read_bytes()
    shown = vtm(shop, "edit", name).out
    assert "Refused" in shown
    assert "Your text is in " in shown
    editor("")
    assert edit(shop, name, "--from", str(kept), code=1)["kept"] != str(kept)
    assert kept.read_bytes() == text


def test_a_kept_text_can_be_mended(shop, editor):
    editor(REPLACE.format('"risk": "Medium"', '"risk": "Huge"'))
    kept = edit(shop, A, code=1)["kept"]
    editor(REPLACE.format('"risk": "Huge"', '"risk": "Low"'))
    assert edit(shop, A, "--from", kept)["changed"]
    assert json.loads((shop / MANIFEST).read_text("utf-8"))["tasks"][0]["risk"] == "Low"
    assert edit(shop, A, "--from", "no.json", code=3)["exit"] == 3


def test_findings_are_placed_in_the_text(shop, editor):
    editor(REPLACE.format('"risk": "Medium"', '"risk": "Huge"'))
    answer = edit(shop, A, code=1)
    (error,) = [each for each in answer["findings"] if each["severity"] == "error"]
    where = error["location"]
    assert where["path"] == answer["kept"]
    assert '"risk"' in Path(answer["kept"]).read_text("utf-8").splitlines()[where["line"] - 1]


def test_errors_that_were_there_do_not_matter(tmp_path, editor):
    root = write(tmp_path / "shop", [task(A, related_specs=["no.md"], risk="Huge"), {"no": 1}])
    editor(REPLACE.format("Title", "New title"))
    assert edit(root, A)["changed"]


def test_visual_comes_first_and_arguments_are_kept(shop, editor, monkeypatch):
    editor(
        "assert sys.argv[1:-1] == ['--wait', 'a b']\n" + REPLACE.format("Title of", "New"),
        "VISUAL",
        "--wait 'a b'",
    )
    monkeypatch.setenv("EDITOR", "false")
    assert edit(shop, A)["changed"]


@pytest.mark.parametrize("value", [None, "", " ", "/no/such/editor", "'", "/", "a\0b"[:1] + "-no-such"])
def test_no_editor(value, shop, monkeypatch, temporary):
    if value is not None:
        monkeypatch.setenv("EDITOR", value)
    before = everything(shop)
    assert edit(shop, A, code=2)["code"] == "NO-EDITOR"
    assert everything(shop) == before
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "lines", ["save('x')\nsys.exit(3)", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"]
)
def test_an_editor_that_fails(lines, shop, editor, temporary):
    before = everything(shop)
    editor(lines)
    assert edit(shop, A, code=5)["code"] == "EDITOR-FAILED"
    assert everything(shop) == before
    assert list(temporary.iterdir()) == []


def test_an_editor_that_leaves_no_text(shop, editor):
    editor("path.unlink()")
    assert edit(shop, A, code=1)["reason"] == "the editor left no text"
    editor("path.unlink()\npath.mkdir()")
    assert edit(shop, A, code=1)["reason"] == "the editor left no text"


@pytest.mark.parametrize(("name", "path"), [(A, MANIFEST), (C, "tasks/c.md")])
def test_what_somebody_changes_meanwhile_is_not_overwritten(name, path, shop, editor):
    before = everything(shop)
    editor(f"with open({str(shop / path)!r}, 'ab') as file: file.write(b' ')\n" + REPLACE.format("x", "y"))
    if name == A:
        editor(
            f"with open({str(shop / path)!r}, 'ab') as file: file.write(b' ')\n"
            + REPLACE.format("Title", "y")
        )
    answer = edit(shop, name, code=4)
    assert answer["code"] == "CHANGED-UNDERNEATH"
    kept = answer["message"].rpartition("your text is in ")[2]
    assert "y" in Path(kept).read_text("utf-8")
    assert kept in answer["fix"]
    assert everything(shop) == before | {shop / path: before[shop / path] + b" "}


def test_a_task_may_change_its_state_while_the_editor_is_open(shop, editor):
    start = f"sys.path.insert(0, {str(Path(__file__).parents[2])!r})\nfrom vtm.cli.main import run\n"
    editor(
        f"{start}assert run(['-C', {str(shop)!r}, 'note', 'A--T01', 'x']) == 0\n"
        + REPLACE.format("Title", "New")
    )
    assert edit(shop, A)["changed"]
    assert json.loads((shop / STATE).read_text("utf-8"))["tasks"][A]["notes"]


def test_the_lock_is_waited_for_and_the_text_is_kept(shop, editor):
    put(shop, "vtm.toml", 'lock_wait = "0s"\n')
    editor(REPLACE.format("Title", "New"))
    with locked(runtime_folder(find_project(shop)), 5):
        answer = edit(shop, A, code=4)
    assert answer["code"] == "LOCKED"
    assert "New" in Path(answer["message"].rpartition("your text is in ")[2]).read_text("utf-8")


def test_unknown_task(shop, editor):
    editor("save('x')")
    assert edit(shop, "A--T0", code=2)["code"] == "UNKNOWN-TASK"
    assert edit(shop, HOSTILE, code=2)["code"] == "UNKNOWN-TASK"


def test_hostile_texts(tmp_path, editor):
    root = write(tmp_path / "shop", [task('PAY--T0\u202e6"]\\;#', HOSTILE)])
    editor("entry = json.loads(text)\nentry['title'] = entry['title'] * 2\nsave(json.dumps(entry))")
    out = vtm(root, "edit", 'PAY--T0\u202e6"]\\;#').out
    assert "\x1b" not in out
    assert json.loads((root / MANIFEST).read_text("utf-8"))["tasks"][0]["title"] == HOSTILE * 2


def test_an_entry_whose_manifest_is_gone_meanwhile(shop, editor):
    editor(REPLACE.format("Title of A--T01", "New") + f"\npathlib.Path({str(shop / MANIFEST)!r}).unlink()")
    assert edit(shop, A, code=4)["code"] == "CHANGED-UNDERNEATH"
    assert not (shop / MANIFEST).exists()


@pytest.mark.parametrize(
    ("name", "old", "needs"),
    [
        (A, '"depends_on_tasks": []', f'"depends_on_tasks": ["{C}"]'),
        (C, "title: x", f"title: x\r\nneeds: [{B}]"),
    ],
    ids=["entry", "file"],
)
def test_a_dependency_in_the_other_form(name, old, needs, shop, editor):
    editor(REPLACE.format(old, needs.replace("needs:", "depends_on:")))
    assert edit(shop, name)["changed"]
    assert vtm(shop, "show", name, "--json").json["depends_on_tasks"] == [C if name == A else B]
