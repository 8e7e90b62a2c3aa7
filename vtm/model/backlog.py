"""A backlog: declared tasks together with their state."""

from collections.abc import Sequence
from typing import Self

from msgspec.structs import replace

from vtm.model.finding import Damage, Defect, Location, Pointer
from vtm.model.own_file import as_known, with_own_files
from vtm.model.state import UNTOUCHED, State, TaskState
from vtm.model.status import Status
from vtm.model.task import FileTask, Manifest, Task

_IN_FILES = {"status", "started_at", "completed_at", "acs_completed"}


class Backlog:
    """Declared tasks with what has happened to them.

    An id that is declared more than once means its first declaration.

    Attributes:
        manifest: As declared.
        state: What has happened, entries of unknown tasks included; a task's own file wins.
        recorded: What the state file says.
        tasks: Each id once, in the order of declaration.
        duplicates: Later declarations of an id, with their positions in `manifest.tasks`.
        defects: What the readers found wrong with the files.
    """

    def __init__(
        self,
        manifest: Manifest,
        state: State,
        *,
        manifest_path: str = "",
        state_path: str = "",
        origins: Sequence[Location] = (),
        defects: Sequence[Defect] = (),
    ) -> None:
        self.manifest = manifest
        self.recorded = state
        self.manifest_path = manifest_path
        self.state_path = state_path
        self.defects = tuple(defects)
        self._origins = origins
        self._positions: dict[str, int] = {}
        self._tasks: dict[str, Task] = {}
        self.duplicates: list[tuple[int, Task]] = []
        for position, task in enumerate(manifest.tasks):
            if task.task_id in self._tasks:
                self.duplicates.append((position, task))
            elif isinstance(task, FileTask):
                self._tasks[task.task_id] = as_known(task, state.tasks.get(task.task_id))
                self._positions[task.task_id] = position
            else:
                self._tasks[task.task_id] = task
                self._positions[task.task_id] = position
        self.state = with_own_files(state, self._tasks.values())
        self.tasks: Sequence[Task] = tuple(self._tasks.values())

    @property
    def unread(self) -> list[str]:
        """Files of tasks whose ids are not known."""
        others = {self.manifest_path, self.state_path}
        found = (
            each.location.path
            for each in self.defects
            if each.damage is not Damage.LENIENT and not each.task_id and each.location.path not in others
        )
        return list(dict.fromkeys(found))

    def __contains__(self, task_id: object) -> bool:
        return task_id in self._tasks

    def __getitem__(self, task_id: str) -> Task:
        """The task with this id.

        Raises:
            KeyError: There is none.
        """
        return self._tasks[task_id]

    def supposing(self, task: Task, entry: TaskState) -> Self:
        """The same backlog if `entry` were the state of `task`, whatever a file of its own says."""
        state = replace(self.state, tasks={**self.state.tasks, task.task_id: entry})
        supposed = object.__new__(type(self))
        supposed.__dict__.update(self.__dict__, state=state)
        return supposed

    def state_of(self, task: Task) -> TaskState:
        """What has happened to `task`."""
        return self.state.tasks.get(task.task_id, UNTOUCHED)

    def status(self, task_id: str) -> Status | None:
        """The status of a task; None where no task has this id."""
        if task_id not in self._tasks:
            return None
        return self.state.tasks.get(task_id, UNTOUCHED).status

    def position(self, task_id: str) -> int:
        """Where the task stands in the order of declaration, from 0."""
        return self._positions[task_id]

    def at(self, task: Task, *keys: str | int) -> Location:
        """Where a task, or one of its fields, is declared."""
        return self.at_position(self._positions[task.task_id], *keys)

    def at_position(self, position: int, *keys: str | int) -> Location:
        """Where the task at `position` in `manifest.tasks`, or one of its fields, is declared."""
        if not self._origins:
            return self.at_manifest("tasks", position, *keys)
        origin = self._origins[position]
        return Location(origin.path, origin.line, origin.column, (*origin.pointer, *keys))

    def at_manifest(self, *pointer: str | int) -> Location:
        """A place in the manifest."""
        return Location(self.manifest_path, pointer=pointer)

    def at_state(self, *pointer: str | int) -> Location:
        """A place in the state file."""
        return Location(self.state_path, pointer=pointer)

    def at_entry(self, task_id: str, *keys: str | int) -> Location:
        """Where the state of a task, or one of its fields, is recorded: its own file has some of them."""
        task = self._tasks.get(task_id)
        if isinstance(task, FileTask) and keys and keys[0] in _IN_FILES:
            return self.at(task, *keys)
        pointer: Pointer = ("tasks", task_id, *keys)
        return self.at_state(*pointer)
