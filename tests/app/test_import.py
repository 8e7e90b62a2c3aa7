"""`vtm import` and `vtm export`: what is written, what is refused, and that nothing is ever half written."""

import json
import os
import subprocess
import sys
from unicodedata import category

import pytest

from tests.checkout import ROOT
from tests.cli.test_commands import checked
from tests.exchange.samples import BEADS, SAMPLES
from tests.projects import HOSTILE, MANIFEST, STATE, put, task, write
from tests.repositories import vtm
from vtm.exchange.format import format_names
from vtm.stores import durable

NOW = "2026-03-10T12:00:00Z"
JOURNAL = "docs/backlog/task-events.jsonl"
ISSUES = "".join(json.dumps(each) + "\n" for each in BEADS)


@pytest.fixture
def shop(tmp_path):
    return write(tmp_path / "shop", [task("A--T01"), task("A--T02", needs=["A--T01"])], {})


def files(root):
    found = (path for path in root.rglob("*") if path.is_file() and ".vtm" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def imported(root, text, *arguments, name="beads"):
    put(root, "in", text)
    return vtm(root, "import", name, "in", "--json", "--now", NOW, *arguments)


def place(root, name):
    """A sample of a format in a folder, and the path of it."""
    for file in SAMPLES[name]:
        path = root / "given" / (file.name if len(SAMPLES[name]) > 1 else "file")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    return "given" if len(SAMPLES[name]) > 1 else "given/file"


def declared(root):
    return json.loads((root / MANIFEST).read_text("utf-8"))


def entries(root):
    return json.loads((root / STATE).read_text("utf-8"))["tasks"]


@pytest.mark.parametrize("name", format_names())
def test_a_preview_writes_nothing(name, shop):
    path = place(shop, name)
    before = files(shop)
    answer = vtm(shop, "import", name, path, "--json", "--now", NOW)
    found = checked(answer)
    assert (answer.code, found["ok"], found["applied"], found["files"]) == (0, True, False, [])
    assert found["units"]["total"] == sum(found["units"][key] for key in ("read", "in_part", "unreadable"))
    assert len(found["problems"]) == found["units"]["in_part"] + found["units"]["unreadable"]
    assert found["total"] == found["returned"] == len(found["tasks"])
    text = vtm(shop, "import", name, path)
    assert text.out.endswith(f"Nothing was written; --apply adds {found['total']} tasks.\n")
    assert files(shop) == before


@pytest.mark.parametrize("name", format_names())
def test_apply_and_export_and_import_again(name, shop, tmp_path):
    path = place(shop, name)
    first = checked(vtm(shop, "import", name, path, "--apply", "--json", "--now", NOW))
    assert first["applied"]
    assert vtm(shop, "replay", "--check").code == 0
    assert "NO-SPECS" not in vtm(shop, "validate").out
    other = tmp_path / "other"
    other.mkdir()
    assert vtm(other, "import", name, str(shop / path), "--apply").code == 0
    assert checked(vtm(other, "export", name, "out", "--json"))["left_out"] == {}
    again = tmp_path / "again"
    again.mkdir()
    assert vtm(again, "import", name, str(other / "out"), "--apply").code == 0
    assert declared(again)["tasks"] == declared(other)["tasks"]
    without_event = [
        {key: {**each, "last_event": ""} for key, each in entries(root).items()} for root in (other, again)
    ]
    assert without_event[0] == without_event[1]


def test_what_is_written(shop):
    answer = imported(shop, ISSUES, "--apply")
    found = checked(answer)
    assert (answer.code, answer.err, found["transaction"][:7]) == (0, "", "import-")
    assert found["files"] == [MANIFEST, STATE, JOURNAL]
    entry = next(each for each in declared(shop)["tasks"] if each["task_id"] == "bd-1.1")
    assert entry["gap_codes"] == ["IMPORTED::beads"]
    assert entry["depends_on_tasks"] == ["bd-2"]
    assert [each["type"] for each in entry["x_beads"]["dependencies"][:3]] == [
        "parent-child",
        "blocks",
        "related",
    ]
    assert declared(shop)["ingested"][0]["tasks"] == [each["id"] for each in BEADS]
    state = entries(shop)
    assert {name: each["status"] for name, each in state.items()} == {
        "bd-1": "completed",
        "bd-1.1": "in-progress",
        "bd-2": "blocked",
        "bd-3": "abandoned",
        "bd-4": "blocked",
    }
    assert (state["bd-1"]["completed_at"], state["bd-1"]["notes"]) == ("2026-01-02T18:00:00Z", "Seen\nagain")
    assert state["bd-1"]["acs_completed"] == ["bd-1-AC02"]
    assert state["bd-2"]["blocked_reason"] == "its status is deferred"
    lines = [json.loads(line) for line in (shop / JOURNAL).read_text("utf-8").splitlines()]
    assert [(each["task"], each["event"]) for each in lines] == [(each["id"], "import") for each in BEADS]
    assert found["fields"] == {
        **dict.fromkeys(("closed_at", "created_at", "dependencies", "estimated_minutes"), 1),
        **dict.fromkeys(("issue_type", "labels", "notes", "priority"), 1),
    }
    assert found["manifest_hash"] == json.loads((shop / STATE).read_text("utf-8"))["manifest_hash"]


def test_findings_do_not_keep_tasks_out(shop):
    text = '{"id": "a", "dependencies": [{"depends_on_id": "gone"}]}\n{"id": "b"}\n'
    text += '{"id": "c", "dependencies": [{"depends_on_id": "d"}]}\n'
    text += '{"id": "d", "dependencies": [{"depends_on_id": "c"}]}'
    found = checked(imported(shop, text, "--apply"))
    codes = {each["code"]: each["count"] for each in found["findings"]}
    assert codes["GAP::DANGLING-DEPENDENCY"] == codes["GAP::TASK-DEP-CYCLE"] == 1
    assert codes["BLOCKED::EMPTY-AC"] == 4
    assert found["errors"] >= 6
    assert "GAP::NO-SPECS" not in codes


def test_a_state_without_journal_gets_one(tmp_path):
    root = write(tmp_path / "shop", [task("A--T01")], {"A--T01": {"status": "completed"}})
    imported(root, ISSUES, "--apply")
    assert vtm(root, "replay", "--check").code == 0
    assert vtm(root, "doctor").code == 0
    assert len((root / JOURNAL).read_text("utf-8").splitlines()) == 1 + len(BEADS)


@pytest.mark.parametrize("folder", ["docs/backlog", "elsewhere"])
def test_a_project_without_a_manifest_gets_one(folder, tmp_path):
    if folder != "docs/backlog":
        put(tmp_path, "vtm.toml", f'[paths]\nmanifest = "{folder}/m.json"\nstate = "{folder}/s.json"\n')
    assert imported(tmp_path, ISSUES).code == 0
    assert not (tmp_path / folder).exists()
    found = checked(imported(tmp_path, ISSUES, "--apply"))
    assert [name.rpartition("/")[0] for name in found["files"][:2]] == [folder, folder]
    assert vtm(tmp_path, "status").code == 0
    assert vtm(tmp_path, "doctor").code == 0
    assert vtm(tmp_path, "validate", "--select", "manifest-hash-mismatch").code == 0


CLASHES = {
    "task": ('{"id": "A--T01"}\n{"id": "x"}', ["A--T01"]),
    "entry": ('{"id": "OLD"}', ["OLD"]),
    "unreadable-task": ('{"id": "BROKEN"}', ["BROKEN"]),
}


@pytest.mark.parametrize(("text", "clashes"), CLASHES.values(), ids=CLASHES)
def test_an_id_that_is_taken_stops_it_unless_there_is_a_prefix(text, clashes, tmp_path):
    broken = {"task_id": "BROKEN", "risk": 7}
    root = write(tmp_path / "shop", [task("A--T01"), broken], {"OLD": {"status": "completed"}})
    put(root, "in", text)
    before = files(root)
    answer = imported(root, text, "--apply")
    assert (answer.code, checked(answer)["clashes"], answer.json["ok"]) == (1, clashes, False)
    assert f"Refused: 1 id is taken: {clashes[0]}\n" in vtm(root, "import", "beads", "in", "--apply").out
    assert files(root) == before
    assert imported(root, text, "--apply", "--prefix", "n/").code == 0


def test_an_id_of_a_task_file_is_taken_where_there_is_no_manifest(tmp_path):
    put(tmp_path, "tasks/a.md", FILE.format("a", "A", "", CRITERIA))
    put(tmp_path, "in", "task_id,title\na,X\nb,Y\n")
    before = files(tmp_path)
    answer = vtm(tmp_path, "import", "csv", "in", "--apply", "--json")
    assert (answer.code, checked(answer)["clashes"]) == (1, ["a"])
    assert files(tmp_path) == before
    assert vtm(tmp_path, "import", "csv", "in", "--apply", "--prefix", "p-").code == 0
    assert [each["task_id"] for each in declared(tmp_path)["tasks"]] == ["p-a", "p-b"]
    assert {each["task_id"] for each in vtm(tmp_path, "list", "--json").json["tasks"]} == {"a", "p-a", "p-b"}
    assert vtm(tmp_path, "doctor").code == 0


def test_settings_beside_the_tasks_are_named(shop):
    put(shop, "given/tasks/a.md", "---\nid: T-1\n---\n")
    assert vtm(shop, "import", "backlog-md", "given").err == ""
    put(shop, "given/config.yml", "project_name: x\n")
    answer = vtm(shop, "import", "backlog-md", "given", "--strict", "--apply")
    assert (answer.code, answer.err.rstrip()) == (
        0,
        "vtm: given/config.yml is not taken over: it holds settings and no task",
    )


def test_numbers_and_null_come_back_as_they_were(shop):
    head = "id: T-1\ntitle: t\nstatus: To Do\ndependencies: []\nordinal: 1000\nflag: true\nnothing: null\n"
    put(shop, "given/tasks/a.md", f"---\n{head}map:\n  a: 1\n---\n")
    other = shop / "other"
    assert vtm(shop, "import", "backlog-md", "given", "--apply").code == 0
    assert vtm(shop, "export", "backlog-md", "other").code == 0
    assert (other / "tasks/a.md").read_text("utf-8") == (shop / "given/tasks/a.md").read_text("utf-8")


def test_a_prefix_is_put_in_front_of_ids_and_their_dependencies(shop):
    text = '{"id": "a", "acceptance_criteria": "- [x] one"}\n'
    text += '{"id": "b", "dependencies": [{"depends_on_id": "a"}, {"depends_on_id": "A--T01"}]}'
    assert imported(shop, text, "--apply", "--prefix", "p-").code == 0
    first, second = declared(shop)["tasks"][2:]
    assert (first["task_id"], first["acceptance_criteria"][0]["id"]) == ("p-a", "p-a-AC01")
    assert entries(shop)["p-a"]["acs_completed"] == ["p-a-AC01"]
    assert second["depends_on_tasks"] == ["p-a", "A--T01"]
    answer = imported(shop, text, "--prefix", "\x1b")
    assert (answer.code, answer.json["code"]) == (2, "WRONG-PREFIX")


def test_strict_wants_all_of_it(shop):
    before = files(shop) | {"in": ISSUES.encode()}
    answer = imported(shop, ISSUES, "--strict", "--apply")
    assert (answer.code, checked(answer)["ok"]) == (1, False)
    assert files(shop) == before
    assert "Refused: not all of it can be read" in vtm(shop, "import", "beads", "in", "--strict").out
    assert imported(shop, '{"id": "a"}', "--strict").code == 0


REFUSED = {  # format, path, exit code, code
    "missing": ("beads", "gone", 3, "GAP::UNREADABLE"),
    "missing-folder": ("backlog-md", "gone", 3, "GAP::UNREADABLE"),
    "folder": ("beads", "docs", 3, "GAP::UNREADABLE"),
    "no-folder": ("backlog-md", "vtm.toml", 3, "WRONG-FORMAT"),
    "other-folder": ("backlog-md", "src", 3, "WRONG-FORMAT"),
    "other-format": ("beads", "vtm.toml", 3, "WRONG-FORMAT"),
    "own-manifest": ("vtm-cli", MANIFEST, 3, "WRONG-FORMAT"),
    "broken-json": ("taskmaster", "broken", 3, "WRONG-FORMAT"),
    "nul-in-name": ("beads", "a\0b", 3, "GAP::UNREADABLE"),
    "unknown-format": ("task-master", "x", 2, "UNKNOWN-FORMAT"),
    "hostile-format": ("\x1b[31m", "x", 2, "UNKNOWN-FORMAT"),
    "empty": ("beads", "empty", 1, None),
    "nothing-readable": ("beads", "bad", 1, None),
    "empty-list": ("taskwarrior", "list", 1, None),
}


@pytest.mark.parametrize(("name", "path", "code", "error"), REFUSED.values(), ids=REFUSED)
def test_refused(name, path, code, error, shop):
    put(shop, "src/a.py", "")
    for file, text in {
        "empty": "",
        "bad": '{"id": \n{',
        "list": "[]",
        "broken": '{\n"tasks": [',
        "vtm.toml": "",
    }.items():
        put(shop, file, text or ("wip_limit = 3\n" if file == "vtm.toml" else ""))
    before = files(shop)
    answer = vtm(shop, "import", name, path, "--apply", "--json")
    assert answer.code == code, answer
    found = checked(answer)
    assert found.get("code") == error
    if error in {"WRONG-FORMAT", "GAP::UNREADABLE"}:
        assert found["fix"].startswith("expected is ")
    if path == "broken":
        assert found["location"]["line"] == 2
    assert files(shop) == before
    assert vtm(shop, "import", name, path).code == code


def test_the_nearest_formats_are_offered(shop):
    assert "taskmaster" in vtm(shop, "import", "task-master", "x", "--json").json["fix"]
    assert "backlog-md" in vtm(shop, "export", "Backlog.md", "--json").json["fix"]


def call(root, *arguments, data=b""):
    command = [sys.executable, "-m", "vtm", *arguments]
    return subprocess.run(
        command,
        cwd=root,
        input=data,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def test_standard_input_and_output(shop, tmp_path):
    done = call(shop, "import", "beads", "-", "--apply", data=ISSUES.encode())
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        b"<stdin>: 5 lines: 3 read, 2 in part, 0 unreadable",
    )
    exported = call(shop, "export", "beads")
    assert (exported.returncode, len(exported.stdout.splitlines())) == (0, 7)
    assert b"beads cannot hold" in exported.stderr
    again = call(tmp_path, "import", "beads", "-", data=exported.stdout)
    assert again.stdout.splitlines()[0].startswith(b"<stdin>: 7 lines:")
    assert call(shop, "import", "backlog-md", "-").returncode == 2
    assert call(shop, "export", "backlog-md").returncode == 2


def test_export_says_what_it_leaves_out(shop):
    answer = vtm(shop, "export", "beads", "out.jsonl", "--json")
    found = checked(answer)
    assert (found["tasks"], found["files"], found["path"]) == (2, 1, "out.jsonl")
    assert found["left_out"]["related_specs"] == 2
    assert "depends_on_tasks" not in found["left_out"]
    assert vtm(shop, "export", "csv", "out.csv", "--json").json["left_out"] == {}


FILE = "---\nid: {}\ntitle: {}\n{}---\n{}"
CRITERIA = "## Acceptance criteria\n\n- [ ] AC01: one\n- [x] AC02: two\n"
UNREAD = {  # front matter, body, to what an export as CSV leaves out
    "nothing": ("", f"# T\n\nWhat\n\n## Context\n\n{CRITERIA}\n## Notes\n\nSeen\n", {"other_sections": 1}),
    "usual": ("risk: high\n", f"## Context\n\nWhat\n\n### More\n\n{CRITERIA}\n## Notes\n\nSeen\n", {}),
    "lead": ("", "# Title\n\nWhat\n\n- [ ] one\n\n## Notes\n\nSeen\n", {}),
    "keys": ("tags: [x]\nassignee: ada\n", CRITERIA, {"assignee": 1, "tags": 1}),
    "section": ("", f"What\n\n## Risks\n\nNone\n\n{CRITERIA}", {"other_sections": 1}),
    "empty-section": ("", f"What\n\n## Risks\n\n{CRITERIA}", {}),
    "boxes-in-sections": ("", "What\n\n## One\n\n- [ ] one\n\n## Two\n\n- [ ] two\n", {}),
    "between-boxes": ("", "What\n\n## One\n\n- [ ] one\nmore\n", {"other_sections": 1}),
    "described-twice": ("description: d\n", "## Context\n\nWhat\n", {"other_sections": 1}),
    "done": ("", "What\n\n## Definition of Done\n\n- [ ] all\n", {"other_sections": 1}),
    "of-a-manifest": ("x_manifest: {owner: ada, x_csv: {a: b}}\nx_position: 1\n", CRITERIA, {"owner": 1}),
    "not-convertible": ("risk: 7\ntags: [x]\n", CRITERIA, {"tags": 1}),
}


@pytest.mark.parametrize(("front", "body", "left_out"), UNREAD.values(), ids=UNREAD)
def test_export_says_what_of_task_files_it_leaves_out(front, body, left_out, tmp_path):
    put(tmp_path, "tasks/a.md", FILE.format("a", "A", front, body))
    found = checked(vtm(tmp_path, "export", "csv", "out.csv", "--json"))
    assert (found["tasks"], found["left_out"], found["unreadable"]) == (1, left_out, [])


def test_export_names_task_files_that_it_cannot_read(tmp_path):
    put(tmp_path, "tasks/a.md", FILE.format("a", "A", "", CRITERIA))
    put(tmp_path, "tasks/b.md", "---\nid: [\n---\n")
    put(tmp_path, "tasks/c.md", "---\ntitle: no id\n---\n")
    put(tmp_path, "tasks/readme.md", "# Tasks\n")
    answer = vtm(tmp_path, "export", "beads", "out", "--json")
    assert (answer.code, checked(answer)["unreadable"]) == (0, ["tasks/b.md", "tasks/c.md"])
    done = call(tmp_path, "export", "csv")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)
    assert b"vtm: tasks/b.md cannot be read and is left out; `vtm validate` says why" in done.stderr
    (tmp_path / "tasks/a.md").unlink()
    answer = vtm(tmp_path, "export", "beads", "again", "--json")
    assert (answer.code, checked(answer)["tasks"]) == (1, 0)
    assert call(tmp_path, "export", "csv").returncode == 1


