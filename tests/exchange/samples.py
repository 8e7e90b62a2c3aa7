"""A sample of each format, made by hand, in which most things that a format can say are said."""

import json

from vtm.exchange.reading import File

BEADS = (
    {
        "id": "bd-1",
        "title": "Setze auf ü",
        "description": "",
        "status": "closed",
        "priority": 0,
        "issue_type": "epic",
        "acceptance_criteria": "Before:\n- One\n  more\n- [x] Two\n1. Three",
        "notes": "Seen\nagain",
        "created_at": "2026-01-01T10:00:00.123456789-08:00",
        "closed_at": "2026-01-02T10:00:00.5-08:00",
        "labels": ["a", "b"],
    },
    {
        "id": "bd-1.1",
        "title": "Part",
        "status": "in_progress",
        "description": "What",
        "dependencies": [
            {"issue_id": "bd-1.1", "depends_on_id": "bd-1", "type": "parent-child", "created_by": "ada"},
            {"issue_id": "bd-1.1", "depends_on_id": "bd-2", "type": "blocks", "created_by": "ada"},
            {"issue_id": "bd-1.1", "depends_on_id": "bd-9", "type": "related"},
            7,
        ],
    },
    {
        "id": "bd-2",
        "title": "Later",
        "status": "deferred",
        "acceptance_criteria": "All is well\n\nAnd stays so",
    },
    {"id": "bd-3", "title": "Gone", "status": "tombstone", "description": None, "notes": 7},
    {
        "id": "bd-4",
        "title": "Odd",
        "status": "huh",
        "closed_at": "2026-01-02T10:00:00Z",
        "estimated_minutes": 10**30,
    },
)

TASKMASTER = {
    "master": {
        "tasks": [
            {
                "id": 1,
                "title": "First",
                "description": "d",
                "details": "long",
                "testStrategy": "try it",
                "priority": "high",
                "status": "done",
                "dependencies": [],
                "subtasks": [
                    {"id": 1, "title": "One", "status": "done", "dependencies": []},
                    {"id": 2, "title": "Two", "status": "review", "dependencies": [1, "2.1", "1"]},
                ],
            },
            {"id": "2", "title": "Second", "status": "deferred", "dependencies": [1, "1.2"], "subtasks": []},
            {"id": 3, "title": "Third", "status": "cancelled", "dependencies": [99]},
        ],
        "metadata": {"created": "2026-01-01", "description": "x"},
    },
    "feature": {"tasks": [{"id": 1, "title": "Other", "dependencies": []}, {"id": 2, "dependencies": [1]}]},
    "empty": {"tasks": []},
}

TASKWARRIOR = [
    {
        "id": 0,
        "uuid": "00000000-0000-0000-0000-000000000001",
        "description": "Done",
        "status": "completed",
        "entry": "20260101T100000Z",
        "end": "20260102T100000Z",
        "tags": ["x"],
        "annotations": [
            {"entry": "20260101T100000Z", "description": "one"},
            {"entry": "20260101T100001Z", "description": "two"},
        ],
    },
    {
        "id": 1,
        "uuid": "00000000-0000-0000-0000-000000000002",
        "description": "Runs",
        "status": "pending",
        "start": "20260103T100000Z",
        "depends": ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-00000000000f"],
        "urgency": 9.5,
    },
    {
        "id": 2,
        "uuid": "00000000-0000-0000-0000-000000000003",
        "description": "Waits",
        "status": "waiting",
        "wait": "20270101T000000Z",
        "depends": "00000000-0000-0000-0000-000000000002",
    },
    {
        "uuid": "00000000-0000-0000-0000-000000000004",
        "description": "Gone",
        "status": "deleted",
        "end": "20260102T100000Z",
    },
]

