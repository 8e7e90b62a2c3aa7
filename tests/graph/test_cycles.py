"""Cycles: found once each, whole, and drawn as a path that really exists."""

from itertools import pairwise

import pytest
from hypothesis import given

from tests.builders import backlog_of
from tests.random_backlogs import RELAXED, graphs
from vtm.graph.cycles import closed_path, components
from vtm.graph.lookup import Cycle, cycles, is_on_cycle


def reached(graph, start):
    """All that can be reached from `start` in one step or more."""
    found = set()
    work = [start]
    while work:
        for target in graph[work.pop()]:
            if target in graph and target not in found:
                found.add(target)
                work.append(target)
    return found


def knots(graph):
    """Nodes that reach each other, worked out from reachability alone."""
    reach = {node: reached(graph, node) for node in graph}
    sets = {frozenset({node, *(other for other in reach[node] if node in reach[other])}) for node in graph}
    return {each for each in sets if len(each) > 1}


def shortest(graph, start):
    """Length of the shortest cycle of two or more nodes through `start`, by trying all paths."""
    paths = [[start]]
    while paths:
        following = []
        for path in paths:
            for target in graph[path[-1]]:
                if target == start and len(path) > 1:
                    return len(path)
                if target in graph and target not in path:
                    following.append([*path, target])
        paths = following
    return None


@RELAXED
@given(graphs())
def test_each_knot_is_found_once_with_all_its_members_in_the_order_of_the_graph(graph):
    found = components(graph)
    assert {frozenset(members) for members in found} == knots(graph)
    assert len(found) == len(knots(graph))
    order = list(graph)
    assert all(members == sorted(members, key=order.index) for members in found)
    assert found == sorted(found, key=lambda members: order.index(members[0]))


@RELAXED
@given(graphs())
def test_each_knot_is_drawn_as_a_shortest_closed_path_through_its_first_member(graph):
    for members in components(graph):
        path = closed_path(graph, members)
        assert path[0] == path[-1] == members[0]
        assert all(target in graph[node] and target != node for node, target in pairwise(path))
        assert set(path) <= set(members)
        assert len(set(path)) == len(path) - 1 == shortest(graph, members[0])


@RELAXED
@given(graphs())
def test_a_task_is_on_a_cycle_exactly_if_it_is_a_member_of_one(graph):
    backlog = backlog_of([{"task_id": node, "depends_on_tasks": targets} for node, targets in graph.items()])
    members = {name for cycle in cycles(backlog) for name in cycle.members}
    assert {task.task_id for task in backlog.tasks if is_on_cycle(task, backlog)} == members


KNOTS = {
    "nothing": ({}, []),
    "chain": ({"A": [], "B": ["A"], "C": ["B"]}, []),
    "self-loop": ({"A": ["A"]}, []),
    "unknown": ({"A": ["X"], "B": ["A"]}, []),
    "two": ({"A": ["B"], "B": ["A"]}, [Cycle(["A", "B", "A"], ["A", "B"])]),
    "three-in-their-direction": (
        {"A": ["B"], "B": ["C"], "C": ["A"]},
        [Cycle(["A", "B", "C", "A"], ["A", "B", "C"])],
    ),
    "declared-last-first": ({"B": ["A"], "A": ["B"]}, [Cycle(["B", "A", "B"], ["B", "A"])]),
    "repeated-edges": ({"A": ["B", "B"], "B": ["A", "A"]}, [Cycle(["A", "B", "A"], ["A", "B"])]),
    "self-loop-inside": ({"A": ["A", "B"], "B": ["B", "A"]}, [Cycle(["A", "B", "A"], ["A", "B"])]),
    "what-waits-for-it-is-outside": (
        {"C": ["A"], "A": ["B"], "B": ["A", "D"], "D": []},
        [Cycle(["A", "B", "A"], ["A", "B"])],
    ),
    "two-knots": (
        {"A": ["B"], "C": ["D", "A"], "B": ["A"], "D": ["C"]},
        [Cycle(["A", "B", "A"], ["A", "B"]), Cycle(["C", "D", "C"], ["C", "D"])],
    ),
    "two-knots-one-inside-the-other": (
        {"A": ["D"], "B": ["C"], "C": ["B"], "D": ["A"]},
        [Cycle(["A", "D", "A"], ["A", "D"]), Cycle(["B", "C", "B"], ["B", "C"])],
    ),
    "two-circles-share-a-task": (
        {"A": ["B", "C"], "B": ["A"], "C": ["D"], "D": ["A"]},
        [Cycle(["A", "B", "A"], ["A", "B", "C", "D"])],
    ),
}


@pytest.mark.parametrize(("graph", "expected"), KNOTS.values(), ids=KNOTS)
def test_cycles_of_a_backlog(graph, expected):
    tasks = [{"task_id": node, "depends_on_tasks": targets} for node, targets in graph.items()]
    assert cycles(backlog_of(tasks)) == expected


def test_a_cycle_stays_one_whatever_the_status_of_its_tasks():
    tasks = [{"task_id": "A", "depends_on_tasks": ["B"]}, {"task_id": "B", "depends_on_tasks": ["A"]}]
    state = {"A": {"status": "completed"}, "B": {"status": "abandoned"}}
    assert cycles(backlog_of(tasks, state)) == cycles(backlog_of(tasks))


def test_members_that_are_no_component_have_no_closed_path():
    with pytest.raises(ValueError, match="A is on no cycle"):
        closed_path({"A": ["A", "B"], "B": []}, ["A", "B"])
