"""What the tasks are expected to cost."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from math import fsum

from msgspec import Struct

from vtm.graph.cost import RETENTION, Extras, propagated, simple, with_retries
from vtm.graph.cycles import Dependencies
from vtm.graph.lookup import dependencies
from vtm.graph.order import Order, ordered
from vtm.graph.readiness import Readiness
from vtm.graph.risk import all_graded
from vtm.model.backlog import Backlog
from vtm.model.finding import Finding
from vtm.model.grades import SCOPE_COST, SCOPE_TOKENS, Graded, Level
from vtm.model.status import Impact, Scope, Status
from vtm.model.task import Task

_DIGITS = 10
_OVER = {Status.COMPLETED, Status.ABANDONED}


class Model(StrEnum):
    """How costs are worked out."""

    RETRIES = "retries"
    SIMPLE = "simple"


class Question(Struct, frozen=True):
    """What is asked for.

    Attributes:
        propagate: Whether risky parents make their dependents less likely to succeed; completed ones do not.
        retention: With `propagate`: which part of a task's chance is left where a parent has failed.
        everything: Whether completed and abandoned tasks count, too.
        extras: Further numbers of the simple model.
    """

    model: Model = Model.RETRIES
    propagate: bool = False
    retention: float = RETENTION
    everything: bool = False
    extras: Extras = Extras()


class TaskCost(Struct, frozen=True):
    """A task and what it is expected to cost.

    Attributes:
        success: Probability that a try succeeds, parents taken into account where that was asked for.
        tokens: What one try is thought to take.
    """

    task_id: str
    title: str
    risk: Level
    scope: Scope
    impact: Impact
    success: float
    tokens: int
    cost: float


class CostEstimate(Struct, frozen=True, tag_field="schema", tag="vtm.graph.cost/1"):
    """What the tasks are expected to cost, the dearest first; of equals, the one declared first.

    Attributes:
        cost: Sum over all tasks.
        mean: Cost of one task; 0 where there are none.
        tokens: Sum over all tasks.
        finished: Number of completed and abandoned tasks that do not count.
        left_out: Tasks on or behind a cycle.
        findings: What is wrong with risks, scopes, impacts and dependencies.
    """

    model: Model
    propagated: bool
    tasks: Sequence[TaskCost]
    cost: float
    mean: float
    tokens: int
    total: int
    returned: int
    truncated: bool
    finished: int
    left_out: Sequence[str]
    findings: Sequence[Finding]


def cost_estimate(
    backlog: Backlog, readiness: Readiness, question: Question, findings: Sequence[Finding] = ()
) -> CostEstimate:
    """Costs of all tasks that are neither completed nor abandoned."""
    graph = dependencies(backlog)
    order = ordered(graph)
    grades = all_graded(backlog)
    done = {task.task_id for task in readiness.tasks_with(Status.COMPLETED)}
    success = _chances(graph, order, grades, done, question)
    found = [
        _cost(task, grades[task.task_id], success[task.task_id], question)
        for task in backlog.tasks
        if task.task_id in success and (question.everything or readiness.statuses[task.task_id] not in _OVER)
    ]
    found.sort(key=lambda each: -each.cost)
    whole = fsum(each.cost for each in found)
    return CostEstimate(
        model=question.model,
        propagated=question.propagate,
        tasks=found,
        cost=round(whole, _DIGITS),
        mean=round(whole / len(found), _DIGITS) if found else 0.0,
        tokens=sum(each.tokens for each in found),
        total=len(found),
        returned=len(found),
        truncated=False,
        finished=len(success) - len(found),
        left_out=order.left_out,
        findings=findings,
    )


def _chances(
    graph: Dependencies,
    order: Order,
    grades: Mapping[str, Graded],
    done: AbstractSet[str],
    question: Question,
) -> dict[str, float]:
    """Probabilities of success of the tasks in `order`."""
    own = {name: grades[name].success for name in order.nodes}
    if not question.propagate:
        return own
    return propagated(graph, order, own, () if question.everything else done, question.retention)


def _cost(task: Task, each: Graded, success: float, question: Question) -> TaskCost:
    price = SCOPE_COST[each.scope]
    if question.model is Model.RETRIES:
        cost = with_retries(success, price, each.weight)
    else:
        cost = simple(success, price, each.weight, question.extras)
    return TaskCost(
        task_id=task.task_id,
        title=task.title,
        risk=each.level,
        scope=each.scope,
        impact=each.impact,
        success=round(success, _DIGITS),
        tokens=SCOPE_TOKENS[each.scope],
        cost=round(cost, _DIGITS),
    )
