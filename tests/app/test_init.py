"""`vtm init`: what it creates, what it leaves alone, and what it says when it cannot."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.projects import MANIFEST, SPEC, STATE, put, task, write
from tests.repositories import commit, git, repository, vtm
from vtm.discovery import schema_folder
from vtm.stores.new_file import NotCreatedError, create

STARTER_SPEC = "docs/specs/first-steps.md"
STARTER = ["vtm.toml", STARTER_SPEC, MANIFEST, STATE]
NOW = "2026-03-10T12:00:00Z"
TASKS = [task("A--T01", risk="High"), task("A--T02", needs=["A--T01"])]


def contents(root):
    """Every file below `root` with its bytes; git's own left out."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def init(root, *arguments):
    return vtm(root, "init", "--json", "--now", NOW, *arguments)


def sound(root):
    """Whether the project holds what nobody complains about, and work can begin."""
    strict = vtm(root, "validate", "--strict", "--json", "--now", NOW)
    return strict.code == 0 and not strict.json["findings"] and vtm(root, "next").code == 0


def _empty(root):
    pass


def _manifest(root):
    write(root, TASKS)


def _settings(root):
    put(root, "vtm.toml", "wip_limit = 1\n")


def _state(root):
    write(root, TASKS, {"A--T01": {"status": "pending", "notes": "Mine"}})


def _elsewhere(root):
    put(root, "vtm.toml", '[paths]\nmanifest = "plan/tasks.json"\nstate = "plan/deep/er/state.json"\n')
    put(root, SPEC, "")
    put(root, "plan/tasks.json", json.dumps({"tasks": TASKS}))


def _spec(root):
    put(root, STARTER_SPEC, "# Mine\n")


def _bare_manifest(root):
    """As minimal as can be, with a BOM and CRLF, which stay."""
    put(root, SPEC, "")
    put(root, MANIFEST, "\ufeff" + json.dumps({"tasks": TASKS}, indent=1).replace("\n", "\r\n"))


PROJECTS = {  # to each name: what is there, what is created, what is kept
    "empty": (_empty, STARTER, []),
    "manifest": (_manifest, ["vtm.toml", STATE], []),
    "settings": (_settings, STARTER[1:], ["vtm.toml"]),
    "state": (_state, ["vtm.toml"], [STATE]),
    "elsewhere": (_elsewhere, ["plan/deep/er/state.json"], ["vtm.toml"]),
    "spec": (_spec, ["vtm.toml", MANIFEST, STATE], [STARTER_SPEC]),
}


@pytest.mark.parametrize("in_git", [False, True], ids=["outside-git", "in-git"])
@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_created(name, in_git, tmp_path):
    arrange, created, kept = PROJECTS[name]
    if in_git:
        repository(tmp_path)
    arrange(tmp_path)
    before = contents(tmp_path)
    answer = init(tmp_path)
    assert answer.code == 0
    assert answer.json == {
        "schema": "vtm.init/1",
        "root": tmp_path.resolve().as_posix(),
        "created": created,
        "kept": kept,
    }
    after = contents(tmp_path)
    assert after.keys() - before.keys() == set(created)
    assert {path: after[path] for path in before} == before
    assert sound(tmp_path)


@pytest.mark.parametrize("name", PROJECTS)
def test_twice_does_nothing_more(name, tmp_path):
    arrange, _, kept = PROJECTS[name]
    arrange(tmp_path)
    init(tmp_path)
    before = contents(tmp_path)
    again = init(tmp_path).json
    assert (again["created"], contents(tmp_path)) == ([], before)
    assert set(again["kept"]) >= {"vtm.toml", *kept} - {STARTER_SPEC}


def test_it_says_what_it_did(tmp_path):
    put(tmp_path, STARTER_SPEC, "")
    assert vtm(tmp_path, "init").out.splitlines() == [
        f"In {tmp_path.resolve().as_posix()}:",
        "  created vtm.toml",
        f"  created {MANIFEST}",
        f"  created {STATE}",
        f"  kept    {STARTER_SPEC}, which was there",
        "Next: `vtm validate`, then `vtm next`.",
    ]


def test_the_state_belongs_to_the_manifest(tmp_path):
    _bare_manifest(tmp_path)
    before = (tmp_path / MANIFEST).read_bytes()
    assert init(tmp_path).code == 0
    assert (tmp_path / MANIFEST).read_bytes() == before
    state = json.loads((tmp_path / STATE).read_text("utf-8"))
    assert state == {"manifest_hash": state["manifest_hash"], "last_updated": NOW, "tasks": {}}
    codes = [each["code"] for each in vtm(tmp_path, "validate", "--json").json["findings"]]
    assert "WARN::MANIFEST-HASH-MISMATCH" not in codes
    put(tmp_path, MANIFEST, json.dumps({"tasks": TASKS[:1]}))
    codes = [each["code"] for each in vtm(tmp_path, "validate", "--json").json["findings"]]
    assert "WARN::MANIFEST-HASH-MISMATCH" in codes


