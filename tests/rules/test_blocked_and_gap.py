"""What the BLOCKED and GAP rules say beyond the two examples in their documentation."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MANIFEST, STATE, backlog_of, case_of
from vtm.model.backlog import Backlog
from vtm.model.facts import Action, Facts
from vtm.model.finding import Location, Severity
from vtm.model.settings import Rules, Settings
from vtm.rules.case import Case
from vtm.rules.registry import load
from vtm.rules.runner import judge

PRD = "docs/master/prd-master.md"
HASH = "ab12" * 16
NOW = "2026-03-31T00:00:00Z"


def found(code, example):
    return list(load(code).check(case_of(example)))


def messages(code, example):
    return [problem.message for problem in found(code, example)]


def criteria(*pairs):
    return [{"id": each[0], "text": each[1]} for each in pairs]


def numbered(count):
    return [{"id": f"AC-{number}"} for number in range(count)]


def high(task_id, **more):
    return {"task_id": task_id, "risk": "High", **more}


def ring(size, knot=0):
    """Tasks T0 -> T1 -> … -> T0, and `knot` more that T0 depends on and that depend on T0."""
    tasks = [{"task_id": f"T{each}", "depends_on_tasks": [f"T{(each + 1) % size}"]} for each in range(size)]
    extra = [{"task_id": f"K{each}", "depends_on_tasks": ["T0"]} for each in range(knot)]
    tasks[0]["depends_on_tasks"] += [each["task_id"] for each in extra]
    return tasks + extra


def prd(settings=None, **known):
    return {"facts": {"now": NOW, "prd": {"path": PRD, **known}, "settings": {"prd": settings or {}}}}


def git(settings=None, **known):
    return {"facts": {"git": {"branch": "main", **known}, "settings": {"git": settings or {}}}}


def defect(damage, message="is wrong", fix="", task_id=""):
    location = {"path": MANIFEST, "pointer": ["tasks", 3]}
    return {"damage": damage, "message": message, "location": location, "fix": fix, "task_id": task_id}


def without_test(status="completed", action=None, merged=("c0ffee",)):
    """A task with a missing test and the commit that is recorded as its evidence."""
    facts = {"merged": list(merged), "tests": {"tests/b.py (unit)": {"problem": "does not exist"}}}
    return {
        "tasks": [{"task_id": "A", "test_verification": ["tests/a.py", "tests/b.py (unit)"]}],
        "state": {"A": {"status": status, "evidence": {"commit": "c0ffee"}}},
        "facts": facts | ({"action": action} if action else {}),
    }


NO_TEST = ["A lists the test tests/b.py (unit), which does not exist"]

SAID = [
    pytest.param("BLOCKED::MANIFEST-MISSING", {}, [], id="manifest-there"),
    pytest.param(
        "BLOCKED::MANIFEST-MISSING",
        {"facts": {"missing_backlog": ["a.json", "tasks"]}},
        ["there is no backlog; looked for a.json, tasks"],
        id="manifest-missing",
    ),
    pytest.param(
        "BLOCKED::MANIFEST-BLOCKED",
        {"manifest": {"status": "ok"}},
        ["the status of the manifest is 'ok', not 'OK'"],
        id="manifest-status-is-exact",
    ),
    pytest.param(
        "BLOCKED::MANIFEST-BLOCKED",
        {"manifest": {"status": "DRAFT", "gaps": {"blocking": ["G1", "G2", "G1"]}}},
        ["the status of the manifest is 'DRAFT', not 'OK'", "the manifest has blocking gaps: G1, G2"],
        id="manifest-two-reasons",
    ),
    pytest.param(
        "BLOCKED::UNRESOLVED-GAP",
        {
            "tasks": [{"task_id": "A", "gap_codes": ["G1", "G3", "G2", "G1"]}, {"task_id": "B"}],
            "manifest": {"gaps": {"blocking": ["G1"]}},
            "facts": {"settings": {"rules": {"blocking": ["G2"]}}},
        },
        ["A has the unresolved gap G1", "A has the unresolved gap G2"],
        id="gap-from-manifest-and-settings-each-once",
    ),
    pytest.param(
        "BLOCKED::UNRESOLVED-GAP",
        {
            "tasks": [{"task_id": "A", "gap_codes": ["G1"]}, {"task_id": "B", "gap_codes": ["G1"]}],
            "manifest": {"gaps": {"blocking": ["G1"]}},
            "focus": ["B"],
        },
        ["B has the unresolved gap G1"],
        id="gap-in-focus",
    ),
    pytest.param("BLOCKED::MISSING-TESTS", without_test(), NO_TEST, id="tests-completed-and-merged"),
    pytest.param("BLOCKED::MISSING-TESTS", without_test(merged=()), [], id="tests-completed-not-merged"),
    pytest.param("BLOCKED::MISSING-TESTS", without_test("in-progress"), [], id="tests-merged-not-completed"),
    pytest.param(
        "BLOCKED::MISSING-TESTS", without_test("in-progress", "complete", ()), NO_TEST, id="tests-completing"
    ),
    pytest.param("BLOCKED::MISSING-TESTS", without_test("pending", "start", ()), [], id="tests-starting"),
    pytest.param(
        "BLOCKED::DEPENDENCY-NOT-DONE",
        {
            "tasks": [
                {"task_id": "A", "depends_on_tasks": ["B", "C", "gone", "D", "B", "E"]},
                *({"task_id": each} for each in "BCDE"),
            ],
            "state": {
                "A": {"waived": {"E": "not needed"}},
                "B": {"status": "abandoned"},
                "C": {"status": "completed"},
                "D": {"status": "in-progress"},
            },
        },
        [
            "A depends on B, which is abandoned",
            "A depends on gone, which is unknown",
            "A depends on D, which is in-progress",
        ],
        id="dependencies-with-status-each-once",
    ),
    pytest.param(
        "BLOCKED::DEPENDENCY-NOT-DONE",
        {"tasks": ring(3), "focus": ["T1"]},
        ["T1 depends on T2, which is pending"],
        id="dependency-in-focus",
    ),
    pytest.param(
        "BLOCKED::PROVISIONAL-HELD",
        {"tasks": [*map(high, "ABCDE"), {"task_id": "P", "provisional": True}], "focus": ["P"]},
        ["P is provisional and held back by A, B, C and 2 more"],
        id="held-by-five",
    ),
    pytest.param(
        "BLOCKED::PROVISIONAL-HELD",
        {
            "tasks": [*map(high, "ABC"), {"task_id": "P", "provisional": True}],
            "state": {
                "A": {"status": "blocked"},
                "B": {"status": "completed"},
                "C": {"status": "in-progress"},
            },
        },
        ["P is provisional and held back by A"],
        id="held-by-blocked-only",
    ),
    pytest.param(
        "BLOCKED::PROVISIONAL-HELD",
        [high("A", provisional=True), {"task_id": "P", "provisional": True}],
        [],
        id="provisional-high-holds-nothing",
    ),
    pytest.param(
        "BLOCKED::EMPTY-AC",
        {"tasks": [{"task_id": "A"}, {"task_id": "B"}], "focus": ["B"]},
        ["B has no acceptance criteria"],
        id="criteria-in-focus",
    ),
    pytest.param(
        "GAP::SCHEMA",
        {
            "tasks": [{"task_id": "A"}],
            "defects": [
                defect("GAP::SCHEMA", "risk: 3 is no risk", "write High", "B"),
                defect("GAP::SCHEMA", "B has no criteria", "", "B"),
                defect("GAP::SCHEMA", "key 'x' stands twice", "remove one"),
                defect("GAP::UNREADABLE"),
            ],
            "focus": ["A"],
        },
        ["B: risk: 3 is no risk; write High", "B has no criteria", "key 'x' stands twice; remove one"],
        id="defects-of-one-damage-with-fix-and-id",
    ),
    pytest.param(
        "WARN::LENIENT-VALUE",
        {
            "tasks": [{"task_id": "A", "depends_on_tasks": ["B", "B"]}, {"task_id": "B"}],
            "defects": [defect("WARN::LENIENT-VALUE", "risk 'high' is read as 'High'", "write 'High'", "B")],
            "focus": ["B"],
        },
        ["B: risk 'high' is read as 'High'; write 'High'"],
        id="repeated-dependency-out-of-focus",
    ),
    pytest.param(
        "WARN::LENIENT-VALUE",
        [{"task_id": "A", "depends_on_tasks": ["B", "C", "B", "B"]}],
        ["A lists dependency B more than once; list it once"],
        id="repeated-dependency-once",
    ),
    pytest.param(
        "GAP::DUPLICATE-TASK-ID",
        [{"task_id": "B"}, {"task_id": "A"}, {"task_id": "A"}, {"task_id": "A"}],
        ["A is declared again; entry 2 declares it first and is the one that counts"] * 2,
        id="duplicate-twice",
    ),
    pytest.param(
        "GAP::DUPLICATE-TASK-ID",
        {"tasks": [{"task_id": "A"}, {"task_id": "A"}, {"task_id": "B"}], "focus": ["B"]},
        [],
        id="duplicate-out-of-focus",
    ),
    pytest.param(
        "GAP::TASK-DEP-CYCLE",
        [{"task_id": "A", "depends_on_tasks": ["A"]}],
        [],
        id="self-dependency-is-no-cycle",
    ),
    pytest.param("GAP::TASK-DEP-CYCLE", ring(3), ["T0 -> T1 -> T2 -> T0 is a cycle"], id="cycle-of-three"),
    pytest.param(
        "GAP::TASK-DEP-CYCLE",
        ring(2, knot=2),
        ["T0 -> T1 -> T0 is a cycle, and 2 more in the same knot"],
        id="cycle-in-a-knot",
    ),
    pytest.param(
        "GAP::TASK-DEP-CYCLE",
        ring(19),
        [" -> ".join(f"T{each % 19}" for each in range(20)) + " is a cycle"],
        id="cycle-of-20-ids-is-printed-whole",
    ),
    pytest.param(
        "GAP::TASK-DEP-CYCLE",
        ring(30),
        [
            " -> ".join([*(f"T{each}" for each in range(10)), "... (11 tasks) ..."])
            + " -> "
            + " -> ".join(f"T{each % 30}" for each in range(21, 31))
            + " is a cycle"
        ],
        id="cycle-is-cut-in-the-middle",
    ),
    pytest.param(
        "GAP::TASK-DEP-CYCLE",
        {"tasks": [*ring(2), {"task_id": "B", "depends_on_tasks": ["T0"]}], "focus": ["B"]},
        [],
        id="cycle-out-of-focus",
    ),
    pytest.param(
        "GAP::TASK-DEP-CYCLE",
        {"tasks": ring(2), "focus": ["T1"]},
        ["T0 -> T1 -> T0 is a cycle"],
        id="cycle-in-focus",
    ),
    pytest.param(
        "GAP::SELF-DEPENDENCY",
        {"tasks": [{"task_id": each, "depends_on_tasks": [each, each]} for each in "AB"], "focus": ["B"]},
        ["B depends on itself"],
        id="self-dependency-once",
    ),
    pytest.param(
        "GAP::NO-SPECS",
        [
            {"task_id": "A"},
            {"task_id": "B", "related_adrs": ["ADR-0001"]},
            {"task_id": "C", "gap_codes": ["G"]},
        ],
        [
            "A has neither related_specs nor a gap code that says why",
            "B has neither related_specs nor a gap code that says why",
        ],
        id="an-adr-is-no-spec",
    ),
    pytest.param(
        "GAP::DUP-AC-COVERAGE",
        [{"task_id": each, "acceptance_criteria": criteria(("X", "t"))} for each in "ABCDEFG"],
        ["A, B, C, D, E and 2 more have the same acceptance criterion X"],
        id="same-criterion-in-seven",
    ),
    pytest.param(
        "GAP::DUP-AC-COVERAGE",
        [{"task_id": "A", "acceptance_criteria": criteria(("X", "t"), ("X", "t"))}],
        [],
        id="same-criterion-within-one",
    ),
    pytest.param(
        "GAP::DUP-AC-COVERAGE",
        {
            "tasks": [
                {"task_id": "A", "acceptance_criteria": criteria(("X", "t"), ("Y", "t"))},
                {"task_id": "B", "acceptance_criteria": criteria(("X", "t"), ("Y", "t"))},
                {"task_id": "C", "acceptance_criteria": criteria(("Y", "t"))},
            ],
            "focus": ["C"],
        },
        ["A, B, C have the same acceptance criterion Y"],
        id="same-criterion-in-focus",
    ),
    pytest.param(
        "GAP::DUPLICATE-AC-ID",
        [{"task_id": "A", "acceptance_criteria": criteria(("X", "t"), ("X", "t"), ("X", "u"))}],
        ["A uses the id X for more than one criterion"],
        id="id-thrice-within-one",
    ),
    pytest.param(
        "GAP::DUPLICATE-AC-ID",
        {
            "tasks": [
                {
                    "task_id": "A",
                    "acceptance_criteria": criteria(("X", "t"), ("Y", "t"), ("Z", "t"), ("Z", "t")),
                },
                {"task_id": "B", "acceptance_criteria": criteria(("X", "u"), ("Y", "u"))},
                {"task_id": "C", "acceptance_criteria": criteria(("Y", "u"))},
            ],
            "focus": ["C"],
        },
        ["A, B use the id Y for different acceptance criteria"],
        id="id-in-focus",
    ),
    *(
        pytest.param(
            code,
            [{"task_id": "A", "est": {"size": size}, "acceptance_criteria": numbered(count)}],
            [said] if said else [],
            id=f"{code[5:8].lower()}-{size}{count}",
        )
        for code, size, count, said in [
            ("GAP::TASK-OVERSIZED", "M", 10, ""),
            ("GAP::TASK-OVERSIZED", "M", 11, "A has 11 acceptance criteria; a task should have at most 10"),
            ("GAP::TASK-OVERSIZED", "S", 11, "A has 11 acceptance criteria; a task should have at most 10"),
            ("GAP::TASK-OVERSIZED", "L", 8, ""),
            (
                "GAP::TASK-OVERSIZED",
                "L",
                9,
                "A has 9 acceptance criteria; a task of size L should have at most 8",
            ),
            ("GAP::EST-INCONSISTENT", "S", 6, ""),
            (
                "GAP::EST-INCONSISTENT",
                "S",
                7,
                "A is of size S but has 7 acceptance criteria; size M would fit",
            ),
            (
                "GAP::EST-INCONSISTENT",
                "S",
                10,
                "A is of size S but has 10 acceptance criteria; size M would fit",
            ),
            (
                "GAP::EST-INCONSISTENT",
                "S",
                11,
                "A is of size S but has 11 acceptance criteria; no size fits so many, split it",
            ),
            ("GAP::EST-INCONSISTENT", "L", 0, ""),
            (
                "GAP::EST-INCONSISTENT",
                "L",
                1,
                "A is of size L but has only 1 acceptance criterion; size S would fit",
            ),
            (
                "GAP::EST-INCONSISTENT",
                "L",
                2,
                "A is of size L but has 2 acceptance criteria; size S would fit",
            ),
            ("GAP::EST-INCONSISTENT", "L", 3, ""),
            ("GAP::EST-INCONSISTENT", "M", 1, ""),
        ]
    ),
]


@pytest.mark.parametrize(("code", "example", "expected"), SAID)
def test_says(code, example, expected):
    assert messages(code, example) == expected


OLD, YOUNG = "2026-03-23T23:59:59Z", "2026-03-24T00:00:00Z"

PRDS = [
    pytest.param({}, [], id="not-asked"),
    pytest.param(prd(), [], id="unset-and-absent"),
    pytest.param(prd(required=True), ["does not exist"], id="set-and-absent"),
    pytest.param(prd(problem="leaves the repository"), ["leaves the repository"], id="cannot-be-used"),
    pytest.param(
        prd({"sha256": HASH}, exists=True, problem="is a directory", status="stale"),
        ["is a directory"],
        id="of-what-cannot-be-read-nothing-else-is-said",
    ),
    *(
        pytest.param(prd(exists=True, status=each), [f"is marked {each}"], id=each)
        for each in ("superseded", "stale", "deprecated")
    ),
    pytest.param(prd(exists=True, status="draft"), [], id="any-other-status"),
    pytest.param(prd({"sha256": f" SHA256:{HASH.upper()}"}, exists=True, sha256=HASH), [], id="same-hash"),
    pytest.param(
        prd({"sha256": f"sha256:{HASH}"}, exists=True, sha256="cd" * 32),
        [f"has the SHA-256 {'cd' * 32}, not {HASH} as recorded in vtm.toml"],
        id="other-hash",
    ),
    pytest.param(prd({"max_age": "1w"}, exists=True, committed_at=YOUNG), [], id="as-old-as-allowed"),
    pytest.param(
        prd({"max_age": "1w"}, exists=True, committed_at=OLD),
        ["was last committed on 2026-03-23, more than 1w ago"],
        id="too-old",
    ),
    pytest.param(prd({"max_age": "1w"}, exists=True), [], id="never-committed"),
    pytest.param(prd(exists=True, committed_at=OLD), [], id="any-age"),
    pytest.param(
        prd(
            {"max_age": "0s", "sha256": HASH}, exists=True, status="stale", sha256="cd" * 32, committed_at=OLD
        ),
        ["is marked stale", "has the SHA-256", "was last committed"],
        id="every-reason",
    ),
]


@pytest.mark.parametrize(("example", "reasons"), PRDS)
def test_prd(example, reasons):
    problems = found("BLOCKED::MASTER-PRD-STALE", example)
    assert len(problems) == len(reasons)
    for problem, reason in zip(problems, reasons, strict=True):
        assert problem.message.startswith(f"the master PRD {PRD} {reason}")
        assert problem.location == Location(PRD)


GITS = [
    pytest.param("NOT-ON-MAIN-BRANCH", {}, [], id="branch-outside-git"),
    pytest.param("NOT-ON-MAIN-BRANCH", git(branch="master"), [], id="branch-master"),
    pytest.param("NOT-ON-MAIN-BRANCH", git({"gate": False}, branch="x"), [], id="branch-gate-off"),
    pytest.param(
        "NOT-ON-MAIN-BRANCH",
        git(branch="x"),
        ["the current branch is x, not main or master"],
        id="branch-other",
    ),
    pytest.param(
        "NOT-ON-MAIN-BRANCH", git(branch=""), ["HEAD is detached, not main or master"], id="detached"
    ),
    pytest.param(
        "NOT-ON-MAIN-BRANCH",
        git({"main": ["trunk"]}),
        ["the current branch is main, not trunk"],
        id="branch-as-set",
    ),
    pytest.param("DIRTY-GIT-STATUS", {}, [], id="dirt-outside-git"),
    pytest.param("DIRTY-GIT-STATUS", git({"gate": False}, dirty=["a"]), [], id="dirt-gate-off"),
    pytest.param(
        "DIRTY-GIT-STATUS", git(dirty=["a"]), ["the main worktree has 1 uncommitted path: a"], id="dirt-one"
    ),
    pytest.param(
        "DIRTY-GIT-STATUS",
        git(dirty=list("abcde")),
        ["the main worktree has 5 uncommitted paths: a, b, c, d, e"],
        id="dirt-five",
    ),
    pytest.param(
        "DIRTY-GIT-STATUS",
        git(dirty=list("abcdefg")),
        ["the main worktree has 7 uncommitted paths: a, b, c, d, e and 2 more"],
        id="dirt-seven",
    ),
]


@pytest.mark.parametrize(("name", "example", "expected"), GITS)
def test_git(name, example, expected):
    problems = found(f"BLOCKED::{name}", example)
    assert [problem.message for problem in problems] == expected
    assert all(problem.location == Location(".") for problem in problems)


WITHOUT_KEY = [high("A"), high("B"), high("C"), high("D"), {"task_id": "M"}]
OVER = {"C": {"status": "completed"}, "D": {"status": "abandoned"}}

SPEC_REFS = [
    pytest.param(
        {"tasks": [high("A", test_verification=[]), high("B", test_verification=["t"])]},
        [("A is High and its test_verification is empty", ("A",), None, ("tasks", 0, "test_verification"))],
        id="empty",
    ),
    pytest.param(
        {"tasks": [*WITHOUT_KEY[:-1], {"task_id": "M", "test_verification": []}], "state": OVER},
        [
            ("A is High and has no test_verification", ("A",), None, ("tasks", 0)),
            ("B is High and has no test_verification", ("B",), None, ("tasks", 1)),
        ],
        id="absent-while-another-task-has-the-key",
    ),
    pytest.param(
        {"tasks": WITHOUT_KEY, "state": OVER, "focus": ["M"]},
        [("no task declares test_verification, which 2 High tasks need", (), Severity.WARNING, ("tasks",))],
        id="no-task-has-the-key",
    ),
    pytest.param(
        {"tasks": [high("A")]},
        [("no task declares test_verification, which 1 High task needs", (), Severity.WARNING, ("tasks",))],
        id="no-task-has-the-key-and-one-is-high",
    ),
    pytest.param(
        {"tasks": WITHOUT_KEY, "state": OVER, "facts": {"strict": True}, "focus": ["B", "C"]},
        [("B is High and has no test_verification", ("B",), None, ("tasks", 1))],
        id="no-task-has-the-key-strict",
    ),
    pytest.param(
        {"tasks": WITHOUT_KEY[2:], "state": OVER},
        [],
        id="no-task-has-the-key-and-none-is-high-and-unfinished",
    ),
    pytest.param({"tasks": [{"task_id": "M", "test_verification": []}]}, [], id="medium"),
    pytest.param(
        {"tasks": [high("C", test_verification=[]), high("D", test_verification=[])], "state": OVER},
        [],
        id="completed-and-abandoned",
    ),
]


@pytest.mark.parametrize(("example", "expected"), SPEC_REFS)
def test_spec_ref_gap(example, expected):
    problems = found("BLOCKED::SPEC-REF-GAP", example)
    assert [(each.message, each.tasks, each.severity, each.location.pointer) for each in problems] == expected


PLACES = [
    pytest.param(
        "BLOCKED::MANIFEST-BLOCKED", {"manifest": {"status": "DRAFT"}}, ("status",), (), id="status"
    ),
    pytest.param(
        "BLOCKED::MANIFEST-BLOCKED",
        {"manifest": {"gaps": {"blocking": ["G"]}}},
        ("gaps", "blocking"),
        (),
        id="gaps",
    ),
    pytest.param(
        "BLOCKED::UNRESOLVED-GAP",
        {
            "tasks": [{"task_id": "A", "gap_codes": ["F", "G"]}],
            "facts": {"settings": {"rules": {"blocking": ["G"]}}},
        },
        ("tasks", 0, "gap_codes", 1),
        ("A",),
        id="gap-code",
    ),
    pytest.param(
        "BLOCKED::MISSING-TESTS", without_test(), ("tasks", 0, "test_verification", 1), ("A",), id="test"
    ),
    pytest.param(
        "BLOCKED::DEPENDENCY-NOT-DONE",
        {
            "tasks": [{"task_id": "B"}, {"task_id": "A", "depends_on_tasks": ["B", "C", "C"]}],
            "state": {"B": {"status": "completed"}},
        },
        ("tasks", 1, "depends_on_tasks", 1),
        ("A",),
        id="dependency",
    ),
    pytest.param(
        "BLOCKED::PROVISIONAL-HELD",
        [high("A"), {"task_id": "P", "provisional": True}],
        ("tasks", 1, "provisional"),
        ("P",),
        id="provisional",
    ),
    pytest.param(
        "BLOCKED::EMPTY-AC", [{"task_id": "A"}], ("tasks", 0, "acceptance_criteria"), ("A",), id="criteria"
    ),
    pytest.param(
        "GAP::UNREADABLE", {"defects": [defect("GAP::UNREADABLE")]}, ("tasks", 3), (), id="defect-of-a-file"
    ),
    pytest.param(
        "GAP::CONFLICT-MARKERS",
        {"defects": [defect("GAP::CONFLICT-MARKERS", task_id="B")]},
        ("tasks", 3),
        ("B",),
        id="defect-of-a-task",
    ),
    pytest.param(
        "WARN::LENIENT-VALUE",
        [{"task_id": "A", "depends_on_tasks": ["B", "C", "C", "C"]}],
        ("tasks", 0, "depends_on_tasks", 2),
        ("A",),
        id="repeated-dependency",
    ),
    pytest.param(
        "GAP::DUPLICATE-TASK-ID",
        [{"task_id": "A"}, {"task_id": "B"}, {"task_id": "A"}],
        ("tasks", 2, "task_id"),
        ("A",),
        id="duplicate",
    ),
    pytest.param(
        "GAP::TASK-DEP-CYCLE",
        [{"task_id": "B"}, *ring(2, knot=1)],
        ("tasks", 1, "depends_on_tasks"),
        ("T0", "T1", "K0"),
        id="cycle",
    ),
    pytest.param(
        "GAP::SELF-DEPENDENCY",
        [{"task_id": "A", "depends_on_tasks": ["B", "A"]}],
        ("tasks", 0, "depends_on_tasks", 1),
        ("A",),
        id="self-dependency",
    ),
    pytest.param("GAP::NO-SPECS", [{"task_id": "A"}], ("tasks", 0, "related_specs"), ("A",), id="specs"),
    pytest.param(
        "GAP::DUP-AC-COVERAGE",
        [
            {"task_id": "A", "acceptance_criteria": criteria(("X", "t"))},
            {"task_id": "B", "acceptance_criteria": criteria(("Y", ""), ("X", "t"))},
            {"task_id": "C", "acceptance_criteria": criteria(("X", "t"))},
        ],
        ("tasks", 1, "acceptance_criteria", 1),
        ("A", "B", "C"),
        id="same-criterion",
    ),
    pytest.param(
        "GAP::DUPLICATE-AC-ID",
        [{"task_id": "A", "acceptance_criteria": criteria(("X", "t"), ("Y", ""), ("X", "t"))}],
        ("tasks", 0, "acceptance_criteria", 2),
        ("A",),
        id="id-within-one",
    ),
    pytest.param(
        "GAP::DUPLICATE-AC-ID",
        [
            {"task_id": each, "acceptance_criteria": criteria(("X", text))}
            for each, text in ("At", "Bt", "Cu")
        ],
        ("tasks", 2, "acceptance_criteria", 0),
        ("A", "C"),
        id="id-of-two",
    ),
    pytest.param(
        "GAP::TASK-OVERSIZED",
        [{"task_id": "A", "acceptance_criteria": numbered(11)}],
        ("tasks", 0, "acceptance_criteria"),
        ("A",),
        id="oversized",
    ),
    pytest.param(
        "GAP::EST-INCONSISTENT",
        [{"task_id": "A", "est": {"size": "L"}, "acceptance_criteria": numbered(1)}],
        ("tasks", 0, "est", "size"),
        ("A",),
        id="estimate",
    ),
]


@pytest.mark.parametrize(("code", "example", "pointer", "tasks"), PLACES)
def test_points_at(code, example, pointer, tasks):
    (problem,) = found(code, example)
    assert problem.location == Location(MANIFEST, pointer=pointer)
    assert problem.tasks == tasks


def test_missing_manifest_points_at_the_first_path_that_was_looked_for():
    (problem,) = found("BLOCKED::MANIFEST-MISSING", {"facts": {"missing_backlog": [MANIFEST, "tasks"]}})
    assert problem.location == Location(MANIFEST)


def from_files(*paths, action=None):
    """A case in which each task A has a Markdown file of its own."""
    manifest = backlog_of([{"task_id": "A"} for _ in paths]).manifest
    origins = [Location(each, 1, 1) for each in paths]
    backlog = Backlog(manifest, backlog_of().state, manifest_path=MANIFEST, state_path=STATE, origins=origins)
    return Case(backlog, Facts(action=action))


MILDER = [
    pytest.param("GAP::NO-SPECS", None, Severity.WARNING, id="specs"),
    pytest.param("BLOCKED::EMPTY-AC", None, Severity.WARNING, id="criteria-in-validate"),
    pytest.param("BLOCKED::EMPTY-AC", Action.PREFLIGHT, Severity.WARNING, id="criteria-in-preflight"),
    pytest.param("BLOCKED::EMPTY-AC", Action.START, Severity.ERROR, id="criteria-at-the-start"),
    pytest.param("BLOCKED::EMPTY-AC", Action.RUN, Severity.ERROR, id="criteria-in-run"),
]


@pytest.mark.parametrize(("code", "action", "severity"), MILDER)
def test_markdown_tasks_are_judged_more_mildly(code, action, severity):
    (finding,) = judge(from_files("tasks/a.md", action=action), [load(code)])
    assert finding.severity is severity
    assert finding.blocking is (severity is Severity.ERROR)
    assert finding.location.path == "tasks/a.md"


@pytest.mark.parametrize("code", ["GAP::NO-SPECS", "BLOCKED::EMPTY-AC"])
def test_manifest_tasks_are_not(code):
    (finding,) = judge(case_of([{"task_id": "A"}]), [load(code)])
    assert (finding.code, finding.severity, finding.blocking) == (f"{code}::A", Severity.ERROR, True)


def test_a_duplicate_in_another_file_names_the_first_file():
    (problem,) = load("GAP::DUPLICATE-TASK-ID").check(from_files("tasks/a.md", "tasks/b.md"))
    assert problem.message == "A is declared again; tasks/a.md declares it first and is the one that counts"
    assert problem.location.path == "tasks/b.md"


def test_the_code_of_a_lenient_value_outside_tasks_has_no_id():
    case = case_of({"defects": [defect("WARN::LENIENT-VALUE"), defect("WARN::LENIENT-VALUE", task_id="A")]})
    codes = [finding.code for finding in judge(case, [load("WARN::LENIENT-VALUE")])]
    assert codes == ["WARN::LENIENT-VALUE", "WARN::LENIENT-VALUE::A"]


def test_a_gap_that_a_setting_made_milder_does_not_block():
    rules = Rules(blocking=("G",), severity={"BLOCKED::UNRESOLVED-GAP": "warning"})
    backlog = backlog_of([{"task_id": "A", "gap_codes": ["G"]}])
    case = Case(backlog, Facts(settings=Settings(rules=rules)))
    (finding,) = judge(case, [load("BLOCKED::UNRESOLVED-GAP")])
    assert (finding.severity, finding.blocking) == (Severity.WARNING, False)


USED = st.lists(st.tuples(st.sampled_from("XY"), st.sampled_from("tu")), max_size=3)


@given(st.lists(USED, max_size=6))
def test_no_two_tasks_share_a_criterion_id_in_both_ways(used):
    tasks = [{"task_id": f"T{n}", "acceptance_criteria": criteria(*each)} for n, each in enumerate(used)]
    pairs = []
    for code in ("GAP::DUP-AC-COVERAGE", "GAP::DUPLICATE-AC-ID"):
        for problem in found(code, tasks):
            name = next(each for each in "XY" if f" {each} " in f"{problem.message} ")
            pairs += [(name, pair) for pair in combinations(problem.tasks, 2)]
    assert len(pairs) == len(set(pairs))
    first = [dict(reversed(each)) for each in used]
    for name in "XY":
        users = {f"T{n}" for n, texts in enumerate(first) if name in texts}
        named = {task for each, pair in pairs if each == name for task in pair}
        assert named == (users if len(users) > 1 else set())
