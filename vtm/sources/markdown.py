"""A folder of Markdown files as a source of tasks."""

import os
from collections.abc import Mapping
from pathlib import Path

from vtm.model.finding import Defect, Location
from vtm.model.task import FileTask, Manifest
from vtm.ports.reading import Declared, TaskSource
from vtm.sources.decoder import paused_collector
from vtm.sources.index import Kept, load_index, save_index
from vtm.sources.task_files import Seen, list_files


class MarkdownTasks(TaskSource):
    """The task files below a folder.

    Attributes:
        root: Of the project.
        folder: Where the files are, POSIX and relative to `root`.
        runtime: Where an index of them is kept.
    """

    def __init__(self, root: Path, folder: str, runtime: Path) -> None:
        self.root = root
        self.folder = folder
        self.runtime = runtime

    def load(self, *, thorough: bool) -> Declared:  # noqa: ARG002  nothing is left out that could be looked for
        """Read all tasks, in the order of their paths; only files that have changed are opened."""
        with paused_collector():
            return self._load()

    def _load(self) -> Declared:
        listed = list_files(self.root, self.folder)
        if not listed.files and not listed.defects:
            return Declared(None, missing=True)
        known = load_index(self.runtime, self.folder)
        stale = {name: seen for name, seen in listed.files.items() if not _is_kept(known.get(name), seen)}
        read = self._read(stale) if stale else {}
        found = {
            name: kept
            for name in listed.files
            if (kept := read[name] if name in stale else known[name]) is not None
        }
        if len(known) != len(found) or any(known.get(name) != kept for name, kept in read.items()):
            save_index(self.runtime, self.folder, found)
        return _declared(found, listed.defects)

    def _read(self, files: Mapping[str, Seen]) -> Mapping[str, Kept | None]:
        from vtm.sources.reading_files import read_files  # noqa: PLC0415  yaml: 15 ms that a warm index saves

        return read_files(os.path.join(self.root, ""), files)  # noqa: PTH118  pathlib drops the last separator


def _is_kept(kept: Kept | None, seen: Seen) -> bool:
    return kept is not None and kept.is_of(seen)


def _are_placed(found: dict[str, Kept]) -> bool:
    return any(kept.task is not None and kept.task.position is not None for kept in found.values())


def _order(item: tuple[str, Kept]) -> tuple[bool, int, str]:
    """First what comes from a manifest, in the order that it had there, then the rest by its path."""
    position = item[1].task.position if item[1].task else None
    return position is None, position or 0, item[0]


def _declared(found: dict[str, Kept], more: list[Defect]) -> Declared:
    tasks: list[FileTask] = []
    origins: list[Location] = []
    defects = list(more)
    for name, kept in sorted(found.items(), key=_order) if _are_placed(found) else found.items():
        if kept.task is not None:
            tasks.append(kept.task)
            origins.append(Location(name))
        defects += kept.defects
    if not tasks and not defects:
        return Declared(None, missing=True)
    return Declared(Manifest(tuple(tasks)), sorted(defects, key=lambda each: each.location.path), origins)
