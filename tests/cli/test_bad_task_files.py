"""Every kind of bad task file, through the real commands: a finding with its place, and all other tasks."""

import os
import sys
from typing import NamedTuple

import pytest

from tests.cli.test_bad_input import SCHEMAS, contents
from tests.projects import NOW, SPEC, put, task, write
from tests.repositories import vtm

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are those of POSIX")

GOOD = f"---\nid: GOOD\ntitle: Sound\nrelated_specs: [{SPEC}]\ntest_verification: []\n---\n- [ ] it works\n"
BAD = "tasks/bad.md"
QUESTIONS = ("next", "list", "blocked", "pulse", "status", "report", "graph order", "graph cost", "show GOOD")


class Bad(NamedTuple):
    """What one file holds.

    Attributes:
        findings: Codes that it makes `validate` report, without ids, each with line and column.
        tasks: Ids of its tasks.
        exit: What `validate` ends with.
    """

    data: bytes
    findings: tuple[tuple[str, str], ...]
    tasks: tuple[str, ...] = ()
    exit: int = 1
    first: str = "GOOD"


EMPTY = (("BLOCKED::EMPTY-AC", "1:1"), ("GAP::NO-SPECS", "1:1"))
LAUGHS = "a0: &a0 [x]\n" + "".join(
    f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 12)
)
TEXT = "---\nid: BAD\n{}---\n"
SCHEMA, UNREADABLE = "GAP::SCHEMA", "GAP::UNREADABLE"


def front(text, *findings, tasks=("BAD",), code=1, empty=EMPTY):
    return Bad(TEXT.format(text).encode(), (*findings, *(empty if tasks else ())), tasks, code)


