"""`vtm rehash`: which files get the hash, and that nothing else changes."""

import errno
import json
import os
from hashlib import sha256

import pytest

from tests.projects import MANIFEST, STATE, put, task, write
from tests.repositories import vtm
from vtm.discovery import find_project, runtime_folder
from vtm.stores.lock import locked

TASKS = [task("A--T01"), task("A--T02", needs=["A--T01"])]
HASH = sha256(json.dumps(TASKS, indent=2).encode()).hexdigest()
ABSENT = object()

FILES = {  # hash in the manifest, in the state; what is there afterwards
    "neither": (ABSENT, ABSENT, ABSENT, HASH),
    "manifest": ("0" * 64, ABSENT, HASH, HASH),
    "state": (ABSENT, "sha256:" + "0" * 64, ABSENT, HASH),
    "both": ("PLACEHOLDER", "", HASH, HASH),
    "prefix": ("sha256:" + HASH[:11], HASH[:11], HASH, HASH),
    "not-text": (7, None, HASH, HASH),
    "right": (HASH, HASH, HASH, HASH),
}


def contents(root):
    return {name: (root / name).read_bytes() for name in (MANIFEST, STATE) if (root / name).exists()}


def hash_in(root, name):
    return json.loads((root / name).read_text("utf-8")).get("manifest_hash", ABSENT)


def project(folder, manifest, state):
    put(
        folder,
        MANIFEST,
        json.dumps({"tasks": TASKS} | ({} if manifest is ABSENT else {"manifest_hash": manifest})),
    )
    put(folder, STATE, json.dumps({"tasks": {}} | ({} if state is ABSENT else {"manifest_hash": state})))
    return folder


@pytest.mark.parametrize(("manifest", "state", "first", "second"), FILES.values(), ids=FILES)
def test_hashes_are_written(manifest, state, first, second, tmp_path):
    root = project(tmp_path, manifest, state)
    before = contents(root)
    changes = {MANIFEST: manifest != first, STATE: state != second}
    for arguments in (["--dry-run"], []):
        answer = vtm(root, "rehash", "--json", *arguments)
        assert (answer.code, answer.err, answer.json["manifest_hash"]) == (0, "", HASH)
        assert answer.json["applied"] == (not arguments)
        for each in answer.json["files"]:
            assert each["changes"] == changes[each["path"]]
        assert (contents(root) == before) == bool(arguments or not any(changes.values()))
    assert (hash_in(root, MANIFEST), hash_in(root, STATE)) == (first, second)
    after = contents(root)
    again = vtm(root, "rehash", "--json")
    assert not any(each["changes"] for each in again.json["files"])
    assert contents(root) == after
    assert "MISMATCH" not in vtm(root, "validate").out


def test_nothing_else_changes(tmp_path):
    tasks = '[{"task_id":"A" ,\r\n\t"x": 1.50e3, "\\u0079": "\\u00e9"}]'
    put(tmp_path, MANIFEST, "")
    manifest, state = (
        '\ufeff{"manifest_hash" :"x",\r\n"tasks":%s, "y":1e5}',
        '{"tasks":{} , "manifest_hash":"%s"}\n\n',
    )
    (tmp_path / MANIFEST).write_bytes((manifest % tasks).encode())
    (tmp_path / STATE).write_bytes((state % "y").encode())
    found = vtm(tmp_path, "rehash", "--json").json["manifest_hash"]
    assert (tmp_path / MANIFEST).read_bytes().decode() == (manifest % tasks).replace(':"x"', f':"{found}"')
    assert (tmp_path / STATE).read_bytes().decode() == state % found


def test_text(tmp_path):
    root = project(tmp_path, "old", ABSENT)
    head = f"The hash of the tasks is {HASH}.\n"
    assert vtm(root, "rehash", "--dry-run").out == (
        f"{head}  {MANIFEST} would get it, in place of old\n"
        f"  {STATE} would get it, in place of none\nNothing was written.\n"
    )
    assert vtm(root, "rehash").out == (
        f"{head}  {MANIFEST} now has it, in place of old\n  {STATE} now has it, in place of none\n"
    )
    assert vtm(root, "rehash").out == (
        f"{head}  {MANIFEST} has it\n  {STATE} has it\nNothing had to be changed.\n"
    )


def test_a_state_that_is_missing_stays_so(tmp_path):
    root = write(tmp_path, TASKS, None, {"manifest_hash": "x"})
    assert [each["path"] for each in vtm(root, "rehash", "--json").json["files"]] == [MANIFEST]
    assert hash_in(root, MANIFEST) == HASH
    assert not (root / STATE).exists()


DAMAGED = {
    "no-manifest": (MANIFEST, None, "BLOCKED::MANIFEST-MISSING"),
    "cut": (MANIFEST, '{"tasks"', "GAP::UNREADABLE"),
    "no-list": (MANIFEST, '{"tasks": {}}', "GAP::SCHEMA"),
    "key-twice": (MANIFEST, '{"manifest_hash": "a", "manifest_hash": "b", "tasks": []}', "GAP::SCHEMA"),
    "state-is-a-list": (STATE, "[]", "GAP::SCHEMA"),
    "state-is-empty": (STATE, "", "GAP::UNREADABLE"),
    "state-key-twice": (STATE, '{"manifest_hash": "a", "manifest_hash": "b"}', "GAP::SCHEMA"),
}


@pytest.mark.parametrize(("name", "text", "code"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_left_alone(name, text, code, tmp_path):
    root = project(tmp_path, "x", "y")
    (root / name).unlink()
    if text is not None:
        put(root, name, text)
    before = contents(root)
    answer = vtm(root, "rehash", "--json")
    assert (answer.code, answer.json["code"]) == (3, code)
    assert contents(root) == before


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]], ids=["write", "dry-run"])
def test_task_files_have_no_hash(arguments, tmp_path):
    put(tmp_path, "tasks/a.md", "---\nid: A\n---\n")
    put(tmp_path, STATE, '{"tasks": {}}')
    answer = vtm(tmp_path, "rehash", "--json", *arguments)
    assert (answer.code, answer.json["code"]) == (3, "NO-MANIFEST")
    assert f"no manifest to hash or to change: {MANIFEST} does not exist" in answer.json["message"]
    assert contents(tmp_path) == {STATE: b'{"tasks": {}}'}


def test_a_manifest_that_is_there_and_empty(tmp_path):
    put(tmp_path, "tasks/a.md", "---\nid: A\n---\n")
    put(tmp_path, MANIFEST, "")
    assert "is empty" in vtm(tmp_path, "rehash", "--json").json["message"]


@pytest.mark.parametrize("failing", [1, 2], ids=["manifest", "state"])
def test_a_full_disk(failing, tmp_path, monkeypatch):
    calls = []

    def replace(*arguments):
        calls.append(arguments)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    real = os.replace
    root = project(tmp_path, "x", "y")
    before = contents(root)
    monkeypatch.setattr(os, "replace", replace)
    assert vtm(root, "rehash").code == 5
    assert contents(root) == before


def test_the_lock_is_waited_for(tmp_path):
    root = project(tmp_path, "x", "y")
    put(root, "vtm.toml", 'lock_wait = "0s"\n')
    with locked(runtime_folder(find_project(root)), 5):
        assert vtm(root, "rehash").code == 4
        assert vtm(root, "rehash", "--dry-run").code == 0
