"""What the commands print that change the state: as text, as JSON, and when they refuse."""

import json
import re

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.cli.test_commands import SCHEMAS, checked, shown
from tests.projects import NOW, STATE, put
from tests.repositories import vtm

JOURNAL = "docs/backlog/task-events.jsonl"
EVENT_ID = re.compile(r"\b[0-9a-f]{22}\b")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
RELEASED = ("release AUTH--T02",)
CLAIMED = (*RELEASED, "next --claim --agent ada --session s1")
BLOCKING = ("--reason", "No mail server", "--tried", "two of them", "--suggest", "ask for a third")
THREE = tuple(f"attempt AUTH--T02 --failed try-{each}" for each in (1, 2, 3))
GREEN = "--tests-passed 12 --commit abc1234"

CASES = {
    "start": ((), "start MAIL--T01 --allow BLOCKED::MISSING-CONTEXT --reason soon", 0),
    "start-under-a-lease": (RELEASED, "start AUTH--T03 --agent ada --ttl 1h", 1),
    "start-refused": ((), "start AUTH--T03", 1),
    "start-running": ((), "start AUTH--T02", 4),
    "start-dry": ((), "start PAY--T06 --dry-run", 0),
    "claim": (RELEASED, "next --claim --agent ada --session s1", 0),
    "claim-again": (CLAIMED, "start AUTH--T02 --agent ada --session s1", 0),
    "claim-held": (CLAIMED, "start AUTH--T02 --agent eve", 4),
    "claim-none": ((), "next --claim --agent ada --phase 9", 1),
    "claim-nobody": ((), "next --claim", 2),
    "heartbeat": (CLAIMED, "heartbeat AUTH--T02 --epoch 1", 0),
    "heartbeat-stale": (CLAIMED, "heartbeat AUTH--T02 --epoch 2", 4),
    "release": ((), "release AUTH--T02", 0),
    "release-without-its-epoch": (CLAIMED, "release AUTH--T02", 4),
    "release-stale": (CLAIMED, "release AUTH--T02 --epoch 7", 4),
    "ac": ((), "ac AUTH--T02 AC02 AUTH--T02-AC03", 0),
    "ac-undo": ((), "ac AUTH--T02 AC01 --undo", 0),
    "ac-unknown": ((), "ac AUTH--T02 AUTH--T02-AC0", 2),
    "ac-of-another": ((), "ac AUTH--T02 AUTH--T01-AC01", 2),
    "ac-pending": ((), "ac AUTH--T03 AC01", 4),
    "ac-unknown-task": ((), "ac AUTH--T2 AC01", 2),
    "note": ((), "note AUTH--T04 Asked-again --agent ada", 0),
    "note-empty": ((), ("note", "AUTH--T04", " "), 2),
    "attempt": ((), "attempt AUTH--T02 --failed test_login", 0),
    "attempts-exhausted": (THREE, "ac AUTH--T02 AC02", 1),
    "block": ((), ("block", "AUTH--T02", *BLOCKING), 0),
    "block-after-three": (THREE, ("block", "AUTH--T02", *BLOCKING), 0),
    "block-dry": ((), ("block", "AUTH--T02", *BLOCKING, "--create-resolver", "--dry-run"), 0),
    "block-with-resolver": ((), ("block", "AUTH--T02", *BLOCKING, "--create-resolver"), 0),
    "unblock": ((), "unblock AUTH--T04", 0),
    "abandon": ((), "abandon MAIL--T01 --reason replaced", 0),
    "reopen": ((), "reopen AUTH--T01 --reason broken", 0),
    "reset": ((), "reset AUTH--T02 --reason lost", 0),
    "waive": ((), "waive PAY--T05 PAY--T04 --reason nobody-pays-so", 0),
    "waive-unknown": ((), "waive PAY--T05 PAY--T03 --reason x", 2),
    "waive-completed": ((), "waive AUTH--T02 AUTH--T01 --reason x", 2),
    "complete-nothing-to-show": ((), "complete AUTH--T02", 1),
    "complete": (
        ("ac AUTH--T02 AC02 AC03",),
        f"complete AUTH--T02 {GREEN} --pr 3 --covers AC01=tests/test_auth.py",
        0,
    ),
    "complete-by-run": (("ac AUTH--T02 AC02 AC03",), ("complete", "AUTH--T02", "--run", "echo fine"), 0),
    "complete-run-fails": (("ac AUTH--T02 AC02 AC03",), ("complete", "AUTH--T02", "--run", "exit 3"), 1),
    "complete-overridden": (
        (),
        f"complete AUTH--T02 {GREEN} --allow BLOCKED::ACS-NOT-MET --reason agreed",
        0,
    ),
    "complete-covers-unknown": ((), f"complete AUTH--T02 {GREEN} --covers AC01=tests/none.py", 2),
    "complete-two-kinds": ((), ("complete", "AUTH--T02", *GREEN.split(), "--run", "true"), 2),
    "allow-a-family": ((), "start AUTH--T03 --allow BLOCKED --reason x", 2),
    "allow-a-lease": ((), "start AUTH--T03 --allow BLOCKED::LEASE-HELD --reason x", 2),
    "allow-without-reason": ((), "start AUTH--T03 --allow BLOCKED::WIP-LIMIT", 2),
    "read": ((), "read AUTH--T02", 0),
    "read-dry": ((), "read AUTH--T02 --dry-run", 0),
    "read-unknown": ((), "read AUTH--T02 docs/none.md", 2),
    "read-outside": ((), "read AUTH--T02 ../../etc/passwd", 2),
    "undo": (("ac AUTH--T02 AC02",), "undo", 0),
    "undo-undone": (("ac AUTH--T02 AC02", "undo"), "undo AUTH--T02", 0),
    "undo-nothing": ((), "undo", 4),
    "undo-an-import": (("ac AUTH--T02 AC02",), "undo AUTH--T01", 4),
    "report-back": ((), "report-back done.json --agent ada", 0),
    "report-back-partly": ((), "report-back failing.json", 1),
    "report-back-refused": (("ac AUTH--T02 AC02 AC03",), "report-back failing.json", 1),
    "report-back-blocked": ((), "report-back blocked.json --dry-run", 0),
    "report-back-again": (("report-back done.json",), "report-back done.json", 0),
    "report-back-completed": (("report-back done.json",), "report-back blocked.json", 4),
    "report-back-none": ((), "report-back vtm.toml", 2),
    "handoff": (("report-back blocked.json",), "handoff AUTH--T02", 0),
    "handoff-write": ((), "handoff AUTH--T02 --write handoff.json --agent ada", 0),
    "handoff-written": (("handoff AUTH--T02 --write handoff.json",), "handoff AUTH--T02", 0),
    "handoff-none": ((), "handoff AUTH--T02 --write done.json", 2),
    "log": ((*CLAIMED, "ac AUTH--T02 AC02 --epoch 1"), "log AUTH--T02", 0),
    "log-last": (CLAIMED, "log -n 1", 0),
    "log-empty": ((), "log", 0),
    "log-unknown": ((), "log NOPE", 2),
    "replay": (CLAIMED, "replay --check", 0),
    "replay-without-journal": ((), "replay --check", 0),
}


