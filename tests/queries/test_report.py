"""Advice, work in progress, hotspots and escalations."""

import pytest

from tests.asking import DONE, GONE, HIGH, LOW, NOW, ON, STOPPED, finding, task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.model.facts import Facts
from vtm.model.settings import Settings
from vtm.queries.pulse import Running, pulse
from vtm.queries.report import SHOWN, Hotspot, report


def reported(tasks, state=None, findings=(), limit=3):
    backlog = backlog_of(tasks, state)
    facts = Facts(now=NOW, settings=Settings(wip_limit=limit))
    return report(backlog, Readiness(backlog), facts, findings)


MANY = [task(f"T{number}") for number in range(8)]
ADVICE = {
    "nothing": ([], {}, 3, ""),
    "eligible-up-to-the-limit": (MANY, {}, 3, "T0 T1 T2"),
    "in-progress-takes-its-place": (MANY, {"T5": ON}, 3, "T5 T0 T1"),
    "limit-reached": (MANY, {"T1": ON, "T2": ON, "T3": ON}, 3, "T1 T2 T3"),
    "limit-exceeded": (MANY, {"T1": ON, "T2": ON}, 1, "T1 T2"),
    "no-limit": (MANY, {"T7": ON}, 0, "T7 T0 T1 T2 T3 T4"),
    "the-riskiest-first": ([task("L", **LOW), task("M"), task("H", **HIGH)], {}, 2, "H M"),
    "blocked-and-waiting-are-left-out": ([task("A"), task("B", "A"), task("C")], {"A": STOPPED}, 3, "C"),
}


@pytest.mark.parametrize(("tasks", "state", "limit", "expected"), ADVICE.values(), ids=ADVICE)
def test_advice(tasks, state, limit, expected):
    assert " ".join(reported(tasks, state, limit=limit).advance) == expected


WIP = {
    "none": ({}, 3, False),
    "at-the-limit": ({"T0": ON, "T1": ON, "T2": ON}, 3, False),
    "above-the-limit": ({"T0": ON, "T1": ON, "T2": ON, "T3": ON}, 3, True),
    "no-limit": ({"T0": ON, "T1": ON}, 0, False),
}


@pytest.mark.parametrize(("state", "limit", "exceeded"), WIP.values(), ids=WIP)
def test_work_in_progress(state, limit, exceeded):
    found = reported(MANY, state, limit=limit).wip
    assert (found.limit, found.exceeded) == (limit, exceeded)
    assert found.running == [Running(name, 0, 0) for name in state]


def test_stale_tasks_are_those_that_the_rule_found():
    findings = [
        finding("WARN::STALE-TASK::T1", "T1", severity="warning"),
        finding("WARN::STALE-TASK::T0", "T0", severity="error"),
        finding("WARN::AC-DRIFT::T2", "T2"),
    ]
    assert reported(MANY, {}, findings).wip.stale == ["T1", "T0"]


def test_hotspots_are_the_slices_with_most_high_tasks_left():
    tasks = [
        task("A", slice="Slice 1", **HIGH),
        *(task(name, slice="Slice 2", **HIGH) for name in "BCDEF"),
        task("G", slice="Slice 3"),
        task("H", **HIGH),
    ]
    found = reported(tasks, {"B": ON, "C": STOPPED, "D": DONE, "E": GONE})
    assert found.risk_hotspots == [
        Hotspot("Slice 2", 3, 1, 1),
        Hotspot("Slice 1", 1, 0, 0),
        Hotspot("", 1, 0, 0),
    ]
    assert found.more_hotspots == 0


@pytest.mark.parametrize(("slices", "more"), [(SHOWN, 0), (SHOWN + 2, 2)])
def test_a_report_says_how_many_hotspots_it_leaves_out(slices, more):
    found = reported([task(f"T{n}", slice=f"Slice {n}", **HIGH) for n in range(slices)])
    assert (len(found.risk_hotspots), found.more_hotspots) == (SHOWN, more)


ESCALATED = {
    "WARN::REPEATED-BLOCKER": "repeated_blockers",
    "BLOCKED::MISSING-TESTS::A": "test_obligations",
    "BLOCKED::SPEC-REF-GAP::A": "test_obligations",
    "BLOCKED::SPEC-REF-GAP": "test_obligations",
    "WARN::HIGH-RISK-NO-TESTS::A": "test_obligations",
    "WARN::REVIEW-NOT-GREEN::A": "test_obligations",
    "WARN::DEFERRABLE-PROMOTED::A": "deferrable_promoted",
    "WARN::STALE-TASK::A": None,
    "GAP::NO-SPECS::A": None,
}


@pytest.mark.parametrize(("code", "kind"), ESCALATED.items(), ids=ESCALATED)
def test_escalations(code, kind):
    one = finding(code, "A")
    found = reported([task("A")], {}, [one]).escalations
    assert {name: list(getattr(found, name)) for name in found.__struct_fields__} == {
        name: [one] if name == kind else [] for name in found.__struct_fields__
    }


def test_findings_are_counted_and_the_pulse_is_the_one_of_pulse():
    findings = [
        finding("GAP::A"),
        finding("WARN::B", severity="warning"),
        finding("WARN::C", severity="warning"),
    ]
    found = reported(MANY, {"T1": ON}, findings)
    backlog = backlog_of(MANY, {"T1": ON})
    assert (found.errors, found.warnings, found.at) == (1, 2, NOW)
    assert found.pulse == pulse(backlog, Readiness(backlog), NOW)