@pytest.mark.parametrize(
    "now", ["1970-01-01T00:00:00Z", "2026-03-10T12:00:00.5+02:00", "9000-12-31T23:59:59Z"]
)
def test_whatever_the_clock_says_the_state_is_valid(now, tmp_path):
    assert vtm(tmp_path, "init", "--now", now).code == 0
    assert sound(tmp_path)


def test_in_a_linked_worktree_it_is_the_main_one_that_is_made_ready(tmp_path):
    top = repository(tmp_path / "top")
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    assert init(tmp_path / "linked").json["root"] == top.resolve().as_posix()
    assert contents(top).keys() == set(STARTER)
    assert not contents(tmp_path / "linked")


def test_in_a_subfolder_of_a_repository_it_is_the_whole_that_is_made_ready(tmp_path):
    top = repository(tmp_path / "top")
    put(top, "src/a.py", "")
    commit(top)
    assert init(top / "src").json["root"] == top.resolve().as_posix()


# --- what stands in the way


def _file_for_folder(root):
    put(root, "docs/specs", "")


def _file_for_docs(root):
    put(root, "docs", "")


def _file_for_a_folder_further_up(root):
    put(root, "plan", "")
    put(root, "vtm.toml", '[paths]\nstate = "plan/deep/state.json"\n')
    write(root, TASKS)
    (root / "plan").write_text("", "utf-8")


def _link_out(root):
    (root.parent / "outside").mkdir()
    (root / "docs").symlink_to("../outside", target_is_directory=True)


def _link_loop(root):
    (root / "docs").mkdir()
    (root / "docs" / "specs").symlink_to("specs")


def _state_out(root):
    write(root, TASKS)
    (root.parent / "outside").mkdir()
    put(root, "vtm.toml", '[paths]\nstate = "../outside/state.json"\n')


def _state_absolute(root):
    write(root, TASKS)
    (root.parent / "outside").mkdir()
    where = (root.parent / "outside" / "state.json").as_posix()
    put(root, "vtm.toml", f'[paths]\nstate = "{where}"\n')


def _dangling_manifest(root):
    (root / MANIFEST).parent.mkdir(parents=True)
    (root / MANIFEST).symlink_to("gone.json")


def _dangling_state(root):
    write(root, TASKS)
    (root / STATE).symlink_to("gone.json")


def _folder_for_settings(root):
    (root / "vtm.toml").mkdir()


def _folder_for_manifest(root):
    (root / MANIFEST).mkdir(parents=True)


def _damaged_state_alone(root):
    put(root, STATE, "")


def _nul(root):
    put(root, "vtm.toml", '[paths]\nstate = "a\\u0000b"\n')


