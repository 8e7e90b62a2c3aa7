"""The files of a project that can be mended: a class for each kind of file, listed in `KINDS`."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from vtm.app.app import App
from vtm.app.declared import read_task_files
from vtm.app.declaring import Declaring
from vtm.ports.mending import Mendable
from vtm.ports.reading import Declared
from vtm.sources.manifest import JsonManifest
from vtm.sources.manifest_mending import MendableManifest
from vtm.stores.watched import Watched

Replacing = tuple[Watched, bytes]
"""A file as it was read, and what is to be in it."""


class Declarations(Protocol):
    """All files of one kind that declare tasks in a project, as they were read."""

    @property
    @abstractmethod
    def files(self) -> Sequence[Mendable]:
        """Their texts, in the order in which tasks count."""

    @abstractmethod
    def declared(self, texts: Sequence[Mendable]) -> Declared:
        """What would be declared with `texts` in the place of all `files`."""

    @abstractmethod
    def replacing(self, texts: Sequence[Mendable]) -> Sequence[Replacing]:
        """What is to be written for those of `texts` that differ; hashes follow."""


class _Manifest(NamedTuple):
    app: App
    declaring: Declaring


class ManifestDeclarations(_Manifest, Declarations):
    """The manifest, which the state follows with its hash."""

    @classmethod
    def read(cls, app: App) -> Sequence[Declarations]:
        """The manifest, if the project has one.

        Raises:
            UnreadableError: A file is damaged or has a key twice.
        """
        there = (app.project.root / app.settings.paths.manifest).exists()
        return [cls(app, Declaring.read(app))] if there else []

    @property
    def files(self) -> Sequence[Mendable]:
        """The one manifest."""
        return [MendableManifest.of(self.declaring.text)]

    def declared(self, texts: Sequence[Mendable]) -> Declared:
        """What this manifest would declare."""
        (text,) = texts
        return JsonManifest(self.app.project.root / text.name, text.name).read(text.data, thorough=True)

    def replacing(self, texts: Sequence[Mendable]) -> Sequence[Replacing]:
        """The manifest, and the state if it was in step with it."""
        (text,) = texts
        declaring = self.declaring
        if text.data == declaring.manifest.data:
            return []
        written = declaring.written(declaring.text._replace(data=text.data))
        pairs = ((declaring.manifest, written.manifest), (declaring.state, written.state))
        return [(file, data) for file, data in pairs if data is not None and data != file.data]


class _TaskFiles(NamedTuple):
    found: Declared


class TaskFileDeclarations(_TaskFiles, Declarations):
    """The task files, of which none is mended: they are there to be judged."""

    @classmethod
    def read(cls, app: App) -> Sequence[Declarations]:
        """The task files, if the project has a folder of them."""
        paths = app.settings.paths
        if not (app.project.root / paths.tasks).is_dir():
            return []
        return [cls(read_task_files(app.project, paths, thorough=True))]

    @property
    def files(self) -> Sequence[Mendable]:
        """None of them."""
        return []

    def declared(self, texts: Sequence[Mendable]) -> Declared:  # noqa: ARG002  there are none
        """What they declare."""
        return self.found

    def replacing(self, texts: Sequence[Mendable]) -> Sequence[Replacing]:  # noqa: ARG002  there are none
        """Nothing."""
        return []


KINDS: Sequence[Callable[[App], Sequence[Declarations]]] = (
    ManifestDeclarations.read,
    TaskFileDeclarations.read,
)
"""What finds the files of each kind in a project, in the order in which their tasks count."""