ROWS = {
    "empty": Bad(b"", (), exit=0),
    "blank": Bad(b"\n \n", (), exit=0),
    "text": Bad(b"# Only text\n\n---\n\nid: BAD\n", (), exit=0),
    "nothing-but-nul": Bad(b"\0" * 4096, (), exit=0),
    "unclosed": Bad(b"---\nid: BAD\n", ((UNREADABLE, "1:1"),)),
    "cut-in-the-middle": Bad(GOOD[:30].encode(), ((UNREADABLE, "1:1"),)),
    "no-utf8": Bad(b"---\nid: BAD\ntitle: \xff\n---\n", ((UNREADABLE, "3:8"),)),
    "no-utf8-in-the-body": Bad(b"---\nid: BAD\n---\n\n- [ ] \xff\n", ((UNREADABLE, "5:7"),)),
    "utf16": Bad(GOOD.encode("utf-16"), ((UNREADABLE, "1:1"),)),
    "nul": Bad(b"---\nid: BAD\ntitle: \0\n---\n", ((SCHEMA, "3:8"),)),
    "raw-escape": Bad(b"---\nid: BAD\ntitle: x\x1b[31m\n---\n", ((SCHEMA, "3:9"),)),
    "mark": Bad(b"\xef\xbb\xbf" + TEXT.format("").encode(), EMPTY, ("BAD",), 0, "BAD"),
    "windows": Bad(TEXT.format("status: blocked\n").replace("\n", "\r\n").encode(), EMPTY, ("BAD",), 0),
    "old-mac": Bad(b"---\rid: BAD\r---\r", ((UNREADABLE, "1:1"),)),
    "conflict": Bad(
        b"---\nid: BAD\n<<<<<<< HEAD\nrisk: low\n=======\nrisk: high\n>>>>>>> x\n---\n",
        (("GAP::CONFLICT-MARKERS", "3:1"),),
    ),
    "conflict-of-the-whole": Bad(
        b"<<<<<<< HEAD\n---\nid: BAD\n---\n=======\n---\nid: B\n---\n>>>>>>> x\n",
        (("GAP::CONFLICT-MARKERS", "1:1"),),
    ),
    "conflict-in-the-body": Bad(
        TEXT.format("").encode() + b"<<<<<<< HEAD\n- [ ] a\n=======\n- [ ] b\n>>>>>>> x\n",
        (("GAP::CONFLICT-MARKERS", "4:1"), ("GAP::NO-SPECS", "1:1")),
        ("BAD",),
        first="BAD",
    ),
    "no-yaml": front("title: [\n", (SCHEMA, "4:1"), tasks=()),
    "list": Bad(b"---\n- id: BAD\n---\n", ((SCHEMA, "2:1"),)),
    "text-as-front": Bad(b"---\nwords\n---\n", ((SCHEMA, "2:1"),)),
    "no-id": Bad(b"---\ntitle: x\n---\n", ((SCHEMA, "1:1"),)),
    "empty-front": Bad(b"---\n---\n", ((SCHEMA, "1:1"),)),
    "list-as-id": Bad(b"---\ntitle: x\nid: [BAD]\n---\n", ((SCHEMA, "3:1"),)),
    "escape-in-id": Bad(b'---\nid: "\\e[2J\\x9b"\n---\n', ((SCHEMA, "2:1"),)),
    "repeated-key": front("id: B\n", (SCHEMA, "3:1"), tasks=()),
    "repeated-key-inside": front("x: {a: 1, a: 2}\n", (SCHEMA, "3:11"), tasks=()),
    "two-documents": Bad(b"---\nid: BAD\n...\n---\nid: B\n---\n", EMPTY, ("BAD",), 0, "BAD"),
    "second-document": Bad(b"---\nid: BAD\n--- !x\nid: B\n---\n", ((SCHEMA, "3:1"),)),
    "anchors": front("title: &t x\nname: *t\n", tasks=("BAD",), code=0)._replace(first="BAD"),
    "merge": front("<<: {risk: low}\n", tasks=("BAD",), code=0),
    "merge-that-repeats": front("<<: {id: B}\n", (SCHEMA, "2:1"), tasks=()),
    "two-merges": front("<<: {risk: low}\n<<: {title: x}\n", (SCHEMA, "4:1"), tasks=()),
    "laughs": Bad(f"---\nid: BAD\n{LAUGHS}---\n".encode(), ((SCHEMA, "9:30"),)),
    "tag": front("title: !!python/object/apply:os.system [touch owned]\n", (SCHEMA, "3:8"), tasks=()),
    "one-megabyte": front(f"title: x\nother: '{'x' * (1 << 20)}'\n", code=0)._replace(first="BAD"),
    "five-megabytes": front(f"other: '{'x' * (5 << 20)}'\n", (SCHEMA, "2:1"), tasks=()),
    "nesting": front("x: " + "[" * 100_000 + "\n", (SCHEMA, "3:1003"), tasks=()),
    "unknown-status": front("status: wip\n", (SCHEMA, "3:1")),
    "number-as-status": front("status: 3\n", (SCHEMA, "3:1")),
    "lenient-status": front("status: Failed\n", ("WARN::LENIENT-VALUE", "3:1"), code=0),
    "unknown-values": front(
        "status: blocked\nrisk: huge\nscope: all\nimpact: none\nsize: XXL\nparallel: perhaps\n",
        *((SCHEMA, f"{line}:1") for line in range(4, 9)),
    ),
    "wrong-types": front(
        "status: blocked\ntitle: [x]\nphase: {a: b}\ndepends_on: {a: b}\nfile_scope: [x, {y: z}]\n"
        "level: [1]\n",
        *((SCHEMA, at) for at in ("4:1", "5:1", "6:1", "7:17", "8:1")),
        ("GAP::DANGLING-DEPENDENCY", "6:13"),
    ),
    "provisional": front("provisional: 1\n", (SCHEMA, "3:1"), ("BLOCKED::PROVISIONAL-HELD", "3:1"))._replace(
        findings=((SCHEMA, "3:1"), *EMPTY), first="BAD"
    ),
    "unknown-dependency": front("depends_on:\n  - GOOD\n  - GONE\n", ("GAP::DANGLING-DEPENDENCY", "5:5")),
    "unknown-dependency-in-the-other-list": front(
        "depends_on: [GOOD, ~]\ndependencies: [GONE]\n", ("GAP::DANGLING-DEPENDENCY", "4:16")
    ),
    "on-itself": front("depends_on: [BAD]\n", ("GAP::SELF-DEPENDENCY", "3:14")),
    "same-id": Bad(b"---\nid: GOOD\n---\n", EMPTY, ("GOOD",)),
    "escapes": front('title: "\\e[2J\\x9b\\0\\r\\n::error::"\nstatus: "\\e[31m"\n', (SCHEMA, "4:1")),
    "no-criteria": Bad(
        f"---\nid: BAD\nrelated_specs: [{SPEC}]\n---\n".encode(),
        (("BLOCKED::EMPTY-AC", "1:1"),),
        ("BAD",),
        0,
        "BAD",
    ),
    "no-specs": Bad(b"---\nid: BAD\n---\n- [ ] it works\n", (("GAP::NO-SPECS", "1:1"),), ("BAD",), 0, "BAD"),
    "missing-spec": Bad(
        b"---\nid: BAD\nrelated_specs:\n  - gone.md\n---\n- [ ] it works\n",
        (("BLOCKED::MISSING-CONTEXT", "4:5"),),
        ("BAD",),
        first="BAD",
    ),
    "criterion-twice": Bad(
        f"---\nid: BAD\nrelated_specs: [{SPEC}]\n---\n- [ ] AC01 a\n- [ ] AC01 b\n".encode(),
        (("GAP::DUPLICATE-AC-ID", "6:3"),),
        ("BAD",),
        exit=0,
        first="BAD",
    ),
}


