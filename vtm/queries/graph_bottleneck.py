"""Which tasks the ways through the backlog lead over."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.betweenness import betweenness
from vtm.graph.lookup import dependencies
from vtm.graph.order import ordered
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.status import Status

_DIGITS = 12


class Bottleneck(Struct, frozen=True):
    """A task and how much leads over it.

    Attributes:
        score: Its betweenness, from 0 to 1.
    """

    task_id: str
    title: str
    status: Status
    score: float


class Bottlenecks(Struct, frozen=True, tag_field="schema", tag="vtm.graph.bottleneck/1"):
    """Tasks, those that most leads over first; of equals, the one declared first.

    Attributes:
        left_out: Tasks on or behind a cycle.
        findings: What is wrong with the dependencies.
    """

    tasks: Sequence[Bottleneck]
    total: int
    returned: int
    truncated: bool
    left_out: Sequence[str]
    findings: Sequence[Finding]


def bottlenecks(backlog: Backlog, readiness: Readiness, findings: Sequence[Finding] = ()) -> Bottlenecks:
    """Tasks with their betweenness; the time is tasks times dependencies."""
    graph = dependencies(backlog)
    order = ordered(graph)
    inside = set(order.nodes)
    scores = betweenness({name: targets for name, targets in graph.items() if name in inside})
    found = [
        Bottleneck(name, backlog[name].title, readiness.statuses[name], round(score, _DIGITS))
        for name, score in scores.items()
    ]
    found.sort(key=lambda each: -each.score)
    return Bottlenecks(found, len(found), len(found), False, order.left_out, findings)
