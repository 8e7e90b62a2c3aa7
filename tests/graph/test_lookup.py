"""Who depends on whom: dependents, unknown and repeated dependencies."""

import pytest
from hypothesis import given

from tests.builders import backlog_of
from tests.random_backlogs import RELAXED, graphs
from vtm.graph.lookup import dangling, dependencies, dependents, repeated


def backlog_with(graph):
    return backlog_of([{"task_id": node, "depends_on_tasks": targets} for node, targets in graph.items()])


@RELAXED
@given(graphs())
def test_dependents_are_the_edges_backwards_each_once(graph):
    found = dependents(backlog_with(graph))
    assert {(user.task_id, target) for target, users in found.items() for user in users} == {
        (node, target) for node, targets in graph.items() for target in targets
    }
    assert all(len({user.task_id for user in users}) == len(users) for users in found.values())
    assert [user.task_id for user in found.get("T0", [])] == [node for node in graph if "T0" in graph[node]]


@RELAXED
@given(graphs())
def test_dangling_names_each_unknown_dependency_at_its_first_place(graph):
    backlog = backlog_with(graph)
    for task in backlog.tasks:
        declared = graph[task.task_id]
        found = dangling(task, backlog)
        assert [name for _, name in found] == [name for name in dict.fromkeys(declared) if name not in graph]
        assert all(declared.index(name) == place for place, name in found)


def test_dependencies_are_as_declared():
    graph = {"B": ["X", "A", "X"], "A": []}
    assert dependencies(backlog_with(graph)) == {"B": ("X", "A", "X"), "A": ()}


REPEATED = {
    "none": ([], []),
    "one": (["A"], []),
    "different": (["A", "B"], []),
    "twice": (["A", "A"], ["A"]),
    "three-times": (["A", "B", "A", "A"], ["A"]),
    "two-of-them": (["B", "A", "A", "B"], ["B", "A"]),
}


@pytest.mark.parametrize(("declared", "expected"), REPEATED.values(), ids=REPEATED)
def test_repeated_dependencies_are_named_once(declared, expected):
    (task,) = backlog_with({"T": declared}).tasks
    assert repeated(task) == expected
