"""Whole projects in a folder: a sample in which most things happen, and one whose every text is hostile."""

import json
from pathlib import Path

MANIFEST = "docs/backlog/virtual-task-manifest.json"
STATE = "docs/backlog/task-state.json"
SPEC = "docs/specs/shop.md"
NOW = "2026-03-10T12:00:00Z"

HOSTILE = "\x1b[31mred\x1b]0;owned\x07 \u202eltr \x9b32m\r\n::error::line\t\x00\x7f\u2028\ufeff`$(x)"
"""Terminal escapes, C1, reordering, line breaks and NUL."""
HOSTILE_ID = 'PAY--T0\u202e6"]\\;#'
"""An id that the schema allows, though it reorders and quotes."""


def task(task_id, title="", needs=(), **more):
    """A task entry that no rule complains of; `more` replaces or adds fields, None removes one."""
    capability = task_id.partition("--")[0]
    entry = {
        "task_id": task_id,
        "capability_id": capability,
        "phase": "Phase 1",
        "slice": "Slice 1.1",
        "title": title or f"Title of {task_id}",
        "acceptance_criteria": [{"id": f"{task_id}-AC01", "text": "It works"}],
        "risk": "Medium",
        "est": {"size": "M"},
        "depends_on_tasks": list(needs),
        "related_specs": [SPEC],
        "related_adrs": [],
        "related_guides": [],
        "test_verification": [f"tests/test_{capability.lower()}.py"],
        "parallel": False,
        "conflicts_with": [],
        "file_scope": [f"src/{capability.lower()}/**"],
        **more,
    }
    return {key: value for key, value in entry.items() if value is not None}


def write(root, tasks, state=None, manifest=None, state_file=None):
    """Write a project with these tasks and state entries; without `state` there is no state file."""
    files = {MANIFEST: {"status": "OK", **(manifest or {}), "tasks": list(tasks)}}
    if state is not None:
        files[STATE] = {"manifest_hash": "PLACEHOLDER", **(state_file or {}), "tasks": state}
    for name, document in files.items():
        put(root, name, json.dumps(document, indent=2))
    put(root, SPEC, "# Shop\n")
    return Path(root)


def put(root, name, text):
    """Write one file of a project."""
    path = Path(root) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def criteria(task_id, *texts):
    """Acceptance criteria of a task, numbered."""
    return [{"id": f"{task_id}-AC{number:02}", "text": text} for number, text in enumerate(texts, 1)]


SAMPLE_TASKS = (
    task(
        "AUTH--T01",
        "Keep passwords as hashes",
        risk="High",
        est={"size": "L"},
        description="Passwords are stored with a slow hash and never leave the server.",
        acceptance_criteria=criteria("AUTH--T01", "A password cannot be read back"),
    ),
    task(
        "AUTH--T02",
        "Sign in with a password",
        ["AUTH--T01"],
        risk="High",
        acceptance_criteria=criteria(
            "AUTH--T02", "A right password opens", "A wrong one does not", "It logs"
        ),
    ),
    task(
        "AUTH--T03",
        "Sign out",
        ["AUTH--T01"],
        risk="High",
        est={"size": "S"},
        description="Ends the session on every device.",
        acceptance_criteria=criteria("AUTH--T03", "The session is gone", "Other devices ask again"),
        related_adrs=["ADR-0002: Sessions"],
        related_guides=["docs/guides/style.md"],
        test_verification=[],
    ),
    task("AUTH--T04", "Reset a password", ["AUTH--T02"], slice="Slice 1.2"),
    task("MAIL--T01", "Send mail", slice="Slice 1.2", related_specs=["docs/specs/mail.md"]),
    task("MAIL--T02", "Mail a receipt", ["MAIL--T01", "AUTH--T04"], slice="Slice 1.2", risk="Low"),
    task("MAIL--T03", "Mail a greeting", ["MAIL--T01"], slice="slice_1_2", risk="low", est={"size": "s"}),
    task("PAY--T01", "Take a card", ["PAY--T02"], phase="Phase 2", slice="Slice 2.1", risk="High"),
    task("PAY--T02", "Check a card", ["PAY--T01"], phase="Phase 2", slice="Slice 2.1"),
    task("PAY--T03", "Refund", ["PAY--T99", "AUTH--T02"], phase="Phase 2", slice="Slice 2.1"),
    task("PAY--T04", "Pay by cheque", phase="Phase 2", slice="Slice 2.1", risk="Low"),
    task("PAY--T05", "Cash a cheque", ["PAY--T04"], phase="Phase 2", slice="Slice 2.1"),
    task("PAY--T06", "Pay by invoice", ["PAY--T04"], phase="Phase 2", slice="Slice 2.2", risk="Low"),
    task("UI--T01", "Try a new look", phase="Phase 2", slice="Slice 2.2", risk="Low", provisional=True),
    task("UI--T02", HOSTILE, phase="Phase 2", slice="Slice 2.2", description=HOSTILE),
)

