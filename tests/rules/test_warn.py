"""The WARN rules beyond their own examples: boundaries, focus, messages and places."""

from itertools import pairwise

import pytest

from tests.builders import MANIFEST, STATE, backlog_of, case_of
from vtm.graph.reach import direct_followers, followers
from vtm.graph.readiness import Readiness
from vtm.model.finding import Severity
from vtm.rules.registry import load

RAW = "433206a1063a27e620ca7f199f2d7c726257e76b54c460e56308e3d60596cd35"
CANONICAL = "0f8fad5bd9cb469fa16570867728950e99c4a2a8a2b6d3f6c1f1cbb2bd3e5f10"
NOW = "2026-01-10T00:00:00Z"


def found(name, example):
    return list(load(f"WARN::{name}").check(case_of(example)))


def one(task=None, state=None, **more):
    """An example of a single task A."""
    return {"tasks": [{"task_id": "A", **(task or {})}], "state": {"A": state} if state else {}, **more}


def ids(*names, **fields):
    return [{"task_id": name, **fields} for name in names]


def criteria(count):
    return {"acceptance_criteria": [{"id": f"A-AC{n:02}"} for n in range(1, count + 1)]}


def now(moment, **settings):
    return {"now": moment, "settings": settings}


def running(*names):
    return {name: {"status": "in-progress"} for name in names}


def blocked_hub(*followers_, status="blocked", **states):
    """B waits for nothing and is blocked; the rest depends on it."""
    tasks = [*ids("B"), *ids(*followers_, depends_on_tasks=["B"])]
    return {"tasks": tasks, "state": {"B": {"status": status}, **states}}


def spec(*names, **more):
    """Tasks that refer to the same document, which has changed."""
    return {
        "tasks": ids(*names, related_specs=["docs/a.md"]),
        "manifest": {"timestamp": "2026-01-01T00:00:00Z"},
        "facts": {
            "references": {"docs/a.md": {"path": "docs/a.md"}},
            "changed_since_manifest": ["docs/a.md"],
        },
        **more,
    }


def highs(pending, done, **activation):
    names = [f"H{n:02}" for n in range(pending + done)]
    state = {name: {"status": "completed"} for name in names[:done]}
    facts = {"action": "run", "settings": {"activation": activation}}
    return {"tasks": ids(*names, risk="High"), "state": state, "facts": facts}


GREEN = {"exit_code": 0}
HIGH = {"risk": "High"}
DONE = {"status": "completed"}
ABANDONED = {"status": "abandoned"}
CHAIN = [*ids("A"), *ids("B", depends_on_tasks=["A"]), *ids("C", depends_on_tasks=["B"])]

