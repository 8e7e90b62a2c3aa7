"""Tasks and the edges between them, all or around one."""

import pytest

from tests.asking import DONE, ON, task
from tests.builders import backlog_of
from vtm.graph.readiness import Readiness
from vtm.queries.graph_view import Node, graph_view


def view(tasks, around="", state=None):
    backlog = backlog_of(tasks, state)
    return graph_view(backlog, Readiness(backlog), backlog[around] if around else None)


def test_nodes_stand_as_declared_with_status_and_generation_and_unknown_ids_last():
    tasks = [task("C", "B", "X"), task("A", title="First"), task("B", "A", "A"), task("D", "D", "Y")]
    found = view(tasks, state={"A": DONE, "B": ON})
    assert found.nodes == [
        Node("C", "", "pending", 2, ["B", "X"]),
        Node("A", "First", "completed", 0, []),
        Node("B", "", "in-progress", 1, ["A"]),
        Node("D", "", "pending", None, ["D", "Y"]),
        Node("X", "", "unknown", None, ()),
        Node("Y", "", "unknown", None, ()),
    ]
    assert (found.task_id, found.edges, found.depth) == ("", 5, 3)


CHAIN = [task("A"), task("B", "A"), task("C", "B"), task("D", "C"), task("E")]
KNOT = [task("A", "B"), task("B", "A", "E"), task("C", "B"), task("E"), task("F", "E")]
AROUND = {
    "top": (CHAIN, "A", "A B C D", 3, 4),
    "middle": (CHAIN, "C", "A B C D", 3, 4),
    "alone": (CHAIN, "E", "E", 0, 1),
    "its-own-neighbours-only": (
        [task("A"), task("B", "A", "Z"), task("C", "A"), task("Z")],
        "A",
        "A B C",
        2,
        2,
    ),
    "whose-dependents-have-a-longer-way": (
        [task("A"), task("X"), task("Y", "X"), task("Z", "Y"), task("B", "A", "Z")],
        "A",
        "A B",
        1,
        2,
    ),
    "unknown-below": ([task("A", "X"), task("B", "A"), task("C", "X")], "B", "A B X", 2, 2),
    "cycle": (KNOT, "A", "A B C E", 4, 1),
    "behind-a-cycle": (KNOT, "C", "A B C E", 4, 1),
    "before-a-cycle": (KNOT, "E", "A B C E F", 5, 2),
    "only-a-cycle": ([task("A", "B"), task("B", "A")], "A", "A B", 2, 0),
}


@pytest.mark.parametrize(("tasks", "around", "nodes", "edges", "depth"), AROUND.values(), ids=AROUND)
def test_around_a_task_is_what_it_depends_on_and_what_depends_on_it(tasks, around, nodes, edges, depth):
    found = view(tasks, around)
    assert found.task_id == around
    assert (" ".join(node.task_id for node in found.nodes), found.edges, found.depth) == (nodes, edges, depth)
    shown = {node.task_id for node in found.nodes}
    assert all(each in shown for node in found.nodes for each in node.depends_on)


def test_an_empty_backlog_has_an_empty_graph():
    found = view([])
    assert (found.nodes, found.edges, found.depth) == ([], 0, 0)
