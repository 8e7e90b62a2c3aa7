"""The seven items of the self-check: true, false, or null where it cannot be told."""

import pytest

from tests.asking import DONE, HIGH, NOW, ON, finding, task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.model.facts import Facts, PrdFacts
from vtm.model.settings import Rules, Settings
from vtm.queries.pulse import pulse
from vtm.queries.self_check import SelfCheck, self_check

PRD = "docs/master/prd-master.md"
HASH = {"manifest_hash": "sha256:0123456789a"}
ITEMS = (
    "The master PRD is loaded and its phase unchanged",
    "The state was written for this manifest",
    "No task was completed without being started",
    "Completed High tasks have tests",
    "No more tasks in progress than the limit",
    "Completed tasks met all their criteria",
    "No task has been in progress for too long",
)


def checked(findings=(), *, tasks=None, state=None, prd=None, state_file=HASH, rules=None):
    backlog = backlog_of(tasks or [task("A", phase="Phase 1")], state, state_file=state_file)
    facts = Facts(now=NOW, prd=prd, settings=Settings(rules=rules or Rules()))
    return self_check(backlog, pulse(backlog, Readiness(backlog), NOW), facts, findings)


def test_the_items_in_their_order():
    assert tuple(each.item for each in checked()) == ITEMS


def test_what_nothing_speaks_against_is_true():
    found = checked(prd=PrdFacts(PRD, exists=True, phase="Phase 1"))
    assert [each.ok for each in found] == [True] * 7
    assert found[1] == SelfCheck(ITEMS[1], True, "nothing speaks against it", ())


PHASES = {
    "same": (
        PrdFacts(PRD, exists=True, phase="Phase 1"),
        True,
        f"{PRD} says phase Phase 1, the work is in Phase 1",
    ),
    "same-in-another-spelling": (PrdFacts(PRD, exists=True, phase="phase_1"), True, "phase_1"),
    "number-alone": (PrdFacts(PRD, exists=True, phase="1"), True, "says phase 1,"),
    "another": (PrdFacts(PRD, exists=True, phase="Phase 2"), False, "Phase 2, the work is in Phase 1"),
    "unknown": (PrdFacts(PRD, exists=True), None, f"{PRD} says phase unknown, the work is in Phase 1"),
    "not-there": (PrdFacts(PRD), None, f"{PRD} does not exist"),
    "not-there-though-named": (PrdFacts(PRD, required=True), False, f"{PRD} does not exist"),
    "unreadable": (PrdFacts(PRD, exists=True, problem="cannot be read"), False, f"{PRD} cannot be read"),
    "outside": (PrdFacts(PRD, problem="leaves the repository"), False, f"{PRD} leaves the repository"),
    "nobody-looked": (None, None, "nobody looked for a master PRD"),
}


@pytest.mark.parametrize(("prd", "ok", "detail"), PHASES.values(), ids=PHASES)
def test_the_phase_of_the_prd_is_that_of_the_work(prd, ok, detail):
    found = checked(prd=prd)[0]
    assert found.ok is ok
    assert detail in found.detail


def test_the_phase_cannot_be_told_where_the_work_is_in_none():
    found = checked(tasks=[task("A")], prd=PrdFacts(PRD, exists=True, phase="Phase 1"))[0]
    assert (found.ok, found.detail) == (None, f"{PRD} says phase Phase 1, the work is in none")


CODES = {
    "WARN::MANIFEST-HASH-MISMATCH": 1,
    "WARN::ILLEGAL-JUMP::A": 2,
    "WARN::HIGH-RISK-NO-TESTS::H": 3,
    "WARN::REVIEW-NOT-GREEN::H": 3,
    "BLOCKED::MISSING-TESTS::H": 3,
    "WARN::WIP-OVERLOAD": 4,
    "WARN::COMPLETED-WITHOUT-ALL-ACS::A": 5,
    "WARN::STALE-TASK::A": 6,
}


@pytest.mark.parametrize(("code", "place"), CODES.items(), ids=CODES)
def test_a_finding_speaks_against_its_item_and_no_other(code, place):
    one = finding(code, code.rpartition("::")[2], message="look here")
    found = checked([one], tasks=[task("A"), task("H", **HIGH)], state={"H": DONE})
    assert [at for at, each in enumerate(found) if each.ok is False] == [place]
    assert (found[place].detail, found[place].codes) == ("look here", [code])


@pytest.mark.parametrize(("count", "more"), [(1, ""), (2, " (and 1 more)"), (3, " (and 2 more)")])
def test_several_findings_are_counted_and_each_code_named_once(count, more):
    several = [finding(f"WARN::STALE-TASK::{name}", name) for name in "ABA"][:count]
    found = checked(several)[6]
    assert found.detail == f"WARN::STALE-TASK::A it is{more}"
    assert found.codes == ["WARN::STALE-TASK::A", "WARN::STALE-TASK::B"][:count]


@pytest.mark.parametrize(
    ("tasks", "state"),
    [([task("T", **HIGH)], {"T": ON}), ([task("T")], {"T": DONE}), ([task("A")], {})],
    ids=["not-completed", "not-high", "no-such-task"],
)
def test_tests_are_owed_here_by_completed_high_tasks_only(tasks, state):
    found = checked([finding("WARN::REVIEW-NOT-GREEN::T", "T")], tasks=tasks, state=state)
    assert found[3].ok is True


@pytest.mark.parametrize("recorded", ["", "PLACEHOLDER", "placeholder"])
def test_whose_state_it_is_cannot_be_told_without_a_hash(recorded):
    found = checked(state_file={"manifest_hash": recorded})[1]
    assert (found.ok, found.detail) == (None, "the state does not say which manifest it was written for")


LEFT_OUT = {
    "ignored": (Rules(ignore=("WARN::STALE-TASK",)), 6, "WARN::STALE-TASK"),
    "family-ignored": (Rules(ignore=("WARN",)), 4, "WARN::WIP-OVERLOAD"),
    "not-selected": (Rules(select=("GAP",)), 2, "WARN::ILLEGAL-JUMP"),
    "hash": (Rules(ignore=("MANIFEST-HASH-MISMATCH",)), 1, "WARN::MANIFEST-HASH-MISMATCH"),
    "one-of-three": (Rules(ignore=("BLOCKED::MISSING-TESTS",)), 3, "BLOCKED::MISSING-TESTS"),
}


@pytest.mark.parametrize(("rules", "place", "code"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_the_settings_leave_out_cannot_be_told(rules, place, code):
    found = checked(rules=rules)[place]
    assert (found.ok, found.detail) == (None, f"[rules] in the settings leaves out {code}")


def test_ignoring_a_finding_of_one_task_leaves_the_item_judged():
    assert checked(rules=Rules(ignore=("WARN::STALE-TASK::B",)))[6].ok is True