@pytest.mark.parametrize("name", ["beads", "backlog-md"])
def test_export_overwrites_nothing(name, shop):
    put(shop, "there/x", "mine")
    before = files(shop)
    answer = vtm(shop, "export", name, "there", "--json")
    assert (answer.code, checked(answer)["code"]) == (2, "ALREADY-THERE")
    answer = vtm(shop, "export", name, "there/x", "--json")
    assert answer.code == 2
    assert files(shop) == before


def test_what_happened_since_is_exported(shop):
    imported(shop, ISSUES, "--apply")
    vtm(shop, "note", "bd-2", "looked at")
    vtm(shop, "unblock", "bd-2")
    lines = map(json.loads, vtm(shop, "export", "beads").out.splitlines())
    issue = next(each for each in lines if each["id"] == "bd-2")
    assert (issue["status"], issue["notes"]) == ("open", "looked at")


@pytest.mark.parametrize("since", ["nothing", "note"])
def test_rollback(since, shop):
    before = declared(shop)["tasks"]
    name = imported(shop, ISSUES, "--apply").json["transaction"]
    if since == "note":
        assert vtm(shop, "note", "bd-2", "looked at").code == 0
    answer = vtm(shop, "ingest", "--rollback", name, "--apply", "--json")
    if since == "note":
        assert (answer.code, answer.json["code"]) == (4, "HAS-BEGUN")
        assert "bd-2 is blocked" in answer.json["message"]
        return
    assert checked(answer)["tasks"] == [each["id"] for each in BEADS]
    assert (declared(shop)["tasks"], entries(shop)) == (before, {})
    assert vtm(shop, "doctor").code == 0
    assert imported(shop, ISSUES, "--apply").code == 0
    assert vtm(shop, "replay", "--check").code == 0


