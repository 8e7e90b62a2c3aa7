"""What came of a run, or would."""

from collections.abc import Iterator, Sequence

from vtm.app.running.agents import Agents
from vtm.app.running.preparing import Prepared
from vtm.engine.running.hands import Hands
from vtm.engine.running.loop import Loop
from vtm.engine.running.order import Order, Tally
from vtm.graph.readiness import Readiness
from vtm.model.backlog import Backlog
from vtm.model.status import Status
from vtm.model.task import Task
from vtm.queries.plannable import plannable
from vtm.queries.run import RunOutcome, RunResult, RunTask, TaskReason

_BESIDE = "IN-PROGRESS"
_OVER = {Status.COMPLETED, Status.ABANDONED}


def steps(before: Prepared, agents: Agents) -> RunResult:
    """What a run would do, and who would do it; of what depends on a failure nothing can be known."""
    found = []
    for step, each in enumerate(before.plan.rounds, 1):
        for name in each.names:
            task = before.backlog[name]
            who = agents.assigned(task)
            found.append(RunTask(step, name, task.title, who.runner, who.agent))
    order = before.order
    return RunResult(
        outcome=RunOutcome.PLANNED,
        mode=order.mode,
        max=order.places,
        left=[task.task_id for task in before.tasks],
        steps=found,
        findings=before.findings,
    )


def result(hands: Hands, before: Prepared, order: Order, loop: Loop) -> RunResult:
    """What came of a run."""
    backlog, tally = hands.backlog(), loop.tally
    selected = order.filters.keep(backlog.tasks)
    left = [task.task_id for task in selected if backlog.status(task.task_id) not in _OVER]
    blocked = [each for each in tally.blocked.values() if backlog.status(each.task_id) is Status.BLOCKED]
    return RunResult(
        run=order.run,
        outcome=_outcome(backlog, order, loop, left),
        mode=order.mode,
        max=order.places,
        completed=tally.completed,
        blocked=blocked,
        merged=tally.merged,
        waiting=list(tally.away.values()),
        held=[*tally.held.values(), *tally.given_up.values(), *_of_others(backlog, selected, tally)],
        left=[name for name in left if backlog.status(name) is not Status.BLOCKED],
        gate=tally.gate,
        findings=before.findings,
    )


def _of_others(backlog: Backlog, selected: Sequence[Task], tally: Tally) -> Iterator[TaskReason]:
    """What somebody outside of the run works at: what is left may wait for it, or for its place."""
    for task in selected:
        name, state = task.task_id, backlog.state_of(task)
        if state.status is Status.IN_PROGRESS and name not in {*tally.held, *tally.given_up}:
            reason = f"{state.owner or 'somebody'} works at it outside of this run; run again when it is over"
            yield TaskReason(name, reason, [_BESIDE])


def _outcome(backlog: Backlog, order: Order, loop: Loop, left: Sequence[str]) -> RunOutcome:
    tally = loop.tally
    if not left and tally.gate:
        return RunOutcome.STUCK
    if not left:
        return RunOutcome.WAITING if tally.away else RunOutcome.DONE
    if loop.stopping:
        return RunOutcome.ABORTED
    if loop.draining:
        return RunOutcome.DRAINED
    if order.until is not None and len(tally.completed) >= order.until:
        return RunOutcome.LIMIT
    found = plannable(backlog, Readiness(backlog), order.filters)
    free = not (found.unplanned or found.running or tally.held or tally.given_up or tally.blocked)
    return RunOutcome.WAITING if free and tally.away else RunOutcome.STUCK
