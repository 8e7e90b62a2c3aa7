"""The chains of dependencies that take longest or carry most risk."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from vtm.graph.critical import heaviest_chain
from vtm.graph.lookup import dependencies
from vtm.graph.order import ordered
from vtm.graph.readiness import Readiness
from vtm.graph.risk import all_graded, riskiest_chain
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.grades import Level
from vtm.model.settings import Minutes
from vtm.model.status import Impact, Status


class By(StrEnum):
    """What makes a chain long."""

    COUNT = "count"
    ESTIMATE = "estimate"


class Link(Struct, frozen=True):
    """A task of a chain.

    Attributes:
        minutes: What its size is estimated at.
    """

    task_id: str
    title: str
    status: Status
    minutes: int


class CriticalPath(Struct, frozen=True, tag_field="schema", tag="vtm.graph.critical/1"):
    """The longest chain of dependencies.

    Attributes:
        tasks: From the one to start with; each depends on the one before it.
        minutes: Sum over the chain.
        left_out: Tasks on or behind a cycle.
        findings: What is wrong with the dependencies.
    """

    by: By
    tasks: Sequence[Link]
    minutes: int
    total: int
    returned: int
    truncated: bool
    left_out: Sequence[str]
    findings: Sequence[Finding]


class RiskLink(Struct, frozen=True):
    """A task of a chain.

    Attributes:
        exposure: Probability that it fails times the weight of its impact.
    """

    task_id: str
    title: str
    status: Status
    risk: Level
    impact: Impact
    exposure: float


class RiskPath(Struct, frozen=True, tag_field="schema", tag="vtm.graph.risk-path/1"):
    """The chain of dependencies that carries most risk.

    Attributes:
        tasks: From the one to start with; each depends on the one before it.
        exposure: Sum over the chain.
        left_out: Tasks on or behind a cycle.
        findings: What is wrong with dependencies, risks and impacts.
    """

    tasks: Sequence[RiskLink]
    exposure: float
    total: int
    returned: int
    truncated: bool
    left_out: Sequence[str]
    findings: Sequence[Finding]


def critical_path(
    backlog: Backlog,
    readiness: Readiness,
    estimate: Minutes,
    by: By = By.COUNT,
    findings: Sequence[Finding] = (),
) -> CriticalPath:
    """The chain with the most tasks, or with the most estimated minutes."""
    graph = dependencies(backlog)
    order = ordered(graph)
    per_size = {"S": estimate.S, "M": estimate.M, "L": estimate.L}
    minutes = {name: per_size[each.size] for name, each in all_graded(backlog).items()}
    chain = heaviest_chain(graph, order, minutes if by is By.ESTIMATE else dict.fromkeys(graph, 1))
    links = [Link(name, backlog[name].title, readiness.statuses[name], minutes[name]) for name in chain.nodes]
    whole = sum(link.minutes for link in links)
    return CriticalPath(by, links, whole, len(links), len(links), False, order.left_out, findings)


def risk_path(backlog: Backlog, readiness: Readiness, findings: Sequence[Finding] = ()) -> RiskPath:
    """The chain with the largest sum of exposures."""
    graph = dependencies(backlog)
    order = ordered(graph)
    grades = all_graded(backlog)
    chain = riskiest_chain(graph, order, grades)
    links = [
        RiskLink(
            name,
            backlog[name].title,
            readiness.statuses[name],
            grades[name].level,
            grades[name].impact,
            grades[name].exposure / 1000,
        )
        for name in chain.nodes
    ]
    whole = chain.weight / 1000
    return RiskPath(links, whole, len(links), len(links), False, order.left_out, findings)