VTM_CLI = {
    "version": "2.0.0",
    "project": {"name": "shop", "description": "sells"},
    "stats": {"total_tasks": 99},
    "tasks": [
        {
            "id": "TASK-001",
            "title": "First",
            "description": "d",
            "adr_source": "adr/ADR-001.md",
            "spec_source": "specs/one.md",
            "status": "completed",
            "dependencies": [],
            "blocks": ["TASK-002"],
            "acceptance_criteria": ["one", "two"],
            "validation": {"tests_pass": True, "ac_verified": ["two", "three"]},
            "risk": "high",
            "estimated_hours": 2.5,
            "files": {"create": ["a.py"], "modify": ["b.py"], "delete": []},
            "started_at": "2026-01-01T10:00:00.000Z",
            "completed_at": "2026-01-02T10:00:00.000Z",
            "commits": ["abc"],
        },
        {
            "id": "TASK-002",
            "title": "Second",
            "status": "blocked",
            "dependencies": ["TASK-001"],
            "acceptance_criteria": ["one"],
            "risk": "Low",
            "started_at": None,
        },
        {"id": "TASK-003", "title": "Odd", "acceptance_criteria": "one", "risk": "huge", "files": ["x"]},
    ],
}

CSV = (
    "ID;Name;Status;Depends On;acceptance_criteria;owner;Colour;risk;parallel\r\n"
    'A;"One;\r\nmore";done;;"[x] it\\; works; and that";ada;red;high;TRUE\r\n'
    "B;Two;In Progress;A; ;;;;maybe\r\n"
    "C;Three;huh;A;;;;;;one;two;two\r\n"
)

SPEC_KIT = """# Tasks: Shop

```text
- [ ] T000 in a fence
```

<!--
- [ ] T000 in a comment
-->

## Phase 1: Setup (Shared)

- [X] T001 Make it
- [ ] T002 [P] [US1] Do `it` in src/a.py (depends on T001)
  - [x] T003   [US2] [P] Do more (depends on T001, T002)
- [ ] TXXX Not numbered
- [ ] 7 things to do

## Dependencies

- T001 first
* [ ] T004b Last
The end"""

BACKLOG_MD = {
    "tasks/task-2 - Two.md": """---
id: TASK-2
title: 'Two: more'
status: In Progress
assignee:
  - '@ada'
created_date: 2026-01-01
labels: [a, "b"]
dependencies: [task-1, TASK-9]
milestone:
on: yes
---

Preamble

## Description

<!-- SECTION:DESCRIPTION:BEGIN -->
What
## is wanted
<!-- SECTION:DESCRIPTION:END -->

## Acceptance Criteria
<!-- AC:BEGIN -->
- [x] #1 One
- [ ] #2 Two
<!-- AC:END -->

## Implementation Notes

<!-- SECTION:NOTES:BEGIN -->
Seen
<!-- SECTION:NOTES:END -->

## Risks

None
""",
    "completed/task-1 - One.md": """---
id: TASK-1
title: "CLI: One"
status: Done
assignee: @ada
reporter: @bob
completed_date: 2026-01-02 10:00
dependencies: []
---
## Acceptance Criteria

All of these:

- [x] One
- [x] Two
""",
    "archive/tasks/task-3 - Three.md": "---\nid: TASK-3\ntitle: Three\nstatus: To Do\n---\n",
    "drafts/draft-4 - Four.md": "---\nid: DRAFT-4\ntitle: Four\nstatus: Draft\n---\nText only",
    "tasks/readme.md": "# Tasks\n",
}


def _one(text):
    return [File("sample", text.encode())]


SAMPLES = {
    "beads": _one("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in BEADS)),
    "taskmaster": _one(json.dumps(TASKMASTER)),
    "taskwarrior": _one(json.dumps(TASKWARRIOR)),
    "vtm-cli": _one(json.dumps(VTM_CLI)),
    "csv": _one(CSV),
    "spec-kit": _one(SPEC_KIT),
    "backlog-md": [File(name, text.encode()) for name, text in BACKLOG_MD.items()],
}
"""Format to the files of its sample."""

COUNTS = {
    "beads": (3, 2, 0),
    "taskmaster": (7, 0, 0),
    "taskwarrior": (4, 0, 0),
    "vtm-cli": (2, 1, 0),
    "csv": (1, 2, 0),
    "spec-kit": (4, 0, 2),
    "backlog-md": (3, 1, 1),
}
"""Format to how many units of its sample are read, read in part, unreadable."""