@pytest.fixture
def root(tmp_path):
    """A project with a sound task file."""
    folder = tmp_path / "shop"
    put(folder, SPEC, "# Shop\n")
    put(folder, "tasks/good.md", GOOD)
    put(folder, "vtm.toml", "[rules]\nignore = ['WARN::HIGH-RISK-NO-TESTS', 'BLOCKED::SPEC-REF-GAP']\n")
    return folder


def files(root):
    """All files but the index."""
    return {name: data for name, data in contents(root).items() if not name.startswith(".vtm")}


def ask(root, *arguments):
    """An answer that is fit to be printed, and for which no file was touched."""
    before = files(root)
    answer = vtm(root, *arguments, "--now", NOW)
    assert files(root) == before
    shown = answer.out + answer.err
    assert [each for each in shown if (each < " " and each != "\n") or "\x7f" <= each <= "\x9f"] == []
    assert "Traceback" not in shown
    if "--json" in arguments:
        SCHEMAS[answer.json["schema"]].validate(answer.json)
    return answer


def told(root, path=BAD):
    """Codes without ids and places of what `validate` finds in a file, and its exit code."""
    answer, text = ask(root, "validate", "--json"), ask(root, "validate")
    assert text.code == answer.code
    assert all(each["fix"] for each in answer.json["findings"])
    found = [each for each in answer.json["findings"] if each["location"]["path"] == path]
    places = [(each, f"{each['location']['line']}:{each['location']['column']}") for each in found]
    for each, place in places:
        assert f"{path}:{place}: {each['severity']}: {each['code']}: " in text.out
    return sorted(("::".join(each["code"].split("::")[:2]), place) for each, place in places), answer.code


@pytest.mark.parametrize("bad", ROWS.values(), ids=ROWS)
def test_a_bad_file_is_reported_and_the_others_are_answered(root, bad):
    (root / BAD).write_bytes(bad.data)
    assert told(root) == (sorted(bad.findings), bad.exit)
    listed = [each["task_id"] for each in ask(root, "list", "--json").json["tasks"]]
    assert sorted(listed) == sorted({"GOOD", *bad.tasks})
    assert ask(root, "next", "--json").json["task_id"] == bad.first
    for question in QUESTIONS:
        for form in ((), ("--json",)):
            assert ask(root, *question.split(), *form).code == 0
    for each in bad.tasks:
        assert ask(root, "show", "--json", each).code == 0
    assert not (root / "owned").exists()


@pytest.mark.parametrize("bad", ROWS.values(), ids=ROWS)
def test_a_bad_file_alone_is_no_crash(root, bad):
    (root / "tasks/good.md").unlink()
    (root / BAD).write_bytes(bad.data)
    for question in ("next", "report", "graph cost", "validate", "preflight", "doctor"):
        for form in ((), ("--json",)):
            assert ask(root, *question.split(), *form).code in {0, 1, 2, 3}


NO_FILES = {
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "link-to-nothing": lambda path: path.symlink_to("gone"),
    "link-to-itself": lambda path: path.symlink_to(path.name),
    "link-out": lambda path: path.symlink_to("/etc/passwd"),
}