COUNTS = [
    pytest.param(
        "WIP-OVERLOAD", {"tasks": ids("A", "B", "C"), "state": running("A", "B", "C")}, 0, id="wip-at-3"
    ),
    pytest.param(
        "WIP-OVERLOAD",
        {
            "tasks": ids("A", "B", "C", "D"),
            "state": running("A", "B", "C", "D"),
            "facts": {"settings": {"wip_limit": 0}},
        },
        0,
        id="wip-no-limit",
    ),
    pytest.param(
        "WIP-OVERLOAD",
        {"tasks": ids("A"), "state": running("A", "X", "Y", "Z")},
        0,
        id="wip-unknown-entries-do-not-count",
    ),
    pytest.param(
        "WIP-OVERLOAD",
        {"tasks": ids("A", "B", "C", "D", declared_status="in-progress"), "focus": []},
        1,
        id="wip-own-files-whatever-the-focus",
    ),
    pytest.param(
        "UNKNOWN-TASK-IN-STATE",
        {"tasks": ids("A"), "state": running("B", "A", "C"), "focus": []},
        2,
        id="unknown-each-entry",
    ),
    pytest.param("AC-DRIFT", one(), 0, id="drift-no-entry"),
    pytest.param("AC-DRIFT", one(state={"acs_remaining": ["X"]}), 1, id="drift-nothing-declared"),
    pytest.param("AC-DRIFT", one(state={"acs_remaining": ["X"]}, focus=[]), 0, id="drift-out-of-focus"),
    pytest.param("STATE-DISAGREES", one({"declared_status": "completed"}), 0, id="disagrees-no-entry"),
    pytest.param("STATE-DISAGREES", one(state=DONE), 0, id="disagrees-nothing-declared"),
    pytest.param(
        "STATE-DISAGREES", one({"declared_status": "blocked"}, DONE, focus=[]), 0, id="disagrees-focus"
    ),
    pytest.param("ILLEGAL-JUMP", one({"declared_status": "completed"}), 0, id="jump-own-file-never-seen"),
    pytest.param(
        "ILLEGAL-JUMP", one({"declared_status": "completed"}, {"notes": "x"}), 1, id="jump-own-file"
    ),
    pytest.param("ILLEGAL-JUMP", one({"declared_status": "pending"}, DONE), 0, id="jump-own-file-wins"),
    pytest.param("ILLEGAL-JUMP", one(state=ABANDONED), 0, id="jump-abandoned"),
    pytest.param(
        "STALE-TASK",
        one(
            state={"status": "in-progress", "started_at": "2026-01-08T00:00:00Z"},
            facts=now(NOW, stale_after="48h"),
        ),
        0,
        id="stale-exactly",
    ),
    pytest.param(
        "STALE-TASK",
        one(
            state={"status": "in-progress", "started_at": "2026-01-08T01:59:59+02:00"},
            facts=now(NOW, stale_after="48h"),
        ),
        1,
        id="stale-one-second-more-in-another-zone",
    ),
    pytest.param(
        "STALE-TASK",
        one(state={"status": "in-progress"}, facts=now(NOW, stale_after="0s")),
        0,
        id="stale-unknown-start",
    ),
    pytest.param(
        "STALE-TASK",
        one(state={"status": "blocked", "started_at": "2020-01-01T00:00:00Z"}, facts=now(NOW)),
        0,
        id="stale-only-in-progress",
    ),
    pytest.param("COMPLETED-WITHOUT-ALL-ACS", one(state=DONE), 0, id="acs-none-declared"),
    pytest.param(
        "COMPLETED-WITHOUT-ALL-ACS",
        one(criteria(1), {"status": "completed", "acs_remaining": ["A-AC01"], "acs_completed": ["A-AC01"]}),
        0,
        id="acs-remaining-is-not-asked",
    ),
    pytest.param("COMPLETED-WITHOUT-ALL-ACS", one(criteria(1)), 0, id="acs-not-completed"),
    pytest.param("HIGH-RISK-NO-TESTS", one(HIGH, DONE), 1, id="no-tests-undeclared"),
    pytest.param("HIGH-RISK-NO-TESTS", one({"risk": "Medium"}, DONE), 0, id="no-tests-medium"),
    pytest.param("HIGH-RISK-NO-TESTS", one(HIGH), 0, id="no-tests-pending"),
    pytest.param("HIGH-RISK-NO-TESTS", one(HIGH, DONE, focus=[]), 0, id="no-tests-out-of-focus"),
    pytest.param("AC-UNCOVERED", one(criteria(1), DONE), 1, id="uncovered-no-evidence"),
    pytest.param("AC-UNCOVERED", one(state=DONE), 0, id="uncovered-nothing-declared"),
    pytest.param("AC-UNCOVERED", one(criteria(1)), 0, id="uncovered-pending"),
    pytest.param(
        "AC-UNCOVERED",
        one(criteria(1), {"status": "completed", "evidence": {"covers": {"A-AC01": [""]}}}),
        1,
        id="uncovered-empty-name",
    ),
    pytest.param("REVIEW-NOT-GREEN", one(HIGH, {"pr_number": 1}), 1, id="review-no-evidence"),
    pytest.param(
        "REVIEW-NOT-GREEN", one(HIGH, {"evidence": {"exit_code": 1}}), 0, id="review-no-pull-request"
    ),
    pytest.param("REVIEW-NOT-GREEN", one(None, {"pr_number": 1}), 0, id="review-medium"),
    pytest.param("REVIEW-NOT-GREEN", one(HIGH, {"pr_number": 1, "evidence": GREEN}), 0, id="review-green"),
    pytest.param(
        "REVIEW-NOT-GREEN",
        one(HIGH, {"pr_number": 1, "evidence": {"tests_passed": 0}}),
        1,
        id="review-no-test-ran",
    ),
    pytest.param(
        "ABANDONED-DEPENDENCY",
        {
            "tasks": [*ids("A", "X"), *ids("B", depends_on_tasks=["A", "X", "A"])],
            "state": {"A": ABANDONED, "X": ABANDONED},
        },
        2,
        id="abandoned-each-dependency-once",
    ),
    pytest.param(
        "ABANDONED-DEPENDENCY",
        {"tasks": CHAIN, "state": {"A": ABANDONED, "B": DONE}},
        0,
        id="abandoned-completed",
    ),
    pytest.param(
        "ABANDONED-DEPENDENCY",
        {"tasks": CHAIN, "state": {"A": ABANDONED, "B": {"status": "blocked"}}},
        1,
        id="abandoned-blocked",
    ),
    pytest.param(
        "ABANDONED-DEPENDENCY",
        {"tasks": CHAIN, "state": {"A": ABANDONED}, "focus": ["A", "C"]},
        0,
        id="abandoned-out-of-focus",
    ),
    pytest.param("REPEATED-BLOCKER", blocked_hub("C", "D"), 0, id="blocker-two"),
    pytest.param("REPEATED-BLOCKER", blocked_hub("C", "D", "E"), 1, id="blocker-three"),
    pytest.param(
        "REPEATED-BLOCKER", blocked_hub("C", "D", "E", status="abandoned"), 1, id="blocker-abandoned"
    ),
    pytest.param(
        "REPEATED-BLOCKER", blocked_hub("C", "D", "E", status="in-progress"), 0, id="blocker-running"
    ),
    pytest.param("REPEATED-BLOCKER", blocked_hub("C", "D", "E", E=DONE), 0, id="blocker-finished-follower"),
    pytest.param(
        "REPEATED-BLOCKER",
        blocked_hub("C", "D", "E", **running("C", "D", "E")),
        1,
        id="blocker-running-followers",
    ),
    pytest.param(
        "REPEATED-BLOCKER",
        {
            "tasks": [*CHAIN, *ids("D", depends_on_tasks=["C"])],
            "state": {"A": {"status": "blocked"}, "C": {"status": "blocked"}},
        },
        0,
        id="blocker-not-through-blocked",
    ),
    pytest.param(
        "REPEATED-BLOCKER", {**blocked_hub("C", "D", "E"), "focus": ["C"]}, 0, id="blocker-out-of-focus"
    ),
    pytest.param(
        "DEFERRABLE-PROMOTED",
        {
            "tasks": [*ids("H", risk="High"), *ids("A", risk="Low")],
            "state": {"H": {"status": "blocked"}, "A": {"status": "in-progress"}},
        },
        0,
        id="deferrable-high-is-blocked",
    ),
    pytest.param(
        "DEFERRABLE-PROMOTED",
        {"tasks": [*ids("H", risk="High"), *ids("A", risk="Medium")], "state": running("A")},
        0,
        id="deferrable-medium",
    ),
    pytest.param(
        "DEFERRABLE-PROMOTED",
        {"tasks": [*ids("H", risk="High"), *ids("A", risk="High", provisional=True)], "state": running("A")},
        1,
        id="deferrable-provisional-high",
    ),
    pytest.param(
        "DEFERRABLE-PROMOTED",
        {
            "tasks": [*ids("H", risk="High"), *ids("A", "B", risk="Low")],
            "state": running("A", "B"),
            "focus": ["B"],
        },
        1,
        id="deferrable-focus",
    ),
    pytest.param("PARALLEL-METADATA-MISSING", [], 0, id="metadata-empty-backlog"),
    pytest.param("PARALLEL-METADATA-MISSING", [{"task_id": "A", "parallel": True}], 1, id="metadata-one-key"),
    pytest.param(
        "PARALLEL-METADATA-MISSING",
        [{"task_id": "A", "parallel": False, "conflicts_with": ["A"]}],
        0,
        id="metadata-itself-but-sequential",
    ),
    pytest.param(
        "PARALLEL-METADATA-MISSING",
        {
            "tasks": [{"task_id": "A", "parallel": True, "conflicts_with": ["A"]}, {"task_id": "B"}],
            "focus": [],
        },
        2,
        id="metadata-both-findings",
    ),
    pytest.param("CONFLICT-ASYMMETRIC", [{"task_id": "A", "conflicts_with": ["A"]}], 0, id="conflict-itself"),
    pytest.param(
        "CONFLICT-ASYMMETRIC",
        [{"task_id": "A", "conflicts_with": ["X", "B", "Y"]}, {"task_id": "B"}],
        2,
        id="conflict-unknown-is-its-own-finding",
    ),
    pytest.param(
        "CONFLICT-ASYMMETRIC",
        {"tasks": [{"task_id": "A", "conflicts_with": ["B"]}, {"task_id": "B"}], "focus": ["B"]},
        0,
        id="conflict-focus-is-who-lists",
    ),
    pytest.param("HIGH-RISK-PARALLEL", one({**HIGH, "parallel": True}, DONE), 0, id="parallel-completed"),
    pytest.param(
        "HIGH-RISK-PARALLEL", one({**HIGH, "parallel": True}, ABANDONED), 0, id="parallel-abandoned"
    ),
    pytest.param(
        "HIGH-RISK-PARALLEL", one({**HIGH, "parallel": True}, {"status": "blocked"}), 1, id="parallel-open"
    ),
    pytest.param("HIGH-RISK-PARALLEL", one(HIGH), 0, id="parallel-undeclared"),
    pytest.param("LATE-ORCHESTRATION", highs(7, 3), 0, id="late-exactly-70"),
    pytest.param("LATE-ORCHESTRATION", highs(14, 6), 0, id="late-exactly-14-of-20"),
    pytest.param("LATE-ORCHESTRATION", highs(69, 31), 1, id="late-69-of-100"),
    pytest.param("LATE-ORCHESTRATION", highs(0, 0), 0, id="late-no-high-tasks"),
    pytest.param("LATE-ORCHESTRATION", highs(0, 3, high_pending=0), 0, id="late-switched-off"),
    pytest.param(
        "TIMESTAMP-ORDER",
        one(state={"started_at": NOW, "completed_at": NOW}, facts=now(NOW)),
        0,
        id="order-same-moment",
    ),
    pytest.param(
        "TIMESTAMP-ORDER",
        one(state={"started_at": "2026-01-10T00:05:00Z"}, facts=now(NOW)),
        0,
        id="order-five-minutes-ahead",
    ),
    pytest.param(
        "TIMESTAMP-ORDER",
        one(state={"started_at": "2026-01-10T00:05:01Z"}, facts=now(NOW)),
        1,
        id="order-pending-and-more-than-five-minutes-ahead",
    ),
    pytest.param(
        "TIMESTAMP-ORDER",
        one(
            state={"started_at": "2026-01-12T00:00:00Z", "completed_at": "2026-01-11T00:00:00Z"},
            facts=now(NOW),
        ),
        3,
        id="order-everything-wrong",
    ),
    pytest.param(
        "TIMESTAMP-ORDER",
        one(
            state={"started_at": "9999-12-31T23:59:59-12:00", "completed_at": "0001-01-01T00:00:00+12:00"},
            facts=now(NOW),
        ),
        2,
        id="order-ends-of-time",
    ),
    pytest.param(
        "TIMESTAMP-ORDER",
        {
            "tasks": CHAIN[:2],
            "state": {
                "A": {"status": "completed", "completed_at": "2026-01-05T00:00:00Z"},
                "B": {"status": "completed", "started_at": "2026-01-04T00:00:00Z"},
            },
            "facts": now(NOW),
        },
        0,
        id="order-across-tasks-is-not-judged",
    ),
    pytest.param("SPEC-CHANGED-AFTER-MANIFEST", spec("A", "B"), 1, id="spec-one-for-each-document"),
    pytest.param("SPEC-CHANGED-AFTER-MANIFEST", spec("A", manifest={}), 0, id="spec-no-timestamp"),
    pytest.param("SPEC-CHANGED-AFTER-MANIFEST", spec("A", state={"A": DONE}), 0, id="spec-completed"),
    pytest.param("SPEC-CHANGED-AFTER-MANIFEST", spec("A", state={"A": ABANDONED}), 0, id="spec-abandoned"),
    pytest.param("SPEC-CHANGED-AFTER-MANIFEST", spec("A", focus=[]), 0, id="spec-out-of-focus"),
]


