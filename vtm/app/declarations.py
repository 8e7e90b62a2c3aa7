"""What a project declares, for whoever changes its state."""

from collections.abc import Mapping
from functools import cached_property

from vtm.app.app import App
from vtm.app.declared import read_declared
from vtm.app.file_edits import file_edit
from vtm.app.opened import Opened
from vtm.model.backlog import Backlog
from vtm.model.facts import ManifestHashes
from vtm.model.state import State, TaskState
from vtm.model.task import FileTask, Task
from vtm.ports.reading import Declared, Recorded
from vtm.sources.files import read_bytes
from vtm.sources.hashes import manifest_hashes
from vtm.sources.state import JsonState
from vtm.stores.reads import Reads
from vtm.stores.watched import Edit


class Declarations:
    """Manifest and task files, each read when it is first asked for, and again after `reread`."""

    def __init__(self, app: App) -> None:
        self._app = app
        paths = app.settings.paths
        self._state = JsonState(app.project.root / paths.state, paths.state)

    @cached_property
    def declared(self) -> Declared:
        """What the project declares."""
        return read_declared(self._app.project, self._app.settings.paths, thorough=False)

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """The declared tasks by id; an id that is declared twice means its first declaration."""
        tasks = self.declared.manifest.tasks if self.declared.manifest else ()
        return {task.task_id: task for task in reversed(tasks)}

    @cached_property
    def hashes(self) -> ManifestHashes:
        """Of the manifest."""
        name = self._app.settings.paths.manifest
        data = read_bytes(self._app.project.root / name, name)
        return manifest_hashes(data) if isinstance(data, bytes) else ManifestHashes()

    @property
    def reads(self) -> Reads:
        """What a ledger is told of the project."""
        return Reads(self.recorded, self._task, lambda: self.hashes.canonical, self._edit, self.reread)

    def reread(self) -> None:
        """Read everything anew when it is next asked for."""
        for name in ("declared", "tasks", "hashes"):
            self.__dict__.pop(name, None)

    def recorded(self, data: bytes | None) -> Recorded:
        """What is in the bytes of a state file; None: there is none."""
        return Recorded(State()) if data is None else self._state.read(data, thorough=False)

    def stored(self) -> Recorded:
        """What is in the state file."""
        return self._state.load(thorough=False)

    def backlog(self, recorded: Recorded) -> Backlog:
        """The declared tasks with this state.

        Raises:
            UnreadableError: There is no backlog, or one of its files is damaged as a whole.
        """
        return Opened.of(self._app.settings.paths, self.declared, recorded).whole()

    def _task(self, task_id: str) -> Task | None:
        return self.tasks.get(task_id)

    def _edit(self, task: FileTask, state: TaskState) -> Edit | None:
        return file_edit(self._app.project.root, self.declared, task, state)
