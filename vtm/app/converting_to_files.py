"""Gives tasks of the manifest files of their own."""

from typing import Any, NamedTuple

from vtm.app.app import App
from vtm.app.declaring import Declaring
from vtm.errors import ConflictError
from vtm.model.state import UNTOUCHED
from vtm.model.task import FileTask, TaskId
from vtm.queries.converted import ConvertedTask, Inconvertible
from vtm.sources.decoder import convert
from vtm.sources.files import Missing, read_bytes
from vtm.sources.task_names import any_file_of
from vtm.sources.task_places import NotConvertibleError
from vtm.sources.task_restoring import as_file, path_of
from vtm.stores.many_files import created


class FilesPlan(NamedTuple):
    """The files to be, by their names; nothing is written while there are problems.

    Attributes:
        there: Names of those that are there already, as they would be written.
    """

    declaring: Declaring
    files: dict[str, bytes]
    there: set[str]
    tasks: list[ConvertedTask]
    problems: list[Inconvertible]


def plan_files(app: App) -> FilesPlan:
    """What the entries of the manifest are as files.

    Raises:
        UnreadableError: There is no backlog, or a manifest whose text cannot be edited.
    """
    declaring = Declaring.read_beside_files(app)
    found = FilesPlan(declaring, {}, set(), [], [])
    entries = declaring.text.document["tasks"]
    names = _names(entries, app.settings.paths.tasks)
    in_order = names == sorted(names)
    declared = _paths_of_file_tasks(declaring)
    for at, (entry, name) in enumerate(zip(entries, names, strict=True)):
        given = entry.get("task_id") if isinstance(entry, dict) else None
        task_id = given if isinstance(given, str) else ""
        try:
            _refuse(task_id, twice=name in found.files or declared.get(task_id, name) != name)
            _add(app, found, entry, name, None if in_order else at)
        except NotConvertibleError as error:
            found.problems.append(Inconvertible(declaring.manifest.name, task_id, str(error)))
        else:
            found.tasks.append(ConvertedTask(task_id, declaring.manifest.name, name))
        declared[task_id] = name
    return found


def _paths_of_file_tasks(declaring: Declaring) -> dict[str, str]:
    backlog = declaring.backlog
    tasks = enumerate(backlog.manifest.tasks)
    return {each.task_id: backlog.at_position(at).path for at, each in tasks if isinstance(each, FileTask)}


def _refuse(task_id: str, *, twice: bool) -> None:
    """Let only an id pass.

    Raises:
        NotConvertibleError: It is none, or means two tasks.
    """
    if convert(task_id, TaskId) is None:
        raise NotConvertibleError("an entry has no id")
    if twice:
        raise NotConvertibleError("is declared twice")


def _add(app: App, found: FilesPlan, entry: dict[str, Any], name: str, position: int | None) -> None:
    """Add the file of an entry.

    Raises:
        NotConvertibleError: There can be none.
    """
    state = found.declaring.backlog.recorded.tasks.get(entry["task_id"], UNTOUCHED)
    data = as_file(entry, state, app.settings.paths.tasks, position)
    present = read_bytes(app.project.root / name, name)
    if present == data:
        found.there.add(name)
    elif not isinstance(present, Missing) or (app.project.root / name).is_symlink():
        raise NotConvertibleError(f"{name} exists")
    found.files[name] = data


def write_files(app: App, plan: FilesPlan, *, remove: bool) -> tuple[list[str], list[str]]:
    """Create the files, and empty the manifest's list if `remove` says so; what is written and removed.

    Raises:
        NotCreatedError: A file cannot be created; none is left.
        ConflictError: Somebody else changed a file meanwhile; nothing was changed.
        ExternalError: The system refuses; nothing was changed.
    """
    root, declaring = app.project.root, plan.declaring
    new = {name: data for name, data in plan.files.items() if name not in plan.there}
    with created(root, new):
        for name, data in plan.files.items():
            if read_bytes(root / name, name) != data:
                raise ConflictError(
                    f"{name} was changed by somebody else; nothing was written",
                    code="CHANGED-UNDERNEATH",
                    path=name,
                    fix="run it again",
                )
        if not remove:
            return list(new), []
        text = declaring.text.without_tasks(range(declaring.entry_count))
        changed = declaring.write(declaring.written_beside_its_head(text))
    return [*new, *changed], [declaring.manifest.name]


def _names(entries: list[object], folder: str) -> list[str]:
    """The file of each entry; names that differ in case only are one on some systems."""
    names: list[str] = []
    taken: set[str] = set()
    for entry in entries:
        known = isinstance(entry, dict) and isinstance(entry.get("task_id"), str)
        name = path_of(entry, folder) if known and isinstance(entry, dict) else ""
        if name.casefold() in taken and name not in names:
            name = any_file_of(folder, name.removesuffix(".md") + "*")
        taken.add(name.casefold())
        names.append(name)
    return names