@pytest.mark.parametrize(("name", "example", "count"), COUNTS)
def test_how_many(name, example, count):
    problems = found(name, example)
    assert len(problems) == count
    assert len({(each.location, each.message) for each in problems}) == count


HASHES = [
    pytest.param("", "", True, id="unset"),
    pytest.param("placeholder", RAW, True, id="placeholder"),
    pytest.param("SHA256:PLACEHOLDER", RAW, True, id="placeholder-with-prefix"),
    pytest.param(RAW, "", True, id="raw"),
    pytest.param(CANONICAL, "", True, id="canonical"),
    pytest.param(
        f"sha256:{CANONICAL}", "PLACEHOLDER", True, id="canonical-with-prefix-and-placeholder-there"
    ),
    pytest.param(RAW.upper(), "", True, id="raw-upper-case"),
    pytest.param(RAW[:11], "", True, id="raw-11-digits"),
    pytest.param(RAW[:10], "", False, id="raw-10-digits"),
    pytest.param(RAW[1:], "", False, id="raw-without-its-start"),
    pytest.param(f"{RAW}0", "", False, id="raw-and-more"),
    pytest.param("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", True, id="field"),
    pytest.param("sha256:aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", True, id="field-without-prefix"),
    pytest.param("aaaaaaaaaaaaaaaa", "SHA256:AAAAAAAAAAA", True, id="field-is-11-digits"),
    pytest.param("aaaaaaaaaaa", "aaaaaaaaaaaaaaaa", True, id="field-starts-with-it"),
    pytest.param("aaaaaaaaaa", "aaaaaaaaaaaaaaaa", False, id="field-starts-with-10-digits"),
    pytest.param("aaaaaaaaaaaaaaaa", "aaaaaaaaaa", False, id="field-is-10-digits"),
    pytest.param("revision-1", "revision-1", True, id="field-is-no-hash"),
    pytest.param("revision-1-final", "revision-1-", False, id="field-is-no-hash-and-a-prefix"),
    pytest.param("bbbbbbbbbbbbbbbb", "PLACEHOLDER", False, id="placeholder-there-is-no-excuse"),
]