@pytest.mark.parametrize("manifest", [True, False], ids=["manifest", "no-manifest"])
@pytest.mark.parametrize("fails", [MANIFEST, STATE, JOURNAL])
def test_what_cannot_be_written_leaves_nothing_behind(fails, manifest, shop, tmp_path, monkeypatch):
    root = shop if manifest else tmp_path / "new"
    root.mkdir(exist_ok=True)
    put(root, "in", ISSUES)
    before = files(root)
    target = root / fails

    def refuse(path, *_):
        if path == target or (path, target.name) == (target.resolve(), target.name):
            raise OSError(28, "No space left on device")
        return real_append(path, *_) if real_append and path.name.endswith("l") else None

    real_append = durable.append
    real = durable.replacement
    monkeypatch.setattr("vtm.stores.files.append", refuse)
    monkeypatch.setattr("vtm.stores.durable.replacement", lambda path, data: refuse(path) or real(path, data))
    monkeypatch.setattr("vtm.stores.files.replacement", lambda path, data: refuse(path) or real(path, data))
    answer = imported(root, ISSUES, "--apply")
    assert (answer.code, answer.json["code"]) == (5, "NOT-WRITTEN")
    found = files(root)
    assert {name: data for name, data in found.items() if data} == before


def test_hostile_text_reaches_no_terminal(shop):
    hostile = {"id": "a", "title": HOSTILE, "status": HOSTILE, HOSTILE: HOSTILE, "notes": HOSTILE}
    text = (
        json.dumps(hostile)
        + "\n"
        + json.dumps({"id": HOSTILE})
        + "\n"
        + json.dumps({"id": "b", "title": "x"})
    )
    for arguments in ([], ["--json"], ["--apply"]):
        put(shop, "in", text)
        answer = vtm(shop, "import", "beads", "in", *arguments)
        assert answer.code == 0
        raw = {char for char in answer.out + answer.err if category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
        assert raw <= {"\n"}
    exported = vtm(shop, "export", "beads").out
    assert json.loads(exported.splitlines()[-2])["title"] == HOSTILE
    assert {char for char in exported if category(char) in {"Cc", "Cf", "Zl"}} <= {"\n"}


def test_paths_in_the_input_are_never_opened(shop, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("---\nid: SECRET\n---\n", "utf-8")
    (shop / "given/tasks").mkdir(parents=True)
    (shop / "given/tasks/link.md").symlink_to(secret)
    (shop / "given/tasks/folder.md").mkdir()
    put(shop, "given/tasks/a.md", f"---\nid: T-1\ntitle: {secret}\nreferences: ['{secret}']\n---\n")
    found = checked(vtm(shop, "import", "backlog-md", "given", "--json"))
    assert [each["task_id"] for each in found["tasks"]] == ["T-1"]
    assert {each["name"]: each["reason"] for each in found["problems"]} == {
        "tasks/link.md": "is a symbolic link",
        "tasks/folder.md": "is a directory",
    }
    kept = json.dumps({"vtm:file": "../../evil.md"})
    document = declared(shop)
    document["tasks"][0]["x_backlog_md"] = json.loads(kept)
    put(shop, MANIFEST, json.dumps(document))
    assert vtm(shop, "export", "backlog-md", "out").code == 0
    assert {path.parent.name for path in (shop / "out").rglob("*.md")} == {"tasks"}
    assert not (shop.parent / "evil.md").exists()


def test_a_budget_cuts_whole_tasks(shop):
    text = "".join(f'{{"id": "t-{number}", "title": "{"x" * 50}"}}\n' for number in range(200))
    found = checked(imported(shop, text, "--budget", "1000"))
    assert (found["total"], found["truncated"]) == (200, True)
    assert found["returned"] == len(found["tasks"]) < 200
    shown = vtm(shop, "import", "beads", "in").out
    assert "\n  and 180 more\n" in shown


def test_an_id_of_a_task_file_clashes_where_there_is_no_manifest(tmp_path):
    put(tmp_path, "tasks/x.md", f"---\nid: {BEADS[0]['id']}\n---\n")
    answer = imported(tmp_path, ISSUES, "--apply")
    assert (answer.json["ok"], answer.json["clashes"]) == (False, [BEADS[0]["id"]])
    assert not (tmp_path / MANIFEST).exists()
