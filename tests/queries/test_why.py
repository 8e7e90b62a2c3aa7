"""Why a task cannot start: the tree, the smallest set of things to act on, the roots."""

import pytest

from tests.asking import DONE, GONE, HIGH, MAYBE, ON, STOPPED, finding, task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.graph.roots import Cause, Root
from vtm.queries.why import Reason, why


def answer(tasks, state, name, findings=()):
    backlog = backlog_of(tasks, state)
    return why(backlog, Readiness(backlog), backlog[name], findings)


def drawn(found):
    """The tree in short: depth, id, `*` for eligible, `...` for repeated."""
    return " ".join(
        f"{each.depth}{each.task_id}{'*' if each.eligible else ''}{'...' if each.repeated else ''}"
        for each in found.tree
    )


A, B, C = task("A"), task("B", "A"), task("C", "B")
H, P = task("H", **HIGH), task("P", **MAYBE)
CASES = {
    "eligible": ([A], {}, "A", "0A*", "", "A can start now"),
    "dependency": ([A, B], {}, "B", "0B 1A*", "A", "B cannot start: it waits for A"),
    "down-to-the-leaf": ([A, B, C], {}, "C", "0C 1B 2A*", "A", "C cannot start: it waits for A"),
    "in-progress-is-not-opened": (
        [A, B, C],
        {"B": ON},
        "C",
        "0C 1B",
        "B",
        "C cannot start: it waits for B",
    ),
    "completed-and-waived-are-left-out": (
        [A, task("D"), task("T", "A", "D", "X")],
        {"A": DONE, "T": {"waived": {"X": "stub"}}},
        "T",
        "0T 1D*",
        "D",
        "T cannot start: it waits for D",
    ),
    "each-thing-once": (
        [A, B, task("T", "A", "B", "A")],
        {},
        "T",
        "0T 1A* 1B 2A*",
        "A",
        "T cannot start: it waits for A",
    ),
    "what-was-opened-is-not-opened-again": (
        [A, B, task("D", "B"), task("T", "B", "D")],
        {},
        "T",
        "0T 1B 2A* 1D 2B...",
        "A",
        "T cannot start: it waits for A",
    ),
    "abandoned": ([A, B], {"A": GONE}, "B", "0B 1A", "A", "B cannot start: it waits for A"),
    "unknown": ([task("B", "X")], {}, "B", "0B 1X", "X", "B cannot start: it waits for X"),
    "self": ([task("A", "A")], {}, "A", "0A 1A...", "A", "A cannot start: it waits for the cycle through A"),
    "cycle": (
        [task("A", "B"), B],
        {},
        "A",
        "0A 1B 2A...",
        "A",
        "A cannot start: it waits for the cycle through A",
    ),
    "behind-a-cycle": (
        [task("A", "C"), B, C, task("T", "B")],
        {},
        "T",
        "0T 1B 2A 3C 4B...",
        "B",
        "T cannot start: it waits for the cycle through B",
    ),
    "cycle-with-a-loose-end": (
        [task("A", "B", "X"), B, task("E"), task("T", "A", "E")],
        {},
        "T",
        "0T 1A 2B 3A... 2X 1E*",
        "X E A",
        "T cannot start: it waits for X, E, the cycle through A",
    ),
    "blocked-itself": ([A], {"A": STOPPED}, "A", "0A", "A", "A cannot start: its status is blocked"),
    "blocked-and-waiting": (
        [A, B],
        {"B": STOPPED},
        "B",
        "0B 1A*",
        "B A",
        "B cannot start: its status is blocked, and it waits for A",
    ),
    "behind-blocked": ([A, B], {"A": STOPPED}, "B", "0B 1A", "A", "B cannot start: it waits for A"),
    "behind-blocked-that-waits": (
        [A, B, C],
        {"B": STOPPED},
        "C",
        "0C 1B 2A*",
        "B A",
        "C cannot start: it waits for B, A",
    ),
    "cycle-through-blocked": (
        [task("A", "B"), B],
        {"B": STOPPED},
        "A",
        "0A 1B 2A...",
        "B",
        "A cannot start: it waits for B",
    ),
    "provisional": ([P, H], {}, "P", "0P 1H*", "H", "P cannot start: it waits for H"),
    "provisional-and-dependency": (
        [task("P", "A", **MAYBE), A, H],
        {},
        "P",
        "0P 1A* 1H*",
        "A H",
        "P cannot start: it waits for A, H",
    ),
    "holders-are-shown-once": (
        [task("T", "P", "Q"), P, task("Q", **MAYBE), H, task("I", **HIGH)],
        {},
        "T",
        "0T 1P 2H* 2I* 1Q",
        "H I",
        "T cannot start: it waits for H, I",
    ),
    "provisional-and-its-holder-wait-for-each-other": (
        [P, task("H", "P", **HIGH)],
        {},
        "P",
        "0P 1H 2P...",
        "P",
        "P cannot start: it waits for the cycle through P",
    ),
    "many": (
        [task("T", *"ABCDEFG"), *map(task, "ABCDEFG")],
        {},
        "T",
        "0T 1A* 1B* 1C* 1D* 1E* 1F* 1G*",
        "A B C D E F G",
        "T cannot start: it waits for A, B, C, D, E and 2 more",
    ),
}