@pytest.mark.parametrize(("recorded", "carried", "accepted"), HASHES)
def test_hash_spellings(recorded, carried, accepted):
    example = {
        "manifest": {"manifest_hash": carried},
        "state_file": {"manifest_hash": recorded},
        "facts": {"hashes": {"raw": RAW, "canonical": CANONICAL}},
    }
    assert (found("MANIFEST-HASH-MISMATCH", example) == []) is accepted


def test_a_hash_is_not_met_by_hashes_that_are_not_known():
    assert found("MANIFEST-HASH-MISMATCH", {"state_file": {"manifest_hash": RAW}})


REPORTS = [
    pytest.param(
        "WIP-OVERLOAD",
        {"tasks": ids("A", "B"), "state": running("B", "A"), "facts": {"settings": {"wip_limit": 1}}},
        (STATE, "tasks"),
        "2 tasks are in progress and the limit is 1: A, B",
        ("A", "B"),
        id="wip",
    ),
    pytest.param(
        "UNKNOWN-TASK-IN-STATE",
        {"state": running("X")},
        (STATE, "tasks", "X"),
        "X has an entry in the state, but no task has this id",
        ("X",),
        id="unknown-task",
    ),
    pytest.param(
        "AC-DRIFT",
        one(criteria(1), {"acs_completed": ["A-AC01", "X"], "acs_remaining": ["Y", "X"]}),
        (STATE, "tasks", "A", "acs_completed", 1),
        "A has criteria in its state that it does not declare: X, Y",
        ("A",),
        id="drift",
    ),
    pytest.param(
        "STATE-DISAGREES",
        one({"declared_status": "completed"}, {"status": "in-progress"}),
        (STATE, "tasks", "A", "status"),
        "A is completed in its own file and in-progress in the state",
        ("A",),
        id="disagrees",
    ),
    pytest.param(
        "STALE-TASK",
        one(
            state={"status": "in-progress", "started_at": "2026-01-07T22:59:00Z"},
            facts=now(NOW, stale_after="48h"),
        ),
        (STATE, "tasks", "A", "started_at"),
        "A has been in progress since 2026-01-07T22:59:00Z, for more than 48h",
        ("A",),
        id="stale",
    ),
    pytest.param(
        "STALE-TASK",
        one(
            state={"status": "in-progress", "started_at": "2026-01-09T23:30:00Z"},
            facts=now(NOW, stale_after="20m"),
        ),
        (STATE, "tasks", "A", "started_at"),
        "A has been in progress since 2026-01-09T23:30:00Z, for more than 20m",
        ("A",),
        id="stale-soon",
    ),
    pytest.param(
        "AC-UNCOVERED",
        one(criteria(7), DONE),
        (STATE, "tasks", "A", "evidence", "covers"),
        "A has no test recorded for A-AC01, A-AC02, A-AC03, A-AC04, A-AC05 and 2 more",
        ("A",),
        id="uncovered",
    ),
    pytest.param(
        "AC-UNCOVERED",
        one(criteria(5), DONE),
        (STATE, "tasks", "A", "evidence", "covers"),
        "A has no test recorded for A-AC01, A-AC02, A-AC03, A-AC04, A-AC05",
        ("A",),
        id="uncovered-five",
    ),
    pytest.param(
        "ABANDONED-DEPENDENCY",
        {"tasks": [*ids("X", "A"), *ids("B", depends_on_tasks=["X", "A"])], "state": {"A": ABANDONED}},
        (MANIFEST, "tasks", 2, "depends_on_tasks", 1),
        "B depends on A, which is abandoned",
        ("B",),
        id="abandoned",
    ),
    pytest.param(
        "REPEATED-BLOCKER",
        {
            "tasks": [
                *ids("Z", depends_on_tasks=["Y"]),
                *ids("Y", "X", "W", depends_on_tasks=["B"]),
                *ids("B"),
            ],
            "state": {"B": {"status": "blocked"}},
        },
        (STATE, "tasks", "B"),
        "B is blocked and holds up 4 tasks, first Z, Y, X",
        ("B",),
        id="blocker",
    ),
    pytest.param(
        "REPEATED-BLOCKER",
        blocked_hub(*(f"T{n:04}" for n in range(999))),
        (STATE, "tasks", "B"),
        "B is blocked and holds up 999 tasks, first T0000, T0001, T0002",
        ("B",),
        id="blocker-below-the-bound",
    ),
    pytest.param(
        "REPEATED-BLOCKER",
        blocked_hub(*(f"T{n:04}" for n in range(1500))),
        (STATE, "tasks", "B"),
        "B is blocked and holds up 1000 or more tasks, first T0000, T0001, T0002",
        ("B",),
        id="blocker-bound",
    ),
    pytest.param(
        "DEFERRABLE-PROMOTED",
        {"tasks": [*ids("A", risk="Low"), *ids("G", "H", risk="High")], "state": {**running("A"), "G": DONE}},
        (STATE, "tasks", "A", "status"),
        "A is Low and in progress while the High H is pending",
        ("A",),
        id="deferrable",
    ),
    pytest.param(
        "PARALLEL-METADATA-MISSING",
        {"tasks": ids("A", "B", "C", "D"), "focus": ["D"]},
        (MANIFEST, "tasks"),
        "parallel and conflicts_with are not both declared on 4 of 4 tasks, first A, B, C",
        (),
        id="metadata",
    ),
    pytest.param(
        "CONFLICT-ASYMMETRIC",
        [{"task_id": "A", "conflicts_with": ["A", "B", "B"]}, {"task_id": "B"}],
        (MANIFEST, "tasks", 0, "conflicts_with", 1),
        "A conflicts with B but not the other way round",
        ("A",),
        id="conflict",
    ),
    pytest.param(
        "CONFLICT-ASYMMETRIC",
        [{"task_id": "A", "conflicts_with": ["A", "X"]}],
        (MANIFEST, "tasks", 0, "conflicts_with", 1),
        "A conflicts with unknown X",
        ("A",),
        id="conflict-unknown",
    ),
    pytest.param(
        "LATE-ORCHESTRATION",
        highs(1, 2, high_pending=0.07 + 0.5),
        (STATE, "tasks"),
        "the share of High tasks still pending is 1 of 3, under 57 %",
        (),
        id="late",
    ),
    pytest.param(
        "TIMESTAMP-ORDER",
        one(state={"started_at": NOW, "completed_at": "2026-01-09T00:00:00+01:00"}, facts=now(NOW)),
        (STATE, "tasks", "A", "completed_at"),
        "A was completed at 2026-01-09T00:00:00+01:00 and started only at 2026-01-10T00:00:00Z",
        ("A",),
        id="order",
    ),
    pytest.param(
        "SPEC-CHANGED-AFTER-MANIFEST",
        spec("A", "B", "C", "D", "E", state={"B": DONE}),
        (MANIFEST, "tasks", 0, "related_specs", 0),
        "A, C, D and 1 more refer to docs/a.md, which was changed after the manifest was made",
        ("A", "C", "D", "E"),
        id="spec",
    ),
    pytest.param(
        "SPEC-CHANGED-AFTER-MANIFEST",
        spec("A", tasks=[{"task_id": "A", "related_specs": ["docs/a.md"], "related_guides": ["docs/a.md"]}]),
        (MANIFEST, "tasks", 0, "related_specs", 0),
        "A refers to docs/a.md, which was changed after the manifest was made",
        ("A",),
        id="spec-twice",
    ),
]


