"""Tasks that are declared in files of their own: what the file says and what the state says, as one.

The file owns status, times and boxes; everything else is in the state file.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from vtm.model.box_ids import renumbered
from vtm.model.state import UNTOUCHED, State, TaskState, decided
from vtm.model.status import Status
from vtm.model.task import FileTask, Task


def has_file(task: Task | None) -> bool:
    """Whether a task has a file of its own."""
    return isinstance(task, FileTask)


def as_known(task: FileTask, entry: TaskState | None) -> FileTask:
    """`task` with the ids that its boxes were given before, as `entry` remembers them."""
    return renumbered(task, entry.criteria) if entry and entry.criteria else task


def overlaid(task: FileTask, entry: TaskState | None) -> TaskState | None:
    """The state of `task`: what its file says over what `entry` says; None where neither says anything.

    A time that the file does not have is the entry's where both agree on the status. Criteria that were met
    keep the order in which that was recorded; of those that no box is for, the file says nothing.
    """
    if entry is None:
        return _said_by_file(task)
    before = entry
    known = as_known(task, entry)
    ticked, boxes = dict.fromkeys(known.met), {each.id for each in known.acceptance_criteria}
    met = [each for each in before.acs_completed if each in ticked or each not in boxes]
    met += [each for each in ticked if each not in before.acs_completed]
    agreed = before if before.status is task.declared_status else UNTOUCHED
    return replace(
        before,
        status=task.declared_status or Status.PENDING,
        started_at=task.started_at or agreed.started_at,
        completed_at=task.completed_at or agreed.completed_at,
        acs_completed=tuple(met),
    )


def _said_by_file(task: FileTask) -> TaskState | None:
    status = task.declared_status or Status.PENDING
    if status is Status.PENDING and not (task.started_at or task.completed_at or task.met):
        return None
    return TaskState(status, task.started_at, task.completed_at, tuple(dict.fromkeys(task.met)))


def says(task: FileTask, entry: TaskState | None) -> bool:
    """Whether the file of `task` says what `entry` does, so that nothing in it need be written."""
    return decided(overlaid(task, entry)) == decided(entry)


def remembering(task: FileTask, state: TaskState) -> TaskState:
    """`state` with the ids that boxes of `task` were given, and their texts, so that they keep them."""
    given = set(task.numbered)
    return replace(
        state, criteria={each.id: each.text for each in task.acceptance_criteria if each.id in given}
    )


def with_own_files(state: State, tasks: Iterable[Task]) -> State:
    """`state` with what the files of `tasks` say; the same where there are no such files."""
    entries: Mapping[str, TaskState] = state.tasks
    found = {
        task.task_id: entry
        for task in tasks
        if isinstance(task, FileTask) and (entry := overlaid(task, entries.get(task.task_id)))
    }
    return replace(state, tasks={**entries, **found}) if found else state
