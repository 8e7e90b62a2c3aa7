"""The files of a project that can be mended: a class for each kind of file, listed in `KINDS`."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, Self

from vtm.app.app import App
from vtm.app.declared import read_task_files
from vtm.app.declaring import Declaring
from vtm.app.mending_files import TaskFiles
from vtm.app.opened import Opened
from vtm.model.state import State
from vtm.ports.mending import Mendable
from vtm.ports.reading import Declared, Recorded
from vtm.sources.manifest import JsonManifest
from vtm.sources.manifest_mending import MendableManifest
from vtm.sources.manifest_text import ManifestText, refuse_repeated_keys
from vtm.sources.state import JsonState
from vtm.stores.watched import Watched

Replacing = tuple[Watched, bytes]
"""A file as it was read, and what is to be in it."""


class StateRead(NamedTuple):
    """The state file as it was read, and what is recorded in it."""

    file: Watched
    recorded: Recorded

    @classmethod
    def of(cls, app: App) -> Self:
        """Read it.

        Raises:
            UnreadableError: It is there and cannot be read.
        """
        root, name = app.project.root, app.settings.paths.state
        file = Watched.read(root, name)
        store = JsonState(root / name, name)
        return cls(file, Recorded(State()) if file.seen is None else store.read(file.data, thorough=True))


class Declarations(Protocol):
    """All files of one kind that declare tasks in a project, as they were read."""

    @property
    @abstractmethod
    def found(self) -> Declared:
        """What they declare."""

    @abstractmethod
    def files(self) -> Sequence[Mendable]:
        """Their texts, in the order in which tasks count; none is damaged as a whole.

        Raises:
            UnreadableError: One of them has a key twice.
        """

    @abstractmethod
    def declared(self, texts: Sequence[Mendable]) -> Declared:
        """What would be declared with `texts` in the place of all files, in their order."""

    @abstractmethod
    def replacing(self, texts: Sequence[Mendable]) -> Sequence[Replacing]:
        """What is to be written for those of `texts` that differ; hashes follow."""


class ManifestDeclarations(Declarations):
    """The manifest, which the state follows with its hash."""

    def __init__(self, app: App, state: StateRead, manifest: Watched) -> None:
        self._app = app
        self._state = state
        self._manifest = manifest
        self._found = self._declared(manifest.data)

    @classmethod
    def read(cls, app: App, state: StateRead) -> Sequence[Declarations]:
        """The manifest, if the project has one.

        Raises:
            UnreadableError: It is there and cannot be read.
        """
        manifest = Watched.read(app.project.root, app.settings.paths.manifest)
        return [] if manifest.seen is None else [cls(app, state, manifest)]

    @property
    def found(self) -> Declared:
        """What it declares."""
        return self._found

    def files(self) -> Sequence[Mendable]:
        """The one manifest, which is not damaged as a whole.

        Raises:
            UnreadableError: An object in it has a key twice.
        """
        name, data = self._manifest.name, self._manifest.data
        refuse_repeated_keys(data, name)
        return [MendableManifest(name, data, self._found)]

    def declared(self, texts: Sequence[Mendable]) -> Declared:
        """What this manifest would declare."""
        (text,) = texts
        return self._found if text.data == self._manifest.data else self._declared(text.data)

    def replacing(self, texts: Sequence[Mendable]) -> Sequence[Replacing]:
        """The manifest, and the state if it was in step with it."""
        (text,) = texts
        manifest, state = self._manifest, self._state
        if text.data == manifest.data:
            return []
        backlog = Opened.of(self._app.settings.paths, self._found, state.recorded).whole()
        before = ManifestText(manifest.data, manifest.name)
        declaring = Declaring(backlog, manifest, state.file, before, before.canonical)
        written = declaring.written(before._replace(data=text.data))
        pairs = ((manifest, written.manifest), (state.file, written.state))
        return [(file, data) for file, data in pairs if data is not None and data != file.data]

    def _declared(self, data: bytes) -> Declared:
        """What is declared in `data`; `files` lets no key pass that stands twice."""
        name = self._manifest.name
        return JsonManifest(self._manifest.path, name).read(data, thorough=False)


class TaskFileDeclarations(Declarations):
    """The task files; nothing but them follows from them."""

    def __init__(self, files: TaskFiles) -> None:
        self._files = files

    @classmethod
    def read(cls, app: App, state: StateRead) -> Sequence[Declarations]:  # noqa: ARG003  no hash of them is kept
        """The task files, if the project has a folder of them."""
        paths = app.settings.paths
        if not (app.project.root / paths.tasks).is_dir():
            return []
        return [cls(TaskFiles(app.project.root, read_task_files(app.project, paths, thorough=True)))]

    @property
    def found(self) -> Declared:
        """What they declare."""
        return self._files.found

    def files(self) -> Sequence[Mendable]:
        """Each that declares a task, whether or not it can be edited."""
        return self._files.mendable

    def declared(self, texts: Sequence[Mendable]) -> Declared:
        """What they would declare; only those that differ are read again."""
        return self._files.declared(self._files.changed(texts))

    def replacing(self, texts: Sequence[Mendable]) -> Sequence[Replacing]:
        """Those that differ."""
        return self._files.replacing(self._files.changed(texts))


KINDS: Sequence[Callable[[App, StateRead], Sequence[Declarations]]] = (
    ManifestDeclarations.read,
    TaskFileDeclarations.read,
)
"""What finds the files of each kind in a project, in the order in which their tasks count."""