@pytest.mark.parametrize("make", NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file_is_reported_and_the_others_are_answered(root, make):
    make(root / BAD)
    assert told(root) == ([(UNREADABLE, "1:1")], 1)
    assert ask(root, "next", "--json").json["task_id"] == "GOOD"


NAMES = {
    "line-end": ("a\nb.md", "tasks/a\\nb.md"),
    "escape": ("\x1b[31m.md", "tasks/\\x1b[31m.md"),
    "c1": ("\x9b.md", "tasks/\\x9b.md"),
    "reordering": ("\u202ea.md", None),
    "command": ("::error::.md", "tasks/::error::.md"),
    "spaces": (" a .md", "tasks/ a .md"),
}


@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_a_name_is_shown_so_that_it_can_do_no_harm(root, name, shown):
    put(root, f"tasks/{name}", "---\nid: BAD\nstatus: wip\n---\n")
    answer = ask(root, "validate")
    if shown:
        assert f"{shown}:3:1: error: GAP::SCHEMA" in answer.out
    paths = {each["location"]["path"] for each in ask(root, "validate", "--json").json["findings"]}
    assert paths == {f"tasks/{name}"}
    for form in ("github", "sarif", "junit"):
        assert ask(root, "validate", "--format", form).code == 1


def test_a_name_that_is_not_utf8(root):
    try:
        (root / os.fsdecode(b"tasks/\xff.md")).write_text(GOOD)
    except OSError as error:
        pytest.skip(f"this file system does not have it: {error}")
    assert told(root, "tasks/\\xff.md") == ([(UNREADABLE, "1:1")], 1)
    assert ask(root, "next", "--json").json["task_id"] == "GOOD"


def test_ids_are_unique_over_manifest_and_files(root):
    write(root, [task("M"), task("GOOD", "In the manifest")])
    put(root, BAD, "---\nid: M\nstatus: done\n---\n")
    assert told(root)[0].count(("GAP::DUPLICATE-TASK-ID", "2:1")) == 1
    assert told(root, "tasks/good.md")[0] == [("GAP::DUPLICATE-TASK-ID", "2:1")]
    listed = ask(root, "list", "--json").json["tasks"]
    assert [(each["task_id"], each["title"], each["status"]) for each in listed] == [
        ("M", "Title of M", "pending"),
        ("GOOD", "In the manifest", "pending"),
    ]


def test_a_manifest_that_is_damaged_hides_no_finding_in_files(root):
    put(root, "docs/backlog/virtual-task-manifest.json", "{")
    put(root, BAD, "---\nid: [\n---\n")
    answer = ask(root, "validate", "--json")
    assert [each["location"]["path"] for each in answer.json["findings"]] == [
        "docs/backlog/virtual-task-manifest.json",
        BAD,
    ]
    assert [ask(root, each).code for each in ("next", "list")] == [3, 3]


@pytest.mark.parametrize("status", ["wip", "[done]", "3"])
def test_an_unknown_status_counts_as_blocked(root, status):
    put(root, BAD, f"---\nid: BAD\nstatus: {status}\n---\n- [ ] a\n")
    put(root, "tasks/later.md", "---\nid: LATER\ndepends_on: [BAD]\n---\n- [ ] a\n")
    answer = ask(root, "blocked", "--json").json
    assert [each["task_id"] for each in answer["blocked"]] == ["BAD"]
    assert [each["task_id"] for each in answer["waiting"]] == ["LATER"]
    assert [each["task_id"] for each in ask(root, "list", "--eligible", "--json").json["tasks"]] == ["GOOD"]


@pytest.mark.parametrize("body", ["", "## Acceptance Criteria\n\nnone\n", "```\n- [ ] no\n```\n"])
def test_without_criteria_a_task_is_warned_of_and_not_started(root, body):
    put(root, BAD, f"---\nid: BAD\nrelated_specs: [{SPEC}]\n---\n{body}")
    answer = ask(root, "validate", "--json")
    assert [(each["code"], each["severity"]) for each in answer.json["findings"]] == [
        ("BLOCKED::EMPTY-AC::BAD", "warning")
    ]
    assert answer.code == 0
    before = files(root)
    refused = vtm(root, "start", "BAD", "--json", "--now", NOW)
    assert (refused.code, refused.json["code"]) == (1, "BLOCKED::EMPTY-AC::BAD")
    assert {name: data for name, data in files(root).items() if name.startswith("tasks")} == {
        name: data for name, data in before.items() if name.startswith("tasks")
    }
    assert ask(root, "next", "--startable", "--json").json["task_id"] == "GOOD"


def test_without_specs_a_task_is_warned_of(root):
    put(root, BAD, "---\nid: BAD\n---\n- [ ] a\n")
    answer = ask(root, "validate", "--json")
    assert [(each["code"], each["severity"]) for each in answer.json["findings"]] == [
        ("GAP::NO-SPECS::BAD", "warning")
    ]
    assert (answer.code, ask(root, "validate", "--strict").code) == (0, 1)


@pytest.mark.parametrize("how", ["tasks/bad.md", "tasks", "."])
@pytest.mark.parametrize("marked", [True, False])
def test_a_task_file_or_its_folder_can_be_named(root, how, marked):
    if not marked:
        (root / "vtm.toml").unlink()
    put(root, BAD, "---\nid: BAD\nstatus: wip\n---\n- [ ] a\n")
    answer = ask(root, "validate", "--json", how)
    if how == "tasks" and not marked:
        assert answer.code in {1, 3}
        return
    assert ("GAP::SCHEMA", BAD) in {
        (each["code"], each["location"]["path"]) for each in answer.json["findings"]
    }


def test_preflight_names_no_manifest_that_is_not_there(root):
    check = next(each for each in ask(root, "preflight", "--json").json["checks"] if each["step"] == "A1")
    assert (check["result"], check["message"]) == ("pass", "1 task file")