REFUSED = {  # to each name: what is there, exit, code, path, what the message says
    "file-for-folder": (
        _file_for_folder,
        1,
        "NOT-CREATED",
        STARTER_SPEC,
        "a file stands where its folder should be",
    ),
    "file-for-docs": (_file_for_docs, 3, "GAP::UNREADABLE", MANIFEST, "not a directory"),
    "file-further-up": (
        _file_for_a_folder_further_up,
        3,
        "GAP::UNREADABLE",
        "plan/deep/state.json",
        "not a directory",
    ),
    "link-out": (_link_out, 1, "NOT-CREATED", STARTER_SPEC, "its folder leads out of the project"),
    "link-loop": (_link_loop, 1, "NOT-CREATED", STARTER_SPEC, "symlink loop|symbolic links"),
    "state-out": (_state_out, 2, "INVALID-SETTING", "vtm.toml", "is not a path below the root"),
    "state-absolute": (_state_absolute, 2, "INVALID-SETTING", "vtm.toml", "is not a path below the root"),
    "dangling-manifest": (
        _dangling_manifest,
        1,
        "NOT-CREATED",
        MANIFEST,
        "a symbolic link that leads nowhere",
    ),
    "dangling-state": (_dangling_state, 1, "NOT-CREATED", STATE, "a symbolic link that leads nowhere"),
    "folder-for-settings": (_folder_for_settings, 3, "UNREADABLE-SETTINGS", "vtm.toml", "is a directory"),
    "damaged-state-alone": (_damaged_state_alone, 3, "GAP::UNREADABLE", STATE, "is empty"),
    "nul-in-a-name": (_nul, 3, "GAP::UNREADABLE", "a\0b", "cannot be the name of a file"),
    "folder-for-manifest": (_folder_for_manifest, 3, "GAP::UNREADABLE", MANIFEST, "is a directory"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_in_the_way(name, tmp_path):
    arrange, code, error, path, message = REFUSED[name]
    root = tmp_path / "root"
    root.mkdir()
    arrange(root)
    before = contents(tmp_path)
    answer = init(root)
    found = answer.json
    assert (answer.code, found["code"]) == (code, error)
    assert path is None or found["location"]["path"] == path
    assert any(each in found["message"].lower() for each in message.split("|"))
    assert found["fix"]
    after = contents(tmp_path)
    assert {each: after[each] for each in before} == before
    new = sorted(each.removeprefix("root/") for each in after.keys() - before.keys())
    if error == "NOT-CREATED":
        created = found["message"].partition("; created before: ")[2]
        assert (sorted(created.split(", ")) if created != "nothing" else []) == new
    else:
        assert new == []


DAMAGED = {
    "empty": "",
    "cut": '{"tasks": [',
    "a-list": "[]",
    "conflict": "<<<<<<< a\n{}\n=======\n{}\n>>>>>>> b\n",
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("file", [MANIFEST, STATE], ids=["manifest", "state"])
def test_a_damaged_file_is_left_alone_and_nothing_is_created(file, name, tmp_path):
    _manifest(tmp_path)
    put(tmp_path, file, DAMAGED[name])
    before = contents(tmp_path)
    answer = init(tmp_path)
    assert (answer.code, answer.json["location"]["path"]) == (3, file)
    assert answer.json["location"]["line"] >= 1
    assert contents(tmp_path) == before


@pytest.mark.usefixtures("bound_by_permissions")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o555)
    answer = init(tmp_path)
    tmp_path.chmod(0o755)
    assert (answer.code, answer.json["code"]) == (1, "NOT-CREATED")
    assert "permission denied; created before: nothing" in answer.json["message"]
    assert not contents(tmp_path)


def test_a_system_that_refuses(tmp_path, monkeypatch):
    """What a read-only or full disk answers, also for root."""

    def link(_source, target):
        if Path(target).name == "task-state.json":
            raise OSError(30, "Read-only file system")
        real(_source, target)

    real = os.link
    monkeypatch.setattr(os, "link", link)
    answer = init(tmp_path)
    assert (answer.code, answer.json["fix"]) == (1, "make its folder writable and run it again")
    assert answer.json["message"] == (
        f"{STATE} cannot be created: read-only file system; created before: {', '.join(STARTER[:-1])}"
    )
    assert contents(tmp_path).keys() == set(STARTER[:-1])
    monkeypatch.undo()
    assert init(tmp_path).json["created"] == [STATE]
    assert sound(tmp_path)


# --- two at once


def test_two_processes_at_once_create_each_file_once(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(schema_folder().parent)}
    command = [sys.executable, "-m", "vtm", "init", "--json"]
    running = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) for _ in range(4)
    ]
    answers = [json.loads(process.communicate()[0]) for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert sorted(name for answer in answers for name in answer["created"]) == sorted(STARTER)
    assert contents(tmp_path).keys() == set(STARTER)
    assert sound(tmp_path)


def test_a_file_is_created_once_and_whole(tmp_path):
    together = Barrier(8)

    def attempt(number):
        together.wait()
        return create(tmp_path, "deep/er/file", bytes([number]) * 100_000)

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(attempt, range(8)))
    assert won.count(True) == 1
    assert contents(tmp_path) == {"deep/er/file": bytes([won.index(True)]) * 100_000}


def test_a_file_that_could_not_be_finished_leaves_nothing(tmp_path, monkeypatch):
    def fsync(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(NotCreatedError, match="file cannot be created: no space left on device"):
        create(tmp_path, "file", b"x")
    assert not contents(tmp_path)


def test_everybody_may_read_what_was_created(tmp_path):
    assert create(tmp_path, "file", b"x")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644


def test_beside_markdown_tasks_no_starter_is_made(tmp_path):
    put(tmp_path, "tasks/deep/a.md", "---\nid: a\n---\n")
    answer = init(tmp_path)
    assert (answer.code, answer.json["created"]) == (0, ["vtm.toml", "docs/backlog/task-state.json"])
    assert vtm(tmp_path, "list", "--json").json["total"] == 1
