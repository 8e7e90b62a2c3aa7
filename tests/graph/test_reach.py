"""What a task holds up, against a search written from the definition."""

from hypothesis import given
from hypothesis import strategies as st

from tests.random_backlogs import RELAXED, backlogs, ids
from vtm.graph.reach import direct_followers, followers
from vtm.graph.readiness import Readiness
from vtm.model.status import Status

OVER = {Status.COMPLETED, Status.ABANDONED}


def by_definition(backlog, readiness, start):
    """Unfinished tasks of which `start`, or a pending task that follows it, is an unmet dependency."""
    found = set()
    while True:
        through = {start} | {name for name in found if readiness.statuses[name] is Status.PENDING}
        more = {
            task.task_id
            for task in backlog.tasks
            if readiness.statuses[task.task_id] not in OVER
            and through & {each.task_id for each in readiness.unmet(task)}
        } - {start}
        if more <= found:
            return found
        found |= more


@RELAXED
@given(backlogs(), ids)
def test_followers_are_what_waits_for_a_task_directly_or_through_pending_ones(backlog, start):
    readiness = Readiness(backlog)
    direct = direct_followers(backlog, readiness)
    found = followers(direct, readiness.statuses, start, 100)
    assert len(set(found)) == len(found)
    assert set(found) == by_definition(backlog, readiness, start)


@RELAXED
@given(backlogs(), ids, st.integers(0, 4))
def test_a_limit_gives_the_nearest(backlog, start, limit):
    readiness = Readiness(backlog)
    direct = direct_followers(backlog, readiness)
    everything = followers(direct, readiness.statuses, start, 100)
    assert followers(direct, readiness.statuses, start, limit) == everything[:limit]


@RELAXED
@given(backlogs())
def test_direct_followers_are_the_unmet_dependencies_backwards(backlog):
    readiness = Readiness(backlog)
    found = direct_followers(backlog, readiness)
    assert sorted((name, each) for name, users in found.items() for each in users) == sorted(
        (unmet.task_id, task.task_id)
        for task in backlog.tasks
        if readiness.statuses[task.task_id] not in OVER
        for unmet in readiness.unmet(task)
    )
