"""What risk a backlog carries, task by task and along its chains."""

from collections.abc import Mapping

from vtm.graph.critical import Chain, heaviest_chain
from vtm.graph.cycles import Dependencies
from vtm.graph.order import Order
from vtm.model.backlog import Backlog
from vtm.model.finding import Damage
from vtm.model.grades import Graded, Level, graded
from vtm.model.status import Scope

_TOO_RISKY = {Level.HIGH, Level.CRITICAL}
_TOO_WIDE = {Scope.BROAD, Scope.SYSTEM}


def all_graded(backlog: Backlog) -> dict[str, Graded]:
    """Task id to the task as the analyses see it, in the order of declaration."""
    unread = {
        each.task_id
        for each in backlog.defects
        if each.damage is Damage.SCHEMA and each.location.pointer[-1:] == ("risk",)
    }
    return {task.task_id: graded(task, risk_unread=task.task_id in unread) for task in backlog.tasks}


def riskiest_chain(graph: Dependencies, order: Order, grades: Mapping[str, Graded]) -> Chain:
    """The chain with the largest sum of exposures, in thousandths; ties as in `heaviest_chain`."""
    return heaviest_chain(graph, order, {name: each.exposure for name, each in grades.items()})


def reasons_to_split(task: Graded) -> list[str]:
    """Why a task should be decomposed, one for its risk and one for its scope; empty: it need not be."""
    found = [f"risk: {task.level}"] if task.level in _TOO_RISKY else []
    if task.scope in _TOO_WIDE:
        found.append(f"size: {task.size}" if task.sized else f"scope: {task.scope}")
    return found
