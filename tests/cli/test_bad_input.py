"""Every kind of bad input, through the real commands: a finding or exit 3, with place and fix; no harm."""

import json
import os
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator

from tests.projects import MANIFEST, NOW, STATE, put, task, write
from tests.repositories import vtm
from tests.schemas.generate import FOLDER

QUESTIONS = ("next", "pulse")
BOM = b"\xef\xbb\xbf"
T1, T2 = "A--T01", "A--T02"
SCHEMAS = {
    document["$id"]: Draft202012Validator(document)
    for document in (json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.schema.json"))
}


def manifest(*tasks, **head):
    """A manifest's text; `write` in `tests.projects` makes one likewise."""
    return json.dumps({"status": "OK", **head, "tasks": list(tasks)}, indent=2)


def state(entries, **head):
    return json.dumps({"manifest_hash": "PLACEHOLDER", **head, "tasks": entries}, indent=2)


def at_line(text, part, again=1):
    """The place of the nth occurrence of `part`."""
    at = -1
    for _ in range(again):
        at = text.index(part, at + 1)
    return end(text[:at])


def end(text):
    """The place behind `text`."""
    return f"{text.count(chr(10)) + 1}:{len(text) - text.rfind(chr(10))}"


class Whole(NamedTuple):
    """A file that is damaged as a whole: `validate` fails, questions exit with 3."""

    data: bytes
    message: str
    place: str = "1:1"
    code: str = "GAP::UNREADABLE"


class Part(NamedTuple):
    """A file of which the rest is still judged: the codes that `validate` reports, each with its place."""

    data: bytes
    findings: tuple[tuple[str, str], ...]
    next_task: str | None = T1
    exit: int = 1


CONFLICT = b'{\n<<<<<<< HEAD\n  "tasks": []\n=======\n  "tasks": {}\n>>>>>>> other\n}\n'
SOUND = manifest(task(T1), task(T2, "Later", [T1]))
SOUND_STATE = state({T1: {"status": "completed"}, T2: {"status": "pending"}})

WHOLE = {
    "empty": Whole(b"", "is empty"),
    "blank": Whole(b"\n\n ", "is empty"),
    "not-json": Whole(b"# Tasks\n\n- one\n", "is not JSON: invalid character"),
    "comma-at-the-end": Whole(b'{\n  "tasks": [],\n}\n', "is not JSON: trailing comma in object", "3:1"),
    "invalid-utf8": Whole(b'{"tasks": [], "metadata":\n "\xff\xfe"}', "is not valid UTF-8", "2:3"),
    "utf16": Whole(SOUND.encode("utf-16"), "is not UTF-8 but UTF-16 or UTF-32"),
    "nul": Whole(b'{"tasks": [],\n\0}', "holds a NUL byte", "2:1"),
    "nothing-but-nul": Whole(b"\0" * 4096, "holds a NUL byte"),
    "lone-surrogate": Whole(b'{"tasks": [],\n "x": "a\\ud800"}', "holds half of a surrogate pair", "2:9"),
    "raw-escape": Whole(b'{"tasks": "\x1b[31m"}', "is not JSON: invalid character", "1:12"),
    "conflict": Whole(CONFLICT, "holds conflict markers of a merge", "2:1", "GAP::CONFLICT-MARKERS"),
    "nesting": Whole(b"[" * 50_000_000, "is nested too deeply to be a backlog", "1:201"),
    "nesting-inside": Whole(
        b'{"tasks": [\n' + b'{"a":' * 1_000_000, "is nested too deeply to be a backlog", "2:991"
    ),
    "number": Whole(b"7", "is not an object", "1:1", "GAP::SCHEMA"),
    "null": Whole(b"null", "is not an object", "1:1", "GAP::SCHEMA"),
    "tasks-of-another-kind": Whole(
        b'{"status": "OK",\n  "tasks": "none"}', "is not an object", "2:3", "GAP::SCHEMA"
    ),
}
WHOLE_MANIFEST = {
    **WHOLE,
    "cut-in-the-middle": Whole(
        SOUND[: len(SOUND) // 2].encode(), "ends in the middle", end(SOUND[: len(SOUND) // 2])
    ),
    "cut-at-the-end": Whole(SOUND[:-3].encode(), "ends in the middle", end(SOUND[:-3])),
    "list": Whole(
        json.dumps([task(T1)]).encode(), "is not an object with a list `tasks`", "1:1", "GAP::SCHEMA"
    ),
    "no-tasks": Whole(b'{"status": "OK"}', "is not an object with a list `tasks`", "1:1", "GAP::SCHEMA"),
}
WHOLE_STATE = {
    **WHOLE,
    "cut-in-the-middle": Whole(SOUND_STATE[:80].encode(), "ends in the middle", end(SOUND_STATE[:80])),
    "list": Whole(b"[]", "is not an object with an object `tasks`", "1:1", "GAP::SCHEMA"),
    "list-of-entries": Whole(
        b'{"tasks": []}', "is not an object with an object `tasks`", "1:2", "GAP::SCHEMA"
    ),
}


EVERY_FIELD = manifest(
    {key: {"wrong": [0]} for key in task(T1)} | {"task_id": T1, "provisional": "yes", "parallelism_group": 1},
    task(T2),
    7,
    status=3,
    timestamp="soon",
    gaps=["x"],
)
ESCAPES = manifest(
    task("\x1b[2J\x1b]0;owned\x07"),
    task(T1),
    task("A\x7fB"),
    task("A\x9b31mB"),
    task("A\nB"),
    task("A\u2028B"),
    task("\x00"),
    task(T2, "x\x1b[31m\x9b\x7f\r\n::error::", ["\x1b[31mred\n"]),
)
EQUAL = manifest(task(T1, "First"), task(T1, "Second"), task(T1, "Third", [T1]))
ITSELF = manifest(task(T1, "x", [T1]), task(T2))
REPEATED = '{"status": "OK", "tasks": [],\n "tasks": [@],\n "status": "OK"}'.replace(
    "@", json.dumps(task(T1))
)
NO_ID = manifest(task(T1), {"title": "x"}, {"task_id": None}, {"task_id": ["x"]}, None)

PART_MANIFEST = {
    "mark": Part(BOM + SOUND.encode(), (("WARN::LENIENT-VALUE", "1:1"),), exit=0),
    "windows": Part(SOUND.replace("\n", "\r\n").encode(), (), exit=0),
    "old-mac": Part(SOUND.replace("\n", "\r").encode(), (), exit=0),
    "no-tasks-at-all": Part(b'{"tasks": []}', (), next_task=None, exit=0),
    "repeated-keys": Part(REPEATED.encode(), (("GAP::SCHEMA", "2:2"), ("GAP::SCHEMA", "3:2"))),
    "wrong-types": Part(
        EVERY_FIELD.encode(),
        (
            *(
                ("GAP::SCHEMA", at_line(EVERY_FIELD, f'"{key}": {{'))
                for key in task(T1)
                if key not in {"task_id", "depends_on_tasks", "est"}
            ),
            ("GAP::SCHEMA", at_line(EVERY_FIELD, '"status"')),
            ("GAP::SCHEMA", at_line(EVERY_FIELD, '"timestamp"')),
            ("GAP::SCHEMA", at_line(EVERY_FIELD, '"gaps"')),
            ("GAP::SCHEMA", at_line(EVERY_FIELD, '"provisional"')),
            ("GAP::SCHEMA", at_line(EVERY_FIELD, '"parallelism_group"')),
            ("GAP::SCHEMA", at_line(EVERY_FIELD, '"depends_on_tasks"')),
            ("GAP::DANGLING-DEPENDENCY", at_line(EVERY_FIELD, '"depends_on_tasks"')),
            ("GAP::SCHEMA", at_line(EVERY_FIELD, "7\n")),
            ("BLOCKED::MANIFEST-BLOCKED", at_line(EVERY_FIELD, '"status"')),
            ("BLOCKED::MANIFEST-BLOCKED", at_line(EVERY_FIELD, '"gaps"')),
        ),
        next_task=T2,
    ),
    "no-ids": Part(
        NO_ID.encode(),
        (
            ("GAP::SCHEMA", at_line(NO_ID, '{\n      "title": "x"')),
            ("GAP::SCHEMA", at_line(NO_ID, '{\n      "task_id": null')),
            ("GAP::SCHEMA", at_line(NO_ID, '"task_id": [')),
            ("GAP::SCHEMA", at_line(NO_ID, "null\n  ]")),
        ),
    ),
    "escapes": Part(
        ESCAPES.encode(),
        (
            *(
                ("GAP::SCHEMA", at_line(ESCAPES, f'"task_id": {json.dumps(each)}'))
                for each in ("\x1b[2J\x1b]0;owned\x07", "A\x7fB", "A\x9b31mB", "A\nB", "A\u2028B", "\x00")
            ),
            ("GAP::DANGLING-DEPENDENCY", at_line(ESCAPES, '"\\u001b[31mred\\n"')),
        ),
    ),
    "on-itself": Part(
        ITSELF.encode(),
        (("GAP::SELF-DEPENDENCY", at_line(ITSELF, f'"{T1}"', 2)),),
        next_task=T2,
    ),
    "all-ids-equal": Part(
        EQUAL.encode(),
        (
            ("GAP::DUPLICATE-TASK-ID", at_line(EQUAL, '"task_id"', 2)),
            ("GAP::DUPLICATE-TASK-ID", at_line(EQUAL, '"task_id"', 3)),
        ),
    ),
    "endless-numbers": Part(
        manifest(task(T1), task(T2, size="@")).replace('"@"', "9" * 5000 + ', "x": 1e999').encode(),
        (),
        exit=0,
    ),
}

STATUSES = state({T1: {"status": "wip"}, T2: {"status": ["completed"]}})
LENIENT = state({T1: {"status": "Done"}, T2: {"status": None}})
OTHER = state({"B--T01": {"status": "completed"}, T1: {"status": "pending"}}, manifest_hash="0" * 64)
WRONG_STATE = state(
    {
        T1: {
            "status": "pending",
            "started_at": "soon",
            "acs_completed": "x",
            "notes": 1,
            "pr_number": "7",
            "epoch": True,
            "waived": 1,
            "evidence": [],
        },
        T2: "completed",
    },
    last_updated=0,
)
STATE_ESCAPES = state(
    {
        "\x1b[31mred\x9b\n": {"status": "\x1b[2J"},
        T1: {"status": "blocked", "blocked_reason": "\x1b[2J\x9b\x7f\n::error::"},
    }
)
REPEATED_STATE = '{"tasks": {"@": {"status": "completed"},\n "@": {"status": "wip", "status":\n"pending"}}}'

PART_STATE = {
    "mark": Part(BOM + SOUND_STATE.encode(), (("WARN::LENIENT-VALUE", "1:1"),), next_task=T2, exit=0),
    "windows": Part(SOUND_STATE.replace("\n", "\r\n").encode(), (), next_task=T2, exit=0),
    "empty-object": Part(b"{}", (), exit=0),
    "repeated-keys": Part(
        REPEATED_STATE.replace("@", T1).encode(), (("GAP::SCHEMA", "2:2"), ("GAP::SCHEMA", "2:30"))
    ),
    "unknown-statuses": Part(
        STATUSES.encode(),
        (("GAP::SCHEMA", at_line(STATUSES, '"status"')), ("GAP::SCHEMA", at_line(STATUSES, '"status"', 2))),
        next_task=None,
    ),
    "other-words": Part(
        LENIENT.encode(),
        (
            ("WARN::LENIENT-VALUE", at_line(LENIENT, '"status"')),
            ("WARN::LENIENT-VALUE", at_line(LENIENT, '"status"', 2)),
        ),
        next_task=T2,
        exit=0,
    ),
    "of-another-manifest": Part(
        OTHER.encode(),
        (
            ("WARN::MANIFEST-HASH-MISMATCH", at_line(OTHER, '"manifest_hash"')),
            ("WARN::UNKNOWN-TASK-IN-STATE", at_line(OTHER, '"B--T01"')),
        ),
        exit=0,
    ),
    "wrong-types": Part(
        WRONG_STATE.encode(),
        tuple(
            ("GAP::SCHEMA", at_line(WRONG_STATE, f'"{key}"'))
            for key in (
                "last_updated",
                "started_at",
                "acs_completed",
                "notes",
                "pr_number",
                "epoch",
                "waived",
                "evidence",
                T2,
            )
        ),
    ),
    "escapes": Part(
        STATE_ESCAPES.encode(),
        (
            ("GAP::SCHEMA", at_line(STATE_ESCAPES, '"status"')),
            ("WARN::UNKNOWN-TASK-IN-STATE", at_line(STATE_ESCAPES, '"\\u001b')),
        ),
        next_task=None,
    ),
}


@pytest.fixture
def project(tmp_path):
    """A project whose two tasks no rule has anything against."""
    root = write(tmp_path / "shop", [task(T1), task(T2, "Later", [T1])])
    codes = ["MISSING-TESTS", "ILLEGAL-JUMP", "COMPLETED-WITHOUT-ALL-ACS", "AC-UNCOVERED"]
    put(root, "vtm.toml", f"[rules]\nignore = {codes}\n")
    return root


def contents(root):
    """Every file of a folder with its bytes, and what is no file by its kind."""
    return {
        str(each.relative_to(root)): each.read_bytes() if each.is_file() else each.lstat().st_mode
        for each in sorted(root.rglob("*"))
    }


def ask(root, *arguments):
    """An answer that is fit to be printed, and for which nothing was written."""
    before = contents(root)
    answer = vtm(root, *arguments, "--now", NOW)
    assert contents(root) == before
    shown = answer.out + answer.err
    assert [each for each in shown if (each < " " and each != "\n") or "\x7f" <= each <= "\x9f"] == []
    assert "Traceback" not in shown
    assert answer.code in {0, 1, 3}
    if "--json" in arguments:
        assert answer.out.count("\n") == 1
        SCHEMAS[answer.json["schema"]].validate(answer.json)
    return answer


def check_whole(root, file, damage):
    """`validate` reports the file and exits with 1, every question exits with 3; both as text and as JSON."""
    line, column = map(int, damage.place.split(":"))
    place = f"{file}:{line}:{column}"
    text = ask(root, "validate")
    first = next(each for each in text.out.splitlines() if damage.code in each)
    assert (text.code, first.startswith(f"{place}: error: {damage.code}: {file} {damage.message}")) == (
        1,
        True,
    )
    assert "fix: " in text.out
    found = ask(root, "validate", "--json")
    (finding,) = (each for each in found.json["findings"] if each["code"] == damage.code)
    assert (found.code, finding["severity"], finding["location"]) == (
        1,
        "error",
        {"path": file, "line": line, "column": column},
    )
    assert finding["fix"]
    for question in QUESTIONS:
        text = ask(root, question)
        assert (text.code, text.out) == (3, "")
        assert text.err.startswith(f"vtm: {place}: {damage.message}")
        assert "\n     fix: " in text.err
        error = ask(root, question, "--json")
        assert (error.code, error.json["exit"], error.json["error"]) == (3, 3, "unreadable")
        assert (error.json["schema"], error.json["code"]) == ("vtm.error/1", damage.code)
        assert error.json["message"].startswith(f"{file} {damage.message}")
        assert (error.json["location"], bool(error.json["fix"])) == (finding["location"], True)


def check_part(root, file, damage):
    """`validate` reports what is wrong, and every question is answered from the rest."""
    found = ask(root, "validate", "--json")
    places = [
        ("::".join(each["code"].split("::")[:2]), f"{each['location']['line']}:{each['location']['column']}")
        for each in found.json["findings"]
        if each["location"]["path"] == file
    ]
    told = [each for each in places if each[0] in {code for code, _ in damage.findings}]
    assert sorted(told) == sorted(damage.findings)
    assert all(each["fix"] for each in found.json["findings"])
    text = ask(root, "validate")
    assert (found.code, text.code) == (damage.exit, damage.exit)
    for code, place in damage.findings:
        assert any(each.startswith(f"{file}:{place}: ") and code in each for each in text.out.splitlines())
    answer = ask(root, "next", "--json")
    assert (answer.code, answer.json.get("task_id")) == (0 if damage.next_task else 1, damage.next_task)
    assert ask(root, "next").code == answer.code
    assert [ask(root, "pulse", *form).code for form in ((), ("--json",))] == [0, 0]


@pytest.mark.parametrize("damage", WHOLE_MANIFEST.values(), ids=WHOLE_MANIFEST)
def test_a_manifest_that_is_damaged_as_a_whole(project, damage):
    (project / MANIFEST).write_bytes(damage.data)
    check_whole(project, MANIFEST, damage)


@pytest.mark.parametrize("damage", WHOLE_STATE.values(), ids=WHOLE_STATE)
def test_a_state_that_is_damaged_as_a_whole(project, damage):
    (project / STATE).write_bytes(damage.data)
    check_whole(project, STATE, damage)


@pytest.mark.parametrize("damage", PART_MANIFEST.values(), ids=PART_MANIFEST)
def test_a_manifest_of_which_some_is_wrong(project, damage):
    (project / MANIFEST).write_bytes(damage.data)
    check_part(project, MANIFEST, damage)


@pytest.mark.parametrize("damage", PART_STATE.values(), ids=PART_STATE)
def test_a_state_of_which_some_is_wrong(project, damage):
    (project / STATE).write_bytes(damage.data)
    check_part(project, STATE, damage)


def test_the_sound_project_of_these_tests_is_sound(project):
    check_part(project, MANIFEST, Part(b"", (), exit=0))
    assert ask(project, "validate", "--json", "--strict").json["findings"] == []


NO_FILE = {
    "folder": (lambda path: path.mkdir(), "is a directory"),
    "pipe": (os.mkfifo, "is not a regular file"),
    "loop": (lambda path: path.symlink_to(path.name), "cannot be read: too many levels of symbolic links"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is not a regular file"),
}


@pytest.mark.parametrize("file", [MANIFEST, STATE])
@pytest.mark.parametrize(("make", "message"), NO_FILE.values(), ids=NO_FILE)
def test_something_else_where_a_file_should_be(project, file, make, message):
    (project / file).unlink(missing_ok=True)
    make(project / file)
    check_whole(project, file, Whole(b"", message))


@pytest.mark.usefixtures("bound_by_permissions")
@pytest.mark.parametrize("file", [MANIFEST, STATE])
def test_a_file_without_permission(project, file):
    (project / file).touch()
    (project / file).chmod(0)
    line = vtm(project, "next").err.splitlines()[0]
    assert line == f"vtm: {file}:1:1: cannot be read: permission denied"
    assert [vtm(project, each).code for each in ("validate", *QUESTIONS)] == [1, 3, 3]


def test_a_file_that_the_system_keeps_from_us(project, monkeypatch):
    real = type(project).read_bytes

    def refuse(path):
        if path.name == "task-state.json":
            raise PermissionError(13, "Permission denied")
        return real(path)

    put(project, STATE, SOUND_STATE)
    monkeypatch.setattr(type(project), "read_bytes", refuse)
    found = vtm(project, "validate")
    assert found.code == 1
    assert (
        f"{STATE}:1:1: error: GAP::UNREADABLE: {STATE} cannot be read: permission denied; make it readable"
        in found.out
    )
    assert [vtm(project, each).code for each in QUESTIONS] == [3, 3]


@pytest.mark.parametrize("command", ["validate", *QUESTIONS, "blocked", "report", "list"])
def test_without_a_manifest_there_is_no_answer(project, command):
    (project / MANIFEST).unlink()
    text, found = ask(project, command), ask(project, command, "--json")
    assert (text.code, text.out) == (3, "")
    assert text.err == (
        f"vtm: there is no backlog: {MANIFEST} does not exist, and tasks holds no tasks\n"
        "     fix: run `vtm init` for a starter backlog, `vtm add` for a first task, "
        "or name the files in vtm.toml under [paths]\n"
    )
    assert (found.code, found.json["code"], found.json["location"]["path"]) == (
        3,
        "BLOCKED::MANIFEST-MISSING",
        MANIFEST,
    )


def test_a_state_beside_a_manifest_that_is_damaged_is_judged_too(project):
    put(project, MANIFEST, "{")
    put(project, STATE, "[")
    found = ask(project, "validate", "--json")
    assert [(each["code"], each["location"]["path"]) for each in found.json["findings"]] == [
        ("GAP::UNREADABLE", STATE),
        ("GAP::UNREADABLE", MANIFEST),
    ]


SETTINGS = {
    "not-toml": (b"wip_limit = \n", 3, "UNREADABLE-SETTINGS", "1:13"),
    "unknown-key": (b"\nwip_limits = 3", 2, "UNKNOWN-SETTING", "2:1"),
    "wrong-type": (b"[paths]\nstate = 3", 2, "INVALID-SETTING", "2:1"),
    "invalid-utf8": (b"#\n\xff", 3, "UNREADABLE-SETTINGS", "2:1"),
    "conflict": (b"<<<<<<< HEAD\n", 3, "UNREADABLE-SETTINGS", "1:1"),
}


@pytest.mark.parametrize(("data", "code", "name", "place"), SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("command", ["validate", *QUESTIONS])
def test_settings_that_are_wrong(project, command, data, code, name, place):
    (project / "vtm.toml").write_bytes(data)
    text, found = vtm(project, command), vtm(project, command, "--json")
    assert (text.code, found.code, found.json["code"]) == (code, code, name)
    assert text.err.startswith(f"vtm: vtm.toml:{place}: ")
    SCHEMAS["vtm.error/1"].validate(found.json)
