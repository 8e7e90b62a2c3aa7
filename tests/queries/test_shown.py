"""One task with everything known of it."""

from tests.asking import DONE, HIGH, MAYBE, ON, finding, task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness, Unmet
from vtm.queries.next_task import Tdd
from vtm.queries.shown import shown_task


def shown(name, tasks, state=None, findings=()):
    backlog = backlog_of(tasks, state)
    return shown_task(backlog, Readiness(backlog), backlog[name], findings)


def test_its_place_in_the_graph_and_what_it_waits_for():
    tasks = [task("A", "X", "D"), task("B", "A", "A"), task("D"), task("C", "A")]
    found = shown("A", tasks, {"D": DONE})
    assert (found.eligible, found.stuck) == (False, True)
    assert found.unmet == [Unmet("X", "unknown")]
    assert (found.depends_on_tasks, found.dependents) == (("X", "D"), ["B", "C"])


def test_a_task_that_waits_is_not_stuck_and_one_that_is_completed_neither():
    tasks = [task("A"), task("B", "A", "X")]
    assert (shown("A", tasks).eligible, shown("A", tasks).stuck) == (True, False)
    over = shown("B", tasks, {"B": DONE})
    assert (over.eligible, over.stuck, over.status) == (False, False, "completed")


def test_what_the_provisional_rule_holds_names_who_holds_it_as_long_as_it_is_pending():
    tasks = [task("P", **MAYBE), task("H", **HIGH), task("A")]
    found = shown("P", tasks)
    assert (found.eligible, found.stuck, found.unmet, found.held_by) == (False, False, [], ["H"])
    assert shown("P", tasks, {"P": ON}).held_by == []
    assert shown("A", tasks).held_by == []


def test_its_state_its_criteria_and_its_findings():
    entry = {**ON, "acs_completed": ["AC02"], "notes": "half way", "owner": "ada"}
    criteria = [{"id": "AC01"}, {"id": "AC02"}, {"id": "AC03"}]
    one = finding("WARN::STALE-TASK::A", "A", severity="warning")
    found = shown("A", [task("A", acceptance_criteria=criteria, **HIGH)], {"A": entry}, [one])
    assert (found.acs_remaining, found.state.notes, found.state.owner) == (
        ("AC01", "AC03"),
        "half way",
        "ada",
    )
    assert (found.tdd, found.findings, found.status) == (Tdd.REQUIRED, [one], "in-progress")