@pytest.mark.parametrize(("name", "example", "place", "message", "tasks"), REPORTS)
def test_report(name, example, place, message, tasks):
    (problem,) = found(name, example)
    assert (problem.location.path, *problem.location.pointer) == place
    assert (problem.message, problem.tasks) == (message, tasks)


@pytest.mark.parametrize(("enforce", "severity"), [(False, None), (True, Severity.ERROR)])
def test_late_orchestration_is_an_error_only_where_that_is_enforced(enforce, severity):
    (problem,) = found("LATE-ORCHESTRATION", highs(1, 2, enforce=enforce))
    assert problem.severity is severity


def reach(tasks, start, limit=1000, state=None):
    backlog = backlog_of(tasks, state)
    readiness = Readiness(backlog)
    return followers(direct_followers(backlog, readiness), readiness.statuses, start, limit)


FOLLOWERS = [
    pytest.param(CHAIN, {}, "A", 9, ["B", "C"], id="chain"),
    pytest.param(CHAIN, {}, "A", 1, ["B"], id="limit"),
    pytest.param(CHAIN, {}, "A", 0, [], id="limit-0"),
    pytest.param(CHAIN, {}, "C", 9, [], id="end"),
    pytest.param(CHAIN, {}, "X", 9, [], id="unknown-and-unwanted"),
    pytest.param(CHAIN[1:], {}, "A", 9, ["B", "C"], id="unknown"),
    pytest.param(CHAIN, {"A": DONE}, "A", 9, [], id="completed"),
    pytest.param(CHAIN, running("B"), "A", 9, ["B"], id="ends-at-what-runs"),
    pytest.param(CHAIN, {"B": ABANDONED}, "A", 9, [], id="abandoned-follower"),
    pytest.param(CHAIN, {"B": {"waived": {"A": "stub"}}}, "A", 9, [], id="waived"),
    pytest.param(ids("A", depends_on_tasks=["A"]), {}, "A", 9, [], id="itself"),
    pytest.param(
        [*ids("A", depends_on_tasks=["C"]), *CHAIN[1:]], {}, "B", 9, ["C", "A"], id="cycle-from-within"
    ),
    pytest.param(
        [*ids("A", depends_on_tasks=["C", "X"]), *CHAIN[1:], *ids("X")],
        {},
        "X",
        9,
        ["A", "B", "C"],
        id="cycle",
    ),
    pytest.param(
        [*ids("A"), *ids("D", depends_on_tasks=["B", "C"]), *ids("B", "C", depends_on_tasks=["A", "A"])],
        {},
        "A",
        9,
        ["B", "C", "D"],
        id="diamond-nearest-first",
    ),
]


@pytest.mark.parametrize(("tasks", "state", "start", "limit", "expected"), FOLLOWERS)
def test_followers(tasks, state, start, limit, expected):
    assert reach(tasks, start, limit, state) == expected


def test_a_long_chain_is_followed_to_its_end():
    names = [f"T{n}" for n in range(100_000)]
    chain = [
        *ids(names[0]),
        *({"task_id": b, "depends_on_tasks": [a]} for a, b in pairwise(names)),
    ]
    assert reach(chain, names[0], len(names)) == names[1:]


def test_a_search_looks_at_no_more_than_it_may_find():
    class Counted(dict):
        asked = 0

        def get(self, key, default=None):
            Counted.asked += 1
            return super().get(key, default)

    backlog = backlog_of(
        [*ids("T0"), *({"task_id": f"T{n}", "depends_on_tasks": [f"T{n - 1}"]} for n in range(1, 500))]
    )
    readiness = Readiness(backlog)
    direct = Counted(direct_followers(backlog, readiness))
    assert len(followers(direct, readiness.statuses, "T0", 10)) == 10
    assert Counted.asked <= 11
