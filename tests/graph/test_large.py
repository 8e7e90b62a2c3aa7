"""Backlogs of 100,000 tasks load and check, whatever their shape, without recursion."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
import pytest

from vtm.graph.cycles import closed_path
from vtm.graph.levels import depth
from vtm.graph.lookup import cycles, dangling, dependencies, dependents, repeated
from vtm.graph.reach import direct_followers, followers
from vtm.graph.readiness import Readiness
from vtm.graph.roots import roots_of_stuck
from vtm.model.backlog import Backlog
from vtm.model.state import State, TaskState
from vtm.model.status import Risk, Status
from vtm.model.task import Manifest, Task
from vtm.queries.blocked import blocked_tasks
from vtm.queries.graph_view import graph_view
from vtm.queries.pulse import pulse
from vtm.queries.why import why
from vtm.sources.manifest import JsonManifest

pytestmark = pytest.mark.no_cover  # at full speed: small graphs cover the same code
MANY = 100_000
FRAMES = 60


@contextmanager
def no_recursion() -> Iterator[None]:
    """Leave room for some calls inside each other, and for no recursion over the tasks."""
    frame, used = sys._getframe(), 0
    while frame:
        frame, used = frame.f_back, used + 1
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(used + FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def name(number):
    return f"CAPABILITY_{number // 4:05}--T{number:06}"


def layered(count):
    """Three dependencies each on tasks among the 500 before it."""
    return [
        [number - 1 - (number * step) % min(number, 500) for step in (1, 7, 31)] for number in range(1, count)
    ]


def chain(count):
    return [[number] for number in range(count - 1)]


def backlog_with(first, needs, *, provisional=0, **state):
    """Task 0 depends on `first`, each other on its entry in `needs`; the last ones are provisional."""
    tasks = [Task(name(0), depends_on_tasks=tuple(map(name, first)))]
    tasks += [
        Task(
            name(number),
            risk=(Risk.HIGH, Risk.MEDIUM, Risk.LOW)[number % 3],
            provisional=number > len(needs) - provisional,
            depends_on_tasks=tuple(map(name, each)),
        )
        for number, each in enumerate(needs, 1)
    ]
    return Backlog(Manifest(tuple(tasks)), State(state))


def test_no_recursion_is_noticed():
    def down(frames):
        return down(frames - 1) if frames else 0

    with no_recursion(), pytest.raises(RecursionError):
        down(2 * FRAMES)


def test_a_manifest_of_many_tasks_loads_and_checks(tmp_path):
    made = backlog_with([], layered(MANY))
    path = tmp_path / "manifest.json"
    path.write_bytes(msgspec.json.encode(made.manifest))
    with no_recursion():
        backlog = Backlog(JsonManifest(path, "manifest.json").load(thorough=True).manifest, State())
        edges = sum(len(task.depends_on_tasks) for task in backlog.tasks)
        assert (len(backlog.tasks), edges) == (MANY, 3 * (MANY - 1))
        assert cycles(backlog) == []
        assert not any(dangling(task, backlog) for task in backlog.tasks)
        assert any(repeated(task) for task in backlog.tasks)
        assert len(dependents(backlog)) <= MANY
        assert depth(dependencies(backlog)) > 1
        readiness = Readiness(backlog)
        assert (len(readiness.eligible), len(readiness.waiting), len(readiness.stuck)) == (1, MANY - 1, 0)


def test_a_chain_is_as_deep_as_it_is_long():
    backlog = backlog_with([], chain(MANY))
    with no_recursion():
        assert depth(dependencies(backlog)) == MANY
        readiness = Readiness(backlog)
        assert len(readiness.waiting) == MANY - 1
        direct = direct_followers(backlog, readiness)
        assert len(followers(direct, readiness.statuses, name(0), MANY)) == MANY - 1
        assert why(backlog, readiness, backlog.tasks[-1], ()).acts == [name(0)]


def test_a_cycle_of_all_tasks_is_one_cycle():
    backlog = backlog_with([MANY - 1], chain(MANY))
    with no_recursion():
        (cycle,) = cycles(backlog)
        assert (len(cycle.members), len(cycle.path)) == (MANY, MANY + 1)
        assert closed_path(dependencies(backlog), cycle.members) == cycle.path
        readiness = Readiness(backlog)
        assert len(readiness.stuck) == MANY
        (root,) = roots_of_stuck(readiness, readiness.stuck)
        assert len(root.tasks) >= 3
        assert depth(dependencies(backlog)) == 0


SHAPES = {
    "layered": lambda count: backlog_with([], layered(count)),
    "behind-abandoned": lambda count: backlog_with(
        [], chain(count), **{name(0): TaskState(Status.ABANDONED)}
    ),
    "cycle": lambda count: backlog_with([count - 1], chain(count)),
    "star-half-provisional": lambda count: backlog_with(
        [], [[0]] * (count - 1), provisional=count // 2, **{name(0): TaskState(Status.BLOCKED)}
    ),
}
COUNTS = {
    "layered": lambda count: (0, count - 1, 0),
    "behind-abandoned": lambda count: (0, 0, count - 1),
    "cycle": lambda count: (0, 0, count),
    "star-half-provisional": lambda count: (1, count - 1, 0),
}


@pytest.mark.parametrize("count", [20_000, pytest.param(MANY, marks=pytest.mark.soak)])
@pytest.mark.parametrize("shape", SHAPES)
def test_questions_are_answered(shape, count):
    backlog = SHAPES[shape](count)
    with no_recursion():
        readiness = Readiness(backlog)
        found = blocked_tasks(backlog, readiness)
        assert tuple(map(len, (found.blocked, found.waiting, found.stuck))) == COUNTS[shape](count)
        assert pulse(backlog, readiness, datetime(2026, 1, 1, tzinfo=UTC)).progress.total == count
        answer = why(backlog, readiness, backlog.tasks[-1], ())
        assert answer.acts
        assert len(answer.tree) <= 4 * count
        assert len(graph_view(backlog, readiness, None).nodes) == count
        assert len(msgspec.json.encode(found)) < 600 * count
