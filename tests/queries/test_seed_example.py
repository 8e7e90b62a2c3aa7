"""The pulse that the orchestrator's prompt shows, from a backlog that leads to it."""

from datetime import UTC, datetime

from tests.asking import task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.queries.pulse import pulse
from vtm.rendering.render import Terminal
from vtm.rendering.text.pulse import lines

NOW = datetime(2025, 9, 28, 10, 30, tzinfo=UTC)
FIRST = {"phase": "Phase 1", "slice": "Slice 1.1"}


def done(hour, minute):
    return {"status": "completed", "completed_at": f"2025-09-28T{hour:02}:{minute:02}:00Z"}


def example():
    """68 tasks: 5 completed, 1 in progress; 35 are High, 3 of the completed ones among them."""
    criteria = [{"id": f"SQLITE_SCHEMA-AC0{number}"} for number in range(1, 6)]
    started = [
        *(task(f"GROUNDWORK--T0{number}", risk="High", **FIRST) for number in range(1, 4)),
        task("GROUNDWORK--T04", **FIRST),
        task("MONOREPO_STRUCTURE--T01", **FIRST),
        task(
            "SQLITE_SCHEMA--T01",
            "MONOREPO_STRUCTURE--T01",
            risk="High",
            acceptance_criteria=criteria,
            **FIRST,
        ),
    ]
    ready = [
        task("ATOMIC_FILE_WRITER--T01", "MONOREPO_STRUCTURE--T01", risk="High", **FIRST),
        task("CONTENT_HASH_IMPLEMENTATION--T01", "SQLITE_SCHEMA--T01", risk="High", **FIRST),
        task("TESTKIT_INTEGRATION--T01", risk="Medium", **FIRST),
    ]
    later = [
        task(
            f"LATER--T{number:02}", "CONTENT_HASH_IMPLEMENTATION--T01", risk="High" if number < 29 else "Low"
        )
        for number in range(59)
    ]
    state = {f"GROUNDWORK--T0{number}": done(9, number) for number in range(1, 5)}
    state["MONOREPO_STRUCTURE--T01"] = done(10, 25)
    state["SQLITE_SCHEMA--T01"] = {
        "status": "in-progress",
        "started_at": "2025-09-28T10:05:00Z",
        "acs_completed": ["SQLITE_SCHEMA-AC01", "SQLITE_SCHEMA-AC02", "SQLITE_SCHEMA-AC03"],
        "acs_remaining": ["SQLITE_SCHEMA-AC04"],
    }
    return backlog_of([*started, *ready, *later], state)


def test_all_lines_with_their_labels_in_their_order():
    backlog = example()
    shown = lines(pulse(backlog, Readiness(backlog), NOW), Terminal())
    assert list(shown) == [
        "### Implementation Pulse (2025-09-28T10:30:00Z)",
        "- Phase: Phase 1",
        "- Slice: Slice 1.1",
        "- Tasks: pending 62 | in-progress 1 | blocked 0 | completed 5 | abandoned 0",
        "- Progress: 7.4% (5/68 tasks)",
        "- High Risk: 3 completed, 32 remaining",
        "- Latest Completed: MONOREPO_STRUCTURE--T01 (completed 5m ago)",
        "- In Progress: SQLITE_SCHEMA--T01 (3 ACs completed, 2 remaining)",
        "- Next Eligible: ATOMIC_FILE_WRITER--T01, TESTKIT_INTEGRATION--T01",
        "- Blockers: none",
        "- Oldest In-Progress: SQLITE_SCHEMA--T01 (started 25m ago)",
    ]


def test_a_task_whose_dependency_is_in_progress_is_not_next_although_the_prompt_lists_it():
    backlog = example()
    found = pulse(backlog, Readiness(backlog), NOW)
    assert "CONTENT_HASH_IMPLEMENTATION--T01" not in found.next_eligible
    assert found.more_eligible == 0
