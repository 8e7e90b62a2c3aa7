"""What a run starts next is what the plan starts now."""

import pytest

from tests.builders import backlog_of
from tests.engine.shops import entry
from vtm.engine.running.choosing import Floor, groups, to_start
from vtm.graph.readiness import Readiness
from vtm.model.settings import Minutes
from vtm.queries.estimates import size_estimates
from vtm.queries.filters import Filters
from vtm.queries.planning import Mode, Question, outline

TASKS = [
    entry("A--T1"),
    entry("A--T2", ["A--T1"]),
    entry("A--T3", file_scope=["src/shared/**"]),
    entry("A--T4", file_scope=["src/shared/x.py"]),
    entry("A--T5", ["A--T3"]),
    entry("A--T6", risk="High"),
]
DONE, RUNNING = {"status": "completed"}, {"status": "in-progress"}


def chosen(tasks, state=None, mode=Mode.PARALLEL, places=3, **floor):
    backlog = backlog_of(tasks, state)
    minutes = {each.size: each.minutes for each in size_estimates(backlog, Minutes(), {})}
    return [task.task_id for task in to_start(backlog, Floor(Filters(), mode, places, minutes, **floor))]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("places", [1, 2, 6])
@pytest.mark.parametrize(
    "state", [{}, {"A--T1": DONE}, {"A--T3": RUNNING}, {"A--T6": DONE, "A--T3": DONE}, {"A--T6": RUNNING}]
)
def test_it_is_the_first_round_of_the_plan(mode, places, state):
    backlog = backlog_of(TASKS, state)
    question = Question(Filters(), mode, places)
    plan = outline(backlog, Readiness(backlog), question, size_estimates(backlog, Minutes(), {}))
    first = [name for each in plan.rounds[:1] if each.at == 0 for name in each.names]

    assert chosen(TASKS, state, mode, places if mode is Mode.PARALLEL else 1) == first


ROWS = {
    "what a gate holds is passed over": ({}, {"held": {"A--T6", "A--T1"}}, ["A--T3"]),
    "what is on its way home keeps its files, and what needs it waits": (
        {"A--T6": DONE, "A--T3": DONE},
        {"coming_home": {"A--T3"}},
        ["A--T1"],
    ),
    "what main lacks is nothing to build on": (
        {"A--T6": DONE, "A--T3": DONE},
        {"away": {"A--T3"}},
        ["A--T1", "A--T4"],
    ),
    "of a group that failed one at a time": (
        {"A--T6": DONE, "A--T3": RUNNING},
        {"one_by_one": {"A--T1": 0, "A--T3": 0, "A--T4": 0}},
        [],
    ),
}


@pytest.mark.parametrize(("state", "floor", "expected"), ROWS.values(), ids=ROWS)
def test_what_is_left_out(state, floor, expected):
    assert sorted(chosen(TASKS, state, **floor)) == expected


def test_one_after_another_waits_for_what_is_on_its_way_home():
    state = {"A--T6": DONE}
    assert chosen(TASKS, state, Mode.SEQUENTIAL, 1) == ["A--T1"]
    assert chosen(TASKS, state, Mode.SEQUENTIAL, 1, coming_home={"A--T6"}) == []


def test_groups_are_the_steps_from_the_start():
    found = groups(backlog_of(TASKS), Filters())
    assert found == {"A--T1": 0, "A--T2": 1, "A--T3": 0, "A--T4": 0, "A--T5": 1, "A--T6": 0}
