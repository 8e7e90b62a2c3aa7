"""Gives the tasks of the backlog to another tool."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from vtm.app.app import App
from vtm.app.exchange_files import format_of
from vtm.exchange.carried import Carried, is_default
from vtm.exchange.format import Format, WrongFormatError, gap_code, kept_key
from vtm.exchange.reading import File
from vtm.model.finding import Damage
from vtm.model.state import TaskState
from vtm.model.status import Status
from vtm.model.task import FileTask, Task
from vtm.sources.decoder import MalformedError, parse
from vtm.sources.files import read_bytes

_NOT_COMPARED = {
    *("acceptance_criteria", "est", "acs_completed", "acs_remaining"),  # `checks` and `size` say the same
    *("declared_status", "epoch", "last_event", "attempts"),  # how vtm got there, not where a task stands
}
_FIELDS = {*Task.__struct_fields__, *TaskState.__struct_fields__, "checks", "size"}
_COMPARED = sorted(_FIELDS - _NOT_COMPARED)


class Export(NamedTuple):
    """The files of an export.

    Attributes:
        tasks: How many are in them.
        left_out: What the format cannot hold as it is, and how many tasks have each.
        unreadable: Task files of which no task could be read, so that none is in the export.
    """

    form: Format
    files: Sequence[File]
    tasks: int
    left_out: dict[str, int]
    unreadable: Sequence[str]


class _Exported(NamedTuple):
    """A task on its way out, and names of what its file says that vtm does not read."""

    task: Carried
    unread: Collection[str] = ()


def export_tasks(app: App, name: str) -> Export:
    """All tasks with their states in the format of this name.

    Raises:
        WrongUsageError: There is no such format.
        UnreadableError: There is no backlog, or one of its files is damaged as a whole.
    """
    form = format_of(name)
    found = _tasks(app, name)
    tasks = [each.task for each in found]
    files = form.write(tasks)
    count = _left_out(form, tasks, files)
    count.update(name for each in found for name in each.unread)
    left_out = dict(sorted(count.items(), key=lambda item: (-item[1], item[0])))
    return Export(form, files, len(tasks), left_out, _unreadable(app))


def _unreadable(app: App) -> list[str]:
    """Paths of task files that something is wrong with and that no task was read from."""
    declared = app.opened.declared
    read = {app.settings.paths.manifest, *(each.path for each in declared.origins)}
    broken = {each.location.path: None for each in declared.defects if each.damage is not Damage.LENIENT}
    return [path for path in broken if path not in read]


def _tasks(app: App, name: str) -> list[_Exported]:
    backlog, gap, key = app.backlog, gap_code(name), kept_key(name)
    entries = _entries(app)
    found = []
    for task in backlog.tasks:
        status = backlog.status(task.task_id) or Status.PENDING
        state = replace(backlog.state_of(task), status=status)
        unread: Collection[str] = ()
        if isinstance(task, FileTask):
            state = replace(state, notes="\n".join(filter(None, (task.notes, state.notes))))
            entry, unread = _of_file(app, backlog.at(task).path, key)
        else:
            entry = entries.get(task.task_id, {})
        kept = entry.get(key)
        carried = Carried(task, state, kept if isinstance(kept, dict) else {}).without_gap(gap)
        found.append(_Exported(carried, unread))
    return found


def _entries(app: App) -> dict[str, dict[str, Any]]:
    """The entries of the manifest by id, as they are written; a repeated id means its first one."""
    name = app.settings.paths.manifest
    data = read_bytes(app.project.root / name, name)
    try:
        document = parse(data) if isinstance(data, bytes) else {}
    except MalformedError:
        return {}
    tasks = document.get("tasks") if isinstance(document, dict) else None
    entries = [
        each for each in tasks or () if isinstance(each, dict) and isinstance(each.get("task_id"), str)
    ]
    return {each["task_id"]: each for each in reversed(entries)}


def _of_file(app: App, name: str, key: str) -> tuple[dict[str, Any], Collection[str]]:
    """The entry that a task file makes, empty where it cannot be told; and names of what vtm does not read.

    `key` is of the entry, and holds what the format kept.
    """
    data = read_bytes(app.project.root / name, name)
    if not isinstance(data, bytes):
        return {}, ()
    from vtm.sources.task_places import NotConvertibleError  # noqa: PLC0415  ruamel.yaml: 60 ms
    from vtm.sources.task_to_entry import as_entry  # noqa: PLC0415  the same, only where there are files
    from vtm.sources.unread_places import unread  # noqa: PLC0415  the same

    try:
        return as_entry(name, data, app.settings.paths.tasks).entry, unread(data, {key})
    except NotConvertibleError:
        return {}, unread(data, ())


def _left_out(form: Format, tasks: Sequence[Carried], files: Sequence[File]) -> Counter[str]:
    """What is not the same in the tasks that `files` hold when they are read."""
    try:
        read = form.read(files).tasks if tasks else []
    except WrongFormatError:
        read = []
    by_id = {each.task.task_id: each for each in read}
    in_order = read if len(read) == len(tasks) else [None] * len(tasks)
    found = [by_id.get(task.task.task_id, other) for task, other in zip(tasks, in_order, strict=True)]
    names = {each.task.task_id: task.task.task_id for task, each in zip(tasks, found, strict=True) if each}
    count: Counter[str] = Counter()
    for task, each in zip(tasks, found, strict=True):
        count.update(_lost(task, each, names) if each else ["task_id"])
    return count


def _lost(task: Carried, again: Carried, names: Mapping[str, str]) -> list[str]:
    """Attributes that are not the same again; `names` are the ids of vtm by those that were written."""
    needed = tuple(names.get(each, each) for each in again.task.depends_on_tasks)
    again = again._replace(task=replace(again.task, depends_on_tasks=needed))
    said = ((name, task.value(name)) for name in _COMPARED)
    return [
        name for name, value in said if not is_default(name, value) and not _alike(value, again.value(name))
    ]


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same; of times, to the second."""
    if hasattr(one, "microsecond"):
        return bool(other) and one.replace(microsecond=0) == other
    return bool(one == other)
