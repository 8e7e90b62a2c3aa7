"""The task files of a project while some of them are mended: only those are opened."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from vtm.errors import ConflictError
from vtm.model.task import FileTask, Manifest
from vtm.ports.mending import Mendable
from vtm.ports.reading import Declared
from vtm.stores.watched import Watched


class TaskFiles:
    """Task files as an index knows them.

    Attributes:
        found: What they declare.
    """

    def __init__(self, root: Path, found: Declared) -> None:
        self.found = found
        self._root = root
        self._read: dict[str, Watched] = {}
        tasks = found.manifest.tasks if found.manifest else ()
        paths = [each.path for each in found.origins]
        self._tasks = {
            path: task for path, task in zip(paths, tasks, strict=True) if isinstance(task, FileTask)
        }

    @cached_property
    def mendable(self) -> Sequence[Mendable]:
        """Each file that declares a task, in the order of their paths."""
        from vtm.sources.markdown_mending import MendableTaskFile  # noqa: PLC0415  ruamel.yaml: 60 ms

        noted = {each.location.path for each in self.found.defects}
        return [MendableTaskFile(name, task, name in noted, self._data) for name, task in self._tasks.items()]

    def changed(self, texts: Sequence[Mendable]) -> Sequence[Mendable]:
        """Those of `texts` that are not the files as they are."""
        return [new for new, old in zip(texts, self.mendable, strict=True) if new is not old]

    def declared(self, changed: Sequence[Mendable]) -> Declared:
        """What would be declared with these in the place of the files of their names."""
        from vtm.sources.markdown_task import read_task  # noqa: PLC0415  yaml: 15 ms that a warm index saves

        if not changed:
            return self.found
        read = {each.name: read_task(each.name, each.data) for each in changed}
        defects = [each for each in self.found.defects if each.location.path not in read]
        defects += [defect for each in read.values() for defect in each.defects]
        now = {name: read[name].task if name in read else task for name, task in self._tasks.items()}
        return Declared(
            Manifest(tuple(task for task in now.values() if task is not None)),
            sorted(defects, key=lambda each: each.location.path),
            [each for each in self.found.origins if now[each.path] is not None],
        )

    def replacing(self, changed: Sequence[Mendable]) -> list[tuple[Watched, bytes]]:
        """The files to write; of names that lead to one file, the first, whose lists are mended too."""
        real: dict[Path, tuple[Watched, bytes]] = {}
        for each in changed:
            file = self._watched(each.name)
            if each.data != file.data:
                real.setdefault(file.path.resolve(), (file, each.data))
        return list(real.values())

    def _data(self, name: str) -> bytes:
        return self._watched(name).data

    def _watched(self, name: str) -> Watched:
        """A file as it is read first.

        Raises:
            UnreadableError: It cannot be read.
            ConflictError: It is not the one any more that its task was read from.
        """
        if name not in self._read:
            from vtm.sources.markdown_task import read_task  # noqa: PLC0415  yaml: 15 ms, the same

            file = Watched.read(self._root, name)
            if read_task(name, file.data).task != self._tasks[name]:
                raise ConflictError(
                    f"{name} was changed by somebody else while it was being read; nothing was written",
                    code="CHANGED-UNDERNEATH",
                    path=name,
                    fix="run it again",
                )
            self._read[name] = file
        return self._read[name]
