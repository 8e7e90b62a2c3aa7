"""What whoever goes on with a task has to know."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from vtm.model.backlog import Backlog
from vtm.model.counting import counting
from vtm.model.event import Event, Handoff, Kind
from vtm.model.facts import BranchFacts
from vtm.model.state import Evidence, TaskState
from vtm.model.status import Risk, Status
from vtm.model.task import Task, Timestamp


class WrittenHandoff(Handoff, frozen=True, kw_only=True):
    """A hand-over that somebody wrote.

    Attributes:
        id: Of its line in the journal.
        actor: Who wrote it; empty: unknown.
        epoch: Of the task then.
    """

    id: str
    at: Timestamp
    actor: str
    epoch: int


class HandedOver(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.handoff/1"):
    """What state, journal and branch say to whoever goes on with a task, and what somebody wrote down.

    Attributes:
        branch: On which files were changed; empty: there is none, or it is not known.
        done: Criteria that are met, `next` what is left to do.
        files: Changed on the branch, or else as a worker reported.
        constraints: What limits the work.
        tests: How tests and verifications ended.
        written: The latest hand-over that somebody wrote; null: nobody did.
    """

    task_id: str
    title: str
    status: Status
    epoch: int
    branch: str
    done: Sequence[str]
    files: Sequence[str]
    next: Sequence[str]
    constraints: Sequence[str]
    tests: Sequence[str]
    written: WrittenHandoff | None = None


def latest_written(events: Iterable[Event]) -> WrittenHandoff | None:
    """The latest hand-over among the events of one task."""
    for event in reversed(counting(events)):
        handoff = event.evidence.handoff
        if event.event is Kind.HANDOFF and handoff is not None:
            fields = {name: getattr(handoff, name) for name in Handoff.__struct_fields__}
            return WrittenHandoff(**fields, id=event.id, at=event.at, actor=event.actor, epoch=event.epoch)
    return None


def handed_over(
    backlog: Backlog, task: Task, events: Sequence[Event], branch: BranchFacts | None
) -> HandedOver:
    """What is known of `task`, with all its `events`; `branch` is the caller's."""
    state, counted = backlog.state_of(task), counting(events)
    return HandedOver(
        task_id=task.task_id,
        title=task.title,
        status=state.status,
        epoch=state.epoch,
        branch=branch.name if branch else "",
        done=[_criterion(each.id, each.text) for each in task.acceptance_criteria if each.id in _met(state)],
        files=_files(counted, branch),
        next=list(_next(backlog, task, state, counted)),
        constraints=list(_constraints(task, state)),
        tests=list(_tests(task, state, counted)),
        written=latest_written(events),
    )


def _met(state: TaskState) -> frozenset[str]:
    return frozenset(state.acs_completed)


def _criterion(name: str, text: str) -> str:
    return f"{name}: {text}" if text else name


def _one_line(text: str) -> str:
    return "; ".join(text.splitlines())


def _files(events: Sequence[Event], branch: BranchFacts | None) -> Sequence[str]:
    """What the branch changed; where it changed nothing, as on main, what was last reported."""
    if branch is not None and branch.changed:
        return branch.changed
    reports = [each.evidence.report for each in events if each.evidence.report is not None]
    return next((each.files for each in reversed(reports) if each.files), ())


def _next(backlog: Backlog, task: Task, state: TaskState, events: Sequence[Event]) -> Iterator[str]:
    if state.status is Status.BLOCKED:
        yield f"resolve what blocks it: {_one_line(state.obstacle) or 'nobody said what'}"
        last = next((each for each in reversed(events) if each.event is Kind.BLOCK), None)
        if last is not None and last.evidence.suggestion:
            yield f"suggested: {_one_line(last.evidence.suggestion)}"
    if state.status in {Status.COMPLETED, Status.ABANDONED}:
        if state.status is Status.COMPLETED and state.pr_number is not None:
            yield f"review and merge pull request {state.pr_number}"
        return
    for needed in task.depends_on_tasks:
        status = backlog.status(needed)
        if status is not Status.COMPLETED and needed not in state.waived:
            yield f"wait for {needed}, which is {status or 'not declared'}"
    left = set(state.left(task))
    yield from (
        f"meet {_criterion(each.id, each.text)}" for each in task.acceptance_criteria if each.id in left
    )
    if not left and state.status is Status.IN_PROGRESS:
        yield "complete it: all criteria are met"


def _constraints(task: Task, state: TaskState) -> Iterator[str]:
    if task.file_scope:
        yield f"change only files in {', '.join(task.file_scope)}"
    if task.conflicts_with:
        yield f"not at the same time as {', '.join(task.conflicts_with)}"
    if task.risk is Risk.HIGH:
        yield "tests first: the risk is High"
    documents = (*task.related_specs, *task.related_adrs, *task.related_guides)
    if documents:
        yield f"keep to {', '.join(documents)}"
    for name, reason in state.waived.items():
        yield f"{name} was waived" + (f": {reason}" if reason else "")


def _tests(task: Task, state: TaskState, events: Sequence[Event]) -> Iterator[str]:
    known = [each.evidence.result for each in events if each.evidence.result is not None]
    result = state.evidence or (known[-1] if known else None)
    yield _told(result) if result is not None else "no result of tests is recorded"
    yield from (f"failed: {_one_line(each.text)}" for each in state.attempts)
    if task.test_verification:
        yield f"to pass: {', '.join(task.test_verification)}"


def _told(result: Evidence) -> str:
    numbers = {"passed": result.tests_passed, "failed": result.tests_failed, "exit code": result.exit_code}
    said = ", ".join(
        f"{name} {number}" if name == "exit code" else f"{number} {name}"
        for name, number in numbers.items()
        if number is not None
    )
    by = f" ({result.command})" if result.command else ""
    return f"{said or 'recorded'}{by}" + (f" at commit {result.commit}" if result.commit else "")
