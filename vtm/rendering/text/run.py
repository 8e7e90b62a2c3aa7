"""What came of a run, as text."""

from collections.abc import Iterator, Sequence

from vtm.queries.run import RunOutcome, RunResult, TaskReason
from vtm.rendering.render import Terminal
from vtm.rendering.text.findings import finding_lines
from vtm.rules.wording import counted

_SAID = {
    RunOutcome.DONE: "done: nothing is left to do",
    RunOutcome.WAITING: "waiting: what is left waits for a merge",
    RunOutcome.LIMIT: "stopped: as many were completed as were asked for",
    RunOutcome.STUCK: "stuck: what is left waits for somebody",
    RunOutcome.DRAINED: "stopped: `vtm run --resume` goes on",
    RunOutcome.ABORTED: "aborted: `vtm run --resume` goes on",
    RunOutcome.PLANNED: "nothing was started",
}


def lines(result: RunResult, _: Terminal) -> Iterator[str]:
    """How it ended, what was done, and what is left, with what to do about it."""
    at_once = f", at most {result.max} at once" if result.max > 1 else ""
    yield f"Run {result.run}: {_SAID[result.outcome]}" if result.run else f"{_SAID[result.outcome]}{at_once}"
    for each in result.steps:
        agent = f" as {each.agent}" if each.agent else ""
        yield f"  {each.step}. {each.task_id}  {each.title}  ({each.runner}{agent})"
    if result.completed:
        yield f"  completed {len(result.completed)}: {', '.join(result.completed)}"
    if result.merged:
        yield f"  merged {len(result.merged)}: {', '.join(result.merged)}"
    yield from _reasons("blocked", result.blocked)
    yield from _reasons("held", result.held)
    if result.gate:
        yield f"  {result.gate.splitlines()[0]}; `vtm phase` shows the gates"
    for branch in result.waiting:
        why = f": {branch.reason}" if branch.reason else ""
        yield f"  to merge {branch.task_id}: {branch.branch}{why}"
    if result.waiting:
        yield "  `vtm merge --ready` brings them to main, then `vtm run` goes on"
    if result.left and not result.steps:
        yield f"  left: {counted(len(result.left), 'task')}"
    yield from finding_lines(result.findings)


def _reasons(what: str, tasks: Sequence[TaskReason]) -> Iterator[str]:
    for each in tasks:
        codes = f" ({', '.join(each.codes)})" if each.codes else ""
        yield f"  {what} {each.task_id}: {each.reason.splitlines()[0] if each.reason else ''}{codes}"
