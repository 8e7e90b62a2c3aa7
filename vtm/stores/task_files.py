"""The files that tasks have of their own, beside the entries of the state."""

from collections.abc import Sequence

from vtm.model.event import Event
from vtm.model.folding import fold
from vtm.model.own_file import as_known, overlaid, remembering, says
from vtm.model.standing import Standing, standing
from vtm.model.state import TaskState
from vtm.model.task import FileTask
from vtm.stores.durable import remove_leftovers
from vtm.stores.reads import Reads
from vtm.stores.watched import Edit


class TaskFiles:
    """What the files of tasks say and are to say; a task without one is left alone."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def of(self, task_id: str) -> FileTask | None:
        """The task with this id, if it has a file."""
        task = self._reads.task(task_id)
        return task if isinstance(task, FileTask) else None

    def standing(self, task_id: str, entry: TaskState | None, events: Sequence[Event]) -> Standing:
        """How an entry of the state file stands to the events of its task."""
        return standing(entry, events, own_file=self.of(task_id) is not None)

    def shown(self, task_id: str, entry: TaskState | None) -> TaskState | None:
        """An entry; in what a task's own file owns, the file is right whatever the state says."""
        task = self.of(task_id)
        return entry if task is None else overlaid(task, entry)

    def edit(self, task_id: str, before: TaskState | None, after: TaskState) -> tuple[TaskState, Edit | None]:
        """`after` with the ids of boxes, and what the file is to hold; None: it says what it should.

        Raises:
            UnreadableError: The file cannot be read, or not be edited without a doubt.
            ConflictError: It is not the one any more that was read.
        """
        task = self.of(task_id)
        if task is None:
            return after, None
        known = as_known(task, before)
        after = remembering(known, after)
        return after, None if says(known, after) else self._reads.edit(known, after)

    def catch_up(self, task_id: str, before: TaskState | None, events: Sequence[Event], unseen: int) -> None:
        """Let a file follow the last `unseen` events at once, unless somebody has edited it since.

        `before` is the entry as the state file has it. Whoever wrote the events may have died in any place.
        """
        task, after = self.of(task_id), fold(events).state
        if task is None or after is None:
            return
        known = as_known(task, before)
        stages = (fold(events[:last]).state for last in range(len(events) - unseen, len(events)))
        if says(known, after) or not any(says(known, each) for each in (before, *stages)):
            return
        edit = self._reads.edit(known, remembering(known, after))
        if edit is not None:
            remove_leftovers(edit.before.path)
            edit.before.replace_with(edit.after)
            self._reads.reread()
