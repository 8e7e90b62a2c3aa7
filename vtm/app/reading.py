"""Keeps receipts of context files."""

from collections.abc import Sequence
from pathlib import Path

from vtm.app.app import App
from vtm.app.places import name_in
from vtm.app.receipts import context_files, receipts, unread
from vtm.discovery import runtime_folder
from vtm.errors import WrongUsageError
from vtm.model.task import Task
from vtm.queries.receipts import FileRead, FilesRead
from vtm.stores.runtime import SqliteRuntime


def read_for(app: App, task: Task, folder: Path, files: Sequence[str], *, dry_run: bool) -> FilesRead:
    """Remember that `files`, relative to `folder` (none: all context files), were read for a task.

    With `dry_run` nothing is remembered.

    Raises:
        WrongUsageError: One of them is outside the project, or cannot be read.
        ExternalError: The database cannot be used.
    """
    paths = [_inside(app, folder, each) for each in files] or context_files(app, task)
    found = list(receipts(app, task, paths))
    runtime = SqliteRuntime(runtime_folder(app.project))
    if found and not dry_run:
        runtime.keep(found, app.instant)
    read = [FileRead(each.path, each.sha256) for each in found]
    return FilesRead(task.task_id, read, unread(app, runtime, task))


def _inside(app: App, folder: Path, file: str) -> str:
    name = name_in(app.project.work, folder / file)
    if not name:
        raise WrongUsageError(
            f"{file} is outside the project", code="UNREADABLE-FILE", fix="name a file of the project"
        )
    return name