@pytest.mark.parametrize(("tasks", "state", "name", "tree", "acts", "summary"), CASES.values(), ids=CASES)
def test_tree_acts_and_summary(tasks, state, name, tree, acts, summary):
    found = answer(tasks, state, name)
    assert (drawn(found), " ".join(found.acts), found.summary) == (tree, acts, summary)
    assert found.startable is (summary == f"{name} can start now")


@pytest.mark.parametrize("status", ["in-progress", "completed", "abandoned"])
def test_what_is_under_way_or_over_has_no_reasons(status):
    found = answer([task("A", "X")], {"A": {"status": status}}, "A", [finding("GAP::X", "A", blocking=True)])
    assert (found.startable, found.summary, found.status) == (False, f"A is {status}", status)
    assert not (found.tree or found.acts or found.roots or found.findings)


def test_each_step_says_what_it_is_to_the_one_above():
    tasks = [task("T", "P", "B", "X"), P, H, task("Q", **MAYBE), task("B", "Q")]
    found = answer(tasks, {"B": {**STOPPED, "blocked_reason": "Waits for the vendor"}}, "T")
    held = "provisional; the High tasks that hold it back are shown further up"
    assert found.tree == [
        Reason("T", 0, "pending", "asked"),
        Reason("P", 1, "pending", "dependency"),
        Reason("H", 2, "pending", "provisional", eligible=True),
        Reason("B", 1, "blocked", "dependency", note="Waits for the vendor"),
        Reason("Q", 2, "pending", "dependency", note=held),
        Reason("X", 1, "unknown", "dependency"),
    ]


def test_a_blocked_provisional_task_says_both():
    tasks = [task("T", "P", "Q"), P, H, task("Q", **MAYBE)]
    found = answer(tasks, {"Q": {**STOPPED, "blocked_reason": "No budget"}}, "T")
    assert (
        found.tree[-1].note == "No budget; provisional; the High tasks that hold it back are shown further up"
    )
    assert found.acts == ["H", "Q"]


def test_roots_are_those_of_what_is_stuck_below():
    tasks = [task("A", "B"), B, task("T", "A", "X", "E"), task("E"), task("Z", "Y")]
    assert answer(tasks, {}, "T").roots == [
        Root(Cause.UNKNOWN, ("X",)),
        Root(Cause.CYCLE, ("A", "B", "A")),
    ]
    assert answer(tasks, {}, "E").roots == []


HOLDING = finding("BLOCKED::WIP-LIMIT", blocking=True)
EMPTY = finding("BLOCKED::EMPTY-AC::A", "A", blocking=True)
WARNING = finding("WARN::AC-DRIFT::A", "A", severity="warning")
IN_TREE = [
    finding("BLOCKED::DEPENDENCY-NOT-DONE::A", "A", blocking=True),
    finding("BLOCKED::PROVISIONAL-HELD::A", "A", blocking=True),
]
FINDINGS = {
    "none": ([], True, [], "A can start now"),
    "warnings-hold-nothing": ([WARNING], True, [], "A can start now"),
    "own-and-gate": (
        [EMPTY, WARNING, HOLDING, HOLDING],
        False,
        [EMPTY, HOLDING, HOLDING],
        "A cannot start: it is held by BLOCKED::EMPTY-AC::A, BLOCKED::WIP-LIMIT",
    ),
    "what-the-tree-shows-is-not-repeated": (IN_TREE, True, [], "A can start now"),
}


@pytest.mark.parametrize(("found", "startable", "held", "summary"), FINDINGS.values(), ids=FINDINGS)
def test_findings_and_gates_hold_an_eligible_task(found, startable, held, summary):
    answered = answer([A], {}, "A", found)
    assert (answered.startable, answered.findings, answered.summary) == (startable, held, summary)


def test_a_task_that_waits_is_held_by_its_findings_too():
    found = answer([task("A", "X")], {}, "A", [EMPTY])
    assert found.summary == "A cannot start: it waits for X, and it is held by BLOCKED::EMPTY-AC::A"
