"""Where the risk of a backlog sits."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.graph.readiness import Readiness
from vtm.graph.risk import all_graded, reasons_to_split
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.grades import Level
from vtm.model.status import Scope, Status


class RiskShare(Struct, frozen=True):
    """The tasks of one risk.

    Attributes:
        share: Of all tasks, from 0 to 1; 0 where there are none.
        task_ids: As declared.
    """

    risk: Level
    count: int
    share: float
    task_ids: Sequence[str]


class RiskDistribution(Struct, frozen=True, tag_field="schema", tag="vtm.graph.risk/1"):
    """All tasks by risk, whatever their status.

    Attributes:
        risks: From critical to trivial, then unset; those that no task has, too.
        tasks: Number of tasks.
        findings: Values of risk that mean nothing; they count as unset.
    """

    risks: Sequence[RiskShare]
    tasks: int
    total: int
    returned: int
    truncated: bool
    findings: Sequence[Finding]


class Oversized(Struct, frozen=True):
    """A task that should be decomposed.

    Attributes:
        reasons: Such as `risk: high`, `scope: broad`, and `size: L` in a manifest.
    """

    task_id: str
    title: str
    status: Status
    risk: Level
    scope: Scope
    reasons: Sequence[str]


class Decomposition(Struct, frozen=True, tag_field="schema", tag="vtm.graph.decompose/1"):
    """Tasks that should be decomposed, in the order of declaration.

    Attributes:
        findings: Values of risk and scope that mean nothing; they count as unset.
    """

    tasks: Sequence[Oversized]
    total: int
    returned: int
    truncated: bool
    findings: Sequence[Finding]


def risk_distribution(backlog: Backlog, findings: Sequence[Finding] = ()) -> RiskDistribution:
    """All tasks by risk."""
    members: dict[Level, list[str]] = {level: [] for level in Level}
    for name, each in all_graded(backlog).items():
        members[each.level].append(name)
    count = len(backlog.tasks)
    found = [
        RiskShare(level, len(names), len(names) / count if count else 0.0, names)
        for level, names in members.items()
    ]
    return RiskDistribution(found, count, len(found), len(found), False, findings)


def decomposition(backlog: Backlog, readiness: Readiness, findings: Sequence[Finding] = ()) -> Decomposition:
    """Tasks whose risk is high or critical, or whose scope is broad or the whole system."""
    found = [
        Oversized(
            name,
            backlog[name].title,
            readiness.statuses[name],
            each.level,
            each.scope,
            reasons_to_split(each),
        )
        for name, each in all_graded(backlog).items()
    ]
    found = [each for each in found if each.reasons]
    return Decomposition(found, len(found), len(found), False, findings)
