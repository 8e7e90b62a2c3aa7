"""Puts the front matter of task files in one order."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from vtm.app.app import App
from vtm.app.locking import held
from vtm.app.places import name_in
from vtm.errors import UnreadableError
from vtm.model.finding import Defect
from vtm.queries.formatted import Formatted, Unformatted, formatted
from vtm.sources.front_matter_order import in_order
from vtm.sources.markdown_task import read_task
from vtm.sources.markdown_text import parts
from vtm.sources.task_files import list_files
from vtm.stores.watched import Watched


class Chosen(NamedTuple):
    """Files to look at.

    Attributes:
        root: What their names are relative to.
        problems: What stands where a file could.
        by_name: Whether somebody named them; of those in folders, what is no task file is passed over.
    """

    root: Path
    names: Sequence[str]
    problems: Sequence[Defect] = ()
    by_name: bool = False


def chosen(app: App, folder: Path, paths: Sequence[str]) -> list[Chosen]:
    """The files that `paths` name, relative to `folder`, and those in folders; without `paths`, all tasks.

    Raises:
        UnreadableError: There is no such file or folder, or it lies outside the project.
    """
    if not paths:
        return [_below(app.project.root, app.settings.paths.tasks)]
    return [_named(app, folder / path, path) for path in paths]


def format_files(app: App, files: Sequence[Chosen], *, check: bool) -> Formatted:
    """Put each file in order; with `check`, only look.

    Raises:
        ConflictError: Somebody else is writing, or changed a file meanwhile; it stays as it is.
        ExternalError: The system refuses to write a file; it stays as it is.
    """
    if check:
        return _format(files, check=True)
    with held(app):
        return _format(files, check=False)


def _format(files: Sequence[Chosen], *, check: bool) -> Formatted:
    total, changed, problems = 0, [], []
    for group in files:
        problems += [_of_defect(each) for each in group.problems]
        for name in group.names:
            try:
                file = Watched.read(group.root, name)
                if not group.by_name and parts(file.data) is None and not read_task(name, file.data).defects:
                    continue
                total += 1
                data = in_order(file.data, name)
            except UnreadableError as error:
                problems.append(Unformatted(name, error.line, error.column, error.message, error.fix))
                continue
            if data != file.data:
                changed.append(name)
                if not check:
                    file.replace_with(data)
    return formatted(total, changed, problems, check=check)


def _of_defect(defect: Defect) -> Unformatted:
    where = defect.location
    return Unformatted(where.path, where.line, where.column, defect.message, defect.fix)


def _named(app: App, path: Path, shown: str) -> Chosen:
    """What one path names, in the project or in the caller's own checkout of it."""
    roots = dict.fromkeys((app.project.work, app.project.root))
    root, name = next(((root, name) for root in roots if (name := _inside(root, path))), (path, ""))
    if not name or not _exists(path):
        raise UnreadableError(
            f"{shown} lies outside the project" if _exists(path) else f"{shown} does not exist",
            code="GAP::UNREADABLE",
            path=shown,
            fix="name a task file or a folder of this project",
        )
    if name == ".":
        return _below(root, app.settings.paths.tasks)
    return _below(root, name) if path.is_dir() else Chosen(root, [name], by_name=True)


def _below(root: Path, folder: str) -> Chosen:
    listed = list_files(root, folder)
    return Chosen(root, list(listed.files), listed.defects)


def _inside(root: Path, path: Path) -> str:
    try:
        return name_in(root, path)
    except (OSError, ValueError):  # no file can have such a name
        return ""


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # no file can have such a name
        return False
