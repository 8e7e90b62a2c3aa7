"""In which order tasks can be done, and what stands in the way of one."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.cycles import Dependencies
from vtm.graph.levels import generations
from vtm.graph.lookup import cycles, dependencies
from vtm.graph.order import ordered
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.status import Status


class Step(Struct, frozen=True):
    """A task in an order."""

    task_id: str
    title: str
    status: Status


class TaskOrder(Struct, frozen=True, tag_field="schema", tag="vtm.graph.order/1"):
    """Tasks in an order in which they can be done.

    Attributes:
        tasks: Of those that are free at the same time, the one declared first comes first.
        left_out: Tasks on or behind a cycle.
        findings: What is wrong with the dependencies.
    """

    tasks: Sequence[Step]
    total: int
    returned: int
    truncated: bool
    left_out: Sequence[str]
    findings: Sequence[Finding]


class Generation(Struct, frozen=True):
    """Tasks whose longest chain of dependencies has the same length, 0 in the first generation."""

    generation: int
    tasks: Sequence[Step]


class Generations(Struct, frozen=True, tag_field="schema", tag="vtm.graph.generations/1"):
    """Tasks by generation; those of one generation do not depend on each other.

    Attributes:
        tasks: Number of tasks in all of them.
        left_out: Tasks on or behind a cycle.
        findings: What is wrong with the dependencies.
    """

    generations: Sequence[Generation]
    tasks: int
    total: int
    returned: int
    truncated: bool
    left_out: Sequence[str]
    findings: Sequence[Finding]


class Knot(Struct, frozen=True):
    """Tasks that wait for each other, or one that waits for itself.

    Attributes:
        path: A closed path through the first of them, from each task to one that it depends on.
        members: All of them, as declared.
    """

    path: Sequence[str]
    members: Sequence[str]


class CycleList(Struct, frozen=True, tag_field="schema", tag="vtm.graph.cycles/1"):
    """Every cycle once, in the order of declaration.

    Attributes:
        left_out: Tasks on or behind one of them.
        findings: What is wrong with the dependencies.
    """

    cycles: Sequence[Knot]
    total: int
    returned: int
    truncated: bool
    left_out: Sequence[str]
    findings: Sequence[Finding]


def task_order(backlog: Backlog, readiness: Readiness, findings: Sequence[Finding] = ()) -> TaskOrder:
    """All tasks in an order in which they can be done."""
    order = ordered(dependencies(backlog))
    steps = _steps(order.nodes, backlog, readiness)
    return TaskOrder(steps, len(steps), len(steps), False, order.left_out, findings)


def task_generations(backlog: Backlog, readiness: Readiness, findings: Sequence[Finding] = ()) -> Generations:
    """All tasks by generation."""
    graph = dependencies(backlog)
    found = [
        Generation(number, _steps(nodes, backlog, readiness))
        for number, nodes in enumerate(generations(graph))
    ]
    inside = {step.task_id for each in found for step in each.tasks}
    left_out = [name for name in graph if name not in inside]
    return Generations(found, len(inside), len(found), len(found), False, left_out, findings)


def cycle_list(backlog: Backlog, findings: Sequence[Finding] = ()) -> CycleList:
    """All cycles, a task that depends on itself among them."""
    graph = dependencies(backlog)
    left_out = ordered(graph).left_out
    knots = [Knot(each.path, each.members) for each in cycles(backlog)] if left_out else []
    knots += _selfish(graph, {name for knot in knots for name in knot.members})
    knots.sort(key=lambda knot: backlog.position(knot.path[0]))
    return CycleList(knots, len(knots), len(knots), False, left_out, findings)


def _selfish(graph: Dependencies, told: set[str]) -> list[Knot]:
    """Tasks outside of `told` that depend on themselves."""
    return [
        Knot([name, name], [name]) for name, targets in graph.items() if name in targets and name not in told
    ]


def _steps(names: Sequence[str], backlog: Backlog, readiness: Readiness) -> list[Step]:
    return [Step(name, backlog[name].title, readiness.statuses[name]) for name in names]
