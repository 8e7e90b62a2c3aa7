"""Every question has the same idea of what is eligible, waiting, stuck and startable."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.asking import NOW, finding, names
from tests.random_backlogs import RELAXED, backlogs
from vtm.graph.readiness import Readiness
from vtm.graph.roots import Cause, roots_of_stuck
from vtm.model.facts import Facts
from vtm.model.settings import Settings
from vtm.model.status import Risk, Status
from vtm.queries.blocked import blocked_tasks
from vtm.queries.filters import Filters
from vtm.queries.listing import task_list
from vtm.queries.next_task import NextTask, NoTask, next_task
from vtm.queries.pulse import SHOWN, pulse
from vtm.queries.report import report
from vtm.queries.shown import shown_task
from vtm.queries.status import backlog_status
from vtm.queries.why import why

FILTERS = st.builds(
    Filters,
    phase=st.sampled_from(["", "", "1", "Phase 2"]),
    slice=st.sampled_from(["", "", "1.1"]),
    risk=st.sampled_from([None, None, *Risk]),
)
OPEN = (Status.PENDING, Status.IN_PROGRESS, Status.BLOCKED)


def nothing(task):
    return []


def outcome(readiness, fitting, statuses):
    """The outcome as DESIGN.md words it; None where there is a task."""
    if fitting:
        return None
    if readiness.eligible:
        return "filtered"
    if not any(statuses[each] for each in OPEN):
        return "done"
    if statuses[Status.PENDING] and not statuses[Status.IN_PROGRESS] and not statuses[Status.BLOCKED]:
        return "deadlocked"
    return "waiting"


@RELAXED
@given(backlogs(), FILTERS)
def test_next_is_the_first_of_the_eligible_list_and_else_says_why_not(backlog, filters):
    readiness = Readiness(backlog)
    listed = task_list(backlog, readiness, filters, eligible=True)
    answer = next_task(readiness, filters, nothing, startable=False)
    statuses = Counter(readiness.statuses.values())
    if isinstance(answer, NextTask):
        assert answer.task_id == listed.tasks[0].task_id
        assert answer.status == "pending"
    assert (answer.outcome if isinstance(answer, NoTask) else None) == outcome(
        readiness, listed.tasks, statuses
    )
    everything = task_list(backlog, readiness, Filters(), eligible=True)
    assert names(everything.tasks) == names(readiness.ordered(readiness.eligible))


@RELAXED
@given(backlogs(), FILTERS, st.data())
def test_next_startable_is_the_first_task_that_why_calls_startable(backlog, filters, data):
    readiness = Readiness(backlog)
    codes = ["BLOCKED::EMPTY-AC", "BLOCKED::WIP-LIMIT", "WARN::STALE-TASK"]
    found = {
        task.task_id: [
            finding(code, task.task_id, blocking=not code.startswith("WARN"))
            for code in data.draw(st.lists(st.sampled_from(codes), max_size=2))
        ]
        for task in backlog.tasks
    }
    fitting = filters.keep(readiness.ordered(readiness.eligible))
    startable = [t for t in fitting if why(backlog, readiness, t, found[t.task_id]).startable]
    answer = next_task(readiness, filters, lambda each: found[each.task_id], startable=True)
    if startable:
        assert answer.task_id == startable[0].task_id
        assert answer.findings == found[answer.task_id]
    else:
        assert names(answer.skipped) == names(fitting)
        assert answer.outcome == "waiting" if fitting else not answer.skipped
    assert all(
        not why(backlog, readiness, t, []).startable for t in backlog.tasks if t not in readiness.eligible
    )


@RELAXED
@given(backlogs())
def test_the_three_lists_of_blocked_are_disjoint_and_those_of_readiness(backlog):
    readiness = Readiness(backlog)
    answer = blocked_tasks(backlog, readiness)
    assert sorted(names(answer.blocked)) == sorted(names(readiness.tasks_with(Status.BLOCKED)))
    assert sorted(names(answer.waiting)) == sorted(names(readiness.waiting))
    assert sorted(names(answer.stuck)) == sorted(names(readiness.stuck))
    held = [*answer.blocked, *answer.waiting, *answer.stuck]
    assert len(set(names(held))) == len(held) == answer.total == answer.returned
    assert not set(names(held)) & set(names(readiness.eligible))
    assert answer.roots == roots_of_stuck(readiness, readiness.stuck)
    holds_up = Counter(unmet.task_id for each in held for unmet in each.unmet)
    for each in held:
        unmet = readiness.unmet(backlog[each.task_id])
        assert {(u.task_id, u.status, u.holds_up) for u in each.unmet} == {
            (u.task_id, u.status, holds_up[u.task_id]) for u in unmet
        }
        assert each.holds_up == holds_up[each.task_id]
        assert each.reason


@RELAXED
@given(backlogs(), st.integers(0, 3))
def test_pulse_status_and_report_count_and_name_the_same_tasks(backlog, limit):
    readiness = Readiness(backlog)
    eligible = names(readiness.ordered(readiness.eligible))
    now = pulse(backlog, readiness, NOW)
    counted = Counter(readiness.statuses.values())
    assert now.tasks == {status.value: counted[status] for status in Status}
    assert sum(now.tasks.values()) == now.progress.total == len(backlog.tasks)
    assert now.progress.completed == now.tasks["completed"]
    assert (now.next_eligible, now.more_eligible) == (eligible[:SHOWN], max(0, len(eligible) - SHOWN))
    blocked = blocked_tasks(backlog, readiness)
    assert {root.tasks[0] for root in now.blockers if root.cause is Cause.BLOCKED} == set(
        names(blocked.blocked)
    )
    assert [root for root in now.blockers if root.cause is not Cause.BLOCKED] == blocked.roots
    status = backlog_status(backlog, readiness, NOW)
    assert (status.tasks, names(status.in_progress)) == (now.tasks, names(now.in_progress))
    for groups in (status.by_phase, status.by_slice, status.by_risk):
        assert sum(each.total for each in groups.values()) == now.progress.total
        assert sum(each.completed for each in groups.values()) == now.progress.completed
    whole = report(backlog, readiness, Facts(now=NOW, settings=Settings(wip_limit=limit)), [])
    assert whole.pulse == now
    running = names(now.in_progress)
    room = max(0, limit - len(running)) if limit else SHOWN
    assert whole.advance == running + eligible[:room]


@RELAXED
@given(backlogs())
def test_show_and_why_of_each_task_say_what_the_lists_say(backlog):
    readiness = Readiness(backlog)
    eligible, stuck = set(names(readiness.eligible)), set(names(readiness.stuck))
    for task in backlog.tasks:
        name = task.task_id
        shown = shown_task(backlog, readiness, task, [])
        assert (shown.eligible, shown.stuck) == (name in eligible, name in stuck)
        assert (shown.status, shown.unmet) == (readiness.statuses[name], readiness.unmet(task))
        answer = why(backlog, readiness, task, [])
        assert answer.status == shown.status
        assert answer.startable is (name in eligible)
        waits = shown.status in {"pending", "blocked"} and name not in eligible
        assert bool(answer.acts) is waits
        if name in stuck:
            assert answer.roots
            assert set(answer.roots) <= set(roots_of_stuck(readiness, readiness.stuck)) or any(
                root.cause is Cause.CYCLE for root in answer.roots
            )