REPORT = {
    "task_id": "AUTH--T02",
    "status": "completed",
    "acs_completed": ["AC02", "AC03"],
    "files_modified": ["src/auth/door.py"],
    "test_results": {"passed": 12, "failed": 0, "command": "make test"},
    "duration_minutes": 42,
}
NO_SERVER = {"reason": "No mail server", "tried": "two of them", "suggestion": "ask for a third"}
TEXTS = {
    "done.json": REPORT,
    "failing.json": REPORT | {"test_results": {"passed": 11, "failed": 1}},
    "blocked.json": REPORT | {"status": "blocked", "blockers": [NO_SERVER]},
    "handoff.json": {
        "done": ["A right password opens"],
        "files": ["src/auth/door.py"],
        "next": ["Refuse a wrong one", "Log it"],
        "constraints": ["Passwords are in no log"],
        "tests": ["11 pass, test_wrong fails"],
    },
}


def words(command):
    return [*(command.split() if isinstance(command, str) else command), "--now", NOW]


def masked(answer, root):
    text = shown(answer, root)
    return DIGEST.sub("<sha256>", EVENT_ID.sub("<id>", text))


@pytest.fixture
def ready(sample):
    """The sample, in which AUTH--T02 could be completed, and nothing but a task's own findings holds it."""
    put(sample, "docs/specs/mail.md", "# Mail\n")
    for name, text in TEXTS.items():
        put(sample, name, json.dumps(text))
    return sample


@pytest.mark.parametrize(("before", "command", "code"), CASES.values(), ids=CASES)
def test_text(before, command, code, ready, snapshot):
    for each in before:
        assert vtm(ready, *words(each)).code == 0
    answer = vtm(ready, *words(command))
    assert masked(answer, ready) == snapshot
    assert answer.code == code


@pytest.mark.parametrize(("before", "command", "code"), CASES.values(), ids=CASES)
def test_json(before, command, code, ready, snapshot):
    for each in before:
        assert vtm(ready, *words(each)).code == 0
    answer = vtm(ready, *words(command), "--json")
    indented = json.dumps(checked(answer), indent=1) + "\n"
    assert masked(answer._replace(out=indented), ready) == snapshot
    assert answer.code == code


REFUSED = {name: case for name, case in CASES.items() if case[2] or "dry" in name}
del REFUSED["report-back-partly"]


@pytest.mark.parametrize(("before", "command", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_writes_nothing(before, command, code, ready):
    for each in before:
        vtm(ready, *words(each))
    files = {path: path.read_bytes() for path in (ready / STATE).parent.iterdir()}
    vtm(ready, *words(command))
    assert {path: path.read_bytes() for path in (ready / STATE).parent.iterdir()} == files


WRITTEN = {name: case for name, case in CASES.items() if not case[2] and "dry" not in name}


@pytest.mark.parametrize(("before", "command", "code"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_follows_its_schema(before, command, code, ready):
    for each in (*before, command):
        vtm(ready, *words(each))
    files = {STATE: "vtm.task-state/1", JOURNAL: "vtm.task-event/1"}
    for name, schema in files.items():
        if not (ready / name).exists():
            continue
        text = (ready / name).read_text("utf-8")
        lines = text.splitlines() if name == JOURNAL else [text]
        validator = Draft202012Validator(SCHEMAS[schema], format_checker=FormatChecker())
        found = [error.message for line in lines for error in validator.iter_errors(json.loads(line))]
        # the sample has statuses in words of its own, which vtm leaves as they are
        assert [each for each in found if "'todo'" not in each] == []