SAMPLE_STATE = {
    "AUTH--T01": {
        "status": "completed",
        "started_at": "2026-03-01T09:00:00Z",
        "completed_at": "2026-03-02T10:30:00Z",
        "acs_completed": ["AUTH--T01-AC01"],
        "pr_number": 7,
        "evidence": {
            "tests_passed": 12,
            "exit_code": 0,
            "covers": {"AUTH--T01-AC01": ["tests/test_auth.py"]},
        },
    },
    "AUTH--T02": {
        "status": "in-progress",
        "started_at": "2026-03-08T08:00:00Z",
        "acs_completed": ["AUTH--T02-AC01"],
        "owner": "ada",
        "notes": "Waits for the review",
    },
    "AUTH--T04": {"status": "blocked", "blocked_reason": "Nobody may send mail yet"},
    "MAIL--T03": {"status": "todo"},
    "PAY--T04": {"status": "abandoned"},
    "PAY--T06": {"waived": {"PAY--T04": "nobody pays by cheque"}},
    "GONE--T01": {"status": "completed"},
}


def sample(root):
    """Two phases, every status, a cycle, an unknown and an abandoned dependency, and hostile text."""
    put(root, "docs/adr/0002-sessions.md", "# Sessions\n")
    put(root, "docs/guides/style.md", "# Style\n")
    put(root, "tests/test_auth.py", "")
    put(root, "vtm.toml", 'stale_after = "24h"\n\n[rules]\nseverity."WARN::STALE-TASK" = "error"\n')
    return write(root, SAMPLE_TASKS, SAMPLE_STATE, {"timestamp": "2026-03-01T08:00:00Z"})


def hostile(root):
    """A project in which every text that people write tries to reach the terminal."""
    entry = task(HOSTILE_ID, HOSTILE, [HOSTILE, HOSTILE_ID, "PAY--T01"], phase=HOSTILE, slice=HOSTILE)
    entry |= {
        name: [HOSTILE, "ADR-0009: " + HOSTILE]
        for name in ("related_specs", "related_adrs", "related_guides", "test_verification", "gap_codes")
    }
    entry |= {"description": HOSTILE, "capability_id": HOSTILE, "conflicts_with": [HOSTILE]}
    entry |= {"file_scope": [HOSTILE], "acceptance_criteria": [{"id": HOSTILE_ID, "text": HOSTILE}] * 2}
    tasks = (
        entry,
        entry,
        task("PAY--T01", HOSTILE, description=HOSTILE),
        task("PAY--T02", HOSTILE, [HOSTILE_ID], risk=HOSTILE, est={"size": HOSTILE}),
        task("PAY--T03", slice="slice_1\n.1", risk=" high\t", provisional=True, parallel=HOSTILE),
        task("PAY--T04", HOSTILE, acceptance_criteria=[], related_specs=[], gap_codes=["B1"]),
        task(HOSTILE, HOSTILE),
        {HOSTILE: HOSTILE},
        HOSTILE,
    )
    state = {
        HOSTILE_ID: {"status": "blocked", "blocked_reason": HOSTILE, "notes": HOSTILE, "owner": HOSTILE},
        "PAY--T01": {
            "status": "completed",
            "completed_at": "2026-03-02T10:30:00Z",
            "acs_completed": [HOSTILE],
            "waived": {HOSTILE: HOSTILE},
            "evidence": {"commit": HOSTILE, "covers": {HOSTILE: [HOSTILE]}},
        },
        "PAY--T02": {"status": HOSTILE, "started_at": HOSTILE},
        "PAY--T04": {"status": "in-progress", "started_at": "2026-03-01T08:00:00Z"},
        HOSTILE: {"status": HOSTILE, HOSTILE: HOSTILE},
    }
    text = json.dumps(HOSTILE)[1:-1].replace("\\u007f", "\\u007F")
    put(root, "vtm.toml", f'[paths]\nroadmap = "{text}"\n[rules]\nblocking = ["B1", "{text}"]\n')
    put(root, "docs/master/prd-master.md", f'---\nstatus: stale\nphase: "{text}"\n---\n')
    head = {"status": HOSTILE, "manifest_hash": HOSTILE, "gaps": {"blocking": [HOSTILE]}, HOSTILE: HOSTILE}
    return write(root, tasks, state, head, {"manifest_hash": HOSTILE, "last_updated": HOSTILE})
