"""What a project declares: its manifest and its task files."""

import os

from msgspec.structs import replace

from vtm.discovery import Project, runtime_folder
from vtm.model.finding import Location
from vtm.model.settings import Paths
from vtm.model.task import Manifest
from vtm.ports.reading import Declared
from vtm.sources.manifest import JsonManifest


def read_declared(project: Project, paths: Paths, *, thorough: bool) -> Declared:
    """Read both; the tasks of the manifest come first, then those of files in the order of their paths."""
    manifest = JsonManifest(project.root / paths.manifest, paths.manifest).load(thorough=thorough)
    if not os.path.lexists(project.root / paths.tasks):
        return manifest
    return both(manifest, read_task_files(project, paths, thorough=thorough), paths.manifest)


def read_task_files(project: Project, paths: Paths, *, thorough: bool) -> Declared:
    """Read the task files; something stands where their folder should be."""
    from vtm.sources.markdown import MarkdownTasks  # noqa: PLC0415  2 ms that a manifest alone saves

    return MarkdownTasks(project.root, paths.tasks, runtime_folder(project)).load(thorough=thorough)


def both(first: Declared, second: Declared, name: str) -> Declared:
    """The manifest `name` and task files as one; a manifest that is damaged as a whole stays so."""
    if first.missing:
        return second
    defects = [*first.defects, *second.defects]
    if first.manifest is None or second.manifest is None:
        return first._replace(defects=defects)
    tasks: Manifest = replace(first.manifest, tasks=(*first.manifest.tasks, *second.manifest.tasks))
    there = first.origins or [
        Location(name, pointer=("tasks", each)) for each in range(len(first.manifest.tasks))
    ]
    return Declared(tasks, defects, [*there, *second.origins])
